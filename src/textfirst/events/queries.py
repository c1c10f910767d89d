"""Reading events; the front does the same asynchronously over the same SQL."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from textfirst.database.named_sql import load
from textfirst.events.rules import event_of, first_cursor
from textfirst.events.types import Cursor, Event


def events_after(workspace_id: UUID, cursor: Cursor, *, limit: int = 500) -> list[Event]:
    """Events after `cursor`, oldest first, leaving out those a running transaction may still come before."""
    with connection.cursor() as executed:
        executed.execute(load("textfirst.events").after, {"workspace_id": workspace_id, "xid": cursor.xid, "id": cursor.id, "limit": limit})
        return [event_of(row) for row in executed.fetchall()]


def newest_cursor() -> Cursor:
    """Where a reader who fetches everything after this call begins."""
    with connection.cursor() as executed:
        executed.execute(load("textfirst.events").horizon)
        row = executed.fetchone()
    assert row is not None
    return first_cursor(row[0])
