"""What carriers and providers send us over HTTP: kept as it came, by group commit, and answered 200 only after the commit (D11).

Nothing is understood here. Whoever speaks for the channel reads what is kept, hears of it by `textfirst_hooks`, and may read it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from cryptography.fernet import InvalidToken
from prometheus_client import CollectorRegistry, Counter
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from textfirst.channels.contract import Hooks as Kind
from textfirst.channels.registry import HOOKS
from textfirst.channels.rules.hooks import kept_headers, read_hook_path
from textfirst.core.errors import NotAllowed, NotFound
from textfirst.core.ids import new_id
from textfirst.database.keys import box, derived_key
from textfirst.database.named_sql import load
from textfirst.front.database import Database, as_owner
from textfirst.front.group_commit import AT_ONCE, GroupCommit
from textfirst.front.quick import Call
from textfirst.front.remembered import Remembered
from textfirst.front.work import Works

sql = load("textfirst.channels")


@dataclass(frozen=True, slots=True)
class Called:
    """A channel that its provider calls."""

    workspace_id: UUID
    id: UUID
    kind: Kind
    secrets: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Came:
    """One call, about to be kept."""

    id: UUID
    channel: Called
    headers: str  # JSON
    query: str
    body: bytes


class Hooks:
    """The addresses under `/hooks/`."""

    def __init__(self, url: str, database: Database, keys_file: Path, registry: CollectorRegistry) -> None:
        self._works = Works(url, most=AT_ONCE)
        self._database = database
        self._keys_file = keys_file
        self._key = derived_key(keys_file, "hook")
        self._group: GroupCommit[Came, None] = GroupCommit(self._commit)
        self._known: Remembered[UUID, Called | None] = Remembered(self._read)
        self._kept = Counter("textfirst_hooks_kept", "Calls of carriers and providers kept", registry=registry)

    async def run(self) -> None:
        """Commit until cancelled."""
        try:
            await self._group.run()
        finally:
            await self._works.close()

    def forget(self) -> None:
        """A channel was changed somewhere: ask again for all."""
        self._known.forget()

    async def take(self, call: Call) -> Response:
        """200 once it is kept. Raises NotFound, NotAllowed when the provider's signature is not there, Unavailable when it must come again."""
        channel = await self._channel(call.path)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in call.headers.items()}
        if not channel.kind.verify(headers, call.body, channel.secrets):
            raise NotAllowed("The signature of this call is not right. Check the secret at the provider and here.", code="signature_wrong")
        came = Came(new_id(), channel, json.dumps(kept_headers(headers)), call.query.decode("latin-1").replace("\0", ""), call.body)
        [problem] = await self._group.submit([came])
        if isinstance(problem, Exception):
            raise problem
        return Response(status_code=200)

    async def greet(self, request: Request) -> Response:
        """The handshake by which providers try an address: what they want to hear, when it is them who ask."""
        channel = await self._channel(request.url.path)
        said = channel.kind.challenge(dict(parse_qsl(request.url.query)), channel.secrets)
        if said is None:
            raise NotFound("There is nothing at this address.")
        return PlainTextResponse(said)

    # ---- whose address it is

    async def _channel(self, path: str) -> Called:
        channel_id = read_hook_path(path, self._key)
        channel = await self._known.find(channel_id) if channel_id else None
        if channel is None:
            raise NotFound("There is nothing at this address.")
        return channel

    async def _read(self, channel_id: UUID) -> Called | None:
        async with self._database.one() as connected, connected.transaction():
            await as_owner(connected)
            row = await (await connected.execute(sql.hook_channel, {"channel_id": channel_id})).fetchone()
        if row is None or row[2] not in HOOKS:
            return None
        workspace_id, identifier, kind, sealed = row
        return Called(workspace_id, identifier, HOOKS[kind], self._opened(bytes(sealed)))

    def _opened(self, sealed: bytes) -> dict[str, Any]:
        """A channel's secrets; none when the keys that sealed them are not here, so that no signature can be right."""
        if not sealed:
            return {}
        try:
            secrets: dict[str, Any] = json.loads(box(self._keys_file).decrypt(sealed))
        except InvalidToken:
            return {}
        return secrets

    # ---- keeping

    async def _commit(self, batch: Sequence[Came]) -> Sequence[None]:
        async with self._works.begin() as work:
            work.tell("set local role none")
            work.tell(sql.keep_hooks, **_rows(batch))
            for channel_id in {came.channel.id for came in batch}:
                work.tell("select pg_notify('textfirst_hooks', %(channel_id)s::text)", channel_id=channel_id)
        self._kept.inc(len(batch))
        return [None] * len(batch)


def _rows(batch: Sequence[Came]) -> Mapping[str, list[Any]]:
    return {
        "workspace_ids": [came.channel.workspace_id for came in batch],
        "ids": [came.id for came in batch],
        "channel_ids": [came.channel.id for came in batch],
        "headers": [came.headers for came in batch],
        "queries": [came.query for came in batch],
        "bodies": [came.body for came in batch],
    }
