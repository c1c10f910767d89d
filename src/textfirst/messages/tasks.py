"""Housekeeping of messages."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from procrastinate.contrib.django import app

from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner
from textfirst.messages.actions.carriers import look_after


@app.periodic(cron="* * * * *")
@app.task(name="messages.look_after_carriers", queueing_lock="messages.look_after_carriers", pass_context=False)
def look_after_carriers(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's shape
    """Channels that stand in for one another: once a minute."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(load("textfirst.channels").pools)
        workspaces = {row[0] for row in cursor.fetchall()}
    for workspace_id in workspaces:
        look_after(workspace_id, datetime.now(UTC))


@app.periodic(cron="17 * * * *")
@app.task(name="messages.forget_keys", queueing_lock="messages.forget_keys", pass_context=False)
def forget_keys(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's shape
    """Drop Idempotency-Keys that are older than two days."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").forget_keys)
