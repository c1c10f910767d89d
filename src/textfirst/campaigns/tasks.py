"""Campaigns' jobs."""

from __future__ import annotations

from uuid import UUID

from django.db import connection
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from textfirst.campaigns.actions.turns import take_turn
from textfirst.campaigns.actions.waking import JOB, wake_pump
from textfirst.campaigns.queries import sql
from textfirst.database.clock import database_now
from textfirst.database.scope import as_owner, workspace_scope

RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)  # the database may be away for a moment; each step is whole or not at all


@app.task(name=JOB, retry=RETRY, pass_context=True)
def pump(context: JobContext, workspace_id: str, campaign_id: str = "") -> None:  # noqa: ARG001 - jobs of older versions name a campaign
    """A workspace's turn, which then calls for the next."""
    workspace = UUID(workspace_id)
    wait = take_turn(workspace, clock=database_now, stop=context.should_abort)
    if wait is not None:
        with workspace_scope(workspace):
            wake_pump(workspace, wait=wait)


@app.periodic(cron="* * * * *")
@app.task(name="campaigns.tend", queueing_lock="campaigns.tend")
def tend(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's shape
    """Call the pump for every workspace with a campaign that should be moving: whatever befell its own job, it goes on within a minute."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql.active)
        active = cursor.fetchall()
    for (workspace_id,) in active:
        with workspace_scope(workspace_id):
            wake_pump(workspace_id)
