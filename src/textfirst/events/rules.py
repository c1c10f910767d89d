"""Cursors as text, rows as events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from textfirst.core.ids import id_time, new_id, new_ids
from textfirst.events.types import Cursor, Event, Fact

OLDEST_CURSOR = timedelta(hours=24)  # fetching afresh is cheaper than replaying more than a day


def cursor_text(cursor: Cursor) -> str:
    """`<xid>-<id>`, as `Last-Event-ID` carries it."""
    return f"{cursor.xid}-{cursor.id}"


def read_cursor(text: str) -> Cursor | None:
    """The cursor in `text`, or None when it is not one: the reader then begins afresh."""
    xid, _, identifier = text.partition("-")
    try:
        cursor = Cursor(int(xid), UUID(identifier))
    except ValueError:
        return None
    return cursor if 0 <= cursor.xid < 2**63 else None


def first_cursor(horizon: int) -> Cursor:
    """Where a new reader begins; `horizon` is the answer of `sql/horizon.sql`. Its id says when reading began."""
    return Cursor(horizon, new_id())


def is_too_old(cursor: Cursor, now: datetime) -> bool:
    """Whether a reader at `cursor` should be told to fetch afresh (`reset`) rather than be sent everything since."""
    return now - id_time(cursor.id) > OLDEST_CURSOR


def event_of(row: Sequence[Any]) -> Event:
    """A row of `sql/after.sql`. Django's connections hand JSON over as text, bare psycopg as what it says."""
    xid, identifier, kind, subject_id, data = row
    return Event(Cursor(xid, identifier), kind, subject_id, json.loads(data) if isinstance(data, str) else data)


def record_params(workspace_id: UUID, facts: Iterable[Fact]) -> dict[str, Any]:
    """Parameters of `sql/record.sql`; each fact gets its id here."""
    listed = list(facts)
    return {
        "workspace_id": workspace_id,
        "ids": new_ids(len(listed)),
        "kinds": [fact.kind for fact in listed],
        "subject_ids": [fact.subject_id for fact in listed],
        "data": [orjson.dumps(fact.data, default=str).decode() for fact in listed],
    }
