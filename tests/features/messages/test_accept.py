from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from tests.factories.talk import make_person, make_place

from textfirst.core.ids import new_id
from textfirst.core.purposes import Delivery, Lane, Purpose
from textfirst.database.named_sql import load
from textfirst.decisions.types import Stamp
from textfirst.messages.models import Message, Outbox
from textfirst.messages.rules.accepting import MESSAGE_COLUMNS, OUTBOX_COLUMNS, accept_params, message_row, outbox_row, own_params
from textfirst.messages.types import Encoding, Flag, Outgoing, Own, Status

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def outgoing(place, person, **changed: Any) -> Outgoing:
    facts = {
        "id": new_id(), "contact_id": person.id, "identity_id": person.identity.id, "channel_id": place.channel.id, "conversation_id": new_id(),
        "campaign_id": None, "author_id": new_id(), "api_key_id": None, "purpose": Purpose.SUPPORT, "status": Status.QUEUED, "flags": Flag(0),
        "segments": 2, "encoding": Encoding.UCS2, "reason": None, "address": person.identity.address, "body": "Γεια 100% {sure}\t\\N",
        "lane": Lane.CONVERSATION, "delivery": Delivery.AT_MOST_ONCE, "not_before": NOON, "not_after": NOON + timedelta(days=1),
        "stamp": Stamp(5, 3),
    }  # fmt: skip
    return Outgoing(**(facts | changed))


def test_rows_say_what_was_given():
    place = make_place()
    anna = make_person(place)
    queued = outgoing(place, anna)
    suppressed = outgoing(
        place, anna, status=Status.SUPPRESSED, reason="stopped", campaign_id=new_id(), conversation_id=None, author_id=None
    )
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").accept, accept_params(place.id, [queued, suppressed]))
    assert list(Message.objects.order_by("id").values_list(*MESSAGE_COLUMNS)) == [message_row(place.id, m) for m in (queued, suppressed)]
    [kept] = Outbox.objects.values_list(*OUTBOX_COLUMNS)
    moments = {"not_before": kept[OUTBOX_COLUMNS.index("not_before")], "not_after": kept[OUTBOX_COLUMNS.index("not_after")]}
    assert kept == outbox_row(place.id, queued._replace(**moments))
    assert Message.objects.get(id=queued.id).direction == 2


def test_messages_of_one_sort_differ_in_what_is_their_own():
    place = make_place()
    first = outgoing(place, make_person(place), flags=Flag.TEST, reason="capped", status=Status.DEFERRED, author_id=None)
    other = outgoing(place, make_person(place), consent_entry_id=new_id(), stamp=Stamp(2**40, 2))
    anna, entry = make_person(place), new_id()
    second = Own(new_id(), anna.id, anna.identity.id, None, entry, anna.identity.address, "Another", first)
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").accept, own_params(place.id, [first.own, other.own, second]))
    like_first = first._replace(**{name: value for name, value in second._asdict().items() if name != "like"})
    wanted = [message_row(place.id, one) for one in (first, other, like_first)]
    assert sorted(Message.objects.values_list(*MESSAGE_COLUMNS), key=str) == sorted(wanted, key=str)
    kept = Outbox.objects.filter(id__in=[first.id, second.id]).order_by("id").values_list(*OUTBOX_COLUMNS)
    assert list(kept) == [outbox_row(place.id, one) for one in sorted((first, like_first), key=lambda one: one.id)]
    assert Outbox.objects.get(id=other.id).identity_version == 2**40


def test_a_deferred_message_waits_in_the_outbox():
    place = make_place()
    later = outgoing(place, make_person(place), status=Status.DEFERRED, not_before=NOON + timedelta(hours=3))
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").accept, accept_params(place.id, [later]))
    assert Outbox.objects.get().not_before == NOON + timedelta(hours=3)


@pytest.mark.parametrize("hours", [-1, 1], ids=["behind", "ahead"])
def test_a_caller_whose_clock_is_wrong_makes_nobody_wait_and_shortens_no_validity(hours: int):
    place = make_place()
    theirs = datetime.now(UTC) + timedelta(hours=hours)
    queued = outgoing(place, make_person(place), not_before=theirs, not_after=theirs + timedelta(minutes=10))
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").accept, accept_params(place.id, [queued]))
        cursor.execute("select not_before = now(), not_after = now() + interval '10 minutes' from outbox")
        assert cursor.fetchone() == (True, True)


def test_an_end_that_was_meant_to_the_second_is_kept():
    place = make_place()
    closes = datetime.now(UTC) + timedelta(minutes=10)
    queued = outgoing(place, make_person(place), not_before=datetime.now(UTC), not_after=closes)
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").accept, accept_params(place.id, [queued]))
    assert Outbox.objects.get().not_after == closes
