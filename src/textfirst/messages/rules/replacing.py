"""A newer promotion takes the place of older ones that wait for room, where the workspace says so: what is written of those. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from textfirst.core.ids import earliest_id, new_id, new_ids
from textfirst.decisions.caps import DAY, WAITS, minute_of
from textfirst.decisions.record import Records
from textfirst.decisions.types import Because, Code, Decision, Stamp, Verdict
from textfirst.messages.types import Status

LONGEST_WAIT: Final = timedelta(days=WAITS // DAY)


class Replaced(NamedTuple):
    """A message that gave way, as it was; a row of `sql/replace.sql`."""

    id: UUID
    consent_entry_id: UUID | None
    campaign_id: UUID | None
    status: int
    reason: str | None
    segments: int


def replace_params(contact_ids: Collection[UUID], now: datetime) -> dict[str, Any]:
    """Of `sql/replace.sql`, but the workspace."""
    return {"contact_ids": list(contact_ids), "since": earliest_id(now - LONGEST_WAIT), "now": now}


def later_params(records: Records, gone: Sequence[Replaced], now: datetime) -> dict[str, Any]:
    """Of `decisions/sql/later.sql`, but the workspace: why each did not leave. `records` then has the answer to keep."""
    kept = records.of(Decision(Verdict.BLOCK, Stamp(0, 0), (Because(Code.REPLACED, (minute_of(now),)),)))
    return {
        "ids": new_ids(len(gone)), "message_ids": [one.id for one in gone], "decision_ids": [kept] * len(gone),
        "consent_entry_ids": [one.consent_entry_id for one in gone],
    }  # fmt: skip


def tally_params(gone: Iterable[Replaced]) -> Mapping[str, list[Any]] | None:
    """Of `campaigns/sql/tally.sql`, but the workspace: what their campaigns counted before and count now. None: they are of no campaign."""
    moved: Counter[tuple[UUID, int, str | None]] = Counter()
    segments: Counter[tuple[UUID, int, str | None]] = Counter()
    for one in gone:
        if one.campaign_id is not None:
            for sign, status, reason in ((-1, one.status, one.reason), (1, int(Status.SUPPRESSED), Code.REPLACED.word)):
                moved[one.campaign_id, status, reason] += sign
                segments[one.campaign_id, status, reason] += sign * one.segments
    if not moved:
        return None
    return {
        "ids": [new_id() for _ in moved], "campaign_ids": [key[0] for key in moved], "statuses": [key[1] for key in moved],
        "reasons": [key[2] for key in moved], "messages": [moved[key] for key in moved], "segments": [segments[key] for key in moved],
    }  # fmt: skip
