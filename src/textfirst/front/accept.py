"""POST /messages and /messages/batch with a key: read, checked, committed together with whoever else is sending, answered after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from prometheus_client import CollectorRegistry, Counter, Histogram
from psycopg.errors import DeadlockDetected, LockNotAvailable, UniqueViolation
from starlette.responses import Response

from textfirst.core import failpoints
from textfirst.core.addresses import Address, read_urn
from textfirst.core.errors import InvalidInput, TextfirstError, Unavailable
from textfirst.core.ids import new_id
from textfirst.database.keys import derived_key
from textfirst.front.callers import Caller
from textfirst.front.errors import foreseen
from textfirst.front.group_commit import AT_ONCE, GroupCommit
from textfirst.front.sending import Answer, Asked, accept_batch
from textfirst.front.work import Works
from textfirst.messages.rules.batches import problem_at, read_body, read_list, read_one
from textfirst.messages.rules.composing import compose_plain
from textfirst.messages.rules.sending import bounds, check_key, fingerprint, in_flight, read_purpose
from textfirst.messages.rules.templates import has_fields
from textfirst.messages.types import BatchItem, SendRequest

LONGEST_BODY = 64 * 1024  # bytes of one message
BUSY = "Somebody else is writing to the same place. Come back in a moment."
ASKED_AGAIN = 3  # times that a commit is begun anew because another process kept one of its keys meanwhile


class Accept:
    """Sends of programs, by group commit."""

    def __init__(self, url: str, keys_file: Path, registry: CollectorRegistry) -> None:
        self._works = Works(url, most=AT_ONCE)
        self._address_key = derived_key(keys_file, "address")
        self._group: GroupCommit[Asked, bytes] = GroupCommit(self._commit)
        self._accepted = Counter("textfirst_messages_accepted", "Messages accepted by the API", registry=registry)
        self._batches = Histogram("textfirst_accept_batch", "Messages in one commit", buckets=(1, 5, 20, 100, 500, 1000), registry=registry)

    async def run(self) -> None:
        """Commit until cancelled."""
        try:
            await self._group.run()
        finally:
            await self._works.close()

    async def one(self, body: bytes, caller: Caller, key: str | None) -> Response:
        """202 with the message; raises the errors of the API otherwise."""
        caller.needs("messages:send")
        [answer] = await self._group.submit([ready(read_one(SendRequest, read_body(body)), caller, key, datetime.now(UTC))])
        if isinstance(answer, Exception):
            raise answer
        return Response(answer, status_code=202, media_type="application/json")

    async def batch(self, body: bytes, caller: Caller, language: str) -> Response:
        """200 with what became of each, in order. Raises for a request that cannot be read as a whole, or when nothing could be saved."""
        caller.needs("messages:send")
        now = datetime.now(UTC)
        checked = [_checked(item, caller, now) for item in read_list(read_body(body))]
        fit = [one for one in checked if isinstance(one, Asked)]
        answers = iter(await self._group.submit(fit) if fit else ())
        results = [next(answers) if isinstance(one, Asked) else one for one in checked]
        away = next((result for result in results if isinstance(result, Unavailable)), None)
        if away is not None and not any(isinstance(result, bytes) for result in results):
            raise away
        return Response(_results(results, language), media_type="application/json")

    async def _commit(self, batch: Sequence[Asked]) -> Sequence[Answer]:
        """Raises Conflict when somebody has held one of the keys for long: then the batch is halved until that one is alone."""
        for _ in range(ASKED_AGAIN):
            try:
                async with self._works.begin() as work:
                    answers = await accept_batch(work, batch, address_key=self._address_key, now=datetime.now(UTC))
                    if failpoints.armed:
                        failpoints.reach("front.before_commit")
                break
            except LockNotAvailable as held:
                raise (in_flight() if any(one.key for one in batch) else Unavailable(BUSY, code="busy")) from held
            except (UniqueViolation, DeadlockDetected) as raced:
                lost = raced
        else:
            raise lost
        if failpoints.armed:
            failpoints.reach("front.committed")
        self._batches.observe(len(batch))
        self._accepted.inc(sum(isinstance(answer, bytes) for answer in answers))
        return answers


# ---- what is asked


def _checked(item: Any, caller: Caller, now: datetime) -> Asked | TextfirstError:
    """One message of a batch, or what is wrong with it."""
    try:
        sent = read_one(BatchItem, item)
        return ready(sent, caller, sent.idempotency_key, now)
    except TextfirstError as error:
        return error


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
        composed=None if has_fields(sent.text) else compose_plain(sent.text),
        not_before=not_before,
        not_after=not_after,
        key=check_key(key),
        fingerprint=fingerprint(sent.model_dump(mode="json", exclude={"idempotency_key"})) if key else b"",
    )


def _address(sent: SendRequest, caller: Caller) -> Address | None:
    if sent.to is None:
        return None
    try:
        return read_urn(sent.to, caller.country)
    except TextfirstError as error:
        raise InvalidInput(error.message, code=error.code, fields={"to": error.message}) from error


# ---- what is answered


def _results(results: Sequence[Answer], language: str) -> bytes:
    """What became of each message, in order; fields name their place, as `messages[3].to`."""
    items = [_result(place, result, language) for place, result in enumerate(results)]
    accepted = sum(isinstance(result, bytes) for result in results)
    return orjson.dumps({"accepted": accepted, "refused": len(results) - accepted, "items": items})


def _result(place: int, result: Answer, language: str) -> dict[str, Any]:
    if isinstance(result, bytes):
        return {"status": 202, "message": orjson.Fragment(result), "error": None}
    known = foreseen(result)
    return {"status": known.status, "message": None, "error": problem_at(place, known, language[:2].lower())}
