"""Columns of a batch as PostgreSQL array literals.

The driver would make them too, element by element and with a look at each one's type; for thousands of rows a second that look is the
largest single cost of a statement. Here each column's type is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

NULL = "NULL"


def uuids(values: Iterable[UUID | None]) -> str:
    return "{" + ",".join([NULL if value is None else value.hex for value in values]) + "}"


def numbers(values: Iterable[int | None]) -> str:
    return "{" + ",".join([NULL if value is None else str(int(value)) for value in values]) + "}"


def texts(values: Iterable[str | None]) -> str:
    return "{" + ",".join([NULL if value is None else _quoted(value) for value in values]) + "}"


def blobs(values: Iterable[bytes]) -> str:
    return "{" + ",".join([f'"\\\\x{value.hex()}"' for value in values]) + "}"


def moments(values: Iterable[datetime]) -> str:
    return "{" + ",".join([f'"{value.isoformat()}"' for value in values]) + "}"


def _quoted(value: str) -> str:
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'
