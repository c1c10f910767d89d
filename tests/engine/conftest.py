"""An engine that runs in the test: a world in a database of its own, a carrier, and the real service between them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.engine.world import KEY, World

from textfirst.engine.bind import Engine
from textfirst.engine.service import Service
from textfirst.engine.store import PostgresStore
from textfirst.phones.knobs import Knobs
from textfirst.phones.simulator import Simulator, running_simulator

LONGEST_WAIT = 20.0  # seconds
TABLES = (
    "event", "campaign_tally", "receipt", "provider_ref", "attempt", "message_decision", "decision", "decision_policy", "outbox", "message", "intake_rejected", "inbound_part", "conversation",
    "hook_waiting", "hook_event", "hook", "suppression", "consent_standing", "consent_person", "consent_unsealed", "consent_sealed", "consent_seal",
    "consent_entry", "consent_text", "consent_request", "consent_form", "contact_identity", "contact", "channel_health", "bind_lease", "inbox_channel", "inbox", "campaign", "channel",
    "workspace",
)  # fmt: skip


@pytest.fixture
def world(module_database_url: str) -> Iterator[World]:
    """Empty before each test, as the owner and past the ledger's triggers: deleting a few rows is faster than copying a database."""
    with psycopg.connect(module_database_url, autocommit=True) as connection:
        with connection.transaction():
            connection.execute("set local session_replication_role = replica")
            for table in TABLES:
                connection.execute(f"delete from {table}")
        yield World(module_database_url, connection)


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with running_simulator(home=tmp_path / "phones", knobs=Knobs(receipt_delay_min_ms=1, receipt_delay_max_ms=50), seed=1) as one:
        yield one


def store_of(world: World) -> PostgresStore:
    return PostgresStore(world.url, address_key=KEY, open_secrets=lambda _sealed: {"password": "secret"})


@pytest.fixture
def engine(world: World, tmp_path: Path) -> Callable[..., Any]:
    """`async with engine(port) as service:` runs the whole engine until the end of the block."""

    @asynccontextmanager
    async def run(port: int = 1, *, node: str = "node") -> AsyncIterator[Engine]:
        one = Engine(store_of(world), node)
        service = Service(one, smpp_bind=f"127.0.0.1:{port}", metrics_file=tmp_path / f"{node}.prom")
        task = asyncio.create_task(service.run())
        try:
            yield one
        finally:
            service.stop()
            async with asyncio.timeout(5):
                await task

    return run


@pytest.fixture
def bound(world: World) -> Callable[[], Awaitable[None]]:
    """Waits until the world's channel is bound."""

    async def wait() -> None:
        await until(lambda: world.rows("select 1 from channel_health where state = 'bound' and id = %s", world.channel_id))

    return wait


async def until(holds: Callable[[], Any], *, within: float = LONGEST_WAIT) -> Any:
    """The first true answer of `holds`, asked again and again; fails with its last answer."""
    loop = asyncio.get_running_loop()
    end = loop.time() + within
    while not (answer := holds()):
        if loop.time() > end:
            pytest.fail(f"did not come true within {within} s; last: {answer!r}")
        await asyncio.sleep(0.02)
    return answer
