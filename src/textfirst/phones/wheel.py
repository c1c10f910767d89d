"""Many things to do later, cheaply: those due within the same fiftieth of a second share one timer."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable
from typing import Any

__all__ = ["Wheel"]

TICK = 0.02  # seconds


class Wheel:
    """Runs actions after a delay, in order of ticks; an action costs a list entry, not a timer."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ticks: list[int] = []
        self._due: dict[int, list[tuple[Callable[..., None], tuple[Any, ...]]]] = {}
        self._timer: asyncio.TimerHandle | None = None

    def after(self, seconds: float, action: Callable[..., None], *arguments: Any) -> None:
        tick = int((self._loop.time() + seconds) / TICK) + 1
        due = self._due.get(tick)
        if due is None:
            due = self._due[tick] = []
            heapq.heappush(self._ticks, tick)
            if self._ticks[0] == tick:
                self._set_timer()
        due.append((action, arguments))

    @property
    def waiting(self) -> int:
        return sum(map(len, self._due.values()))

    def finish(self, within: float) -> int:
        """Do now what was to be done later, for at most `within` seconds; the number of actions that were not done."""
        deadline = self._loop.time() + within
        while self._ticks and self._loop.time() < deadline:
            for action, arguments in self._due.pop(heapq.heappop(self._ticks)):
                action(*arguments)
        return self.waiting

    def stop(self) -> None:
        self._due.clear()
        self._ticks.clear()
        if self._timer:
            self._timer.cancel()

    def _set_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._ticks[0] * TICK, self._run) if self._ticks else None

    def _run(self) -> None:
        """Everything due; the timer is set again even when an action fails."""
        now = int(self._loop.time() / TICK)
        try:
            while self._ticks and self._ticks[0] <= now:
                for action, arguments in self._due.pop(heapq.heappop(self._ticks)):
                    action(*arguments)
        finally:
            self._timer = None
            self._set_timer()
