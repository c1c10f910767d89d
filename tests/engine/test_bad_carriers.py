"""A carrier that misbehaves: what it sends that is no PDU, or hardly one; answers and receipts that do not fit."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.channels.adapters.smpp import connection
from textfirst.core.purposes import Purpose
from textfirst.messages.types import Flag
from textfirst.phones.faults import FLOOD, Fault
from textfirst.phones.frames import Kind
from textfirst.phones.simulator import Simulator

PHONE = "306900000000"


def sessions(simulator: Simulator) -> list[int]:
    """Connections that were bound, in their order."""
    return [frame.connection for frame in simulator.frames() if frame.kind is Kind.BOUND]


def inbound(world: World) -> list[str]:
    return [body for (body,) in world.rows("select body from message where direction = 1 order by id")]


class TestBytes:
    @pytest.mark.parametrize("fault", [Fault.GARBAGE, Fault.LENGTH_ZERO, Fault.LENGTH_HUGE], ids=lambda fault: fault.value)
    async def test_what_cannot_be_framed_ends_its_connection_and_no_more(
        self, world: World, simulator: Simulator, engine: Any, bound: Any, fault: Fault
    ) -> None:
        world.make()
        channel = str(world.channel_id)
        async with engine(simulator.port):
            await bound()
            simulator.suffer(channel, fault)
            await until(lambda: len(sessions(simulator)) == 2)
            world.queue(world.contacts(20))
            await until(lambda: world.statuses() == {"delivered": 20})
        assert simulator.counts(channel).submits == 20

    @pytest.mark.parametrize("slowly", [True, False], ids=["a byte now and then", "nothing more"])
    async def test_what_comes_too_slowly_ends_its_connection(
        self, world: World, simulator: Simulator, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch, slowly: bool
    ) -> None:
        monkeypatch.setattr(connection, "SLOW_BODY", 0.5)
        monkeypatch.setattr(connection, "TICK", 0.1)
        world.make()
        channel = str(world.channel_id)
        async with engine(simulator.port):
            await bound()
            simulator.turn(channel, bytes_per_second=5 if slowly else 0)
            simulator.suffer(channel, Fault.FLOOD if slowly else Fault.UNFINISHED)
            await until(lambda: Kind.CLOSED in {frame.kind for frame in simulator.frames()}, within=5)
            simulator.turn(channel, bytes_per_second=0)
            await until(lambda: len(sessions(simulator)) == 2)

    async def test_what_can_be_framed_but_not_read_is_put_aside_and_the_rest_goes_on(
        self, world: World, simulator: Simulator, engine: Any, bound: Any
    ) -> None:
        world.make()
        channel = str(world.channel_id)
        async with engine(simulator.port):
            await bound()
            for fault in (Fault.MALFORMED, Fault.UNKNOWN_COMMAND, Fault.STRAY_ANSWERS, Fault.FLOOD):
                simulator.suffer(channel, fault)
            simulator.type(channel, PHONE, "still there?")
            world.queue(world.contacts(20))
            await until(lambda: world.statuses() == {"delivered": 20} and inbound(world) == ["still there?"])
            await until(lambda: world.one("select count(*) from intake_rejected") == (3,))
        assert len(sessions(simulator)) == 1
        answers = [frame.raw for frame in simulator.frames() if frame.kind is Kind.READ and frame.raw[4:8] == b"\x80\0\0\x15"]
        assert len(answers) == FLOOD


class TestAnswers:
    async def test_out_of_order_and_twice(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make()
        simulator.turn(str(world.channel_id), answer_disorder_percent=50, answer_twice_percent=50, answer_delay_max_ms=30)
        async with engine(simulator.port):
            world.queue(world.contacts(200))
            await until(lambda: world.statuses() == {"delivered": 200})
        assert world.one("select count(*), count(distinct message_id), max(outcome) from attempt")[:2] == (200, 200)
        assert world.one("select count(*), count(distinct id) from provider_ref") == (200, 200)
        assert simulator.counts(str(world.channel_id)).submits == 200

    async def test_never(self, world: World, simulator: Simulator, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        """At most once: unknown, and not sent again. At least once: sent again, and flagged."""
        monkeypatch.setattr(connection, "TICK", 0.1)
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": simulator.port, "system_id": "silent", "answer_timeout": 1})
        simulator.turn("silent", unanswered_percent=100, lose_percent=100)
        async with engine(simulator.port):
            people = world.contacts(2)
            world.queue(people[:1], purpose=Purpose.NOTICE)
            world.queue(people[1:], purpose=Purpose.CODE)
            await until(lambda: world.statuses() == {"unknown": 2})
        tried = dict(world.rows("select m.purpose, count(*) from attempt a join message m on m.id = a.message_id group by 1"))
        assert tried == {Purpose.NOTICE: 1, Purpose.CODE: 3}
        flags = dict(world.rows("select purpose, flags from message"))
        assert not flags[Purpose.NOTICE] & Flag.POSSIBLE_DUPLICATE
        assert flags[Purpose.CODE] & Flag.POSSIBLE_DUPLICATE

    async def test_errors_that_pass_and_a_code_of_its_own(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make()
        channel = str(world.channel_id)
        simulator.turn(channel, errors={"0x14": 20, "0x400": 20}, seed=3)
        async with engine(simulator.port):
            world.queue(world.contacts(50))
            await until(lambda: simulator.counts(channel).submits >= 50)
            refused = simulator.counts(channel).erred
            await until(lambda: world.statuses() == {"delivered": 50 - refused, "queued": refused})
        assert refused > 5
        assert world.one("select count(*) from suppression") == (0,)


class TestReceipts:
    async def test_three_times_with_a_stale_one_after(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make()
        channel = str(world.channel_id)
        simulator.turn(channel, duplicate_percent=100, duplicate_copies=2, stale_percent=100, unknown_tlvs_percent=50)
        async with engine(simulator.port):
            world.queue(world.contacts(50))
            await until(lambda: simulator.counts(channel).receipts_acked == 200)
        assert world.statuses() == {"delivered": 50}
        assert world.one("select count(*), count(message_id) from receipt") == (200, 200)

    async def test_of_texts_we_never_sent_and_without_an_id(self, world: World, simulator: Simulator, engine: Any, bound: Any) -> None:
        world.make()
        channel = str(world.channel_id)
        simulator.turn(channel, missing_id_percent=100)
        async with engine(simulator.port):
            await bound()
            simulator.storm(channel, 200)
            world.queue(world.contacts(10))
            await until(lambda: simulator.counts(channel).receipts_acked == 210)
        assert world.statuses() == {"accepted": 10}
        assert world.one("select count(*), count(message_id) from receipt") == (210, 0)
        assert world.one("select count(*) from conversation") == (0,)

    async def test_with_ids_that_the_carrier_uses_again(self, world: World, simulator: Simulator, engine: Any) -> None:
        """The recipient says which of the messages with one id is meant."""
        world.make()
        simulator.turn(str(world.channel_id), reuse_ids=5)
        async with engine(simulator.port):
            world.queue(world.contacts(40))
            await until(lambda: world.statuses() == {"delivered": 40})
        assert world.one("select count(distinct message_id) from receipt") == (40,)
