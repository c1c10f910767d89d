"""Many requests, one commit: whoever arrives while a commit is under way shares the next one.

A request brings one item or many (a batch), and is answered only after the commit that carries them all. Nothing waits on purpose: an idle front
commits a lone request at once, a busy one commits hundreds together. What waits is bounded: beyond `LONGEST_QUEUE` a caller is told to come back.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from textfirst.core.errors import Unavailable

Item = TypeVar("Item")
Answer = TypeVar("Answer")

BATCH = 1000  # items in one transaction, what one request may bring: beyond, latency grows faster than throughput
AT_ONCE = 2  # commits under way: one computes while the other waits for the disk
LONGEST_QUEUE = 10_000  # items, about a second's worth at full speed


class GroupCommit(Generic[Item, Answer]):
    """`submit` items, get their answers; `commit` takes a batch and returns an answer or an exception for each, in order."""

    def __init__(self, commit: Callable[[Sequence[Item]], Awaitable[Sequence[Answer | Exception]]]) -> None:
        self._commit = commit
        self._waiting: deque[tuple[Sequence[Item], asyncio.Future[Sequence[Answer | Exception]]]] = deque()
        self._queued = 0  # items in `_waiting`
        self._arrived = asyncio.Event()

    async def submit(self, items: Sequence[Item]) -> Sequence[Answer | Exception]:
        """What the commit said of each of `items`, at most `BATCH`, after it; raises Unavailable when too many wait already."""
        if self._queued >= LONGEST_QUEUE:
            raise Unavailable("Too many requests are waiting. Come back in a moment.", code="busy")
        answers: asyncio.Future[Sequence[Answer | Exception]] = asyncio.get_running_loop().create_future()
        self._waiting.append((items, answers))
        self._queued += len(items)
        self._arrived.set()
        return await answers

    async def run(self) -> None:
        """Commit batches until cancelled."""
        await asyncio.gather(*(self._loop() for _ in range(AT_ONCE)))

    async def _loop(self) -> None:
        while True:
            await self._arrived.wait()
            batch = self._next()
            if batch:
                await self._settle(batch)

    def _next(self) -> list[tuple[Sequence[Item], asyncio.Future[Sequence[Answer | Exception]]]]:
        """The requests of the next commit: as many as fit, whole."""
        batch: list[tuple[Sequence[Item], asyncio.Future[Sequence[Answer | Exception]]]] = []
        size = 0
        while self._waiting and (not batch or size + len(self._waiting[0][0]) <= BATCH):
            batch.append(self._waiting.popleft())
            size += len(batch[-1][0])
        self._queued -= size
        if not self._waiting:
            self._arrived.clear()
        return batch

    async def _settle(self, batch: list[tuple[Sequence[Item], asyncio.Future[Sequence[Answer | Exception]]]]) -> None:
        answers = await self._answers([item for items, _ in batch for item in items])
        place = 0
        for items, future in batch:
            if not future.done():  # else the caller went away
                future.set_result(answers[place : place + len(items)])
            place += len(items)

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
