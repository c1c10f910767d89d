"""Housekeeping of messages."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner, workspace_scope
from textfirst.decisions.actions import ASK_WAITING
from textfirst.messages.actions.carriers import look_after
from textfirst.messages.actions.waiting import FIRST, ask_again


@app.periodic(cron="* * * * *")
@app.task(name="messages.look_after_carriers", queueing_lock="messages.look_after_carriers", pass_context=False)
def look_after_carriers(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's shape
    """Channels that stand in for one another: once a minute."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(load("textfirst.channels").pools)
        workspaces = {row[0] for row in cursor.fetchall()}
    for workspace_id in workspaces:
        look_after(workspace_id, datetime.now(UTC))


@app.task(name=ASK_WAITING, retry=RetryStrategy(max_attempts=6, exponential_wait=2))
def ask_waiting(workspace_id: str) -> None:
    """After a change of settings: what waits may go sooner. Batch after batch, each whole; who was asked twice only stays where they are."""
    workspace, after = UUID(workspace_id), FIRST
    while True:
        with workspace_scope(workspace):
            last = ask_again(workspace, after, datetime.now(UTC))
        if last is None:
            return
        after = last


@app.periodic(cron="17 * * * *")
@app.task(name="messages.forget_keys", queueing_lock="messages.forget_keys", pass_context=False)
def forget_keys(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's shape
    """Drop Idempotency-Keys that are older than two days."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").forget_keys)
