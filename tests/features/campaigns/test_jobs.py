"""The pump as the worker runs it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.talk import make_person, make_place
from tests.features.campaigns.test_pump import make_campaign

from textfirst.campaigns.actions import steering
from textfirst.campaigns.queries import campaign
from textfirst.campaigns.types import State
from textfirst.core.purposes import Purpose
from textfirst.database.scope import enter_workspace
from textfirst.messages.models import Message, Outbox


def work() -> None:
    """Run what is due, as `textfirst jobs` does, and come back; one thread, so that its connection can be closed."""

    async def until_idle() -> None:
        loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor(1)
        loop.set_default_executor(threads)
        connector = app.connector.get_worker_connector()
        with app.replace_connector(connector) as worker:
            async with worker.open_async():
                await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)
        await loop.run_in_executor(threads, connections.close_all)

    asyncio.run(until_idle())


@pytest.mark.django_db(transaction=True)
def test_a_started_campaign_is_sent_by_the_worker(monkeypatch):
    monkeypatch.setattr("textfirst.campaigns.actions.pump.FINISH_WAITS", (5.0,))  # give the worker back at once
    place = make_place()
    for name in ("Anna", "Ben"):
        make_person(place, name)
    row = make_campaign(place, purpose=Purpose.NOTICE)  # may leave at any hour
    steering.start(workspace_id=place.id, campaign_id=row.id, now=datetime.now(UTC))
    work()
    enter_workspace(place.id)
    assert sorted(Message.objects.values_list("body", flat=True)) == ["Hi Anna", "Hi Ben"]
    assert (Outbox.objects.count(), campaign(place.id, row.id).state) == (2, State.RUNNING)
    again = ProcrastinateJob.objects.get(status="todo")  # it has called for its next slice, a little later
    assert (again.task_name, again.args) == ("campaigns.pump", {"workspace_id": str(place.id)})
    assert again.scheduled_at is not None
