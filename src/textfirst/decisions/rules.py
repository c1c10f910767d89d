"""May we reach this person, for this purpose, when, and by what? Values in, a decision out.

Theory of operation. `decide` asks in the order of `docs/explain/decisions.md`, strictest first. What shuts a person out altogether ends it.
Otherwise the first moment is looked for at which hours and caps agree: each only ever moves it later (but for what is tied to an event, X1),
so a few turns settle it. Then that moment is held against what the sender and the permission still allow. For marketing, whatever is not
known shuts or narrows; a service goes on. Every reason is kept, also of what is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from textfirst.consent.types import Kind as Permission
from textfirst.core.addresses import TEL
from textfirst.core.purposes import Purpose
from textfirst.decisions import caps, hours
from textfirst.decisions.lawbook import Lawbook, Where, lawbook
from textfirst.decisions.policy import DEFAULT, Policy
from textfirst.decisions.types import WHO, Asked, Because, Code, Decision, Facts, Stamp, Topic, Verdict

SOMEBODY: Sequence[Any] = Facts(UUID(int=0), UUID(int=0), "tel", "", None, None, 0, 0)[
    :WHO
]  # `decide` never looks at them, and a test sees to it
OWN_PERMISSIONS: Final = frozenset({Permission.EXPRESS, Permission.EXPRESS_WRITTEN, Permission.DOUBLE_OPT_IN})  # given to us by the person
HOURS_CHOSEN: Final = frozenset({Purpose.REMINDER, Purpose.APPOINTMENT})
DOUBTS: Final = frozenset({Code.COUNTRY_UNKNOWN, Code.REGION_UNKNOWN, Code.ZONE_INVALID})
MOST_TURNS: Final = 100  # of looking for a moment: more than there are messages to give way to
EPOCH: Final = date(1970, 1, 1).toordinal()


def decide(facts: Facts, asked: Asked, policy: Policy = DEFAULT, book: Lawbook | None = None) -> Decision:
    """Whether a message may leave, when, and why.

    A stopped contact cannot be texted by anyone, whatever the purpose (O1, O2); the one confirmation of a stop (O3) is not decided
    here: the intake that commits the stop writes it.
    """
    book = book or lawbook()
    stamp = Stamp(facts.identity_version, facts.workspace_version)
    where = book.where(asked.purpose, asked.kind, facts, policy)
    shut = (
        _person(facts, asked.purpose, where)
        or (_permission(facts, asked, where) if where.marketing else None)
        or _topic(asked, where, policy)
    )
    if shut is not None:
        return Decision(Verdict.BLOCK, stamp, (shut,))
    last = _last(asked)
    if last is not None and asked.now >= last:
        return Decision(Verdict.BLOCK, stamp, (Because(Code.EXPIRED),))
    choice = where.choice(facts, asked.connected)
    if asked.kind not in where.plan.kinds or choice.kind is None:
        return Decision(Verdict.BLOCK, stamp, (Because(Code.PLAN_SAYS_NO, (int(asked.kind),)), *choice.reasons))
    return _at(_when(facts, asked, where, book), facts, asked, where, choice.reasons)


# ── whether at all ─────────────────────────────────────────────────────────────────────────────────────────


def _person(facts: Facts, purpose: Purpose, where: Where) -> Because | None:
    if facts.stopped & 1:
        return Because(Code.STOPPED)
    if facts.stopped >> purpose & 1:
        return Because(Code.STOPPED_PURPOSE, (int(purpose),))
    if facts.blocked:
        return Because(Code.BLOCKED)
    if facts.reassigned_on is not None:
        return Because(Code.REASSIGNED, (facts.reassigned_on.toordinal() - EPOCH,))
    if where.marketing and facts.held:
        return Because(Code.HELD)
    return None if where.served else Because(Code.COUNTRY_NOT_SERVED, (" ".join(sorted(where.countries)),))


def _permission(facts: Facts, asked: Asked, where: Where) -> Because | None:
    """What is wrong with the permission that marketing needs (C4, U1, P6); None when nothing is."""
    kind, until = _permitted(facts, asked.purpose)
    own = kind in OWN_PERMISSIONS and (until is None or until > asked.now)
    if facts.dnc_listed and (not own or where.register_is_final):
        return Because(Code.DNC_LISTED)
    if not kind:
        return Because(Code.NO_PERMISSION)
    if kind == Permission.LEGACY_UNPROVEN:
        return Because(Code.PERMISSION_UNPROVEN)
    if (weak := where.refuses(kind)) is not None:
        return weak
    return _expired(kind, until) if until is not None and until <= asked.now else None


def _topic(asked: Asked, where: Where, policy: Policy) -> Because | None:
    """The first thing its text speaks of, where this person is, for which nobody answers (P5)."""
    return next(
        (
            _because(Code.TOPIC_UNANSWERED, one, where)
            for one in asked.topics
            if one.rule in where.topics and one.key not in policy.answers_for
        ),
        None,
    )


def _answered(asked: Asked, where: Where) -> tuple[Because, ...]:
    """What somebody answers for, once nothing is open."""
    return tuple(_because(Code.TOPIC_ANSWERED, one, where) for one in asked.topics if one.rule in where.topics)


def _because(code: Code, topic: Topic, where: Where) -> Because:
    return Because(code, (topic.rule, where.topics[topic.rule], topic.name))


def _permitted(facts: Facts, purpose: Purpose) -> tuple[int | None, datetime | None]:
    if purpose is Purpose.GREETING:
        return facts.greeting_kind, facts.greeting_until
    return facts.promotion_kind, facts.promotion_until


def _expired(kind: int, until: datetime) -> Because:
    return Because(Code.PERMISSION_EXPIRED, (kind, until.toordinal() - EPOCH))


# ── when ───────────────────────────────────────────────────────────────────────────────────────────────────


class Line(NamedTuple):
    """The caps that hold, what was sent before this, and how many of those that wait for room this one replaces."""

    caps: Sequence[caps.Bound]
    sent: Sequence[caps.Sent]
    replaced: int = 0


class When(NamedTuple):
    """The first moment at which everything agrees (None: there is none), by what it was moved, and what holds at it."""

    moment: datetime | None
    moved: tuple[Because, ...]
    reasons: tuple[Because, ...]
    window: hours.Answer | None = None


def _last(asked: Asked) -> datetime | None:
    """From when on it is worth nothing: what is tied to an event, from the event on."""
    if asked.anchor is None:
        return asked.not_after
    return asked.anchor if asked.not_after is None else min(asked.anchor, asked.not_after)


def _when(facts: Facts, asked: Asked, where: Where, book: Lawbook) -> When:
    question, why = _hours(facts, asked, where)
    moment = asked.now if asked.not_before is None else max(asked.now, asked.not_before)
    moved: list[Because] = []
    if question is not None and asked.anchor is not None:
        earlier = _before(question, asked, moment, book.windows)
        if earlier is not None:
            moved.append(Because(Code.MOVED_BEFORE, (caps.minute_of(moment),)))
            moment = earlier
    line = _line(facts, asked, where)
    for _ in range(MOST_TURNS):
        window = book.windows.at(question, moment) if question is not None else None
        if window is not None and window.opening is hours.Opening.NEVER:
            return When(None, (*moved, *window.because), where.clocks)
        if window is not None and window.not_before is not None:
            moved += _no_first(window.because, again=bool(moved))
            moment = window.not_before
            continue
        room = None if line is None else _room(line, asked, where, moment)
        if room is None or not room.waits:
            counted = where.idle if room is None else room.counted
            if line is not None and line.replaced:
                counted = (*counted, Because(Code.REPLACES, (line.replaced,)))
            return When(moment, tuple(moved), (*(why if window is None else window.because), *where.clocks, *counted), window)
        moved += room.waits
        if room.minute is None:
            break
        moment = caps.moment_of(room.minute)
    return When(None, tuple(moved), where.clocks)


def _hours(facts: Facts, asked: Asked, where: Where) -> tuple[hours.Asked | None, tuple[Because, ...]]:
    """The question to ask about hours, or why none is asked."""
    if where.question is None:
        return None, (Because(Code.NO_HOURS_NEEDED),)
    if where.marketing and facts.any_hour:
        return None, (Because(Code.ANY_HOUR),)
    if asked.hour_chosen and asked.purpose in HOURS_CHOSEN:
        return None, (Because(Code.HOUR_CHOSEN),)
    return where.question, ()


def _before(question: hours.Asked, asked: Asked, planned: datetime, windows: hours.Windows) -> datetime | None:
    """X1: where the planned moment is shut, and it does not open again before the event, the last allowed minute before it, less what the batch
    takes to leave; None when the plan stands, or when that minute has passed.
    """
    window = windows.at(question, planned)
    opens = window.not_before
    if window.opening is hours.Opening.OPEN or (opens is not None and asked.anchor is not None and opens < asked.anchor):
        return None
    last = windows.last_before(question, planned)
    if last is None or last < asked.now:
        return None
    early = max(last - asked.drain, asked.now)
    return early if windows.at(question, early).opening is hours.Opening.OPEN else last


def _line(facts: Facts, asked: Asked, where: Where) -> Line | None:
    """None where there is nothing to count. What is made later, or made already, replaces nothing."""
    own = facts.own_cap if where.marketing else None
    if own is None and (not facts.sent or asked.purpose not in caps.CAPPED):
        return None
    sent = caps.read_sent(facts.sent)
    replaced = 0
    if where.newest and asked.made is None and (asked.not_before is None or asked.not_before <= asked.now):
        left = caps.give_way_to_newer(sent)
        sent, replaced = left, len(sent) - len(left)
    if asked.made is not None:
        sent = caps.ahead_of(caps.Sent(caps.minute_of(asked.made), asked.purpose), sent)
    return Line(where.caps if own is None else (caps.own_bound(own), *where.caps), sent, replaced)


def _room(line: Line, asked: Asked, where: Where, moment: datetime) -> caps.Room:
    """What the caps say at a moment, and of a greeting, what it gives way to."""
    minute = caps.minute_of(moment)
    found = caps.room(line.caps, line.sent, minute, caps.minute_of(asked.now))
    if asked.purpose is not Purpose.GREETING:
        return found
    free = caps.given_way(line.sent, minute, where.question.zones if where.question is not None else ())
    if free is None:
        return found
    later = None if found.minute is None else max(found.minute, free)
    return found._replace(minute=later, waits=(Because(Code.GAVE_WAY), *found.waits))


def _no_first(because: tuple[Because, ...], *, again: bool) -> tuple[Because, ...]:
    """What shuts the window before what is merely in doubt. Once something else has moved the moment, by whose clock is left out: it is told of the
    moment that was asked for.
    """
    found = tuple(sorted(because, key=lambda one: one.code in DOUBTS))
    return tuple(one._replace(facts=one.facts[:2]) for one in found) if again else found


# ── the answer ─────────────────────────────────────────────────────────────────────────────────────────────


def _at(when: When, facts: Facts, asked: Asked, where: Where, channel: tuple[Because, ...]) -> Decision:
    """The decision that a moment makes."""
    stamp = Stamp(facts.identity_version, facts.workspace_version)
    kind, until = _permitted(facts, asked.purpose) if where.marketing else (None, None)
    tied = () if asked.anchor is None else (Because(Code.ANCHORED, (caps.minute_of(asked.anchor),)),)
    rest = where.grounds(kind, facts.dnc_listed) + _answered(asked, where) + when.reasons + tied + channel
    moment, last = when.moment, _last(asked)
    if moment is None:
        return Decision(Verdict.BLOCK, stamp, when.moved + rest)
    if last is not None and moment >= last:
        return Decision(Verdict.BLOCK, stamp, _too_late(when.moved) + rest)
    if until is not None and until <= moment:
        return Decision(Verdict.BLOCK, stamp, (_expired(kind or 0, until), *when.moved, *rest))
    send_by, not_after = (when.window.send_by, when.window.not_after) if when.window is not None else (None, None)
    if until is not None and (send_by is None or until < send_by):
        send_by = until
    if moment <= asked.now:
        return Decision(Verdict.ALLOW, stamp, when.moved + rest, None, send_by, not_after)
    planned = (Because(Code.SCHEDULED, (caps.minute_of(asked.not_before),)),) if asked.not_before and asked.not_before > asked.now else ()
    return Decision(Verdict.DEFER, stamp, when.moved + planned + rest, moment, send_by, not_after)


def _too_late(moved: tuple[Because, ...]) -> tuple[Because, ...]:
    """A cap is the headline itself; of hours it is said that they open too late."""
    if not moved:
        return (Because(Code.EXPIRED),)
    return moved if moved[0].code < hours.DECISION_CODES else (Because(Code.PAST_VALIDITY, ("", 0, "")), *moved)


# ── many, and rows ─────────────────────────────────────────────────────────────────────────────────────────


class Verdicts(dict[tuple[Any, ...], Decision]):
    """`decide` for thousands at one moment: looked up by what a row of `sql/facts.sql` says beyond who it is (`row[WHO:]`), decided once for each such answer.

    `version` is the workspace's when `policy` was read: no answer is stamped as newer.
    """

    def __init__(self, asked: Asked, policy: Policy = DEFAULT, book: Lawbook | None = None, *, version: int | None = None) -> None:
        super().__init__()
        self._given = (asked, policy, book or lawbook())
        self._version = version
        self._alike: dict[Decision, Decision] = {}  # one object for all that are equal, so that what is made of it is made once, too

    def __missing__(self, known: tuple[Any, ...]) -> Decision:
        facts = Facts(*SOMEBODY, *known)
        if self._version is not None and facts.workspace_version > self._version:
            facts = facts._replace(workspace_version=self._version)
        decision = decide(facts, *self._given)
        self[known] = self._alike.setdefault(decision, decision)
        return self[known]


def facts_of(row: Sequence[Any]) -> Facts:
    """A row of `sql/facts.sql`."""
    return Facts(*row)


def newcomer(identity_id: UUID, contact_id: UUID, address: str, *, version: int) -> Facts:
    """What `sql/facts.sql` would say of somebody just made, about whose number nothing stands; `version` is the workspace's."""
    return Facts(identity_id, contact_id, TEL, address, None, None, 1, version, prefix=address[:5])


def facts_by_identity(rows: Iterable[Sequence[Any]]) -> dict[UUID, Facts]:
    """The rows of `sql/facts.sql` by identity; an identity that is gone is not in it."""
    return {row[0]: Facts(*row) for row in rows}
