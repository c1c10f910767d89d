"""What a carrier threw back: when it goes again, and that it does not slip past a pause."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from tests.engine.carrier import Carrier, Session, running_carrier
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.core.ids import new_id
from textfirst.core.purposes import Lane, Purpose
from textfirst.engine import clock, dispatch, leases, record
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


async def test_a_code_of_the_carriers_own_that_says_stopped_is_a_stop(world: World, carrier: Carrier, engine: Any) -> None:
    world.connection.execute('update channel set config = config || \'{"codes": "0x405=stopped"}\'')
    carrier.answer = lambda session, pdu: session.refuse(pdu, 0x405)
    async with engine() as running:
        [person] = world.contacts(1)
        world.queue([person])
        await until(lambda: world.statuses() == {"rejected": 1})
        world.queue([person], "and again")
        await until(lambda: world.statuses() == {"rejected": 1, "suppressed": 1})
        assert len(carrier.submits) == 1
        assert running.stops.forbids(world.workspace_id, person[2], 0.0)
    assert world.rows("select reason from message where status = 63") == [("stopped:0x00000405",)]
    assert world.rows("select kind, source from consent_entry") == [("stop", "provider")]
    assert world.rows("select words from consent_person") == [("0x00000405",)]
    assert world.rows("select kind from event where kind = 'contact.updated'")


class TestAnotherOfThePool:
    """D24, D25: what one carrier refuses for now, another may take; never what may be on a phone already."""

    @pytest.fixture
    async def other(self, world: World, carrier: Carrier) -> AsyncIterator[Carrier]:
        async with running_carrier() as one:
            identifier = new_id()
            world.connection.execute(
                'insert into channel (workspace_id, id, name, kind, address, config, secrets, rate, "window", enabled, pool, version, created_at)'
                " select workspace_id, %s, 'Other', kind, address, config || jsonb_build_object('port', %s), '', rate, \"window\", true, 'both', 1, now()"
                " from channel",
                [identifier, one.port],
            )
            world.connection.execute("update channel set pool = 'both'")
            yield one

    @staticmethod
    async def both_bound(world: World) -> None:
        await until(lambda: world.rows("select count(*) from channel_health where state = 'bound'") == [(2,)])

    @pytest.mark.parametrize("status", [0x08, 0x14, 0x64])
    async def test_takes_what_the_first_refused(self, world: World, carrier: Carrier, other: Carrier, engine: Any, status: int) -> None:
        carrier.answer = lambda session, pdu: session.refuse(pdu, status)
        async with engine() as running:
            await self.both_bound(world)
            [message_id] = world.queue(world.contacts(1))
            await until(lambda: world.rows("select 1 from outbox where attempts = 1"))
            moved = world.one("select o.channel_id, m.channel_id from outbox o join message m using (id)")
            assert moved[0] == moved[1] != world.channel_id
            assert running.counts["handed_over"] == 1
            world.connection.execute("update outbox set not_before = now()")
            world.connection.execute("select pg_notify('textfirst_outbox', %s)", [str(moved[0])])
            await until(lambda: world.statuses() == {"delivered": 1})
        assert (len(carrier.submits), len(other.submits)) == (1, 1)
        assert world.one("select id from message") == (message_id,)

    @pytest.mark.parametrize(
        ("status", "text", "purpose"),
        [
            pytest.param(0x45, "Hello", Purpose.NOTICE, id="nobody knows why"),
            pytest.param(0x401, "Hello", Purpose.NOTICE, id="nobody knows what it means"),
            pytest.param(0x58, "Hello", Purpose.NOTICE, id="too fast: the same carrier, a little later"),
            pytest.param(0x08, "long " * 60, Purpose.NOTICE, id="a long text: parts of it may be there"),
        ],
    )
    async def test_stays(
        self, world: World, carrier: Carrier, other: Carrier, engine: Any, status: int, text: str, purpose: Purpose
    ) -> None:
        carrier.answer = lambda session, pdu: session.refuse(pdu, status)
        async with engine():
            await self.both_bound(world)
            world.queue(world.contacts(1), text, purpose=purpose)
            await until(lambda: world.rows("select 1 from attempt where outcome <> 0") and world.rows("select 1 from outbox"))
        assert world.rows("select distinct channel_id from outbox") == [(world.channel_id,)]
        assert other.submits == []

    async def test_not_what_may_be_on_the_phone_already(self, world: World, carrier: Carrier, other: Carrier, engine: Any) -> None:
        carrier.answer = lambda session, pdu: session.refuse(pdu, 0x08)
        async with engine():
            await self.both_bound(world)
            with world.connection.transaction():
                world.queue(world.contacts(1), purpose=Purpose.CODE)
                world.connection.execute("update outbox set flags = 1")
            await until(lambda: world.rows("select 1 from outbox where attempts = 1"))
        assert world.rows("select channel_id from outbox") == [(world.channel_id,)]

    async def test_none_where_the_other_is_away(self, world: World, carrier: Carrier, other: Carrier, engine: Any) -> None:
        carrier.answer = lambda session, pdu: session.refuse(pdu, 0x08)
        async with engine():
            await self.both_bound(world)
            world.connection.execute("update channel_health set bound_at = now() - interval '2 minutes' where id <> %s", [world.channel_id])
            world.queue(world.contacts(1))
            await until(lambda: world.rows("select 1 from outbox where attempts = 1"))
        assert world.rows("select channel_id from outbox") == [(world.channel_id,)]


class TestAMachineWhoseClockIsWrong:
    """What is due and what has expired is the database's to say."""

    @pytest.fixture(params=[-1, 1], ids=["behind", "ahead"])
    def skewed(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        """The engine's wall clock is an hour off."""

        class Kind(type):
            def __instancecheck__(cls, one: object) -> bool:
                return isinstance(one, dt.datetime)

        class Skewed(dt.datetime, metaclass=Kind):
            @classmethod
            def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
                return dt.datetime.now(tz) + dt.timedelta(hours=request.param)

        for module in (clock, dispatch, leases, record):
            monkeypatch.setattr(module, "datetime", Skewed)

    async def test_waits_as_long_as_ever(self, world: World, carrier: Carrier, engine: Any, skewed: None) -> None:
        carrier.answer = lambda session, pdu: session.refuse(pdu, 0x08)
        async with engine():
            world.queue(world.contacts(1))
            [(waits,)] = await until(lambda: world.rows("select extract(epoch from not_before - now()) from outbox where attempts = 1"))
        assert 15 < waits < 37

    async def test_sends_what_is_still_worth_it(self, world: World, carrier: Carrier, engine: Any, skewed: None) -> None:
        async with engine():
            world.queue(world.contacts(1), valid_for=dt.timedelta(minutes=10))
            world.queue(world.contacts(1, first=1), valid_for=dt.timedelta(seconds=-1))
            await until(lambda: world.statuses() == {"delivered": 1, "expired": 1})
