"""Group commit: frames of all connections that come about together reach the disk together, then the answers leave."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import zlib
from collections.abc import Sequence
from queue import SimpleQueue
from typing import Protocol

from textfirst.phones.frames import HEADER, FrameLog, Kind

__all__ = ["GroupCommit", "Peer"]

logger = logging.getLogger(__name__)

GATHER = 0.001  # seconds an idle log waits for more; while one group is being written the next gathers by itself
BREATH = 0.004  # seconds between the beginnings of two groups of a busy log: each costs 100 µs of CPU, whatever is in it
TOO_FAR_BEHIND = 8 * 1024 * 1024  # bytes not yet on disk beyond which peers are not read


class Peer(Protocol):
    """A connection whose output waits for the disk."""

    connection: int
    system_id: str

    def take_held(self) -> tuple[list[bytes], bytes]:
        """Frames to write, and what a fault writes after them."""
        ...

    def release(self, output: bytes) -> None: ...
    def abandon(self) -> None: ...


_Outputs = list[tuple[Peer, bytes]]
_Group = tuple[list[bytes], dict[int, str], _Outputs]


class GroupCommit:
    """Collects records; writes them in a thread, one group at a time; then releases what each connection held back.

    A frame to a peer is recorded as WRITTEN when its group is formed, which is just before it is written.
    """

    def __init__(self, log: FrameLog, *, gather: float = GATHER, breath: float = BREATH) -> None:
        self._log = log
        self._gather = gather
        self._breath = breath
        self._loop = asyncio.get_running_loop()
        self._groups: SimpleQueue[_Group | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="frames", daemon=True)
        self._thread.start()
        self._records: list[bytes] = []
        self._bytes = 0
        self._waiting: dict[Peer, None] = {}
        self._bound: dict[int, str] = {}
        self._awake = False  # a group is on its way to the disk, or will be soon
        self._started = float("-inf")
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def behind(self) -> bool:
        return self._bytes > TOO_FAR_BEHIND

    def record(self, kind: Kind, connection: int, payload: bytes) -> None:
        """Remember a frame; it is on disk before anything released after it is written."""
        self.record_all(kind, connection, (payload,))

    def record_all(self, kind: Kind, connection: int, payloads: Sequence[bytes]) -> None:
        """Remember frames of one moment."""
        wall, monotonic = time.time_ns(), time.monotonic_ns()
        pack, crc = HEADER.pack, zlib.crc32
        written = b"".join([pack(len(raw), kind, connection, wall, monotonic, crc(raw)) + raw for raw in payloads])
        self._records.append(written)
        self._bytes += len(written)
        if not self._awake:
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
        if not self._awake:
            self._wake()

    async def close(self) -> None:
        """Write what is left, release it, stop the thread."""
        await self._idle.wait()
        self._groups.put(None)
        self._thread.join()
        self._log.close()

    def _wake(self) -> None:
        self._awake = True
        self._idle.clear()
        self._loop.call_at(max(self._loop.time() + self._gather, self._started + self._breath), self._start)

    def _start(self) -> None:
        self._started = self._loop.time()
        waiting, self._waiting = self._waiting, {}
        outputs: _Outputs = []
        for peer in waiting:
            frames, rubbish = peer.take_held()
            if frames:
                self.record_all(Kind.WRITTEN, peer.connection, frames)
            outputs.append((peer, b"".join(frames) + rubbish))
        records, self._records, self._bytes = self._records, [], 0
        self._groups.put((records, dict(self._bound), outputs))

    def _write(self) -> None:
        """The thread: each group to the disk, until None comes."""
        while group := self._groups.get():
            records, bound, outputs = group
            try:
                self._log.append(records, bound)
            except OSError as problem:
                self._loop.call_soon_threadsafe(self._finish, outputs, problem)
            else:
                self._loop.call_soon_threadsafe(self._finish, outputs, None)

    def _finish(self, outputs: _Outputs, problem: OSError | None) -> None:
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
            self._awake = False
            self._idle.set()
