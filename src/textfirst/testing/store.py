"""The engine's store in memory: the same promises without a database.

For tests and for trying an engine in a notebook. Transactions run one after the other; a rollback puts back what was there. One suite,
`tests/engine/test_store.py`, holds it to what PostgreSQL does.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from textfirst.channels.contract import ChannelFacts, Outbound
from textfirst.channels.rules.carriers import Sender
from textfirst.consent.rules.opting_in import permissions_of, request_params
from textfirst.consent.types import Changed, Confirmed, Joiner, JoinForm, Kind, Source, Word
from textfirst.conversations.types import Said, Thread
from textfirst.core.ids import id_time, new_id
from textfirst.core.purposes import PURPOSE_RULES, Lane, Purpose
from textfirst.decisions.asking import InForce
from textfirst.decisions.policy import DEFAULT
from textfirst.decisions.record import Records
from textfirst.decisions.types import Facts
from textfirst.engine.clock import Clock
from textfirst.engine.leases import boot_time
from textfirst.engine.looks import EVERYWHERE, Point
from textfirst.engine.ports import (
    AttemptRow,
    Call,
    Claimed,
    DecidedRow,
    Found,
    Health,
    House,
    InboundRow,
    Lease,
    Move,
    OpenAttempt,
    Orphan,
    PartRow,
    PartSet,
    Person,
    PutAside,
    ReceiptRow,
    RefRow,
    Shift,
    Sought,
    Standing,
    StoreAway,
    StoreRefused,
    Waiting,
    Wanted,
)
from textfirst.engine.presence import is_gone
from textfirst.events.types import Fact
from textfirst.messages.rules import velocity
from textfirst.messages.types import Flag, Outcome, Outgoing, Status

LEASE_SECONDS = 15.0
LEASE_MARGIN = 2.0
AGREEING_DIGITS = 8


class Message(NamedTuple):
    standing: Standing
    channel_id: UUID
    identity_id: UUID
    purpose: Purpose
    direction: int
    flags: int
    encoding: int
    address: str
    body: str
    raw: bytes = b""


class Attempt(NamedTuple):
    id: UUID
    message_id: UUID
    channel_id: UUID
    part: int
    epoch: int
    outcome: int


class Held(NamedTuple):
    """A lease as its row says; `until` by the boot-time clock."""

    node: str
    epoch: int
    until: float | None
    settled_id: UUID | None


class Kept(NamedTuple):
    """A part that waits for its siblings."""

    row: PartRow
    at: datetime


@dataclass(frozen=True)
class Request:
    """What was asked of somebody who wants to join."""

    confirmed: Confirmed  # what a YES makes of it
    until: datetime
    answered: bool = False


@dataclass
class State:
    """Everything the store knows. Rows are immutable, so a copy of the tables is a snapshot."""

    messages: dict[UUID, Message] = field(default_factory=dict)
    outbox: dict[UUID, tuple[UUID, Outbound]] = field(default_factory=dict)
    attempts: dict[UUID, Attempt] = field(default_factory=dict)
    refs: dict[UUID, tuple[UUID, RefRow]] = field(default_factory=dict)
    receipts: dict[UUID, tuple[UUID, ReceiptRow]] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    stopped: dict[UUID, datetime] = field(default_factory=dict)  # by identity
    shut: dict[UUID, datetime] = field(default_factory=dict)  # those who stopped marketing alone
    held: dict[UUID, datetime] = field(default_factory=dict)
    blocked: dict[UUID, bool] = field(default_factory=dict)  # by contact
    threads: dict[UUID, Thread] = field(default_factory=dict)  # by contact
    parts: dict[UUID, tuple[UUID, Kept]] = field(default_factory=dict)
    rejected: dict[UUID, tuple[bytes, str]] = field(default_factory=dict)
    asked_again: dict[UUID, PutAside] = field(default_factory=dict)  # of those put aside
    calls: dict[UUID, tuple[UUID, Call]] = field(default_factory=dict)
    heard: dict[tuple[UUID, str], datetime] = field(default_factory=dict)
    requests: dict[str, Request] = field(default_factory=dict)  # of whoever wants to join, by address
    permitted: dict[UUID, Kind] = field(default_factory=dict)  # by identity
    decided: dict[UUID, tuple[DecidedRow, str]] = field(default_factory=dict)  # later answers, with their bodies
    tallies: dict[tuple[UUID, Status, str], int] = field(default_factory=dict)
    events: dict[UUID, Fact] = field(default_factory=dict)

    def copy(self) -> State:
        return replace(self, **{each.name: dict(getattr(self, each.name)) for each in fields(self)})


class MemoryStore:
    """See `engine.ports.Store`. One workspace; `away` makes every call raise StoreAway."""

    def __init__(self, *, workspace: str = "Riverside Dental") -> None:
        self.workspace_id = new_id()
        self.workspace = House(workspace, "en", 1)
        self.forms: list[JoinForm] = []  # by which people join; `workspace` says their words
        self.state = State()
        self.facts: list[ChannelFacts] = []
        self.leases: dict[tuple[UUID, int], Held] = {}
        self.health: dict[UUID, Health] = {}
        self.away = False
        self.clock = Clock()
        self._one_at_a_time = asyncio.Lock()
        self._bell = asyncio.Event()
        self._notices: list[tuple[str, str]] = []

    @asynccontextmanager
    async def begin(self, workspace_id: UUID) -> AsyncIterator[MemoryWork]:  # noqa: ARG002 - as the port says
        self._there()
        async with self._one_at_a_time:
            before = self.state.copy()
            work = MemoryWork(self)
            try:
                yield work
                self._there()
            except BaseException:  # as PostgreSQL does, whatever ended the block
                self.state = before
                raise
            for channel_id in work.woken:
                self.notify("textfirst_outbox", str(channel_id))

    async def channels(self) -> list[ChannelFacts]:
        self._there()
        return list(self.facts)

    async def due(self, pairs: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
        self._there()
        now = datetime.now(UTC)
        asked = {channel_id for _, channel_id in pairs}
        return {channel_id for channel_id, one in self.state.outbox.values() if channel_id in asked and _is_due(one, now)}

    async def take_lease(self, workspace_id: UUID, channel_id: UUID, slot: int, node: str) -> Lease | None:
        self._there()
        now = boot_time()
        held = self.leases.get((channel_id, slot), Held("", 0, None, None))
        if held.until is not None and held.until >= now and held.node != node and not is_gone(held.node, node):
            return None
        epoch = (held.epoch // 64 + 1) * 64 + slot  # as channels/sql/take_lease.sql
        self.leases[channel_id, slot] = Held(node, epoch, now + LEASE_SECONDS, held.settled_id)
        idle = None if held.until is None else datetime.now(UTC) - timedelta(seconds=now - held.until + LEASE_SECONDS)
        return Lease(workspace_id, channel_id, slot, node, epoch, now + LEASE_SECONDS - LEASE_MARGIN, held.settled_id, idle)

    async def renew_lease(self, lease: Lease, settled_id: UUID | None) -> Lease | None:
        self._there()
        now = boot_time()
        if not self.holds(lease):
            return None
        self._hold(lease, now + LEASE_SECONDS, settled_id)
        return lease._replace(before=now + LEASE_SECONDS - LEASE_MARGIN)

    async def release_lease(self, lease: Lease, settled_id: UUID | None) -> None:
        self._there()
        if self.holds(lease):
            self._hold(lease, None, settled_id)

    async def open_attempts(self, lease: Lease) -> list[OpenAttempt]:
        self._there()
        state = self.state
        return [
            _open_attempt(one, state.messages[one.message_id])
            for one in sorted(state.attempts.values(), key=lambda one: one.id)
            if one.channel_id == lease.channel_id and one.epoch % 64 == lease.slot and one.epoch < lease.epoch and one.outcome == Outcome.OPEN
            and one.id > (lease.settled_id or UUID(int=0)) and one.id not in state.refs
        ]  # fmt: skip

    async def unsaid(self, lease: Lease) -> list[tuple[Standing, int]]:
        self._there()
        settled, state = lease.settled_id or UUID(int=0), self.state
        return [
            (state.messages[row.message_id].standing, row.part)
            for attempt_id, (channel_id, row) in sorted(state.refs.items())
            if channel_id == lease.channel_id
            and attempt_id > settled
            and state.attempts[attempt_id].epoch < lease.epoch
            and state.messages[row.message_id].standing.status < Status.ACCEPTED
        ]

    async def heard_before(self, lease: Lease, since: datetime) -> list[bytes]:
        self._there()
        return [
            one.raw for one in self.state.messages.values()
            if one.direction == 1 and one.channel_id == lease.channel_id and id_time(one.standing.id) >= _to_the_millisecond(since)
        ]  # fmt: skip

    async def calls(self, workspace_id: UUID, channel_id: UUID, limit: int) -> list[Call]:  # noqa: ARG002 - as the port says
        self._there()
        return [call for _, (channel, call) in sorted(self.state.calls.items()) if channel == channel_id][:limit]

    async def to_replay(self, workspace_id: UUID, channel_id: UUID, limit: int) -> list[PutAside]:  # noqa: ARG002 - as the port says
        self._there()
        return list(self.state.asked_again.values())[:limit]

    async def report_health(self, workspace_id: UUID, channel_id: UUID, health: Health, rate: float) -> None:  # noqa: ARG002 - as the port says
        self._there()
        self.health[channel_id] = health

    async def listen(self, heard: Callable[[str, str], None]) -> AsyncIterator[None]:
        self._there()
        yield
        while True:
            await self._bell.wait()
            self._bell.clear()
            notices, self._notices = self._notices, []
            for notice in notices:
                heard(*notice)

    async def close(self) -> None:
        """Nothing is open."""

    def notify(self, channel: str, payload: str) -> None:
        self._notices.append((channel, payload))
        self._bell.set()

    def holds(self, lease: Lease) -> bool:
        held = self.leases.get((lease.channel_id, lease.slot))
        return (
            held is not None
            and (held.node, held.epoch) == (lease.node, lease.epoch)
            and held.until is not None
            and held.until > boot_time()
        )

    def _hold(self, lease: Lease, until: float | None, settled_id: UUID | None) -> None:
        key = (lease.channel_id, lease.slot)
        settled = max((one for one in (self.leases[key].settled_id, settled_id) if one is not None), default=None)
        self.leases[key] = self.leases[key]._replace(until=until, settled_id=settled)

    def _there(self) -> None:
        if self.away:
            raise StoreAway("The store is away, as the test asked.")


class MemoryWork:
    """See `engine.ports.Work`."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.woken: set[UUID] = set()

    @property
    def _state(self) -> State:
        return self._store.state

    # ── sending ─────────────────────────────────────────────────────────────────────────────────────────

    async def claim(self, lease: Lease, limit: int, after: Mapping[int, Point] = EVERYWHERE) -> list[Claimed]:
        if not self._store.holds(lease):
            return []
        now = datetime.now(UTC)
        waiting = [
            one for channel_id, one in self._state.outbox.values()
            if channel_id == lease.channel_id and _is_due(one, now) and (one.not_before, one.id) > after[one.lane]
        ]  # fmt: skip
        taken: list[Claimed] = []
        segments = 0
        for one in sorted(waiting, key=lambda one: (one.lane, one.not_before, one.id)):
            segments += one.segments
            if taken and segments > limit:
                break
            del self._state.outbox[one.id]
            taken.append(Claimed(one, self._is_fresh(one) and not self._looks_like_too_many(one, now)))
        return taken

    def _looks_like_too_many(self, one: Outbound, now: datetime) -> bool:
        if one.attempts or one.flags & (Flag.POSSIBLE_DUPLICATE | Flag.BEGUN):
            return True
        person = self._person(one.identity_id)
        made = [
            message for identifier, message in self._state.messages.items()
            if person is not None and message.standing.contact_id == person.contact_id and id_time(identifier) >= now - velocity.MADE_WITHIN
        ]  # fmt: skip
        return len(made) > velocity.FEWEST

    def _is_fresh(self, one: Outbound) -> bool:
        person = self._person(one.identity_id)
        in_time = one.send_by is None or one.send_by > datetime.now(UTC)
        return (
            in_time
            and person is not None
            and person.version == one.identity_version
            and self._store.workspace.version == one.workspace_version
        )

    async def settings(self) -> InForce:
        return InForce(DEFAULT, self._store.workspace.version)

    async def facts(
        self,
        identity_ids: Sequence[UUID],
        purposes: Collection[Purpose] = (),  # noqa: ARG002 - it counts nothing
        now: datetime | None = None,  # noqa: ARG002
    ) -> Mapping[UUID, Facts]:
        known: dict[UUID, Facts] = {}
        for address, person in self._state.people.items():
            if person.identity_id in identity_ids:
                known[person.identity_id] = Facts(
                    person.identity_id, person.contact_id, "tel", address, None, None, person.version, self._store.workspace.version,
                    self._mask(person.identity_id), self._state.blocked.get(person.contact_id, False),
                    person.identity_id in self._state.held, self._state.permitted.get(person.identity_id),
                )  # fmt: skip
        return known

    async def purposes(self, message_ids: Sequence[UUID]) -> Mapping[UUID, Wanted]:
        return {one: Wanted(self._state.messages[one].purpose, None) for one in message_ids if one in self._state.messages}

    def decided(self, records: Records, rows: Sequence[DecidedRow]) -> None:
        self._state.decided.update({row.id: (row, records.rows[row.decision_id]) for row in rows})

    async def lately(self, identity_ids: Sequence[UUID], since: datetime, made_since: datetime) -> Mapping[UUID, list[datetime]]:
        moments: dict[UUID, list[datetime]] = {}
        for one in self._state.attempts.values():
            message = self._state.messages[one.message_id]
            if (
                message.identity_id in identity_ids and message.direction == 2 and id_time(one.message_id) >= _to_the_millisecond(made_since)
                and id_time(one.id) >= _to_the_millisecond(since) and one.part == 1 and one.outcome in {Outcome.OPEN, Outcome.NO_ANSWER}
            ):  # fmt: skip
                moments.setdefault(message.identity_id, []).append(id_time(one.id))
        return moments

    async def hold_back(self, message_ids: Sequence[UUID], reason: str, now: datetime) -> list[Waiting]:  # noqa: ARG002 - as the port says
        before = []
        for identifier in message_ids:
            message = self._state.messages[identifier]
            at = message.standing
            if at.status <= Status.QUEUED:
                before.append(Waiting(at.campaign_id, at.status, at.reason, at.segments))
                self._state.messages[identifier] = message._replace(standing=at._replace(reason=reason))
        return before

    def attempt(self, lease: Lease, rows: Sequence[AttemptRow]) -> None:
        for row in rows:
            self._state.attempts[row.id] = Attempt(row.id, row.message_id, lease.channel_id, row.part, lease.epoch, int(Outcome.OPEN))

    def requeue(self, channel_id: UUID, messages: Sequence[Outbound]) -> None:
        for message in messages:
            self._state.outbox.setdefault(message.id, (channel_id, message))

    async def senders(self) -> list[Sender]:
        return [Sender(facts.id, facts.kind, enabled=True) for facts in self._store.facts]

    def hand_over(self, targets: Sequence[tuple[UUID, UUID]]) -> None:
        for message_id, channel_id in targets:
            self._state.outbox[message_id] = (channel_id, self._state.outbox[message_id][1])
            self._state.messages[message_id] = self._state.messages[message_id]._replace(channel_id=channel_id)
            self.woken.add(channel_id)

    # ── answers and receipts ────────────────────────────────────────────────────────────────────────────

    def refs(self, channel_id: UUID, rows: Sequence[RefRow], *, again: bool = False) -> None:
        if not again and any(row.attempt_id in self._state.refs for row in rows):
            raise StoreRefused("It is written down already.")
        for row in rows:
            self._state.refs.setdefault(row.attempt_id, (channel_id, row))

    async def outcomes(self, outcomes: Sequence[tuple[UUID, Outcome]]) -> set[UUID]:
        said: set[UUID] = set()
        for attempt_id, outcome in outcomes:
            attempt = self._state.attempts.get(attempt_id)
            if attempt is not None and attempt.outcome == Outcome.OPEN:
                self._state.attempts[attempt_id] = attempt._replace(outcome=int(outcome))
                said.add(attempt_id)
        return said

    async def standings(self, message_ids: Sequence[UUID]) -> Mapping[UUID, Standing]:
        return {one: self._state.messages[one].standing for one in message_ids if one in self._state.messages}

    async def move(self, moves: Sequence[Move], now: datetime) -> Mapping[UUID, UUID]:  # noqa: ARG002 - as the port says
        done: dict[UUID, UUID] = {}
        for move in moves:
            message = self._state.messages.get(move.before.id)
            if message is None or (message.standing.status, message.standing.parts) != (move.before.status, move.before.parts):
                continue
            standing = message.standing._replace(status=move.status, parts=move.parts, reason=move.reason)
            self._state.messages[move.before.id] = message._replace(standing=standing, flags=message.flags | move.flags)
            assert standing.contact_id is not None
            done[move.before.id] = standing.contact_id
        return done

    async def shift(self, shifts: Sequence[Shift], now: datetime) -> list[frozenset[UUID] | None]:  # noqa: ARG002 - as the port says
        return [self._shift(one) for one in shifts]

    def _shift(self, shift: Shift) -> frozenset[UUID] | None:
        moved = set()
        for identifier in shift.ids:
            message = self._state.messages.get(identifier)
            if message is not None and message.standing.status == shift.before and message.standing.parts is None:
                standing = message.standing._replace(status=shift.status, reason=shift.reason)
                self._state.messages[identifier] = message._replace(standing=standing)
                moved.add(identifier)
        return None if len(moved) == len(shift.ids) else frozenset(moved)

    async def find(self, channel_id: UUID, sought: Sequence[Sought], since: datetime) -> list[Found | None]:
        return [self._find(channel_id, one, since) for one in sought]

    def _find(self, channel_id: UUID, sought: Sought, since: datetime) -> Found | None:
        for attempt_id, (channel, row) in sorted(self._state.refs.items(), reverse=True):
            if channel != channel_id or row.provider_id != sought.provider_id or id_time(attempt_id) < _to_the_millisecond(since):
                continue
            message = self._state.messages[row.message_id]
            if message.address.endswith((sought.phone, sought.other)):
                standing = message.standing
                return Found(standing, row.part, len(standing.parts) if standing.parts else standing.segments, attempt_id)
        return None

    async def find_own(self, channel_id: UUID, message_ids: Sequence[UUID]) -> Mapping[UUID, Standing]:
        found = ((one, self._state.messages.get(one)) for one in message_ids)
        return {one: row.standing for one, row in found if row is not None and (row.channel_id, row.direction) == (channel_id, 2)}

    def receipts(self, channel_id: UUID, rows: Sequence[ReceiptRow]) -> None:
        self._state.receipts.update({row.id: (channel_id, row) for row in rows})

    async def adopt(self, channel_id: UUID, provider_ids: Sequence[str] | None, since: datetime) -> list[Orphan]:
        adopted: list[Orphan] = []
        for identifier, (channel, row) in list(self._state.receipts.items()):
            if channel != channel_id or row.message_id is not None or not row.provider_id:
                continue
            if provider_ids is not None and row.provider_id not in provider_ids:
                continue
            tail = row.address.lstrip("+0")[-AGREEING_DIGITS:]
            found = self._find(channel_id, Sought(row.provider_id, tail, tail), since)
            if found is not None:
                self._state.receipts[identifier] = (channel, row._replace(message_id=found.standing.id, part=found.part))
                adopted.append(Orphan(identifier, found.standing.id, found.part, row.status, row.error))
        return adopted

    async def place(self, channel_id: UUID, since: datetime, made_since: datetime) -> int:  # noqa: ARG002 - never certain of anything
        return 0

    async def has_orphans(self, channel_id: UUID, since: datetime) -> bool:
        return any(
            channel == channel_id and row.message_id is None and row.provider_id and id_time(identifier) >= _to_the_millisecond(since)
            for identifier, (channel, row) in self._state.receipts.items()
        )

    async def silent(self, channel_id: UUID, since: datetime, until: datetime) -> list[Standing]:
        return [
            one.standing
            for identifier, one in self._state.messages.items()
            if one.direction == 2 and one.channel_id == channel_id and since <= id_time(identifier) < until
            and one.standing.status in {Status.ACCEPTED, Status.ENROUTE}
        ]  # fmt: skip

    # ── receiving ───────────────────────────────────────────────────────────────────────────────────────

    async def lock(self) -> None:
        """Transactions run one after the other anyway."""

    async def house(self) -> House:
        return self._store.workspace

    async def unanswered(self, contact_ids: Sequence[UUID], since: datetime) -> Mapping[UUID, str]:
        told = {
            one.standing.contact_id
            for one in self._state.messages.values()
            if one.direction == 2 and one.flags & Flag.AUTOMATIC and id_time(one.standing.id) >= since
        }
        return dict.fromkeys((one for one in contact_ids if one not in told), "")

    async def people(self, addresses: Sequence[str]) -> Mapping[str, Person]:
        for address in addresses:
            self._state.people.setdefault(address, Person(new_id(), new_id(), 1))
        return {address: self._state.people[address] for address in addresses}

    async def threads(self, said: Sequence[Said]) -> list[Thread | None]:
        for one in said:
            thread = self._state.threads.get(one.contact_id) or Thread(new_id(), new_id(), 0, 0)
            self._state.threads[one.contact_id] = replace(thread, unread=thread.unread + one.unread, version=thread.version + 1)
        return [self._state.threads[one.contact_id] for one in said]

    async def stop(
        self,
        words: Sequence[Word],
        channel_id: UUID,  # noqa: ARG002 - as the port says
        at: datetime,
        source: Source = Source.KEYWORD,  # noqa: ARG002
        scope: str = "all",
    ) -> list[Changed]:
        if scope != "all":
            return [self._shut(word, self._state.shut, at) for word in words]
        return [self._consent(word, stop=True, at=at) for word in words]

    async def hold(self, words: Sequence[Word], channel_id: UUID, at: datetime) -> list[Changed]:  # noqa: ARG002 - as the port says
        return [self._shut(word, self._state.held, at) for word in words]

    def _shut(self, word: Word, shut: dict[UUID, datetime], at: datetime) -> Changed:
        """Marketing alone is shut."""
        person = self._person(word.identity_id)
        assert person is not None
        changed = word.identity_id not in shut
        shut.setdefault(word.identity_id, at)
        return Changed(word.identity_id, person.contact_id, changed)

    async def start(self, words: Sequence[Word], channel_id: UUID, at: datetime) -> list[Changed]:  # noqa: ARG002 - as the port says
        return [self._consent(word, stop=False, at=at) for word in words]

    async def asked(self, addresses: Sequence[str], now: datetime) -> set[str]:
        return {one for one in addresses if (waits := self._state.requests.get(one)) and waits.until > now and not waits.answered}

    async def join_form(self, word: str, contact_id: UUID) -> tuple[JoinForm, str] | None:  # noqa: ARG002 - nobody's language is known here
        form = next((one for one in self._store.forms if one.keyword == word), None)
        return (form, "") if form else None

    async def open_request(self, form: JoinForm, address: str, joiner: Joiner, token: str, now: datetime) -> bool:
        before = self._state.requests.get(address)
        if self._mask(self._state.people[address].identity_id) or (before and before.until > now):
            return False
        kept = request_params(self._store.workspace_id, form, joiner, token, now)
        self._state.requests[address] = Request(
            Confirmed(kept["id"], joiner, kept["shown"], kept["shown_any_hour"], form), kept["expires_at"]
        )
        return True

    async def confirm(self, address: str, answer: Joiner, channel_id: UUID, now: datetime) -> Confirmed | None:  # noqa: ARG002 - as the port says
        if not await self.asked([address], now) or self._mask(self._state.people[address].identity_id):
            return None
        waits = self._state.requests[address]
        self._state.requests[address] = replace(waits, answered=True)
        self._state.permitted[self._state.people[address].identity_id] = permissions_of(waits.confirmed, answer, now)[0][0].kind
        return waits.confirmed

    def _mask(self, identity_id: UUID) -> int:
        """As `consent_standing.stopped`: bit 0 everything, 6 marketing."""
        return int(identity_id in self._state.stopped) | (6 if identity_id in self._state.shut else 0)

    def _consent(self, word: Word, *, stop: bool, at: datetime) -> Changed:
        person = self._person(word.identity_id)
        assert person is not None
        changed = stop is not (word.identity_id in self._state.stopped)
        if not stop:
            changed = self._state.shut.pop(word.identity_id, None) is not None or changed
        if stop:
            self._state.stopped.setdefault(word.identity_id, at)
        else:
            self._state.stopped.pop(word.identity_id, None)
        if changed:
            address = next(address for address, one in self._state.people.items() if one.identity_id == word.identity_id)
            self._state.people[address] = person._replace(version=person.version + 1)
        return Changed(word.identity_id, person.contact_id, changed)

    def texts(self, channel_id: UUID, purpose: Purpose, rows: Sequence[InboundRow], now: datetime) -> None:  # noqa: ARG002 - as the port says
        for row in rows:
            standing = Standing(row.id, int(Status.RECEIVED), None, None, row.segments, None, row.contact_id)
            self._state.messages[row.id] = Message(
                standing, channel_id, row.identity_id, purpose, 1, row.flags, row.encoding, row.address, row.body, row.raw
            )

    async def keep_parts(self, channel_id: UUID, rows: Sequence[PartRow], now: datetime) -> list[PartSet]:
        for row in rows:
            if not any(
                _key(channel_id, row, number=True) == _key(channel, kept.row, number=True) for channel, kept in self._state.parts.values()
            ):
                self._state.parts[row.id] = (channel_id, Kept(row, now))
        keys = list(dict.fromkeys(_key(channel_id, row) for row in rows))
        return [self._take(key) for key in keys if len(self._siblings(key)) == key[-1]]

    async def has_late_parts(self, channel_id: UUID, before: datetime) -> bool:
        return bool(self._late(channel_id, before))

    async def late_parts(self, channel_id: UUID, before: datetime) -> list[PartSet]:
        return [self._take(key) for key in self._late(channel_id, before)]

    def _late(self, channel_id: UUID, before: datetime) -> list[tuple[Any, ...]]:
        keys = dict.fromkeys(_key(channel, kept.row) for channel, kept in self._state.parts.values() if channel == channel_id)
        return [key for key in keys if max(kept.at for kept in self._siblings(key).values()) < before]

    def _siblings(self, key: tuple[Any, ...]) -> dict[UUID, Kept]:
        return {identifier: kept for identifier, (channel, kept) in self._state.parts.items() if _key(channel, kept.row) == key}

    def _take(self, key: tuple[Any, ...]) -> PartSet:
        siblings = self._siblings(key)
        for identifier in siblings:
            del self._state.parts[identifier]
        rows = sorted((kept.row for kept in siblings.values()), key=lambda row: row.place.number)
        return PartSet(rows[0].source, rows[0].destination, rows[0].place.total, [row.pdu for row in rows])

    def reject(self, channel_id: UUID, pdu: bytes, problem: str, now: datetime) -> None:  # noqa: ARG002 - as the port says
        self._state.rejected[new_id()] = (pdu, problem)

    async def take_rejected(self, rejected_id: UUID, now: datetime) -> bool:  # noqa: ARG002 - as the port says
        return self._state.asked_again.pop(rejected_id, None) is not None

    def keep_rejected(self, rejected_id: UUID, problem: str) -> None:
        again = self._state.asked_again.pop(rejected_id)
        self._state.rejected[rejected_id] = (again.pdu, problem)

    async def take_calls(self, channel_id: UUID, call_ids: Sequence[UUID]) -> int:
        waiting = [one for one in call_ids if self._state.calls.get(one, (None,))[0] == channel_id]
        for one in waiting:
            del self._state.calls[one]
        return len(waiting)

    async def first_heard(self, channel_id: UUID, event_ids: Sequence[str]) -> set[str]:
        first = {one for one in event_ids if (channel_id, one) not in self._state.heard}
        self._state.heard.update(dict.fromkeys(((channel_id, one) for one in first), datetime.now(UTC)))
        return first

    def forget_heard(self, channel_id: UUID, before: datetime) -> None:
        for key in [key for key, at in self._state.heard.items() if key[0] == channel_id and at < before]:
            del self._state.heard[key]

    def accept(self, messages: Sequence[Outgoing]) -> None:
        for one in messages:
            standing = Standing(one.id, int(one.status), None, one.reason, one.segments, one.campaign_id, one.contact_id)
            self._state.messages[one.id] = Message(
                standing, one.channel_id, one.identity_id, one.purpose, 2, int(one.flags), int(one.encoding), one.address, one.body
            )
            if one.status in {Status.QUEUED, Status.DEFERRED}:
                outbound = Outbound(
                    one.id, one.identity_id, one.campaign_id, int(one.lane), int(one.delivery), one.segments, int(one.encoding), 0, int(one.flags),
                    one.not_before, one.not_after, one.stamp.identity_version, one.stamp.workspace_version, one.address, one.body,
                    one.send_by, one.arrive_by,
                )  # fmt: skip
                self._state.outbox[one.id] = (one.channel_id, outbound)
                self.woken.add(one.channel_id)

    # ── telling ─────────────────────────────────────────────────────────────────────────────────────────

    def tally(self, deltas: Mapping[tuple[UUID, Status, str], tuple[int, int]]) -> None:
        counts = Counter(self._state.tallies)
        counts.update({key: count for key, (count, _) in deltas.items()})
        self._state.tallies = dict(counts)

    def announce(self, facts: Sequence[Fact]) -> None:
        self._state.events.update({new_id(): fact for fact in facts})

    def _person(self, identity_id: UUID) -> Person | None:
        return next((person for person in self._state.people.values() if person.identity_id == identity_id), None)


def _is_due(one: Outbound, now: datetime) -> bool:
    return one.lane < Lane.HELD and one.not_before <= now


def _key(channel_id: UUID, row: PartRow, *, number: bool = False) -> tuple[Any, ...]:
    """What the parts of one text share, their total last; with `number`, what one part is known by."""
    place = row.place
    shared = (channel_id, row.source, row.destination, place.reference, place.width)
    return (*shared, place.number, place.total) if number else (*shared, place.total)


def _to_the_millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _open_attempt(attempt: Attempt, message: Message) -> OpenAttempt:
    rule = PURPOSE_RULES[message.purpose]
    made = id_time(attempt.message_id)
    outbound = Outbound(
        attempt.message_id, message.identity_id, message.standing.campaign_id, int(rule.lane), int(rule.delivery), message.standing.segments,
        message.encoding, 0, message.flags, made, made + rule.validity, 0, 0, message.address, message.body,
    )  # fmt: skip
    return OpenAttempt(attempt.id, attempt.part, message.purpose, message.standing, outbound)
