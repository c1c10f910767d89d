"""What a carrier threw back: when it goes again, and that it does not slip past a pause."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from tests.engine.carrier import Carrier, Session, running_carrier
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.core.ids import new_id
from textfirst.core.purposes import Lane, Purpose
from textfirst.messages.types import Outcome
from textfirst.protocols.smpp.pdus import SubmitSm

HELD = int(Lane.HELD)


@pytest.fixture
async def carrier(world: World) -> AsyncIterator[Carrier]:
    async with running_carrier() as one:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": one.port, "system_id": "tester"})
        yield one


def campaign(world: World) -> UUID:
    identifier = new_id()
    world.connection.execute(
        "insert into campaign (workspace_id, id, name, purpose, channel_id, audience, text, state, resume_to, recipients, problem, created_at, version)"
        " values (%s, %s, 'Offer', %s, %s, '{}', 'Hi', 'running', '', 1, '', now(), 1)",
        [world.workspace_id, identifier, int(Purpose.PROMOTION), world.channel_id],
    )
    return identifier


@pytest.mark.parametrize(("state", "lane"), [("paused", HELD), ("cancelled", HELD), ("running", int(Lane.BULK))])
async def test_a_refusal_after_a_pause_is_held(world: World, carrier: Carrier, engine: Any, state: str, lane: int) -> None:
    """The message was taken before the pause, so the pause did not see it in the outbox."""
    identifier = campaign(world)

    def refuse(session: Session, pdu: SubmitSm) -> None:
        world.connection.execute("update campaign set state = %s where id = %s", [state, identifier])
        session.refuse(pdu, 0x08)

    carrier.answer = refuse
    async with engine():
        [message_id] = world.queue(world.contacts(1), purpose=Purpose.PROMOTION, campaign_id=identifier)
        [row] = await until(
            lambda: world.rows("select id, lane, attempts, not_before > now() + interval '20 seconds' from outbox where attempts > 0")
        )
    assert row == (message_id, lane, 1, True)
    assert len(carrier.submits) == 1
    assert world.rows("select outcome from attempt") == [(Outcome.TROUBLE,)]


@pytest.mark.parametrize(
    ("status", "outcome", "attempts"),
    [
        pytest.param(0x58, Outcome.THROTTLED, 0, id="throttled: costs nothing"),
        pytest.param(0x14, Outcome.TROUBLE, 1, id="queue full"),
        pytest.param(0x45, Outcome.TROUBLE, 1, id="unclear"),
        pytest.param(0x401, Outcome.TROUBLE, 1, id="the carrier's own code"),
        pytest.param(0x61, Outcome.REFUSED, 1, id="a setting: another carrier has its own"),
        pytest.param(0x0B, Outcome.REFUSED, None, id="no such number"),
        pytest.param(0x0A, Outcome.REFUSED, None, id="not this sender"),
    ],
)
async def test_what_the_attempt_says(
    world: World, carrier: Carrier, engine: Any, status: int, outcome: Outcome, attempts: int | None
) -> None:
    carrier.answer = lambda session, pdu: session.refuse(pdu, status)
    async with engine():
        world.queue(world.contacts(1))
        await until(lambda: world.rows("select 1 from attempt where outcome <> 0"))
    assert world.rows("select distinct outcome from attempt") == [(outcome,)]
    assert world.rows("select attempts from outbox") == ([] if attempts is None else [(attempts,)])
