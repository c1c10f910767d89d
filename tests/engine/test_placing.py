"""Receipts of texts whose answer was lost: placed by their phone, where nothing else fits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.engine.carrier import running_carrier
from tests.engine.conftest import store_of, until
from tests.engine.world import World

from textfirst.core.ids import new_id
from textfirst.engine import worker
from textfirst.messages.types import Outcome

HOUR = timedelta(hours=1)


def attempt(world: World, message_id: UUID, outcome: Outcome = Outcome.NO_ANSWER, *, provider_id: str = "", part: int = 1) -> UUID:
    """Bytes that left, and what we know of them."""
    identifier = new_id()
    world.connection.execute("delete from outbox where id = %s", [message_id])
    world.connection.execute("update message set status = 60, reason = 'not_answered' where id = %s", [message_id])
    world.connection.execute(
        "insert into attempt (workspace_id, id, message_id, channel_id, part, epoch, outcome, node) values (%s, %s, %s, %s, %s, 64, %s, '')",
        [world.workspace_id, identifier, message_id, world.channel_id, part, int(outcome)],
    )
    if provider_id:
        world.connection.execute(
            "insert into provider_ref (workspace_id, id, message_id, channel_id, part, provider_id) values (%s, %s, %s, %s, %s, %s)",
            [world.workspace_id, identifier, message_id, world.channel_id, part, provider_id],
        )
    return identifier


def receipt(world: World, provider_id: str, phone: str, *, message_id: UUID | None = None) -> None:
    """One that came, and whose message nobody knew unless it is given."""
    world.connection.execute(
        "insert into receipt (workspace_id, channel_id, id, message_id, part, status, provider_id, address, pdu) values (%s, %s, %s, %s, 1, 80, %s, %s, '')",
        [world.workspace_id, world.channel_id, new_id(), message_id, provider_id, phone],
    )


async def placed(world: World) -> dict[str, UUID]:
    """Which message each receipt's id was given to by a look of now."""
    store, now = store_of(world), datetime.now(UTC)
    known = {row[0] for row in world.rows("select provider_id from provider_ref")}
    async with store.begin(world.workspace_id) as work:
        count = await work.place(world.channel_id, now - HOUR, now - 72 * HOUR)
    await store.close()
    new = {row[0]: row[1] for row in world.rows("select provider_id, message_id from provider_ref") if row[0] not in known}
    assert len(new) == count
    return new


@pytest.fixture
def channel(world: World) -> World:
    world.make()
    return world


@pytest.mark.parametrize("written", ["+306900000000", "306900000000", "00306900000000"])
async def test_the_only_text_it_can_be_of(channel: World, written: str) -> None:
    [asked, _] = channel.queue(channel.contacts(2))
    attempt(channel, asked)
    receipt(channel, "x", written)
    receipt(channel, "x", written)  # on its way, then delivered
    assert await placed(channel) == {"x": asked}


class TestNeverAGuess:
    async def test_two_texts_to_one_phone(self, channel: World) -> None:
        [one] = channel.contacts(1)
        for message_id in channel.queue([one, one]):
            attempt(channel, message_id)
        receipt(channel, "x", one[2])
        assert await placed(channel) == {}

    async def test_two_parts_of_a_text(self, channel: World) -> None:
        [one] = channel.contacts(1)
        [message_id] = channel.queue([one], "x" * 200)
        attempt(channel, message_id)
        attempt(channel, message_id, part=2)
        receipt(channel, "x", one[2])
        assert await placed(channel) == {}

    @pytest.mark.parametrize("other", ["open", "taken"])
    async def test_beside_a_text_whose_receipt_it_may_be(self, channel: World, other: str) -> None:
        """Its answer may be on its way; or it came, but the carrier writes the id otherwise in receipts."""
        [one] = channel.contacts(1)
        doubtful, known = channel.queue([one, one])
        attempt(channel, doubtful)
        attempt(channel, known, Outcome.OPEN, provider_id="a" if other == "taken" else "")
        receipt(channel, "x", one[2])
        assert await placed(channel) == {}
        if other == "taken":
            receipt(channel, "a", one[2], message_id=known)  # it has its own by now
            assert await placed(channel) == {"x": doubtful}

    async def test_before_its_answer_is_given_up(self, channel: World) -> None:
        [one] = channel.contacts(1)
        [message_id] = channel.queue([one])
        attempt(channel, message_id, Outcome.OPEN)
        receipt(channel, "x", one[2])
        assert await placed(channel) == {}

    async def test_two_ids_for_one_phone(self, channel: World) -> None:
        [one] = channel.contacts(1)
        [message_id] = channel.queue([one])
        attempt(channel, message_id)
        receipt(channel, "x", one[2])
        receipt(channel, "y", one[2])
        assert await placed(channel) == {}

    async def test_older_than_the_attempt(self, channel: World) -> None:
        [one] = channel.contacts(1)
        [message_id] = channel.queue([one])
        receipt(channel, "x", one[2])
        attempt(channel, message_id)
        assert await placed(channel) == {}

    @pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.NOT_SENT, Outcome.THROTTLED, Outcome.TROUBLE], ids=lambda one: one.name)
    async def test_what_did_not_leave_or_was_refused(self, channel: World, outcome: Outcome) -> None:
        [one] = channel.contacts(1)
        [message_id] = channel.queue([one])
        attempt(channel, message_id, outcome)
        receipt(channel, "x", one[2])
        assert await placed(channel) == {}

    async def test_another_channels(self, channel: World) -> None:
        [one] = channel.contacts(1)
        [message_id] = channel.queue([one])
        attempt(channel, message_id)
        receipt(channel, "x", one[2])
        channel.connection.execute("update message set channel_id = %s", [new_id()])
        assert await placed(channel) == {}


async def test_a_receipt_overrules_our_doubt(world: World, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole way: the carrier's answer never comes, its receipt does."""
    monkeypatch.setattr(worker, "CHORES_EVERY", 0.2)
    monkeypatch.setattr(worker, "LOOK_ROUND", 0.1)
    async with running_carrier() as carrier:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester", "answer_timeout": 1})
        carrier.answer = lambda session, pdu: session.report(pdu, f"never-said-{pdu.destination}")
        async with engine() as running:
            world.queue(world.contacts(3))
            await until(lambda: world.statuses() == {"delivered": 3})
            await until(lambda: running.counts["placed"] == 3)
        assert world.rows("select distinct reason from message") == [(None,)]
        assert len(carrier.submits) == 3
    assert world.rows("select outcome from attempt") == [(int(Outcome.NO_ANSWER),)] * 3


async def test_an_answer_that_comes_after_its_attempt_was_placed_is_taken_all_the_same(world: World, engine: Any) -> None:
    def answer(session: Any, pdu: Any) -> None:
        world.connection.execute(
            "insert into provider_ref (workspace_id, id, message_id, channel_id, part, provider_id)"
            " select workspace_id, id, message_id, channel_id, part, 'placed' from attempt on conflict do nothing"
        )
        session.accept(pdu)

    async with running_carrier() as carrier:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester"})
        carrier.answer = answer
        async with engine():
            world.queue(world.contacts(3))
            await until(lambda: world.statuses() == {"accepted": 3})
        assert (len(carrier.submits), len(carrier.sessions)) == (3, 1)  # the line was not given up for it
    assert world.rows("select distinct provider_id from provider_ref") == [("placed",)]
