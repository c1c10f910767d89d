"""What came in and could not be stored: shown to whoever looks after the channels, and taken in again when they ask (`engine/replaying.py` does it)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from textfirst.database.fields import WorkspaceQuerySet
from textfirst.messages.models import IntakeRejected


def put_aside(workspace_id: UUID, channel_id: UUID | None = None) -> WorkspaceQuerySet[IntakeRejected]:
    """All that was ever put aside, of one channel or of all."""
    rows = IntakeRejected.objects.of(workspace_id)
    return rows if channel_id is None else rows.filter(channel_id=channel_id)


def ask_again(rows: WorkspaceQuerySet[IntakeRejected], now: datetime, ids: Collection[UUID] | None = None) -> int:
    """Of these (None: all of them), those not taken in yet shall be: how many are asked for now. The engine does it within seconds, each once."""
    open_ = rows.filter(replayed_at=None, asked_at=None)
    return (open_ if ids is None else open_.filter(id__in=ids)).update(asked_at=now)


def state(row: IntakeRejected) -> str:
    """waiting, asked or taken_in."""
    return "taken_in" if row.replayed_at else "asked" if row.asked_at else "waiting"
