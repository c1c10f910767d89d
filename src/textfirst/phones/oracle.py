"""Reads the carrier's log of raw frames, lazily and in order."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from textfirst.phones.frames import HEADER, MAGIC, Kind, files

__all__ = ["Damaged", "Frame", "read"]


class Damaged(Exception):
    """A record that is all there but is not what was written."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One record. `system_id` is empty until the connection is bound; clocks are in nanoseconds."""

    kind: Kind
    connection: int
    system_id: str
    wall: int
    monotonic: int
    raw: bytes


def read(folder: Path) -> Iterator[Frame]:
    """Every record of the log, oldest first; ends quietly at a record the machine died in. Raises Damaged on a wrong checksum."""
    bound: dict[int, str] = {}
    for path in files(folder):
        with path.open("rb") as file:
            yield from _records(file, path, bound)


def _records(file: BinaryIO, path: Path, bound: dict[int, str]) -> Iterator[Frame]:
    if file.read(len(MAGIC)) != MAGIC:
        return  # died before the first byte
    while len(head := file.read(HEADER.size)) == HEADER.size:
        length, kind, connection, wall, monotonic, checksum = HEADER.unpack(head)
        raw = file.read(length)
        if len(raw) < length:
            return
        if zlib.crc32(raw) != checksum:
            raise Damaged(f"{path} at byte {file.tell() - length}: the checksum does not fit")
        if kind == Kind.BOUND:
            bound[connection] = raw.decode()
        yield Frame(Kind(kind), connection, bound.get(connection, ""), wall, monotonic, raw)
