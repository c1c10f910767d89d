"""Parameters and rows of the shared SQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from textfirst.conversations.types import Said, Thread
from textfirst.core.ids import new_ids
from textfirst.core.purposes import Purpose

TALKING: Final = frozenset({Purpose.SUPPORT, Purpose.STAFF})  # purposes of which somebody shall see the thread


def open_params(workspace_id: UUID, said: Sequence[Said]) -> dict[str, Any]:
    """Parameters of `sql/open.sql`."""
    return {
        "workspace_id": workspace_id,
        "conversation_ids": new_ids(len(said)),
        "contact_ids": [one.contact_id for one in said],
        "channel_ids": [one.channel_id for one in said],
        "message_ids": [one.message_id for one in said],
        "ats": [one.at for one in said],
        "unread": [one.unread for one in said],
        "opens": [one.opens for one in said],
    }


def threads_of(rows: Iterable[Sequence[Any]], said: Sequence[Said]) -> list[Thread | None]:
    """The Thread of each of `said` by the rows of `sql/open.sql`; None where the workspace has no inbox at all."""
    threads = {(channel_id, contact_id): Thread(*facts) for channel_id, contact_id, *facts in rows}
    return [threads.get((one.channel_id, one.contact_id)) for one in said]
