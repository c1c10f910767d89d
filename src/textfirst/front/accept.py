"""POST /messages and /messages/batch with a key: read, checked, committed together with whoever else is sending, answered after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
from prometheus_client import CollectorRegistry, Counter, Histogram
from psycopg.errors import DeadlockDetected, LockNotAvailable, UniqueViolation
from starlette.responses import Response

from textfirst.core import failpoints
from textfirst.core.addresses import Address, read_urn
from textfirst.core.errors import InvalidInput, TextfirstError, Unavailable
from textfirst.core.ids import new_id, new_ids
from textfirst.core.purposes import PURPOSE_RULES
from textfirst.database.keys import derived_key
from textfirst.decisions.asking import topics_of
from textfirst.decisions.types import Topic
from textfirst.front.callers import Caller
from textfirst.front.errors import foreseen
from textfirst.front.group_commit import AT_ONCE, GroupCommit
from textfirst.front.sending import Answer, Asked, Terms, accept_batch
from textfirst.front.work import Works
from textfirst.messages.rules.batches import problem_at, read_body, read_each, read_list, read_one
from textfirst.messages.rules.composing import compose_plain
from textfirst.messages.rules.sending import bounds, check_key, fingerprint_of, in_flight, read_anchor, read_purpose
from textfirst.messages.rules.templates import has_fields
from textfirst.messages.types import BatchItem, SendRequest

ADVERTISING = {purpose.word: purpose for purpose, rule in PURPOSE_RULES.items() if rule.marketing}
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
        checked = read(read_list(read_body(body)), caller, datetime.now(UTC))
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


def read(given: list[Any], caller: Caller, now: datetime) -> list[Asked | TextfirstError]:
    """The messages of a batch, or what is wrong with each."""
    reader, sent = Reader(caller, now), read_each(given)
    return [
        reader.checked(one, identifier) if isinstance(one, BatchItem) else one
        for one, identifier in zip(sent, new_ids(len(sent)), strict=True)
    ]  # fmt: skip


def ready(sent: SendRequest, caller: Caller, key: str | None, now: datetime) -> Asked:
    """Checked as far as can be without the database; raises InvalidInput naming the field."""
    return Reader(caller, now).ready(sent, key, new_id())


class Reader:
    """What one caller asks at one moment, made ready; what many ask alike is looked up once."""

    def __init__(self, caller: Caller, now: datetime) -> None:
        self._caller = caller
        self._now = now
        self._terms: dict[tuple[str, int | None, datetime | None, datetime | None, tuple[Topic, ...]], Terms] = {}

    def checked(self, sent: BatchItem, identifier: UUID) -> Asked | TextfirstError:
        """One message of a batch, or what is wrong with it."""
        try:
            return self.ready(sent, sent.idempotency_key, identifier)
        except TextfirstError as error:
            return error

    def ready(self, sent: SendRequest, key: str | None, identifier: UUID) -> Asked:
        return Asked(
            identifier,
            self._terms_of(sent),
            sent,
            _address(sent, self._caller) if sent.to is not None else None,
            None if has_fields(sent.text) else compose_plain(sent.text),
            check_key(key),
            fingerprint_of(sent) if key else b"",
        )

    def _terms_of(self, sent: SendRequest) -> Terms:
        topics = topics_of(sent.text, ADVERTISING[sent.purpose]) if sent.purpose in ADVERTISING else ()
        return self._terms.get((sent.purpose, sent.valid_for, sent.send_at, sent.anchor, topics)) or self._look_up(sent, topics)

    def _look_up(self, sent: SendRequest, topics: tuple[Topic, ...]) -> Terms:
        purpose = read_purpose(sent.purpose)
        anchor = read_anchor(sent.anchor)
        within = bounds(purpose, self._now, valid_for=sent.valid_for, send_at=sent.send_at, anchor=anchor)
        terms = Terms(self._caller, purpose, *within, topics, anchor)
        self._terms[sent.purpose, sent.valid_for, sent.send_at, sent.anchor, topics] = terms
        return terms


def _address(sent: SendRequest, caller: Caller) -> Address:
    try:
        return read_urn(sent.to or "", caller.country)
    except TextfirstError as error:
        raise InvalidInput(error.message, code=error.code, fields={"to": error.message}) from error


# ---- what is answered


def _results(results: Sequence[Answer], language: str) -> bytes:
    """What became of each message, in order; fields name their place, as `messages[3].to`."""
    items = [_ACCEPTED % result if isinstance(result, bytes) else _refused(place, result, language) for place, result in enumerate(results)]
    accepted = sum(isinstance(result, bytes) for result in results)
    return b'{"accepted":%d,"refused":%d,"items":[%b]}' % (accepted, len(results) - accepted, b",".join(items))


_ACCEPTED = b'{"status":202,"message":%b,"error":null}'


def _refused(place: int, error: Exception, language: str) -> bytes:
    known = foreseen(error)
    return orjson.dumps({"status": known.status, "message": None, "error": problem_at(place, known, language[:2].lower())})
