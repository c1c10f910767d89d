"""A message that the carrier threw back does not slip past a pause."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from tests.factories.talk import Place, make_person, make_place
from tests.features.campaigns.test_pump import started, steps

from textfirst.campaigns.actions import steering
from textfirst.core.purposes import Lane
from textfirst.database.named_sql import load
from textfirst.messages.models import Outbox

COLUMNS = {
    "ids": "id", "identity_ids": "identity_id", "campaign_ids": "campaign_id", "lanes": "lane", "deliveries": "delivery", "segments": "segments",
    "encodings": "encoding", "attempts": "attempts", "flags": "flags", "not_before": "not_before", "not_after": "not_after",
    "identity_versions": "identity_version", "workspace_versions": "workspace_version", "addresses": "address", "bodies": "body", "send_by": "send_by", "arrive_by": "arrive_by",
}  # fmt: skip


def taken(place: Place, campaign_id: UUID | None = None) -> dict[str, Any]:
    """A message out of the outbox, as the engine has it in hand: parameters to put it back."""
    [waiting] = Outbox.objects.all()
    Outbox.objects.all().delete()
    if campaign_id is None:
        waiting.campaign_id = None
    return {
        "workspace_id": place.id,
        "channel_id": waiting.channel_id,
        **{name: [getattr(waiting, column)] for name, column in COLUMNS.items()},
    }


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "lane"), [(None, Lane.BULK), (steering.pause, Lane.HELD)])
def test_it_waits_where_the_campaign_stands(change, lane):
    place = make_place()
    make_person(place)
    row = started(place)
    steps(place, row)
    params = taken(place, row.id)
    if change:
        change(workspace_id=place.id, campaign_id=row.id)
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").requeue, params)
    assert Outbox.objects.get().lane == lane


@pytest.mark.django_db
def test_a_message_of_no_campaign_keeps_its_lane():
    place = make_place()
    make_person(place)
    steps(place, started(place))
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").requeue, taken(place))
    assert Outbox.objects.get().lane == Lane.BULK


@pytest.mark.django_db(transaction=True)
def test_a_pause_that_is_just_being_written_holds_it_too(database_url):
    place = make_place()
    make_person(place)
    row = started(place)
    steps(place, row)
    params = taken(place, row.id)
    done = threading.Event()

    def put_back() -> None:
        with psycopg.connect(database_url) as engine:
            engine.execute("select set_config('textfirst.workspace', %s, false)", [str(place.id)])
            engine.execute(load("textfirst.messages").requeue, params)
        done.set()

    with transaction.atomic():
        steering.pause(workspace_id=place.id, campaign_id=row.id)
        thread = threading.Thread(target=put_back)
        thread.start()
        assert not done.wait(0.3)
    thread.join()
    assert Outbox.objects.get().lane == Lane.HELD


@pytest.mark.django_db(transaction=True)
def test_it_does_not_wait_for_the_pump(database_url):
    place = make_place()
    make_person(place)
    row = started(place)
    steps(place, row)
    params = taken(place, row.id)
    from textfirst.campaigns.actions.pump import Run, _lock

    with transaction.atomic():
        assert _lock(Run(place.id, row.id))
        with psycopg.connect(database_url) as engine:
            engine.execute("set lock_timeout = '2s'")
            engine.execute("select set_config('textfirst.workspace', %s, false)", [str(place.id)])
            engine.execute(load("textfirst.messages").requeue, params)
    assert Outbox.objects.get().lane == Lane.BULK
