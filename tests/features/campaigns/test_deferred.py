"""A campaign that is started at night waits for the morning, says so, and goes on by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.factories.talk import make_person, make_place
from tests.features.campaigns.test_pump import make_campaign, shown_counts

from textfirst.campaigns.actions import steering
from textfirst.campaigns.actions.pump import DEFERRED_WAIT, Run, take_step
from textfirst.campaigns.actions.tallying import Left, tally
from textfirst.campaigns.queries import campaign, progress_of
from textfirst.campaigns.types import State
from textfirst.database.scope import enter_workspace
from textfirst.decisions.models import DecisionRecord
from textfirst.decisions.record import decode
from textfirst.decisions.types import Verdict
from textfirst.messages.models import Message, Outbox
from textfirst.messages.types import Status

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 11, 23, 22, tzinfo=UTC)  # midnight in Athens
HEADLINE = "decent_hours"
MORNING = datetime(2026, 11, 24, 12, tzinfo=UTC)


def steps(place, row, now) -> float | None:
    """Until there is nothing to do, or somebody must wait: how long."""
    run = Run(place.id, row.id)
    while (wait := take_step(run, now).wait) == 0:
        pass
    enter_workspace(place.id)
    return wait


def test_at_night_it_waits_and_in_the_morning_it_is_done():
    place = make_place()
    for name in ("Anna", "Ben"):
        make_person(place, name)
    row = make_campaign(place)
    steering.start(workspace_id=place.id, campaign_id=row.id, now=NIGHT)

    assert steps(place, row, NIGHT) == DEFERRED_WAIT
    asleep = Message.objects.all()
    assert list(asleep.values_list("status", "reason")) == [(Status.DEFERRED, HEADLINE)] * 2
    waits = Outbox.objects.all()
    assert all(NIGHT + timedelta(hours=6) < one.not_before < one.send_by < one.arrive_by <= MORNING + timedelta(hours=12) for one in waits)
    [shared] = set(asleep.values_list("decision_id", flat=True))
    kept = decode(DecisionRecord.objects.get(id=shared).body)
    assert (kept.verdict, kept.reason, kept.until) == (Verdict.DEFER, HEADLINE, waits[0].not_before)
    assert all(isinstance(entry, UUID) for entry in asleep.values_list("consent_entry_id", flat=True))

    found = progress_of(place.id, [campaign(place.id, row.id)])[row.id]
    assert (found.shown["waiting"], found.reasons) == (2, {HEADLINE: 2})
    assert campaign(place.id, row.id).state == State.RUNNING

    Outbox.objects.all().delete()  # as the engine does once their hour has come
    Message.objects.update(status=Status.DELIVERED, reason=None)
    tally(place.id, row.id, [Left(Status.DEFERRED, HEADLINE, -2, -2), Left(Status.DELIVERED, "", 2, 2)])
    steps(place, row, MORNING)
    assert campaign(place.id, row.id).state == State.DONE
    assert shown_counts(place, row) == {"delivered": 2}


def test_those_who_sleep_are_not_in_the_way_of_those_who_do_not(monkeypatch):
    monkeypatch.setattr("textfirst.campaigns.actions.pump.most_ahead", lambda rate: 4)
    place = make_place()
    for _ in range(12):
        make_person(place)
    row = make_campaign(place)
    steering.start(workspace_id=place.id, campaign_id=row.id, now=NIGHT)
    assert steps(place, row, NIGHT) == DEFERRED_WAIT
    assert Message.objects.filter(status=Status.DEFERRED).count() == 12, "all are made: none of them waits for room"
