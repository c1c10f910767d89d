"""A decision as it is kept: codes and numbers, shared by all who got the same answer in a month. Words are made of it when it is read.

A body is a JSON array without spaces: `[format, verdict, until, send_by, [code, fact…]…]`, moments in whole minutes since 1970 (or null), reasons
with the headline first. What differs from person to person without being part of the answer is not in it: neither the stamp nor the sender's own
bounds. A later version may add codes and facts; both are read as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

import orjson

from textfirst.decisions.types import Because, Code, Decision, Stamp, Verdict

FORMAT: Final = 1
CLOCK: Final = ("rule", "version", "zone")
PERMISSION: Final = ("kind", "rule", "version")
TOPIC: Final = ("rule", "version", "topic")
COUNT: Final = ("count", "texts", "days")

FIELDS: Final[Mapping[Code, tuple[str, ...]]] = {
    Code.STOPPED_PURPOSE: ("purpose",),
    Code.REASSIGNED: ("day",),
    Code.COUNTRY_NOT_SERVED: ("countries",),
    Code.PERMISSION_TOO_WEAK: PERMISSION,
    Code.PERMISSION_EXPIRED: ("kind", "day"),
    Code.PLAN_SAYS_NO: ("channel",),
    Code.CAPPED: (*COUNT, "purpose"),
    Code.OWN_CAP: COUNT,
    Code.LAW_CAP: (*COUNT, "rule", "version"),
    Code.SCHEDULED: ("minute",),
    Code.REPLACED: ("minute",),
    Code.REPLACES: ("count",),
    Code.TOPIC_UNANSWERED: TOPIC,
    **{code: CLOCK for code in Code if Code.WITHIN_HOURS <= code <= Code.STAFF_HOURS},
    Code.MOVED_BEFORE: ("minute",),
    Code.ANCHORED: ("minute",),
    Code.PERMISSION: PERMISSION,
    Code.TOPIC_ANSWERED: TOPIC,
    Code.COUNTED: (*COUNT, "purpose"),
    Code.COUNTED_OWN: COUNT,
    Code.COUNTED_LAW: (*COUNT, "rule", "version"),
    Code.PLAN_STEP: ("step", "channel"),
    Code.PREFERRED: ("channel",),
    Code.BY_AGE: ("channel", "group"),
    Code.URGENCY_OVERRIDES: ("wish", "channel"),
    Code.NOT_CONNECTED: ("channel",),
    Code.PREFERENCE_NOT_IN_PLAN: ("channel",),
}  # the names of a reason's facts, in order; of CLOCKS each fact is a zone; the others have none


def encode(decision: Decision) -> str:
    """The body; equal for equal answers, whoever they are about."""
    reasons = [_short(one) for one in decision.reasons]
    return orjson.dumps([FORMAT, decision.verdict, _minute(decision.until), _minute(decision.send_by), *reasons]).decode()


def decode(body: str) -> Decision:
    """The decision in a body, also of a later version; its stamp, and where its hours end, are not kept."""
    _, verdict, until, send_by, *reasons = orjson.loads(body)
    return Decision(
        Verdict(verdict),
        Stamp(0, 0),
        tuple(_whole(code, facts) for code, *facts in reasons),
        _moment(until),
        _moment(send_by),
    )


class Wishes(NamedTuple):
    """What somebody asked for of a message's moment: not before, and the event that it is about."""

    planned: datetime | None = None
    anchor: datetime | None = None


@lru_cache(maxsize=4096)
def wishes_of(body: str | None) -> Wishes:
    """What the first decision about a message keeps of how it was asked for, so that it is asked again alike. Nothing where none was kept."""
    said = {one.code: one.facts[0] for one in decode(body).reasons if one.facts} if body else {}
    planned, anchor = (said.get(code) for code in (Code.SCHEDULED, Code.ANCHORED))
    return Wishes(*(None if minute is None else _moment(int(minute)) for minute in (planned, anchor)))


def decision_id(workspace_id: UUID, body: str, at: datetime) -> UUID:
    """The id under which a body is kept in the month of `at`: a UUIDv7 of its first millisecond, with a hash where others have chance."""
    month = at.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    digest = int.from_bytes(hashlib.blake2b(body.encode(), key=workspace_id.bytes, digest_size=16).digest())
    chance = (digest >> 64 & 0xFFF) << 64 | digest & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=int(month.timestamp() * 1000) << 80 | 7 << 76 | 2 << 62 | chance)


class Records:
    """The rows of many decisions of one workspace at one moment; each distinct one is made once."""

    def __init__(self, workspace_id: UUID, at: datetime) -> None:
        self.rows: dict[UUID, str] = {}  # what to insert, unless it is there
        self._workspace_id = workspace_id
        self._at = at
        self._ids: dict[tuple[object, ...], UUID] = {}

    def of(self, decision: Decision) -> UUID:
        """The id to keep with the message."""
        answer = (decision.verdict, decision.reasons, decision.until, decision.send_by)
        found = self._ids.get(answer)
        if found is None:
            body = encode(decision)
            found = self._ids[answer] = decision_id(self._workspace_id, body, self._at)
            self.rows[found] = body
        return found


USUAL: Final[Mapping[str, int | str]] = {
    "rule": "",
    "version": 0,
    "zone": "",
    "countries": "",
    "purpose": 0,
}  # left out at the end of a reason


def _short(because: Because) -> list[int | str]:
    """A reason without what is usual at its end."""
    names, facts = _names(because.code), list(because.facts)
    while facts and len(facts) <= len(names) and USUAL.get(names[len(facts) - 1]) == facts[-1]:
        facts.pop()
    return [because.code, *facts]


def _whole(code: int, facts: list[int | str]) -> Because:
    """A reason with what was left out."""
    for name in _names(code)[len(facts) :]:
        if name not in USUAL:
            break
        facts.append(USUAL[name])
    return Because(code, tuple(facts))


def _names(code: int) -> tuple[str, ...]:
    """Of its facts; none for a code of a later version."""
    return FIELDS.get(code, ())  # type: ignore[call-overload, no-any-return]  # an IntEnum is found by its number


def _minute(moment: datetime | None) -> int | None:
    """Begun ones count: nothing is told to be later than it is."""
    return None if moment is None else int(moment.timestamp() // 60)


def _moment(minute: int | None) -> datetime | None:
    return None if minute is None else datetime.fromtimestamp(minute * 60, UTC)
