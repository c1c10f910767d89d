"""Parameters and rows of the shared SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from textfirst.conversations.types import Said, Thread
from textfirst.core.ids import new_id


def open_params(workspace_id: UUID, said: Sequence[Said]) -> dict[str, Any]:
    """Parameters of `sql/open.sql`."""
    return {
        "workspace_id": workspace_id,
        "conversation_ids": [new_id() for _ in said],
        "contact_ids": [one.contact_id for one in said],
        "channel_ids": [one.channel_id for one in said],
        "message_ids": [one.message_id for one in said],
        "ats": [one.at for one in said],
        "unread": [one.unread for one in said],
        "opens": [one.opens for one in said],
    }


def threads_of(rows: Iterable[Sequence[Any]], count: int) -> list[Thread | None]:
    """A Thread per entry given to `sql/open.sql`, in their order; None where the workspace has no inbox at all."""
    threads: list[Thread | None] = [None] * count
    for place, *facts in rows:
        threads[place - 1] = Thread(*facts)
    return threads
