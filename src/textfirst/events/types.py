"""An event as readers see it, and the place up to which somebody has read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """The last event read: its transaction, then its id. Neither alone follows the order of commits."""

    xid: int
    id: UUID


@dataclass(frozen=True, slots=True)
class Event:
    cursor: Cursor
    kind: str
    subject_id: UUID
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened, about to become an event."""

    kind: str
    subject_id: UUID
    data: dict[str, Any]
