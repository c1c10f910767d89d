"""The words of a conversation's life."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID


class ConversationStatus(IntEnum):
    OPEN = 1
    PENDING = 2
    SNOOZED = 3
    CLOSED = 4

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Said:
    """One message, as its conversation needs to know of it."""

    contact_id: UUID
    channel_id: UUID
    message_id: UUID
    at: datetime
    unread: int = 0  # 1 for an inbound text
    opens: bool = True  # somebody shall see it; false for an automatic notice, which neither opens nor reopens


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a message belongs: a row of `sql/open.sql`."""

    conversation_id: UUID
    inbox_id: UUID
    unread: int
    version: int


@dataclass(frozen=True, slots=True)
class Whom:
    """A contact as an inbox shows it; a row of `sql/whom.sql`."""

    id: UUID
    first_name: str
    last_name: str
    blocked: bool
    identity_id: UUID | None  # where they are texted; None without a number
    address: str | None
    stopped: bool

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()
