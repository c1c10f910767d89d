"""Settings that let waiting messages go sooner are noticed at once, not when their old moment comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.talk import Place, make_person, make_place
from tests.features.campaigns.test_pump import NOON, started, steps

from textfirst.accounts.types import Caller
from textfirst.conversations.actions import send
from textfirst.decisions.actions import ASK_WAITING, change_policy
from textfirst.messages.actions import waiting
from textfirst.messages.actions.waiting import FIRST, ask_again
from textfirst.messages.models import Message, Outbox
from textfirst.messages.types import SendRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    place = make_place()
    make_person(place, "Anna")
    make_person(place, "Ben")
    for text in ("first", "second"):
        steps(place, started(place, text))
    assert set(Message.objects.filter(body="second").values_list("reason", flat=True)) == {"capped"}
    return place


def moments(text: str = "second") -> set:
    return set(Outbox.objects.filter(body=text).values_list("not_before", flat=True))


def ask_all(place: Place) -> int:
    """As the job does; how many batches."""
    after, batches = FIRST, 0
    while (after := ask_again(place.id, after, NOON)) is not None:
        batches += 1
    return batches


@pytest.mark.parametrize("at_once", [1, 1000])
def test_a_higher_cap_lets_those_go_who_wait_for_room(place, monkeypatch, at_once):
    monkeypatch.setattr(waiting, "AT_ONCE", at_once)
    before = moments()
    assert ask_all(place) == (2 if at_once == 1 else 1)
    assert moments() == before, "nothing was settled, so nothing moves"
    change_policy(workspace_id=place.id, changes={"caps": {"across": [{"texts": 2, "days": 1}]}})
    ask_all(place)
    assert moments() == {NOON}


def test_a_lower_cap_or_narrower_hours_bring_nothing_forward(place):
    before = moments()
    week = {day: ["10:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    change_policy(workspace_id=place.id, changes={"caps": {"across": [{"texts": 1, "days": 2}]}, "hours": {"week": week}})
    ask_all(place)
    assert moments() == before, "later is the claim's to say"


def test_what_was_planned_stays_planned(place):
    planned = NOON + timedelta(days=2)
    anna = Message.objects.filter(body="first").values_list("contact_id", flat=True)[0]
    send(caller=Caller(place.id), request=SendRequest(contact_id=anna, text="third", purpose="notice", send_at=planned), now=NOON)
    assert moments("third") == {planned}
    change_policy(workspace_id=place.id, changes={"caps": {"across": [], "notice": []}})
    ask_all(place)
    assert (moments("third"), moments()) == ({planned}, {NOON})


def test_what_is_held_and_what_the_fuse_holds_is_left_alone(place):
    before = moments()
    Outbox.objects.filter(id=Outbox.objects.filter(body="second").order_by("id")[0].id).update(lane=9)
    Message.objects.filter(id=Outbox.objects.filter(body="second").order_by("-id")[0].id).update(reason="too_many")
    change_policy(workspace_id=place.id, changes={"caps": {"across": []}})
    assert ask_all(place) == 0
    assert moments() == before


def test_a_change_that_may_bring_forward_calls_the_job_once(place):
    jobs = ProcrastinateJob.objects.filter(task_name=ASK_WAITING)
    change_policy(workspace_id=place.id, changes={"countries": ["GR"]})
    change_policy(workspace_id=place.id, changes={"caps": {}})
    assert not jobs.exists()
    for texts in (2, 3):
        change_policy(workspace_id=place.id, changes={"caps": {"across": [{"texts": texts, "days": 1}]}})
    assert [job.args for job in jobs] == [{"workspace_id": str(place.id)}]
