"""Many requests, one commit: whoever arrives while a commit is under way shares the next one.

A request brings one item or many (a batch), and is answered only after the commit that carries them all. An idle front commits a lone request at
once, a busy one commits hundreds together: while a commit is under way those who arrive gather for the next one, which begins beside it only when
they are many (`PAYS`) or it takes long (`LONG`). Two half as large cost a fifth more. What waits is bounded: beyond `LONGEST_QUEUE` a caller is told
to come back.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from textfirst.core.errors import Unavailable

Item = TypeVar("Item")
Answer = TypeVar("Answer")

BATCH = 1000  # items in one transaction, what one request may bring: beyond, latency grows faster than throughput
AT_ONCE = 2  # commits under way: one computes while the other waits for the disk
PAYS = 250  # items that are worth a commit beside the one under way: what is spent on each no longer depends on how many there are
LONG = 0.05  # seconds after which a commit is waited for no longer; one that somebody's lock holds up must not hold up everybody
TICK = 0.002  # seconds that a timer may be early
LONGEST_QUEUE = 10_000  # items, about a second's worth at full speed
LONGEST_WAIT = 10.0  # seconds before a commit is begun; a database that has become slow must not answer those who have given up


@dataclass(frozen=True, slots=True)
class Waiting(Generic[Item, Answer]):
    """A request until its commit is done."""

    items: Sequence[Item]
    answers: asyncio.Future[Sequence[Answer | Exception]]
    since: float


class GroupCommit(Generic[Item, Answer]):
    """`submit` items, get their answers; `commit` takes a batch and returns an answer or an exception for each, in order."""

    def __init__(self, commit: Callable[[Sequence[Item]], Awaitable[Sequence[Answer | Exception]]]) -> None:
        self._commit = commit
        self._waiting: deque[Waiting[Item, Answer]] = deque()
        self._queued = 0  # items in `_waiting`
        self._under_way = 0  # commits
        self._waited_for_until = 0.0  # by the monotonic clock: how long others are held back for the sake of the last one begun
        self._due = asyncio.Event()  # there is a commit to begin

    async def submit(self, items: Sequence[Item]) -> Sequence[Answer | Exception]:
        """What the commit said of each of `items`, at most `BATCH`, after it; raises Unavailable when too many wait already."""
        if self._queued >= LONGEST_QUEUE:
            raise _busy()
        answers: asyncio.Future[Sequence[Answer | Exception]] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(items, answers, time.monotonic()))
        self._queued += len(items)
        self._ring()
        return await answers

    async def run(self) -> None:
        """Commit batches until cancelled."""
        await asyncio.gather(*(self._loop() for _ in range(AT_ONCE)))

    async def _loop(self) -> None:
        while True:
            while not self._due.is_set():
                await self._due.wait()
            batch = self._next()
            if batch:
                await self._beside_others(batch)
            else:
                self._ring()

    async def _beside_others(self, batch: list[Waiting[Item, Answer]]) -> None:
        """Commit a batch, and look who waits when it has begun, when it takes long, and when it is done."""
        self._under_way += 1
        self._waited_for_until = time.monotonic() + LONG
        asyncio.get_running_loop().call_later(LONG + TICK, self._ring)
        self._ring()
        try:
            await self._commit_all(batch)
        finally:
            self._under_way -= 1
            self._ring()

    def _ring(self) -> None:
        """Wake a loop when there is a commit to begin; let them rest when there is none."""
        alone = not self._under_way or time.monotonic() >= self._waited_for_until
        if self._waiting and (alone or self._queued >= PAYS):
            self._due.set()
        else:
            self._due.clear()

    def _next(self) -> list[Waiting[Item, Answer]]:
        """The requests of the next commit: as many as fit, whole."""
        batch: list[Waiting[Item, Answer]] = []
        size, too_old = 0, time.monotonic() - LONGEST_WAIT
        while self._waiting and (not batch or size + len(self._waiting[0].items) <= BATCH):
            waiting = self._waiting.popleft()
            self._queued -= len(waiting.items)
            if waiting.since < too_old:
                _settle(waiting, [_busy()] * len(waiting.items))
            elif not waiting.answers.done():  # else the caller went away before anything was begun
                batch.append(waiting)
                size += len(waiting.items)
        return batch

    async def _commit_all(self, batch: list[Waiting[Item, Answer]]) -> None:
        answers = await self._answers([item for waiting in batch for item in waiting.items])
        place = 0
        for waiting in batch:
            _settle(waiting, answers[place : place + len(waiting.items)])
            place += len(waiting.items)

    async def _answers(self, items: Sequence[Item]) -> Sequence[Answer | Exception]:
        """Answers of one commit. An unforeseen failure is looked for by halving, so that one bad item fails alone."""
        try:
            return await self._commit(items)
        except Unavailable as away:
            return [away] * len(items)
        except Exception as fault:  # noqa: BLE001 - handed to the caller it belongs to
            if len(items) == 1:
                return [fault]
            half = len(items) // 2
            return [*await self._answers(items[:half]), *await self._answers(items[half:])]


def _settle(waiting: Waiting[Item, Answer], answers: Sequence[Answer | Exception]) -> None:
    if not waiting.answers.done():  # else the caller went away
        waiting.answers.set_result(answers)


def _busy() -> Unavailable:
    return Unavailable("Too many requests are waiting. Come back in a moment.", code="busy")
