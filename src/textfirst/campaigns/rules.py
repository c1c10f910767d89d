"""What may be done to a campaign when, how far the pump may run ahead, and how counts add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from textfirst.campaigns.types import Counted, Move, Progress, State
from textfirst.contacts.types import Audience
from textfirst.core.errors import Conflict, InvalidInput
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


# ---- audience

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
    return min(30.0, wanted / rate) if rate else 0.05


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
        if row.reason and status not in WAITING:
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
