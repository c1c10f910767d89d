"""A carrier that does what a test tells it to: each submit is answered by the test's own function."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from textfirst.protocols.smpp import build, pdus
from textfirst.protocols.smpp.commands import EsmClass
from textfirst.protocols.smpp.framer import Framer, FramingLost
from textfirst.protocols.smpp.pdus import Address
from textfirst.protocols.smpp.receipts import MessageState, write_text

Answer = Callable[["Session", pdus.SubmitSm], None]


class Session(asyncio.Protocol):
    """One connection at the carrier."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier
        self.framer = Framer()
        self.transport: asyncio.Transport | None = None
        self.kind = ""
        self.open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.carrier.sessions.append(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.open = False

    def data_received(self, data: bytes) -> None:
        try:
            events = self.framer.feed(data)
        except FramingLost:
            return
        for event in events:
            self.carrier.seen.append(event)
            match event:
                case pdus.Bind():
                    self.kind = event.command.name
                    self.send(build.bind_resp(event.sequence, command=event.command, status=self.carrier.bind_status))
                case pdus.SubmitSm():
                    self.carrier.submits.append(event)
                    self.carrier.answer(self, event)
                case pdus.EnquireLink() if self.carrier.alive:
                    self.send(build.header_only(0x80000015, event.sequence))
                case pdus.Unbind():
                    self.send(build.header_only(0x80000006, event.sequence))

    def send(self, frame: bytes) -> None:
        if self.transport is not None:
            self.transport.write(frame)

    def accept(self, pdu: pdus.SubmitSm, message_id: str | None = None) -> str:
        message_id = message_id or self.carrier.next_id()
        self.send(build.submit_sm_resp(pdu.sequence, message_id=message_id))
        return message_id

    def refuse(self, pdu: pdus.SubmitSm, status: int) -> None:
        self.send(build.submit_sm_resp(pdu.sequence, status=status))

    def report(self, pdu: pdus.SubmitSm, message_id: str, state: MessageState = MessageState.DELIVERED, *, error: str = "000") -> None:
        text = write_text(message_id=message_id, state=state, submitted="2611220400", done="2611220401", error=error)
        self.deliver(pdu.destination, text.encode(), esm_class=EsmClass.RECEIPT, to=pdu.source)

    def deliver(
        self, source: str, body: bytes, *, coding: int = 0, esm_class: int = 0, to: str = "10001", sequence: int | None = None
    ) -> int:
        sequence = sequence if sequence is not None else self.carrier.next_sequence()
        self.send(
            build.deliver_sm(
                sequence, source=Address(1, 1, source), destination=Address(1, 1, to), short_message=body, data_coding=coding, esm_class=esm_class
            )
        )  # fmt: skip
        return sequence


class Carrier:
    """What the test sees of the carrier. `answer` decides on each submit; by default it is accepted and delivered."""

    def __init__(self) -> None:
        self.sessions: list[Session] = []
        self.submits: list[pdus.SubmitSm] = []
        self.seen: list[pdus.Event] = []
        self.answer: Answer = lambda session, pdu: session.report(pdu, session.accept(pdu))
        self.bind_status = 0
        self.alive = True
        self.port = 0
        self._ids = 1000
        self._sequences = 0

    def next_id(self) -> str:
        self._ids += 1
        return str(self._ids)

    def next_sequence(self) -> int:
        self._sequences += 1
        return self._sequences

    @property
    def session(self) -> Session:
        """The newest connection that receives."""
        return [one for one in self.sessions if one.open and one.kind != "BIND_TRANSMITTER"][-1]

    def acknowledged(self, status: int = 0) -> list[int]:
        return [event.sequence for event in self.seen if isinstance(event, pdus.DeliverSmResp) and event.status == status]

    def bodies(self) -> list[bytes]:
        return [pdu.short_message for pdu in self.submits]

    def drop(self) -> None:
        for session in self.sessions:
            if session.open and session.transport is not None:
                session.transport.abort()
                session.open = False


@asynccontextmanager
async def running_carrier(port: int = 0, tls: ssl.SSLContext | None = None) -> AsyncIterator[Carrier]:
    carrier = Carrier()
    server = await asyncio.get_running_loop().create_server(lambda: Session(carrier), "127.0.0.1", port, ssl=tls)
    carrier.port = server.sockets[0].getsockname()[1]
    try:
        yield carrier
    finally:
        server.close()
        carrier.drop()
        await asyncio.sleep(0)
