"""The carrier as it misbehaves on purpose: each knob and each fault seen from the other side, and the log that stays true."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.unit.phones.test_carrier import AT_ONCE, PHONE, US, Client, client, submit, until

from textfirst.core.errors import InvalidInput
from textfirst.phones import account as account_module
from textfirst.phones import reports
from textfirst.phones import session as session_module
from textfirst.phones.chance import Chance
from textfirst.phones.faults import BROKEN, NOBODY_ASKED, Fault, rubbish
from textfirst.phones.frames import Kind
from textfirst.phones.knobs import Knobs
from textfirst.phones.simulator import Simulator, running_simulator
from textfirst.protocols.smpp import build, pdus, receipts
from textfirst.protocols.smpp.commands import EsmClass
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.message_ids import IdForm
from textfirst.protocols.smpp.receipts import MessageState
from textfirst.protocols.smpp.status import Status
from textfirst.protocols.smpp.tlv import Tag


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with running_simulator(home=tmp_path, knobs=AT_ONCE, seed=1) as running:
        yield running


async def answers(us: Client, count: int) -> list[pdus.SubmitSmResp]:
    return [await us.read(pdus.SubmitSmResp) for _ in range(count)]


async def reported(us: Client) -> receipts.Receipt:
    receipt = receipts.read(await us.read(pdus.DeliverSm))
    assert receipt is not None
    return receipt


class TestKnobs:
    def test_errors_by_code(self) -> None:
        turned = Knobs().changed({"errors": {"0x14": 5, "1024": 1.5}})
        assert turned.errors == ((0x14, 5.0), (0x400, 1.5))
        assert turned.as_json()["errors"] == {"0x14": 5.0, "0x400": 1.5}
        assert Knobs().changed(turned.as_json()) == turned

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("errors", {"0x14": 60, "0x15": 60}),
            ("errors", {"0x14": -1}),
            ("errors", {"0x14": "much"}),
            ("errors", {"soon": 1}),
            ("errors", {"0": 1}),
            ("errors", {"0x100000000": 1}),
            ("errors", [1]),
            ("fault", "thunder"),
            ("fault", 7),
            ("window", -1),
            ("bind_error", 2**32),
            ("answer_delay_max_ms", -1),
        ],
    )
    def test_refused_by_name(self, name: str, value: object) -> None:
        with pytest.raises(InvalidInput) as refused:
            Knobs().changed({name: value})
        assert list(refused.value.fields) == [name]


class TestAnswers:
    async def test_errors_come_as_often_as_asked_and_the_same_with_the_same_seed(self, tmp_path: Path) -> None:
        runs = []
        for home in ("one", "two"):
            knobs = AT_ONCE.changed({"errors": {"0x14": 30, "0x400": 10}, "seed": 7})
            async with running_simulator(home=tmp_path / home, knobs=knobs) as simulator, client(simulator) as us:
                us.send(*(submit(number) for number in range(1, 501)))
                runs.append([answer.status for answer in await answers(us, 500)])
        shares = Counter(runs[0])
        assert runs[0] == runs[1]
        assert set(shares) == {0, 0x14, 0x400}
        assert 110 < shares[0x14] < 190
        assert 25 < shares[0x400] < 80

    async def test_out_of_order_late_twice(self, simulator: Simulator) -> None:
        simulator.turn("channel", answer_disorder_percent=50, answer_twice_percent=100)
        async with client(simulator) as us:
            us.send(*(submit(number) for number in range(1, 31)))
            heard = await answers(us, 60)
        sequences = [answer.sequence for answer in heard]
        assert Counter(sequences) == dict.fromkeys(range(1, 31), 2)
        assert sequences != sorted(sequences)
        assert len({(answer.sequence, answer.message_id) for answer in heard}) == 30

    async def test_a_window(self, simulator: Simulator) -> None:
        simulator.turn("channel", window=3, answer_delay_min_ms=50, answer_delay_max_ms=60)
        async with client(simulator) as us:
            us.send(*(submit(number) for number in range(1, 6)))
            heard = await answers(us, 5)
            assert [(answer.sequence, answer.status) for answer in heard[:2]] == [(4, Status.RTHROTTLED), (5, Status.RTHROTTLED)]
            assert {answer.status for answer in heard[2:]} == {0}
            us.send(submit(6))
            assert (await answers(us, 1))[0].status == 0

    async def test_a_rate(self, simulator: Simulator) -> None:
        simulator.turn("channel", rate=20)
        async with client(simulator) as us:
            us.send(*(submit(number) for number in range(1, 41)))
            assert Counter(answer.status for answer in await answers(us, 40)) == {0: 20, Status.RTHROTTLED: 20}
            await asyncio.sleep(0.2)
            us.send(*(submit(number) for number in range(1, 41)))
            assert 3 <= [answer.status for answer in await answers(us, 40)].count(0) <= 12


class TestReceipts:
    @pytest.mark.parametrize("delivered", [True, False])
    @pytest.mark.parametrize("words", ["hello", "Καλημέρα", "x" * 40])
    def test_the_fast_way_writes_the_same_octets(self, delivered: bool, words: str) -> None:
        [pdu] = Framer().feed(build.submit_sm(1, source=US, destination=PHONE, registered_delivery=1))
        assert isinstance(pdu, pdus.SubmitSm)
        raw = reports.receipt(pdu, message_id="17", delivered=delivered, submitted=0.0, words=words)
        state = MessageState.DELIVERED if delivered else MessageState.UNDELIVERABLE
        [read] = Framer().feed(raw)
        assert isinstance(read, pdus.DeliverSm)
        done = read.short_message.partition(b"done date:")[2][:10].decode()
        text = receipts.write_text(
            message_id="17",
            state=state,
            submitted="7001010000",
            done=done,
            error="000" if delivered else "001",
            text=words[:20] if words.isascii() else "",
        )
        assert raw == build.deliver_sm(
            0,
            source=PHONE,
            destination=US,
            esm_class=EsmClass.RECEIPT,
            short_message=text.encode(),
            tlvs=((Tag.RECEIPTED_MESSAGE_ID, b"17\0"), (Tag.MESSAGE_STATE, bytes((state,)))),
        )

    async def test_three_times_then_a_stale_one_with_parameters_nobody_knows(self, simulator: Simulator) -> None:
        simulator.turn("channel", duplicate_percent=100, duplicate_copies=2, stale_percent=100, unknown_tlvs_percent=100)
        async with client(simulator) as us:
            us.send(submit(1))
            [answer] = await answers(us, 1)
            read = [await us.read(pdus.DeliverSm) for _ in range(4)]
        said = [receipts.read(pdu) for pdu in read]
        assert [one and one.state for one in said] == [MessageState.DELIVERED] * 3 + [MessageState.ENROUTE]
        assert {one and one.message_id for one in said} == {answer.message_id}
        assert all(pdu.tlvs[0x1403] == b"vendor" for pdu in read)

    async def test_wrong_base_missing_id_stray(self, simulator: Simulator) -> None:
        async with client(simulator) as us:
            simulator.turn("channel", wrong_base_percent=100)
            us.send(submit(1))
            [answer] = await answers(us, 1)
            assert (await reported(us)).message_id == f"{int(answer.message_id):X}"
            simulator.turn("channel", wrong_base_percent=0, missing_id_percent=100)
            us.send(submit(2))
            await answers(us, 1)
            assert (await reported(us)).message_id == ""
            simulator.turn("channel", missing_id_percent=0, stray_percent=100)
            us.send(submit(3))
            [answer] = await answers(us, 1)
            assert (await reported(us)).message_id == answer.message_id
            stray = await reported(us)
            assert int(stray.message_id) > 10**17
        assert simulator.counts("channel").strays == 1

    async def test_ids_are_used_again(self, simulator: Simulator) -> None:
        simulator.turn("channel", reuse_ids=3)
        async with client(simulator) as us:
            us.send(*(submit(number) for number in range(1, 8)))
            ids = [answer.message_id for answer in await answers(us, 7)]
        assert len(set(ids)) == 3
        assert ids[:4] == [ids[3], *ids[4:6], ids[6]]

    async def test_late_ones(self, simulator: Simulator) -> None:
        simulator.turn("channel", late_receipt_percent=100, late_receipt_ms=200)
        async with client(simulator) as us:
            us.send(submit(1))
            await answers(us, 1)
            began = asyncio.get_running_loop().time()
            await reported(us)
            assert 0.15 < asyncio.get_running_loop().time() - began < 2

    async def test_held_receipts_come_at_once(self, simulator: Simulator) -> None:
        simulator.turn("channel", hold_receipts=True)
        async with client(simulator) as us:
            us.send(*(submit(number) for number in range(1, 201)))
            await answers(us, 200)
            await until(lambda: simulator.counts("channel").receipts == 200)
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await reported(us)
            simulator.turn("channel", hold_receipts=False)
            assert len({(await reported(us)).message_id for _ in range(200)}) == 200

    async def test_a_storm(self, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(account_module, "STORM_STEP", 100)
        async with client(simulator) as us:
            simulator.storm("channel", 250)
            assert len({(await reported(us)).message_id for _ in range(250)}) == 250

    async def test_a_text_goes_before_a_storm(self, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(session_module, "WINDOW", 20)
        async with client(simulator) as us:
            simulator.storm("channel", 500)
            await reported(us)
            simulator.type("channel", PHONE.digits, "am I held up?")
            read = [await us.read(pdus.DeliverSm) for _ in range(500)]
        assert [pdu.is_receipt for pdu in read].index(False) < 100


class TestConnections:
    async def test_binds_are_refused_with_a_code_or_because_there_are_too_many(self, simulator: Simulator) -> None:
        simulator.turn("channel", bind_error=0x0D, most_binds=1)
        async with client(simulator, None) as one, client(simulator, None) as two:
            assert (await one.bind("channel")).status == 0x0D
            simulator.turn("channel", bind_error=0)
            assert (await one.bind("channel")).status == 0
            assert (await two.bind("channel")).status == Status.RALYBND
            one.close()
            await until(lambda: len(simulator.sessions) == 1)
            assert (await two.bind("channel")).status == 0

    @pytest.mark.parametrize("fault", [Fault.RESET, Fault.RESET_MID_PDU, Fault.CLOSE])
    async def test_what_was_answered_arrives_and_then_it_ends(self, simulator: Simulator, fault: Fault) -> None:
        async with client(simulator) as us:
            us.send(submit(1))
            await answers(us, 1)
            await reported(us)
            simulator.suffer("channel", fault)
            with pytest.raises(EOFError if fault is Fault.CLOSE else ConnectionResetError):
                await us.read(pdus.SubmitSm)
            assert bool(us.framer.waiting) == (fault is Fault.RESET_MID_PDU)

    async def test_half_open_neither_reads_nor_writes_nor_ends(self, simulator: Simulator) -> None:
        async with client(simulator) as us:
            simulator.suffer("channel", Fault.HALF_OPEN)
            us.send(submit(1), build.enquire_link(2))
            simulator.type("channel", PHONE.digits, "hello?")
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.2):
                    await us.read(pdus.Unknown)
        assert simulator.counts("channel").submits == 0
        assert len(simulator.sessions) == 1  # it does not even see us go

    @pytest.mark.parametrize("fault", sorted(BROKEN - {Fault.HALF_OPEN}, key=str))
    async def test_after_broken_bytes_nothing_is_answered(self, simulator: Simulator, fault: Fault) -> None:
        async with client(simulator) as us:
            simulator.suffer("channel", fault)
            await asyncio.sleep(0.05)
            us.send(submit(1))
            await until(lambda: submit(1) in {frame.raw for frame in simulator.frames() if frame.kind is Kind.READ})
            kinds = [frame.kind for frame in simulator.frames()]
        assert kinds[kinds.index(Kind.FAULT) :].count(Kind.WRITTEN) == 0

    async def test_slow_bytes(self, simulator: Simulator) -> None:
        async with client(simulator) as us:
            simulator.turn("channel", bytes_per_second=200)
            us.send(build.enquire_link(1), build.enquire_link(2))
            began = asyncio.get_running_loop().time()
            await us.read(pdus.EnquireLinkResp)
            await us.read(pdus.EnquireLinkResp)
            assert 0.1 < asyncio.get_running_loop().time() - began < 1
            us.send(build.enquire_link(3))
            await asyncio.sleep(0.02)
            simulator.turn("channel", bytes_per_second=0)
            await us.read(pdus.EnquireLinkResp)

    async def test_a_fault_comes_after_a_submit_when_the_knob_says(self, simulator: Simulator) -> None:
        simulator.turn("channel", fault="unbind", fault_every=1)
        async with client(simulator) as us:
            us.send(submit(1))
            assert (await answers(us, 1))[0].status == 0
            await us.read(pdus.Unbind)
        assert simulator.counts("channel").faults == 1

    async def test_the_log_tells_faults_from_answers(self, simulator: Simulator) -> None:
        async with client(simulator) as us:
            for fault in (Fault.MALFORMED, Fault.STRAY_ANSWERS, Fault.UNKNOWN_COMMAND, Fault.UNBIND):
                assert simulator.suffer("channel", fault) == 1
            await us.read(pdus.Unbind)
        faults = [frame.raw.partition(b"\0") for frame in simulator.frames() if frame.kind is Kind.FAULT]
        assert [name.decode() for name, _, _ in faults] == ["malformed", "stray_answers", "unknown_command", "unbind"]
        [answer, _] = Framer().feed(faults[1][2])
        assert isinstance(answer, pdus.SubmitSmResp)
        assert answer.sequence == NOBODY_ASKED
        assert answer.raw not in {frame.raw for frame in simulator.frames() if frame.kind is Kind.WRITTEN}


@pytest.mark.parametrize("fault", Fault)
def test_what_each_fault_is_made_of(fault: Fault) -> None:
    numbers = iter(range(1, 100_000))
    read: list[Any] = Framer().feed(rubbish(fault, Random(1), lambda: next(numbers)))
    kinds = {type(event) for event in read}
    assert kinds == {
        Fault.GARBAGE: {pdus.Unframed},
        Fault.LENGTH_ZERO: {pdus.Unframed},
        Fault.LENGTH_HUGE: {pdus.Unframed},
        Fault.MALFORMED: {pdus.Malformed},
        Fault.UNKNOWN_COMMAND: {pdus.Unknown},
        Fault.FLOOD: {pdus.EnquireLink},
        Fault.STRAY_ANSWERS: {pdus.SubmitSmResp, pdus.DeliverSmResp},
    }.get(fault, set())


def test_without_faults_nothing_is_drawn_for_them() -> None:
    chance = Chance(Knobs(), Random(1))
    assert (chance.refuses, chance.answers_oddly, chance.reports_oddly, chance.fault()) == (False, False, False, None)


def test_a_fault_comes_about_as_often_as_the_knob_says() -> None:
    chance = Chance(Knobs(fault="reset", fault_every=10), Random(1))
    drawn = [chance.fault() for _ in range(2000)]
    assert 150 < drawn.count(Fault.RESET) < 250
    assert drawn.count(None) + drawn.count(Fault.RESET) == 2000


def test_ids_written() -> None:
    assert reports.written_id(255, IdForm.HEX, in_receipt=False) == "FF"
    assert reports.written_id(255, IdForm.HEX_THEN_DECIMAL, in_receipt=True) == "255"
