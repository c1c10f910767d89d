"""What providers send over HTTP: kept whole before it is answered, or not answered with 200."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import replace

import httpx
import psycopg
import pytest

from textfirst.channels.registry import HOOKS
from textfirst.channels.rules.hooks import hook_path
from textfirst.core.ids import new_id
from textfirst.database.keys import box, derived_key
from textfirst.front.app import Front

pytestmark = pytest.mark.usefixtures("shop")


class Riverside:
    """A provider that signs its calls, as most do."""

    def verify(self, headers, body, secrets):
        return hmac.compare_digest(headers.get("x-signature", ""), hmac.new(secrets["secret"].encode(), body, hashlib.sha256).hexdigest())

    def challenge(self, query, secrets):
        return query.get("challenge") if query.get("secret") == secrets["secret"] else None


@pytest.fixture(autouse=True)
def riverside(monkeypatch):
    monkeypatch.setitem(HOOKS, "smpp", Riverside())  # the shop's carrier, as if it spoke HTTP


@pytest.fixture
def key(settings_of_front):
    return derived_key(settings_of_front.keys_file, "hook")


@pytest.fixture
def address(shop, database_url, settings_of_front, key):
    sealed = box(settings_of_front.keys_file).encrypt(b'{"secret": "river"}')
    with psycopg.connect(database_url) as connected:
        connected.execute("update channel set secrets = %s where id = %s", [sealed, shop.channel.id])
    return f"http://texts.example{hook_path(key, shop.channel.id)}"


def signed(body, **more):
    return {"X-Signature": hmac.new(b"river", body, hashlib.sha256).hexdigest(), **more}


@pytest.fixture
def kept(database_url):
    def kept():
        with psycopg.connect(database_url) as connected:
            return connected.execute("select workspace_id, channel_id, headers, query, body from hook order by id").fetchall()

    return kept


async def test_what_comes_is_kept_byte_for_byte(client, shop, address, kept):
    body = b'{"text": "\x00\xff not even text"}'
    answer = await client.post(
        f"{address}?a=1&b=2", content=body, headers=signed(body, **{"Content-Type": "application/json", "Cookie": "secret"})
    )
    assert (answer.status_code, answer.content) == (200, b"")
    [(workspace_id, channel_id, headers, query, stored)] = kept()
    assert (workspace_id, channel_id, query, bytes(stored)) == (shop.workspace.id, shop.channel.id, "a=1&b=2", body)
    assert headers["content-type"] == "application/json"
    assert "cookie" not in headers


async def test_many_at_once_are_all_kept(client, address, kept):
    bodies = [json.dumps({"number": number}).encode() for number in range(200)]
    answers = await asyncio.gather(*(client.post(address, content=body, headers=signed(body)) for body in bodies))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(bytes(row[4]) for row in kept()) == sorted(bodies)


async def test_what_is_kept_is_announced_once_a_commit(client, shop, address, database_url):
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as listening:
        await listening.execute("listen textfirst_hooks")
        assert (await client.post(address, content=b"x", headers=signed(b"x"))).status_code == 200
        assert [notice.payload async for notice in listening.notifies(timeout=5, stop_after=1)] == [str(shop.channel.id)]


async def test_a_wrong_signature_keeps_nothing(client, address, kept):
    answer = await client.post(address, content=b"changed", headers=signed(b"original"))
    assert (answer.status_code, answer.json()["code"]) == (403, "signature_wrong")
    assert kept() == []


@pytest.mark.parametrize("wrong", ["token", "channel", "nonsense", "longer", "kind", "off"])
async def test_an_address_that_is_nobodys_is_not_there(client, shop, address, kept, key, database_url, wrong):
    paths = {
        "token": address[:-1] + ("A" if address[-1] != "A" else "B"),
        "channel": hook_path(key, new_id()),
        "nonsense": "/hooks/x/y",
        "longer": f"{address}/more",
        "kind": hook_path(key, shop.simulator.id),
        "off": address,
    }
    if wrong == "off":
        with psycopg.connect(database_url) as connected:
            connected.execute("update channel set enabled = false")
    url = httpx.URL("http://texts.example").join(paths[wrong])
    assert [(await client.request(method, url, headers=signed(b""))).status_code for method in ("POST", "GET")] == [404, 404]
    assert kept() == []


async def test_a_channel_turned_off_is_not_there_at_once(client, address, shop, database_url):
    assert (await client.post(address, content=b"x", headers=signed(b"x"))).status_code == 200
    with psycopg.connect(database_url) as connected:
        connected.execute("update channel set enabled = false")
        connected.execute("notify textfirst_channels, 'x'")
    async with asyncio.timeout(4):  # before it would have been asked again anyway
        while (await client.post(address, content=b"x", headers=signed(b"x"))).status_code != 404:
            await asyncio.sleep(0.01)


async def test_too_much_is_refused(client, address, kept):
    body = b"x" * (256 * 1024 + 1)
    assert (await client.post(address, content=body, headers=signed(body))).status_code == 413
    assert (await client.post(address, content=body[1:], headers=signed(body[1:]))).status_code == 200
    assert len(kept()) == 1


async def test_the_handshake_is_answered_to_who_knows_the_secret(client, address):
    assert (await client.get(f"{address}?challenge=42&secret=river")).text == "42"
    assert (await client.get(f"{address}?challenge=42&secret=lake")).status_code == 404


async def test_without_its_database_it_says_when_to_come_again(shop, settings_of_front, address):
    away = Front(replace(settings_of_front, database_url="postgresql://nobody@127.0.0.1:1/none"))
    async with away.lifespan(None), httpx.AsyncClient(transport=httpx.ASGITransport(away.app())) as client:
        answer = await client.post(address, content=b"x", headers=signed(b"x"))
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
