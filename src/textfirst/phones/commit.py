"""Group commit: frames of all connections that come about together reach the disk together, then the answers leave."""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from textfirst.phones.frames import FrameLog, Kind, record

__all__ = ["GroupCommit", "Peer"]

logger = logging.getLogger(__name__)

GATHER = 0.0005  # seconds an idle log waits for more; while one group is being written the next gathers by itself
TOO_FAR_BEHIND = 8 * 1024 * 1024  # bytes not yet on disk beyond which peers are not read


class Peer(Protocol):
    """A connection whose output waits for the disk."""

    connection: int
    system_id: str

    def take_held(self) -> bytes: ...
    def release(self, output: bytes) -> None: ...
    def abandon(self) -> None: ...


class GroupCommit:
    """Collects records; writes them in a thread, one group at a time; then releases what each connection held back."""

    def __init__(self, log: FrameLog, *, gather: float = GATHER) -> None:
        self._log = log
        self._gather = gather
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="frames")
        self._records: list[bytes] = []
        self._bytes = 0
        self._waiting: dict[Peer, None] = {}
        self._bound: dict[int, str] = {}
        self._busy = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def behind(self) -> bool:
        return self._bytes > TOO_FAR_BEHIND

    def record(self, kind: Kind, connection: int, payload: bytes) -> None:
        """Remember a frame; it is on disk before anything released after it is written."""
        written = record(kind, connection, payload, time.time_ns(), time.monotonic_ns())
        self._records.append(written)
        self._bytes += len(written)
        self._wake()

    def bound(self, peer: Peer) -> None:
        self._bound[peer.connection] = peer.system_id
        self.record(Kind.BOUND, peer.connection, peer.system_id.encode())

    def closed(self, peer: Peer) -> None:
        self._waiting.pop(peer, None)
        self._bound.pop(peer.connection, None)
        self.record(Kind.CLOSED, peer.connection, b"")

    def release_after(self, peer: Peer) -> None:
        """Write what `peer` holds once everything recorded so far is on disk."""
        self._waiting[peer] = None
        self._wake()

    async def close(self) -> None:
        """Write what is left, release it, stop the thread."""
        await self._idle.wait()
        self._thread.shutdown()
        self._log.close()

    def _wake(self) -> None:
        self._idle.clear()
        if not self._busy and self._timer is None:
            self._timer = self._loop.call_later(self._gather, self._start)

    def _start(self) -> None:
        self._timer = None
        records, self._records, self._bytes = self._records, [], 0
        waiting, self._waiting = self._waiting, {}
        outputs = [(peer, peer.take_held()) for peer in waiting]
        self._busy = True
        done = self._loop.run_in_executor(self._thread, self._log.append, records, dict(self._bound))
        done.add_done_callback(lambda future: self._finish(future, outputs))

    def _finish(self, done: asyncio.Future[None], outputs: list[tuple[Peer, bytes]]) -> None:
        self._busy = False
        problem = done.exception()
        if problem:
            logger.error("the log of frames cannot be written; connections are closed unanswered", extra={"problem": str(problem)})
        for peer, output in outputs:
            if problem:
                peer.abandon()
            else:
                peer.release(output)
        if self._records or self._waiting:
            self._wake()
        else:
            self._idle.set()
