"""Our engine against an SMPP server that we did not write: npm's smpp."""

from __future__ import annotations

from typing import Any

from tests.engine.conftest import until
from tests.engine.interop_node.programs import needs_node, running
from tests.engine.world import World

PLAIN = "Hello from Riverside, 5 € {today}"
UNICODE = "Γεια σου, τα λέμε αύριο στις 10:30; 👋"
LONG = "Dear customer, " + "your appointment is confirmed and we look forward to seeing you. " * 6
LONG_UNICODE = "موعدك غداً في الساعة العاشرة صباحاً، نرجو التأكيد. " * 5


@needs_node
class TestNpmServer:
    async def test_texts_receipts_and_a_reply(self, world: World, engine: Any) -> None:
        async with running("server.js", '{"receipt_delay_ms": 5, "id_base": 16, "receipt_base": 10, "password": "secret"}') as server:
            port = (await server.hear("listening"))["port"]
            world.make(kind="smpp", config={"host": "127.0.0.1", "port": port, "system_id": "riverside", "message_ids": "hex_then_decimal"})
            async with engine():
                for number, text in enumerate((PLAIN, UNICODE, LONG, LONG_UNICODE)):
                    world.queue(world.contacts(1, first=number), text)
                await until(lambda: world.statuses() == {"delivered": 4})
                server.tell("type", **{"from": "306900000001", "to": "10001", "text": UNICODE})
                assert (await server.hear("acknowledged"))["status"] == 0
                await until(lambda: world.rows("select 1 from message where direction = 1 and body = %s", UNICODE))
                server.tell("enquire")
            seen = [await server.hear("submit") for _ in range(2)]
        assert [one["text"] for one in seen] == [PLAIN, UNICODE]
        assert world.one("select contact_id from message where direction = 1") == world.one(
            "select contact_id from message where body = %s and direction = 2", UNICODE
        )

    async def test_a_wrong_password_is_said(self, world: World, engine: Any) -> None:
        async with running("server.js", '{"password": "another"}') as server:
            port = (await server.hear("listening"))["port"]
            world.make(kind="smpp", config={"host": "127.0.0.1", "port": port, "system_id": "riverside"})
            async with engine():
                [(code,)] = await until(lambda: world.rows("select code from channel_health where state = 'refused'"))
        assert code == "wrong_password"

    async def test_it_throttles_drops_and_comes_back(self, world: World, engine: Any, bound: Any) -> None:
        async with running("server.js", '{"receipt_delay_ms": 5}') as server:
            port = (await server.hear("listening"))["port"]
            world.make(kind="smpp", config={"host": "127.0.0.1", "port": port, "system_id": "riverside"})
            async with engine():
                await bound()
                server.tell("set", status=0x58)
                world.queue(world.contacts(3))
                assert (await server.hear("submit"))["status"] == 0x58
                server.tell("set", status=0)
                await until(lambda: world.statuses() == {"delivered": 3})
                server.tell("drop")
                world.queue(world.contacts(3, first=10))
                await until(lambda: world.statuses().get("delivered", 0) + world.statuses().get("unknown", 0) == 6)
