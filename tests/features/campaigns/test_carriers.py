"""A campaign over channels that stand in for one another."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.factories.talk import Place, make_person, make_place
from tests.features.campaigns.test_pump import NOON, deliver_all, started, steps

from textfirst.campaigns.actions import pump, steering
from textfirst.campaigns.models import Campaign
from textfirst.campaigns.types import State
from textfirst.channels.models import Channel, ChannelShare
from textfirst.core.purposes import Lane
from textfirst.messages.models import Message, Outbox

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    made = make_place(kind="smpp", pool="all", name="First")
    for _ in range(40):
        make_person(made)
    return made


@pytest.fixture
def other(place: Place) -> Channel:
    return Channel.objects.create(workspace_id=place.id, kind="smpp", name="Second", address="Shop", pool="all")


def waits_at() -> Counter[object]:
    return Counter(Outbox.objects.values_list("channel_id", flat=True))


def test_people_are_spread_by_share(place: Place, other: Channel) -> None:
    for channel, share in ((place.channel, 25), (other, 75)):
        ChannelShare.objects.create(workspace_id=place.id, id=channel.id, pool="all", share=share)
    steps(place, started(place, "Hi"))
    waits = waits_at()
    assert waits[place.channel.id] + waits[other.id] == 40
    assert 2 <= waits[place.channel.id] <= 19
    assert Counter(Message.objects.values_list("channel_id", flat=True)) == waits


def test_a_pause_holds_and_a_cancelling_ends_what_waits_anywhere(place: Place, other: Channel) -> None:
    row = started(place, "Hi")
    steps(place, row, 30)
    assert len(waits_at()) == 2
    steering.pause(workspace_id=place.id, campaign_id=row.id)
    assert set(Outbox.objects.values_list("lane", flat=True)) == {Lane.HELD}
    steering.resume(workspace_id=place.id, campaign_id=row.id)
    assert set(Outbox.objects.values_list("lane", flat=True)) == {Lane.BULK}
    steering.cancel(workspace_id=place.id, campaign_id=row.id, now=NOON)
    assert not Outbox.objects.exists()


def test_it_is_not_done_while_another_channel_has_some_of_it(place: Place, other: Channel) -> None:
    row = started(place, "Hi")
    steps(place, row)
    Outbox.objects.update(channel_id=other.id)
    steps(place, row)
    assert Campaign.objects.get(id=row.id).state == State.RUNNING
    deliver_all(place, row)
    steps(place, row)
    assert Campaign.objects.get(id=row.id).state == State.DONE


def test_it_goes_on_by_the_others_when_its_own_channel_is_switched_off(place: Place, other: Channel) -> None:
    row = started(place, "Hi")
    Channel.objects.filter(id=place.channel.id).update(enabled=False)
    steps(place, row)
    assert waits_at() == {other.id: 40}
    assert Campaign.objects.get(id=row.id).problem == ""


def test_what_waits_at_all_of_them_counts(place: Place, other: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "most_ahead", lambda _rate: 8)
    steps(place, started(place, "Hi"))
    assert sum(waits_at().values()) == 8
