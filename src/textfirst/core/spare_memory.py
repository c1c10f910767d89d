"""Memory that work has left behind goes back to the system when the process comes to rest.

The C library keeps what was freed for the next time, and Python keeps what refers to itself until it has made enough of it: a thread that
has ended may leave its connection to the database open for hours. After an import or a campaign the next time may be days away, while
the machine could use the room; so a thread of ours looks now and then, and tidies up after each spell of work.
"""

from __future__ import annotations

import ctypes
import gc
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

LOOK_EVERY = 10.0  # seconds
AT_REST = 0.02  # share of a processor below which nobody waits for us
WORTH_IT = 0.5  # seconds of CPU that must have been spent since the last time
LOOKS = (1, 4)  # at rest, after which we tidy up: at once, and when threads without work have ended too
SELDOM = (
    50_000,
    20,
    50,
)  # thresholds of the collector, for processes whose batches make thousands of rows and no cycles: at Python's 700 it took a fifth of the engine
MUCH = 6e6  # bytes that are worth a fresh start


def watch(*, renew: Callable[[], None] | None = None) -> threading.Thread:
    """Begin to look, in a thread that ends with the process. Call it in the process itself: a fork keeps no threads.

    `renew` is called when the process has come to rest and still holds much more than at first: it may end, and be started afresh.
    """
    thread = threading.Thread(target=Watch(renew).look_for_ever, daemon=True, name="spare memory")
    thread.start()
    return thread


def give_back() -> None:
    """Let go of what nobody can reach and of what the C library keeps. Some milliseconds; where that library cannot do it, only the first."""
    gc.collect()
    if _trim is not None:
        _trim(0)


def resident() -> int:
    """Bytes of this process in memory, shared ones included; 0 where the system has no /proc."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


class Watch:
    """When to tidy up: decided at each look, from the seconds of CPU that the process has spent by then."""

    def __init__(self, renew: Callable[[], None] | None = None, *, give: Callable[[], None] = give_back) -> None:
        self._renew = renew
        self._give = give
        self._seen = self._tidied = 0.0  # seconds of CPU
        self._looks = 0  # at rest, one after the other
        self._first = resident()

    def look_for_ever(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            self.look(time.process_time)

    def look(self, spent: Callable[[], float]) -> None:
        at_rest = spent() - self._seen < AT_REST * LOOK_EVERY
        self._looks = self._looks + 1 if at_rest else 0
        if self._looks in LOOKS and spent() - self._tidied > WORTH_IT:
            self._give()
            if self._looks == LOOKS[-1]:
                self._tidied = spent()
                if self._renew is not None and resident() - self._first > MUCH:
                    self._renew()
        self._seen = spent()


try:
    _trim = ctypes.CDLL(None).malloc_trim  # glibc's alone
except (AttributeError, OSError):
    _trim = None  # type: ignore[assignment]
