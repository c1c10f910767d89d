"""Leases, restarts, edits and shutdown: who speaks for a channel, and what is left when it ends."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from typing import Any
from unittest.mock import ANY

import pytest
from tests.engine.carrier import Carrier, running_carrier
from tests.engine.conftest import store_of, until
from tests.engine.nodes import wire_to
from tests.engine.world import World

from textfirst.channels.adapters.smpp import connection
from textfirst.channels.contract import Outbound, Part
from textfirst.channels.registry import adapter_for
from textfirst.channels.rules.health import in_words
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.engine import leases, retry
from textfirst.engine.bind import Bind, Engine
from textfirst.engine.dispatch import Dispatcher, Ready
from textfirst.engine.intake import Intake
from textfirst.engine.record import Recorder
from textfirst.messages.types import Flag, Outcome, Status


@pytest.fixture
async def carrier(world: World) -> AsyncIterator[Carrier]:
    async with running_carrier() as one:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": one.port, "system_id": "tester"})
        yield one


def left_open(world: World, message_id: Any, *, epoch: int = 1, part: int = 1) -> Any:
    """An attempt of a node that is gone, and its outbox row taken."""
    attempt_id = new_id()
    world.connection.execute(
        "insert into attempt (workspace_id, id, message_id, channel_id, part, epoch, outcome, node) values (%s, %s, %s, %s, %s, %s, 0, 'gone')",
        [world.workspace_id, attempt_id, message_id, world.channel_id, part, epoch],
    )
    world.connection.execute("delete from outbox where id = %s", [message_id])
    return attempt_id


def lease_of(world: World, node: str, seconds: float, *, epoch: int = 1) -> None:
    world.connection.execute(
        "insert into bind_lease (workspace_id, id, channel_id, slot, node, epoch, held_until) values (%s, %s, %s, 0, %s, %s, now() + %s)",
        [world.workspace_id, new_id(), world.channel_id, node, epoch, timedelta(seconds=seconds)],
    )


class TestLeases:
    async def test_one_node_speaks_and_the_other_waits(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO")
        async with engine(node="first"):
            await bound()
            caplog.clear()
            async with engine(node="second"):
                await until(lambda: "another node speaks" in caplog.text)
                assert world.one("select state from channel_health") == ("bound",)
                world.queue(world.contacts(50))
                await until(lambda: world.statuses() == {"delivered": 50})
        assert len(carrier.sessions) == 1
        assert world.rows("select distinct node from attempt") == [("first",)]

    async def test_a_stopped_node_hands_over_at_once(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        async with engine(node="first"):
            await bound()
        assert world.one("select held_until from bind_lease") == (None,)
        async with engine(node="second"):
            world.queue(world.contacts(5))
            await until(lambda: world.statuses() == {"delivered": 5})
        assert world.one("select epoch / 64, node from bind_lease") == (2, "second")

    async def test_a_dead_node_is_followed_when_its_lease_ends(self, world: World, carrier: Carrier, engine: Any) -> None:
        lease_of(world, "gone", 3)
        world.queue(world.contacts(1))
        began = time.monotonic()
        async with engine():
            await until(lambda: world.statuses() == {"delivered": 1})
        assert time.monotonic() - began > 2.5

    async def test_what_a_dead_node_left_open(self, world: World, carrier: Carrier, engine: Any) -> None:
        """Nobody knows whether it was sent: `unknown` where once is the promise, again and flagged where at least once is."""
        lease_of(world, "gone", -1)
        people = world.contacts(3)
        [promotion] = world.queue(people[:1], purpose=Purpose.PROMOTION)
        [code] = world.queue(people[1:2], purpose=Purpose.CODE, valid_for=timedelta(minutes=5))
        [answered] = world.queue(people[2:], purpose=Purpose.CODE)
        attempts = [left_open(world, one) for one in (promotion, code, answered)]
        world.connection.execute(
            "insert into provider_ref (workspace_id, id, message_id, channel_id, part, provider_id) values (%s, %s, %s, %s, 1, 'x')",
            [world.workspace_id, attempts[2], answered, world.channel_id],
        )
        async with engine():
            await until(lambda: world.rows("select 1 from message where status = 80"))
        stands = {row[0]: row[1:] for row in world.rows("select id, status, reason, flags from message")}
        assert stands[promotion] == (Status.UNKNOWN, "not_answered", 0)
        assert stands[code] == (Status.DELIVERED, None, Flag.POSSIBLE_DUPLICATE)
        assert stands[answered][0] == Status.ACCEPTED  # the carrier took it, and whoever wrote that down ended before the row said so
        assert [pdu.destination for pdu in carrier.submits] == ["306900000001"]
        assert dict(world.rows("select id, outcome from attempt"))[attempts[0]] == Outcome.NO_ANSWER

    async def test_our_own_doubt_yields_to_a_receipt(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        lease_of(world, "gone", -1)
        [message_id] = world.queue(world.contacts(1))
        left_open(world, message_id)
        async with engine():
            await until(lambda: world.statuses() == {"unknown": 1})

    async def test_settled_attempts_are_not_looked_at_again(self, world: World, carrier: Carrier, engine: Any) -> None:
        async with engine(node="first"):
            world.queue(world.contacts(20))
            await until(lambda: world.statuses() == {"delivered": 20})
        assert world.one("select settled_id from bind_lease") == world.rows("select id from attempt order by id desc limit 1")[0]

    async def test_a_node_that_was_stopped_too_long_closes_without_a_byte(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with engine():
            await bound()
            monkeypatch.setattr(leases, "boot_time", lambda: time.clock_gettime(time.CLOCK_BOOTTIME) + 60)
            world.queue(world.contacts(3))
            await until(lambda: not carrier.sessions[0].open)
            assert carrier.submits == []
            monkeypatch.undo()
            await until(lambda: world.statuses() == {"delivered": 3})
        assert len(carrier.submits) == 3


class TestFreshness:
    """Between the commit of an attempt and its bytes."""

    async def _ready(self, world: World, carrier: Carrier) -> tuple[Bind, Dispatcher, Recorder, Any]:
        bind = Bind(Engine(store_of(world), "node"), world.facts, adapter_for(world.facts, smpp_bind="127.0.0.1:1"))
        recorder = Recorder(bind, Intake(bind))
        assert await leases.take(bind)
        bind.line = await bind.adapter.connect(recorder.ring, lambda: True)
        return bind, Dispatcher(bind, recorder), recorder, bind.line

    async def test_late_bytes_stay_and_are_decided_again(self, world: World, carrier: Carrier) -> None:
        bind, dispatcher, recorder, line = await self._ready(world, carrier)
        world.queue(world.contacts(2))
        ready, _ = await dispatcher._claim(10)
        dispatcher._pending.extend((part, Ready(ready.parts, ready.claimed_at, ready.committed_at - 1)) for part in ready.parts)
        dispatcher._write_now(10)
        await recorder.turn(line)
        assert carrier.submits == []
        assert world.rows("select distinct outcome from attempt") == [(Outcome.NOT_SENT,)]
        assert world.one("select count(*), max(attempts) from outbox") == (2, 0)
        await dispatcher.turn(10)
        await until(lambda: len(carrier.submits) == 2)
        line.abort()
        await bind.engine.store.close()

    async def test_a_stop_in_this_process_is_the_last_word(self, world: World, carrier: Carrier) -> None:
        bind, dispatcher, recorder, line = await self._ready(world, carrier)
        people = world.contacts(2)
        world.queue(people)
        ready, _ = await dispatcher._claim(10)
        bind.engine.stops.stopped(world.workspace_id, people[0][2], time.monotonic())
        dispatcher._pending.extend((part, ready) for part in ready.parts)
        dispatcher._write_now(10)
        await until(lambda: carrier.submits)
        await asyncio.sleep(0.1)
        await recorder.turn(line)
        assert [pdu.destination for pdu in carrier.submits] == ["306900000001"]
        stands = dict(world.rows("select address, (status, coalesce(reason, '')) from message"))
        assert stands[people[0][2]] == (str(int(Status.SUPPRESSED)), "stopped")
        line.abort()
        await bind.engine.store.close()

    async def test_a_commit_that_nobody_knows_the_end_of(self, world: World, carrier: Carrier) -> None:
        """The connection broke at the commit: whether it was done or not, the message goes exactly once."""
        bind, dispatcher, recorder, line = await self._ready(world, carrier)
        [done, undone] = world.queue(world.contacts(2))
        ready, _ = await dispatcher._claim(1)  # committed, but say we never heard
        assert [part.message.id for part in ready.parts] == [done]
        row = world.one("select identity_id, lane, delivery, not_before, not_after, address, body from outbox where id = %s", undone)
        message = Outbound(undone, row[0], None, row[1], row[2], 1, 0, 0, 0, row[3], row[4], 1, 1, row[5], row[6])
        never = Part(message, new_id(), 1, 1, 0, b"x")  # whose attempt was rolled back
        dispatcher._take_back([*ready.parts, never])
        await recorder.turn(line)
        assert {row[0] for row in world.rows("select id from outbox")} == {done, undone}
        assert world.rows("select message_id, outcome from attempt") == [(done, Outcome.NOT_SENT)]
        line.abort()
        await bind.engine.store.close()


class TestChannels:
    async def test_a_refused_login_says_why_and_waits(self, world: World, carrier: Carrier, engine: Any) -> None:
        carrier.bind_status = 0x0E
        async with engine():
            code, facts = (await until(lambda: world.rows("select code, facts from channel_health where state = 'refused'")))[0]
        assert (code, facts) == ("wrong_password", {"why": "the password is wrong", "status": "0x0000000E", "again_in": ANY})
        assert facts["again_in"] >= 50
        assert len(carrier.sessions) == 1
        assert in_words(code, facts, "en") == (
            "The carrier refused our login: the password is wrong (0x0000000E). Check system id, password and system type in the channel's settings. "
            "We try again in 60 seconds."
        )

    async def test_a_wrong_password_is_tried_ever_more_slowly_and_at_once_when_it_is_mended(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A minute, doubling to a quarter of an hour; here a thousand times as fast."""
        monkeypatch.setattr(retry, "FIRST_SLOW_KNOCK", retry.FIRST_SLOW_KNOCK / 1000)
        monkeypatch.setattr(retry, "LAST_SLOW_KNOCK", retry.LAST_SLOW_KNOCK / 1000)
        carrier.bind_status = 0x0E
        knocks: list[float] = []

        def knocked() -> bool:
            knocks.extend([time.monotonic()] * (len(carrier.sessions) - len(knocks)))
            return len(knocks) >= 7

        async with engine():
            await until(knocked)
            gaps = [after - before for before, after in pairwise(knocks)]
            assert all(gap >= least - 0.025 for gap, least in zip(gaps, (0.06, 0.12, 0.24, 0.48, 0.9, 0.9), strict=True)), gaps
            monkeypatch.setattr(retry, "FIRST_SLOW_KNOCK", 60.0)
            monkeypatch.setattr(retry, "LAST_SLOW_KNOCK", 900.0)
            await until(lambda: world.rows("select 1 from channel_health where (facts ->> 'again_in')::int >= 900"))
            carrier.bind_status = 0
            world.connection.execute("update channel set version = 2")
            world.connection.execute("select pg_notify('textfirst_channels', %s)", [str(world.channel_id)])
            await bound()

    async def test_nobody_there_says_so_and_tries_again(self, world: World, engine: Any) -> None:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": 1, "system_id": "tester"})
        async with engine():
            [(code, facts)] = await until(lambda: world.rows("select code, facts from channel_health where state = 'lost'"))
        assert (code, facts["where"], facts["why"]) == ("unreachable", "127.0.0.1:1", "connection refused")

    async def test_missing_settings_are_named(self, world: World, engine: Any) -> None:
        world.make(kind="smpp", config={"host": "", "system_id": "x"})
        async with engine():
            [(code, facts)] = await until(lambda: world.rows("select code, facts from channel_health where state = 'refused'"))
        assert (code, facts) == ("setting_missing", {"field": "host"})

    async def test_an_edit_reconnects_and_removal_disconnects(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        async with engine():
            await bound()
            world.connection.execute('update channel set version = 2, config = config || \'{"system_id": "other"}\'')
            world.connection.execute("select pg_notify('textfirst_channels', %s)", [str(world.channel_id)])
            await until(lambda: len(carrier.sessions) == 2 and carrier.sessions[1].open)
            await bound()
            world.queue(world.contacts(3))
            await until(lambda: world.statuses() == {"delivered": 3})
            world.connection.execute("update channel set enabled = false, version = 3")
            world.connection.execute("select pg_notify('textfirst_channels', %s)", [str(world.channel_id)])
            await until(lambda: not carrier.sessions[1].open)
            await until(lambda: world.one("select state from channel_health") == ("off",))

    async def test_it_connects_again_by_itself(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        async with engine():
            await bound()
            for sessions in range(2, 4):
                carrier.drop()
                await until(lambda: len(carrier.sessions) == sessions)  # noqa: B023 - asked at once
            world.queue(world.contacts(3))
            await until(lambda: world.statuses() == {"delivered": 3})

    async def test_a_silent_carrier_is_left(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A firewall forgot the connection: nothing that either side says arrives, and neither is told."""
        monkeypatch.setattr(connection, "TICK", 0.1)
        async with wire_to("127.0.0.1", carrier.port) as wire:
            patience = {"enquire_every": 1, "enquire_timeout": 1, "bind_timeout": 1, "port": wire.port}
            world.connection.execute("update channel set config = config || %s::jsonb", [json.dumps(patience)])
            async with engine():
                await bound()
                wire.cut = True
                cut_at = time.monotonic()
                await until(lambda: world.rows("select 1 from channel_health where code = 'lost'"), within=4)
                assert time.monotonic() - cut_at > 1
                await until(lambda: world.rows("select 1 from channel_health where code = 'login_unanswered'"), within=6)
                wire.cut = False
                world.queue(world.contacts(1))
                await until(lambda: world.statuses() == {"delivered": 1})

    async def test_a_silent_carrier_that_owes_answers_is_asked_sooner(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """T5: half open; thirty seconds of silence are much while a campaign waits."""
        monkeypatch.setattr(connection, "TICK", 0.1)
        monkeypatch.setattr(connection, "ANXIOUS", 0.5)
        async with wire_to("127.0.0.1", carrier.port) as wire:
            patience = {"enquire_every": 60, "enquire_timeout": 1, "bind_timeout": 1, "port": wire.port}
            world.connection.execute("update channel set config = config || %s::jsonb", [json.dumps(patience)])
            async with engine():
                await bound()
                wire.cut = True
                world.queue(world.contacts(1))
                await until(lambda: world.rows("select 1 from channel_health where code = 'lost'"), within=10)

    async def test_it_stops_in_time_and_says_goodbye(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        async with engine():
            await bound()
            world.queue(world.contacts(200))
            await until(lambda: carrier.submits)
            began = time.monotonic()
        assert time.monotonic() - began < 2
        assert any(type(event).__name__ == "Unbind" for event in carrier.seen)
        counts = world.one(
            "select count(*) filter (where outcome = 0 and not exists (select from provider_ref r where r.id = a.id)), count(*) from attempt a"
        )
        assert counts[0] == 0
        assert world.one("select count(*) from outbox")[0] + world.one("select count(*) from provider_ref")[0] == 200


class TestDatabase:
    async def test_many_channels_of_many_workspaces(self, world: World, carrier: Carrier, engine: Any) -> None:
        others = [World(world.url, world.connection) for _ in range(3)]
        for other in others:
            other.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": str(other.channel_id)})
        async with engine():
            for number, one in enumerate([world, *others]):
                one.queue(one.contacts(10, first=1000 * number))
            await until(lambda: world.statuses() == {"delivered": 40})
        assert {row[0] for row in world.rows("select count(*) from message group by workspace_id")} == {10}
