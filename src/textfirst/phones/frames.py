"""The carrier's own log: every frame it read or wrote, on disk before the answer leaves.

It is the witness that tests and auditors ask, so it knows nothing of what the frames mean. A folder of files
`frames-000001.log`, `frames-000002.log`, …, each beginning with MAGIC and then records, all numbers big-endian:

    u32  length of the payload        u8  kind (Kind)
    u64  connection                   i64 wall clock, ns since 1970      i64 monotonic clock, ns
    u32  CRC-32 of the payload        payload: the frame as it was on the wire

A FAULT record says what the carrier does to a connection on purpose: its payload is the fault's name, a NUL, and the bytes written
for it. Those are not WRITTEN: they answer nothing and need not be frames. A BOUND record's payload is the system_id; it is written when a connection binds, and again for every bound connection at the
start of a file, so that a file can be read alone. A record cut short at the end of a file is where the machine died.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Mapping, Sequence
from enum import IntEnum
from pathlib import Path
from struct import Struct

__all__ = ["HEADER", "MAGIC", "FrameLog", "Kind", "files", "record"]

MAGIC = b"TEXTFIRST-FRAMES-1\n"
HEADER = Struct(">IBQqqI")
FILE_SIZE = 64 * 1024 * 1024  # bytes
KEPT_FILES = 8


class Kind(IntEnum):
    READ = 0  # from the peer
    WRITTEN = 1  # to the peer; recorded just before it is written
    OPENED = 2
    BOUND = 3
    CLOSED = 4
    FAULT = 5


def record(kind: Kind, connection: int, payload: bytes, wall: int, monotonic: int) -> bytes:
    return HEADER.pack(len(payload), kind, connection, wall, monotonic, zlib.crc32(payload)) + payload


def files(folder: Path) -> list[Path]:
    """The log's files, oldest first."""
    return sorted(folder.glob("frames-*.log"))


class FrameLog:
    """Appends groups of records and makes them durable. Blocking: called from a thread of its own.

    Opened so that a write returns when its bytes are on disk (O_DSYNC): one system call a group, for which the thread lets go of the
    interpreter once.
    """

    def __init__(self, folder: Path, *, file_size: int = FILE_SIZE, kept_files: int = KEPT_FILES) -> None:
        """Starts a new file; raises OSError when the folder cannot be written."""
        self._folder = folder
        self._file_size = file_size
        self._kept_files = kept_files
        self._descriptor = -1
        self._size = 0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._open_next({})

    def append(self, records: Sequence[bytes], bound: Mapping[int, str]) -> None:
        """Write, durably; `bound` names the connections in case a new file begins. On OSError nothing of the group remains."""
        if self._size >= self._file_size:
            self._open_next(bound)
        group = b"".join(records)
        try:
            self._write(group)
        except OSError:
            os.ftruncate(self._descriptor, self._size)
            raise
        self._size += len(group)

    def close(self) -> None:
        os.close(self._descriptor)

    def _write(self, group: bytes) -> None:
        view = memoryview(group)
        while view:
            view = view[os.write(self._descriptor, view) :]

    def _open_next(self, bound: Mapping[int, str]) -> None:
        old = files(self._folder)
        number = int(old[-1].stem.partition("-")[2]) + 1 if old else 1
        path = self._folder / f"frames-{number:06d}.log"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_DSYNC, 0o600)
        if self._descriptor >= 0:
            os.close(self._descriptor)
        self._descriptor = descriptor
        wall, monotonic = time.time_ns(), time.monotonic_ns()
        start = MAGIC + b"".join(record(Kind.BOUND, connection, name.encode(), wall, monotonic) for connection, name in bound.items())
        self._write(start)
        self._size = len(start)
        for path in old[: max(len(old) + 1 - self._kept_files, 0)]:
            path.unlink(missing_ok=True)
