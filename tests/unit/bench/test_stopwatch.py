"""The bench's own carrier over TCP, spoken to with our codec (it has one of its own)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from bench import stopwatch

from textfirst.protocols.smpp import build, receipts
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.pdus import Address, DeliverSm

SENDER, PHONE = Address(5, 0, "Riverside"), Address(1, 1, "447900000001")


class Client:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writer = writer
        self._reader = reader
        self._framer = Framer()
        self._waiting: list[object] = []

    async def next(self) -> object:
        while not self._waiting:
            self._waiting += self._framer.feed(await asyncio.wait_for(self._reader.read(65536), 2))
        return self._waiting.pop(0)


@pytest.fixture
async def carrier(monkeypatch: pytest.MonkeyPatch) -> stopwatch.Carrier:
    monkeypatch.setattr(stopwatch, "RECEIPTS_AFTER", 0.01)
    return stopwatch.Carrier()


@pytest.fixture
async def client(carrier: stopwatch.Carrier) -> AsyncIterator[Client]:
    server = await asyncio.get_running_loop().create_server(lambda: stopwatch.Session(carrier), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    turning = asyncio.create_task(stopwatch._turn(carrier))
    client = Client(reader, writer)
    writer.write(build.bind(1, system_id="bench", password="bench"))
    await client.next()
    yield client
    turning.cancel()
    writer.close()
    server.close()


def _submit(text: bytes) -> bytes:
    return build.submit_sm(2, source=SENDER, destination=PHONE, short_message=text, registered_delivery=1)


async def test_it_notes_when_a_marked_text_passed(carrier: stopwatch.Carrier, client: Client):
    before = time.monotonic_ns()
    client.writer.write(_submit(b"Thank you, mark-00042"))
    await client.next()
    assert before < carrier.marks.pop("mark-00042") < time.monotonic_ns()
    assert not carrier.marks


async def test_receipts_wait_until_let_go_and_count_once_acknowledged(carrier: stopwatch.Carrier, client: Client):
    desk = stopwatch.Desk(carrier)
    desk.hold()
    client.writer.write(_submit(b"Hi"))
    answer = await client.next()
    await asyncio.sleep(0.05)
    assert (carrier.submitted, carrier.receipts_sent) == (1, 0)
    desk.release()
    came = await client.next()
    assert isinstance(came, DeliverSm)
    told = receipts.read(came)
    assert told is not None
    assert (told.message_id, told.state, came.source) == (answer.message_id, receipts.MessageState.DELIVERED, PHONE.digits)
    client.writer.write(build.deliver_sm_resps([came.sequence]))
    await _until(lambda: carrier.receipts_acked == 1)


async def test_texts_come_in_turn_and_are_timed_from_the_wire_to_their_acknowledgement(carrier: stopwatch.Carrier, client: Client):
    stopwatch.Desk(carrier).send(first=7, numbers=2, each=2, rate=0)
    came = [await client.next() for _ in range(4)]
    assert [one.source for one in came] == ["447800000007", "447800000008"] * 2
    assert came[2].short_message.startswith(b"Text 000001 from number 00000007")
    client.writer.write(build.deliver_sm_resps([one.sequence for one in came[:3]]))
    await _until(lambda: sum(1 for text in carrier.inbound if text[3]) == 3)
    assert [text[3] > text[2] for text in carrier.inbound] == [True, True, True, False]


async def _until(holds) -> None:
    async with asyncio.timeout(2):
        while not holds():
            await asyncio.sleep(0.005)
