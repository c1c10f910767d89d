"""Settings that let waiting messages go sooner are noticed at once, not when their old moment comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.talk import Person, Place, make_person, make_place
from tests.features.campaigns.test_pump import NOON, started, steps

from textfirst.accounts.types import Caller
from textfirst.consent.models import ConsentStanding
from textfirst.contacts.actions.contacts import update_contact
from textfirst.contacts.actions.identities import bump
from textfirst.contacts.models import Contact
from textfirst.contacts.types import ContactFields
from textfirst.conversations.actions import send
from textfirst.core.ids import new_id
from textfirst.decisions.actions import ASK_WAITING, change_policy, note_packs
from textfirst.messages.actions import waiting
from textfirst.messages.actions.waiting import FIRST, ask_again
from textfirst.messages.models import Message, Outbox
from textfirst.messages.types import SendRequest
from textfirst.testing.permission import permit_everybody

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


PLANNED = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=5)


@pytest.fixture
def bakery() -> Place:
    return make_place()


@pytest.fixture
def ben(bakery) -> Person:
    """Somebody who wants advertising at any hour, once a week, and has had it: what is planned within the week waits for its end."""
    ben, place = make_person(bakery, "Ben"), bakery
    permit_everybody(place.id)
    ConsentStanding.objects.update(any_hour_entry=new_id())
    change_policy(workspace_id=place.id, changes={"caps": {"across": []}})
    update_contact(place.id, ben.id, ContactFields(own_cap=1))
    for text, when in (("first", None), ("second", PLANNED)):
        asked = SendRequest(contact_id=ben.id, text=text, purpose="promotion", send_at=when)
        send(caller=Caller(place.id), request=asked, now=datetime.now(UTC))
    assert Message.objects.get(body="second").reason == "own_cap"
    return ben


def test_x8_whoever_wants_more_again_gets_what_waits_as_it_was_planned(bakery, ben):
    (before,) = moments()
    change_contact = partial(update_contact, bakery.id, ben.id)
    for other in (ContactFields(first_name="Benjamin"), ContactFields(own_cap=0)):
        change_contact(other)
        assert moments() == {before}, "no room for it, and later is the claim's to say"
    change_contact(ContactFields(own_cap=2))
    assert before > PLANNED
    assert moments() == {PLANNED}


def test_of_whom_nothing_changed_nothing_moves(bakery, ben):
    other = make_person(bakery, "Anna")
    before = moments()
    Contact.objects.filter(id=ben.id).update(own_cap=2)
    bump(bakery.id, [other.id])
    assert moments() == before
    bump(bakery.id, [other.id, ben.id])
    assert moments() != before


def test_of_a_crowd_a_job_asks(bakery, ben):
    before = moments()
    Contact.objects.filter(id=ben.id).update(own_cap=2)
    bump(bakery.id, [ben.id, *(new_id() for _ in range(100))])
    assert moments() == before
    assert [job.args["workspace_id"] for job in ProcrastinateJob.objects.filter(task_name=ASK_WAITING)][-1] == str(bakery.id)


def test_other_rule_packs_let_those_go_who_wait_for_nothing_now(place, monkeypatch):
    """At start-up; where nothing waits at all, nobody is called."""
    make_place()
    note_packs()
    jobs = ProcrastinateJob.objects.filter(task_name=ASK_WAITING)
    assert [job.args for job in jobs] == [{"workspace_id": str(place.id)}]
    jobs.delete()
    assert (note_packs(), jobs.exists()) == (False, False)


def test_a_change_that_may_bring_forward_calls_the_job_once(place):
    jobs = ProcrastinateJob.objects.filter(task_name=ASK_WAITING)
    change_policy(workspace_id=place.id, changes={"countries": ["GR"]})
    change_policy(workspace_id=place.id, changes={"caps": {}})
    assert not jobs.exists()
    for texts in (2, 3):
        change_policy(workspace_id=place.id, changes={"caps": {"across": [{"texts": texts, "days": 1}]}})
    assert [job.args for job in jobs] == [{"workspace_id": str(place.id)}]
