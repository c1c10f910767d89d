"""Identifiers: UUIDv7 (RFC 9562 §5.7), made by the application, time-ordered."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7

__all__ = ["earliest_id", "id_time", "new_id"]


def new_id() -> UUID:
    """A fresh UUIDv7; ids made later by one process sort later."""
    return uuid7()


def earliest_id(moment: datetime) -> UUID:
    """The smallest UUIDv7 that could have been made at `moment` (aware): the bound of a partition or a time range."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80)


def id_time(identifier: UUID) -> datetime:
    """When a UUIDv7 was made, to the millisecond, in UTC."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)
