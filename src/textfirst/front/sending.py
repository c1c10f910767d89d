"""A batch of sends in one transaction: who it is for, whether we may, and the rows.

The same statements and rules as the console's own action run here (`messages/actions.py`); only the driver differs, and the batch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from textfirst.contacts.rules.identities import find_or_make_params, identity_of
from textfirst.conversations.rules import open_params, threads_of
from textfirst.conversations.types import Said
from textfirst.core.addresses import Address
from textfirst.core.errors import InvalidInput, NotFound, TextfirstError
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.database.keys import derived_key
from textfirst.database.named_sql import load
from textfirst.decisions.rules import decide, facts_by_identity
from textfirst.decisions.types import Facts
from textfirst.events.rules import record_params
from textfirst.events.types import Fact
from textfirst.front.callers import Caller
from textfirst.front.database import bind_workspace
from textfirst.messages.rules.accepting import accept_params
from textfirst.messages.rules.composing import Composed
from textfirst.messages.rules.reasons import REASONS
from textfirst.messages.rules.sending import outgoing, refusal, repeated, shown_outgoing
from textfirst.messages.types import Flag, Outgoing, SendRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """A send that was read and found sound."""

    id: UUID
    caller: Caller
    request: SendRequest
    address: Address | None
    purpose: Purpose
    composed: Composed
    not_before: datetime
    not_after: datetime
    key: str | None
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Aim:
    """Whom a text goes to; without an identity there is no number."""

    contact_id: UUID
    identity_id: UUID | None


@dataclass(frozen=True, slots=True)
class Sender:
    """A channel of the workspace."""

    id: UUID
    kind: str
    enabled: bool


SIMULATOR = "simulator"  # the kind of channel that cannot leave the machine
TALKING = (Purpose.SUPPORT, Purpose.STAFF)  # purposes of which somebody shall see the thread

Answers = dict[UUID, dict[str, Any] | Exception]  # by the id of what was asked

CHANNELS = (
    "select id, kind, enabled from channel where workspace_id = %s and removed_at is null order by kind = 'simulator', not enabled, id"
)


async def accept_batch(
    connected: AsyncConnection[TupleRow], batch: Sequence[Asked], *, keys_file: Path, now: datetime
) -> list[dict[str, Any] | Exception]:
    """An answer or an error for each, in order; all that is accepted is committed when this returns."""
    answers: Answers = {}
    async with connected.transaction():
        for workspace_id, asked in _by_workspace(batch).items():
            await bind_workspace(connected, workspace_id)
            answers |= await _Send(connected, workspace_id, asked, derived_key(keys_file, "address"), now).run()
    return [answers[asked.id] for asked in batch]


def _by_workspace(batch: Iterable[Asked]) -> dict[UUID, list[Asked]]:
    grouped: dict[UUID, list[Asked]] = defaultdict(list)
    for asked in batch:
        grouped[asked.caller.workspace_id].append(asked)
    return dict(sorted(grouped.items()))  # one order of locks for everybody


class _Send:
    """What one workspace sends in one transaction."""

    def __init__(
        self, connected: AsyncConnection[TupleRow], workspace_id: UUID, asked: list[Asked], address_key: bytes, now: datetime
    ) -> None:
        self._connected = connected
        self._workspace_id = workspace_id
        self._asked = asked
        self._address_key = address_key
        self._now = now
        self._answers: Answers = {}
        self._happened: list[Fact] = []

    async def run(self) -> Answers:
        fresh = self._first_of_each_key(await self._without_known_keys(self._asked))
        ready = await self._decide(fresh)
        kept = await self._keep_keys(fresh, ready)
        written = await self._write([ready[asked.id] for asked in kept])
        for asked, message in zip(kept, written, strict=True):
            self._answers[asked.id] = shown_outgoing(message)
        await self._answer_keys(kept)
        self._answer_repeats()
        return self._answers

    # ---- Idempotency-Keys (D1)

    async def _without_known_keys(self, asked: list[Asked]) -> list[Asked]:
        """Answer from memory what was asked before under the same key."""
        keys = [one.key for one in asked if one.key]
        if not keys:
            return asked
        rows = await self._connected.execute(load("textfirst.messages").key, {"workspace_id": self._workspace_id, "keys": keys})
        known = {key: (bytes(fingerprint), response) async for key, fingerprint, _, response in rows}
        for one in asked:
            if one.key in known:
                self._answers[one.id] = _remembered(one, *known[one.key])
        return [one for one in asked if one.key not in known]

    def _first_of_each_key(self, asked: list[Asked]) -> list[Asked]:
        seen: set[str] = set()
        return [one for one in asked if not one.key or not (one.key in seen or seen.add(one.key))]  # type: ignore[func-returns-value]

    def _answer_repeats(self) -> None:
        """The same key twice in one batch: the first was sent, the others get its answer."""
        first = {one.key: one for one in reversed(self._asked) if one.key and one.id in self._answers}
        for one in self._asked:
            if one.id not in self._answers and one.key:
                original = first[one.key]
                answer = self._answers[original.id]
                self._answers[one.id] = _remembered(one, original.fingerprint, answer) if isinstance(answer, dict) else answer

    async def _keep_keys(self, fresh: list[Asked], ready: dict[UUID, Outgoing]) -> list[Asked]:
        """Reserve the keys of what will be sent; whoever lost a race for a key is answered with the winner's answer."""
        sent = [one for one in fresh if one.id in ready]
        keyed = [one for one in sent if one.key]
        if not keyed:
            return sent
        rows = await self._connected.execute(load("textfirst.messages").keep_key, self._key_rows(keyed))
        reserved = {key async for (key,) in rows}
        lost = [one for one in keyed if one.key not in reserved]
        await self._without_known_keys(lost)
        return [one for one in sent if not one.key or one.key in reserved]

    def _key_rows(self, keyed: list[Asked]) -> dict[str, object]:
        return {
            "workspace_id": self._workspace_id,
            "ids": [new_id() for _ in keyed],
            "keys": [one.key for one in keyed],
            "fingerprints": [one.fingerprint for one in keyed],
            "message_ids": [one.id for one in keyed],
            "responses": [None for _ in keyed],
        }

    async def _answer_keys(self, kept: list[Asked]) -> None:
        """Keep what is answered, for whoever asks again."""
        answered = {one.key: json.dumps(self._answers[one.id]) for one in kept if one.key}
        if answered:
            params = {"workspace_id": self._workspace_id, "keys": list(answered), "responses": list(answered.values())}
            await self._connected.execute(load("textfirst.messages").answer_keys, params)

    # ---- who, whether, by what

    async def _decide(self, fresh: list[Asked]) -> dict[UUID, Outgoing]:
        """What will be sent, by the id of what was asked; whatever may not be sent gets its error."""
        aims = await self._aims(fresh)
        facts = await self._facts(aim.identity_id for aim in aims.values() if aim.identity_id)
        channels = await self._channels()
        last = await self._last_channels([aim.contact_id for aim in aims.values()], channels)
        ready = {}
        for asked in fresh:
            try:
                known = _known(aims.get(asked.id), facts)
                ready[asked.id] = _outgoing(asked, known, _choose_channel(asked, channels, last.get(known.contact_id)), self._now)
            except TextfirstError as error:
                self._answers[asked.id] = error
        return ready

    async def _aims(self, fresh: list[Asked]) -> dict[UUID, Aim]:
        """Whom each send goes to, where there is such a person."""
        by_address = await self._made([asked.address for asked in fresh if asked.address])
        by_contact = await self._reached([asked.request.contact_id for asked in fresh if asked.request.contact_id])
        found = {asked.id: by_address[asked.address] if asked.address else by_contact.get(asked.request.contact_id) for asked in fresh}
        return {asked: aim for asked, aim in found.items() if aim}

    async def _made(self, addresses: list[Address]) -> dict[Address, Aim]:
        if not addresses:
            return {}
        params = find_or_make_params(self._workspace_id, addresses, self._address_key)
        rows = await self._connected.execute(load("textfirst.contacts").find_or_make, params)
        facts = [identity_of(row) async for row in rows]
        self._happened += [Fact("contact.updated", fact.contact_id, {}) for fact in facts if fact.created]
        return {fact.address: Aim(fact.contact_id, fact.identity_id) for fact in facts}

    async def _reached(self, contact_ids: list[UUID]) -> dict[UUID | None, Aim]:
        if not contact_ids:
            return {}
        params = {"workspace_id": self._workspace_id, "contact_ids": contact_ids}
        rows = await self._connected.execute(load("textfirst.contacts").reach, params)
        return {contact_id: Aim(contact_id, identity_id) async for contact_id, identity_id in rows}

    async def _facts(self, identity_ids: Iterable[UUID]) -> dict[UUID, Facts]:
        params = {"workspace_id": self._workspace_id, "identity_ids": list(identity_ids)}
        rows = await self._connected.execute(load("textfirst.decisions").facts, params)
        return dict(facts_by_identity(await rows.fetchall()))

    async def _channels(self) -> list[Sender]:
        return [Sender(*row) async for row in await self._connected.execute(CHANNELS, [self._workspace_id])]

    async def _last_channels(self, contact_ids: list[UUID], channels: list[Sender]) -> dict[UUID, UUID]:
        usable = [channel.id for channel in channels if channel.enabled]
        params = {"workspace_id": self._workspace_id, "contact_ids": contact_ids, "channel_ids": usable}
        rows = await self._connected.execute(load("textfirst.messages").last_channels, params)
        return {contact_id: channel_id async for contact_id, channel_id in rows}

    # ---- the rows

    async def _write(self, messages: list[Outgoing]) -> list[Outgoing]:
        """Messages in their conversations, outbox, events; one notification a channel. Returns them with their conversations."""
        if not messages:
            return []
        placed = await self._place(messages)
        await self._connected.execute(load("textfirst.messages").accept, accept_params(self._workspace_id, placed))
        for channel_id in {message.channel_id for message in placed}:
            await self._connected.execute("select pg_notify('textfirst_outbox', %s)", [str(channel_id)])
        facts = [
            Fact("message.sent", message.conversation_id or message.id, {"message_id": message.id, "contact_id": message.contact_id})
            for message in placed
        ]
        await self._connected.execute(load("textfirst.events").record, record_params(self._workspace_id, [*self._happened, *facts]))
        return placed

    async def _place(self, messages: list[Outgoing]) -> list[Outgoing]:
        """Each in the thread of its contact. A notice neither opens nor reopens one; an answer to a customer does."""
        said = [Said(m.contact_id, m.channel_id, m.id, self._now, opens=m.purpose in TALKING) for m in messages]
        rows = await self._connected.execute(load("textfirst.conversations").open, open_params(self._workspace_id, said))
        threads = threads_of(await rows.fetchall(), len(said))
        return [replace(m, conversation_id=thread.conversation_id if thread else None) for m, thread in zip(messages, threads, strict=True)]


def _known(aim: Aim | None, facts: dict[UUID, Facts]) -> Facts:
    if aim is None:
        raise NotFound("There is no such contact in this workspace.")
    if aim.identity_id is None:
        raise InvalidInput(REASONS["no_number"], code="no_number", fields={"contact_id": REASONS["no_number"]})
    return facts[aim.identity_id]


def _choose_channel(asked: Asked, channels: list[Sender], last: UUID | None) -> UUID:
    """The channel asked for, else the one last used with them, else the first that is on; a test key reaches the simulator only."""
    if asked.request.channel_id is not None:
        return _wanted(asked, channels)
    known = [channel for channel in channels if asked.caller.live or channel.kind == SIMULATOR]
    usable = [channel.id for channel in known if channel.enabled]
    if not usable:
        code = "channel_off" if known else "no_channel"
        raise InvalidInput(REASONS[code], code=code)
    return last if last in usable else usable[0]


def _wanted(asked: Asked, channels: list[Sender]) -> UUID:
    wanted = next((channel for channel in channels if channel.id == asked.request.channel_id), None)
    if wanted is None:
        raise NotFound("There is no such channel in this workspace.")
    if not asked.caller.live and wanted.kind != SIMULATOR:
        raise _wrong_channel("test_key", "A test key sends through the simulator only. Leave channel_id out, or use a live key.")
    if not wanted.enabled:
        raise _wrong_channel("channel_off", REASONS["channel_off"])
    return wanted.id


def _wrong_channel(code: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, code=code, fields={"channel_id": sentence})


def _outgoing(asked: Asked, facts: Facts, channel_id: UUID, now: datetime) -> Outgoing:
    """The message as it will be written; raises InvalidInput with the reason when it may not be sent."""
    decision = decide(facts, asked.purpose, now, not_before=asked.not_before, not_after=asked.not_after)
    refused = refusal(decision)
    if refused is not None:
        raise refused
    return outgoing(
        asked.id, facts=facts, decision=decision, composed=asked.composed, channel_id=channel_id, purpose=asked.purpose,
        not_before=asked.not_before, not_after=asked.not_after, api_key_id=asked.caller.key_id, flags=Flag(0) if asked.caller.live else Flag.TEST,
    )  # fmt: skip


def _remembered(asked: Asked, stored_fingerprint: bytes, response: dict[str, Any] | None) -> dict[str, Any] | Exception:
    try:
        return repeated(stored_fingerprint, response, asked.fingerprint)
    except TextfirstError as error:
        return error
