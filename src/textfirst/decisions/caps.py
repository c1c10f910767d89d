"""How often one person is written to, by all channels together (S106, S122, X8), and what gives way to what (X5). Pure.

Theory of operation. What is known is when earlier messages were made, not when each left: of those made lately some still wait for the very
room that is asked for here. So each of them is given the moment at which the caps let it leave, first come first served, and the next one is
fitted in behind. A capped message waits; nothing is dropped. (The velocity fuse of `messages` is another thing: it stops what runs wild.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from textfirst.core.purposes import Purpose
from textfirst.decisions.packs.zones import zone
from textfirst.decisions.policy import Cap, Caps
from textfirst.decisions.types import Because, Code, Decision

DAY: Final = 24 * 60  # minutes
WEEK: Final = 7  # days of a person's own cap
WAITS: Final = 3 * DAY  # what was made longer ago than this does not wait any more: its time has run out
WAITS_FOR_ROOM: Final = "w"  # behind the purpose of what does
MARKETING: Final = frozenset({Purpose.PROMOTION, Purpose.GREETING})
COUNTS: Final = MARKETING | {Purpose.FEEDBACK}  # what `Caps.across` counts together
GIVES_WAY: Final = frozenset({Purpose.FEEDBACK, Purpose.REMINDER, Purpose.APPOINTMENT, Purpose.NOTICE, Purpose.CODE, Purpose.URGENT})
AT_A_MOMENT: Final = 4  # transactions that may count for one person at the same moment: the two commits of a front, and requests of people
SERVICES: Final = frozenset({Purpose.REMINDER, Purpose.APPOINTMENT, Purpose.NOTICE})  # what a law's limit for services counts
CAPPED: Final = COUNTS | SERVICES


_COUNTED: Final = frozenset(
    {Code.CAPPED, Code.OWN_CAP, Code.LAW_CAP, Code.COUNTED, Code.COUNTED_OWN, Code.COUNTED_LAW}
)  # facts: how many, of how many


class Sent(NamedTuple):
    """A message that counts, in whole minutes since 1970."""

    minute: int
    purpose: int
    waits: bool = False  # for room


class Limit(NamedTuple):
    """At most so many within so many days, by a rule of a pack."""

    texts: int
    days: int
    rule: str
    version: int


class Bound(NamedTuple):
    """One cap that holds for what is asked: whom it counts, how many within how many days, and how it is told.

    `code` is the headline when it makes somebody wait, `counted` the reason when it does not; both have `facts` after the count.
    """

    purposes: frozenset[int]
    texts: int
    days: int
    code: Code
    counted: Code
    facts: tuple[int | str, ...]


class Room(NamedTuple):
    """The first minute at which every cap has room (None: a cap of nothing never has), what made it wait, and what was counted."""

    minute: int | None
    waits: tuple[Because, ...]
    counted: tuple[Because, ...]


def read_sent(text: str) -> list[Sent]:
    """The column `sent`, oldest first."""
    words = (word.partition(".") for word in text.split())
    return [Sent(int(minute), int(purpose.removesuffix(WAITS_FOR_ROOM)), purpose.endswith(WAITS_FOR_ROOM)) for minute, _, purpose in words]


def give_way_to_newer(sent: Sequence[Sent]) -> list[Sent]:
    """What was sent without the promotions that wait for room: where the workspace says so, a newer one takes their place."""
    return [each for each in sent if not (each.waits and each.purpose == Purpose.PROMOTION)]


def ahead_of(one: Sent, sent: Sequence[Sent]) -> list[Sent]:
    """What stands before a message in the line in which it stands itself; it is taken for the last of its minute."""
    ahead = [each for each in sent if each.minute <= one.minute]
    own = [place for place, each in enumerate(ahead) if each[:2] == one[:2]]
    return ahead[: own[-1]] + ahead[own[-1] + 1 :] if own else ahead


def minute_of(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def moment_of(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC)


def bounds(purpose: Purpose, caps: Caps, limits: Iterable[Limit]) -> list[Bound]:
    """Every cap that holds for a message of this purpose but the person's own: the law's before the workspace's."""
    if purpose not in CAPPED:
        return []
    found = [
        Bound(
            MARKETING if purpose in MARKETING else SERVICES,
            one.texts,
            one.days,
            Code.LAW_CAP,
            Code.COUNTED_LAW,
            (one.texts, one.days, one.rule, one.version),
        )
        for one in limits
    ]
    alone: tuple[Cap, ...] = getattr(caps, purpose.word)
    found += [_bound(frozenset({purpose}), cap, purpose) for cap in alone]
    return found + [_bound(COUNTS, cap, 0) for cap in caps.across] if purpose in COUNTS else found


def own_bound(texts: int) -> Bound:
    """The cap a person set for marketing (X8)."""
    return Bound(MARKETING, texts, WEEK, Code.OWN_CAP, Code.COUNTED_OWN, (texts, WEEK))


def _bound(purposes: frozenset[int], cap: Cap, told: int) -> Bound:
    return Bound(purposes, cap.texts, cap.days, Code.CAPPED, Code.COUNTED, (cap.texts, cap.days, told))


def room(holding: Iterable[Bound], sent: Sequence[Sent], minute: int, now: int) -> Room:
    """When the caps let another message leave, not before `minute`; `now` tells what may still be waiting."""
    latest: int | None = minute
    waits: list[Because] = []
    counted: list[Because] = []
    for one in holding:
        span = one.days * DAY
        times = _leaving([each.minute for each in sent if each.purpose in one.purposes], one.texts, span, now)
        facts = (sum(1 for time in times if time > minute - span), *one.facts)
        if len(times) < one.texts or (one.texts > 0 and times[-one.texts] + span <= minute):
            counted.append(Because(one.counted, facts))
            continue
        waits.append(Because(one.code, facts))
        latest = None if latest is None or one.texts <= 0 else max(latest, times[-one.texts] + span)
    return Room(latest, tuple(waits), tuple(counted))


def is_near(decision: Decision) -> bool:
    """Whether others who decide about the same person at this moment could take the room that this answer found, or its place in the line: one such
    message from each of `AT_A_MOMENT` would not fit. Then they take turns (`sql/take_turns.sql`).
    """
    return any(one.code in _COUNTED and int(one.facts[1]) - int(one.facts[0]) < AT_A_MOMENT for one in decision.reasons)


def scarce(purpose: Purpose, caps: Caps) -> bool:
    """Whether everybody is near a cap of the workspace's (`is_near`), also those to whom nothing was sent."""
    return any(one.texts < AT_A_MOMENT for one in bounds(purpose, caps, ()))


def counted_none(holding: Iterable[Bound]) -> tuple[Because, ...]:
    """What `room` says of somebody to whom nothing was sent."""
    return tuple(Because(one.counted, (0, *one.facts)) for one in holding)


def _leaving(made: Sequence[int], texts: int, span: int, now: int) -> list[int]:
    """When each leaves, or left: of those that may still wait, one after another as the cap has room."""
    if not made or made[-1] <= now - WAITS or texts <= 0:
        return list(made)
    times: list[int] = []
    for number, minute in enumerate(made):
        waits = number >= texts and minute > now - WAITS
        times.append(max(minute, times[number - texts] + span) if waits else minute)
    return times


def given_way(sent: Sequence[Sent], minute: int, zones: Sequence[str]) -> int | None:
    """The end of the day, by every clock, on which a greeting gives way to something that matters more; None when nothing is in its way (X5)."""
    theirs = [one.minute for one in sent if one.purpose in GIVES_WAY]
    if not zones:
        return theirs[-1] + DAY if theirs and theirs[-1] + DAY > minute else None
    days = [_day(minute, name) for name in zones]
    taken = [end for start, end in days if any(start <= one < end for one in theirs)]
    return max(taken, default=None)


def _day(minute: int, name: str) -> tuple[int, int]:
    """The local day of that minute: its first minute, and the next day's."""
    local = moment_of(minute).astimezone(zone(name)).replace(hour=0, minute=0, fold=0)
    return minute_of(local), minute_of(local + timedelta(days=1))
