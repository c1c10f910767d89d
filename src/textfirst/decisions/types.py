"""May this be sent: the facts a decision is taken on, and the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from uuid import UUID


class Verdict(IntEnum):
    ALLOW = 1
    DEFER = 2  # not now: see `until`
    BLOCK = 3


@dataclass(frozen=True, slots=True)
class Stamp:
    """What was true when it was decided. Whatever can change an answer raises one of the two; the claim compares them."""

    identity_version: int
    workspace_version: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about one address of one contact; a row of `sql/facts.sql`, column for column."""

    identity_id: UUID
    contact_id: UUID
    scheme: str
    address: str
    identity_version: int
    workspace_version: int
    stopped: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class Decision:
    verdict: Verdict
    stamp: Stamp
    reason: str = ""  # a code of messages/rules: why not, or why later
    until: datetime | None = None  # DEFER: not before

    @property
    def allowed(self) -> bool:
        return self.verdict is Verdict.ALLOW
