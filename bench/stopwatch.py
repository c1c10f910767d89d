"""An SMPP 3.4 carrier with a stopwatch, in a process of its own: `python -m bench.stopwatch PORT`.

It answers every submit at once with an id, sends receipts a second later or keeps them until told to let all go, and sends texts from
phones at a rate, or as fast as they are acknowledged. It notes when a marked text passed (`MARK`), and when each inbound text was written to
the wire and acknowledged. Clocks are monotonic nanoseconds, the same in every process of a machine. It shares no code with Textfirst.

Told what to do by lines of JSON on its input, it answers each with one line; see `Desk`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from struct import Struct
from typing import Any

import uvloop
from bench.carriers import DELIVER_WINDOW, RECEIPTS_AFTER

MARK = b"mark-"  # in a text: the next five characters name it
TURN = 0.002  # seconds between two looks at what is due
HEADER = Struct(">IIII")
BINDS = {1, 2, 9}
SUBMIT, SUBMIT_RESP, DELIVER, DELIVER_RESP, ENQUIRE, UNBIND, RESP = 4, 0x80000004, 5, 0x80000005, 0x15, 6, 0x80000000
INBOUND = 0x40000000  # a bit in the sequence number of a text; receipts have none


class Carrier:
    """What all connections share."""

    def __init__(self) -> None:
        self.bound: list[Session] = []
        self.holding = False
        self.ids = 0
        self.marks: dict[str, int] = {}
        self.inbound: list[list[int]] = []  # [number, which of its texts, written, acknowledged]
        self.queued: deque[tuple[int, int]] = deque()  # texts to send: (number, which of its texts)
        self.rate = 0.0  # texts a second; 0: as fast as they are acknowledged
        self.owed = 0.0
        self.begin()

    def begin(self) -> None:
        self.submitted = self.receipts_sent = self.receipts_acked = 0
        self.last_ack = 0.0
        self.receipts: deque[tuple[float, bytes, bytes]] = deque()  # (due, id, addresses as the receipt has them)

    def turn(self, elapsed: float) -> None:
        """Send what is due: texts first, as carriers keep them apart from receipts."""
        if not self.bound:
            return
        session = self.bound[-1]
        out: list[bytes] = []
        self.owed = min(self.owed + elapsed * self.rate, 1000.0) if self.rate else DELIVER_WINDOW
        while self.queued and self.owed >= 1 and session.on_its_way < DELIVER_WINDOW:
            self.owed -= 1
            out.append(session.text(*self.queued.popleft()))
        now = time.monotonic()
        while self.receipts and not self.holding and self.receipts[0][0] <= now and session.on_its_way < DELIVER_WINDOW:
            _, identity, addresses = self.receipts.popleft()
            self.receipts_sent += 1
            out.append(session.receipt(identity, addresses))
        if out:
            session.transport.write(b"".join(out))


class Session(asyncio.Protocol):
    """One bind of a client."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        self.on_its_way = 0
        self._sequence = 0
        self._rest = b""

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio calls it so
        if self in self.carrier.bound:
            self.carrier.bound.remove(self)

    def data_received(self, data: bytes) -> None:
        data, at, out, end = self._rest + data, 0, [], 0
        while len(data) - at >= 16:
            length, command, status, sequence = HEADER.unpack_from(data, at)
            if len(data) - at < length:
                break
            end = at + length
            if command == SUBMIT:
                out.append(self._submit(data, at + 16, end, sequence))
            elif command == DELIVER_RESP:
                self._acknowledged(sequence, status)
            elif command in BINDS:
                out.append(HEADER.pack(22, command | RESP, 0, sequence) + b"watch\0")
                self.carrier.bound.append(self)
            elif command in {ENQUIRE, UNBIND}:
                out.append(HEADER.pack(16, command | RESP, 0, sequence))
            at = end
        self._rest = data[at:]
        if out:
            self.transport.write(b"".join(out))

    def _submit(self, data: bytes, at: int, end: int, sequence: int) -> bytes:
        carrier = self.carrier
        carrier.submitted += 1
        carrier.ids += 1
        identity = b"%010d" % carrier.ids
        at = data.index(b"\0", at) + 1  # service type
        source_end = data.index(b"\0", at + 2) + 1
        target_end = data.index(b"\0", source_end + 2) + 1
        if (mark := data.find(MARK, target_end, end)) >= 0:
            carrier.marks[data[mark : mark + len(MARK) + 5].decode()] = time.monotonic_ns()
        carrier.receipts.append((time.monotonic() + RECEIPTS_AFTER, identity, data[source_end:target_end] + data[at:source_end]))
        return HEADER.pack(27, SUBMIT_RESP, 0, sequence) + identity + b"\0"

    def _acknowledged(self, sequence: int, status: int) -> None:
        self.on_its_way -= 1
        if status:
            return  # refused: it shows as a text or receipt that was never acknowledged
        if sequence & INBOUND:
            self.carrier.inbound[sequence & ~INBOUND][3] = time.monotonic_ns()
        else:
            self.carrier.receipts_acked += 1
            self.carrier.last_ack = time.time()

    def receipt(self, identity: bytes, addresses: bytes) -> bytes:
        self._sequence += 1
        text = b"id:%b sub:001 dlvrd:001 submit date:2611220400 done date:2611220401 stat:DELIVRD err:000 text:Hi" % identity
        return self._deliver(self._sequence, addresses, b"\4", text)

    def text(self, number: int, which: int) -> bytes:
        carrier = self.carrier
        sequence = INBOUND | len(carrier.inbound)
        carrier.inbound.append([number, which, time.monotonic_ns(), 0])
        addresses = b"\1\1" + b"4478%08d" % number + b"\0" + b"\1\1" + b"447000000001\0"
        return self._deliver(sequence, addresses, b"\0", b"Text %06d from number %08d, thank you" % (which, number))

    def _deliver(self, sequence: int, addresses: bytes, esm_class: bytes, text: bytes) -> bytes:
        self.on_its_way += 1
        body = b"\0" + addresses + esm_class + b"\0\0\0\0\0\0\0\0" + bytes((len(text),)) + text
        return HEADER.pack(16 + len(body), DELIVER, 0, sequence) + body


class Desk:
    """The orders it takes."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    def do(self, order: dict[str, Any]) -> Any:
        return getattr(self, order.pop("do"))(**order)

    def begin(self) -> None:
        """Count submits and receipts from nothing."""
        self._carrier.begin()

    def counts(self) -> dict[str, Any]:
        one = self._carrier
        return {
            "bound": len(one.bound), "submitted": one.submitted, "receipts_sent": one.receipts_sent, "receipts_acked": one.receipts_acked,
            "receipts_waiting": len(one.receipts), "at": time.time(), "last_ack": one.last_ack,
            "texts_waiting": len(one.queued), "texts_acked": sum(1 for text in one.inbound if text[3]),
        }  # fmt: skip

    def hold(self) -> None:
        """Keep receipts back."""
        self._carrier.holding = True

    def release(self) -> None:
        """Let all receipts go at once."""
        self._carrier.holding = False

    def send(self, first: int, numbers: int, each: int, rate: float) -> None:
        """Texts from `numbers` phones beginning with number `first`, `each` from every phone, in turn; `rate` a second, 0 as fast as can be."""
        self._carrier.rate, self._carrier.owed = rate, 0.0
        self._carrier.queued.extend((first + number, which) for which in range(each) for number in range(numbers))

    def stop_sending(self) -> None:
        """What is not sent yet stays unsent."""
        self._carrier.queued.clear()

    def marks(self) -> dict[str, int]:
        return self._carrier.marks

    def texts(self) -> list[list[int]]:
        """All inbound texts so far: number, which of its texts, when written, when acknowledged (0: not)."""
        return self._carrier.inbound


async def serve(port: int) -> None:
    loop = asyncio.get_running_loop()
    carrier = Carrier()
    desk = Desk(carrier)
    await loop.create_server(lambda: Session(carrier), "127.0.0.1", port)
    print("ready", flush=True)
    orders = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    turning = asyncio.create_task(_turn(carrier))
    while line := await orders.readline():
        print(json.dumps(desk.do(json.loads(line))), flush=True)
    turning.cancel()


async def _turn(carrier: Carrier) -> None:
    last = time.monotonic()
    while True:
        await asyncio.sleep(TURN)
        now = time.monotonic()
        carrier.turn(now - last)
        last = now


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))
