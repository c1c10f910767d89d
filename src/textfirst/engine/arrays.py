"""Columns of a batch as the engine sends them: identifiers, small numbers and bytes in binary, which neither side has to spell out;
numbers, moments and texts, which are short, as literals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types.datetime import TimestamptzLoader

from textfirst.database import binary_arrays

_MOST_MOMENTS: Final = 1000


class Uuids(bytes):
    """uuid[]"""


class Smalls(bytes):
    """smallint[]"""


class Blobs(bytes):
    """bytea[]"""


def uuids(values: Sequence[UUID | None]) -> Uuids:
    return Uuids(binary_arrays.uuids(values))


def smalls(values: Iterable[int]) -> Smalls:
    """Numbers from -32,768 to 32,767."""
    return Smalls(binary_arrays.smalls(values))


def blobs(values: Iterable[bytes]) -> Blobs:
    return Blobs(binary_arrays.blobs(values))


def numbers(values: Iterable[int | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(int(value)) for value in values]) + "}"


def texts(values: Iterable[str | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def moments(values: Iterable[datetime | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else f'"{value.isoformat()}"' for value in values]) + "}"


def register(context: AdaptContext) -> None:
    """Let a connection send these columns, and read moments that repeat only once."""
    context.adapters.register_loader("timestamptz", _Moments)
    for kind, oid in ((Uuids, binary_arrays.UUIDS), (Smalls, binary_arrays.INT2S), (Blobs, binary_arrays.BYTEAS)):
        context.adapters.register_dumper(kind, type(f"{kind.__name__}Dumper", (_Ready,), {"oid": oid}))


class _Moments(TimestamptzLoader):
    """A batch of messages was mostly made at one moment: the same spelling is read once."""

    def __init__(self, oid: int, context: AdaptContext | None = None) -> None:
        super().__init__(oid, context)
        self._read: dict[bytes, datetime] = {}

    def load(self, data: Buffer) -> datetime:
        spelled = bytes(data)
        moment = self._read.get(spelled)
        if moment is None:
            if len(self._read) > _MOST_MOMENTS:
                self._read.clear()
            moment = self._read[spelled] = super().load(data)
        return moment


class _Ready(Dumper):
    """What is in its binary format already."""

    format = Format.BINARY

    def dump(self, obj: Any) -> Any:
        return obj


def _quoted(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'
