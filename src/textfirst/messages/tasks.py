"""Housekeeping of messages."""

from __future__ import annotations

from django.db import connection
from procrastinate.contrib.django import app

from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner


@app.periodic(cron="17 * * * *")
@app.task(name="messages.forget_keys", queueing_lock="messages.forget_keys", pass_context=False)
def forget_keys(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's shape
    """Drop Idempotency-Keys that are older than two days."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").forget_keys)
