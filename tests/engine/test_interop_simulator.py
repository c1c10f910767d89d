"""Our simulated carrier and SMPP clients that we did not write: PyPI's smpplib and npm's smpp; and npm's server and our codec."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import smpplib.client
import smpplib.consts
import smpplib.gsm
from tests.engine.interop_node.programs import needs_node, running

from textfirst.phones.knobs import Knobs
from textfirst.phones.simulator import Simulator, running_simulator
from textfirst.protocols import sms
from textfirst.protocols.smpp import build, pdus, receipts
from textfirst.protocols.smpp.concat import Piece, carried, join
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.pdus import Address

PLAIN = "Hello from Riverside, 5 € {today}"
UNICODE = "Γεια σου, τα λέμε αύριο στις 10:30; 👋"
LONG = "Dear customer, " + "your appointment is confirmed and we look forward to seeing you. " * 6
LONG_UNICODE = "موعدك غداً في الساعة العاشرة صباحاً، نرجو التأكيد. " * 5
TEXTS = [PLAIN, UNICODE, LONG, LONG_UNICODE]


@pytest.fixture
async def simulator(tmp_path: Path) -> AsyncIterator[Simulator]:
    async with running_simulator(home=tmp_path, knobs=Knobs(receipt_delay_min_ms=1, receipt_delay_max_ms=30), seed=1) as running_one:
        yield running_one


def shown(simulator: Simulator, address: str) -> list[str | None]:
    phone = simulator.accounts["channel"].phones.find(address)
    return [text.body for text in phone.texts] if phone else []


class TestSmpplib:
    """A synchronous client, in a thread of its own."""

    async def test_texts_receipts_and_answers(self, simulator: Simulator) -> None:
        said = await asyncio.to_thread(self._talk, simulator.port)
        assert len(said["answers"]) == len(set(said["answers"])) == said["parts"]
        assert sorted(said["receipts"]) == sorted(said["answers"])
        assert [shown(simulator, f"30690000000{number}") for number in range(len(TEXTS))] == [[text] for text in TEXTS]
        assert simulator.counts("channel").receipts_acked == said["parts"]

    async def test_a_typed_text_arrives(self, simulator: Simulator) -> None:
        simulator.type("channel", "306900000001", "ΣΤΟΠ 👋")
        simulator.type("channel", "306900000001", "YES")
        got = await asyncio.to_thread(self._receive, simulator.port, 2)
        assert [(one.source_addr, one.short_message.decode("utf-16-be" if one.data_coding == 8 else "ascii")) for one in got] == [
            (b"306900000001", "ΣΤΟΠ 👋"),
            (b"306900000001", "YES"),
        ]

    def _receive(self, port: int, count: int) -> list[Any]:
        got: list[Any] = []
        with bound(port) as client:
            client.set_message_received_handler(lambda pdu, **_: got.append(pdu))
            self._read(client, lambda: len(got) == count)
        return got

    def _talk(self, port: int) -> dict[str, Any]:
        answers: list[str] = []
        reported: list[str] = []
        with bound(port) as client:
            client.set_message_sent_handler(lambda pdu: answers.append(pdu.message_id.decode()))
            client.set_message_received_handler(lambda pdu: reported.append(pdu.receipted_message_id.decode()))
            sent = 0
            for number, text in enumerate(TEXTS):
                cut = sms.cut(text, number)  # their cutter splits escape pairs, by its own comment
                for part in cut.bodies:
                    client.send_message(
                        source_addr_ton=smpplib.consts.SMPP_TON_ALNUM,
                        source_addr="Riverside",
                        dest_addr_ton=smpplib.consts.SMPP_TON_INTL,
                        dest_addr_npi=smpplib.consts.SMPP_NPI_ISDN,
                        destination_addr=f"30690000000{number}",
                        short_message=part,
                        data_coding=8 if cut.alphabet is sms.Alphabet.UCS2 else 0,
                        esm_class=smpplib.consts.SMPP_GSMFEAT_UDHI if cut.headed else 0,
                        registered_delivery=True,
                    )
                    sent += 1
            self._read(client, lambda: len(reported) == sent)
        return {"answers": answers, "receipts": reported, "parts": sent}

    @staticmethod
    def _read(client: Any, enough: Callable[[], bool]) -> None:
        while not enough():
            client.read_once(auto_send_enquire_link=False)

    async def test_a_text_cut_by_smpplib(self, simulator: Simulator) -> None:
        parts, coding, flag = smpplib.gsm.make_parts(LONG_UNICODE)
        await asyncio.to_thread(self._send_parts, simulator.port, parts, coding, flag)
        assert shown(simulator, "306900000001") == [LONG_UNICODE]

    def _send_parts(self, port: int, parts: list[bytes], coding: int, flag: int) -> None:
        answers: list[Any] = []
        with bound(port) as client:
            client.set_message_sent_handler(lambda pdu, **_: answers.append(pdu))
            for part in parts:
                client.send_message(
                    source_addr="Riverside", destination_addr="306900000001", short_message=part, data_coding=coding, esm_class=flag
                )
            self._read(client, lambda: len(answers) == len(parts))

    async def test_a_refused_bind_is_understood(self, simulator: Simulator) -> None:
        simulator.turn("channel", refuse_bind=True)

        def refused() -> None:
            with pytest.raises(smpplib.exceptions.PDUError, match="Invalid Password"), bound(simulator.port):
                pass

        await asyncio.to_thread(refused)


@contextmanager
def bound(port: int) -> Iterator[Any]:
    client = smpplib.client.Client("127.0.0.1", port, timeout=5, allow_unknown_opt_params=True)
    client.connect()
    try:
        client.bind_transceiver(system_id="channel", password="simulator")
        yield client
        client.unbind()
    finally:
        client.disconnect()


@needs_node
class TestNpmClient:
    async def test_texts_receipts_and_answers(self, simulator: Simulator) -> None:
        async with running("client.js", str(simulator.port), "channel") as client:
            assert (await client.hear("bound"))["status"] == 0
            for number, text in enumerate([PLAIN, UNICODE]):
                client.tell("submit", **{"from": "Riverside", "to": f"30690000000{number}", "text": text})
            cut = sms.cut(LONG_UNICODE, 7)
            for part in cut.bodies:
                client.tell("submit", **{"from": "Riverside", "to": "306900000009", "hex": part.hex(), "esm_class": 0x40, "data_coding": 8})
            sent = 2 + len(cut.bodies)
            answers = [await client.hear("answer") for _ in range(sent)]
            reported = [await client.hear("deliver") for _ in range(sent)]
            assert {one["status"] for one in answers} == {0}
            assert sorted(one["receipted_message_id"] for one in reported) == sorted(one["message_id"] for one in answers)
            assert {(one["message_state"], one["esm_class"]) for one in reported} == {(2, 4)}
            assert [shown(simulator, f"30690000000{number}") for number in (0, 1, 9)] == [[PLAIN], [UNICODE], [LONG_UNICODE]]
            client.tell("unbind")

    async def test_a_typed_text_arrives(self, simulator: Simulator) -> None:
        async with running("client.js", str(simulator.port), "channel") as client:
            await client.hear("bound")
            for text in ("YES {ok} €", "نعم 👍"):
                simulator.type("channel", "306900000001", text)
                heard = await client.hear("deliver")
                assert (heard["text"], heard["from"], heard["esm_class"]) == (text, "306900000001", 0)
            simulator.type("channel", "306900000001", LONG)
            parts = [await client.hear("deliver") for _ in sms.cut(LONG).bodies]
            assert "".join(one["text"] for one in parts) == LONG
            assert [one["udh"][0][-4:] for one in parts] == ["0301", "0302", "0303"]

    async def test_refusals_are_understood(self, simulator: Simulator) -> None:
        simulator.turn("channel", throttle_percent=100)
        async with running("client.js", str(simulator.port), "channel") as client:
            await client.hear("bound")
            client.tell("submit", **{"from": "Riverside", "to": "306900000001", "text": "hello"})
            assert (await client.hear("answer"))["status"] == 0x58
        simulator.turn("channel", refuse_bind=True)
        async with running("client.js", str(simulator.port), "channel") as client:
            assert (await client.hear("bound"))["status"] == 0x0E


@needs_node
class TestNpmServer:
    """Our codec, as a client uses it, against a server that we did not write. The engine's own tests go further."""

    async def test_texts_receipts_and_answers(self) -> None:
        async with running("server.js", '{"receipt_delay_ms": 1, "id_base": 16, "receipt_base": 10}') as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", (await server.hear("listening"))["port"])
            writer.write(build.bind(1, system_id="us", password="secret"))
            framer, got = Framer(), []
            cut = sms.cut(LONG_UNICODE, 7)
            for sequence, part in enumerate(cut.bodies, 2):
                writer.write(
                    build.submit_sm(
                        sequence,
                        source=Address(5, 0, "Riverside"),
                        destination=Address(1, 1, "306900000001"),
                        short_message=part,
                        data_coding=8,
                        esm_class=0x40,
                        registered_delivery=1,
                    )
                )
            server_saw = [await server.hear("submit") for _ in cut.bodies]
            server.tell("type", **{"from": "306900000001", "to": "Riverside", "text": UNICODE})
            while sum(isinstance(event, pdus.DeliverSm) for event in got) < len(cut.bodies) + 1:
                got += framer.feed(await asyncio.wait_for(reader.read(65536), 5))
            writer.write(build.deliver_sm_resps([event.sequence for event in got if isinstance(event, pdus.DeliverSm)]))
            assert (await server.hear("acknowledged"))["status"] == 0
            writer.close()
            await writer.wait_closed()
        assert "".join(one["text"] for one in server_saw) == LONG_UNICODE
        answers = [event for event in got if isinstance(event, pdus.SubmitSmResp)]
        deliveries = [event for event in got if isinstance(event, pdus.DeliverSm)]
        reported = [receipt for receipt in map(receipts.read, deliveries) if receipt]
        assert sorted(str(int(one.message_id, 16)) for one in answers) == sorted(one.message_id for one in reported)
        [typed] = [carried(one) for one in deliveries if not one.is_receipt]
        assert join([Piece(1, typed.payload, typed.data_coding)], 1).text == UNICODE
