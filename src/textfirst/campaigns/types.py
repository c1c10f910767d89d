"""The words of a campaign's life."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"  # waits for its time
    PREPARING = "preparing"  # its recipients are being written down; the first of them are texted meanwhile
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
class Start:
    """People who would begin to be texted at one moment, and why not before."""

    at: datetime
    reason: str
    local: str  # 2026-11-23T09:00 on their own clocks; empty where these differ or are not known


@dataclass(slots=True)
class DryRun:
    """How many would be texted now, how many when, and how many not for which reason (those without a number among them)."""

    at: datetime
    total: int = 0
    now: int = 0
    later: Counter[Start] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    segments: int = 0  # of all texts that would leave


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of the pump came to. `wait` None: nothing more to do for now; else seconds until the next step."""

    wait: float | None
    recipients: int = 0  # written down, or made into messages
