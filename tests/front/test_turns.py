"""Two who text the same person at one moment: the second counts what the first has sent, whichever door they come by."""

import asyncio
import threading
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connections, transaction
from django.test import Client

from textfirst.campaigns.actions import steering
from textfirst.campaigns.actions.pump import Run, take_step
from textfirst.campaigns.models import Campaign
from textfirst.consent.models import ConsentStanding
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.database.scope import workspace_scope
from textfirst.front.accept import ready
from textfirst.front.sending import accept_batch
from textfirst.front.work import Works
from textfirst.messages.models import Message
from textfirst.messages.types import SendRequest
from textfirst.testing.permission import permit_everybody

pytestmark = pytest.mark.usefixtures("shop")

TEXT = {"to": "+306912345678", "text": "Your parcel is on its way."}
IN_A_DAY = 6  # notices that one person gets: the default
WAITING = "select count(*) from pg_locks where locktype = 'advisory' and not granted"


def headers(shop):
    return {"Authorization": f"Bearer {shop.live}"}


async def by_front(client, shop, **other):
    return (await client.post("/messages", json=TEXT | other, headers=headers(shop))).json()


async def by_batch(client, shop, **other):
    answer = await client.post("/messages/batch", json={"messages": [TEXT | other]}, headers=headers(shop))
    return answer.json()["items"][0]["message"]


async def by_console(_, shop, **other):
    def ask():
        try:
            return Client().post("/api/v1/messages", TEXT | other, content_type="application/json", headers=headers(shop)).json()
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


# ---- a campaign that is made at the same moment


@pytest.fixture(params=[Purpose.NOTICE, Purpose.PROMOTION], ids=lambda purpose: purpose.word)
async def offer(request, client, shop):
    """A campaign to somebody for whom there is room for one more: six notices a day, of which they had five; one promotion."""
    for _ in range(IN_A_DAY - 1 if request.param is Purpose.NOTICE else 1):
        await by_front(client, shop, purpose="notice")
    return await asyncio.to_thread(campaign, shop.workspace.id, request.param)


def campaign(workspace_id, purpose):
    """Started, its recipient written down."""
    try:
        with workspace_scope(workspace_id):
            permit_everybody(workspace_id)
            ConsentStanding.objects.update(any_hour_entry=new_id())
            row = Campaign.objects.create(
                workspace_id=workspace_id, name="Offer", purpose=purpose, audience={"everyone": True}, text="Sale"
            )
            steering.start(workspace_id=workspace_id, campaign_id=row.id, now=datetime.now(UTC))
        take_step(Run(workspace_id, row.id), datetime.now(UTC))
        return Run(workspace_id, row.id)
    finally:
        connections.close_all()


def step(run):
    try:
        take_step(run, datetime.now(UTC))
    finally:
        connections.close_all()


def purpose_of(run):
    try:
        with workspace_scope(run.workspace_id):
            return Purpose(Campaign.objects.values_list("purpose", flat=True).get(id=run.campaign_id))
    finally:
        connections.close_all()


def became(run):
    try:
        with workspace_scope(run.workspace_id):
            return Message.objects.filter(campaign_id=run.campaign_id).values_list("status", "reason").get()
    finally:
        connections.close_all()


@asynccontextmanager
async def half_made(run):
    """The campaign's batch is written and not yet committed."""
    written, go_on = threading.Event(), threading.Event()

    def work():
        try:
            with transaction.atomic():
                take_step(run, datetime.now(UTC))
                written.set()
                assert go_on.wait(20)
        finally:
            connections.close_all()

    working = asyncio.create_task(asyncio.to_thread(work))
    await asyncio.to_thread(written.wait, 20)
    try:
        yield
    finally:
        go_on.set()
        await working


@pytest.mark.parametrize("door", [by_front, by_batch, by_console])
async def test_a_request_beside_a_campaign_does_not_take_the_same_last_room(client, shop, database_url, offer, door):
    purpose = (await asyncio.to_thread(purpose_of, offer)).word
    async with half_made(offer):
        second = asyncio.create_task(door(client, shop, purpose=purpose))
        await until_it_waits(second, database_url)
    found = await second
    assert (found["status"], found["reason"]["code"]) == ("deferred", "capped")
    assert (await asyncio.to_thread(became, offer))[1] is None


async def test_a_campaign_beside_a_request_does_not_take_the_same_last_room(client, front, shop, settings_of_front, database_url, offer):
    works = Works(settings_of_front.database_url, most=1)
    caller, now = await front.callers.find(f"Bearer {shop.live}"), datetime.now(UTC)
    asked = SendRequest(**TEXT, purpose=(await asyncio.to_thread(purpose_of, offer)).word)
    async with works.begin() as work:
        await accept_batch(work, [ready(asked, caller, None, now)], address_key=front.accept._address_key, now=now)
        second = asyncio.create_task(asyncio.to_thread(step, offer))
        await until_it_waits(second, database_url)
    await works.close()
    await second
    assert (await asyncio.to_thread(became, offer))[1] == "capped"


async def test_a_campaign_to_those_with_room_waits_for_nobody(client, front, shop, settings_of_front):
    """A notice to somebody who had none: it takes nothing from anybody."""
    await by_front(client, shop, purpose="urgent")
    run = await asyncio.to_thread(campaign, shop.workspace.id, Purpose.NOTICE)
    works = Works(settings_of_front.database_url, most=1)
    caller, now = await front.callers.find(f"Bearer {shop.live}"), datetime.now(UTC)
    await asyncio.to_thread(step, await asyncio.to_thread(campaign, shop.workspace.id, Purpose.NOTICE))  # what is decided below is known
    async with works.begin() as work, asyncio.timeout(5):
        await accept_batch(work, [ready(SendRequest(**TEXT), caller, None, now)], address_key=front.accept._address_key, now=now)
        await asyncio.to_thread(step, run)
    await works.close()
