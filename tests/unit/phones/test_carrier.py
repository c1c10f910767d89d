"""The carrier on TCP, asked by a client made of our codec alone."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from textfirst.core.errors import InvalidInput
from textfirst.phones import account as account_module
from textfirst.phones import session as session_module
from textfirst.phones.frames import Kind
from textfirst.phones.handset import State
from textfirst.phones.knobs import Knobs
from textfirst.phones.simulator import Simulator, running_simulator
from textfirst.protocols import sms
from textfirst.protocols.smpp import build, pdus, receipts
from textfirst.protocols.smpp.commands import Command
from textfirst.protocols.smpp.concat import Piece, carried, join
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.message_ids import IdForm, from_receipt, from_response
from textfirst.protocols.smpp.pdus import Address
from textfirst.protocols.smpp.receipts import MessageState
from textfirst.protocols.smpp.status import Status

US, PHONE = Address(5, 0, "Riverside"), Address(1, 1, "306900000001")
AT_ONCE = Knobs(receipt_delay_min_ms=0, receipt_delay_max_ms=0)


class Client:
    """Reads PDUs one by one; acknowledges deliveries unless told not to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, acknowledge: bool) -> None:
        self.reader, self.writer, self.acknowledge = reader, writer, acknowledge
        self.framer = Framer()
        self.ready: list[Any] = []

    def send(self, *raw: bytes) -> None:
        self.writer.write(b"".join(raw))

    async def read(self, *kinds: type) -> Any:
        """The next PDU of one of `kinds`; others are dropped (deliveries acknowledged)."""
        while True:
            while not self.ready:
                data = await asyncio.wait_for(self.reader.read(65536), 5)
                if not data:
                    raise EOFError
                self.ready.extend(self.framer.feed(data))
            pdu = self.ready.pop(0)
            if isinstance(pdu, pdus.DeliverSm) and self.acknowledge:
                self.send(build.deliver_sm_resps([pdu.sequence]))
            if isinstance(pdu, kinds):
                return pdu

    async def bind(self, system_id: str, command: Command = Command.BIND_TRANSCEIVER) -> pdus.BindResp:
        self.send(build.bind(1, system_id=system_id, password="simulator", command=command))
        answer: pdus.BindResp = await self.read(pdus.BindResp)
        return answer

    def close(self) -> None:
        self.writer.transport.abort()


@asynccontextmanager
async def client(simulator: Simulator, system_id: str | None = "channel", *, acknowledge: bool = True) -> AsyncIterator[Client]:
    made = Client(*await asyncio.open_connection("127.0.0.1", simulator.port), acknowledge=acknowledge)
    try:
        if system_id:
            assert (await made.bind(system_id)).status == 0
        yield made
    finally:
        made.close()
        await asyncio.sleep(0)


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with running_simulator(home=tmp_path, knobs=AT_ONCE, seed=1) as running:
        yield running


def submit(sequence: int, body: bytes = b"hello", **fields: Any) -> bytes:
    return build.submit_sm(sequence, **({"source": US, "destination": PHONE, "short_message": body, "registered_delivery": 1} | fields))


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.005)


async def test_a_text_is_taken_delivered_and_reported(simulator: Simulator) -> None:
    async with client(simulator) as us:
        us.send(submit(5))
        answer = await us.read(pdus.SubmitSmResp)
        assert (answer.sequence, answer.status) == (5, 0)
        delivery = await us.read(pdus.DeliverSm)
        receipt = receipts.read(delivery)
        assert receipt is not None
        assert (receipt.message_id, receipt.state, receipt.error) == (answer.message_id, MessageState.DELIVERED, "000")
        assert (delivery.source, delivery.destination) == ("306900000001", "Riverside")
        await until(lambda: simulator.counts("channel").receipts_acked == 1)
    phone = simulator.accounts["channel"].phones.find("306900000001")
    assert phone is not None
    assert [(text.body, text.state, text.typed) for text in phone.texts] == [("hello", State.DELIVERED, False)]


@pytest.mark.parametrize(("registered", "failing", "reported"), [(0, 0, False), (1, 0, True), (2, 0, False), (2, 100, True)])
async def test_receipts_come_as_asked(simulator: Simulator, registered: int, failing: int, reported: bool) -> None:
    simulator.turn("channel", fail_percent=failing)
    async with client(simulator) as us:
        us.send(submit(5, registered_delivery=registered))
        await us.read(pdus.SubmitSmResp)
        counts = simulator.counts("channel")
        await until(lambda: counts.delivered + counts.failed == 1)
        assert counts.receipts == reported


async def test_many_in_one_read(simulator: Simulator) -> None:
    async with client(simulator) as us:
        us.send(*(submit(sequence) for sequence in range(1, 3001)))
        answers = [await us.read(pdus.SubmitSmResp) for _ in range(3000)]
        assert [answer.sequence for answer in answers] == list(range(1, 3001))
        assert len({answer.message_id for answer in answers}) == 3000
        reading = asyncio.create_task(us.read(pdus.Unknown))  # never comes; receipts are acknowledged on the way to it
        await until(lambda: reading.done() or simulator.counts("channel").receipts_acked == 3000)
        assert simulator.counts("channel").receipts_acked == 3000
        reading.cancel()


async def test_channels_are_kept_apart(simulator: Simulator) -> None:
    async with client(simulator, "one") as one, client(simulator, "two") as two:
        one.send(submit(5))
        await one.read(pdus.DeliverSm)
        simulator.type("two", "306900000001", "for two")
        assert (await two.read(pdus.DeliverSm)).short_message == b"for two"
        assert simulator.counts("two").submits == 0
        assert len(simulator.accounts["two"].phones) == len(simulator.accounts["one"].phones) == 1


@pytest.mark.parametrize(
    ("form", "written"),
    [
        (IdForm.DECIMAL, str.isdigit),
        (IdForm.HEX, str.isupper),
        (IdForm.HEX_THEN_DECIMAL, str.isupper),
        (IdForm.DECIMAL_THEN_HEX, str.isdigit),
    ],
)
async def test_ids_are_written_as_the_knob_says_and_meet(simulator: Simulator, form: IdForm, written: Any) -> None:
    simulator.turn("channel", id_format=form.value)
    async with client(simulator) as us:
        us.send(*(submit(sequence) for sequence in range(20)))
        asked = [(await us.read(pdus.SubmitSmResp)).message_id for _ in range(20)]
        reported = [receipts.read(await us.read(pdus.DeliverSm)) for _ in range(20)]
        assert {from_response(one, form) for one in asked} == {from_receipt(one.message_id, form) for one in reported if one}
        assert any(written(one) for one in asked)


async def test_the_knobs_bite(simulator: Simulator) -> None:
    async with client(simulator) as us:
        for knobs, status, state in [
            ({"throttle_percent": 100}, Status.RTHROTTLED, None),
            ({"throttle_percent": 0, "fail_percent": 100}, 0, MessageState.UNDELIVERABLE),
            ({"fail_percent": 0, "duplicate_percent": 100}, 0, MessageState.DELIVERED),
        ]:
            simulator.turn("channel", **knobs)
            us.send(submit(5))
            assert (await us.read(pdus.SubmitSmResp)).status == status
            for _ in range(0 if state is None else 1 + (state is MessageState.DELIVERED)):
                receipt = receipts.read(await us.read(pdus.DeliverSm))
                assert receipt is not None
                assert receipt.state is state
        simulator.turn("channel", duplicate_percent=0, lose_percent=100)
        us.send(submit(5))
        assert (await us.read(pdus.SubmitSmResp)).status == 0
        await until(lambda: simulator.counts("channel").lost == 1)
        simulator.turn("channel", lose_percent=0, unanswered_percent=100)
        us.send(submit(77))
        assert receipts.read(await us.read(pdus.DeliverSm, pdus.SubmitSmResp)) is not None  # the receipt, never the answer
    assert simulator.counts("channel").throttled == 1
    assert simulator.counts("channel").receipts == 4


async def test_early_receipts_come_before_the_answer(simulator: Simulator) -> None:
    simulator.turn("channel", early_percent=100)
    async with client(simulator) as us:
        us.send(submit(5))
        first, second = await us.read(pdus.DeliverSm, pdus.SubmitSmResp), await us.read(pdus.DeliverSm, pdus.SubmitSmResp)
        receipt = receipts.read(first)
        assert receipt is not None
        assert receipt.message_id == second.message_id


async def test_long_texts_are_one_on_the_phone(simulator: Simulator) -> None:
    text = "Γεια σου 👋 " * 20
    parts = sms.cut(text, 7)
    async with client(simulator) as us:
        us.send(*(submit(place, body, data_coding=8, esm_class=0x40) for place, body in enumerate(reversed(parts.bodies))))
        for _ in parts.bodies:
            await us.read(pdus.DeliverSm)
        phone = simulator.accounts["channel"].phones.find(PHONE.digits)
        assert phone is not None
        assert [(one.body, one.parts, one.state) for one in phone.texts] == [(text, len(parts.bodies), State.DELIVERED)]


@pytest.mark.parametrize("text", ["Yes", "€ and {}", "x" * 500, "نعم، شكراً " * 30, "👨‍👩‍👧‍👦"])
async def test_typing_on_a_phone(simulator: Simulator, text: str) -> None:
    async with client(simulator) as us:
        us.send(submit(1))
        await us.read(pdus.DeliverSm)
        simulator.type("channel", "+306900000001", text)
        found = []
        while not found or (found[-1].part and len(found) < found[-1].part.key.total):
            pdu = await us.read(pdus.DeliverSm)
            assert (pdu.source, pdu.destination, pdu.is_receipt) == ("306900000001", "Riverside", False)
            found.append(carried(pdu))
        pieces = [Piece(one.part.place if one.part else 1, one.payload, one.data_coding) for one in found]
        assert join(pieces, len(pieces)).text == text
        phone = simulator.accounts["channel"].phones.find("306900000001")
        assert phone is not None
        await until(lambda: phone.texts[-1].state is State.SENT)


async def test_too_long_to_type(simulator: Simulator) -> None:
    with pytest.raises(InvalidInput):
        simulator.type("channel", "306900000001", "x" * 50_000)


async def test_what_is_not_acknowledged_comes_again_after_a_reconnect_in_order(simulator: Simulator) -> None:
    async with client(simulator, acknowledge=False) as us:
        for number in range(5):
            simulator.type("channel", "306900000001", f"text {number}")
        assert [(await us.read(pdus.DeliverSm)).short_message for _ in range(5)] == [f"text {number}".encode() for number in range(5)]
    await until(lambda: not simulator.sessions)
    simulator.type("channel", "306900000001", "text 5")
    async with client(simulator) as us:
        assert [(await us.read(pdus.DeliverSm)).short_message for _ in range(6)] == [f"text {number}".encode() for number in range(6)]
        await until(lambda: simulator.counts("channel").typed_acked == 6)
    assert simulator.counts("channel").redelivered == 5


async def test_a_refused_delivery_comes_again_or_is_given_up(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_module, "REFUSED_PAUSE", 0.01)
    async with client(simulator, acknowledge=False) as us:
        simulator.type("channel", "306900000001", "hello")
        us.send(build.deliver_sm_resps([(await us.read(pdus.DeliverSm)).sequence], status=Status.RX_T_APPN))
        us.send(build.deliver_sm_resps([(await us.read(pdus.DeliverSm)).sequence], status=Status.RX_P_APPN))
        await until(lambda: simulator.counts("channel").refused == 2)
        phone = simulator.accounts["channel"].phones.find("306900000001")
        assert phone is not None
        assert phone.texts[-1].state is State.REFUSED


async def test_the_window_of_unacknowledged_deliveries(simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "WINDOW", 3)
    async with client(simulator, acknowledge=False) as us:
        for number in range(6):
            simulator.type("channel", "306900000001", f"text {number}")
            await asyncio.sleep(0)
        sequences = [(await us.read(pdus.DeliverSm)).sequence for _ in range(3)]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await us.read(pdus.DeliverSm)
        us.send(build.deliver_sm_resps(sequences[:1]))
        assert (await us.read(pdus.DeliverSm)).short_message == b"text 3"
    async with client(simulator) as us:  # what was not acknowledged comes before what has waited
        assert [(await us.read(pdus.DeliverSm)).short_message for _ in range(5)] == [f"text {number}".encode() for number in range(1, 6)]


async def test_transmitter_and_receiver(simulator: Simulator) -> None:
    async with client(simulator, None) as sending, client(simulator, None) as receiving:
        assert (await sending.bind("channel", Command.BIND_TRANSMITTER)).status == 0
        assert (await receiving.bind("channel", Command.BIND_RECEIVER)).status == 0
        sending.send(submit(5))
        assert (await sending.read(pdus.SubmitSmResp, pdus.DeliverSm)).status == 0
        assert receipts.read(await receiving.read(pdus.DeliverSm)) is not None
        receiving.send(submit(6))
        assert (await receiving.read(pdus.SubmitSmResp)).status == Status.RINVBNDSTS


async def test_binding(simulator: Simulator) -> None:
    async with client(simulator, None) as us:
        us.send(submit(3), build.enquire_link(4))
        assert (await us.read(pdus.SubmitSmResp)).status == Status.RINVBNDSTS
        assert (await us.read(pdus.EnquireLinkResp)).sequence == 4
        simulator.turn("channel", refuse_bind=True)
        assert (await us.bind("channel")).status == Status.RINVPASWD
        assert (await us.bind("")).status == Status.RINVSYSID
        simulator.turn("channel", refuse_bind=False)
        assert (await us.bind("channel")).tlvs == {0x0210: b"\x34"}
        assert (await us.bind("channel")).status == Status.RALYBND
        us.send(build.unbind(9))
        assert (await us.read(pdus.UnbindResp)).sequence == 9
        with pytest.raises(EOFError):
            await us.read(pdus.Unknown)


async def test_what_it_cannot_do_is_answered(simulator: Simulator) -> None:
    malformed = struct.pack(">IIII", 20, Command.SUBMIT_SM, 0, 8) + b"abcd"
    async with client(simulator) as us:
        us.send(
            struct.pack(">IIII", 16, 0x21, 0, 7),
            malformed,
            submit(9, destination=Address(1, 1, "")),
            build.query_sm(10, message_id="1", source=US),
            build.cancel_sm(11, message_id="1", source=US, destination=PHONE),
            build.replace_sm(12, message_id="1", source=US, short_message=b"x"),
            build.data_sm(13, source=US, destination=PHONE, tlvs=[(0x0424, b"by payload")]),
        )
        nack = await us.read(pdus.GenericNack)
        assert (nack.sequence, nack.status) == (7, Status.RINVCMDID)
        assert (await us.read(pdus.SubmitSmResp)).status == Status.RINVCMDLEN
        assert (await us.read(pdus.SubmitSmResp)).status == Status.RINVDSTADR
        assert (await us.read(pdus.QuerySmResp)).status == Status.RQUERYFAIL
        assert (await us.read(pdus.CancelSmResp)).status == Status.RCANCELFAIL
        assert (await us.read(pdus.ReplaceSmResp)).status == Status.RREPLACEFAIL
        assert (await us.read(pdus.DataSmResp)).message_id
        phone = simulator.accounts["channel"].phones.find(PHONE.digits)
        assert phone is not None
        assert phone.texts[-1].body == "by payload"


@pytest.mark.parametrize("garbage", [b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n"])
async def test_garbage_ends_the_connection_alone(simulator: Simulator, garbage: bytes) -> None:
    async with client(simulator) as us, client(simulator, "other") as other:
        us.send(garbage)
        with pytest.raises((EOFError, ConnectionResetError)):
            await us.read(pdus.Unknown)
        other.send(build.enquire_link(4))
        await other.read(pdus.EnquireLinkResp)


async def test_the_log_holds_every_frame_before_its_answer(simulator: Simulator, tmp_path: Path) -> None:
    async with client(simulator) as us:
        us.send(submit(5, b"witness"))
        answer = await us.read(pdus.SubmitSmResp)
        logged = list(simulator.frames())  # on disk already, for the answer is here
        assert answer.raw in {frame.raw for frame in logged if frame.kind is Kind.WRITTEN}
        assert submit(5, b"witness") in {frame.raw for frame in logged if frame.kind is Kind.READ and frame.system_id == "channel"}
        await us.read(pdus.DeliverSm)
    await until(lambda: not simulator.sessions)
    await until(lambda: [frame.kind for frame in simulator.frames()][-1] is Kind.CLOSED)
    kinds = [frame.kind for frame in simulator.frames()]
    assert kinds[:4] == [Kind.OPENED, Kind.READ, Kind.BOUND, Kind.WRITTEN]


async def test_personas_answer_when_switched_on(simulator: Simulator) -> None:
    simulator.turn("channel", personas=True, speed=1000)
    async with client(simulator) as us:
        us.send(*(submit(number, destination=Address(1, 1, f"4479{number:08d}")) for number in range(40)))
        await until(lambda: simulator.counts("channel").delivered == 40)
        await until(lambda: simulator.counts("channel").typed > 15)
        simulator.turn("channel", personas=False)


async def test_personas_fall_silent_when_switched_off(simulator: Simulator) -> None:
    simulator.turn("channel", personas=True, speed=100)  # answers take 40 to 450 ms
    async with client(simulator) as us:
        us.send(*(submit(number, destination=Address(1, 1, f"4479{number:08d}")) for number in range(40)))
        await until(lambda: simulator.counts("channel").delivered == 40)
        simulator.turn("channel", personas=False)
        await asyncio.sleep(0.5)
    assert simulator.counts("channel").typed == 0


async def test_knobs_survive_a_restart(tmp_path: Path) -> None:
    async with running_simulator(home=tmp_path) as first:
        first.turn("channel", fail_percent=12.5, personas=True)
    async with running_simulator(home=tmp_path) as second:
        again = second.account("channel")
        assert again is not None
        assert (again.knobs.fail_percent, again.knobs.personas) == (12.5, True)
    (tmp_path / "knobs.json").write_text('{"channel": {"fail_percent": 1000}}')
    async with running_simulator(home=tmp_path) as third:
        fresh = third.account("channel")
        assert fresh is not None
        assert fresh.knobs == Knobs()


async def test_what_was_on_its_way_is_delivered_after_a_restart(tmp_path: Path) -> None:
    slow = Knobs(receipt_delay_min_ms=3_600_000, receipt_delay_max_ms=3_600_000)
    async with running_simulator(home=tmp_path, knobs=slow) as first, client(first, acknowledge=False) as us:
        us.send(submit(5), submit(6))
        asked = [(await us.read(pdus.SubmitSmResp)).message_id for _ in range(2)]
        first.type("channel", "306900000001", "typed")
        await us.read(pdus.DeliverSm)  # not acknowledged
        first.type("nobody is bound", "306900000001", "waits")
    async with running_simulator(home=tmp_path) as second:
        pass  # a restart at which nobody bound keeps all of it
    async with running_simulator(home=tmp_path) as third:
        async with client(third) as us:
            deliveries = [await us.read(pdus.DeliverSm) for _ in range(3)]
        assert sorted(one.message_id for one in map(receipts.read, deliveries) if one) == asked
        assert [one.short_message for one in deliveries if not one.is_receipt] == [b"typed"]
        async with client(third, "nobody is bound") as us:
            assert (await us.read(pdus.DeliverSm)).short_message == b"waits"
    assert second is not third


async def test_stopping_says_goodbye(tmp_path: Path) -> None:
    async with running_simulator(home=tmp_path) as simulator:
        us = Client(*await asyncio.open_connection("127.0.0.1", simulator.port), acknowledge=True)
        await us.bind("channel")
        reading = asyncio.create_task(us.read(pdus.Unbind))
    assert isinstance(await reading, pdus.Unbind)
    us.close()
