"""One conversation per contact and inbox, also when many texts arrive at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from tests.factories.talk import make_person, make_place

from textfirst.channels.models import Channel
from textfirst.conversations.models import Conversation, Inbox, InboxChannel
from textfirst.conversations.rules import open_params, threads_of
from textfirst.conversations.types import Said, Thread
from textfirst.core.ids import new_id
from textfirst.database.named_sql import load

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def open_for(workspace_id, *said: Said) -> list[Thread | None]:
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.conversations").open, open_params(workspace_id, said))
        return threads_of(cursor.fetchall(), said)


@pytest.mark.django_db
def test_ten_texts_at_once_are_one_conversation():
    place = make_place()
    anna = make_person(place)
    ids = [new_id() for _ in range(10)]
    threads = open_for(place.id, *[Said(anna.id, place.channel.id, i, NOON + timedelta(seconds=n), unread=1) for n, i in enumerate(ids)])
    conversation = Conversation.objects.get()
    assert threads == [Thread(conversation.id, place.inbox.id, 10, 1)] * 10
    assert (conversation.unread, conversation.last_message_id, conversation.last_at) == (10, ids[-1], NOON + timedelta(seconds=9))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        (4, {"unread": 1}, 1),  # closed, and they write: open again
        (2, {"unread": 1}, 1),
        (3, {"unread": 0}, 1),
        (4, {"opens": False}, 4),  # an automatic notice leaves it closed
        (2, {"opens": False}, 2),
        (None, {"opens": False}, 4),
        (None, {"unread": 1}, 1),
    ],
)
def test_reopening(before, said, after):
    place = make_place()
    anna = make_person(place)
    if before:
        Conversation.objects.create(workspace_id=place.id, inbox=place.inbox, contact=anna.contact, status=before, last_at=NOON, unread=2)
    [thread] = open_for(place.id, Said(anna.id, place.channel.id, new_id(), NOON, **said))
    conversation = Conversation.objects.get()
    unread = (2 if before else 0) + said.get("unread", 0)
    assert (thread.conversation_id, conversation.status, conversation.unread, conversation.version) == (
        conversation.id,
        after,
        unread,
        2 if before else 1,
    )


@pytest.mark.django_db
def test_an_older_message_moves_nothing_back():
    place = make_place()
    anna = make_person(place)
    old, new = new_id(), new_id()
    open_for(place.id, Said(anna.id, place.channel.id, new, NOON))
    open_for(place.id, Said(anna.id, place.channel.id, old, NOON - timedelta(hours=1)))
    conversation = Conversation.objects.get()
    assert (conversation.last_message_id, conversation.last_at) == (new, NOON)


@pytest.mark.django_db
def test_channels_of_two_inboxes_are_two_conversations_and_a_loose_channel_uses_the_first_inbox():
    place = make_place()
    anna = make_person(place)
    second = Channel.objects.create(workspace_id=place.id, name="Sales", kind="smpp", address="+302111111111")
    sales = Inbox.objects.create(workspace_id=place.id, name="Sales")
    InboxChannel.objects.create(workspace_id=place.id, inbox=sales, channel=second)
    loose = Channel.objects.create(workspace_id=place.id, name="Loose", kind="smpp", address="+302122222222")
    threads = open_for(place.id, *[Said(anna.id, channel.id, new_id(), NOON, unread=1) for channel in (second, place.channel, loose)])
    assert [t and t.inbox_id for t in threads] == [sales.id, place.inbox.id, place.inbox.id]
    assert [t and t.unread for t in threads] == [1, 2, 2]


@pytest.mark.django_db(transaction=True)
def test_batches_in_opposite_order_at_once_neither_deadlock_nor_double(database_url):
    place = make_place()
    people = [make_person(place) for _ in range(40)]
    problems: list[Exception] = []
    start = threading.Barrier(4)

    def intake(order: list) -> None:
        try:
            with psycopg.connect(database_url) as own:
                own.execute("select set_config('textfirst.workspace', %s, false)", [str(place.id)])
                own.execute("set role textfirst_app")
                own.commit()
                start.wait()
                for _ in range(5):
                    said = [Said(p.id, place.channel.id, new_id(), NOON, unread=1) for p in order]
                    own.execute(load("textfirst.conversations").open, open_params(place.id, said))
                    own.commit()
        except Exception as problem:  # noqa: BLE001 - handed to the test
            problems.append(problem)

    threads = [threading.Thread(target=intake, args=(order,)) for order in (people, people[::-1], people[::2] + people[1::2], people[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert set(Conversation.objects.values_list("unread", flat=True)) == {20}
    assert Conversation.objects.count() == 40
