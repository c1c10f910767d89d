"""What people wait for does not wait for campaigns: neither for a batch that is being claimed nor for its answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.engine.carrier import Carrier, Session, running_carrier
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.core.purposes import Purpose
from textfirst.protocols.smpp import pdus

WINDOW, KEPT_FREE = 64, 2


@pytest.fixture
async def silent(world: World) -> AsyncIterator[Carrier]:
    """A carrier that answers when the test says so."""
    async with running_carrier() as one:
        one.waiting = []
        one.answer = lambda session, pdu: one.waiting.append((session, pdu))
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": one.port, "system_id": "tester"}, window=WINDOW)
        yield one


def answer(waiting: list[tuple[Session, pdus.SubmitSm]]) -> None:
    while waiting:
        session, pdu = waiting.pop()
        session.report(pdu, session.accept(pdu))


async def test_answers_leave_while_a_campaigns_batch_is_unanswered(world: World, silent: Carrier, engine: Any) -> None:
    people = world.contacts(103)
    world.queue(people[:100], "bulk", purpose=Purpose.PROMOTION)
    async with engine():
        await until(lambda: len(silent.submits) == WINDOW - KEPT_FREE)
        for number, person in enumerate(people[100:102], 1):
            world.queue([person], "talk", purpose=Purpose.SUPPORT)
            await until(lambda number=number: silent.bodies().count(b"talk") == number)
        world.queue(people[102:], "talk", purpose=Purpose.SUPPORT)
        await asyncio.sleep(0.3)
        assert len(silent.submits) == WINDOW, "no more than the window, whoever waits"
        answer(silent.waiting)
        await until(lambda: silent.bodies().count(b"talk") == 3)
        assert silent.bodies()[WINDOW] == b"talk", "of the room that comes, people have the first"
        await until(lambda: answer(silent.waiting) or world.statuses() == {"delivered": 103})
