"""The store in PostgreSQL: the features' named SQL, run by psycopg.

A `Work` sends as little as it can as often as it must: what needs no answer waits until the next question or the commit, and
goes out with it in one write, so that a transaction costs two or three round trips however many statements it has.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg import errors
from psycopg.types.json import set_json_loads

from textfirst.channels.contract import ChannelFacts, Outbound
from textfirst.channels.rules.carriers import Sender
from textfirst.consent.rules.granting import grant_params, text_params
from textfirst.consent.rules.opting_in import confirmed_of, form_of, permissions_of, request_params
from textfirst.consent.types import Changed, Confirmed, Joiner, JoinForm, Source, Word
from textfirst.contacts.rules.identities import find_or_make_params
from textfirst.conversations.rules import open_params, threads_of
from textfirst.conversations.types import Said, Thread
from textfirst.core.addresses import TEL, Address, address_hash
from textfirst.core.ids import earliest_id, id_time, new_id, new_ids
from textfirst.core.purposes import PURPOSE_RULES, Purpose
from textfirst.database.named_sql import load
from textfirst.database.round_trip import RoundTrips, Rows
from textfirst.decisions.asking import InForce, in_force, read_policy, sent_params
from textfirst.decisions.record import Records, wishes_of
from textfirst.decisions.rules import facts_by_identity
from textfirst.decisions.types import Facts
from textfirst.engine.arrays import blobs, moments, numbers, smalls, texts, uuids
from textfirst.engine.clock import Clock
from textfirst.engine.connections import Connection, Connections, Plans, session_name
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
from textfirst.events.rules import record_params
from textfirst.events.types import Fact
from textfirst.messages.rules import velocity
from textfirst.messages.rules.accepting import accept_params
from textfirst.messages.types import Outcome, Outgoing, Status

LEASE_SECONDS: Final = 15.0
LEASE_MARGIN: Final = 2.0  # a node stops speaking this long before the others may begin

# Whatever else goes wrong with a statement is the fault of a row: the same rows would fail again.
_TRY_AGAIN: Final = (
    errors.OperationalError,
    errors.InterfaceError,
    errors.TransactionRollback,
    errors.QueryCanceled,
    errors.LockNotAvailable,
    errors.InvalidSqlStatementName,  # a connection whose server forgot what was prepared; the next try prepares anew
    errors.IdleInTransactionSessionTimeout,  # we were stopped in the middle of a transaction
    errors.ReadOnlySqlTransaction,  # a standby that is about to become the server
)

campaigns, channels, consent = load("textfirst.campaigns"), load("textfirst.channels"), load("textfirst.consent")
contacts, conversations, decisions = load("textfirst.contacts"), load("textfirst.conversations"), load("textfirst.decisions")
events, messages = load("textfirst.events"), load("textfirst.messages")

set_json_loads(json.loads)


def boot_time() -> float:
    """Seconds since the machine started, asleep or awake: the clock that leases are kept by."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class PostgresStore:
    """`address_key` is the key of suppressed addresses; `open_secrets` makes a dict of a channel's encrypted secrets, None when it cannot."""

    def __init__(self, url: str, *, address_key: bytes, open_secrets: Callable[[bytes], dict[str, Any] | None], node: str = "") -> None:
        self._connections = Connections(url, node)
        self._address_key = address_key
        self._open_secrets = open_secrets
        self.clock = Clock()

    @asynccontextmanager
    async def begin(self, workspace_id: UUID) -> AsyncIterator[PostgresWork]:
        with _understood():
            async with self._connections.one() as connection:
                work = PostgresWork(
                    connection, self._connections.trips(connection), self._connections.plans(connection), workspace_id, self._address_key
                )
                try:
                    yield work
                    await work.commit()
                except BaseException:  # cancelled as well: the connection goes back with no transaction open
                    await work.roll_back()
                    raise

    async def channels(self) -> list[ChannelFacts]:
        rows = await self._as_owner(channels.enabled, {})
        return [ChannelFacts._make((*row[:5], self._open_secrets(bytes(row[5])), *row[6:])) for row in rows]

    async def due(self, pairs: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
        rows = await self._as_owner(
            messages.due,
            {"workspace_ids": [workspace_id for workspace_id, _ in pairs], "channel_ids": [channel_id for _, channel_id in pairs]},
        )
        return {row[0] for row in rows}

    async def take_lease(self, workspace_id: UUID, channel_id: UUID, slot: int, node: str) -> Lease | None:
        asked = boot_time()
        async with self.begin(workspace_id) as work:
            gone = next(
                (row[0] for row in await work.ask(channels.holder, channel_id=channel_id, slot=slot) if is_gone(row[0], node)), None
            )
            rows = await work.ask(
                channels.take_lease, id=new_id(), channel_id=channel_id, slot=slot, node=node, gone=gone, seconds=LEASE_SECONDS
            )
        if not rows:
            return None
        epoch, settled_id, idle_since, holder, said = rows[0]
        self.clock.heard(said, asked, boot_time())
        if idle_since is not None and holder != node:
            await self._as_owner(channels.end_stopped, {"session": session_name(holder)})
        return Lease(workspace_id, channel_id, slot, node, epoch, asked + LEASE_SECONDS - LEASE_MARGIN, settled_id, idle_since)

    async def renew_lease(self, lease: Lease, settled_id: UUID | None) -> Lease | None:
        asked = boot_time()
        async with self.begin(lease.workspace_id) as work:
            rows = await work.ask(channels.renew_lease, **_lease(lease), settled_id=settled_id, seconds=LEASE_SECONDS)
        if rows:
            self.clock.heard(rows[0][0], asked, boot_time())
        return lease._replace(before=asked + LEASE_SECONDS - LEASE_MARGIN) if rows else None

    async def release_lease(self, lease: Lease, settled_id: UUID | None) -> None:
        async with self.begin(lease.workspace_id) as work:
            work.tell(channels.release_lease, **_lease(lease), settled_id=settled_id)

    async def open_attempts(self, lease: Lease) -> list[OpenAttempt]:
        async with self.begin(lease.workspace_id) as work:
            rows = await work.ask(
                messages.ambiguous,
                channel_id=lease.channel_id,
                slot=lease.slot,
                settled_id=lease.settled_id or UUID(int=0),
                epoch=lease.epoch,
            )
        return [_open_attempt(row) for row in rows]

    async def unsaid(self, lease: Lease) -> list[tuple[Standing, int]]:
        async with self.begin(lease.workspace_id) as work:
            rows = await work.ask(
                messages.unsaid, channel_id=lease.channel_id, settled_id=lease.settled_id or UUID(int=0), epoch=lease.epoch, slot=lease.slot
            )
        return [(_standing(row[:7]), row[7]) for row in rows]

    async def heard_before(self, lease: Lease, since: datetime) -> list[bytes]:
        async with self.begin(lease.workspace_id) as work:
            rows = await work.ask(messages.heard_before, channel_id=lease.channel_id, since=earliest_id(since))
        return [bytes(row[0]) for row in rows]

    async def calls(self, workspace_id: UUID, channel_id: UUID, limit: int) -> list[Call]:
        async with self.begin(workspace_id) as work:
            rows = await work.ask(channels.waiting_hooks, channel_id=channel_id, limit=limit)
        return [Call(identifier, headers, bytes(body)) for identifier, headers, body in rows]

    async def to_replay(self, workspace_id: UUID, channel_id: UUID, limit: int) -> list[PutAside]:
        async with self.begin(workspace_id) as work:
            rows = await work.ask(messages.to_replay, channel_id=channel_id, limit=limit)
        return [PutAside(identifier, bytes(pdu), came) for identifier, pdu, came in rows]

    async def report_health(self, workspace_id: UUID, channel_id: UUID, health: Health, rate: float) -> None:
        facts = dict(health.facts)
        async with self.begin(workspace_id) as work:
            rows = await work.ask(channels.health, id=channel_id, rate=rate, state=health.state, code=health.code, facts=json.dumps(facts))
            if rows[0][0]:
                work.announce(
                    [Fact("channel.updated", channel_id, {"health": {"state": health.state, "code": health.code, "facts": facts}})]
                )

    async def listen(self, heard: Callable[[str, str], None]) -> AsyncIterator[None]:
        with _understood():
            connection = await self._connections.fresh()
            async with connection:
                await connection.execute("listen textfirst_outbox")
                await connection.execute("listen textfirst_channels")
                await connection.execute("listen textfirst_hooks")
                yield
                async for notice in connection.notifies():
                    heard(notice.channel, notice.payload)

    async def close(self) -> None:
        await self._connections.close()

    async def _as_owner(self, sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
        """A look across workspaces: the few statements that say so run as the owner of the tables."""
        with _understood():
            async with self._connections.one() as connection, connection.transaction():
                await connection.execute("set local role none")
                cursor = await connection.execute(sql, params)
                return await cursor.fetchall()


class PostgresWork:
    """One transaction of one workspace; see `ports.Work`."""

    def __init__(self, connection: Connection, trips: RoundTrips, plans: Plans, workspace_id: UUID, address_key: bytes) -> None:
        self._connection = connection
        self._trips = trips
        self._workspace_id = workspace_id
        self._address_key = address_key
        self._plans = plans
        self._rows = 0  # of the largest batch in what waits
        self._house: House | None = None
        self._waiting: list[tuple[str, dict[str, Any] | None]] = [("begin", None)]
        self.tell("select set_config('textfirst.workspace', %(workspace_id)s::text, true)")

    # ── sending what was asked ──────────────────────────────────────────────────────────────────────────

    def tell(self, sql: str, **params: Any) -> None:
        """Send `sql` with the next question or the commit."""
        self._waiting.append((sql, {"workspace_id": self._workspace_id, **params}))

    async def ask(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """The rows of `sql`, after everything told before it."""
        return await self.ask_each(sql, [params])

    async def ask_each(self, sql: str, each: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
        """All rows of `sql` asked once with each of these parameters, in one round trip."""
        if not each:
            return []
        for params in each:
            self.tell(sql, **params)
        return [row for rows in (await self._send())[-len(each) :] for row in rows]

    async def commit(self) -> None:
        self._waiting.append(("commit", None))
        await self._send()

    async def roll_back(self) -> None:
        """Forget everything; a connection that cannot even do that is thrown away by its owner."""
        self._waiting.clear()
        if not self._connection.closed and self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            try:
                async with asyncio.timeout(5):
                    await self._connection.execute("rollback")
            except (psycopg.Error, TimeoutError):
                await self._connection.close()

    async def _send(self) -> list[Rows]:
        waiting, self._waiting = self._waiting, []
        if self._plans.are_old(self._rows):
            waiting.insert(0, ("discard plans", None))
        return await self._trips.ask(waiting)

    # ── sending messages ────────────────────────────────────────────────────────────────────────────────

    async def claim(self, lease: Lease, limit: int, after: Mapping[int, Point] = EVERYWHERE) -> list[Claimed]:
        self._rows = limit
        self.tell(messages.share_lock)
        since = earliest_id(datetime.now(UTC) - velocity.MADE_WITHIN)
        places = {
            "lanes": smalls(after),
            "moments": moments(at for at, _ in after.values()),
            "places": uuids([one for _, one in after.values()]),
        }
        rows = await self.ask(messages.claim, **_lease(lease), **places, limit=limit, since=since, few=velocity.FEWEST)
        return [Claimed(Outbound._make(row[:-1]), row[-1]) for row in rows]

    async def settings(self) -> InForce:
        return in_force(await self.ask(decisions.policy))

    async def facts(
        self, identity_ids: Sequence[UUID], purposes: Collection[Purpose] = (), now: datetime | None = None
    ) -> Mapping[UUID, Facts]:
        counted = sent_params(purposes, now or datetime.now(UTC))
        return facts_by_identity(await self.ask(decisions.facts, identity_ids=list(dict.fromkeys(identity_ids)), **counted))

    async def purposes(self, message_ids: Sequence[UUID]) -> Mapping[UUID, Wanted]:
        found = await self.ask(messages.purposes, ids=list(message_ids))
        return {row[0]: Wanted(Purpose(row[1]), row[2], wishes_of(row[3]).anchor) for row in found}

    def decided(self, records: Records, rows: Sequence[DecidedRow]) -> None:
        if records.rows:
            self.tell(decisions.keep, ids=list(records.rows), bodies=list(records.rows.values()))
        if rows:
            ids, message_ids, decision_ids, entry_ids = map(list, zip(*rows, strict=True))
            self.tell(decisions.later, ids=ids, message_ids=message_ids, decision_ids=decision_ids, consent_entry_ids=entry_ids)

    async def lately(self, identity_ids: Sequence[UUID], since: datetime, made_since: datetime) -> Mapping[UUID, list[datetime]]:
        rows = await self.ask(
            messages.lately,
            identity_ids=uuids(list(dict.fromkeys(identity_ids))),
            since=earliest_id(since),
            made_since=earliest_id(made_since),
        )
        tried: dict[UUID, list[datetime]] = {}
        for identity_id, attempt_id in rows:
            tried.setdefault(identity_id, []).append(id_time(attempt_id))
        return tried

    async def hold_back(self, message_ids: Sequence[UUID], reason: str, now: datetime) -> list[Waiting]:
        return [Waiting(*row) for row in await self.ask(messages.hold_back, ids=uuids(message_ids), reason=reason, now=now)]

    def attempt(self, lease: Lease, rows: Sequence[AttemptRow]) -> None:
        if rows:
            columns = _columns(rows, ids=uuids, message_ids=uuids, parts=smalls)
            self.tell(messages.attempt, channel_id=lease.channel_id, epoch=lease.epoch, node=lease.node, **columns)

    def requeue(self, channel_id: UUID, messages_: Sequence[Outbound]) -> None:
        if messages_:
            columns = _columns(
                messages_, ids=uuids, identity_ids=uuids, campaign_ids=uuids, lanes=numbers, deliveries=numbers, segments=numbers,
                encodings=numbers, attempts=numbers, flags=numbers, not_before=moments, not_after=moments, identity_versions=numbers,
                workspace_versions=numbers, addresses=texts, bodies=texts, send_by=moments, arrive_by=moments,
            )  # fmt: skip
            self.tell(messages.requeue, channel_id=channel_id, **columns)

    async def senders(self) -> list[Sender]:
        return [Sender(*row) for row in await self.ask(channels.senders)]

    def hand_over(self, targets: Sequence[tuple[UUID, UUID]]) -> None:
        if targets:
            ids, channel_ids = zip(*targets, strict=True)
            self.tell(messages.hand_over, ids=uuids(ids), channel_ids=uuids(channel_ids))
            for channel_id in set(channel_ids):
                self.tell(messages.wake_outbox, channel_id=channel_id)

    # ── answers and receipts ────────────────────────────────────────────────────────────────────────────

    def refs(self, channel_id: UUID, rows: Sequence[RefRow], *, again: bool = False) -> None:
        if rows:
            columns = _columns(rows, ids=uuids, message_ids=uuids, parts=smalls, provider_ids=texts)
            self.tell(messages.refs_again if again else messages.refs, channel_id=channel_id, **columns)

    async def outcomes(self, outcomes: Sequence[tuple[UUID, Outcome]]) -> set[UUID]:
        self._rows = len(outcomes)
        alike: dict[Outcome, list[UUID]] = {}
        for attempt_id, outcome in outcomes:
            alike.setdefault(outcome, []).append(attempt_id)
        rows = await self.ask_each(messages.outcomes, [{"ids": uuids(ids), "outcome": int(outcome)} for outcome, ids in alike.items()])
        return {row[0] for row in rows}

    async def standings(self, message_ids: Sequence[UUID]) -> Mapping[UUID, Standing]:
        self._rows = len(message_ids)
        rows = await self.ask(messages.standings, ids=list(message_ids))
        return {row[0]: _standing(row) for row in rows}

    async def move(self, moves: Sequence[Move], now: datetime) -> Mapping[UUID, UUID]:
        self._rows = len(moves)
        alike: dict[tuple[Any, ...], list[UUID]] = {}
        for move in moves:
            alike.setdefault((move.before.status, move.before.parts, *move[1:]), []).append(move.before.id)
        ways = [
            {
                "ids": uuids(ids), "now": now, "before": before, "status": status, "reason": reason, "flags": flags,
                "parts_before": _array(parts_before), "parts": _array(parts),
            }
            for (before, parts_before, status, parts, reason, flags), ids in alike.items()
        ]  # fmt: skip
        return dict(await self.ask_each(messages.move, ways))

    async def shift(self, shifts: Sequence[Shift], now: datetime) -> list[frozenset[UUID] | None]:
        self._rows = max((len(one.ids) for one in shifts), default=0)
        ways = [{"ids": uuids(one.ids), "now": now, "before": one.before, "status": one.status, "reason": one.reason} for one in shifts]
        rows = await self.ask_each(messages.shift, ways)
        return [None if count == len(one.ids) else frozenset(moved or ()) for one, (count, moved) in zip(shifts, rows, strict=True)]

    async def find(self, channel_id: UUID, sought: Sequence[Sought], since: datetime) -> list[Found | None]:
        self._rows = len(sought)
        columns = _columns(sought, provider_ids=texts, phones=texts, others=texts)
        rows = await self.ask(messages.find, channel_id=channel_id, since=earliest_id(since), **columns)
        found: list[Found | None] = [None] * len(sought)
        for row in rows:
            standing = _standing(row[1:8])
            found[row[0] - 1] = Found(standing, row[8], len(standing.parts) if standing.parts else standing.segments, row[9])
        return found

    async def find_own(self, channel_id: UUID, message_ids: Sequence[UUID]) -> Mapping[UUID, Standing]:
        self._rows = len(message_ids)
        rows = await self.ask(messages.find_own, channel_id=channel_id, ids=uuids(message_ids))
        return {row[0]: _standing(row) for row in rows}

    def receipts(self, channel_id: UUID, rows: Sequence[ReceiptRow]) -> None:
        if rows:
            columns = _columns(
                rows, ids=uuids, message_ids=uuids, parts=smalls, statuses=smalls, provider_ids=texts, errors=texts, addresses=texts, pdus=blobs
            )  # fmt: skip
            self.tell(messages.receipts, channel_id=channel_id, **columns)

    async def adopt(self, channel_id: UUID, provider_ids: Sequence[str] | None, since: datetime) -> list[Orphan]:
        if provider_ids is None:
            rows = await self.ask(messages.adopt_all, channel_id=channel_id, since=earliest_id(since))
        else:
            rows = await self.ask(messages.adopt, channel_id=channel_id, provider_ids=list(provider_ids), since=earliest_id(since))
        orphans = [Orphan(*row) for row in rows]
        if orphans:
            self.tell(
                messages.adopted, ids=uuids([one.id for one in orphans]), message_ids=uuids([one.message_id for one in orphans]),
                parts=numbers(one.part for one in orphans),
            )  # fmt: skip
        return orphans

    async def place(self, channel_id: UUID, since: datetime, made_since: datetime) -> int:
        return len(await self.ask(messages.place, channel_id=channel_id, since=earliest_id(since), made_since=earliest_id(made_since)))

    async def has_orphans(self, channel_id: UUID, since: datetime) -> bool:
        return bool((await self.ask(messages.has_orphans, channel_id=channel_id, since=earliest_id(since)))[0][0])

    async def silent(self, channel_id: UUID, since: datetime, until: datetime) -> list[Standing]:
        rows = await self.ask(messages.silent, channel_id=channel_id, since=earliest_id(since), until=earliest_id(until))
        return [_standing(row) for row in rows]

    # ── receiving ───────────────────────────────────────────────────────────────────────────────────────

    async def lock(self) -> None:
        self.tell(consent.lock)

    async def house(self) -> House:
        if self._house is None:
            [(name, language, version, settled, words)] = await self.ask(messages.house)
            self._house = House(name, language, version, read_policy(settled or "{}"), tuple(filter(None, words or ())), words is not None)
        return self._house

    async def unanswered(self, contact_ids: Sequence[UUID], since: datetime) -> Mapping[UUID, str]:
        return dict(await self.ask(conversations.unanswered, contact_ids=uuids(contact_ids), since=earliest_id(since)))

    async def people(self, addresses: Sequence[str]) -> Mapping[str, Person]:
        self._rows = len(addresses)
        wanted = [Address(TEL, address) for address in addresses]
        rows = await self.ask(contacts.find_or_make, **_own(find_or_make_params(self._workspace_id, wanted, self._address_key)))
        return {address: Person(contact_id, identity_id, version) for _, address, contact_id, identity_id, version, _ in rows}

    async def threads(self, said: Sequence[Said]) -> list[Thread | None]:
        return threads_of(await self.ask(conversations.open, **_own(open_params(self._workspace_id, said))), said)

    async def stop(
        self, words: Sequence[Word], channel_id: UUID, at: datetime, source: Source = Source.KEYWORD, scope: str = "all"
    ) -> list[Changed]:
        return await self._consent(consent.stop, words, channel_id, at, source=source, scope=scope)

    async def hold(self, words: Sequence[Word], channel_id: UUID, at: datetime) -> list[Changed]:
        return await self._consent(consent.hold, words, channel_id, at, scope="marketing", held=True)

    async def start(self, words: Sequence[Word], channel_id: UUID, at: datetime) -> list[Changed]:
        return await self._consent(consent.start, words, channel_id, at)

    async def asked(self, addresses: Sequence[str], now: datetime) -> set[str]:
        hashes = {self._hash(address): address for address in addresses}
        rows = await self.ask(consent.asked, address_hashes=list(hashes), now=now)
        return {hashes[bytes(row[0])] for row in rows}

    async def join_form(self, word: str, contact_id: UUID) -> tuple[JoinForm, str] | None:
        rows = await self.ask(consent.join_form, word=word, contact_id=contact_id)
        return (form_of(rows[0][:-1]), rows[0][-1]) if rows else None

    async def open_request(self, form: JoinForm, address: str, joiner: Joiner, token: str, now: datetime) -> bool:
        whose = replace(joiner, address_hash=self._hash(address))
        return bool(await self.ask(consent.open_request, **_own(request_params(self._workspace_id, form, whose, token, now))))

    async def confirm(self, address: str, answer: Joiner, channel_id: UUID, now: datetime) -> Confirmed | None:
        rows = await self.ask(consent.confirm_request, id=None, address_hash=self._hash(address), now=now)
        if not rows:
            return None
        confirmed = confirmed_of(rows[0])
        for permission, given in permissions_of(confirmed, answer, now):
            self.tell(consent.keep_text, **_own(text_params(self._workspace_id, permission)))
            self.tell(consent.grant, **_own(grant_params(self._workspace_id, [given], permission, now=now, channel_id=channel_id)))
        return confirmed

    def _hash(self, address: str) -> bytes:
        return address_hash(self._address_key, self._workspace_id, Address(TEL, address))

    async def _consent(
        self,
        sql: str,
        words: Sequence[Word],
        channel_id: UUID,
        at: datetime,
        *,
        source: Source = Source.KEYWORD,
        scope: str = "all",
        **more: bool,
    ) -> list[Changed]:
        rows = await self.ask(
            sql,
            identity_ids=[word.identity_id for word in words],
            entry_ids=[new_id() for _ in words],
            message_ids=[word.message_id for word in words],
            words=[word.words for word in words],
            keywords=[word.keyword for word in words],
            scope=scope,
            source=source.value,
            channel_id=channel_id,
            by_user_id=None,
            at=at,
            **more,
        )
        return [Changed(*row) for row in rows]

    def texts(self, channel_id: UUID, purpose: Purpose, rows: Sequence[InboundRow], now: datetime) -> None:
        columns = _columns(
            rows, ids=uuids, contact_ids=uuids, identity_ids=uuids, conversation_ids=uuids, flags=numbers, segments=numbers, encodings=numbers,
            addresses=texts, bodies=texts, raws=blobs,
        )  # fmt: skip
        self.tell(messages.texts, channel_id=channel_id, purpose=int(purpose), now=now, **columns)

    async def keep_parts(self, channel_id: UUID, rows: Sequence[PartRow], now: datetime) -> list[PartSet]:
        keys = {
            "sources": [row.source for row in rows],
            "destinations": [row.destination for row in rows],
            "references": [row.place.reference for row in rows],
            "widths": [row.place.width for row in rows],
            "totals": [row.place.total for row in rows],
        }
        self.tell(
            messages.keep_parts, channel_id=channel_id, now=now, **keys,
            ids=[row.id for row in rows], numbers=[row.place.number for row in rows], codings=[row.coding for row in rows],
            pdus=[row.pdu for row in rows],
        )  # fmt: skip
        return [PartSet(*row) for row in await self.ask(messages.whole_parts, channel_id=channel_id, **keys)]

    async def has_late_parts(self, channel_id: UUID, before: datetime) -> bool:
        return bool((await self.ask(messages.has_late_parts, channel_id=channel_id, before=before))[0][0])

    async def late_parts(self, channel_id: UUID, before: datetime) -> list[PartSet]:
        return [PartSet(*row) for row in await self.ask(messages.late_parts, channel_id=channel_id, before=before)]

    def reject(self, channel_id: UUID, pdu: bytes, problem: str, now: datetime) -> None:
        self.tell(messages.reject, id=new_id(), channel_id=channel_id, pdu=pdu, problem=problem, now=now)

    async def take_rejected(self, rejected_id: UUID, now: datetime) -> bool:
        return bool(await self.ask(messages.take_rejected, id=rejected_id, now=now))

    def keep_rejected(self, rejected_id: UUID, problem: str) -> None:
        self.tell(messages.keep_rejected, id=rejected_id, problem=problem)

    def accept(self, messages_: Sequence[Outgoing]) -> None:
        if messages_:
            self.tell(messages.accept, **_own(accept_params(self._workspace_id, messages_)))
            for channel_id in {message.channel_id for message in messages_}:
                self.tell(messages.wake_outbox, channel_id=channel_id)

    async def take_calls(self, channel_id: UUID, call_ids: Sequence[UUID]) -> int:
        self._rows = len(call_ids)
        return len(await self.ask(channels.take_hooks, channel_id=channel_id, ids=uuids(call_ids)))

    async def first_heard(self, channel_id: UUID, event_ids: Sequence[str]) -> set[str]:
        self._rows = len(event_ids)
        ids = uuids(new_ids(len(event_ids)))
        rows = await self.ask(channels.first_hook_events, channel_id=channel_id, ids=ids, event_ids=texts(event_ids))
        return {row[0] for row in rows}

    def forget_heard(self, channel_id: UUID, before: datetime) -> None:
        self.tell(channels.forget_hook_events, channel_id=channel_id, before=earliest_id(before))

    # ── telling ─────────────────────────────────────────────────────────────────────────────────────────

    def tally(self, deltas: Mapping[tuple[UUID, Status, str], tuple[int, int]]) -> None:
        if deltas:
            self.tell(
                campaigns.tally,
                ids=[new_id() for _ in deltas],
                campaign_ids=[key[0] for key in deltas],
                statuses=[int(key[1]) for key in deltas],
                reasons=[key[2] for key in deltas],
                messages=[counts[0] for counts in deltas.values()],
                segments=[counts[1] for counts in deltas.values()],
            )

    def announce(self, facts: Sequence[Fact]) -> None:
        if facts:
            self.tell(events.record, **_own(record_params(self._workspace_id, facts)))


@contextmanager
def _understood() -> Iterator[None]:
    """The driver's errors in the engine's two words."""
    try:
        yield
    except _TRY_AGAIN as error:
        raise StoreAway(f"The database did not do it now: {str(error).strip()}") from error
    except psycopg.Error as error:
        raise StoreRefused(str(error).strip()) from error


def _lease(lease: Lease) -> dict[str, Any]:
    return {"channel_id": lease.channel_id, "slot": lease.slot, "node": lease.node, "epoch": lease.epoch}


def _own(params: dict[str, Any]) -> dict[str, Any]:
    """Parameters that others made, without the workspace, which is always ours."""
    return {name: value for name, value in params.items() if name != "workspace_id"}


def _columns(rows: Sequence[Sequence[Any]], **kinds: Callable[[Sequence[Any]], str | bytes]) -> dict[str, str | bytes]:
    """The columns of `rows` by name, each as an array of its kind."""
    return {name: kind(column) for (name, kind), column in zip(kinds.items(), zip(*rows, strict=True), strict=True)}


def _array(parts: Sequence[int] | None) -> str | None:
    return None if parts is None else numbers(parts)


def _standing(row: Sequence[Any]) -> Standing:
    identifier, status, parts, reason, segments, campaign_id, contact_id = row
    return Standing(identifier, status, None if parts is None else tuple(parts), reason, segments, campaign_id, contact_id)


def _open_attempt(row: Sequence[Any]) -> OpenAttempt:
    """What the outbox row said is gone; the lane and the class follow from the purpose, and version 0 makes the claim decide again."""
    standing = _standing(row[3:10])
    purpose = Purpose(row[2])
    rule = PURPOSE_RULES[purpose]
    identity_id, encoding, flags, address, body = row[10:]
    made = datetime.fromtimestamp((standing.id.int >> 80) / 1000, tz=UTC)
    message = Outbound(
        standing.id, identity_id, standing.campaign_id, int(rule.lane), int(rule.delivery), standing.segments, encoding, 0, flags, made,
        made + rule.validity, 0, 0, address, body,
    )  # fmt: skip
    return OpenAttempt(row[0], row[1], purpose, standing, message)
