"""A batch of sends in one transaction: who it is for, whether we may, and the rows.

The same statements and rules as the console's own action run here (`messages/actions.py`); only the driver differs, and the batch.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from textfirst.contacts.rules.identities import find_or_make_params, identity_of
from textfirst.core.addresses import Address
from textfirst.core.errors import InvalidInput, NotFound, TextfirstError
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.database.keys import derived_key
from textfirst.database.named_sql import load
from textfirst.decisions.rules import decide, facts_by_identity
from textfirst.decisions.types import Facts
from textfirst.front.callers import Caller
from textfirst.front.database import bind_workspace
from textfirst.messages.rules.accepting import accept_params
from textfirst.messages.rules.composing import Composed
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
class Sender:
    """A channel of the workspace."""

    id: UUID
    kind: str
    enabled: bool


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

    async def run(self) -> Answers:
        fresh = self._first_of_each_key(await self._without_known_keys(self._asked))
        ready = await self._decide(fresh)
        kept = await self._keep_keys(fresh, ready)
        await self._write([ready[asked.id] for asked in kept])
        for asked in kept:
            self._answers[asked.id] = shown_outgoing(ready[asked.id])
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
        rows = await self._connected.execute(load("textfirst.messages").keep_key, self._key_rows(keyed, ready))
        reserved = {key async for (key,) in rows}
        lost = [one for one in keyed if one.key not in reserved]
        await self._without_known_keys(lost)
        return [one for one in sent if not one.key or one.key in reserved]

    def _key_rows(self, keyed: list[Asked], ready: dict[UUID, Outgoing]) -> dict[str, object]:
        return {
            "workspace_id": self._workspace_id,
            "ids": [new_id() for _ in keyed],
            "keys": [one.key for one in keyed],
            "fingerprints": [one.fingerprint for one in keyed],
            "message_ids": [one.id for one in keyed],
            "responses": [json.dumps(shown_outgoing(ready[one.id])) for one in keyed],
        }

    # ---- who, whether, by what

    async def _decide(self, fresh: list[Asked]) -> dict[UUID, Outgoing]:
        """What will be sent, by the id of what was asked; whatever may not be sent gets its error."""
        identities = await self._identities(fresh)
        facts = await self._facts(identities.values())
        channels = await self._channels()
        ready = {}
        for asked in fresh:
            try:
                channel = _choose_channel(asked, channels)
                ready[asked.id] = _outgoing(asked, _known(identities.get(asked.id), facts), channel, self._now)
            except TextfirstError as error:
                self._answers[asked.id] = error
        return ready

    async def _identities(self, fresh: list[Asked]) -> dict[UUID, UUID]:
        """The identity each send goes to, where there is one."""
        by_address = await self._made([asked.address for asked in fresh if asked.address])
        by_contact = await self._reached([asked.request.contact_id for asked in fresh if asked.request.contact_id])
        found = {asked.id: by_address[asked.address] if asked.address else by_contact.get(asked.request.contact_id) for asked in fresh}
        return {asked: identity for asked, identity in found.items() if identity}

    async def _made(self, addresses: list[Address]) -> dict[Address, UUID]:
        if not addresses:
            return {}
        params = find_or_make_params(self._workspace_id, addresses, self._address_key)
        rows = await self._connected.execute(load("textfirst.contacts").find_or_make, params)
        facts = [identity_of(row) async for row in rows]
        return {fact.address: fact.identity_id for fact in facts}

    async def _reached(self, contact_ids: list[UUID]) -> dict[UUID | None, UUID]:
        if not contact_ids:
            return {}
        params = {"workspace_id": self._workspace_id, "contact_ids": contact_ids}
        rows = await self._connected.execute(load("textfirst.contacts").reach, params)
        return {contact_id: identity_id async for contact_id, identity_id in rows}

    async def _facts(self, identity_ids: Iterable[UUID]) -> dict[UUID, Facts]:
        params = {"workspace_id": self._workspace_id, "identity_ids": list(identity_ids)}
        rows = await self._connected.execute(load("textfirst.decisions").facts, params)
        return dict(facts_by_identity(await rows.fetchall()))

    async def _channels(self) -> list[Sender]:
        return [Sender(*row) async for row in await self._connected.execute(CHANNELS, [self._workspace_id])]

    async def _write(self, messages: list[Outgoing]) -> None:
        if not messages:
            return
        await self._connected.execute(load("textfirst.messages").accept, accept_params(self._workspace_id, messages))
        for channel_id in {message.channel_id for message in messages}:
            await self._connected.execute("select pg_notify('textfirst_outbox', %s)", [str(channel_id)])


def _known(identity_id: UUID | None, facts: dict[UUID, Facts]) -> Facts:
    if identity_id not in facts:
        raise NotFound("There is no such contact in this workspace, or it has no phone number.", code="contact_not_found")
    return facts[identity_id]


def _choose_channel(asked: Asked, channels: list[Sender]) -> UUID:
    """The channel asked for, or the workspace's first that is on; a test key's messages go to the simulator whatever was asked."""
    wanted = asked.request.channel_id
    usable = [channel for channel in channels if asked.caller.live or channel.kind == "simulator"]
    matching = [channel for channel in usable if wanted in (None, channel.id)]
    if not matching:
        code = "no_channel" if wanted is None else "channel_not_found"
        raise InvalidInput(
            "No channel of this workspace can send this. Add one under Channels.", code=code, fields={"channel_id": "Not usable."}
        )
    if not matching[0].enabled:
        raise InvalidInput("The channel is switched off. Switch it on under Channels.", code="channel_off")
    return matching[0].id


def _outgoing(asked: Asked, facts: Facts, channel_id: UUID, now: datetime) -> Outgoing:
    """The message as it will be written; raises InvalidInput with the reason when it may not be sent."""
    decision = decide(facts, asked.purpose, now, not_before=asked.not_before)
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
