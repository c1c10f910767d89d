"""Keeping count of a campaign's messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from textfirst.campaigns.queries import execute, sql
from textfirst.core.ids import new_id
from textfirst.messages.types import Status

MOST_SORTS = 1_000  # of status and reason, for which a fold has ids at hand


class Left(NamedTuple):
    """So many messages reached a status, or left it when negative."""

    status: Status
    reason: str
    messages: int
    segments: int


def tally(workspace_id: UUID, campaign_id: UUID, moved: Sequence[Left]) -> None:
    """Append to the count in the caller's transaction."""
    if not moved:
        return
    columns = {
        "ids": [new_id() for _ in moved],
        "campaign_ids": [campaign_id] * len(moved),
        "statuses": [int(one.status) for one in moved],
        "reasons": [one.reason for one in moved],
        "messages": [one.messages for one in moved],
        "segments": [one.segments for one in moved],
    }
    execute(sql.tally, {"workspace_id": workspace_id, **columns})


def fold(workspace_id: UUID, campaign_id: UUID) -> None:
    """Make many rows of the count few; the sums stay."""
    execute(sql.fold, {"workspace_id": workspace_id, "campaign_id": campaign_id, "ids": [new_id() for _ in range(MOST_SORTS)]})


def recount(workspace_id: UUID, campaign_id: UUID) -> None:
    """Count anew from the messages themselves; about two seconds for a million."""
    execute(sql.recount, {"workspace_id": workspace_id, "campaign_id": campaign_id, "ids": [new_id() for _ in range(MOST_SORTS)]})
