"""Two engines, each a process of its own, on one database: who speaks when one is stopped, cut off or restarted.

The carrier's log of frames is the witness. The engines run as they ship, with leases of three seconds instead of fifteen (`nodes.py`).
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.engine.carrier import running_carrier
from tests.engine.conftest import until
from tests.engine.nodes import LEASE, Node, database_behind, nodes, url_through, wire_to
from tests.engine.world import World

from textfirst.core.purposes import Purpose
from textfirst.phones.frames import Kind
from textfirst.phones.oracle import Frame
from textfirst.phones.simulator import Simulator
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.pdus import SubmitSm

RATE = 400  # segments a second: slow enough to be caught in the middle

Start = Callable[..., Node]


@pytest.fixture
def start(world: World, tmp_path: Path) -> Iterator[Start]:
    """Starts an engine that speaks SMPP to a port."""
    with nodes() as running:

        def one(smpp_port: int = 1, *, url: str = world.url, home: str = "") -> Node:
            running.append(Node(tmp_path, url=url, smpp_port=smpp_port, name=home or f"node{len(running)}"))
            return running[-1]

        yield one


def submitted(simulator: Simulator) -> Counter[str]:
    """How often the carrier was asked to send each text."""
    bodies: Counter[str] = Counter()
    for frame in simulator.frames():
        if frame.kind is Kind.READ:
            bodies.update(pdu.short_message.decode() for pdu in Framer().feed(frame.raw) if isinstance(pdu, SubmitSm))
    return bodies


def connections(simulator: Simulator) -> list[int]:
    """Those that were bound, in their order."""
    return list(dict.fromkeys(frame.connection for frame in simulator.frames() if frame.kind is Kind.BOUND))


def read_from(simulator: Simulator, connection: int, *, since: float = 0) -> list[Frame]:
    """What the carrier heard on a connection after a moment of the monotonic clock."""
    return [
        frame for frame in simulator.frames()
        if frame.kind is Kind.READ and frame.connection == connection and frame.monotonic > since * 1e9
    ]  # fmt: skip


def is_bound(world: World) -> list[Any]:
    return world.rows("select 1 from channel_health where state = 'bound'")


async def running(node: Node) -> None:
    """A process takes seconds to start on a busy machine; what is measured begins after that."""
    await until(lambda: b"the engine runs" in node.log.read_bytes())


def holder(world: World) -> str:
    return str(world.one("select node from bind_lease where held_until > now()")[0])


async def test_a_frozen_node_is_followed_and_says_not_one_more_byte(world: World, simulator: Simulator, start: Start) -> None:
    world.make(rate=RATE)
    first = start(simulator.port)
    await until(lambda: is_bound(world))
    held_by = holder(world)
    await running(start(simulator.port))
    world.queue(world.contacts(4 * RATE), purpose=Purpose.PROMOTION)
    await until(lambda: len(submitted(simulator)) > RATE / 4)
    first.freeze()
    frozen_at = time.monotonic()
    await until(lambda: len(connections(simulator)) == 2, within=LEASE + 8)  # and whatever the machine makes a few looks take
    assert holder(world) != held_by
    await until(lambda: read_from(simulator, connections(simulator)[1]))
    first.thaw()
    old = connections(simulator)[0]
    await until(lambda: any(frame.kind is Kind.CLOSED and frame.connection == old for frame in simulator.frames()))
    await until(lambda: not world.rows("select 1 from message where status < 60"))
    assert read_from(simulator, old, since=frozen_at + 0.2) == []
    sent = submitted(simulator)
    assert set(sent.values()) == {1}  # a promotion goes once, whatever happens
    stands = world.statuses()
    assert stands["delivered"] + stands.get("unknown", 0) == 4 * RATE
    assert stands["delivered"] == world.one("select count(distinct message_id) from receipt")[0]


async def test_the_successor_of_a_killed_node_on_its_home_does_not_wait(world: World, simulator: Simulator, start: Start) -> None:
    world.make(rate=RATE)
    first = start(simulator.port, home="home")
    await until(lambda: is_bound(world))
    world.queue(world.contacts(2 * RATE), purpose=Purpose.PROMOTION)
    await until(lambda: len(submitted(simulator)) > RATE / 4)
    world.connection.execute("update bind_lease set held_until = now() + interval '1 hour'")
    first.kill()
    start(simulator.port, home="elsewhere")
    start(simulator.port, home="home")
    await until(lambda: not world.rows("select 1 from message where status < 60"))
    assert len(connections(simulator)) == 2
    assert len(world.rows("select distinct node from attempt")) == 2
    assert set(submitted(simulator).values()) == {1}


async def test_a_frozen_node_is_alive_to_its_successor_on_the_same_home(world: World, simulator: Simulator, start: Start) -> None:
    world.make()
    first = start(simulator.port, home="home")
    await until(lambda: is_bound(world))
    held_by = holder(world)
    first.freeze()
    world.connection.execute("update bind_lease set held_until = now() + interval '1 hour'")
    second = start(simulator.port, home="home")
    await until(lambda: b"another node speaks" in second.log.read_bytes())
    assert holder(world) == held_by
    first.kill()
    await until(lambda: holder(world) != held_by)


async def test_a_node_cut_off_from_the_database_closes_its_line(world: World, simulator: Simulator, start: Start) -> None:
    """Its connections look well and nothing comes through them: it cannot know more than that its lease has run out."""
    world.make(rate=RATE)
    async with wire_to(*database_behind(world.url)) as wire:
        start(simulator.port, url=url_through(world.url, wire))
        await until(lambda: is_bound(world))
        await running(start(simulator.port))
        world.queue(world.contacts(3 * RATE), purpose=Purpose.PROMOTION)
        await until(lambda: len(submitted(simulator)) > RATE / 4)
        wire.cut = True
        cut_at = time.monotonic()
        await until(lambda: len(connections(simulator)) == 2, within=LEASE + 8)  # and whatever the machine makes a few looks take
        closed = [one for one in simulator.frames() if one.kind is Kind.CLOSED and one.connection == connections(simulator)[0]]
        assert closed
        assert closed[0].monotonic / 1e9 < cut_at + LEASE
        await until(lambda: not world.rows("select 1 from message where status < 60"))
        assert set(submitted(simulator).values()) == {1}


async def test_already_bound_is_waited_for(world: World, start: Start) -> None:
    """The carrier has not noticed yet that the node before us is gone."""
    async with running_carrier() as carrier:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester"})
        carrier.bind_status = 0x05
        start()
        await until(lambda: len(carrier.sessions) >= 3, within=15)
        assert world.one("select state, code from channel_health") == ("waiting", "bound_already")
        carrier.bind_status = 0
        world.queue(world.contacts(1))
        await until(lambda: world.statuses() == {"delivered": 1})


async def test_a_rolling_restart_loses_and_doubles_nothing(world: World, simulator: Simulator, start: Start) -> None:
    world.make(rate=RATE)
    count = 5 * RATE
    old = [start(simulator.port), start(simulator.port)]
    await until(lambda: is_bound(world))
    world.queue(world.contacts(count), purpose=Purpose.PROMOTION)
    for place, node in enumerate(old, 1):
        await until(lambda wanted=place * RATE: len(submitted(simulator)) > wanted)
        node.stop()
        assert await asyncio.wait_for(node.ended(), 3) == 0
        start(simulator.port)
    await until(lambda: world.statuses() == {"delivered": count}, within=20)
    assert Counter(submitted(simulator).values()) == {1: count}


async def test_a_channel_with_several_binds_is_shared_by_nodes(world: World, simulator: Simulator, start: Start) -> None:
    world.make(rate=4 * RATE, window=40)
    world.connection.execute("update channel set binds = 4")
    old = [start(simulator.port), start(simulator.port)]
    await until(lambda: len(connections(simulator)) == 4)
    shares = Counter(node for (node,) in world.rows("select node from bind_lease where held_until > now()"))
    assert len(shares) == 2, "a node took all"
    count = 3 * RATE
    world.queue(world.contacts(count), purpose=Purpose.PROMOTION)
    await until(lambda: len(submitted(simulator)) > RATE / 2)
    old[0].stop()
    assert await asyncio.wait_for(old[0].ended(), 3) == 0
    await until(lambda: world.statuses() == {"delivered": count}, within=20)
    assert Counter(submitted(simulator).values()) == {1: count}
    assert all(read_from(simulator, connection) for connection in connections(simulator))
    assert len(world.rows("select distinct mod(epoch, 64) from attempt")) == 4
