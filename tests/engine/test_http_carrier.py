"""A carrier over HTTP, whole: the engine, the front that it calls, the database, and the carrier itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse, Response
from tests.engine.conftest import until
from tests.engine.http_provider import API_KEY, SECRET, Provider, free_port
from tests.engine.world import KEY, World

from textfirst.channels.adapters.http_carrier.adapter import HttpAdapter
from textfirst.channels.adapters.http_carrier.settings import read_settings
from textfirst.channels.contract import ChannelFacts
from textfirst.channels.registry import HOOKS
from textfirst.channels.rules.hooks import hook_path
from textfirst.core.ids import earliest_id, new_id
from textfirst.core.settings import Settings
from textfirst.database.keys import box, derived_key, make_keys
from textfirst.engine import hooks
from textfirst.engine.bind import Bind, Engine
from textfirst.engine.progress import Overtaken
from textfirst.engine.service import Service
from textfirst.engine.store import PostgresStore
from textfirst.front.app import Front

FACTS = ChannelFacts(new_id(), new_id(), "http", "10001", {"url": "https://texts.example.com"}, {"api_key": "k"}, 0, 10, 1)
Running = Callable[..., AbstractAsyncContextManager[Engine]]


@pytest.fixture
def settings(tmp_path: Path, world: World) -> Settings:
    bind = "127.0.0.1:0"
    settings = Settings(home=tmp_path, database_url=world.url, url="http://texts.example", bind=bind, smpp_bind=bind, development=False)
    make_keys(settings.keys_file)
    return settings


@pytest.fixture
def running(settings: Settings, world: World, tmp_path: Path) -> Running:
    """The engine, as `textfirst.engine` builds it."""

    def opened(sealed: bytes) -> dict[str, Any]:
        return dict(json.loads(box(settings.keys_file).decrypt(sealed)))

    @asynccontextmanager
    async def run(*, private: bool = True, node: str = "node") -> AsyncIterator[Engine]:
        engine = Engine(PostgresStore(world.url, address_key=KEY, open_secrets=opened), node)
        service = Service(engine, smpp_bind="127.0.0.1:1", metrics_file=tmp_path / f"{node}.prom", private_providers=private)
        task = asyncio.create_task(service.run())
        try:
            yield engine
        finally:
            service.stop()
            async with asyncio.timeout(5):
                await task

    return run


@pytest.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    front = Front(settings)
    async with front.lifespan(None), httpx.AsyncClient(transport=httpx.ASGITransport(front.app()), base_url="http://texts.example") as one:  # type: ignore[arg-type]
        yield one


@pytest.fixture
def provider(world: World, settings: Settings, client: httpx.AsyncClient) -> Provider:
    """Not running yet; the world's channel leads to it."""
    port = free_port()
    world.make(kind="http", config={"url": f"http://127.0.0.1:{port}/v1/texts", "answer_timeout": 2}, window=10)
    sealed = box(settings.keys_file).encrypt(json.dumps({"api_key": API_KEY, "hook_secret": SECRET}).encode())
    world.connection.execute("update channel set secrets = %s where id = %s", [sealed, world.channel_id])
    return Provider(port, client, hook_path(derived_key(settings.keys_file, "hook"), world.channel_id))


def waiting(world: World) -> int:
    return int(world.one("select count(*) from hook_waiting")[0])


async def test_d10_each_text_leaves_once_and_every_receipt_finds_it_however_early(
    world: World, provider: Provider, running: Running
) -> None:
    async def report(text: dict[str, Any]) -> None:
        assert (await provider.call(provider.receipt(text))).status_code == 200  # before the text itself is answered

    provider.before = report
    async with provider.running(), running():
        ids = world.queue(world.contacts(100), "Hello {n}, a text of some length " + "x" * 200)
        await until(lambda: world.statuses() == {"delivered": 100})
        await until(lambda: not world.rows("select from outbox"))
    assert sorted(text["reference"] for text in provider.taken) == sorted(map(str, ids))
    assert {headers["idempotency-key"] for headers in provider.headers} == set(map(str, ids))
    first = min(provider.taken, key=lambda text: text["to"])
    assert (first["from"], first["to"], first["text"][:8]) == ("10001", "+306900000000", "Hello 0,")
    assert 86_000 < first["valid_for"] <= 86_400
    assert world.one("select count(*), count(distinct message_id) from receipt where message_id is not null") == (100, 100)
    assert world.one("select count(*), count(distinct provider_id) from provider_ref") == (100, 100)
    assert waiting(world) == 0


async def test_texts_come_into_their_conversations_in_order_and_once(world: World, provider: Provider, running: Running) -> None:
    phones = [f"+3069777777{n:02d}" for n in range(10)]
    async with provider.running(), running():
        for number in range(5):
            answers = await asyncio.gather(*(provider.call(provider.text(phone, f"number {number}")) for phone in phones))
            assert {answer.status_code for answer in answers} == {200}
        again = provider.text(phones[0], "twice", event_id="the same")
        await provider.call(again, again)
        await provider.call(again)
        await until(lambda: waiting(world) == 0)
    assert world.one("select count(*) from conversation where unread = 5 and status = 1")[0] == 9
    for phone in phones:
        said = [row[0] for row in world.rows("select body from message where direction = 1 and address = %s order by id", phone)]
        assert said == [f"number {n}" for n in range(5)] + ["twice"] * (phone == phones[0])


async def test_a_stop_acts_and_is_confirmed(world: World, provider: Provider, running: Running) -> None:
    people = world.contacts(2)
    async with provider.running(), running():
        await provider.call(provider.text(people[0][2].removeprefix("+"), "STOP"))
        await until(lambda: len(provider.taken) == 1)
        world.queue(people, "An offer")
        await until(lambda: world.statuses().get("suppressed") == 1 and len(provider.taken) == 2)
    assert [text["to"] for text in provider.taken] == [people[0][2], people[1][2]]
    assert world.one("select count(*) from suppression")[0] == 1


async def test_o3_a_stop_that_waited_in_its_call_acts_and_is_not_confirmed_late(world: World, provider: Provider, running: Running) -> None:
    """The engine was away when the provider called, and comes back six minutes later."""
    [(_, _, phone)] = world.contacts(1)
    async with provider.running():
        await provider.call(provider.text(phone, "STOP"))
        [(called,)] = world.rows("select id from hook_waiting")
        long_ago = earliest_id(datetime.now(UTC) - timedelta(minutes=6))
        for table in ("hook", "hook_waiting"):
            world.connection.execute(f"update {table} set id = %s where id = %s", [long_ago, called])
        async with running():
            await until(lambda: world.rows("select 1 from suppression"))
    assert world.rows("select 1 from message where direction = 2") == []


async def test_d6_a_carrier_that_is_not_there_is_tried_again(world: World, provider: Provider, running: Running) -> None:
    async with running():
        await until(lambda: world.rows("select 1 from channel_health where state = 'lost' and code = 'unreachable'"))
        world.queue(world.contacts(5))
        async with provider.running():
            await until(lambda: len(provider.taken) == 5 and world.statuses() == {"accepted": 5})
    assert world.one("select count(*) from attempt where outcome <> 0")[0] == 0  # nothing was ever in doubt


async def test_d6_an_answer_of_trouble_is_no_answer_and_nothing_is_doubled(world: World, provider: Provider, running: Running) -> None:
    async def trouble(text: dict[str, Any]) -> Response | None:
        return JSONResponse({"error": "oops"}, 503) if text["to"].endswith("3") else None

    provider.before = trouble
    async with provider.running(), running():
        world.queue(world.contacts(10))
        await until(lambda: world.statuses() == {"accepted": 9, "unknown": 1})
        assert len(provider.taken) == 10
        doubted = next(text for text in provider.taken if text["to"].endswith("3"))
        await provider.call(provider.receipt(doubted))
        await until(lambda: world.statuses() == {"accepted": 9, "delivered": 1})  # the receipt knows better
    assert len(provider.taken) == 10


async def test_an_answer_that_never_comes_is_no_answer(world: World, provider: Provider, running: Running) -> None:
    async def sleep(_: dict[str, Any]) -> None:
        await asyncio.sleep(30)

    provider.before = sleep
    async with provider.running(), running():
        world.queue(world.contacts(1))
        await until(lambda: world.statuses() == {"unknown": 1})
    assert len(provider.taken) == 1


@pytest.mark.parametrize(
    ("status", "error", "reason"),
    [(422, "number_refused", "number_refused:HTTP 422 number_refused"), (400, "", "our_fault:HTTP 400"), (301, "", None)],
)
async def test_a_refusal_says_why(world: World, provider: Provider, running: Running, status: int, error: str, reason: str | None) -> None:
    async def refuse(_: dict[str, Any]) -> Response:
        return JSONResponse({"error": error}, status, headers={"Location": f"http://127.0.0.1:{provider.port}/elsewhere"})

    provider.before = refuse
    async with provider.running(), running():
        world.queue(world.contacts(1))
        await until(lambda: world.rows("select from attempt where outcome <> 0"))
        await until(lambda: [row[0] for row in world.rows("select reason from message")] == [reason])
    assert len(provider.taken) == 1  # and nobody followed it elsewhere


async def test_a_wrong_key_waits_for_people(world: World, provider: Provider, running: Running, settings: Settings) -> None:
    sealed = box(settings.keys_file).encrypt(json.dumps({"api_key": "another", "hook_secret": SECRET}).encode())
    world.connection.execute("update channel set secrets = %s", [sealed])
    async with provider.running(), running():
        await until(lambda: world.rows("select 1 from channel_health where state = 'refused' and code = 'key_refused'"))
        await provider.call(provider.text("+306900000001", "hello"))  # what they send is read all the same
        await until(lambda: world.rows("select from message where body = 'hello'"))


async def test_without_leave_no_channel_leads_into_our_network(world: World, provider: Provider, running: Running) -> None:
    world.connection.execute("update channel set config = %s", [json.dumps({"url": f"https://localhost:{provider.port}/v1/texts"})])
    async with provider.running(), running(private=False):
        await until(lambda: world.rows("select 1 from channel_health where code = 'address_private'"))
    assert provider.taken == []


@pytest.mark.parametrize("wrong", [{"secret": "another secret of it"}, {"at": 1_700_000_000}])
async def test_a_call_that_is_not_theirs_keeps_nothing(world: World, provider: Provider, wrong: dict[str, Any]) -> None:
    answer = await provider.call(provider.text("+306900000001", "hello"), **wrong)
    assert (answer.status_code, answer.json()["code"]) == (403, "signature_wrong")
    assert world.one("select (select count(*) from hook), (select count(*) from hook_waiting)") == (0, 0)


async def test_what_cannot_be_read_is_put_aside_and_holds_up_nothing(world: World, provider: Provider, running: Running) -> None:
    async with provider.running(), running():
        for body in (b"\xff not JSON", b"[" * 100_000, b'{"events": []}', b'"text"', b"null"):
            assert (await provider.call(body=body)).status_code == 200
        bad = {"type": "receipt", "id": "1", "reference": "nobody's", "to": "+306900000001", "status": "delivered"}
        await provider.call(bad, {"type": "song"}, provider.text("+306900000001", "a \0 and a \ud800"))
        await provider.call({**bad, "reference": "019a0000-0000-7000-8000-00000000beef"})
        await until(lambda: waiting(world) == 0)
    assert world.one("select count(*) from intake_rejected")[0] == 7
    assert world.one("select body from message where direction = 1")[0] == "a \ufffd and a \ufffd"
    assert world.one("select count(*) from receipt where message_id is null")[0] == 1  # of a text we never sent: kept


async def test_two_nodes_store_a_call_once(world: World, provider: Provider, running: Running) -> None:
    async with provider.running(), running(node="one"), running(node="two"):
        answers = await asyncio.gather(*(provider.call(provider.text(f"+3069000000{n:02d}", "hello")) for n in range(50)))
        assert {answer.status_code for answer in answers} == {200}
        await until(lambda: waiting(world) == 0)
    assert world.one("select count(*), count(distinct address) from message where direction = 1") == (50, 50)


async def test_whoever_reads_a_call_second_stores_nothing(world: World, provider: Provider) -> None:
    await provider.call(provider.text("+306900000001", "hello"))
    store = PostgresStore(world.url, address_key=KEY, open_secrets=lambda _: {})
    bind = Bind(Engine(store, "node"), world.facts, HttpAdapter(read_settings(FACTS, private=True)))
    first, second = (hooks._Reader(bind, HOOKS["http"]) for _ in range(2))
    calls = await store.calls(world.workspace_id, world.channel_id, 10)
    await first._intake.store(first._arrivals(calls[0]), datetime.now(UTC))
    with pytest.raises(Overtaken):
        await second._intake.store(second._arrivals(calls[0]), datetime.now(UTC))
    await store.close()
    assert world.one("select count(*) from message")[0] == 1


async def test_what_came_while_no_engine_ran_is_read_when_one_does(world: World, provider: Provider, running: Running) -> None:
    for n in range(3):
        await provider.call(provider.text("+306900000001", f"number {n}"))
    assert waiting(world) == 3
    async with running():
        await until(lambda: waiting(world) == 0)
    assert [row[0] for row in world.rows("select body from message order by id")] == ["number 0", "number 1", "number 2"]


async def test_without_its_database_the_front_says_come_again(world: World, provider: Provider, settings: Settings) -> None:
    away = Front(replace(settings, database_url="postgresql://nobody@127.0.0.1:1/none"))
    async with away.lifespan(None), httpx.AsyncClient(transport=httpx.ASGITransport(away.app()), base_url="http://texts.example") as client:  # type: ignore[arg-type]
        provider._client = client
        answer = await provider.call(provider.text("+306900000001", "hello"))
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)
    assert waiting(world) == 0
