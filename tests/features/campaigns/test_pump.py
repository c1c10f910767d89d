"""The pump: everybody once, however often it runs, wherever it dies."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from tests.factories.talk import Place, make_person, make_place

from textfirst.campaigns.actions import pump, steering
from textfirst.campaigns.actions.pump import Run, take_step
from textfirst.campaigns.actions.tallying import Left, fold, recount, tally
from textfirst.campaigns.models import Campaign, CampaignTally, Recipient
from textfirst.campaigns.queries import campaign, counted, progress_of
from textfirst.campaigns.types import Counted, State
from textfirst.channels.models import Channel
from textfirst.consent.actions.holds import hold, release
from textfirst.consent.models import Suppression
from textfirst.consent.types import Word
from textfirst.contacts.models import Contact, ContactList, ContactListMember
from textfirst.core.ids import earliest_id, new_id
from textfirst.core.purposes import Lane, Purpose
from textfirst.database.scope import enter_workspace
from textfirst.events.models import Event
from textfirst.messages.models import Message, Outbox
from textfirst.messages.types import Status
from textfirst.testing.permission import permit_everybody

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday: advertising may leave in Greece


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch):
    monkeypatch.setattr(pump, "BATCH", 4)
    monkeypatch.setattr(pump, "PAGE", 3)


def make_campaign(place: Place, text: str = "Hi {{ contact.first_name }}", **fields) -> Campaign:
    facts = {"name": "Offer", "purpose": Purpose.PROMOTION, "audience": {"everyone": True}, **fields}
    permit_everybody(place.id)
    return Campaign.objects.create(workspace_id=place.id, text=text, **facts)


def started(place: Place, text: str = "Hi {{ contact.first_name }}", **fields) -> Campaign:
    row = make_campaign(place, text, **fields)
    return steering.start(workspace_id=place.id, campaign_id=row.id, now=NOON)


def steps(place: Place, row: Campaign, count: int = 50) -> list[int]:
    """Steps until there is nothing to do or somebody must wait; how many recipients each moved."""
    run, moved = Run(place.id, row.id), []
    for _ in range(count):
        step = take_step(run, NOON)
        moved.append(step.recipients)
        if step.wait != 0:
            break
    return moved


def stop(place: Place, person) -> None:
    Suppression.objects.create(
        workspace_id=place.id, address_hash=person.identity.address_hash, source="keyword", entry_id=new_id(), stopped_at=NOON
    )


def deliver_all(place: Place, row: Campaign) -> None:
    """What the engine would do: claim, submit, receive the receipts, count."""
    waiting = list(Outbox.objects.filter(campaign_id=row.id, lane__lt=Lane.HELD))
    Outbox.objects.filter(id__in=[one.id for one in waiting]).delete()
    Message.objects.filter(id__in=[one.id for one in waiting]).update(status=Status.DELIVERED)
    segments = sum(one.segments for one in waiting)
    if waiting:
        tally(place.id, row.id, [Left(Status.QUEUED, "", -len(waiting), -segments), Left(Status.DELIVERED, "", len(waiting), segments)])


def shown_counts(place: Place, row: Campaign) -> dict[str, int]:
    found = progress_of(place.id, [campaign(place.id, row.id)])[row.id].shown
    return {word: number for word, number in found.items() if number}


@pytest.mark.django_db
def test_everybody_gets_one_message_and_those_who_cannot_get_a_reason():
    place = make_place()
    anna, ben, carl, dora, long = (make_person(place, name) for name in ("Anna", "Ben", "Carl", "", "x" * 1600))
    Contact.objects.create(workspace_id=place.id, first_name="Mute")
    stop(place, ben)
    Contact.objects.filter(id=carl.id).update(blocked=True)
    row = started(place, "{{ contact.first_name }}")

    assert steps(place, row) == [3, 3, 2, 2, 0, 0]  # written down and made, written down and made, nobody is left, done

    rows = {m.contact_id: m for m in Message.objects.all()}
    assert {person.contact.first_name[:4]: (rows[person.id].status, rows[person.id].reason, rows[person.id].body) for person in (anna, ben, carl, dora, long)} == {
        "Anna": (10, None, "Anna"), "Ben": (70, "stopped", "Ben"), "Carl": (70, "blocked", "Carl"), "": (70, "empty", ""), "xxxx": (70, "too_long", ""),
    }  # fmt: skip
    [waiting] = Outbox.objects.all()
    assert (waiting.id, waiting.address, waiting.lane, waiting.campaign_id) == (rows[anna.id].id, anna.identity.address, Lane.BULK, row.id)
    assert set(Recipient.objects.values_list("id", flat=True)) == {m.id for m in rows.values()}
    assert shown_counts(place, row) == {"waiting": 1, "not_sent": 4}
    assert progress_of(place.id, [campaign(place.id, row.id)])[row.id].reasons == {"stopped": 1, "blocked": 1, "empty": 1, "too_long": 1}


@pytest.mark.django_db
@pytest.mark.parametrize("purpose", [Purpose.PROMOTION, Purpose.GREETING, Purpose.FEEDBACK, Purpose.REMINDER, Purpose.NOTICE])
def test_o4_a_doubt_holds_marketing_at_the_pump_until_a_person_decides(purpose):
    place = make_place()
    anna, ben = (make_person(place, name) for name in ("Anna", "Ben"))
    hold(place.id, [Word(anna.identity.id, new_id(), "wrong number", "doubt")], now=NOON)
    row = started(place, "Hi", purpose=purpose)
    steps(place, row)
    reasons = dict(Message.objects.values_list("contact_id", "reason"))
    assert reasons == {anna.id: "held" if purpose in {Purpose.PROMOTION, Purpose.GREETING} else None, ben.id: None}

    release(place.id, [Word(anna.identity.id)], by_user_id=None, now=NOON)
    again = started(place, "Hi", purpose=purpose)
    steps(place, again)
    expected = "capped" if purpose is Purpose.FEEDBACK else None  # she had one a moment ago
    assert Message.objects.get(campaign_id=again.id, contact_id=anna.id).reason == expected


@pytest.mark.django_db
def test_it_is_done_when_nothing_waits_any_more():
    place = make_place()
    for _ in range(3):
        make_person(place)
    row = started(place, "Hi")
    steps(place, row)
    assert campaign(place.id, row.id).state == State.RUNNING
    deliver_all(place, row)
    steps(place, row)
    after = campaign(place.id, row.id)
    assert (after.state, after.finished_at, after.recipients) == (State.DONE, NOON, 3)
    assert shown_counts(place, row) == {"delivered": 3}
    assert {event.data["state"] for event in Event.objects.filter(kind="campaign.updated")} >= {"preparing", "running", "done"}
    assert steps(place, row) == [0]


@pytest.mark.django_db
def test_starting_twice_and_writing_down_twice_change_nothing():
    place = make_place()
    for _ in range(7):
        make_person(place)
    row = started(place)
    steering.start(workspace_id=place.id, campaign_id=row.id, now=NOON)
    steps(place, row)
    Campaign.objects.filter(id=row.id).update(state=State.PREPARING, audience_cursor=None)
    steps(place, row)
    assert (Recipient.objects.count(), Message.objects.count(), campaign(place.id, row.id).recipients) == (7, 7, 7)


@pytest.mark.django_db
@pytest.mark.parametrize("dies_after", range(6))
def test_a_step_that_dies_leaves_nothing_and_is_done_again(dies_after, monkeypatch):
    place = make_place()
    for _ in range(10):
        make_person(place)
    row = started(place)
    run = Run(place.id, row.id)
    for _ in range(dies_after):
        take_step(run, NOON)
    before = (Recipient.objects.count(), Message.objects.count(), Outbox.objects.count(), CampaignTally.objects.count())

    monkeypatch.setattr(pump, "_save", lambda *_, **__: (_ for _ in ()).throw(RuntimeError("killed")))  # at the very end of the step
    with pytest.raises(RuntimeError, match="killed"), transaction.atomic():
        take_step(Run(place.id, row.id), NOON)
    monkeypatch.undo()
    monkeypatch.setattr(pump, "BATCH", 4)
    assert (Recipient.objects.count(), Message.objects.count(), Outbox.objects.count(), CampaignTally.objects.count()) == before

    steps(place, row)
    assert (Recipient.objects.count(), Message.objects.count(), Outbox.objects.count()) == (10, 10, 10)
    assert shown_counts(place, row) == {"waiting": 10}


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_a_campaign_without_doubling():
    place = make_place()
    for _ in range(40):
        make_person(place)
    row = started(place)
    problems: list[BaseException] = []

    def work() -> None:
        try:
            enter_workspace(place.id)
            run = Run(place.id, row.id)
            for _ in range(200):
                if take_step(run, NOON).wait == pump.FINISH_WAITS[0]:
                    break
        except BaseException as problem:  # noqa: BLE001 - handed to the test
            problems.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert (Recipient.objects.count(), Message.objects.count(), Outbox.objects.count()) == (40, 40, 40)
    assert counted(place.id, [row.id])[row.id] == [Counted(Status.QUEUED, "", 40, 40)]


@pytest.mark.django_db
def test_it_stays_close_ahead_of_the_carrier(monkeypatch):
    monkeypatch.setattr("textfirst.campaigns.rules.UNLIMITED_AHEAD", 8)
    place = make_place(rate=0)
    for _ in range(20):
        make_person(place)
    row = started(place)
    steps(place, row)
    assert Outbox.objects.count() == 8
    steps(place, row)
    assert Outbox.objects.count() == 8
    deliver_all(place, row)
    steps(place, row)
    assert (Outbox.objects.count(), Message.objects.count()) == (8, 16)


@pytest.mark.django_db
def test_pause_holds_back_what_waits_and_resume_lets_it_go():
    place = make_place()
    for _ in range(10):
        make_person(place)
    row, other = started(place), started(place)
    run = Run(place.id, row.id)
    for _ in range(6):
        take_step(run, NOON)
    steps(place, other)
    steering.pause(workspace_id=place.id, campaign_id=row.id)
    steering.pause(workspace_id=place.id, campaign_id=row.id)
    held = Outbox.objects.filter(campaign_id=row.id)
    assert held.exists()
    assert set(held.values_list("lane", flat=True)) == {Lane.HELD}
    assert set(Outbox.objects.filter(campaign_id=other.id).values_list("lane", flat=True)) == {Lane.BULK}
    assert steps(place, row) == [0]

    resumed = steering.resume(workspace_id=place.id, campaign_id=row.id)
    assert resumed.state == State.PREPARING  # where it was
    assert set(Outbox.objects.filter(campaign_id=row.id).values_list("lane", flat=True)) == {Lane.BULK}
    steps(place, row)
    assert Message.objects.filter(campaign_id=row.id).count() == 10


@pytest.mark.django_db
@pytest.mark.parametrize("paused_before", [False, True])
def test_cancel_sends_nothing_more(paused_before):
    place = make_place()
    for _ in range(10):
        make_person(place)
    row = started(place)
    run = Run(place.id, row.id)
    for _ in range(7):
        take_step(run, NOON)
    waiting = Outbox.objects.first()
    Outbox.objects.filter(id=waiting.id).delete()  # one is just leaving
    if paused_before:
        steering.pause(workspace_id=place.id, campaign_id=row.id)
    steering.cancel(workspace_id=place.id, campaign_id=row.id, now=NOON)
    assert Outbox.objects.count() == 0
    assert sorted(Message.objects.values_list("status", "reason")) == [(10, None)] + [(71, "cancelled")] * 8
    assert shown_counts(place, row) == {"waiting": 1, "not_sent": 9}

    Outbox.objects.create(**{field.attname: getattr(waiting, field.attname) for field in Outbox._meta.fields})  # the carrier threw it back
    steps(place, row)
    assert Outbox.objects.count() == 0
    assert shown_counts(place, row) == {"not_sent": 10}


@pytest.mark.django_db
def test_a_planned_start_waits_for_its_time():
    place = make_place()
    make_person(place)
    row = make_campaign(place)
    later = NOON + timedelta(hours=3)
    assert steering.start(workspace_id=place.id, campaign_id=row.id, at=later, now=NOON).state == State.SCHEDULED
    assert steps(place, row) == [0]
    assert Recipient.objects.count() == 0
    run = Run(place.id, row.id)
    assert take_step(run, later).wait == 0
    assert campaign(place.id, row.id).state == State.PREPARING
    assert campaign(place.id, row.id).started_at == later


@pytest.mark.django_db
def test_a_channel_that_is_switched_off_or_removed():
    place = make_place()
    make_person(place)
    row = started(place)
    Channel.objects.filter(id=place.channel.id).update(enabled=False)
    steps(place, row)
    assert (campaign(place.id, row.id).problem, Message.objects.count()) == ("channel_off", 0)
    Channel.objects.filter(id=place.channel.id).update(enabled=True)
    steps(place, row)
    assert (campaign(place.id, row.id).problem, Message.objects.count()) == ("", 1)
    gone = started(place)
    Channel.objects.filter(id=place.channel.id).update(enabled=False, removed_at=NOON)
    steps(place, gone)
    assert (campaign(place.id, gone.id).state, campaign(place.id, gone.id).problem) == (State.PAUSED, "no_channel")


@pytest.mark.django_db
def test_only_the_audience_and_nobody_of_another_workspace():
    other = make_place("Other")
    make_person(other)
    place = make_place()
    inside, outside = make_person(place), make_person(place)
    group = ContactList.objects.create(workspace_id=place.id, name="Regulars")
    ContactListMember.objects.create(workspace_id=place.id, contact_list=group, contact=inside.contact)
    row = started(place, audience={"lists": [str(group.id)], "contacts": [str(inside.id)]})
    steps(place, row)
    assert list(Message.objects.values_list("contact_id", flat=True)) == [inside.id]
    assert outside.id not in set(Recipient.objects.values_list("contact_id", flat=True))


@pytest.mark.django_db
def test_a_contact_erased_between_is_said_to_be_gone():
    place = make_place()
    anna = make_person(place)
    row = started(place)
    take_step(Run(place.id, row.id), NOON)
    Contact.objects.filter(id=anna.id).delete()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("delete from contact_identity where id = %s", [anna.identity.id])
    steps(place, row)
    [message] = Message.objects.all()
    assert (message.status, message.reason, message.contact_id, message.address) == (70, "no_number", anna.id, "")


@pytest.mark.django_db
def test_folding_and_recounting_keep_the_sums():
    place = make_place()
    for _ in range(6):
        make_person(place)
    row = started(place)
    steps(place, row)
    deliver_all(place, row)
    before = counted(place.id, [row.id])[row.id]
    fold(place.id, row.id)
    assert CampaignTally.objects.count() == 1
    assert counted(place.id, [row.id])[row.id] == before == [Counted(Status.DELIVERED, "", 6, 6)]
    tally(place.id, row.id, [Left(Status.UNKNOWN, "not_answered", 2, 2)])  # a count that has gone wrong
    recount(place.id, row.id)
    assert counted(place.id, [row.id])[row.id] == before


@pytest.mark.django_db
def test_a_count_that_never_comes_down_is_taken_anew_after_a_silence():
    place = make_place()
    make_person(place)
    row = started(place)
    steps(place, row)
    Outbox.objects.all().delete()
    Message.objects.update(status=Status.DELIVERED)  # but the tally was lost
    run = Run(place.id, row.id)
    assert take_step(run, datetime.now(UTC)).wait is not None
    assert take_step(run, datetime.now(UTC) + timedelta(minutes=2)).wait is None
    assert (campaign(place.id, row.id).state, shown_counts(place, row)) == (State.DONE, {"delivered": 1})


@pytest.mark.django_db
def test_the_first_texts_leave_while_the_audience_is_still_written_down(monkeypatch):
    place = make_place(rate=0)
    for _ in range(20):
        make_person(place)
    row = started(place)
    run = Run(place.id, row.id)
    for _ in range(2):
        take_step(run, NOON)
    assert (campaign(place.id, row.id).state, Recipient.objects.count(), Outbox.objects.count()) == (State.PREPARING, 3, 3)
    monkeypatch.setattr(
        "textfirst.campaigns.rules.UNLIMITED_AHEAD", 3
    )  # the queue is full: what is left of the audience does not wait for it
    steps(place, row)
    assert (campaign(place.id, row.id).state, Recipient.objects.count(), Outbox.objects.count()) == (State.RUNNING, 20, 3)


@pytest.mark.django_db
def test_who_is_written_down_by_a_machine_whose_clock_is_behind_is_reached(monkeypatch):
    place = make_place()
    for _ in range(7):
        make_person(place)
    row = started(place)
    run = Run(place.id, row.id)
    for _ in range(2):
        take_step(run, NOON)
    monkeypatch.setattr("textfirst.campaigns.actions.writing_down.new_id", lambda: earliest_id(datetime(2026, 1, 1, tzinfo=UTC)))
    steps(place, row)
    assert (Recipient.objects.count(), Message.objects.count()) == (7, 7)
