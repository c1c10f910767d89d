"""Columns of a batch as PostgreSQL's arrays in binary: the format of `array_recv` (src/backend/utils/adt/arrayfuncs.c).

The driver would make them too, element by element and with a look at each one's type; for thousands of rows a second that look is the
largest single cost of a statement. Here the type of each column is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Final
from uuid import UUID

BYTEAS, INT2S, TEXTS, INT8S, MOMENTS, UUIDS = 1001, 1005, 1009, 1016, 1185, 2951  # pg_type.oid of the arrays
_BYTEA, _INT8, _INT2, _TEXT, _MOMENT, _UUID = 17, 20, 21, 25, 1184, 2950

_HEAD: Final = Struct(">iiIii")  # dimensions, whether any is null, type of the elements, how many, index of the first
_NOTHING: Final = Struct(">iiI")
_LENGTH: Final = Struct(">i")
_NULL: Final = _LENGTH.pack(-1)
_UUID_LENGTH: Final = _LENGTH.pack(16)
_BIG: Final = Struct(">iq")
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
_MICROSECOND: Final = timedelta(microseconds=1)


class _Smalls(dict[int | None, bytes]):
    """Small numbers as they are framed; the usual ones are there."""

    def __missing__(self, number: int | None) -> bytes:
        return _NULL if number is None else _LENGTH.pack(2) + int(number).to_bytes(2, "big", signed=True)


_SMALL: Final = _Smalls({number: _LENGTH.pack(2) + number.to_bytes(2, "big", signed=True) for number in range(-1, 256)})


def uuids(values: Sequence[UUID | None]) -> bytes:
    """uuid[]"""
    try:
        each = [value.int.to_bytes(16, "big") for value in values]  # type: ignore[union-attr]  # asking each whether it is null would cost
    except AttributeError:
        return _array(_UUID, [_NULL if value is None else _UUID_LENGTH + value.bytes for value in values])
    return _HEAD.pack(1, 0, _UUID, len(each), 1) + _UUID_LENGTH + _UUID_LENGTH.join(each) if each else _NOTHING.pack(0, 0, _UUID)


def smalls(values: Iterable[int | None]) -> bytes:
    """smallint[], of numbers from -32,768 to 32,767. Raises OverflowError for others."""
    return _array(_INT2, [_SMALL[value] for value in values])


def bigs(values: Iterable[int | None]) -> bytes:
    """bigint[], of numbers that fit. Raises struct.error for others."""
    return _array(_INT8, [_NULL if value is None else _BIG.pack(8, value) for value in values])


def moments(values: Iterable[datetime | None]) -> bytes:
    """timestamptz[], of aware moments."""
    return _array(_MOMENT, [_NULL if value is None else _BIG.pack(8, (value - _EPOCH) // _MICROSECOND) for value in values])


def blobs(values: Iterable[bytes | None]) -> bytes:
    """bytea[]"""
    length = _LENGTH.pack
    return _array(_BYTEA, [_NULL if value is None else length(len(value)) + value for value in values])


def texts(values: Iterable[str | None]) -> bytes:
    """text[]"""
    return _array(_TEXT, [_NULL if value is None else _text(value) for value in values])


def _array(oid: int, elements: list[bytes]) -> bytes:
    """One-dimensional, counted from 1; an empty one has no dimension. Only a null has no more than the length."""
    if not elements:
        return _NOTHING.pack(0, 0, oid)
    return _HEAD.pack(1, _NULL in elements, oid, len(elements), 1) + b"".join(elements)


def _text(value: str) -> bytes:
    encoded = value.encode()
    return _LENGTH.pack(len(encoded)) + encoded
