"""POST /messages with a key: read, checked, committed together with whoever else is sending, answered after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from prometheus_client import CollectorRegistry, Counter, Histogram
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from textfirst.core.addresses import Address, read_urn
from textfirst.core.errors import BadRequest, InvalidInput, TextfirstError
from textfirst.core.faults import INVALID, by_field
from textfirst.core.ids import new_id
from textfirst.core.strict_json import UNREADABLE, read_json
from textfirst.front.callers import Caller
from textfirst.front.database import connection
from textfirst.front.group_commit import GroupCommit
from textfirst.front.sending import Asked, accept_batch
from textfirst.messages.rules.composing import compose
from textfirst.messages.rules.sending import bounds, check_key, fingerprint, read_purpose
from textfirst.messages.rules.templates import Around, Person
from textfirst.messages.types import SendRequest

LONGEST_BODY = 64 * 1024  # bytes


class Accept:
    """Sends of programs, by group commit."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[TupleRow]], keys_file: Path, registry: CollectorRegistry) -> None:
        self._pool = pool
        self._keys_file = keys_file
        self._group: GroupCommit[Asked, dict[str, Any]] = GroupCommit(self._commit)
        self._accepted = Counter("textfirst_messages_accepted", "Messages accepted by the API", registry=registry)
        self._batches = Histogram("textfirst_accept_batch", "Messages in one commit", buckets=(1, 5, 20, 100, 500), registry=registry)

    async def run(self) -> None:
        """Commit until cancelled."""
        await self._group.run()

    async def one(self, request: Request, caller: Caller) -> Response | None:
        """202 with the message; the errors of the API otherwise. None for a text with merge fields: the console fills those."""
        caller.needs("messages:send")
        sent = await read_body(request)
        if "{{" in sent.text or "{%" in sent.text:
            return None
        asked = ready(sent, caller, request.headers.get("idempotency-key"), datetime.now(UTC))
        return Response(orjson.dumps(await self._group.submit(asked)), status_code=202, media_type="application/json")

    async def _commit(self, batch: Sequence[Asked]) -> Sequence[dict[str, Any] | Exception]:
        async with connection(self._pool) as connected:
            answers = await accept_batch(connected, batch, keys_file=self._keys_file, now=datetime.now(UTC))
        self._batches.observe(len(batch))
        self._accepted.inc(sum(isinstance(answer, dict) for answer in answers))
        return answers


async def read_body(request: Request) -> SendRequest:
    """What is asked; raises InvalidInput naming the fields that cannot be used."""
    body = await request.body()
    if len(body) > LONGEST_BODY:
        raise InvalidInput("This request is larger than 64 kB.", code="too_large")
    try:
        return SendRequest.model_validate(read_json(body))
    except ValidationError as error:
        raise InvalidInput(INVALID, fields=by_field(error.errors(include_url=False))) from error
    except ValueError as error:
        raise BadRequest(UNREADABLE) from error


def ready(sent: SendRequest, caller: Caller, key: str | None, now: datetime) -> Asked:
    """Checked as far as can be without the database; raises InvalidInput naming the field."""
    purpose = read_purpose(sent.purpose)
    not_before, not_after = bounds(purpose, now, valid_for=sent.valid_for, send_at=sent.send_at)
    return Asked(
        id=new_id(),
        caller=caller,
        request=sent,
        address=_address(sent, caller),
        purpose=purpose,
        composed=compose(sent.text, Person(), Around()),
        not_before=not_before,
        not_after=not_after,
        key=check_key(key),
        fingerprint=fingerprint(sent.model_dump(mode="json")),
    )


def _address(sent: SendRequest, caller: Caller) -> Address | None:
    if sent.to is None:
        return None
    try:
        return read_urn(sent.to, caller.country)
    except TextfirstError as error:
        raise InvalidInput(error.message, code=error.code, fields={"to": error.message}) from error
