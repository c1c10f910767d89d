"""Whoever writes while nobody is there hears so once (S111, S113), in the transaction of their text."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.engine.carrier import Carrier, running_carrier
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.core.ids import new_id
from textfirst.messages.types import Flag

PHONE = "306900000000"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def noon_somewhere() -> str:
    """A zone in which it is about noon now, so that no test meets a midnight."""
    ahead = (12 - datetime.now(UTC).hour + 36) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"  # POSIX counts west


def settle(world: World, hours: list[str], **more: Any) -> None:
    """Staff hours of every day."""
    staff = {"zone": noon_somewhere(), "week": dict.fromkeys(DAYS, hours), **more}
    world.connection.execute("delete from decision_policy where workspace_id = %s", [world.workspace_id])
    world.connection.execute(
        "insert into decision_policy (workspace_id, id, body) values (%s, %s, %s)",
        [world.workspace_id, new_id(), json.dumps({"staff_hours": staff})],
    )


def said(world: World) -> list[str]:
    return [row[0] for row in world.rows("select body from message where direction = 2 order by id")]


@pytest.fixture
async def carrier(world: World) -> AsyncIterator[Carrier]:
    async with running_carrier() as one:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": one.port, "system_id": "tester"})
        settle(world, ["15:00-16:00"])
        yield one


AWAY = "We have your message. We are back today at 15:00."


async def hear(world: World, carrier: Carrier, *bodies: bytes, source: str = PHONE) -> None:
    """Deliver, one after the other; each is stored with its answer in one transaction."""
    for body in bodies:
        before = heard(world)
        carrier.session.deliver(source, body)
        await until(lambda: heard(world) == before + 1)  # noqa: B023 - awaited within the turn


def heard(world: World) -> int:
    return int(world.one("select count(*) from message where direction = 1")[0])


async def test_s111_one_message_however_often_they_write(world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
    async with engine():
        await bound()
        await hear(world, carrier, b"When do you open?", b"Hello?", b"Anybody?")
        await until(lambda: world.statuses() == {"delivered": 1})
    assert said(world) == [AWAY]
    [(flags, purpose, conversation_id)] = world.rows("select flags, purpose, conversation_id from message where direction = 2")
    assert (flags, purpose) == (Flag.AUTOMATIC, 7)
    assert world.one("select id, unread, status from conversation") == (conversation_id, 3, 1)  # the team still has it all to read


async def test_many_at_once_hear_it_once_each(world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
    async with engine():
        await bound()
        for number in range(30):
            carrier.session.deliver(f"30690000000{number % 3}", f"text {number}".encode())
        await until(lambda: heard(world) == 30)
    assert said(world) == [AWAY] * 3


async def test_during_staff_hours_a_machine_is_silent(world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
    settle(world, ["00:00-24:00"])
    async with engine():
        await bound()
        await hear(world, carrier, b"When do you open?")
    assert said(world) == []


async def test_without_staff_hours_nothing_is_promised(world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
    world.connection.execute("delete from decision_policy")
    async with engine():
        await bound()
        await hear(world, carrier, b"When do you open?")
    assert said(world) == []


async def test_a_new_closed_time_is_told_anew(world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
    async with engine():
        await bound()
        await hear(world, carrier, b"one")
        await asyncio.to_thread(  # the engine may hold the row, and lets go of it in our loop
            world.connection.execute, "update message set id = (%s || substr(id::text, 9))::uuid where direction = 2", ["01a1f000"]
        )  # as if it was some days ago
        await hear(world, carrier, b"two", b"three")
    assert len(said(world)) == 2


@pytest.mark.parametrize("words", [b"STOP", b"HELP", b"START", b"please leave me alone"])
async def test_after_a_word_about_consent_nothing_else_is_said(
    world: World, carrier: Carrier, engine: Any, bound: Any, words: bytes
) -> None:
    async with engine():
        await bound()
        await hear(world, carrier, words)
    assert AWAY not in said(world)


async def test_who_has_stopped_or_is_blocked_hears_nothing(world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
    [_, (blocked, _, other)] = world.contacts(2)
    async with engine():
        await bound()
        await hear(world, carrier, b"STOP", b"but when do you open?")
        world.connection.execute("update contact set blocked = true where id = %s", [blocked])
        await hear(world, carrier, b"hello", source=other.lstrip("+"))
    assert AWAY not in said(world)


async def test_a_persons_answer_counts_as_being_there(world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
    people = world.contacts(1)
    [identifier] = world.queue(people, "I am still here")
    world.connection.execute("update message set author_id = %s where id = %s", [new_id(), identifier])
    async with engine():
        await bound()
        await hear(world, carrier, b"Thanks, one more thing")
    assert said(world) == ["I am still here"]


@pytest.mark.parametrize("source", ["12345", "ACME"])
async def test_short_codes_and_names_are_machines(world: World, carrier: Carrier, engine: Any, bound: Any, source: str) -> None:
    async with engine():
        await bound()
        await hear(world, carrier, b"Your balance is 3", source=source)
    assert said(world) == []


async def test_everybody_hears_it_in_their_language(world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
    [(contact_id, _, _)] = world.contacts(1)
    world.connection.execute("update contact set language = 'pl' where id = %s", [contact_id])
    async with engine():
        await bound()
        await hear(world, carrier, b"dzien dobry")
    assert said(world) == ["Mamy Twoją wiadomość. Wracamy dziś o 15:00."]
