"""TLS to an HTTP provider: one that proves who it is gets our key and our texts, any other gets neither, and the channel's page says what to mend."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.engine.certificates import Authority, Pair
from tests.engine.conftest import until
from tests.engine.http_provider import API_KEY, SECRET, Provider, free_port
from tests.engine.world import World

from textfirst.channels.adapters.http_carrier import connection
from textfirst.channels.contract import CannotConnect, ChannelFacts
from textfirst.channels.registry import adapter_for
from textfirst.channels.rules.health import in_words
from textfirst.core.ids import new_id
from textfirst.engine.bind import Engine
from textfirst.engine.service import Service
from textfirst.engine.store import PostgresStore


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(autouse=True)
def _read_again() -> Iterator[None]:
    """Authorities are read once by a process, and each of these tests is one of its own."""
    connection._context.cache_clear()
    yield
    connection._context.cache_clear()


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority, as an operator would tell it."""
    file = tmp_path / "authority.pem"
    file.write_text(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))


@asynccontextmanager
async def provider(world: World, folder: Path, pair: Pair) -> Any:
    """A provider that speaks TLS with this certificate, and an engine whose channel leads to it."""
    pair.server(folder)
    port, file = free_port(), str(folder / "server.pem")
    world.make(kind="http", config={"url": f"https://localhost:{port}/v1/texts"}, window=10)
    store = PostgresStore(world.url, address_key=b"k" * 32, open_secrets=lambda _: {"api_key": API_KEY, "hook_secret": SECRET})
    async with httpx.AsyncClient() as client:
        one = Provider(port, client, "")
        async with one.running(ssl_certfile=file, ssl_keyfile=file):
            service = Service(Engine(store, "node"), smpp_bind="127.0.0.1:1", metrics_file=folder / "node.prom", private_providers=True)
            async with _run(service):
                yield one


@asynccontextmanager
async def _run(service: Service) -> Any:
    task = asyncio.create_task(service.run())
    try:
        yield
    finally:
        service.stop()
        async with asyncio.timeout(5):
            await task


async def test_an_authority_of_its_own_is_trusted_when_the_machine_is_told(
    world: World, authority: Authority, trusted: None, tmp_path: Path
) -> None:
    async with provider(world, tmp_path, authority.signs("localhost")) as one:
        world.queue(world.contacts(5))
        await until(lambda: world.statuses() == {"accepted": 5})
    assert len(one.taken) == 5


async def test_an_unknown_authority_gets_neither_key_nor_text(world: World, authority: Authority, tmp_path: Path) -> None:
    async with provider(world, tmp_path, authority.signs("localhost")) as one:
        world.queue(world.contacts(1))
        code, words = await said(world)
    assert code == "tls_untrusted_here"
    assert f"localhost:{one.port} is signed by nobody this machine trusts" in words
    assert "Ask the provider for the certificate of its authority" in words
    assert one.asked == 0
    assert world.rows("select outcome from attempt") == []


@pytest.mark.parametrize(
    ("host", "days", "code", "mend"),
    [("another.example", 1, "tls_wrong_name", "is for another name"), ("localhost", -1, "tls_expired", "Check the clock")],
)
async def test_a_certificate_that_does_not_fit_gets_neither(
    world: World, authority: Authority, trusted: None, tmp_path: Path, host: str, days: int, code: str, mend: str
) -> None:
    async with provider(world, tmp_path, authority.signs(host, days=days)) as one:
        world.queue(world.contacts(1))
        found, words = await said(world)
    assert (found, mend in words, "We try again in" in words, one.asked) == (code, True, True, 0)


async def test_a_port_that_does_not_speak_it_says_so() -> None:
    async with httpx.AsyncClient() as client:
        one = Provider(free_port(), client, "")
        async with one.running():
            facts = ChannelFacts(new_id(), new_id(), "http", "10001", {"url": f"https://localhost:{one.port}/"}, {"api_key": "k"}, 0, 10, 1)
            with pytest.raises(CannotConnect, match="The encrypted connection to localhost:") as refused:
                await adapter_for(facts, smpp_bind="127.0.0.1:1", private_providers=True).connect(lambda: None, lambda: True)
    assert refused.value.code == "tls_failed_here"
    assert one.asked == 0


async def said(world: World) -> tuple[str, str]:
    """What the channel's page says of a connection that failed."""
    [(code, facts)] = await until(lambda: world.rows("select code, facts from channel_health where state = 'lost'"))
    return code, in_words(code, facts, "en")
