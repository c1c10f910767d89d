"""Calling the pump: a job in the caller's transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from textfirst.campaigns.models import Campaign
from textfirst.events.actions import record_one

JOB = "campaigns.pump"
LOOKS_AHEAD = timedelta(days=3)  # hours are looked back for two days (decisions/hours.py); the rest is for the batch to leave


def wake_pump(workspace_id: UUID, *, wait: float = 0, at: datetime | None = None) -> None:
    """Let a worker turn to the workspace's campaigns now, in `wait` seconds or `at` a time. Asked twice for the same, it comes once.

    A call waits only in the place of one that is due no sooner: a look in thirty seconds must not stand for one now.
    """
    when: dict[str, Any] = {"schedule_at": at} if at else {"schedule_in": {"seconds": wait}} if wait else {}
    lock = f"campaigns:{workspace_id}:{at.isoformat() if at else ceil(wait)}"
    job = app.configure_task(JOB, queueing_lock=lock, **when)
    try:
        with transaction.atomic():  # a savepoint: being there already is no reason to lose the caller's work
            job.defer(workspace_id=str(workspace_id))
    except AlreadyEnqueued:
        return


def plan_look(campaign: Campaign) -> None:
    """Of one planned for later: when the pump turns to it, which is sooner for one about an event (events.py). The caller saves it."""
    at = campaign.scheduled_at
    campaign.begin_at = at - LOOKS_AHEAD if at and campaign.anchor else None
    wake_pump(campaign.workspace_id, at=campaign.begin_at or at)


def announce(campaign: Campaign) -> None:
    """Tell open pages that a campaign is no longer what it was."""
    record_one(campaign.workspace_id, "campaign.updated", campaign.id, version=campaign.version, state=campaign.state)
