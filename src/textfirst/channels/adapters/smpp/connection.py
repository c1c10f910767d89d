"""One TCP connection to a carrier: many PDUs a read, many PDUs a write, nothing awaited per message.

Theory of operation. `data_received` frames whatever came, sorts it into answers and arrivals, and wakes the reader once.
Answers are matched by sequence number to the parts in flight; those are kept in the order they were written, so the oldest is always
the first to time out. Arrivals wait, unacknowledged, until the engine has stored them. Memory is bounded from both sides: when the
engine does not take, or the carrier does not read what we answer, the socket is not read either.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final, NamedTuple, cast

from textfirst.channels.adapters.smpp import codec
from textfirst.channels.adapters.smpp.settings import SmppSettings
from textfirst.channels.contract import Accepted, Answer, Arrival, CannotConnect, Delays, NoAnswer, NotWritten, Part, Refused
from textfirst.protocols.smpp import build, message_ids, pdus
from textfirst.protocols.smpp.commands import Command
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.status import Kind, Status, meaning

log = logging.getLogger(__name__)

LARGEST_SEQUENCE: Final = 0x7FFFFFFF  # §3.2
MOST_WAITING: Final = 2000  # arrivals not yet taken or acknowledged; beyond, the socket is not read
SLOW_BODY: Final = 8.5  # seconds a PDU may take to arrive once it has begun; with the tick, its connection is closed within 10
ANXIOUS: Final = 10.0  # seconds of silence while answers are due, until we ask whether anybody is there
TICK: Final = 1.0  # seconds between looks at the clocks


class Ticket(NamedTuple):
    """Which arrival to acknowledge, and how."""

    connection: int
    sequence: int
    data: bool  # came as data_sm, whose answer has a body


class Inbox:
    """What the connections of one line have brought and nobody has taken yet, and what they ask the line's owner."""

    def __init__(self, ring: Callable[[], None], may_speak: Callable[[], bool]) -> None:
        self.answers: list[Answer] = []
        self.arrivals: list[Arrival] = []
        self.ring = ring
        self.may_speak = may_speak
        self.delays = Delays()


class Connection(asyncio.Protocol):
    """The client's side of one bind. `command` says transceiver, transmitter or receiver."""

    def __init__(self, settings: SmppSettings, command: Command, inbox: Inbox, number: int = 0) -> None:
        self._settings = settings
        self._command = command
        self._inbox = inbox
        self._number = number
        self._loop = asyncio.get_running_loop()
        self._framer = Framer()
        self._writer = codec.Writer(settings)
        self._transport: asyncio.Transport | None = None
        self._sequence = 0
        self._bound: asyncio.Future[None] = self._loop.create_future()
        self._unbound: asyncio.Future[None] = self._loop.create_future()
        self._flight: dict[int, tuple[Part, float]] = {}  # sequence → part, when written
        self._unstored = 0  # arrivals given out and not yet acknowledged
        self._peer_reads = True
        self._heard = self._loop.time()
        self._began: float | None = None  # since when an unfinished PDU waits
        self._enquired: tuple[int, float] | None = None
        self._acks: list[tuple[int, int]] = []  # (sequence of a later request of ours, acknowledgements written before it)
        self._acknowledged = 0
        self.proven = 0
        self.lost: str | None = None
        self._timer: asyncio.TimerHandle | None = None

    # ── for the line ────────────────────────────────────────────────────────────────────────────────────

    @property
    def in_flight(self) -> int:
        return len(self._flight)

    @property
    def writable(self) -> bool:
        return self._peer_reads and self.lost is None

    async def bind(self) -> None:
        """Log in. Raises CannotConnect with the carrier's reason in words."""
        sequence = self._next()
        self._send(
            build.bind(
                sequence, system_id=self._settings.system_id, password=self._settings.password, command=self._command,
                system_type=self._settings.system_type,
            )
        )  # fmt: skip
        try:
            async with asyncio.timeout(self._settings.bind_timeout):
                await asyncio.shield(self._bound)
        except TimeoutError:
            self.abort("the carrier did not answer our bind")
            raise CannotConnect("login_unanswered", seconds=int(self._settings.bind_timeout)) from None

    def write(self, parts: Sequence[Part]) -> None:
        """All parts in one write; their answers come to the inbox."""
        if self.lost is not None or not self._may_speak():
            self._inbox.answers.extend(NotWritten(part) for part in parts)
            self._inbox.ring()
            return
        frame, flight, sequence = self._writer.frame, self._flight, self._sequence
        now, clock = codec.now_seconds(), self._loop.time()
        frames: list[bytes] = []
        for part in parts:
            sequence = sequence + 1 if sequence < LARGEST_SEQUENCE else 1
            frames.append(frame(part, sequence, now))
            flight[sequence] = (part, clock)
        self._sequence = sequence
        self._send(b"".join(frames))
        self._note_request(sequence)

    def answer(self, tickets: Iterable[Ticket], status: int) -> None:
        """deliver_sm_resp for many, in one write."""
        texts: list[int] = []
        others: list[int] = []
        for ticket in tickets:
            (others if ticket.data else texts).append(ticket.sequence)
        frames = [build.deliver_sm_resps(texts, status=status)] if texts else []
        frames += [build.data_sm_resp(sequence, status=status) for sequence in others]
        self._unstored -= len(texts) + len(others)
        self._acknowledged += len(texts) + len(others)
        self._send(b"".join(frames))
        self._breathe()

    async def close(self) -> None:
        """Unbind, wait a little for the carrier's goodbye, end."""
        if self.lost is None:
            self._send(build.unbind(self._next()))
            await asyncio.wait([self._unbound], timeout=1.0)
        self.abort("closed by us")

    def abort(self, why: str) -> None:
        """End now; whatever is in flight has no answer."""
        self._end(why)
        if self._transport is not None:
            self._transport.abort()

    # ── from asyncio ────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        plain = transport.get_extra_info("socket")
        if plain is not None:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._timer = self._loop.call_later(TICK, self._tick)

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        if not self._inbox.may_speak():
            self._hear_answers(data)
            return
        events = self._framer.feed(data)
        for event in events:
            kind = type(event)
            if kind is pdus.SubmitSmResp:
                self._on_answer(event)  # type: ignore[arg-type]
            elif kind is pdus.DeliverSm:
                self._on_message(event)  # type: ignore[arg-type]
            else:
                self._others[kind](self, event)
            if self.lost is not None:
                break
        if not self._framer.waiting:
            self._began = None
        elif events or self._began is None:
            self._began = self._heard
        if self._inbox.answers or self._inbox.arrivals:
            self._inbox.ring()
        self._breathe()

    def _hear_answers(self, data: bytes) -> None:
        """The bind is another's by now. Answers to what we wrote are still ours; whatever else came will come again, to whom it belongs."""
        for event in self._framer.feed(data):
            if isinstance(event, pdus.SubmitSmResp):
                self._on_answer(event)
        self.abort("closed by us")

    def pause_writing(self) -> None:
        self._peer_reads = False
        self._breathe()

    def resume_writing(self) -> None:
        self._peer_reads = True
        self._breathe()
        self._inbox.ring()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(plainly(exc) if isinstance(exc, OSError) else "the carrier closed the connection")

    # ── what the carrier says ───────────────────────────────────────────────────────────────────────────

    def _on_answer(self, pdu: pdus.SubmitSmResp) -> None:
        waiting = self._flight.pop(pdu.sequence, None)
        if waiting is None:  # answered twice, or after we gave up: the receipt will tell
            return
        part, written = waiting
        self._inbox.delays.add(self._heard - written)
        if pdu.status == 0:
            message_id = pdu.message_id
            answer: Answer = Accepted(part, message_ids.from_response(message_id, self._settings.ids) if message_id else "")
        else:
            answer = self._refusal(part, pdu.status)
        self._inbox.answers.append(answer)
        self._prove(pdu.sequence)

    def _on_message(self, pdu: pdus.DeliverSm | pdus.DataSm) -> None:
        ticket = Ticket(self._number, pdu.sequence, isinstance(pdu, pdus.DataSm))
        self._unstored += 1
        self._inbox.arrivals.append(codec.arrival(pdu, ticket, self._settings))

    def _on_malformed(self, pdu: pdus.Malformed) -> None:
        """A text we cannot read is kept and acknowledged; an answer we cannot read still answers; the rest is refused."""
        if pdu.command in {Command.DELIVER_SM, Command.DATA_SM}:
            ticket = Ticket(self._number, pdu.sequence, pdu.command is Command.DATA_SM)
            self._unstored += 1
            self._inbox.arrivals.append(codec.garbled(pdu.raw, ticket, pdu.reason))
        elif pdu.command is Command.SUBMIT_SM_RESP:
            self._on_answer(pdus.SubmitSmResp(pdu.sequence, pdu.status, "", {}, pdu.raw))
        elif not pdu.is_response:
            self._send(build.generic_nack(pdu.sequence, status=pdu.answer))

    def _on_bind_resp(self, pdu: pdus.BindResp) -> None:
        if self._bound.done():
            return
        if pdu.status == 0:
            self._bound.set_result(None)
        else:
            self._bound.set_exception(_bind_refusal(pdu.status))
            self._end("the carrier refused our login")
        self._inbox.ring()

    def _on_nack(self, pdu: pdus.GenericNack) -> None:
        """§4.3: something of ours could not be read; when it names a submit, that submit is refused."""
        if not self._bound.done() and pdu.status:
            self._bound.set_exception(_bind_refusal(pdu.status))
            return
        waiting = self._flight.pop(pdu.sequence, None)
        if waiting is not None:
            self._inbox.answers.append(self._refusal(waiting[0], pdu.status or Status.RINVCMDID))

    def _on_enquire(self, pdu: pdus.EnquireLink) -> None:
        self._send(build.header_only(Command.ENQUIRE_LINK_RESP, pdu.sequence))

    def _on_enquire_resp(self, pdu: pdus.EnquireLinkResp) -> None:
        self._enquired = None
        self._prove(pdu.sequence)

    def _on_unbind(self, pdu: pdus.Unbind) -> None:
        self._send(build.header_only(Command.UNBIND_RESP, pdu.sequence))
        self._end("the carrier ended the session")
        if self._transport is not None:
            self._transport.close()

    def _on_unbind_resp(self, pdu: pdus.UnbindResp) -> None:
        self._prove(pdu.sequence)
        if not self._unbound.done():
            self._unbound.set_result(None)

    def _on_unknown(self, pdu: pdus.Unknown) -> None:
        if not pdu.is_response:
            self._send(build.generic_nack(pdu.sequence, status=Status.RINVCMDID))

    def _on_not_for_us(self, pdu: pdus.Pdu) -> None:
        """A request that only a carrier may get."""
        self._send(build.generic_nack(pdu.sequence, status=Status.RINVCMDID))

    def _on_nothing(self, _pdu: pdus.Event) -> None:
        """Answers to what we never ask, and notices we have no use for."""

    def _on_unframed(self, pdu: pdus.Unframed) -> None:
        self._send(build.generic_nack(0, status=Status.RINVCMDLEN))
        log.warning("unframed: %s", pdu.reason)
        self._end("the carrier sent bytes that are not SMPP")
        if self._transport is not None:
            self._transport.close()

    _others: dict[type, Callable[..., None]] = {  # noqa: RUF012 - a table, never changed
        pdus.DataSm: _on_message,
        pdus.Malformed: _on_malformed,
        pdus.BindResp: _on_bind_resp,
        pdus.GenericNack: _on_nack,
        pdus.EnquireLink: _on_enquire,
        pdus.EnquireLinkResp: _on_enquire_resp,
        pdus.Unbind: _on_unbind,
        pdus.UnbindResp: _on_unbind_resp,
        pdus.Unknown: _on_unknown,
        pdus.Unframed: _on_unframed,
        pdus.Bind: _on_not_for_us,
        pdus.SubmitSm: _on_not_for_us,
        pdus.QuerySm: _on_not_for_us,
        pdus.CancelSm: _on_not_for_us,
        pdus.ReplaceSm: _on_not_for_us,
        pdus.Outbind: _on_nothing,
        pdus.AlertNotification: _on_nothing,
        pdus.DeliverSmResp: _on_nothing,
        pdus.DataSmResp: _on_nothing,
        pdus.QuerySmResp: _on_nothing,
        pdus.CancelSmResp: _on_nothing,
        pdus.ReplaceSmResp: _on_nothing,
    }

    # ── clocks ──────────────────────────────────────────────────────────────────────────────────────────

    def _tick(self) -> None:
        """Once a second: who waits too long?"""
        now = self._loop.time()
        self._give_up_on_old(now - self._settings.answer_timeout)
        if self._began is not None and now - self._began > SLOW_BODY:
            self.abort("the carrier began a PDU and did not end it")
        elif self._enquired is not None and now - self._enquired[1] > self._settings.enquire_timeout:
            if self._heard < self._enquired[1]:
                self.abort("the carrier no longer answers (enquire_link)")
            self._enquired = None  # it says other things: alive, if impolite
        elif self._bound.done() and self._enquired is None and now - self._heard >= self._patience:
            self._enquire(now)
        if self.lost is None:
            self._timer = self._loop.call_later(TICK, self._tick)

    @property
    def _patience(self) -> float:
        """Seconds of silence until we ask: fewer while answers are due, for a line that is half open shows in nothing else."""
        return min(self._settings.enquire_every, ANXIOUS) if self._flight else self._settings.enquire_every

    def _enquire(self, now: float) -> None:
        sequence = self._next()
        self._enquired = (sequence, now)
        self._send(build.enquire_link(sequence))
        self._note_request(sequence)

    def _give_up_on_old(self, before: float) -> None:
        old = []
        for sequence, (_, written) in self._flight.items():
            if written > before:
                break
            old.append(sequence)
        if old:
            self._inbox.answers.extend(NoAnswer(self._flight.pop(sequence)[0]) for sequence in old)
            self._inbox.ring()

    def _refusal(self, part: Part, status: int) -> Refused:
        return Refused(part, codec.reason_for(status, self._settings), f"0x{status:08X}")

    # ── plumbing ────────────────────────────────────────────────────────────────────────────────────────

    def _next(self) -> int:
        self._sequence = self._sequence + 1 if self._sequence < LARGEST_SEQUENCE else 1
        return self._sequence

    def _send(self, frames: bytes) -> None:
        if frames and self.lost is None and self._transport is not None and self._may_speak():
            self._transport.write(frames)

    def _may_speak(self) -> bool:
        """Whether the bind is ours; when it is not, the connection has ended."""
        if self._inbox.may_speak():
            return True
        self.abort("closed by us")
        return False

    def _note_request(self, sequence: int) -> None:
        """Remember how many acknowledgements stand before this request: its answer proves that the carrier read them."""
        if self._acknowledged > (self._acks[-1][1] if self._acks else self.proven):
            self._acks.append((sequence, self._acknowledged))

    def _prove(self, sequence: int) -> None:
        if not self._acks:
            return
        for place, (noted, _) in enumerate(islice(self._acks, 64)):
            if noted == sequence:
                self.proven = self._acks[place][1]
                del self._acks[: place + 1]
                return

    def _breathe(self) -> None:
        """Read only while what we have read finds takers."""
        transport = self._transport
        if transport is None or self.lost is not None:
            return
        if self._peer_reads and self._unstored < MOST_WAITING:
            if not transport.is_reading():
                transport.resume_reading()
        elif transport.is_reading():
            transport.pause_reading()

    def _end(self, why: str) -> None:
        """The session is over: once, whoever noticed first."""
        if self.lost is not None:
            return
        self.lost = why
        if self._timer is not None:
            self._timer.cancel()
        if not self._bound.done():
            self._bound.set_exception(CannotConnect("ended_early", why=why))
            self._bound.exception()  # seen: nobody may be waiting any more
        if not self._unbound.done():
            self._unbound.set_result(None)
        self._inbox.answers.extend(NoAnswer(part) for part, _ in self._flight.values())
        self._flight.clear()
        self._inbox.ring()


def _bind_refusal(status: int) -> CannotConnect:
    """Why the carrier does not let us in, for the channel's page."""
    said = meaning(status)
    people = said.kind is Kind.CREDENTIALS
    code = _LOGIN_REFUSED.get(said.code, "refused" if people else "carrier_trouble")
    return CannotConnect(code, refused=True, wait_for_people=people, why=said.words, status=f"0x{status:08X}")


_LOGIN_REFUSED: Final[dict[int, str]] = {
    Status.RINVPASWD: "wrong_password",
    Status.RINVSYSID: "wrong_system_id",
    Status.RINVSYSTYP: "wrong_system_type",
    Status.RALYBND: "bound_already",
}


def plainly(error: OSError) -> str:
    """What the system says, without its numbers. asyncio writes its own words over the system's; a look-up of a name has negative numbers."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno).lower()
    return (error.strerror or str(error)).lower()
