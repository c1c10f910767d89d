"""The words of a campaign's life."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"  # waits for its time
    PREPARING = "preparing"  # its recipients are being written down
    RUNNING = "running"  # recipients are made into messages, and these are leaving
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class Move(StrEnum):
    """What a person can do to a campaign."""

    EDIT = "edit"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Counted:
    """So many messages of a campaign are in one status for one reason: a row of `sql/counts.sql`."""

    status: int
    reason: str
    messages: int
    segments: int


@dataclass(frozen=True, slots=True)
class Progress:
    """What people see of a campaign while it runs: recipients by what is shown of them, reasons by code, segments that left or will."""

    shown: dict[str, int]
    reasons: dict[str, int]
    segments: int


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of the pump came to. `wait` None: nothing more to do for now; else seconds until the next step."""

    wait: float | None
    recipients: int = 0  # written down, or made into messages
