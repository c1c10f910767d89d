"""Channels that stand in for one another: figures, shares, and what waits at one that cannot be reached."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.factories.talk import Place, make_place
from tests.features.messages.test_accept import outgoing

from textfirst.channels.models import Channel, ChannelHealth, ChannelShare, ChannelShift
from textfirst.channels.queries import senders
from textfirst.core.ids import earliest_id, new_id
from textfirst.events.models import Event
from textfirst.messages.actions import accept_many
from textfirst.messages.actions.carriers import look_after
from textfirst.messages.models import Attempt, Message, Outbox
from textfirst.messages.types import Flag, Outcome, Status

pytestmark = pytest.mark.django_db

NOW = datetime.now(UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def place() -> Place:
    return make_place(pool="carriers", kind="smpp", name="First")


@pytest.fixture
def other(place: Place) -> Channel:
    return Channel.objects.create(workspace_id=place.id, kind="smpp", name="Second", address="Shop", pool="carriers")


class Someone:
    """Of a contact, what a message needs; there is no row."""

    def __init__(self) -> None:
        self.id = new_id()
        self.identity = self
        self.address = "+302100000001"


def id_at(moment: datetime) -> UUID:
    """An id made at that moment, unlike any other."""
    return UUID(int=earliest_id(moment).int | (new_id().int & (1 << 62) - 1))


def sent(
    place: Place, channel: Channel, count: int, *, ago: timedelta, took: timedelta | None = None, outcome: Outcome = Outcome.OPEN
) -> None:
    """Texts that left some time ago; `took` is how long their receipt did."""
    at = NOW - ago
    messages = [outgoing(place, Someone(), id=id_at(at), channel_id=channel.id, status=Status.QUEUED) for _ in range(count)]
    accept_many(place.id, messages)
    ids = [one.id for one in messages]
    Outbox.objects.filter(id__in=ids).delete()
    if outcome is Outcome.OPEN:
        status, status_at = (Status.DELIVERED, at + took) if took is not None else (Status.ACCEPTED, at)
        Message.objects.filter(id__in=ids).update(status=status, status_at=status_at)
    Attempt.objects.bulk_create(
        Attempt(workspace_id=place.id, id=id_at(at), message_id=one, channel_id=channel.id, epoch=64, outcome=outcome, node="n")
        for one in ids
    )


def waiting(place: Place, channel: Channel, count: int, **changed: Any) -> list[UUID]:
    messages = [outgoing(place, Someone(), channel_id=channel.id, **changed) for _ in range(count)]
    accept_many(place.id, messages)
    return [one.id for one in messages]


def well(place: Place, channel: Channel, **changed: Any) -> None:
    facts = {"state": "bound", "code": "bound", "bound_at": datetime.now(UTC)} | changed
    ChannelHealth.objects.update_or_create(workspace_id=place.id, id=channel.id, defaults=facts)


def shares() -> dict[UUID, int]:
    return dict(ChannelShare.objects.values_list("id", "share"))


def test_a_slow_carrier_gives_ten_points_every_five_minutes_and_gets_them_back(place: Place, other: Channel) -> None:
    sent(place, place.channel, 85, ago=10 * MINUTE, took=4 * MINUTE)
    sent(place, place.channel, 10, ago=10 * MINUTE, took=6 * MINUTE)
    sent(place, place.channel, 5, ago=10 * MINUTE)  # nothing heard yet
    sent(place, other, 100, ago=10 * MINUTE, took=MINUTE)
    look_after(place.id, NOW)
    assert shares() == {place.channel.id: 40, other.id: 60}
    row = ChannelShare.objects.get(id=place.channel.id)
    assert (row.sent, row.slow, row.tried, row.errors) == (100, 15, 0, 0)
    assert (row.seconds_half, row.seconds_most) == (pytest.approx(240, abs=1), pytest.approx(360, abs=1))
    [shift] = ChannelShift.objects.all()
    assert (shift.source, shift.target, shift.points, shift.reason) == (place.channel.id, other.id, 10, "slow")
    assert shift.facts == {"sent": 100, "slow": 15, "tried": 0, "errors": 0}
    assert Event.objects.filter(kind="channel.updated").count() == 2
    look_after(place.id, NOW + MINUTE)
    assert shares() == {place.channel.id: 40, other.id: 60}, "at most once in five minutes"
    look_after(place.id, datetime.now(UTC) + 30 * MINUTE)
    assert shares() == {place.channel.id: 50, other.id: 50}, "all that was slow is long ago"
    assert {one.share for one in senders(place.id)} == {50}


def test_when_all_are_slow_nothing_moves(place: Place, other: Channel) -> None:
    for channel in (place.channel, other):
        sent(place, channel, 50, ago=10 * MINUTE)
    look_after(place.id, NOW)
    assert shares() == {place.channel.id: 50, other.id: 50}
    assert not ChannelShift.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "moves"),
    [(Outcome.TROUBLE, True), (Outcome.NO_ANSWER, True), (Outcome.THROTTLED, False), (Outcome.REFUSED, False), (Outcome.NOT_SENT, False)],
)
def test_errors_are_the_carriers_own_trouble(place: Place, other: Channel, outcome: Outcome, *, moves: bool) -> None:
    """Being too fast is our fault, and a number that does not exist is nobody's."""
    sent(place, place.channel, 30, ago=MINUTE)
    sent(place, place.channel, 10, ago=MINUTE, outcome=outcome)
    sent(place, other, 30, ago=MINUTE)
    look_after(place.id, NOW)
    assert [shift.reason for shift in ChannelShift.objects.all()] == ["errors"] * moves


def test_without_receipts_nobody_is_slow(place: Place, other: Channel) -> None:
    Channel.objects.filter(id=place.channel.id).update(config={"receipts": False})
    sent(place, place.channel, 50, ago=10 * MINUTE)
    sent(place, other, 50, ago=10 * MINUTE, took=MINUTE)
    look_after(place.id, NOW)
    assert not ChannelShift.objects.exists()


def test_what_waits_at_a_carrier_that_cannot_be_reached_goes_to_the_other(place: Place, other: Channel) -> None:
    well(place, place.channel, state="refused", code="wrong_password", bound_at=NOW - 2 * MINUTE)
    well(place, other)
    free = waiting(place, place.channel, 1200)
    [doubtful] = waiting(place, place.channel, 1)
    [begun] = waiting(place, place.channel, 1)
    Outbox.objects.filter(id=doubtful).update(flags=Flag.POSSIBLE_DUPLICATE)
    Outbox.objects.filter(id=begun).update(flags=Flag.BEGUN | Flag.TEST)
    assert look_after(place.id, NOW) == 1200
    assert Counter(Outbox.objects.values_list("channel_id", flat=True)) == {other.id: 1200, place.channel.id: 2}
    assert set(Outbox.objects.filter(channel_id=place.channel.id).values_list("id", flat=True)) == {doubtful, begun}
    assert Message.objects.filter(id__in=free, channel_id=other.id).count() == 1200
    assert look_after(place.id, NOW) == 0


@pytest.mark.parametrize("state", ["lately", "alone", "both"])
def test_nothing_is_handed_over_when(place: Place, other: Channel, state: str) -> None:
    """It was there a moment ago; it belongs to no pool; nobody else is there."""
    now = datetime.now(UTC)  # whether a carrier is there is asked of the database, by its clock
    ago = now - 20 * timedelta(seconds=1) if state == "lately" else now - 2 * MINUTE
    well(place, place.channel, state="lost", bound_at=ago)
    well(place, other, bound_at=now - 2 * MINUTE if state == "both" else now)
    if state == "alone":
        Channel.objects.filter(id=place.channel.id).update(pool="")
    waiting(place, place.channel, 3)
    assert look_after(place.id, NOW) == 0


def test_a_channel_that_was_switched_off_hands_over(place: Place, other: Channel) -> None:
    well(place, other)
    well(place, place.channel)
    Channel.objects.filter(id=place.channel.id).update(enabled=False)
    waiting(place, place.channel, 3)
    assert look_after(place.id, NOW) == 3


def test_the_look_costs_no_more_with_more_messages(place: Place, other: Channel) -> None:
    """The plan reads a few hundred rows of each minute by index, whatever there is."""
    sent(place, place.channel, 1500, ago=10 * MINUTE, took=MINUTE)
    look_after(place.id, NOW)
    assert 0 < ChannelShare.objects.get(id=place.channel.id).sent <= 1000
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from attempt")
        assert cursor.fetchone() == (1500,)
