import asyncio
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from textfirst.core.errors import NotAllowed
from textfirst.core.ids import earliest_id, new_id
from textfirst.core.tickets import Ticket
from textfirst.front import live, sessions

pytestmark = pytest.mark.usefixtures("shop")

KIND = "contact.updated"
PATIENCE = 60  # seconds; news waits for the oldest transaction of the server, which may be a neighbour's


class Page:
    """An open page: reads its stream in the background."""

    def __init__(self, hub, ticket, last=None):
        self.events, self.ended = [], False
        self._task = asyncio.create_task(self._read(hub, ticket, last))

    async def _read(self, hub, ticket, last):
        async for block in hub.listen(ticket, last):
            fields = dict(line.split(": ", 1) for line in block.decode().splitlines() if ": " in line and not line.startswith(":"))
            if "event" in fields:
                self.events.append((fields.get("id"), fields["event"], json.loads(fields["data"])))
            elif "retry" in fields:
                self.events.append((None, "open", {}))
        self.ended = True

    async def until(self, number, seconds=PATIENCE):
        async with asyncio.timeout(seconds):
            while len([e for e in self.events if e[1] != "open"]) < number or not self.events:
                await asyncio.sleep(0.005)
        return [e for e in self.events if e[1] != "open"]

    async def opened(self):
        async with asyncio.timeout(PATIENCE):
            while not self.events:
                await asyncio.sleep(0.005)
        return self

    def close(self):
        self._task.cancel()


@pytest.fixture
def ticket(shop):
    return Ticket(new_id(), shop.workspace.id, "session-1")


@pytest.fixture
async def open_page(front, ticket):
    pages = []

    async def open_page(last=None, ticket=ticket):
        pages.append(Page(front.hub, ticket, last))
        return await pages[-1].opened()

    yield open_page
    for page in pages:
        page.close()


def record(connected, workspace_id, number):
    connected.execute(
        "insert into event (workspace_id, id, kind, subject_id, data) values (%s, %s, %s, %s, %s)",
        [workspace_id, new_id(), KIND, new_id(), json.dumps({"number": number})],
    )
    connected.execute("select pg_notify('textfirst_events', %s)", [str(workspace_id)])


@pytest.fixture
def happen(database_url, shop):
    def happen(*numbers, workspace_id=None):
        with psycopg.connect(database_url) as connected:
            for number in numbers:
                record(connected, workspace_id or shop.workspace.id, number)

    return happen


def numbers(events):
    return [data["number"] for _, _, data in events]


async def test_what_happens_is_on_an_open_page_within_a_moment(open_page, happen):
    page = await open_page()
    happen(1, 2)
    events = await page.until(2)
    assert numbers(events) == [1, 2]
    assert {kind for _, kind, _ in events} == {KIND}


async def test_nothing_of_another_workspace_is_heard(open_page, happen):
    page = await open_page()
    happen(1, workspace_id=new_id())
    happen(2)
    assert numbers(await page.until(1)) == [2]


async def test_a_page_that_comes_back_gets_what_it_missed_and_no_more(open_page, happen):
    page = await open_page()
    happen(1)
    [(last, _, _)] = await page.until(1)
    page.close()
    happen(2, 3)
    again = await open_page(last)
    happen(4)
    assert numbers(await again.until(3)) == [2, 3, 4]


async def test_a_slow_transaction_delays_news_and_loses_none(open_page, happen, database_url, shop):
    """An event that commits after a younger one must still be heard; ids and transactions alone would skip it."""
    page = await open_page()
    with psycopg.connect(database_url) as slow:
        record(slow, shop.workspace.id, "old")
        happen("young")
        await asyncio.sleep(0.3)
        assert await page.until(0) == []
        slow.commit()
    assert numbers(await page.until(2)) == ["old", "young"]


async def test_pages_that_come_and_go_during_a_storm_miss_nothing(open_page, database_url, shop):
    async def storm():
        async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connected:
            for number in range(200):
                async with connected.transaction():
                    await connected.execute(
                        "insert into event (workspace_id, id, kind, subject_id, data) values (%s, %s, %s, %s, %s)",
                        [shop.workspace.id, new_id(), KIND, new_id(), json.dumps({"number": number})],
                    )
                    await connected.execute("select pg_notify('textfirst_events', %s)", [str(shop.workspace.id)])

    page = await open_page()
    raging = asyncio.create_task(storm())
    heard, last = [], None
    while len(heard) < 200:
        before = len(heard)
        async with asyncio.timeout(PATIENCE):
            while not (events := [e for e in page.events if e[1] == KIND]):
                await asyncio.sleep(0.001)
        heard += numbers(events)
        last = events[-1][0]
        page.close()
        assert len(heard) > before
        page = await open_page(last)
    await raging
    assert heard == list(range(200))


async def test_a_cursor_from_the_day_before_yesterday_starts_afresh(open_page):
    page = await open_page(f"5-{earliest_id(datetime.now(UTC) - timedelta(days=2))}")
    assert [event[1] for event in await page.until(1)] == ["reset"]


async def test_more_than_a_page_can_use_starts_afresh(open_page, happen, monkeypatch):
    page = await open_page()
    happen(0)
    [(last, _, _)] = await page.until(1)
    monkeypatch.setattr(live, "LONGEST_BACKLOG", 5)
    happen(*range(20))
    await page.until(21)  # until nothing slower holds them back
    again = await open_page(last)
    assert (await again.until(1))[0][1] == "reset"


@pytest.mark.parametrize("turns", range(6))
async def test_a_feed_that_is_let_go_as_news_come_ends(turns, monkeypatch):
    monkeypatch.setattr(live, "HELD_BACK", ())  # it rests long: no pause of its own may end at this moment

    class Quiet(live.Feed):
        async def _read_on(self):
            return False

    feed = Quiet(new_id(), None)
    running = asyncio.create_task(feed.run())
    await asyncio.sleep(0.02)  # at rest
    feed.news.set()
    for _ in range(turns):  # of the loop, until the news have gone all the way
        await asyncio.sleep(0)
    running.cancel()
    ended, _ = await asyncio.wait([running], timeout=1)
    running.cancel()
    assert ended


async def test_a_lost_notification_costs_a_second(open_page, database_url, shop):
    page = await open_page()
    with psycopg.connect(database_url) as connected:
        connected.execute(
            "insert into event (workspace_id, id, kind, subject_id, data) values (%s, %s, %s, %s, '{\"number\": 1}')",
            [shop.workspace.id, new_id(), KIND, new_id()],
        )
    assert numbers(await page.until(1)) == [1]


async def test_a_stream_ends_with_its_session(open_page, front, monkeypatch, database_url):
    page = await open_page()
    with psycopg.connect(database_url) as connected:
        connected.execute("notify textfirst_sessions, 'session-1'")
    async with asyncio.timeout(PATIENCE):
        while not page.ended:
            await asyncio.sleep(0.01)


async def test_a_session_that_vanished_without_a_word_is_noticed(open_page, front, monkeypatch):
    monkeypatch.setattr(sessions, "LOOK_EVERY", 0.05)
    page = await open_page()
    watcher = asyncio.create_task(sessions.watch(front.database, front.hub))
    async with asyncio.timeout(PATIENCE):
        while not page.ended:
            await asyncio.sleep(0.01)
    watcher.cancel()


async def test_a_ticket_opens_nothing_once_the_session_is_over(front, ticket):
    with pytest.raises(NotAllowed) as refused:
        await sessions.confirm(front.database, ticket)
    assert refused.value.code == "session_ended"


async def test_a_stop_of_the_process_ends_every_stream(open_page, front):
    pages = [await open_page(), await open_page(ticket=Ticket(UUID(int=1), new_id(), "x"))]
    front.hub.end_all()
    async with asyncio.timeout(PATIENCE):
        while not all(page.ended for page in pages):
            await asyncio.sleep(0.01)
