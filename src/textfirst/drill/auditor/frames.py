"""The carrier's log as the auditor reads it: files of records, each a frame as it was on the wire.

All numbers are big-endian. After the first line `TEXTFIRST-FRAMES-1`: u32 length of the payload, u8 kind, u64 connection, i64 wall clock and
i64 monotonic clock in nanoseconds, u32 CRC-32 of the payload, then the payload. A record cut short ends a file: there the machine died.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FIRST_LINE = b"TEXTFIRST-FRAMES-1\n"
HEAD = struct.Struct(">IBQqqI")
READ, WRITTEN, OPENED, BOUND, CLOSED = range(5)


class Damaged(Exception):
    """A record whose bytes are not those that were written: nothing can be judged by it."""


class Record(NamedTuple):
    file: int  # counted from 0
    kind: int
    connection: int
    at: int  # wall clock, ns since 1970
    payload: bytes


def records(folder: Path) -> Iterator[Record]:
    """All records, oldest first. Raises Damaged."""
    for number, path in enumerate(sorted(folder.glob("frames-*.log"))):
        yield from _of_file(number, path)


def _of_file(number: int, path: Path) -> Iterator[Record]:
    content = path.read_bytes()
    at = len(FIRST_LINE)
    while at + HEAD.size <= len(content):
        length, kind, connection, wall, _, checksum = HEAD.unpack_from(content, at)
        payload = content[at + HEAD.size : at + HEAD.size + length]
        if len(payload) < length:
            return
        if zlib.crc32(payload) != checksum:
            raise Damaged(f"{path} at byte {at}: the checksum does not fit")
        yield Record(number, kind, connection, wall, payload)
        at += HEAD.size + length
