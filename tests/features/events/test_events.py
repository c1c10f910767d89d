"""Events in the order of commits: a reader never misses one that a slower transaction writes."""

from __future__ import annotations

import time
from uuid import UUID

import psycopg
import pytest
from tests.factories.talk import make_place

from textfirst.core.ids import new_id
from textfirst.database.named_sql import load
from textfirst.events.actions import record, record_one
from textfirst.events.queries import events_after, newest_cursor
from textfirst.events.rules import record_params
from textfirst.events.types import Fact


def writer(database_url: str, workspace_id: UUID) -> psycopg.Connection:
    connection = psycopg.connect(database_url)
    connection.execute("select set_config('textfirst.workspace', %s, false)", [str(workspace_id)])
    connection.commit()
    return connection


@pytest.mark.django_db(transaction=True)
def test_nothing_is_skipped_when_an_older_transaction_commits_later(database_url):
    place = make_place()
    begin = newest_cursor()
    slow, early, late = writer(database_url, place.id), new_id(), new_id()
    slow.execute(load("textfirst.events").record, record_params(place.id, [Fact("contact.updated", early, {})]))
    record_one(place.id, "contact.updated", late, name="Ann")

    assert events_after(place.id, begin) == []  # the younger one waits for the older

    slow.commit()
    slow.close()
    end = time.monotonic() + 10
    while not (seen := events_after(place.id, begin)) and time.monotonic() < end:
        time.sleep(0.01)  # a neighbour's transaction on this server holds them back as well
    assert [event.subject_id for event in seen] == [early, late]
    assert seen[1].data == {"name": "Ann"}
    assert [event.subject_id for event in events_after(place.id, seen[0].cursor)] == [late]
    assert events_after(place.id, begin, limit=1) == seen[:1]


@pytest.mark.django_db(transaction=True)
def test_one_notification_per_workspace_and_transaction(database_url):
    place = make_place()
    with psycopg.connect(database_url, autocommit=True) as listener, writer(database_url, place.id) as busy:
        listener.execute("listen textfirst_events")
        for _ in range(3):
            busy.execute(
                load("textfirst.events").record, record_params(place.id, [Fact("contact.updated", new_id(), {}) for _ in range(4)])
            )
        busy.commit()
        assert [note.payload for note in listener.notifies(timeout=5, stop_after=1)] == [str(place.id)]
        assert list(listener.notifies(timeout=0.05)) == []


@pytest.mark.django_db
def test_recording_nothing_is_nothing():
    place = make_place()
    record(place.id, [])
    assert events_after(place.id, newest_cursor()) == []
