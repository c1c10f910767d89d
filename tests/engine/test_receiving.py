"""From the carrier into conversations: texts, parts, STOP, what cannot be stored, and what comes twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from tests.engine.carrier import Carrier, running_carrier
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.consent.rules.hearing import hear
from textfirst.core.purposes import Purpose
from textfirst.engine.store import PostgresWork
from textfirst.messages.types import Flag, Status
from textfirst.phones.simulator import Simulator
from textfirst.protocols import sms
from textfirst.protocols.smpp.commands import EsmClass

PHONE = "306900000000"


@pytest.fixture
async def carrier(world: World) -> AsyncIterator[Carrier]:
    async with running_carrier() as one:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": one.port, "system_id": "tester"})
        yield one


def texts(world: World) -> list[str]:
    return [row[0] for row in world.rows("select body from message where direction = 1 order by id")]


class TestTexts:
    async def test_a_text_opens_a_conversation_with_a_new_contact(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        async with engine():
            await bound()
            carrier.session.deliver(PHONE, b"When do you open?")
            await until(carrier.acknowledged)
        contact_id, body, status, conversation_id = world.one("select contact_id, body, status, conversation_id from message")
        assert (body, status) == ("When do you open?", Status.RECEIVED)
        assert world.one("select address from contact_identity where contact_id = %s", contact_id) == (f"+{PHONE}",)
        assert world.one("select id, status, unread, inbox_id from conversation") == (conversation_id, 1, 1, world.inbox_id)
        assert world.rows("select kind, subject_id from event where kind like 'message%%'") == [("message.received", conversation_id)]
        assert world.one("select raw from message")[0].endswith(b"When do you open?")

    async def test_ten_at_once_make_one_conversation(self, world: World, simulator: Simulator, engine: Any, bound: Any) -> None:
        world.make()
        async with engine(simulator.port):
            await bound()
            for number in range(10):
                simulator.type(str(world.channel_id), PHONE, f"text {number}")
            await until(lambda: len(texts(world)) == 10)
        assert texts(world) == [f"text {number}" for number in range(10)]
        assert world.one("select count(*), max(unread) from conversation") == (1, 10)
        assert world.one("select count(*) from contact") == (1,)

    async def test_a_known_contact_is_found(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        [(contact_id, _, _)] = world.contacts(1)
        async with engine():
            await bound()
            carrier.session.deliver(PHONE, b"hello")
            await until(carrier.acknowledged)
        assert world.one("select contact_id from message") == (contact_id,)

    @pytest.mark.parametrize(
        ("payload", "coding", "body", "flags"),
        [
            ("καλημέρα 👋".encode("utf-16-be"), 8, "καλημέρα 👋", 0),
            (b"\xd8\x3d", 8, "\ufffd", Flag.REPLACED),
            ("a\0b".encode("utf-16-be"), 8, "a\ufffdb", Flag.REPLACED),
            (b"caf\xe9", 3, "café", 0),
            (b"\x00\x02", 0, "@$", 0),
            (b"\x00\xff\x80", 4, "[…]", 0),
            (b"", 0, "", 0),
        ],
    )
    async def test_what_a_text_can_be(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, payload: bytes, coding: int, body: str, flags: int
    ) -> None:
        async with engine():
            await bound()
            carrier.session.deliver(PHONE, payload, coding=coding)
            await until(carrier.acknowledged)
        stored, flagged, raw = world.one("select body, flags, raw from message")
        assert (stored, flagged) == (body, flags)
        assert raw.endswith(payload)

    @pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
    async def test_a_long_text_comes_in_any_order(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, order: tuple[int, ...]
    ) -> None:
        body = "Καλησπέρα σας, θα ήθελα να αλλάξω το ραντεβού μου 👍 " * 3
        parts = sms.cut(body, 77).bodies
        assert len(parts) == 3
        async with engine():
            await bound()
            for place in (*order, order[0]):  # and one of them twice
                carrier.session.deliver(PHONE, parts[place], coding=8, esm_class=EsmClass.HEADED)
            await until(lambda: len(carrier.acknowledged()) == 4)
            await until(lambda: texts(world) == [body])
        assert world.one("select count(*) from conversation") == (1,)

    async def test_a_part_that_never_comes_costs_no_text(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("textfirst.engine.intake.PARTS_WAIT", timedelta(seconds=0))
        monkeypatch.setattr("textfirst.engine.worker.HEALTH_EVERY", 0.2)
        parts = sms.cut("x" * 400, 5).bodies
        async with engine():
            await bound()
            carrier.session.deliver(PHONE, parts[2], esm_class=EsmClass.HEADED)
            carrier.session.deliver(PHONE, parts[0], esm_class=EsmClass.HEADED)
            await until(lambda: texts(world))
        body, flags = world.one("select body, flags from message")
        assert (body.replace("x", ""), flags) == ("[…]", Flag.PART_MISSING)
        assert world.one("select count(*) from inbound_part") == (0,)

    async def test_o2_what_came_of_a_long_text_stops_in_turn_with_claims(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("textfirst.engine.worker.HEALTH_EVERY", 0.2)
        monkeypatch.setattr("textfirst.engine.worker.CHORES_EVERY", 0.2)
        first, *_ = sms.cut("please take me off your list. " + "Thank you. " * 30, 5).bodies
        lock = "pg_advisory_{}(hashtextextended(%s::text, 7301))"
        async with engine() as running:
            await bound()
            carrier.session.deliver(PHONE, first, esm_class=EsmClass.HEADED)
            await until(carrier.acknowledged)
            world.connection.execute(f"select {lock.format('lock_shared')}", [world.workspace_id])  # as a claim that is under way
            monkeypatch.setattr("textfirst.engine.intake.PARTS_WAIT", timedelta(seconds=0))
            await until(lambda: world.rows("select 1 from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and not granted"))
            world.connection.execute(f"select {lock.format('unlock_shared')}", [world.workspace_id])
            await until(lambda: world.rows("select 1 from suppression"))
            await until(lambda: running.stops)  # and no byte leaves that this process has claimed before


class TestConsent:
    async def test_stop_suppresses_confirms_once_and_start_takes_it_back(
        self, world: World, simulator: Simulator, engine: Any, bound: Any
    ) -> None:
        world.make()
        channel = str(world.channel_id)
        async with engine(simulator.port):
            await bound()
            for word in ("STOP", "stop please"):
                simulator.type(channel, PHONE, word)
            await until(lambda: len(texts(world)) == 2)
            await until(lambda: world.statuses() == {"delivered": 1})
            assert world.one("select count(*) from suppression") == (1,)
            assert [row[0] for row in world.rows("select kind from consent_entry order by id")] == ["stop", "stop"]
            simulator.type(channel, PHONE, "START")
            await until(lambda: world.statuses() == {"delivered": 2})
        assert world.one("select count(*) from suppression") == (0,)
        said = [row[0] for row in world.rows("select body from message where direction = 2 order by id")]
        assert "no more texts" in said[0]
        assert "again" in said[1]

    async def test_help_is_answered_also_to_the_stopped(self, world: World, simulator: Simulator, engine: Any, bound: Any) -> None:
        world.make()
        async with engine(simulator.port):
            await bound()
            simulator.type(str(world.channel_id), PHONE, "STOP")
            simulator.type(str(world.channel_id), PHONE, "HELP")
            await until(lambda: world.statuses() == {"delivered": 2})
        assert world.one("select count(*) from suppression") == (1,)

    async def test_what_waits_for_a_stopped_person_does_not_leave(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        people = world.contacts(1)
        async with engine():
            await bound()
            carrier.session.deliver(PHONE, b"STOP")
            await until(carrier.acknowledged)
            world.queue(people, "buy now", purpose=Purpose.PROMOTION)
            await until(lambda: world.rows("select 1 from message where status = 70"))
        assert b"buy now" not in carrier.bodies()
        assert world.one("select reason from message where status = 70") == ("stopped",)

    async def test_no_attempt_is_committed_after_an_opt_out(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        """People stop while texts to them leave; afterwards the two commits are compared for each."""
        people = world.contacts(400)
        async with engine():
            await bound()
            world.queue(people, "buy now", purpose=Purpose.PROMOTION)
            for number in range(0, 400, 2):
                carrier.session.deliver(people[number][2].lstrip("+"), b"STOP")
                if number % 40 == 0:
                    await asyncio.sleep(0.01)
            await until(lambda: world.one("select count(*) from suppression")[0] == 200)
            await until(lambda: not world.rows("select 1 from outbox"))
        late = world.rows(
            """select a.xmin, c.xmin from attempt a join message m on m.id = a.message_id join contact_identity i on i.id = m.identity_id
               join consent_entry c on c.address_hash = i.address_hash
               where m.body = 'buy now' and a.outcome <> 3 and pg_xact_commit_timestamp(a.xmin) > pg_xact_commit_timestamp(c.xmin)"""
        ) if world.one("show track_commit_timestamp")[0] == "on" else world.rows(
            """select 1 from attempt a join message m on m.id = a.message_id join contact_identity i on i.id = m.identity_id
               join consent_entry c on c.address_hash = i.address_hash
               where m.body = 'buy now' and a.outcome <> 3 and a.xmin::text::bigint > c.xmin::text::bigint"""
        )  # fmt: skip
        assert late == []


class TestTrouble:
    async def test_one_that_cannot_be_stored_is_put_aside_alone(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("textfirst.engine.intake.storable", lambda text: text)  # the rule that keeps NUL out, broken
        monkeypatch.setattr("textfirst.protocols.smpp.coding.storable", lambda text: text)
        async with engine():
            await bound()
            for body in (b"one", b"two", b"bad\0", b"three", b"four"):
                carrier.session.deliver(PHONE, body, coding=3)
            await until(lambda: len(carrier.acknowledged()) == 5)
        assert texts(world) == ["one", "two", "three", "four"]
        [(pdu, problem)] = world.rows("select pdu, problem from intake_rejected")
        assert pdu.endswith(b"bad\0")
        assert "0x00" in problem

    async def test_a_text_that_meets_a_mistake_of_ours_is_put_aside_alone(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def mistaken(text: str) -> Any:
            return {}[text] if text == "bad" else hear(text)

        monkeypatch.setattr("textfirst.engine.joining.hear", mistaken)
        async with engine() as running:
            await bound()
            for body in (b"one", b"bad", b"two"):
                carrier.session.deliver(PHONE, body)
            await until(lambda: len(carrier.acknowledged()) == 3)
            assert not running.counts["loops_broken"]
        assert texts(world) == ["one", "two"]
        assert world.rows("select problem from intake_rejected") == [("KeyError",)]

    async def test_what_was_put_aside_is_taken_in_once_when_somebody_asks(
        self, world: World, carrier: Carrier, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("textfirst.engine.worker.CHORES_EVERY", 0.1)
        monkeypatch.setattr("textfirst.engine.worker.LOOK_ROUND", 0.05)
        with monkeypatch.context() as broken:
            broken.setattr("textfirst.engine.joining.hear", lambda text: {}[text])
            async with engine():
                await bound()
                carrier.session.deliver(PHONE, b"STOP")
                await until(lambda: len(carrier.acknowledged()) == 1)
                assert texts(world) == []
                world.rows("update intake_rejected set asked_at = now() returning id")
                await until(lambda: world.one("select count(*) from intake_rejected where asked_at is null") == (1,))
            assert world.rows("select problem, replayed_at from intake_rejected") == [("KeyError", None)]
        world.rows("update intake_rejected set asked_at = now() returning id")
        async with engine() as running, engine():  # two nodes
            await until(lambda: world.one("select count(*) from intake_rejected where replayed_at is not null") == (1,))
            [(workspace_id, rejected_id)] = world.rows("update intake_rejected set asked_at = now() returning workspace_id, id")
            async with running.store.begin(workspace_id) as work:  # who comes late finds that it is done
                assert not await work.take_rejected(rejected_id, datetime.now(UTC))
        assert texts(world) == ["STOP"]
        assert world.one("select count(*) from suppression") == (1,)

    async def test_garbage_does_not_end_the_engine(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        async with engine():
            await bound()
            session = carrier.session
            session.send((20).to_bytes(4, "big") + b"\0\0\0\5\0\0\0\0\0\0\0\7abcd")  # a deliver_sm that ends too early
            await until(lambda: 7 in carrier.acknowledged())
            session.send((16).to_bytes(4, "big") + b"\0\0\x07\xff\0\0\0\0\0\0\0\x08")  # a command that does not exist
            session.send(b"\0\0\0\0" * 4)  # and a PDU of length zero
            await until(lambda: not session.open)
            await until(lambda: len([one for one in carrier.sessions if one.open]) == 1)
            carrier.session.deliver(PHONE, b"still here")
            await until(lambda: texts(world) == ["still here"])
        assert world.one("select count(*) from intake_rejected") == (1,)

    async def test_what_comes_again_after_a_lost_session_is_stored_once(
        self, world: World, carrier: Carrier, engine: Any, bound: Any
    ) -> None:
        async with engine():
            await bound()
            for body in (b"ok", b"ok", b"bye"):
                carrier.session.deliver(PHONE, body)
            await until(lambda: len(carrier.acknowledged()) == 3)
            carrier.drop()  # before the carrier has said anything later: it may not have read the acknowledgements
            await until(lambda: len([one for one in carrier.sessions if one.open]) == 1)
            for body in (b"ok", b"bye", b"ok", b"ok"):  # three copies, and one that is new
                carrier.session.deliver(PHONE, body)
            await until(lambda: len(carrier.acknowledged()) == 7)
        assert texts(world) == ["ok", "ok", "bye", "ok"]

    async def test_what_the_carrier_has_seen_acknowledged_is_new_when_it_comes_again(
        self, world: World, carrier: Carrier, engine: Any, bound: Any
    ) -> None:
        async with engine():
            await bound()
            carrier.session.deliver(PHONE, b"yes")
            await until(carrier.acknowledged)
            world.queue(world.contacts(1, first=5))
            await until(lambda: world.statuses() == {"delivered": 1})  # an answer that came after the acknowledgement
            carrier.session.deliver(PHONE, b"later")
            await until(lambda: len(carrier.acknowledged()) == 3)
            carrier.drop()
            await until(lambda: len([one for one in carrier.sessions if one.open]) == 1)
            carrier.session.deliver(PHONE, b"yes")
            await until(lambda: len(carrier.acknowledged()) == 4)
        assert texts(world) == ["yes", "later", "yes"]

    async def test_a_commit_whose_answer_was_lost_stores_nothing_twice(
        self, world: World, simulator: Simulator, engine: Any, bound: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The server died between its commit and its word; the carrier was told to keep the text, and brings it again."""
        world.make()
        commit, lost = PostgresWork.commit, []

        async def losing(work: PostgresWork) -> None:
            await commit(work)
            if texts(world) and not lost:
                lost.append(texts(world))
                raise psycopg.OperationalError("the answer was lost")

        monkeypatch.setattr(PostgresWork, "commit", losing)
        async with engine(simulator.port):
            await bound()
            simulator.type(str(world.channel_id), PHONE, "once")
            await until(lambda: simulator.counts(str(world.channel_id)).typed_acked == 1)
            simulator.type(str(world.channel_id), PHONE, "once")  # and the same words, meant
            await until(lambda: len(texts(world)) == 2)
        assert lost == [["once"]]
        assert texts(world) == ["once", "once"]

    async def test_while_the_database_is_away_the_carrier_keeps_it(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        name = world.connection.info.dbname
        async with engine():
            await bound()
            world.queue(world.contacts(1, first=3))
            await until(lambda: world.statuses() == {"delivered": 1})
            away(world, name)
            carrier.session.deliver(PHONE, b"are you there?", sequence=900)
            await until(lambda: 900 in carrier.acknowledged(status=0x64))
            back(world, name)
            carrier.session.deliver(PHONE, b"are you there?", sequence=901)
            await until(lambda: 901 in carrier.acknowledged() or 901 in carrier.acknowledged(status=0x64))
            if 901 not in carrier.acknowledged():
                carrier.session.deliver(PHONE, b"are you there?", sequence=902)
            await until(lambda: texts(world) == ["are you there?"])
            world.queue(world.contacts(5, first=10))
            await until(lambda: world.statuses() == {"delivered": 6}, within=10)


def away(world: World, name: str) -> None:
    """Nobody new may connect, and the engine's connections are cut."""
    elsewhere(world, f'alter database "{name}" allow_connections false')
    mine = world.connection.info.backend_pid
    elsewhere(world, f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and pid <> {mine}")


def back(world: World, name: str) -> None:
    elsewhere(world, f'alter database "{name}" allow_connections true')


def elsewhere(world: World, sql: str) -> None:
    with psycopg.connect(make_conninfo(world.url, dbname="postgres"), autocommit=True) as connection:
        connection.execute(sql)
