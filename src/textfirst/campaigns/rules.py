"""What may be done to a campaign when, how far the pump may run ahead, and how counts add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from textfirst.campaigns.types import Counted, DryRun, Move, Progress, Start, State
from textfirst.contacts.types import Audience
from textfirst.core.errors import Conflict, InvalidInput
from textfirst.core.words import in_language, say
from textfirst.messages.rules.sending import EVENT_OVER
from textfirst.messages.rules.status import NEVER_LEFT, shown
from textfirst.messages.types import Shown, Status

# ---- states

MOVES: Mapping[Move, frozenset[State]] = {
    Move.EDIT: frozenset({State.DRAFT, State.SCHEDULED}),
    Move.START: frozenset({State.DRAFT, State.SCHEDULED}),
    Move.PAUSE: frozenset({State.SCHEDULED, State.PREPARING, State.RUNNING}),
    Move.RESUME: frozenset({State.PAUSED}),
    Move.CANCEL: frozenset({State.SCHEDULED, State.PREPARING, State.RUNNING, State.PAUSED}),
    Move.DELETE: frozenset({State.DRAFT, State.SCHEDULED}),
}
ALREADY: Mapping[Move, frozenset[State]] = {  # asked twice, done once
    Move.START: frozenset({State.PREPARING, State.RUNNING}),
    Move.PAUSE: frozenset({State.PAUSED}),
    Move.RESUME: frozenset({State.PREPARING, State.RUNNING}),
    Move.CANCEL: frozenset({State.CANCELLED}),
}
REFUSALS = {
    Move.EDIT: "This campaign has started and can no longer be changed. Make a copy of it.",
    Move.START: "This campaign cannot be started again. Make a copy of it.",
    Move.PAUSE: "There is nothing to pause: this campaign is not running.",
    Move.RESUME: "There is nothing to resume: this campaign is not paused.",
    Move.CANCEL: "There is nothing to cancel: this campaign has not started, or it is over.",
    Move.DELETE: "A campaign that has started is kept: it is the record of what was sent.",
}


def may(move: Move, state: State) -> bool:
    """Whether there is anything to do; False when it is done already. Raises Conflict (`campaign_state`) when it cannot be done."""
    if state in MOVES[move]:
        return True
    if state in ALREADY.get(move, ()):
        return False
    raise Conflict(REFUSALS[move], code="campaign_state")


# ---- audience and moment

WRONG_TIME = "Write the time with its zone, at most a year ahead."
GROUPS = ("lists", "segments", "contacts")
MOST_NAMED = 10_000  # contacts named one by one


def read_audience(given: Mapping[str, Any]) -> Audience:
    """The audience kept as JSON."""
    return Audience(bool(given.get("everyone")), *(tuple(UUID(id_) for id_ in given.get(group, ())) for group in GROUPS))


def write_audience(audience: Audience) -> dict[str, Any]:
    return {"everyone": audience.everyone, **{group: [str(id_) for id_ in getattr(audience, group)] for group in GROUPS}}


def check_audience(audience: Audience) -> None:
    """Raises InvalidInput for one that names nobody."""
    if audience.empty:
        sentence = "Choose who gets it: everyone, a list, a segment or contacts."
        raise InvalidInput(sentence, code="audience_empty", fields={"audience": sentence})


def check_event(anchor: datetime | None, at: datetime | None, now: datetime) -> None:
    """Raises InvalidInput (`event_over`) where an event will be over when its campaign leaves: nobody would get it."""
    if anchor is not None and anchor <= max(at or now, now):
        raise InvalidInput(EVENT_OVER, code="event_over", fields={"anchor": EVENT_OVER})


# ---- the pump

UNLIMITED_AHEAD = 10_000  # messages in a lane of a channel without limit: half a second of the fastest, so that it never waits for us
LEAST_AHEAD = 100
SECONDS_AHEAD = (
    10  # of the channel's rate, so that pause and cancel find little that is on its way, and the next campaign is not far behind
)


def most_ahead(rate: int) -> int:
    """How many messages may wait in a lane of a channel; `rate` in segments per second, 0 when the channel has no limit."""
    return max(LEAST_AHEAD, SECONDS_AHEAD * rate) if rate else UNLIMITED_AHEAD


def wait_for_room(rate: int, wanted: int) -> float:
    """Seconds until a full queue has room for `wanted` messages more, by the channel's rate; short when nobody can say."""
    return min(30.0, wanted / rate) if rate else 0.2  # a fifth of what may wait: looking costs a walk over all that does


# ---- counts

WAITING = frozenset({Status.DEFERRED, Status.QUEUED, Status.CLAIMED, Status.SUBMITTED})
NO_PROGRESS = {seen.word: 0 for seen in Shown if seen is not Shown.RECEIVED}


def progress(counted: Iterable[Counted], recipients: int, state: State) -> Progress:
    """Recipients by what is shown of them. One whose message is not made yet waits, or was cancelled with the campaign."""
    seen, reasons, segments, made = Counter(NO_PROGRESS), Counter[str](), 0, 0
    for row in counted:
        status = Status(row.status)
        seen[shown(status).word] += row.messages
        made += row.messages
        if row.reason:  # also why some wait
            reasons[row.reason.partition(":")[0]] += row.messages
        if status not in NEVER_LEFT:
            segments += row.segments
    rest = max(0, recipients - made)
    seen[Shown.NOT_SENT.word if state is State.CANCELLED else Shown.WAITING.word] += rest
    if rest and state is State.CANCELLED:
        reasons["cancelled"] += rest
    return Progress(dict(seen), {code: count for code, count in reasons.most_common() if count > 0}, segments)


def still_waiting(counted: Iterable[Counted]) -> int:
    """Messages of which nobody has heard since they were made."""
    return sum(row.messages for row in counted if row.status in WAITING)


# ---- dry runs

MOST_STARTS = 100  # moments told apart; beyond, by the hour
FEW_STARTS = 3  # in a sentence
NEAR = timedelta(hours=20)  # so that an hour alone names one moment

NOW, AT_LOCAL, ON_LOCAL, FROM, LATER, NOT = (
    "{count} now", "{count} at {time} their time", "{count} on {date} at {time} their time", "{count} from {date} {time} UTC", "{count} later", "{count} not: {why}",
)  # fmt: skip
SHORT: Mapping[str, str] = {  # a reason after its number; what is not here is told by its whole sentence
    "stopped": "{count} stopped",
    "stopped_purpose": "{count} stopped this kind",
    "blocked": "{count} blocked",
    "reassigned": "{count} with a number that changed hands",
    "held": "{count} may want to stop",
    "country_not_served": "{count} in other countries",
    "dnc_listed": "{count} on a do-not-call list",
    "no_permission": "{count} no consent",
    "permission_unproven": "{count} consent unproven",
    "permission_too_weak": "{count} consent not enough there",
    "permission_expired": "{count} consent expired",
    "expired": "{count} too late",
    "past_validity": "{count} too late",
    "plan_says_no": "{count} not by text",
    "capped": "{count} capped",
    "own_cap": "{count} at their own limit",
    "law_cap": "{count} at a legal limit",
    "gave_way": "{count} gave way to something more urgent",
    "no_common_hour": "{count} without a common hour",
    "zone_unknown": "{count} without a clock to go by",
    "no_number": "{count} without a number",
    "too_long": "{count} too long",
    "empty": "{count} empty",
    "text_failed": "{count} whose text fails",
}
OTHER = "{count} for another reason"


def starts(found: DryRun) -> list[tuple[Start, int]]:
    """When people would begin to be texted, in order; very many moments are put together by the hour."""
    if len(found.later) <= MOST_STARTS:
        return sorted(found.later.items(), key=_by_moment)
    hours: Counter[Start] = Counter()
    for start, many in found.later.items():
        hours[Start(start.at.replace(minute=0, second=0, microsecond=0), start.reason, "")] += many
    return sorted(hours.items(), key=_by_moment)


def told(found: DryRun, language: str) -> str:
    """12,401 now, 320 at 09:00 their time, 98 not: 61 no consent, 30 stopped, 7 capped"""
    begin = [(_start(start, found.at), many) for start, many in starts(found)]
    alike: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
    for (template, facts), many in begin:
        alike[(template, facts)] += many
    shown = alike.most_common(FEW_STARTS)
    rest = sum(alike.values()) - sum(many for _, many in shown)
    parts = [_say(NOW, found.now, language), *(_say(template, many, language, **dict(facts)) for (template, facts), many in shown)]
    parts += [_say(LATER, rest, language)] if rest else []
    if found.refused:
        why = _joined([_say(SHORT.get(code, OTHER), many, language) for code, many in found.refused.most_common()], language)
        parts.append(_say(NOT, found.refused.total(), language, why=why))
    return _joined(parts, language)


def _by_moment(one: tuple[Start, int]) -> tuple[datetime, str, str]:
    return one[0].at, one[0].reason, one[0].local


def _start(start: Start, now: datetime) -> tuple[str, tuple[tuple[str, str], ...]]:
    """How a start is said: near ones by the clock alone."""
    date, _, time = (start.local or f"{start.at:%Y-%m-%dT%H:%M}").partition("T")
    if not start.local:
        return FROM, (("date", date), ("time", time))
    return (AT_LOCAL, (("time", time),)) if start.at - now < NEAR else (ON_LOCAL, (("date", date), ("time", time)))


def _say(template: str, count: int, language: str, **facts: str) -> str:
    return in_language(say(template, count=f"{count:,}", **facts), language)


def _joined(parts: Iterable[str], language: str) -> str:
    return ("\u060c " if language.startswith("ar") else ", ").join(parts)
