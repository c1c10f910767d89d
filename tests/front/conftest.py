"""The front, whole, on a real database; its console is another server or nobody."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import pytest
from tests.factories import make_channel, make_key, make_workspace

from textfirst.core.settings import Settings
from textfirst.database.keys import make_keys
from textfirst.front.app import Front


@dataclass
class Shop:
    """A workspace with a channel that is on, and keys."""

    workspace: object
    channel: object
    simulator: object
    live: str
    test: str


@pytest.fixture
def shop(transactional_db):
    workspace = make_workspace("Blue Door")
    channel = make_channel(workspace, kind="smpp", name="Carrier")
    simulator = make_channel(workspace, kind="simulator", name="Simulator")
    live = make_key(workspace, "messages:send", kind="live").secret
    test = make_key(workspace, "messages:send", kind="test").secret
    return Shop(workspace, channel, simulator, live, test)


@pytest.fixture
def settings_of_front(tmp_path, database_url):
    settings = Settings(
        home=tmp_path, database_url=database_url, url="http://texts.example", bind="127.0.0.1:0", smpp_bind="127.0.0.1:0", development=False
    )
    make_keys(settings.keys_file)
    return settings


@pytest.fixture
async def front(settings_of_front):
    front = Front(settings_of_front)
    async with front.lifespan(None):
        yield front


@pytest.fixture
async def client(front):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(front.app()), base_url="http://texts.example/api/v1") as client:
        yield client


@pytest.fixture
def count(database_url):
    """Rows of a table, by a connection of its own: what is counted was committed."""
    import psycopg

    def count(table, where="true"):
        with psycopg.connect(database_url) as connected:
            return connected.execute(f"select count(*) from {table} where {where}").fetchone()[0]

    return count
