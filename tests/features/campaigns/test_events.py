"""A midnight sale (X1, S38): told when it was planned for where that may be, and in the last allowed minute before where people sleep then."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.talk import Place, make_person, make_place
from tests.features.campaigns.test_pump import make_campaign

from textfirst.accounts.types import Caller
from textfirst.campaigns.actions import planning, steering
from textfirst.campaigns.actions.dry_run import DryRun, dry_run
from textfirst.campaigns.actions.events import LOOKS_AGAIN, plan_event
from textfirst.campaigns.actions.pump import Run, take_step
from textfirst.campaigns.models import Campaign
from textfirst.campaigns.queries import campaign, execute, sql
from textfirst.campaigns.types import Start, State
from textfirst.channels.models import Channel
from textfirst.consent.models import ConsentStanding
from textfirst.contacts.types import Audience
from textfirst.conversations.actions import send
from textfirst.core.errors import InvalidInput
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.decisions.actions import change_policy
from textfirst.decisions.types import Because, Code
from textfirst.messages.actions.waiting import FIRST, ask_again
from textfirst.messages.models import Message, Outbox
from textfirst.messages.queries import answers
from textfirst.messages.types import SendRequest, Status
from textfirst.testing.permission import permit_everybody

pytestmark = pytest.mark.django_db

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MIDNIGHT = datetime(2026, 11, 24, 22, tzinfo=UTC)  # in Athens, after a Tuesday
PLANNED = MIDNIGHT - HOUR
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LAST = datetime(2026, 11, 24, 17, 49, tzinfo=UTC)  # the last minute in Athens: until eight, less the margin
EVERYBODY = Audience(everyone=True)


@pytest.fixture
def place() -> Place:
    """Athens sleeps an hour before midnight, and Toronto does not; one of Athens wants it at any hour."""
    place = make_place()
    for phone in ("+306900000001", "+306900000002", "+14165550001"):
        make_person(place, phone=phone)
    awake = make_person(place, phone="+306900000003")
    permit_everybody(place.id)
    ConsentStanding.objects.filter(address_hash=awake.identity.address_hash).update(any_hour_entry=new_id())
    return place


def sale(place: Place, *, at: datetime | None = PLANNED, now: datetime = NOW, anchor: datetime = MIDNIGHT) -> Campaign:
    row = make_campaign(place, "Sale at midnight", anchor=anchor)
    return steering.start(workspace_id=place.id, campaign_id=row.id, at=at, now=now)


def pump(place: Place, row: Campaign, now: datetime) -> None:
    run = Run(place.id, row.id)
    while take_step(run, now).wait == 0:
        pass


def made(row: Campaign) -> Counter:
    """When who leaves, by number."""
    moments = dict(Outbox.objects.filter(campaign_id=row.id).values_list("id", "not_before"))
    return Counter((one.address[:3], moments.get(one.id), one.reason) for one in Message.objects.filter(campaign_id=row.id))


def begun(place: Place, now: datetime = NOW) -> Campaign:
    """Planned, looked at, and made when its moment came."""
    row = sale(place, now=now)
    while row.state == State.SCHEDULED:
        now = max(now, row.begin_at)
        pump(place, row, now)
        row = campaign(place.id, row.id)
    return row


def test_x1_s38_it_is_made_before_the_first_who_sleeps_would_and_leaves_in_the_last_minute(place):
    row = sale(place)
    assert (row.state, row.begin_at) == (State.SCHEDULED, PLANNED - timedelta(days=3))
    pump(place, row, NOW)
    row = campaign(place.id, row.id)
    assert (row.state, row.begin_at) == (State.SCHEDULED, NOW + LOOKS_AGAIN), "whoever joins meanwhile is looked at again"
    assert not Message.objects.exists()
    row = begun(place)
    assert row.begin_at < LAST - MINUTE <= row.started_at + 5 * MINUTE
    assert made(row) == {("+30", LAST - MINUTE, "moved_before"): 2, ("+30", PLANNED, "scheduled"): 1, ("+14", PLANNED, "scheduled"): 1}
    assert set(Outbox.objects.values_list("not_after", flat=True)) == {MIDNIGHT}


def test_x1_a_dry_run_says_exactly_that(place):
    plan = plan_event(
        place.id, EVERYBODY, Purpose.PROMOTION, "Sale at midnight", anchor=MIDNIGHT, planned=PLANNED, channel_id=None, now=NOW
    )
    told = dry_run(
        workspace_id=place.id, audience=EVERYBODY, purpose=Purpose.PROMOTION, text="Sale at midnight", now=plan.begins, event=plan.event
    )
    assert told == DryRun(PLANNED, 4, 2, Counter({Start(LAST - MINUTE, "moved_before", "2026-11-24T19:48"): 2}), Counter(), 4)
    row = begun(place)
    assert abs(row.started_at - plan.begins) < MINUTE
    assert made(row).total() == told.total


def test_x1_h2_a_large_batch_begins_as_much_earlier_as_it_takes(place):
    Channel.objects.update(rate=1)
    for _ in range(116):
        make_person(place)
    row = begun(place)
    assert {moment for (_, moment, reason) in made(row) if reason == "moved_before"} == {LAST - 2 * MINUTE}


def test_x1_started_too_late_it_is_not_told_where_people_sleep(place):
    row = sale(place, at=None, now=PLANNED)
    pump(place, row, PLANNED)
    assert made(row) == {("+30", None, "past_validity"): 2, ("+30", PLANNED, None): 1, ("+14", PLANNED, None): 1}


def test_x1_started_within_the_hours_it_leaves_at_once(place):
    now = LAST - HOUR
    row = sale(place, at=None, now=now)
    pump(place, row, now)
    assert {moment for (_, moment, _) in made(row)} == {now}
    assert {one.reason for one in Message.objects.all()} == {None}


@pytest.mark.parametrize(("at", "now"), [(MIDNIGHT, NOW), (None, MIDNIGHT)])
def test_x1_an_event_that_is_over_is_refused(place, at, now):
    row = make_campaign(place, anchor=MIDNIGHT)
    with pytest.raises(InvalidInput) as refused:
        steering.start(workspace_id=place.id, campaign_id=row.id, at=at, now=now)
    assert (refused.value.code, refused.value.fields.keys()) == ("event_over", {"anchor"})


def test_a_planned_one_may_be_about_another_event_or_none(place):
    row = sale(place)
    change = {"workspace_id": place.id, "campaign_id": row.id}
    assert planning.edit(**change, changes={"anchor": None}).begin_at is None
    assert planning.edit(**change, changes={"anchor": MIDNIGHT + HOUR + timedelta(seconds=30)}).anchor == MIDNIGHT + HOUR
    row = campaign(place.id, row.id)
    assert row.begin_at == PLANNED - timedelta(days=3)
    for wrong in (PLANNED, MIDNIGHT.replace(tzinfo=None)):
        with pytest.raises(InvalidInput):
            planning.edit(**change, changes={"anchor": wrong})
    assert ProcrastinateJob.objects.filter(scheduled_at=PLANNED).exists()


def test_whoever_tends_campaigns_comes_when_it_is_to_be_looked_at(place):
    row = sale(place, at=PLANNED + timedelta(days=30), anchor=MIDNIGHT + timedelta(days=30))
    looked = {"workspace_id": place.id, "now": row.begin_at, "swept_since": NOW}
    assert [found for found, _ in execute(sql.turns, looked)] == [row.id]
    assert execute(sql.turns, {**looked, "now": row.begin_at - MINUTE}) == []


def test_x1_narrower_hours_bring_it_forward_and_wider_ones_back(place):
    """What was planned within the hours is moved before the event once they are narrower, and back."""
    Message.objects.all().delete()
    anna = make_person(place, phone="+14165550002")
    permit_everybody(place.id)
    asked = SendRequest(contact_id=anna.id, text="Sale", purpose="promotion", send_at=PLANNED, anchor=MIDNIGHT)
    send(caller=Caller(place.id), request=asked, now=NOW)
    moment = Outbox.objects.values_list("not_before", flat=True)
    assert moment.get() == PLANNED
    week = {day: ["09:00-15:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    change_policy(workspace_id=place.id, changes={"hours": {"week": week}})
    ask_again(place.id, FIRST, NOW)
    assert moment.get() == datetime(2026, 11, 24, 19, 59, tzinfo=UTC), "three in Toronto"
    change_policy(workspace_id=place.id, changes={"hours": None})
    ask_again(place.id, FIRST, NOW)
    assert moment.get() == PLANNED


def test_x1_one_text_about_an_event_is_moved_before_it_and_says_so(place):
    anna = make_person(place, phone="+306900000009")
    permit_everybody(place.id)
    asked = SendRequest(contact_id=anna.id, text="Sale", purpose="promotion", send_at=PLANNED, anchor=MIDNIGHT)
    said = send(caller=Caller(place.id), request=asked, now=NOW)
    assert (said["status"], said["reason"]["code"], said["until"]) == ("deferred", "moved_before", f"{LAST:%Y-%m-%dT%H:%M}:00Z")
    row = Message.objects.get(status=Status.DEFERRED)
    assert Because(Code.ANCHORED, (int(MIDNIGHT.timestamp() // 60),)) in answers(place.id, row.id)[0].decision.reasons
    assert Outbox.objects.get().not_after == MIDNIGHT
