"""Many requests, one commit: whoever arrives while a commit is under way shares the next one.

Each caller is answered only after the commit that carries its own item. Nothing waits on purpose: an idle front commits a lone request at once,
a busy one commits hundreds together.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from textfirst.core.errors import Unavailable

Item = TypeVar("Item")
Answer = TypeVar("Answer")

BATCH = 500  # items in one transaction: beyond, latency grows faster than throughput
AT_ONCE = 2  # commits under way: one computes while the other waits for the disk
LONGEST_QUEUE = 20_000  # items; beyond, a caller is told to come back rather than made to wait


class GroupCommit(Generic[Item, Answer]):
    """`submit` an item, get its answer; `commit` takes a batch and returns an answer or an exception for each, in order."""

    def __init__(self, commit: Callable[[Sequence[Item]], Awaitable[Sequence[Answer | Exception]]]) -> None:
        self._commit = commit
        self._waiting: deque[tuple[Item, asyncio.Future[Answer]]] = deque()
        self._arrived = asyncio.Event()

    async def submit(self, item: Item) -> Answer:
        """The answer to `item`, after its commit; raises what the commit said of it, or Unavailable when too many wait."""
        if len(self._waiting) >= LONGEST_QUEUE:
            raise Unavailable("Too many requests are waiting. Come back in a moment.", code="busy")
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        self._arrived.set()
        return await answer

    async def run(self) -> None:
        """Commit batches until cancelled."""
        await asyncio.gather(*(self._loop() for _ in range(AT_ONCE)))

    async def _loop(self) -> None:
        while True:
            await self._arrived.wait()
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            if not self._waiting:
                self._arrived.clear()
            if batch:
                await self._settle(batch)

    async def _settle(self, batch: list[tuple[Item, asyncio.Future[Answer]]]) -> None:
        for (_, future), answer in zip(batch, await self._answers([item for item, _ in batch]), strict=True):
            if future.done():  # the caller went away
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)

    async def _answers(self, items: list[Item]) -> Sequence[Answer | Exception]:
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
