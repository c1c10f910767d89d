"""From the outbox to the carrier and back: what is claimed, when, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.engine.carrier import Carrier, Session, running_carrier
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.messages.types import Flag, Outcome, Status
from textfirst.phones.simulator import Simulator
from textfirst.protocols.smpp import pdus
from textfirst.protocols.smpp.concat import Piece, carried, join
from textfirst.protocols.smpp.receipts import MessageState

STOPPED = """insert into suppression (workspace_id, id, address_hash, scope, source, entry_id, stopped_at)
             select workspace_id, id, address_hash, 'all', 'person', id, now() from contact_identity"""

NO_CAP = """insert into decision_policy (workspace_id, id, body) values (%s, gen_random_uuid(), '{"caps": {"notice": []}}')"""


@pytest.fixture
async def carrier() -> AsyncIterator[Carrier]:
    async with running_carrier() as one:
        yield one


def smpp(world: World, carrier: Carrier, **more: Any) -> None:
    options = {name: more.pop(name) for name in ("window", "rate", "address") if name in more}
    world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester", **more}, **options)


def settled(world: World, **expected: int) -> Any:
    return lambda: world.statuses() == expected or None


class TestAgainstTheSimulator:
    async def test_two_thousand_texts_each_with_its_receipt(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make()
        async with engine(simulator.port):
            world.queue(world.contacts(2000))
            await until(settled(world, delivered=2000))
        counts = simulator.counts(str(world.channel_id))
        assert (counts.submits, counts.receipts_acked) == (2000, 2000)
        assert world.one("select count(*), count(distinct message_id) from attempt where outcome = 0") == (2000, 2000)
        assert world.one("select count(*), count(message_id) from receipt") == (2000, 2000)

    async def test_a_campaign_is_counted_and_announced(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make()
        campaign_id = new_id()
        async with engine(simulator.port):
            world.queue(world.contacts(300), purpose=Purpose.PROMOTION, campaign_id=campaign_id)
            await until(settled(world, delivered=300))
            await until(lambda: world.rows("select 1 from event where kind = 'campaign.updated'"))
        tally = dict(world.rows("select status, sum(messages)::int from campaign_tally group by 1 having sum(messages) <> 0"))
        assert tally == {Status.QUEUED: -300, Status.DELIVERED: 300}
        assert world.one("select count(*) from event where kind = 'message.updated'") == (0,)

    async def test_a_campaign_whose_receipts_take_long_is_sent_meanwhile(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make()
        simulator.turn(str(world.channel_id), receipt_delay_min_ms=4000, receipt_delay_max_ms=4000)
        campaign_id = new_id()
        async with engine(simulator.port) as one:
            world.queue(world.contacts(20), purpose=Purpose.PROMOTION, campaign_id=campaign_id)
            await until(settled(world, accepted=20))
            await until(settled(world, delivered=20))
            assert one.counts["orphans"] == 0
        tally = dict(world.rows("select status, sum(messages)::int from campaign_tally group by 1 having sum(messages) <> 0"))
        assert tally == {Status.QUEUED: -20, Status.DELIVERED: 20}

    async def test_who_takes_over_says_what_was_taken_before(self, world: World, simulator: Simulator, engine: Any) -> None:
        """A holder died between `provider_ref` and the step to `accepted`."""
        world.make()
        campaign_id = new_id()
        ids = world.queue(world.contacts(3), purpose=Purpose.PROMOTION, campaign_id=campaign_id)
        world.connection.execute("delete from outbox")
        for number, message_id in enumerate(ids):
            attempt_id = new_id()
            world.connection.execute(
                "insert into attempt (workspace_id, id, message_id, channel_id, part, epoch, outcome, node) values (%s, %s, %s, %s, 1, 0, 0, 'gone')",
                [world.workspace_id, attempt_id, message_id, world.channel_id],
            )
            world.connection.execute(
                "insert into provider_ref (workspace_id, id, message_id, channel_id, part, provider_id) values (%s, %s, %s, %s, 1, %s)",
                [world.workspace_id, attempt_id, message_id, world.channel_id, f"gone-{number}"],
            )
        async with engine(simulator.port):
            await until(settled(world, accepted=3))
        tally = dict(world.rows("select status, sum(messages)::int from campaign_tally group by 1 having sum(messages) <> 0"))
        assert tally == {Status.QUEUED: -3, Status.ACCEPTED: 3}

    async def test_d7_the_fuse_holds_back_what_is_too_much_for_one_person(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make()
        world.connection.execute(NO_CAP, [world.workspace_id])
        [person] = world.contacts(1)
        [other] = world.contacts(1, first=1)
        async with engine(simulator.port) as one:
            world.queue([person] * 8, purpose=Purpose.NOTICE)
            world.queue([other], purpose=Purpose.NOTICE)
            await until(settled(world, delivered=6, queued=3))
            assert one.counts["held_back"] == 3
        assert simulator.counts(str(world.channel_id)).submits == 6
        assert world.rows("select distinct reason from message where status = 10") == [("too_many",)]
        waits = world.rows("select extract(epoch from not_before - now())::float from outbox")
        assert len(waits) == 3
        assert all(20 < seconds <= 61 for (seconds,) in waits), waits  # a minute, less what has passed since

    @pytest.mark.parametrize("knobs", [{"early_percent": 100}, {"duplicate_percent": 100}, {"throttle_percent": 30}], ids=str)
    async def test_what_carriers_do(self, world: World, simulator: Simulator, engine: Any, knobs: dict[str, float]) -> None:
        world.make()
        simulator.turn(str(world.channel_id), **knobs)
        async with engine(simulator.port):
            world.queue(world.contacts(100))
            await until(settled(world, delivered=100))
        assert world.one("select count(*) from provider_ref") == (100,)
        assert world.one("select max(attempts) from outbox")[0] is None

    async def test_ids_in_hexadecimal_then_decimal(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": simulator.port, "system_id": "hex", "message_ids": "hex_then_decimal"})
        simulator.turn("hex", id_format="hex_then_decimal")
        async with engine(simulator.port):
            world.queue(world.contacts(50))
            await until(settled(world, delivered=50))

    async def test_transmitter_and_receiver(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": simulator.port, "system_id": "two", "binding": "transmitter_receiver"})
        async with engine(simulator.port):
            world.queue(world.contacts(200))
            await until(settled(world, delivered=200))
            simulator.type("two", "+306900000000", "hello back")
            await until(lambda: world.rows("select 1 from message where direction = 1 and body = 'hello back'"))

    async def test_long_texts_arrive_whole(self, world: World, simulator: Simulator, engine: Any) -> None:
        world.make(window=3)  # narrower than the texts are long
        long = "Dear customer, " + "your appointment is confirmed € and we look forward to it. " * 9
        arabic = "موعدك غداً في الساعة العاشرة صباحاً، نرجو التأكيد 👍. " * 6
        people = world.contacts(4)
        async with engine(simulator.port):
            world.queue(people[:2], long)
            world.queue(people[2:], arabic)
            await until(settled(world, delivered=4))
        phones = simulator.accounts[str(world.channel_id)].phones
        assert [[text.body for text in phones.find(number.lstrip("+")).texts] for _, _, number in people] == [
            [long],
            [long],
            [arabic],
            [arabic],
        ]
        for parts, segments in world.rows("select part_status, segments from message where direction = 2"):
            assert parts == [Status.DELIVERED] * segments


class TestAnswers:
    """One line of the status table each."""

    @pytest.mark.parametrize(
        ("status", "stands", "reason"),
        [
            (0x0B, Status.REJECTED, "number_refused:0x0000000B"),
            (0x0A, Status.REJECTED, "sender_refused:0x0000000A"),
            (0x48, Status.REJECTED, "sender_refused:0x00000048"),
            (0x65, Status.REJECTED, "carrier_refused:0x00000065"),
            (0x01, Status.FAILED, "our_fault:0x00000001"),
            (0xC3, Status.FAILED, "our_fault:0x000000C3"),
        ],
    )
    async def test_final_refusals(self, world: World, carrier: Carrier, engine: Any, status: int, stands: Status, reason: str) -> None:
        smpp(world, carrier)
        carrier.answer = lambda session, pdu: session.refuse(pdu, status)
        async with engine():
            world.queue(world.contacts(1))
            await until(lambda: world.rows("select 1 from message where status > 10"))
        assert world.one("select status, reason from message") == (stands, reason)
        assert world.one("select outcome from attempt") == (Outcome.REFUSED,)
        assert world.one("select count(*) from suppression") == (0,)

    @pytest.mark.parametrize(
        ("status", "tries", "outcome"),
        [
            *((status, 1, Outcome.TROUBLE) for status in (0x08, 0x14, 0x64, 0x45, 0x403)),
            (0x61, 1, Outcome.REFUSED),  # the text's own time was refused, not the carrier in trouble
            (0x58, 0, Outcome.THROTTLED),
            (0x04, 0, Outcome.TROUBLE),
        ],
    )
    async def test_temporary_refusals_wait_in_the_outbox(
        self, world: World, carrier: Carrier, engine: Any, status: int, tries: int, outcome: Outcome
    ) -> None:
        smpp(world, carrier)
        carrier.answer = lambda session, pdu: session.refuse(pdu, status)
        async with engine():
            world.queue(world.contacts(1))
            await until(lambda: world.rows("select 1 from attempt where outcome <> 0") and world.rows("select 1 from outbox"))
        assert world.one("select outcome from attempt") == (outcome,)
        attempts, wait = world.one("select attempts, extract(epoch from not_before - now()) from outbox")
        assert attempts == tries
        assert wait > 10 if tries else wait < 2
        assert world.one("select status, reason from message") == (Status.QUEUED, None)

    async def test_tries_run_out(self, world: World, carrier: Carrier, engine: Any) -> None:
        smpp(world, carrier)
        carrier.answer = lambda session, pdu: session.refuse(pdu, 0x45)
        async with engine():
            world.queue(world.contacts(1))
            for _ in range(2):
                await until(lambda: world.rows("select 1 from outbox where not_before > now()"))
                world.connection.execute("update outbox set not_before = now()")
            await until(lambda: world.rows("select 1 from message where status > 10"))
        assert world.one("select status, reason from message") == (Status.FAILED, "carrier_refused:0x00000045")
        assert len(carrier.submits) == 3

    async def test_throttling_slows_the_channel_down(self, world: World, carrier: Carrier, engine: Any) -> None:
        refused = Counter[str]()

        def answer(session: Session, pdu: pdus.SubmitSm) -> None:
            if not refused[pdu.destination] and len(refused) < 20:
                refused[pdu.destination] += 1
                session.refuse(pdu, 0x58)
            else:
                session.report(pdu, session.accept(pdu))

        smpp(world, carrier, window=50)
        carrier.answer = answer
        async with engine() as running:
            world.queue(world.contacts(60))
            await until(settled(world, delivered=60))
        assert running.counts["refused throttled"] == 20
        assert world.one("select count(*) from attempt where outcome = %s", Outcome.THROTTLED) == (20,)

    async def test_a_carrier_that_gives_no_id(self, world: World, carrier: Carrier, engine: Any) -> None:
        smpp(world, carrier)
        carrier.answer = lambda session, pdu: session.send(
            (17).to_bytes(4, "big") + b"\x80\0\0\4\0\0\0\0" + pdu.sequence.to_bytes(4, "big") + b"\0"
        )
        async with engine():
            world.queue(world.contacts(1))
            await until(settled(world, accepted=1))

    @pytest.mark.parametrize(
        ("purpose", "submits", "flags"),
        [(Purpose.NOTICE, 1, 0), (Purpose.CODE, 2, int(Flag.POSSIBLE_DUPLICATE))],
        ids=["once", "at least once"],
    )
    async def test_no_answer(self, world: World, carrier: Carrier, engine: Any, purpose: Purpose, submits: int, flags: int) -> None:
        def answer(session: Session, pdu: pdus.SubmitSm) -> None:
            if len(carrier.submits) > 1:
                session.report(pdu, session.accept(pdu))

        smpp(world, carrier, answer_timeout=1)
        carrier.answer = answer
        async with engine():
            world.queue(world.contacts(1), purpose=purpose, valid_for=timedelta(minutes=5))
            await until(settled(world, unknown=1) if purpose is Purpose.NOTICE else settled(world, delivered=1))
        assert len(carrier.submits) == submits
        assert world.one("select flags from message") == (flags,)
        if purpose is Purpose.NOTICE:
            assert world.one("select reason from message") == ("not_answered",)

    async def test_a_lost_connection_leaves_unknown_not_twice(self, world: World, carrier: Carrier, engine: Any) -> None:
        smpp(world, carrier)
        carrier.answer = lambda session, pdu: carrier.drop() if len(carrier.submits) == 5 else None
        async with engine():
            world.queue(world.contacts(5))
            await until(settled(world, unknown=5))
        assert len(carrier.submits) == 5


class TestReceipts:
    @pytest.mark.parametrize(
        ("states", "stands", "reason"),
        [
            ([MessageState.DELIVERED], Status.DELIVERED, None),
            ([MessageState.UNDELIVERABLE], Status.UNDELIVERABLE, "undeliverable:err 001"),
            ([MessageState.ENROUTE, MessageState.DELIVERED], Status.DELIVERED, None),
            ([MessageState.DELIVERED, MessageState.UNDELIVERABLE], Status.DELIVERED, None),
            ([MessageState.UNDELIVERABLE, MessageState.DELIVERED], Status.DELIVERED, None),
            ([MessageState.REJECTED], Status.REJECTED, "rejected_by_carrier:err 001"),
            ([MessageState.EXPIRED], Status.EXPIRED, "expired:err 001"),
        ],
    )
    async def test_states_only_rise(
        self, world: World, carrier: Carrier, engine: Any, states: list[MessageState], stands: Status, reason: str | None
    ) -> None:
        def answer(session: Session, pdu: pdus.SubmitSm) -> None:
            message_id = session.accept(pdu)
            for state in states:
                session.report(pdu, message_id, state, error="000" if state is MessageState.DELIVERED else "001")

        smpp(world, carrier)
        carrier.answer = answer
        async with engine():
            world.queue(world.contacts(1))
            await until(lambda: len(carrier.acknowledged()) == len(states))
        assert world.one("select status, reason from message") == (stands, reason)
        assert world.one("select count(*) from receipt") == (len(states),)

    async def test_before_its_answer_it_waits_for_it(self, world: World, carrier: Carrier, engine: Any) -> None:
        waiting: list[tuple[Session, pdus.SubmitSm]] = []

        def answer(session: Session, pdu: pdus.SubmitSm) -> None:
            session.report(pdu, "77001")
            waiting.append((session, pdu))

        smpp(world, carrier)
        carrier.answer = answer
        async with engine():
            world.queue(world.contacts(1))
            await until(carrier.acknowledged)
            assert world.one("select message_id from receipt") == (None,)
            waiting[0][0].accept(waiting[0][1], "77001")
            await until(settled(world, delivered=1))
        assert world.one("select count(message_id) from receipt") == (1,)

    async def test_of_texts_we_never_sent_is_kept_and_acknowledged(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        smpp(world, carrier)
        async with engine():
            await bound()
            carrier.session.deliver(
                "306900000009",
                b"id:424242 sub:001 dlvrd:001 submit date:2611220400 done date:2611220401 stat:DELIVRD err:000 text:",
                esm_class=4,
            )
            await until(carrier.acknowledged)
        assert world.one("select provider_id, message_id from receipt") == ("424242", None)

    async def test_an_id_used_twice_means_the_newest_whose_number_agrees(self, world: World, carrier: Carrier, engine: Any) -> None:
        smpp(world, carrier, window=1)
        carrier.answer = lambda session, pdu: session.accept(pdu, "5") and None
        people = world.contacts(3)
        async with engine():
            first, second, third = world.queue([people[0], people[0], people[1]])
            await until(settled(world, accepted=3))
            carrier.session.report(carrier.submits[0], "5")
            await until(carrier.acknowledged)
        stands = dict(world.rows("select id, status from message"))
        assert (stands[first], stands[second], stands[third]) == (Status.ACCEPTED, Status.DELIVERED, Status.ACCEPTED)

    async def test_of_a_person_who_writes_like_a_receipt_is_a_text(self, world: World, carrier: Carrier, engine: Any, bound: Any) -> None:
        smpp(world, carrier)
        async with engine():
            await bound()
            carrier.session.deliver("306900000009", b"id:424242 stat:DELIVRD err:000")
            await until(carrier.acknowledged)
        assert world.one("select direction, body from message") == (1, "id:424242 stat:DELIVRD err:000")

    async def test_no_word_for_three_days_is_unknown_until_one_comes(
        self, world: World, carrier: Carrier, engine: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("textfirst.engine.worker.HEALTH_EVERY", 0.1)
        monkeypatch.setattr("textfirst.engine.worker.SILENCE_EVERY", 0.1)
        smpp(world, carrier)
        carrier.answer = lambda session, pdu: session.accept(pdu, "5") and None
        async with engine():
            world.queue(world.contacts(1))
            await until(settled(world, accepted=1))
            await asyncio.sleep(0.3)
            assert world.statuses() == {"accepted": 1}
            monkeypatch.setattr("textfirst.engine.record.RECEIPTS_WAIT", timedelta(0))
            await until(settled(world, unknown=1))
            carrier.session.report(carrier.submits[0], "5")
            await until(settled(world, delivered=1))
        assert world.one("select reason from message") == (None,)


class TestClaims:
    async def test_urgent_before_bulk_and_held_never(self, world: World, carrier: Carrier, engine: Any) -> None:
        smpp(world, carrier, window=1)
        people = world.contacts(4)
        world.queue(people[:1], "bulk", purpose=Purpose.PROMOTION)
        world.queue(people[1:2], "talk", purpose=Purpose.SUPPORT)
        world.queue(people[2:3], "code", purpose=Purpose.CODE)
        world.queue(people[3:], "held", purpose=Purpose.PROMOTION)
        world.connection.execute("update outbox set lane = 9 where body = 'held'")
        async with engine():
            await until(settled(world, delivered=3, queued=1))
            await asyncio.sleep(0.7)
        assert carrier.bodies() == [b"code", b"talk", b"bulk"]

    async def test_what_is_not_due_waits_and_leaves_in_time(self, world: World, carrier: Carrier, engine: Any) -> None:
        smpp(world, carrier)
        moment = datetime.now(UTC) + timedelta(seconds=2)
        world.queue(world.contacts(1), not_before=moment, status=Status.DEFERRED)
        async with engine():
            await until(settled(world, delivered=1))
            assert datetime.now(UTC) >= moment

    async def test_what_came_too_late_expires_and_is_not_sent(self, world: World, carrier: Carrier, engine: Any) -> None:
        smpp(world, carrier)
        world.queue(world.contacts(2), valid_for=timedelta(seconds=-1))
        async with engine():
            await until(settled(world, expired=2))
        assert carrier.submits == []
        assert world.rows("select distinct reason from message") == [("expired",)]

    @pytest.mark.parametrize(
        ("sql", "stands", "reason"),
        [
            ("update contact set blocked = true", "suppressed", "blocked"),
            (STOPPED, "suppressed", "stopped"),
            ("select 1", "delivered", None),
        ],
        ids=["blocked", "stopped", "nothing"],
    )  # fmt: skip
    async def test_changed_facts_are_decided_again(
        self, world: World, carrier: Carrier, engine: Any, sql: str, stands: str, reason: str | None
    ) -> None:
        smpp(world, carrier)
        world.queue(world.contacts(3))
        world.connection.execute(sql)
        world.connection.execute("update contact_identity set version = version + 1")
        async with engine():
            await until(settled(world, **{stands: 3}))
        assert world.rows("select distinct reason from message") == [(reason,)]
        assert len(carrier.submits) == (3 if reason is None else 0)

    async def test_the_rate_is_in_segments_a_second(self, world: World, carrier: Carrier, engine: Any) -> None:
        smpp(world, carrier, rate=20, window=100)
        world.queue(world.contacts(10), "x" * 300)  # two parts each
        async with engine():
            began = asyncio.get_running_loop().time()
            await until(settled(world, delivered=10))
            took = asyncio.get_running_loop().time() - began
        assert 0.6 < took < 3  # 20 segments at 20 a second, a quarter of a second's worth at once

    async def test_never_more_in_flight_than_the_window(self, world: World, carrier: Carrier, engine: Any) -> None:
        waiting: list[tuple[Session, pdus.SubmitSm]] = []
        smpp(world, carrier, window=7)
        carrier.answer = lambda session, pdu: waiting.append((session, pdu))
        world.queue(world.contacts(20))
        async with engine():
            most = 0
            while len(carrier.submits) < 20:
                await until(lambda: len(waiting) >= min(7, 20 - len(carrier.submits) + len(waiting)))
                await asyncio.sleep(0.1)
                most = max(most, len(waiting))
                for session, pdu in waiting:
                    session.report(pdu, session.accept(pdu))
                waiting.clear()
                await asyncio.sleep(0.05)
            for session, pdu in waiting:
                session.report(pdu, session.accept(pdu))
            await until(settled(world, delivered=20))
        assert most == 7

    async def test_validity_and_sender_are_written(self, world: World, carrier: Carrier, engine: Any) -> None:
        smpp(world, carrier, address="Riverside")
        world.queue(world.contacts(1), valid_for=timedelta(hours=2))
        async with engine():
            await until(settled(world, delivered=1))
        pdu = carrier.submits[0]
        assert (pdu.source_ton, pdu.source, pdu.destination_ton, pdu.destination, pdu.registered_delivery) == (
            5,
            "Riverside",
            1,
            "306900000000",
            1,
        )
        assert "000000015900000R" <= pdu.validity <= "000000020000000R"

    async def test_a_long_text_goes_on_where_it_stopped(self, world: World, carrier: Carrier, engine: Any) -> None:
        """One part is refused for now: that part alone is sent again, with the same reference."""
        body = "y" * 400

        def answer(session: Session, pdu: pdus.SubmitSm) -> None:
            if len(carrier.submits) == 2:
                session.refuse(pdu, 0x58)
            else:
                session.report(pdu, session.accept(pdu))

        smpp(world, carrier)
        carrier.answer = answer
        world.queue(world.contacts(1), body)
        async with engine():
            await until(settled(world, delivered=1))
        parts = [carried(pdu) for pdu in carrier.submits]
        assert [part.part.place for part in parts if part.part] == [1, 2, 3, 2]
        assert len({part.part.key.reference for part in parts if part.part}) == 1
        assert join([Piece(part.part.place, part.payload) for part in parts if part.part], 3).text == body
