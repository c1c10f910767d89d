"""Two who text the same person at one moment: the second counts what the first has sent, whichever door they come by."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connections
from django.test import Client

from textfirst.front.accept import ready
from textfirst.front.sending import accept_batch
from textfirst.front.work import Works
from textfirst.messages.types import SendRequest

pytestmark = pytest.mark.usefixtures("shop")

TEXT = {"to": "+306912345678", "text": "Your parcel is on its way."}
IN_A_DAY = 6  # notices that one person gets: the default
WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted"


def headers(shop):
    return {"Authorization": f"Bearer {shop.live}"}


async def by_front(client, shop, **other):
    return (await client.post("/messages", json=TEXT | other, headers=headers(shop))).json()


async def by_batch(client, shop):
    answer = await client.post("/messages/batch", json={"messages": [TEXT]}, headers=headers(shop))
    return answer.json()["items"][0]["message"]


async def by_console(_, shop):
    def ask():
        try:
            return Client().post("/api/v1/messages", TEXT, content_type="application/json", headers=headers(shop)).json()
        finally:
            connections.close_all()

    return await asyncio.to_thread(ask)


async def until_it_waits(second, database_url):
    """For its turn; had it none to wait for, it would be done."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connected:
        async with asyncio.timeout(10):
            while not second.done() and not (await (await connected.execute(WAITING)).fetchone())[0]:
                await asyncio.sleep(0.01)
    assert not second.done(), second.result()


@pytest.mark.parametrize("door", [by_front, by_batch, by_console])
async def test_two_at_one_moment_do_not_both_take_the_last_room(client, front, shop, settings_of_front, database_url, door):
    for _ in range(IN_A_DAY - 1):
        assert (await by_front(client, shop))["status"] == "queued"
    works = Works(settings_of_front.database_url, most=1)
    caller = await front.callers.find(f"Bearer {shop.live}")
    now = datetime.now(UTC)
    async with works.begin() as work:
        await accept_batch(work, [ready(SendRequest(**TEXT), caller, None, now)], address_key=front.accept._address_key, now=now)
        second = asyncio.create_task(door(client, shop))
        await until_it_waits(second, database_url)
    await works.close()
    found = await second
    assert (found["status"], found["reason"]["code"]) == ("deferred", "capped")


@pytest.mark.parametrize("door", [by_front, by_batch, by_console])
async def test_an_answer_says_until_when_a_text_waits(client, shop, door):
    first, *_ = [await by_front(client, shop) for _ in range(IN_A_DAY)]
    assert (first["status"], first["reason"], first["until"]) == ("queued", None, None)
    found = await door(client, shop)
    room = datetime.fromisoformat(first["created_at"]).replace(second=0, microsecond=0) + timedelta(days=1)
    assert (found["status"], found["reason"]["code"], datetime.fromisoformat(found["until"])) == ("deferred", "capped", room)


async def test_whom_nothing_was_sent_waits_for_nobody(client, front, shop, settings_of_front):
    """Six may come in a day: one more beside the first takes nothing from anybody."""
    works = Works(settings_of_front.database_url, most=1)
    caller, now = await front.callers.find(f"Bearer {shop.live}"), datetime.now(UTC)
    for _ in range(2):  # what is decided below is known: to write down a new decision is waited for
        await by_front(client, shop, to="+306912345679")
    await by_front(client, shop)
    async with works.begin() as work, asyncio.timeout(5):
        await accept_batch(work, [ready(SendRequest(**TEXT), caller, None, now)], address_key=front.accept._address_key, now=now)
        assert (await by_front(client, shop))["status"] == "queued"
    await works.close()
