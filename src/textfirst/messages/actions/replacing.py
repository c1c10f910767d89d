"""Promotions that wait for room and give way to a newer one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from textfirst.database.named_sql import load
from textfirst.decisions.actions import keep_decisions
from textfirst.decisions.record import Records
from textfirst.messages.rules.replacing import Replaced, later_params, replace_params, tally_params


def replace_waiting(workspace_id: UUID, contact_ids: Collection[UUID], now: datetime) -> int:
    """What waits for room of promotions to these contacts does not leave, and says that a newer one took its place; how many. In the caller's transaction."""
    found = _run("messages", "replace", workspace_id, replace_params(contact_ids, now)) if contact_ids else []
    gone = [Replaced(*row) for row in found]
    if gone:
        records = Records(workspace_id, now)
        later = later_params(records, gone, now)
        keep_decisions(workspace_id, records)
        _run("decisions", "later", workspace_id, later)
        counted = tally_params(gone)
        if counted is not None:
            _run("campaigns", "tally", workspace_id, counted)
    return len(gone)


def _run(feature: str, name: str, workspace_id: UUID, params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(getattr(load(f"textfirst.{feature}"), name), {"workspace_id": workspace_id, **params})
        return cursor.fetchall() if cursor.description else []
