"""Recording events in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection

from textfirst.database.named_sql import load
from textfirst.events.rules import record_params
from textfirst.events.types import Fact


def record(workspace_id: UUID, facts: Iterable[Fact]) -> None:
    """Write `facts` as events; readers are woken when the caller's transaction commits."""
    params = record_params(workspace_id, facts)
    if params["ids"]:
        with connection.cursor() as cursor:
            cursor.execute(load("textfirst.events").record, params)


def record_one(workspace_id: UUID, kind: str, subject_id: UUID, **data: Any) -> None:
    """`record` for a single fact."""
    record(workspace_id, [Fact(kind, subject_id, data)])
