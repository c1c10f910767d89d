"""Recording: what the carrier said is stored first of all, in batches, before anything else is made of it.

The recorder is the one reader of a line. Answers go before arrivals, so that a receipt nearly always finds its message; a
receipt that truly came too early waits in the store as an orphan and is adopted here, with the answer it waited for.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from textfirst.channels.contract import Accepted, Answer, Arrival, Line, NoAnswer, Outbound, Part, Reason, Refused
from textfirst.channels.rules.carriers import another
from textfirst.consent.types import Source, Word
from textfirst.core import failpoints
from textfirst.core.ids import id_time
from textfirst.core.purposes import Delivery
from textfirst.engine.bind import Bind
from textfirst.engine.intake import Intake, receipt_report
from textfirst.engine.ports import RefRow, Standing, StoreAway, StoreRefused, Work
from textfirst.engine.progress import Report, advance
from textfirst.engine.recent import HOLD, Sent, tail
from textfirst.engine.retry import ELSEWHERE, OUTCOMES, Again, Over, after_refusal, after_silence
from textfirst.engine.shifts import Goal, shift
from textfirst.events.types import Fact
from textfirst.messages.types import Flag, Outcome, Status

log = logging.getLogger(__name__)

STORE_AWAY: Final = 0.3  # seconds between two tries while the database is away
GATHER: Final = 0.001  # seconds to let a busy line bring more, so that one commit holds more
LOOK_AT_UNSAID: Final = 0.5  # seconds
BUSY: Final = 32  # answers and arrivals that make a line busy
RECEIPTS_WAIT: Final = timedelta(hours=72)  # D12
PLACED_WITHIN: Final = timedelta(minutes=15)  # longer than any answer is waited for: by then a receipt's attempt is known to be in doubt
MAY_BE_THERE: Final = int(Flag.POSSIBLE_DUPLICATE | Flag.BEGUN)  # wholly or in part on a phone already: never another carrier's (D25)
SILENT_FOR: Final = timedelta(days=7)  # how far back we look for messages without a final word: a node may have been off so long


class Withheld(NamedTuple):
    """Committed, then not written: its address told this very process to stop meanwhile."""

    part: Part


@dataclass(slots=True)
class Plan:
    """What a batch of answers comes to; made once, stored as often as it takes."""

    attempts: list[UUID] = field(default_factory=list)  # all that are answered by this
    refs: list[RefRow] = field(default_factory=list)
    outcomes: list[tuple[UUID, Outcome]] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    known: list[Standing] = field(default_factory=list)
    requeued: list[tuple[Outbound, UUID | None]] = field(default_factory=list)  # with the attempt that must still be open for it
    elsewhere: set[UUID] = field(default_factory=set)  # of these, what another carrier may take: no part of them has left us
    stopped: list[tuple[str, Word]] = field(default_factory=list)  # addresses whose people told the carrier to stop
    sent: list[tuple[str, Sent]] = field(default_factory=list)  # campaigns' texts by the carrier's id, to be remembered
    tried: bool = False  # once in vain: what is written down may be there already


class Recorder:
    """The reading loop of one bind."""

    def __init__(self, bind: Bind, intake: Intake) -> None:
        self._bind = bind
        self._intake = intake
        self._also: list[Answer | Withheld] = []
        self._receiving: asyncio.Task[None] | None = None  # at most one: arrivals are stored in the order they came
        self._bell = asyncio.Event()
        self._place_within = RECEIPTS_WAIT  # the first look goes as far back as receipts count

    def also(self, answers: Sequence[Answer | Withheld]) -> None:
        """Answers that are our own: what was taken back before it was written."""
        self._also += answers
        self._bell.set()

    def ring(self) -> None:
        """There is something to take."""
        self._bell.set()

    async def run(self, line: Line) -> None:
        """Store whatever the line brings, until it is lost and all it brought is stored."""
        try:
            await self._until_lost(line)
        finally:
            if self._receiving is not None:
                self._receiving.cancel()
                await asyncio.gather(self._receiving, return_exceptions=True)
                self._receiving = None

    async def _until_lost(self, line: Line) -> None:
        busy = False
        while True:
            if line.lost is None:
                await self._news()
                if busy:
                    await asyncio.sleep(GATHER)
            ended = line.lost is not None
            busy = await self.turn(line) >= BUSY
            if ended or (self._receiving is not None and self._receiving.done()):
                await self._received()
            if ended and not self._also:
                return

    async def _news(self) -> None:
        """Until there is something to take, or the step to `accepted` is overdue of something."""
        unsaid = self._bind.recent.oldest_unsaid is not None
        try:
            async with asyncio.timeout(LOOK_AT_UNSAID if unsaid else None):
                await self._bell.wait()
        except TimeoutError:
            pass  # time to look
        self._bell.clear()

    async def turn(self, line: Line) -> int:
        """Store what has come; how much it was. What arrived is stored beside the answers of the next turn, never beside those it came with."""
        news = line.take()
        arrivals = news.arrivals
        answers, self._also = [*self._also, *news.answers], []
        if answers or any(self._bind.recent.overdue(time.monotonic())):
            plan = self._plan(answers, self._bind.engine.now())
            while not await self._store(plan):
                self._intake.refuse(line, [*arrivals, *self._while_away(line)])
                arrivals = []
                await asyncio.sleep(STORE_AWAY)
        if arrivals:
            await self._received()
            self._receiving = asyncio.create_task(self._intake.receive(line, arrivals), name=f"receive {self._bind.facts.id}")
            self._receiving.add_done_callback(lambda _: self._bell.set())  # what went wrong in it is raised by the next turn
        return len(answers) + len(news.arrivals)

    async def _received(self) -> None:
        """Until the arrivals of the turn before are stored; raises what went wrong with them."""
        if self._receiving is not None:
            receiving, self._receiving = self._receiving, None
            await receiving

    def _while_away(self, line: Line) -> list[Arrival]:
        """The store does not answer: what comes now is refused at once, so that the carrier keeps it; answers wait here."""
        news = line.take()
        self._also += news.answers
        return news.arrivals

    # ── what the answers come to ────────────────────────────────────────────────────────────────────────

    def _plan(self, answers: Sequence[Answer | Withheld], now: datetime) -> Plan:
        plan = Plan([answer.part.attempt_id for answer in answers])
        remembered_until = time.monotonic() + HOLD
        for answer in answers:
            if isinstance(answer, Accepted):
                self._accepted(plan, answer, remembered_until)
            else:
                self._settle(plan, answer, self._not_accepted(plan, answer, now))
        self._keep_pace(plan, answers)
        return plan

    def _accepted(self, plan: Plan, answer: Accepted, until: float) -> None:
        """The carrier has it: a campaign's text in one part is remembered, of anything else the step to `accepted` is written down now."""
        part, provider_id = answer
        plan.refs.append(RefRow(part.attempt_id, part.message.id, part.number, provider_id))
        if provider_id and part.total == 1 and part.message.campaign_id is not None:
            plan.sent.append((provider_id, _sent(part, until)))
            return
        plan.reports.append(Report(part.message.id, part.number, part.total, Status.ACCEPTED))
        self._settle(plan, answer, None)

    def _not_accepted(self, plan: Plan, answer: Answer | Withheld, now: datetime) -> Again | Over:
        """What follows for the message of an attempt that the carrier has not, or may not have."""
        part = answer.part
        match answer:
            case Refused(reason=reason):
                plan.outcomes.append((part.attempt_id, OUTCOMES.get(reason, Outcome.REFUSED)))
                return self._refused(plan, answer, now)
            case NoAnswer():
                plan.outcomes.append((part.attempt_id, Outcome.NO_ANSWER))
                self._bind.engine.counts["not_answered"] += 1
                message = part.message
                return after_silence(Delivery(message.delivery), attempts=message.attempts, now=now, not_after=message.not_after)
            case Withheld():
                plan.outcomes.append((part.attempt_id, Outcome.NOT_SENT))
                return Over(Status.SUPPRESSED, "stopped")
            case _:  # never written
                plan.outcomes.append((part.attempt_id, Outcome.NOT_SENT))
                return Again(part.message.not_before, part.message.attempts)

    def _refused(self, plan: Plan, answer: Refused, now: datetime) -> Again | Over:
        """The carrier said no: what that says of the channel and of the person, and what becomes of the message."""
        part, reason, detail = answer
        message = part.message
        self._bind.engine.counts[f"refused {reason.name.lower()}"] += 1
        self._heed(reason)
        if reason is Reason.OPTED_OUT:
            plan.stopped.append((message.address, Word(message.identity_id, words=detail)))
        elif reason in ELSEWHERE and part.total == 1 and not message.flags & MAY_BE_THERE:
            plan.elsewhere.add(message.id)
        chance = random.random()  # noqa: S311 - a wait, no secret
        return after_refusal(reason, detail, attempts=message.attempts, now=now, not_after=message.not_after, chance=chance)

    def _keep_pace(self, plan: Plan, answers: Sequence[Answer | Withheld]) -> None:
        """How fast the carrier takes them, and how many it refused as too fast."""
        throttled = sum(isinstance(one, Refused) and one.reason is Reason.THROTTLED for one in answers) if plan.outcomes else 0
        self._bind.engine.counts["accepted"] += len(plan.refs)
        self._bind.pace.answered(len(plan.refs), throttled, time.monotonic(), _age(answers, datetime.now(UTC)) if throttled else 0.0)

    def _settle(self, plan: Plan, answer: Answer | Withheld, verdict: Again | Over | None) -> None:
        """What becomes of the message: at once for a text in one part, with the last answer for a long one."""
        part = answer.part
        plan.known.append(_most_likely(part.message))
        flight = self._bind.flights.get(part.message.id) if part.total > 1 else None
        if flight is None:
            if isinstance(verdict, Over):
                plan.reports.append(Report(part.message.id, part.number, part.total, verdict.status, verdict.reason))
            elif verdict is not None:
                self._requeue(plan, part, verdict, part.attempt_id, doubled=isinstance(answer, NoAnswer))
            return
        flight.left -= 1
        if isinstance(verdict, Over):
            flight.over = verdict
            plan.reports.append(Report(part.message.id, part.number, part.total, verdict.status, verdict.reason))
        elif verdict is not None:
            flight.again = max(flight.again or verdict, verdict, key=lambda again: again.at)
            flight.doubled |= isinstance(answer, NoAnswer)
        if flight.left == 0:
            del self._bind.flights[part.message.id]
            if flight.over is None and flight.again is not None:
                self._requeue(plan, part, flight.again, None, doubled=flight.doubled)

    @staticmethod
    def _requeue(plan: Plan, part: Part, again: Again, attempt_id: UUID | None, *, doubled: bool) -> None:
        flags = Flag(part.message.flags)
        if part.total > 1:
            flags |= Flag.BEGUN
        if doubled:
            flags |= Flag.POSSIBLE_DUPLICATE
            plan.reports.append(Report(part.message.id, part.number, part.total, Status.QUEUED, None, Flag.POSSIBLE_DUPLICATE))
        plan.requeued.append((part.message._replace(not_before=again.at, attempts=again.attempts, flags=int(flags)), attempt_id))

    def _heed(self, reason: Reason) -> None:
        """What an answer says of the channel as a whole."""
        bind = self._bind
        if reason in {Reason.SESSION, Reason.CREDENTIALS} and bind.line is not None:
            bind.line.abort()
        elif reason in ALARMING:
            bind.alarm = reason

    # ── storing it ──────────────────────────────────────────────────────────────────────────────────────

    async def _store(self, plan: Plan) -> bool:
        """One transaction; False while the database is away."""
        if failpoints.armed:
            failpoints.reach("answer.arrived")
        try:
            await self._transaction(plan)
        except StoreAway as error:
            plan.tried = True
            log.warning("answers wait: %s", error, extra={"channel": str(self._bind.facts.id)})
            return False
        except StoreRefused:
            if plan.tried:
                raise
            plan.tried = True
            return await self._store(plan)
        return True

    async def _transaction(self, plan: Plan) -> None:
        """What the carrier took comes first; what is known of it besides follows once it is committed."""
        bind = self._bind
        now = bind.engine.now()
        async with bind.engine.store.begin(bind.facts.workspace_id) as work:
            stopped_at = await self._stop(work, plan, now) if plan.stopped else 0.0
            work.refs(bind.facts.id, plan.refs, again=plan.tried)
            if plan.outcomes:
                await self._not_taken(work, plan)
            moved = await advance(work, plan.reports, plan.known, now)
            overdue = dict.fromkeys(bind.recent.overdue(time.monotonic()), Goal(Status.ACCEPTED, None))
            if overdue:
                moved |= await shift(work, overdue, now)
            if bind.orphans and plan.refs:
                moved |= await self._adopt(work, [ref.provider_id for ref in plan.refs], now)
            work.announce(bind.engine.campaigns.due(bind.facts.workspace_id, time.monotonic()))
            if failpoints.armed:
                failpoints.reach("answer.before_commit")
        if failpoints.armed:
            failpoints.reach("answer.committed")
        bind.engine.campaigns.moved(bind.facts.workspace_id, moved)
        for address, _ in plan.stopped:
            bind.engine.stops.stopped(bind.facts.workspace_id, address, stopped_at)
        self._stored(plan, overdue)

    def _stored(self, plan: Plan, overdue: Iterable[Sent]) -> None:
        """The transaction of a plan is committed."""
        bind = self._bind
        for provider_id, sent in plan.sent:
            bind.recent.remember(provider_id, sent)
        for sent in overdue:
            bind.recent.said(sent, Status.ACCEPTED)
        bind.answered(plan.attempts)
        if plan.requeued:
            bind.looks.gave_back(message for message, _ in plan.requeued)
            bind.due.set()

    async def _stop(self, work: Work, plan: Plan, now: datetime) -> float:
        """People who told the carrier to stop have told us; a moment (monotonic clock) at which their stop held the lock of claims."""
        await work.lock()
        for one in await work.stop([word for _, word in plan.stopped], self._bind.facts.id, now, Source.PROVIDER):
            work.announce([Fact("contact.updated", one.contact_id, {})] if one.changed else [])
        return time.monotonic()

    async def _not_taken(self, work: Work, plan: Plan) -> None:
        """What became of the attempts that the carrier did not take, and back into the outbox with what shall be tried again."""
        open_still = await work.outcomes(plan.outcomes)
        again = [message for message, attempt_id in plan.requeued if attempt_id is None or attempt_id in open_still]
        work.requeue(self._bind.facts.id, again)
        if plan.elsewhere:
            await self._hand_over(work, [message for message in again if message.id in plan.elsewhere])

    async def _hand_over(self, work: Work, messages: Sequence[Outbound]) -> None:
        """What the carrier refused for now, another of the pool tries next."""
        senders = await work.senders()
        own = next((one for one in senders if one.id == self._bind.facts.id), None)
        targets = [(message.id, another(own, message.identity_id, senders)) for message in messages] if own else []
        found = [(message_id, target) for message_id, target in targets if target is not None]
        work.hand_over(found)
        self._bind.engine.counts["handed_over"] += len(found)

    async def _adopt(
        self, work: Work, provider_ids: Sequence[str] | None, now: datetime, *, within: timedelta = RECEIPTS_WAIT
    ) -> set[UUID]:
        """Early receipts whose message is known now."""
        orphans = await work.adopt(self._bind.facts.id, provider_ids, now - within)
        if not orphans:
            return set()
        self._bind.engine.counts["adopted"] += len(orphans)
        standings = await work.standings([orphan.message_id for orphan in orphans])
        return await advance(
            work,
            [receipt_report(orphan, standings[orphan.message_id]) for orphan in orphans if orphan.message_id in standings],
            standings.values(),
            now,
        )

    async def adopt_newest(self) -> None:
        """Receipts of the last minute: the answer they belong to may have been committed by another bind at the very same moment."""
        bind = self._bind
        async with bind.engine.store.begin(bind.facts.workspace_id) as work:
            moved = await self._adopt(work, None, datetime.now(UTC), within=timedelta(minutes=1))
        bind.engine.campaigns.moved(bind.facts.workspace_id, moved)

    async def adopt_all(self) -> None:
        """Once in a while: receipts whose message became known on another node."""
        bind = self._bind
        now = datetime.now(UTC)
        async with bind.engine.store.begin(bind.facts.workspace_id) as work:
            seen = bind.orphans_seen
            placed = await work.place(bind.facts.id, now - self._place_within, now - RECEIPTS_WAIT) if bind.orphans else 0
            moved = await self._adopt(work, None, now)
            left = await work.has_orphans(bind.facts.id, now - RECEIPTS_WAIT)
        # One stored meanwhile may not have been visible, and another bind's line may bring receipts of what left by ours.
        bind.orphans = left or bind.orphans_seen != seen or bind.facts.binds > 1
        bind.engine.counts["placed"] += placed
        self._place_within = PLACED_WITHIN
        bind.engine.campaigns.moved(bind.facts.workspace_id, moved)

    async def give_up_on_silent(self, now: datetime) -> None:
        """Messages taken 72 hours ago of which no final word came are `unknown` (D16): that is all we can say. A later receipt still counts."""
        bind = self._bind
        last = now - RECEIPTS_WAIT
        async with bind.engine.store.begin(bind.facts.workspace_id) as work:
            silent = await work.silent(bind.facts.id, last - SILENT_FOR, last)
            reports = [
                Report(one.id, part, len(one.parts) if one.parts else 1, Status.UNKNOWN, "not_answered")
                for one in silent
                for part in range(1, len(one.parts or (1,)) + 1)
                if not one.parts or one.parts[part - 1] < Status.UNKNOWN
            ]
            moved = await advance(work, reports, silent, now) if reports else set()
        bind.engine.campaigns.moved(bind.facts.workspace_id, moved)


def _age(answers: Sequence[Answer | Withheld], now: datetime) -> float:
    """How long the newest of those was on its way that the carrier refused as too fast, in seconds."""
    begun = max(id_time(one.part.attempt_id) for one in answers if isinstance(one, Refused) and one.reason is Reason.THROTTLED)
    return max(0.0, (now - begun).total_seconds())


def _sent(part: Part, until: float) -> Sent:
    message = part.message
    assert message.campaign_id is not None
    return Sent(message.id, part.attempt_id.int, message.campaign_id.int, message.segments, tail(message.address), until)


def _most_likely(message: Outbound) -> Standing:
    """Where a message that we sent most likely is; the store checks."""
    return Standing(message.id, int(Status.QUEUED), None, None, message.segments, message.campaign_id, None)


ALARMING: Final = frozenset({Reason.SENDER_REFUSED, Reason.OUR_FAULT, Reason.MISCONFIGURED})
