"""The database goes away, freezes and comes back, through a door that the test opens and closes."""

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from textfirst.front import database, work
from textfirst.front.app import Front

pytestmark = pytest.mark.usefixtures("shop")


class Door:
    """Stands before PostgreSQL's socket: open, shut (nobody answers), or frozen (taken in, never answered)."""

    def __init__(self, behind, path):
        self._behind, self._path = behind, path
        self._server, self._through = None, set()
        self.frozen = asyncio.Event()

    async def open(self):
        self.frozen.clear()
        self._server = await asyncio.start_unix_server(self._carry, self._path)

    async def shut(self):
        self._server.close()
        for task in self._through:
            task.cancel()
        await asyncio.gather(*self._through, return_exceptions=True)
        self._through.clear()
        self._path.unlink(missing_ok=True)

    async def _carry(self, reader, writer):
        self._through.add(asyncio.current_task())
        back, there = await asyncio.open_unix_connection(self._behind)
        try:
            await asyncio.gather(self._copy(reader, there), self._copy(back, writer))
        finally:
            for end in (there, writer):
                end.transport.abort()

    async def _copy(self, reader, writer):
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                while self.frozen.is_set():
                    await asyncio.sleep(0.01)
                writer.write(data)
        writer.close()


@pytest.fixture
async def door(database_url, tmp_path):
    host = parse_qs(urlsplit(database_url).query)["host"][0]
    door = Door(f"{host}/.s.PGSQL.5432", tmp_path / ".s.PGSQL.5432")
    await door.open()
    yield door
    await door.shut()


@pytest.fixture
async def client(door, settings_of_front, database_url, tmp_path):
    behind = replace(
        settings_of_front, database_url=f"postgresql://{urlsplit(database_url).netloc}{urlsplit(database_url).path}?host={tmp_path}"
    )
    front = Front(behind)
    async with (
        front.lifespan(None),
        httpx.AsyncClient(transport=httpx.ASGITransport(front.app()), base_url="http://texts.example/api/v1") as client,
    ):
        yield client


@pytest.fixture
def send(client, shop):
    async def send():
        began = time.monotonic()
        answer = await client.post(
            "/messages", json={"to": "+306912345678", "text": "Hi"}, headers={"Authorization": f"Bearer {shop.live}"}
        )
        return answer, time.monotonic() - began

    return send


async def test_a_database_that_is_gone_is_said_to_be_at_once_and_missed_no_longer_than_it_is_gone(door, send, count):
    assert (await send())[0].status_code == 202
    await door.shut()
    for _ in range(5):
        answer, took = await send()
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "2")
        assert took < database.PATIENCE
    await door.open()
    assert (await send())[0].status_code == 202  # the very first that comes
    assert count("message") == 2


async def test_a_database_that_freezes_keeps_nobody_waiting_for_ever(door, send, monkeypatch):
    monkeypatch.setattr(work, "PATIENCE", 0.3)
    monkeypatch.setattr(work, "ROLLBACK_PATIENCE", 0.1)
    assert (await send())[0].status_code == 202
    door.frozen.set()
    answer, _ = await send()
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    await door.shut()
    await door.open()
    assert (await send())[0].status_code == 202


async def test_a_connection_lost_in_the_commit_is_not_called_a_refusal(door, send, monkeypatch):
    commit = work.Work.commit

    async def cut(self):
        await door.shut()
        self.committing = False
        await commit(self)

    assert (await send())[0].status_code == 202
    monkeypatch.setattr(work.Work, "commit", cut)
    answer, _ = await send()
    assert (answer.status_code, answer.json()["code"]) == (503, "unsure")
    await door.open()
