"""Columns of a batch as PostgreSQL arrays.

The driver would make them too, element by element and with a look at each one's type; for thousands of rows a second that look is the
largest single cost of a statement. Here each column's type is known: identifiers, small numbers and bytes go in the binary format of
`array_recv` (src/backend/utils/adt/arrayfuncs.c), which neither side has to spell out; texts are short and go as literals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from struct import Struct
from typing import Any, Final
from uuid import UUID

from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format
from psycopg.types.datetime import TimestamptzLoader

_HEAD: Final = Struct(">iiIii")  # dimensions, whether any is null, type of the elements, how many, index of the first
_LENGTH: Final = Struct(">i")
_NULL: Final = _LENGTH.pack(-1)
_NOTHING: Final = Struct(">iiI")

_BYTEA, _INT2, _UUID = 17, 21, 2950  # pg_type.oid
_BYTEAS, _INT2S, _UUIDS = 1001, 1005, 2951

_MOST_MOMENTS: Final = 1000
_UUID_LENGTH: Final = _LENGTH.pack(16)
_SMALL: Final = {number: _LENGTH.pack(2) + number.to_bytes(2, "big", signed=True) for number in range(-1, 256)}


class Uuids(bytes):
    """uuid[]"""


class Smalls(bytes):
    """smallint[]"""


class Blobs(bytes):
    """bytea[]"""


def uuids(values: Sequence[UUID | None]) -> Uuids:
    try:
        each = [value.int.to_bytes(16, "big") for value in values]  # type: ignore[union-attr]  # asking each whether it is null would cost
    except AttributeError:
        return Uuids(_array(_UUID, [_NULL if value is None else _UUID_LENGTH + value.bytes for value in values], nulls=True))
    return Uuids(_HEAD.pack(1, 0, _UUID, len(each), 1) + _UUID_LENGTH + _UUID_LENGTH.join(each) if each else _NOTHING.pack(0, 0, _UUID))


def smalls(values: Iterable[int]) -> Smalls:
    """Numbers from -32,768 to 32,767."""
    return Smalls(_array(_INT2, [_SMALL.get(value) or _small(value) for value in values]))


def blobs(values: Iterable[bytes]) -> Blobs:
    pack = _LENGTH.pack
    return Blobs(_array(_BYTEA, [pack(len(value)) + value for value in values]))


def numbers(values: Iterable[int | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else str(int(value)) for value in values]) + "}"


def texts(values: Iterable[str | None]) -> str:
    return "{" + ",".join(["NULL" if value is None else _quoted(value) for value in values]) + "}"


def moments(values: Iterable[datetime]) -> str:
    return "{" + ",".join([f'"{value.isoformat()}"' for value in values]) + "}"


def register(context: AdaptContext) -> None:
    """Let a connection send these columns, and read moments that repeat only once."""
    context.adapters.register_loader("timestamptz", _Moments)
    for kind, oid in ((Uuids, _UUIDS), (Smalls, _INT2S), (Blobs, _BYTEAS)):
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


def _array(oid: int, elements: list[bytes], *, nulls: bool = False) -> bytes:
    """One-dimensional, counted from 1; an empty one has no dimension."""
    if not elements:
        return _NOTHING.pack(0, 0, oid)
    return _HEAD.pack(1, int(nulls), oid, len(elements), 1) + b"".join(elements)


def _small(value: int) -> bytes:
    return _LENGTH.pack(2) + int(value).to_bytes(2, "big", signed=True)


def _quoted(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'
