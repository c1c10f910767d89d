"""The event table: what changed, to which version, in commit order."""

from __future__ import annotations

from django.db import models

from textfirst.database.fields import WorkspaceModel


class Event(WorkspaceModel):
    """One fact. `xid` is the writing transaction: together with `id` it is the cursor, read below the oldest running transaction."""

    xid = models.BigIntegerField(db_default=models.expressions.RawSQL("pg_current_xact_id()::text::bigint", []))
    kind = models.TextField()
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)

    class Meta:
        db_table = "event"
        indexes = (models.Index(fields=("workspace_id", "xid", "id"), name="event_cursor"),)
