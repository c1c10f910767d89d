"""Whose turn it is: a small campaign is not behind a huge one, and no workspace keeps the workers from the others."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.talk import make_person, make_place
from tests.features.campaigns.test_pump import started

from textfirst.campaigns.actions import pump, steering
from textfirst.campaigns.actions.turns import SHORT_TURN, take_turn
from textfirst.campaigns.actions.waking import wake_pump
from textfirst.campaigns.queries import campaign
from textfirst.campaigns.types import State
from textfirst.contacts.models import ContactList, ContactListMember
from textfirst.core.purposes import Purpose
from textfirst.database.scope import as_owner, enter_workspace
from textfirst.messages.models import Message, Outbox
from textfirst.messages.types import Status

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    """Time that passes when somebody sleeps, and a millisecond with each look."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(pump, "BATCH", 4)
    monkeypatch.setattr("textfirst.campaigns.rules.UNLIMITED_AHEAD", 16)


def send(count: int) -> None:
    """What the engine does: the oldest first."""
    ids = list(Outbox.objects.order_by("lane", "not_before", "id").values_list("id", flat=True)[:count])
    Outbox.objects.filter(id__in=ids).delete()
    Message.objects.filter(id__in=ids).update(status=Status.DELIVERED)


def sent(row) -> int:
    return Message.objects.filter(campaign_id=row.id, status=Status.DELIVERED).count()


@pytest.mark.django_db(transaction=True)
def test_a_small_campaign_started_after_a_huge_one_is_sent_long_before_it():
    place, clock = make_place(), Clock()
    people = [make_person(place) for _ in range(240)]
    few = ContactList.objects.create(workspace_id=place.id, name="Few")
    for person in people[:20]:
        ContactListMember.objects.create(workspace_id=place.id, contact_list=few, contact=person.contact)
    huge = started(place, purpose=Purpose.NOTICE)  # advertising may reach the few but once a day
    small, before = None, 0

    def carry(seconds: float) -> None:
        nonlocal small, before
        clock.sleep(seconds)
        enter_workspace(place.id)
        send(4)
        if small is None and sent(huge) >= 24:
            small = started(place, purpose=Purpose.NOTICE, audience={"lists": [str(few.id)]})
        if small is not None and not Message.objects.filter(campaign_id=small.id).exists():
            before = sent(huge)  # it is seen within a second; from then on they share

    def small_is_sent() -> bool:
        enter_workspace(place.id)
        return small is not None and sent(small) == 20

    take_turn(place.id, clock=clock, stop=small_is_sent, sleep=carry, seconds=3600)
    enter_workspace(place.id)
    assert small is not None
    assert sent(small) == 20
    meanwhile = sent(huge) - before
    assert meanwhile <= 16 + 20 + 16, "equal shares, after what waited already"
    assert Message.objects.filter(campaign_id=huge.id).count() < 240
    assert Outbox.objects.count() <= 16


@pytest.mark.django_db(transaction=True)
def test_a_workspace_has_one_worker_however_many_campaigns_it_has():
    place = make_place()
    make_person(place)
    started(place)
    seen: list[float | None] = []

    def another(_: float) -> None:
        def work() -> None:
            seen.append(take_turn(place.id, clock=lambda: NOON, stop=lambda: True))
            connections.close_all()

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()

    clock = Clock()
    take_turn(place.id, clock=clock, stop=lambda: bool(seen), sleep=another)
    assert seen == [pump.SHORT_WAIT]  # it asks to be called again, for the one at work may just be about to leave
    assert take_turn(place.id, clock=clock, stop=lambda: True) != pump.SHORT_WAIT  # the lock was given back


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("somebody_waits", [False, True])
def test_a_turn_is_short_when_another_workspace_waits(somebody_waits):
    other = make_place("Other")
    place, clock = make_place(), Clock()
    make_person(place)
    started(place)
    with as_owner():
        from django.db import connection

        connection.cursor().execute("delete from procrastinate_jobs")
    if somebody_waits:
        wake_pump(other.id)
    wake_pump(place.id)  # a call for ourselves is no reason to hurry
    take_turn(place.id, clock=clock, stop=lambda: clock.now > NOON + timedelta(seconds=10), sleep=clock.sleep)
    took = (clock.now - NOON).total_seconds()
    assert (took < SHORT_TURN + 1.1) is somebody_waits  # else until the answers are no longer worth waiting for in place


@pytest.mark.django_db(transaction=True)
def test_a_call_now_is_not_swallowed_by_one_in_half_a_minute():
    place = make_place()
    wake_pump(place.id, wait=30)
    wake_pump(place.id, wait=30)
    wake_pump(place.id)
    wake_pump(place.id)
    assert sorted(job.scheduled_at is None for job in ProcrastinateJob.objects.all()) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_what_came_back_after_a_cancelling_is_swept_up():
    place, clock = make_place(), Clock()
    for _ in range(4):
        make_person(place)
    row = started(place)
    take_turn(
        place.id, clock=clock, stop=lambda: False, sleep=lambda _: steering.cancel(workspace_id=place.id, campaign_id=row.id, now=clock.now)
    )
    enter_workspace(place.id)
    assert Outbox.objects.count() == 0
    back = Message.objects.filter(campaign_id=row.id).first()
    Outbox.objects.create(
        id=back.id, workspace_id=place.id, channel_id=place.channel.id, identity_id=back.identity_id, campaign_id=row.id, lane=3, delivery=1, segments=1,
        encoding=0, not_before=NOON, not_after=NOON + timedelta(days=1), identity_version=1, workspace_version=1, address=back.address, body=back.body,
    )  # fmt: skip
    clock.sleep(30)
    assert take_turn(place.id, clock=clock, stop=lambda: False, sleep=clock.sleep) is None
    enter_workspace(place.id)
    assert Outbox.objects.count() == 0
    assert campaign(place.id, row.id).state == State.CANCELLED
