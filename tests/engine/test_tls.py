"""SMPP over TLS: a carrier that proves who it is gets our login, any other gets none, and the channel's page says what to mend."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.engine.carrier import Carrier, running_carrier
from tests.engine.certificates import Authority, Pair
from tests.engine.conftest import until
from tests.engine.interop_node.programs import needs_node, running
from tests.engine.world import World

from textfirst.channels.rules.health import in_words
from textfirst.phones.simulator import Simulator
from textfirst.protocols.smpp import pdus


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority, as an operator would tell it."""
    file = tmp_path / "authority.pem"
    file.write_text(authority.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))


@asynccontextmanager
async def carrier(world: World, folder: Path, pair: Pair, **config: Any) -> Any:
    """A carrier that speaks TLS with this certificate, and a channel that leads to it."""
    async with running_carrier(tls=pair.server(folder)) as one:
        world.make(kind="smpp", config={"host": "localhost", "port": one.port, "system_id": "tester", "tls": "on"} | config)
        yield one


async def said(world: World) -> tuple[str, str]:
    """What the channel's page says of a connection that failed."""
    [(code, facts)] = await until(lambda: world.rows("select code, facts from channel_health where state = 'lost'"))
    return code, in_words(code, facts, "en")


def logins(one: Carrier) -> int:
    return sum(isinstance(event, pdus.Bind) for event in one.seen)


@needs_node
async def test_a_server_not_ours_gets_our_texts_encrypted(world: World, engine: Any, authority: Authority, trusted: None) -> None:
    pair = authority.signs("localhost")
    async with running(
        "server.js", json.dumps({"receipt_delay_ms": 5, "password": "secret", "key": pair.key, "cert": pair.cert})
    ) as server:
        port = (await server.hear("listening"))["port"]
        world.make(kind="smpp", config={"host": "localhost", "port": port, "system_id": "riverside", "tls": "on"})
        async with engine():
            world.queue(world.contacts(20))
            await until(lambda: world.statuses() == {"delivered": 20})
            server.tell("type", **{"from": "306900000001", "to": "10001", "text": "over TLS"})
            assert (await server.hear("acknowledged"))["status"] == 0


async def test_two_connections_are_both_encrypted(world: World, engine: Any, authority: Authority, trusted: None, tmp_path: Path) -> None:
    async with carrier(world, tmp_path, authority.signs("localhost"), binding="transmitter_receiver") as one, engine():
        world.queue(world.contacts(3))
        await until(lambda: len(one.submits) == 3)
        assert {session.kind for session in one.sessions} == {"BIND_TRANSMITTER", "BIND_RECEIVER"}


async def test_an_unknown_authority_gets_no_login(world: World, engine: Any, authority: Authority, tmp_path: Path) -> None:
    async with carrier(world, tmp_path, authority.signs("localhost")) as one, engine():
        code, words = await said(world)
        assert (code, logins(one)) == ("tls_untrusted", 0)
        assert (
            f"localhost:{one.port} is signed by nobody this machine trusts. Ask the carrier for the certificate of its authority" in words
        )


@pytest.mark.parametrize(
    ("host", "days", "code", "mend"),
    [("another.example", 1, "tls_wrong_name", "Enter the host exactly as"), ("localhost", -1, "tls_expired", "Check the clock")],
)
async def test_a_certificate_that_does_not_fit_gets_no_login(
    world: World, engine: Any, authority: Authority, trusted: None, tmp_path: Path, host: str, days: int, code: str, mend: str
) -> None:
    async with carrier(world, tmp_path, authority.signs(host, days=days)) as one, engine():
        found, words = await said(world)
        assert (found, mend in words, "We try again in" in words, logins(one)) == (code, True, True, 0)


async def test_without_the_check_anybody_gets_it(world: World, engine: Any, authority: Authority, bound: Any, tmp_path: Path) -> None:
    async with carrier(world, tmp_path, authority.signs("another.example"), tls="unverified") as one, engine():
        await bound()
        assert logins(one) == 1


async def test_encrypted_to_a_plain_port_says_so(world: World, engine: Any, simulator: Simulator) -> None:
    """The bundled simulator answers our hello with SMPP's words for nonsense."""
    world.make(kind="smpp", config={"host": "localhost", "port": simulator.port, "system_id": "tester", "tls": "on"})
    async with engine():
        code, words = await said(world)
        assert (code, "its port with encryption" in words) == ("tls_ended", True)


async def test_plain_to_an_encrypted_port_says_so(world: World, engine: Any, authority: Authority, tmp_path: Path) -> None:
    async with carrier(world, tmp_path, authority.signs("localhost"), tls="off"), engine():
        code, words = await said(world)
        assert (code, "set Encryption to TLS" in words) == ("ended_early", True)
