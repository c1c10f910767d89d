"""Answers good for a few seconds, each asked for once however many want it at that moment."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")

SECONDS = 5.0
MOST = 10_000  # answers kept


class Remembered(Generic[Key, Value]):
    """`find` a key's value by `read`, or as it was read within the last `SECONDS`."""

    def __init__(self, read: Callable[[Key], Awaitable[Value]]) -> None:
        self._read = read
        self._known: dict[Key, tuple[float, Value]] = {}
        self._asked: dict[Key, asyncio.Future[Value]] = {}

    def forget(self) -> None:
        """Something was changed somewhere: ask again for all."""
        self._known.clear()

    async def find(self, key: Key) -> Value:
        """Raises what `read` raises; that is not remembered."""
        known = self._known.get(key)
        if known and known[0] > time.monotonic():
            return known[1]
        asked = self._asked.get(key)
        if asked is None:
            asked = self._asked[key] = asyncio.ensure_future(self._ask(key))
            asked.add_done_callback(lambda _: self._asked.pop(key, None))
        return await asyncio.shield(asked)  # a caller that goes away takes nothing from the others

    async def _ask(self, key: Key) -> Value:
        value = await self._read(key)
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[key] = (time.monotonic() + SECONDS, value)
        return value
