"""POST /messages with a key: read, checked, committed together with whoever else is sending, answered after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import orjson
from prometheus_client import CollectorRegistry, Counter, Histogram
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from textfirst.core.addresses import Address, read_urn
from textfirst.core.errors import InvalidInput, TextfirstError
from textfirst.core.ids import new_id
from textfirst.core.purposes import PURPOSE_RULES, Purpose
from textfirst.core.words import say
from textfirst.front.callers import Caller
from textfirst.front.database import connection
from textfirst.front.group_commit import GroupCommit
from textfirst.front.sending import Accepted, Asked, accept_batch
from textfirst.messages.rules.composing import MOST_SEGMENTS
from textfirst.messages.types import SendRequest
from textfirst.protocols import sms

LONGEST_BODY = 64 * 1024  # bytes
LONGEST_KEY = 255  # characters of an Idempotency-Key
FARTHEST = timedelta(days=400)  # ahead that a text may be planned


class Accept:
    """Sends of programs, by group commit."""

    def __init__(self, pool: AsyncConnectionPool[AsyncConnection[TupleRow]], keys_file: Path, registry: CollectorRegistry) -> None:
        self._pool = pool
        self._keys_file = keys_file
        self._group: GroupCommit[Asked, Accepted] = GroupCommit(self._commit)
        self._accepted = Counter("textfirst_messages_accepted", "Messages accepted by the API", registry=registry)
        self._batches = Histogram("textfirst_accept_batch", "Messages in one commit", buckets=(1, 5, 20, 100, 500), registry=registry)

    async def run(self) -> None:
        """Commit until cancelled."""
        await self._group.run()

    async def one(self, request: Request, caller: Caller) -> Response | None:
        """202 with the message; the errors of the API otherwise. None for a text with merge fields: the console fills those."""
        caller.needs("messages:send")
        asked = await read_request(request, caller, datetime.now(UTC))
        if "{{" in asked.request.text or "{%" in asked.request.text:
            return None
        answer = await self._group.submit(asked)
        return Response(answer.body, status_code=answer.status, media_type="application/json")

    async def _commit(self, batch: Sequence[Asked]) -> Sequence[Accepted | Exception]:
        async with connection(self._pool) as connected:
            answers = await accept_batch(connected, batch, keys_file=self._keys_file, now=datetime.now(UTC))
        self._batches.observe(len(batch))
        self._accepted.inc(sum(isinstance(answer, Accepted) for answer in answers))
        return answers


async def read_request(request: Request, caller: Caller, now: datetime) -> Asked:
    """What is asked, checked as far as can be without the database; raises InvalidInput naming the field."""
    body = await request.body()
    if len(body) > LONGEST_BODY:
        raise InvalidInput("This request is larger than 64 kB.", code="too_large")
    sent = _parsed(body)
    return Asked(
        id=new_id(),
        caller=caller,
        request=sent,
        address=_address(sent, caller),
        purpose=_purpose(sent),
        segments=_segments(sent),
        not_before=_not_before(sent, now),
        key=_key(request),
        fingerprint=sha256(orjson.dumps(sent.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)).digest(),
    )


def _parsed(body: bytes) -> SendRequest:
    try:
        return SendRequest.model_validate_json(body)
    except ValidationError as error:
        fields = {".".join(str(part) for part in fault["loc"]) or "body": fault["msg"] for fault in error.errors(include_url=False)}
        raise InvalidInput("Some of what was sent cannot be used.", fields=fields) from error


def _address(sent: SendRequest, caller: Caller) -> Address | None:
    if sent.to is None:
        return None
    try:
        return read_urn(sent.to, caller.country)
    except TextfirstError as error:
        raise InvalidInput(error.message, code=error.code, fields={"to": error.message}) from error


def _purpose(sent: SendRequest) -> Purpose:
    try:
        return Purpose[sent.purpose.upper()]
    except KeyError:
        known = ", ".join(purpose.word for purpose in PURPOSE_RULES)
        sentence = say("There is no purpose “{purpose}”. Use one of {known}.", purpose=sent.purpose, known=known)
        raise InvalidInput(sentence, code="purpose_unknown", fields={"purpose": sentence}) from None


def _segments(sent: SendRequest) -> sms.Segments:
    segments = sms.plan(sent.text)
    if segments.parts > MOST_SEGMENTS:
        sentence = say(
            "This text would be {parts} parts; {most} is the most that phones join reliably. Shorten it.",
            parts=segments.parts,
            most=MOST_SEGMENTS,
        )
        raise InvalidInput(sentence, code="text_too_long", fields={"text": sentence})
    return segments


def _not_before(sent: SendRequest, now: datetime) -> datetime:
    if sent.send_at is None:
        return now
    if sent.send_at.tzinfo is None:
        raise InvalidInput("Give send_at with its zone, for example 2026-12-01T09:00:00+02:00.", fields={"send_at": "The zone is missing."})
    if sent.send_at > now + FARTHEST:
        raise InvalidInput("send_at is more than 400 days ahead.", fields={"send_at": "Too far ahead."})
    return max(now, sent.send_at)


def _key(request: Request) -> str | None:
    key = request.headers.get("idempotency-key")
    if key is not None and not 0 < len(key) <= LONGEST_KEY:
        raise InvalidInput("An Idempotency-Key has 1 to 255 characters.", code="idempotency_key_invalid")
    return key
