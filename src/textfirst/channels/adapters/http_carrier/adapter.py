"""A channel over HTTP: each text is a request of its own, several at a time. What the provider reports comes by its calls (`hooks.py`)."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Final
from uuid import UUID

from textfirst.channels.adapters.http_carrier import codec
from textfirst.channels.adapters.http_carrier.connection import Connection, Said, open_connection
from textfirst.channels.adapters.http_carrier.settings import HttpSettings
from textfirst.channels.contract import Answer, Arrival, CannotConnect, Cut, Delays, News, NoAnswer, NotWritten, Outbound, Part, Whole

FRESH: Final = 0.25  # seconds that a text may wait for a connection: what was decided longer ago is decided again
IDLE: Final = 4.0  # seconds a connection is kept for the next text; servers begin to close theirs at five
TICK: Final = 1.0  # seconds between looks at the clocks
TROUBLES: Final = 3  # answers in a row that say nothing but trouble (5xx); then we ask whether it is over before we send more


class HttpAdapter:
    """One HTTP channel, connected or not."""

    whole: Final = True

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings

    def cut(self, message: Outbound) -> Cut:
        """The provider makes the parts."""
        return Cut(0, (message.body.encode(),))

    def join(self, pdus: Sequence[bytes], total: int) -> Whole:  # noqa: ARG002 - texts come whole
        return Whole(None, b"".join(pdus), ())

    def reread(self, pdu: bytes) -> Arrival:
        return codec.arrivals(pdu)[0]

    async def connect(self, ring: Callable[[], None], may_speak: Callable[[], bool]) -> HttpLine:
        """Ask whether somebody is there who takes our key. Raises CannotConnect."""
        connection = await open_connection(self._settings)
        try:
            _judge(await _knock(connection, self._settings), self._settings)
        except BaseException:  # cancelled as well: a connection that nobody holds must not stay open
            connection.abort()
            raise
        line = HttpLine(self._settings, ring, may_speak)
        line.keep(connection)
        return line


async def _knock(connection: Connection, settings: HttpSettings) -> Said | None:
    said: asyncio.Future[Said | None] = asyncio.get_running_loop().create_future()
    connection.request(codec.knock(settings), lambda answer: None if said.done() else said.set_result(answer))
    try:
        async with asyncio.timeout(settings.answer_timeout):
            return await said
    except TimeoutError:
        raise CannotConnect("no_answer", where=settings.where, seconds=int(settings.answer_timeout)) from None


def _judge(said: Said | None, settings: HttpSettings) -> None:
    """Most providers answer a GET with 404 or 405: they are there. Raises CannotConnect when they are not, or do not know us."""
    if said is None:
        raise CannotConnect("unreachable", where=settings.where, why="the provider closed the connection")
    if said.status in {401, 403}:
        raise CannotConnect("key_refused", refused=True, wait_for_people=True, status=said.status)
    if said.status >= codec.FIRST_TROUBLE and said.status != 501:  # 501: it does not know GET
        raise CannotConnect("provider_trouble", status=said.status)


class _Asked:
    """A text under way."""

    __slots__ = ("at", "connection", "part")

    def __init__(self, part: Part, at: float) -> None:
        self.part = part
        self.at = at  # when we were asked to write it; once it is written, when that was
        self.connection: Connection | None = None  # on which it was written


class HttpLine:
    """Requests to one provider. Texts leave by a kept connection at once, or as soon as a new one is open."""

    def __init__(self, settings: HttpSettings, ring: Callable[[], None], may_speak: Callable[[], bool]) -> None:
        self._settings = settings
        self._ring = ring
        self._may_speak = may_speak
        self._head = codec.head(settings)
        self._loop = asyncio.get_running_loop()
        self._answers: list[Answer] = []
        self._flight: dict[UUID, _Asked] = {}  # by attempt
        self._idle: deque[Connection] = deque()  # the longest idle first
        self._opening: set[asyncio.Task[None]] = set()
        self._troubles = 0
        self._failing: str | None = None  # why no more is written; lost once what is under way has its answers
        self._ended: str | None = None
        self._delays = Delays()
        self._timer = self._loop.call_later(TICK, self._tick)

    # ── for the engine ──────────────────────────────────────────────────────────────────────────────────

    @property
    def room(self) -> int:
        return 0 if self._failing or self._ended else max(0, self._settings.window - len(self._flight))

    @property
    def lost(self) -> str | None:
        return self._ended or (None if self._flight else self._failing)

    @property
    def delays(self) -> Delays:
        return self._delays

    @property
    def proven(self) -> int:
        return 0  # nothing arrives by this line

    def write(self, parts: Sequence[Part]) -> None:
        now = self._loop.time()
        for part in parts:
            asked = self._flight[part.attempt_id] = _Asked(part, now)
            if self._failing or self._ended:
                self._answer(asked, NotWritten(part))
            elif (connection := self._kept()) is not None:
                self._send(connection, asked)
            else:
                task = self._loop.create_task(self._open_and_send(asked))
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)

    def take(self) -> News:
        news = News(self._answers, [])
        self._answers = []
        return news

    def acknowledge(self, tickets: Sequence[Hashable]) -> None:
        """Nothing arrives by this line."""

    def refuse(self, tickets: Sequence[Hashable]) -> None:
        """Nothing arrives by this line."""

    async def close(self) -> None:
        self.abort()

    def abort(self) -> None:
        self._end("closed by us")

    def keep(self, connection: Connection) -> None:
        """For the next text."""
        if connection.usable and not self._ended:
            connection.idle_since = self._loop.time()
            self._idle.append(connection)
        else:
            connection.abort()

    # ── a text ──────────────────────────────────────────────────────────────────────────────────────────

    def _kept(self) -> Connection | None:
        """The connection used last: the others may go."""
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        return None

    async def _open_and_send(self, asked: _Asked) -> None:
        try:
            connection = await open_connection(self._settings)
        except CannotConnect as error:
            self._failing = self._failing or str(error)
            self._answer(asked, NotWritten(asked.part))
            return
        if asked.part.attempt_id not in self._flight:  # the line ended meanwhile
            connection.abort()
        elif self._loop.time() - asked.at > FRESH:
            self.keep(connection)
            self._answer(asked, NotWritten(asked.part))
        else:
            self._send(connection, asked)

    def _send(self, connection: Connection, asked: _Asked) -> None:
        if not self._may_speak():
            connection.abort()
            self._end("closed by us")
            return
        asked.connection, asked.at = connection, self._loop.time()
        data = codec.request(self._head, asked.part, self._settings, time.time())
        connection.request(data, lambda said: self._on_answer(connection, asked, said))

    def _on_answer(self, connection: Connection, asked: _Asked, said: Said | None) -> None:
        if asked.part.attempt_id not in self._flight:
            return
        self._delays.add(self._loop.time() - asked.at)
        answer = NoAnswer(asked.part) if said is None else codec.answer(asked.part, said.status, said.body)
        self._heed(said)
        self._loop.call_soon(self.keep, connection)  # after the parser has done with it
        self._answer(asked, answer)

    def _heed(self, said: Said | None) -> None:
        """What an answer says of the provider as a whole."""
        troubled = said is None or said.status >= codec.FIRST_TROUBLE
        self._troubles = self._troubles + 1 if troubled else 0
        if self._troubles >= TROUBLES and self._failing is None:
            self._failing = "the provider ends our requests" if said is None else f"the provider answers with HTTP {said.status}"

    def _answer(self, asked: _Asked, answer: Answer) -> None:
        self._flight.pop(asked.part.attempt_id, None)
        self._answers.append(answer)
        self._ring()

    # ── clocks and ends ─────────────────────────────────────────────────────────────────────────────────

    def _tick(self) -> None:
        """Once a second: who waits too long?"""
        now = self._loop.time()
        late = [asked for asked in self._flight.values() if asked.connection and now - asked.at > self._settings.answer_timeout]
        for asked in late:
            assert asked.connection is not None
            asked.connection.abort()
        while self._idle and (now - self._idle[0].idle_since > IDLE or not self._idle[0].usable):
            self._idle.popleft().abort()
        if self._ended is None:
            self._timer = self._loop.call_later(TICK, self._tick)

    def _end(self, why: str) -> None:
        """Once, whoever was first: what was written has no answer, the rest was not written."""
        if self._ended is not None:
            return
        self._ended = why
        self._timer.cancel()
        flight, self._flight = list(self._flight.values()), {}
        self._answers += [NoAnswer(asked.part) if asked.connection else NotWritten(asked.part) for asked in flight]
        for connection in [*self._idle, *(asked.connection for asked in flight if asked.connection)]:
            connection.abort()
        self._idle.clear()
        for task in self._opening:
            task.cancel()
        self._ring()
