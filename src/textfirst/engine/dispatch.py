"""Sending: claim what is due, decide again where something changed, commit the attempts, write.

Theory of operation. One turn of the loop is one transaction and one write. The transaction takes rows out of the outbox, puts in
their attempts, and is committed before a byte leaves. Every byte leaves within `FRESH` seconds of that commit; whatever was held up
longer is taken back, and its decision is taken again by the next claim. Nothing is awaited between commit and write.

While campaigns are sent, a turn is a batch of hundreds, and the next one waits for answers to it. Whoever writes to one person does not wait for
either: a second loop takes only what people wait for, into a part of the window that batches leave free.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from textfirst.channels.contract import Answer, NotWritten, Outbound, Part
from textfirst.core import failpoints
from textfirst.core.errors import InvalidInput
from textfirst.core.ids import id_time, new_id, new_ids
from textfirst.core.purposes import Lane, Purpose
from textfirst.decisions.asking import InForce, entry_of, stamped
from textfirst.decisions.record import Records
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Code, Decision, Facts, Verdict, told
from textfirst.engine.bind import Bind, Doubtful, Flight
from textfirst.engine.leases import boot_time, may_speak
from textfirst.engine.looks import PEOPLE_WAIT, Point
from textfirst.engine.metrics import note_claim
from textfirst.engine.ports import AttemptRow, Claimed, DecidedRow, Standing, StoreAway, Wanted, Work
from textfirst.engine.progress import Report, Step, advance, deltas
from textfirst.engine.record import Recorder, Withheld
from textfirst.messages.rules import velocity
from textfirst.messages.types import Flag, Status

log = logging.getLogger(__name__)

FRESH: Final = 0.25  # seconds from the commit of an attempt to its bytes
GATHER: Final = 0.01  # seconds to wait for a worthwhile amount of room
BEGUN: Final = int(Flag.BEGUN)
TOO_MANY: Final = Code.TOO_MANY.word
STORE_AWAY: Final = 0.5  # seconds between two tries while the database is away


class Ready(NamedTuple):
    """Parts whose attempts are committed, with the moments that bound what they may not have seen."""

    parts: list[Part]
    claimed_at: float  # between the claim's snapshot and its commit
    committed_at: float  # before its commit


class Decided(NamedTuple):
    send: list[Outbound]
    later: list[Outbound]
    ended: list[Report]


class Dispatcher:
    """A sending loop of one bind: of all that is due, or beside that one (`Express`) of what people wait for."""

    def __init__(self, bind: Bind, recorder: Recorder) -> None:
        self._bind = bind
        self._recorder = recorder
        self._pending: deque[tuple[Part, Ready]] = deque()

    async def run(self) -> None:
        """Send whatever is due until the line is lost."""
        bind = self._bind
        while bind.line is not None and bind.line.lost is None:
            if self._pending:
                await self._write_pending()
                continue
            await bind.due.wait()
            limit = await self._worthwhile_room()
            if limit:
                bind.due.clear()
                if await self.turn(limit):
                    bind.due.set()

    async def turn(self, limit: int) -> bool:
        """Claim and write at most `limit` segments; whether there was anything."""
        self._bind.claiming += limit
        try:
            ready, more = await self._claim(limit)
        except StoreAway as error:
            log.warning("claim: %s", error, extra={"channel": str(self._bind.facts.id)})
            await asyncio.sleep(STORE_AWAY)
            return True
        finally:
            self._bind.claiming -= limit
        self._pending.extend((part, ready) for part in ready.parts)
        self._write_now(limit)  # of a text longer than the limit, the rest follows as room comes
        return more

    async def _worthwhile_room(self) -> int:
        """How many segments may leave; waits for the window, the pace, and a moment longer for more than a few."""
        bind = self._bind
        bind.space.clear()
        if self._room < max(1, bind.facts.window // 4):
            await _wait(bind.space, GATHER if self._room else 1.0)
        if self._room and (wait := bind.pace.wait(time.monotonic())):
            await asyncio.sleep(min(wait, 1.0))
        return bind.pace.allowance(time.monotonic(), self._room)

    @property
    def _room(self) -> int:
        return max(0, self._bind.room - self._bind.kept_free)

    def _places(self, now: float) -> Mapping[int, Point]:
        """Where to look for what is due, by lane."""
        return self._bind.looks.begin(now)

    # ── the transaction ─────────────────────────────────────────────────────────────────────────────────

    async def _claim(self, limit: int) -> tuple[Ready, bool]:
        bind, lease = self._bind, self._bind.lease
        assert lease is not None
        began = claimed_at = committed_at = time.monotonic()
        parts: list[Part] = []
        try:
            async with bind.engine.store.begin(bind.facts.workspace_id) as work:
                claimed = await work.claim(lease, limit, self._places(began))
                claimed_at = time.monotonic()  # under the shared lock: no stop can be committed between our snapshot and our commit
                if claimed:
                    decided = await self._decide(work, claimed, bind.engine.now())
                    parts = await self._cut(work, decided)
                    work.attempt(lease, [AttemptRow(part.attempt_id, part.message.id, part.number) for part in parts])
                    work.requeue(bind.facts.id, decided.later)
                    await self._end(work, decided)
                    if failpoints.armed and parts:
                        failpoints.reach("claim.before_commit")
                committed_at = time.monotonic()
                bind.opened([part.attempt_id for part in parts])
        except (StoreAway, asyncio.CancelledError):
            self._take_back(parts)  # the commit itself may have been done or not
            raise
        if claimed:
            note_claim(bind.engine.counts, time.monotonic() - began)
            bind.looks.took(message for message, _ in claimed)
            bind.looks.gave_back(decided.later)
        if failpoints.armed and parts:
            failpoints.reach("claim.committed")
        bind.engine.counts["claimed"] += len(claimed)
        return Ready(parts, claimed_at, committed_at), self._is_more(claimed, limit, began)

    def _is_more(self, claimed: Sequence[Claimed], limit: int, began: float) -> bool:  # noqa: ARG002 - another loop asks by the limit
        """Whether to claim again at once."""
        self._bind.crowded = any(message.lane >= Lane.BULK for message, _ in claimed)
        return bool(claimed) or self._bind.looks.found_nothing(began)

    async def _decide(self, work: Work, claimed: Sequence[Claimed], now: datetime) -> Decided:
        """Those whose stamp holds leave; the others are decided afresh."""
        decided = Decided([message for message, fresh in claimed if fresh and message.not_after > now], [], [])
        stale = [message for message, fresh in claimed if not fresh or message.not_after <= now]
        waiting: dict[str, list[UUID]] = {}
        for message, decision in await self._decide_again(work, stale, now):
            match decision.verdict:
                case Verdict.ALLOW:
                    decided.send.append(_by(message, decision))
                case Verdict.DEFER:
                    decided.later.append(_by(message, decision))
                    waiting.setdefault(decision.reason, []).append(message.id)
                case _:
                    status = Status.EXPIRED if decision.reason == "expired" else Status.SUPPRESSED
                    decided.ended.append(_report(message, status, decision.reason))
        for reason, message_ids in waiting.items():
            await self._hold_back(work, message_ids, reason, now)
        return decided

    async def _decide_again(self, work: Work, stale: Sequence[Outbound], now: datetime) -> list[tuple[Outbound, Decision]]:
        """The full decision about each, kept where it is not the answer that the message was made with."""
        if not stale:
            return []
        self._bind.engine.counts["decided_again"] += len(stale)
        again = await _Again.learn(work, self._bind.facts.workspace_id, stale, now)
        decided = [(message, again.decide(message)) for message in stale]
        work.decided(again.records, again.rows(decided))
        return decided

    async def _hold_back(self, work: Work, message_ids: Sequence[UUID], reason: str, now: datetime) -> None:
        """What waits says why, and so does its campaign's count."""
        steps: Counter[Step] = Counter(
            (one.campaign_id.int, one.status, one.reason, one.status, reason, one.segments)
            for one in await work.hold_back(message_ids, reason, now)
            if one.campaign_id is not None
        )
        work.tally(deltas(steps))
        self._bind.engine.campaigns.moved(self._bind.facts.workspace_id, {UUID(int=step[0]) for step in steps})
        if reason == TOO_MANY:
            self._bind.engine.counts["held_back"] += len(message_ids)
            log.warning(
                "too many texts to one person: held back", extra={"channel": str(self._bind.facts.id), "messages": len(message_ids)}
            )

    async def _cut(self, work: Work, decided: Decided) -> list[Part]:
        """The parts to write, each with the id of its attempt. Of a long text that was begun before, those not yet taken."""
        begun = [message.id for message in decided.send if message.flags & BEGUN]
        taken = await work.standings(begun) if begun else {}
        cut = self._bind.adapter.cut
        uncut: list[tuple[Outbound, int, int, int, bytes]] = []
        for message in decided.send:
            try:
                coding, payloads = cut(message)
            except InvalidInput:
                decided.ended.append(_report(message, Status.FAILED, "too_long"))
                continue
            total = len(payloads)
            if total == 1:
                uncut.append((message, 1, 1, coding, payloads[0]))
                continue
            done = _taken(taken.get(message.id))
            left = [(message, number, total, coding, payload) for number, payload in enumerate(payloads, 1) if number not in done]
            self._bind.flights[message.id] = Flight(len(left))
            uncut += left
        return [Part(one[0], identifier, *one[1:]) for identifier, one in zip(new_ids(len(uncut)), uncut, strict=True)]

    async def _end(self, work: Work, decided: Decided) -> None:
        if decided.ended:
            moved = await advance(work, decided.ended, (), self._bind.engine.now())
            self._bind.engine.campaigns.moved(self._bind.facts.workspace_id, moved)

    # ── the write ───────────────────────────────────────────────────────────────────────────────────────

    async def _write_pending(self) -> None:
        """The rest of a long text: as answers make room, as the pace allows, or taken back when that lasts too long."""
        bind = self._bind
        bind.space.clear()
        line_room = bind.line.room if bind.line else 0
        allowed = bind.pace.allowance(time.monotonic(), line_room)
        if not allowed and not self._too_late(time.monotonic()):
            await _wait(bind.space, 0.02)
            return
        self._write_now(allowed)

    def _too_late(self, now: float) -> bool:
        return bool(self._pending) and now - self._pending[0][1].committed_at > FRESH

    def _write_now(self, room: int) -> None:
        bind, line = self._bind, self._bind.line
        parts: list[Part] = []
        back: list[Answer | Withheld] = []
        now = time.monotonic()
        speaks = line is not None and line.lost is None and may_speak(bind.lease)  # of a lost line nobody may be left to read the answers
        while self._pending:
            part, ready = self._pending[0]
            late = now - ready.committed_at > FRESH
            if speaks and not late and len(parts) >= room:
                break
            self._pending.popleft()
            if not speaks or late:
                back.append(NotWritten(part))
            elif bind.engine.stops and bind.engine.stops.forbids(bind.facts.workspace_id, part.message.address, ready.claimed_at):
                back.append(Withheld(part))
            else:
                parts.append(part)
        if line is not None and not speaks:
            line.abort()  # if it is not gone, the lease may be another node's: not a byte more
        if parts and line is not None:
            line.write(parts)
            if failpoints.armed:
                failpoints.reach("submit.written")
            bind.pace.spend(len(parts), now)
            bind.engine.counts["written"] += len(parts)
        if back:
            bind.engine.counts["taken_back"] += len(back)
            self._recorder.also(back)

    def _take_back(self, parts: Sequence[Part]) -> None:
        """Of a commit broken off: now, and once more when the server cannot do it any longer (`Worker._chores`)."""
        if parts:
            self._bind.doubtful.append(Doubtful(boot_time(), parts))
            self._bind.opened([part.attempt_id for part in parts])
            self._recorder.also([NotWritten(part) for part in parts])

    def give_up(self) -> None:
        """The line is gone: what was not written goes back."""
        self._recorder.also([NotWritten(part) for part, _ in self._pending])
        self._pending.clear()


class Express(Dispatcher):
    """The loop beside: what people wait for, while the other one is busy with campaigns."""

    async def run(self) -> None:
        bind = self._bind
        while bind.line is not None and bind.line.lost is None:
            if self._pending:
                await self._write_pending()
                continue
            await bind.pressing.wait()
            bind.pressing.clear()
            if (limit := self._limit()) > 0 and await self.turn(limit):
                bind.pressing.set()

    def _limit(self) -> int:
        """What neither the window nor the pace has promised to a claim under way. None is no harm: it is the first that the other loop takes."""
        bind = self._bind
        allowed = bind.pace.allowance(time.monotonic(), bind.facts.window) - bind.claiming
        return min(bind.kept_free, bind.room, allowed)

    def _places(self, now: float) -> Mapping[int, Point]:  # noqa: ARG002 - the other loop decides when to look everywhere
        return self._bind.looks.of(PEOPLE_WAIT)

    def _is_more(self, claimed: Sequence[Claimed], limit: int, began: float) -> bool:  # noqa: ARG002 - see above
        return sum(message.segments for message, _ in claimed) >= limit


@dataclass(frozen=True, slots=True)
class _Again:
    """What decisions are taken on when they are taken again."""

    settings: InForce
    facts: Mapping[UUID, Facts]
    wanted: Mapping[UUID, Wanted]
    tried: dict[UUID, list[datetime]]
    records: Records
    now: datetime

    @classmethod
    async def learn(cls, work: Work, workspace_id: UUID, stale: Sequence[Outbound], now: datetime) -> _Again:
        identities = [message.identity_id for message in stale]
        wanted = await work.purposes([message.id for message in stale])
        settings = await work.settings()
        facts = await work.facts(identities, {one.purpose for one in wanted.values()}, now)
        tried = dict(await work.lately(identities, now - velocity.LONGEST, now - velocity.MADE_WITHIN))
        return cls(settings, facts, wanted, tried, Records(workspace_id, now), now)

    def decide(self, message: Outbound) -> Decision:
        known = self.facts.get(message.identity_id)
        if known is None:
            return told(Verdict.BLOCK, Code.NO_NUMBER)
        wanted = self.wanted.get(message.id)
        anchor = None if wanted is None else wanted.anchor
        asked = Asked(self._purpose(message), self.now, not_after=message.not_after, anchor=anchor, made=id_time(message.id))
        decision = decide(stamped(known, self.settings.version), asked, self.settings.policy)
        return self._fused(message, decision) if decision.allowed else decision

    def rows(self, decided: Sequence[tuple[Outbound, Decision]]) -> list[DecidedRow]:
        """The answers that differ from the first."""
        rows = []
        for message, decision in decided:
            decision_id = self.records.of(decision)
            wanted = self.wanted.get(message.id)
            if wanted is None or wanted.decision_id != decision_id:
                facts = self.facts.get(message.identity_id)
                rows.append(DecidedRow(new_id(), message.id, decision_id, facts and entry_of(facts, self._purpose(message))))
        return rows

    def _purpose(self, message: Outbound) -> Purpose:
        wanted = self.wanted.get(message.id)
        return Purpose.NOTICE if wanted is None else wanted.purpose

    def _fused(self, message: Outbound, decision: Decision) -> Decision:
        """The velocity fuse, over the moments at which this person was written to; one that may leave is added to them."""
        tried = self.tried.setdefault(message.identity_id, [])
        until = velocity.wait_until(Lane(message.lane), tried, self.now)
        if until is not None:
            return told(Verdict.DEFER, Code.TOO_MANY, decision.stamp, until=until)
        tried.append(self.now)
        return decision


def _by(message: Outbound, decision: Decision) -> Outbound:
    """The message as a later decision has it."""
    return message._replace(
        not_before=message.not_before if decision.until is None else min(decision.until, message.not_after),
        identity_version=decision.stamp.identity_version,
        workspace_version=decision.stamp.workspace_version,
        send_by=decision.send_by,
        arrive_by=decision.not_after,
    )


def _report(message: Outbound, status: Status, reason: str) -> Report:
    return Report(message.id, 1, 1, status, reason)


def _taken(standing: Standing | None) -> set[int]:
    """Numbers of the parts that the carrier has, or may have."""
    return {number for number, status in enumerate((standing and standing.parts) or (), 1) if status >= Status.ACCEPTED}


async def _wait(event: asyncio.Event, timeout: float) -> None:
    try:
        async with asyncio.timeout(timeout):
            await event.wait()
    except TimeoutError:
        pass  # the wait was the point
