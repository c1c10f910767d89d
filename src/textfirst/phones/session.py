"""One SMPP connection to the simulated carrier: an asyncio protocol that answers a whole read with one write.

Nothing is written before the log of frames has it on disk: answers are held here and released by the group commit.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Callable, Sequence
from typing import Any, Protocol, cast

from textfirst.phones import faults
from textfirst.phones.account import WINDOW, Account, Delivery
from textfirst.phones.chance import AT_ONCE
from textfirst.phones.commit import GroupCommit
from textfirst.phones.faults import Fault
from textfirst.phones.frames import Kind
from textfirst.phones.wheel import Wheel
from textfirst.protocols.smpp import build, pdus
from textfirst.protocols.smpp.commands import RESPONSE, SMALLEST_PDU, Command
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.status import Status

__all__ = ["Carrier", "Session"]

logger = logging.getLogger(__name__)

BIND_WITHIN = 30.0  # seconds after the connection
BODY_WITHIN = 10.0  # seconds after the beginning of a PDU
ENQUIRE_AFTER = 30.0  # seconds of silence
GONE_AFTER = 45.0  # seconds of silence, an enquire_link among them
ANSWER_WITHIN = 60.0  # seconds for a deliver_sm
LAST_SEQUENCE = 0x7FFFFFFF
_HEADER = struct.Struct(">IIII")
_SUBMIT_SM_RESP = int(Command.SUBMIT_SM_RESP)
CUT_AFTER = 0.05  # seconds from half a PDU to the reset, so that the peer sees the half
DRIP = 0.05  # seconds between two writes, at least, of a connection that is slow on purpose
LINGER_NOT = struct.pack("ii", 1, 0)  # SO_LINGER: a close is a reset


class Carrier(Protocol):
    """What a session asks of the simulator."""

    commit: GroupCommit
    wheel: Wheel

    def next_connection(self) -> int: ...
    def joined(self, session: Session) -> None: ...
    def left(self, session: Session) -> None: ...
    def account(self, system_id: str) -> Account | None: ...


class Session(asyncio.Protocol):
    """A client's connection, from its bind to its end."""

    def __init__(self, carrier: Carrier) -> None:
        self.connection = carrier.next_connection()
        self.system_id = ""
        self._carrier = carrier
        self._commit = carrier.commit
        self._loop = asyncio.get_running_loop()
        self._framer = Framer()
        self._transport: asyncio.Transport | None = None
        self._account: Account | None = None
        self._bind: pdus.Bind | None = None
        self._held: list[bytes] = []
        self._unanswered: dict[int, Delivery] = {}
        self._sequence = 0
        self._owed = 0  # answers that are put off
        self._rubbish = b""  # of a fault, after what is held
        self._dripping = bytearray()
        self._reset_next = False
        self._mute = False  # a fault: nothing more is written, and what is read is only logged
        self._deaf = False  # a fault: nothing is read either
        self._paused = False  # the peer does not read
        self._waiting = False  # the disk is behind, so we do not read
        self._acked = False
        self._ending = False
        self._since = self._heard = self._whole = self._loop.time()

    # The connection

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._carrier.joined(self)
        self._commit.record(Kind.OPENED, self.connection, b"")

    def connection_lost(self, _error: Exception | None) -> None:
        self._carrier.left(self)
        self._transport = None
        self._commit.closed(self)
        account, self._account = self._account, None
        if account and self._bind:
            account.binds -= 1
        if account and self in account.receivers:
            account.receivers.remove(self)
            account.unanswered(list(self._unanswered.values()))

    def pause_writing(self) -> None:
        """The peer does not read: neither read it nor deliver to it."""
        self._paused = True
        if self._transport and not self._waiting:
            self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._paused = self._waiting = False
        self._read_on()
        if self._account:
            self._account.pump()

    def _read_on(self) -> None:
        if self._transport and not self._deaf:
            self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        events = self._framer.feed(data)
        bound = self._bind is not None
        if bound:  # before, one by one: the BOUND record must come after the bind and before what follows it
            self._commit.record_all(Kind.READ, self.connection, [event.raw for event in events if not isinstance(event, pdus.Unframed)])
        for event in events:
            if self._ending or self._mute:
                break
            if isinstance(event, pdus.Unframed):
                logger.warning("a connection was closed: %s", event.reason, extra={"connection": self.connection})
                self.abandon()
                break
            if not bound:
                self._commit.record(Kind.READ, self.connection, event.raw)
            _HANDLERS.get(type(event), Session.on_other)(self, event)
        if not self._framer.waiting:
            self._whole = self._heard
        if self._acked and self._account:
            self._acked = False
            self._account.pump()
        if self._commit.behind and self._transport and not self._paused:
            self._waiting = True
            self._transport.pause_reading()

    def watch(self) -> None:
        """Called about once a second: end what hangs, ask who is silent."""
        now = self._loop.time()
        oldest = next(iter(self._unanswered.values()), None)
        if (
            (self._bind is None and now - self._since > BIND_WITHIN)
            or (self._framer.waiting and now - self._whole > BODY_WITHIN)
            or now - self._heard > GONE_AFTER
            or (oldest and now - oldest.sent_at > ANSWER_WITHIN)
        ):
            self.abandon()
        elif self._bind and now - self._heard > ENQUIRE_AFTER:
            self._send(build.enquire_link(self._next_sequence()))

    def end(self) -> None:
        """Say goodbye; the connection closes when that is written."""
        if self._bind:
            self._send(build.unbind(self._next_sequence()))
        self._ending = True
        self._commit.release_after(self)

    # Output, by way of the group commit

    def _send(self, raw: bytes) -> None:
        if self._mute or self._transport is None:
            return
        if not self._held:
            self._commit.release_after(self)
        self._held.append(raw)

    def take_held(self) -> tuple[list[bytes], bytes]:
        held, self._held = self._held, []
        rubbish, self._rubbish = self._rubbish, b""
        return held, rubbish

    def release(self, output: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self._dripping or (self._account and self._account.knobs.bytes_per_second):
            self._drip(output)
        else:
            self._transport.write(output)
        if self._reset_next and not self._held and not self._rubbish:
            self._loop.call_later(CUT_AFTER, self._reset)
        elif self._ending and not self._held and not self._dripping:
            self._transport.close()
        elif self._waiting and not self._paused:
            self._waiting = False
            self._read_on()

    def _drip(self, output: bytes) -> None:
        """Write slowly, as the knob says."""
        if not self._dripping:
            self._loop.call_soon(self._drop)
        self._dripping += output

    def _drop(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        rate = self._account.knobs.bytes_per_second if self._account else 0
        count = max(1, int(rate * DRIP)) if rate else len(self._dripping)
        self._transport.write(bytes(self._dripping[:count]))
        del self._dripping[:count]
        if self._dripping:
            self._loop.call_later(max(DRIP, 1 / rate), self._drop)
        elif self._ending:
            self._transport.close()

    def abandon(self) -> None:
        """Close at once, with whatever is unwritten."""
        self._ending = True
        if self._transport:
            self._transport.abort()

    # Faults on purpose

    def suffer(self, fault: Fault) -> None:
        """What was answered so far still leaves; then this happens."""
        if self._transport is None or self._ending or self._mute:
            return
        logger.info("fault: %s", fault.value, extra={"connection": self.connection})
        if fault is Fault.UNBIND:
            self._send(build.unbind(self._next_sequence()))
            self._note_fault(fault, b"")
            return
        self._note_fault(fault, faults.rubbish(fault, self._account.random, self._next_sequence) if self._account else b"")
        self._ending = fault in {Fault.RESET, Fault.RESET_MID_PDU, Fault.CLOSE}
        self._reset_next = fault in {Fault.RESET, Fault.RESET_MID_PDU}
        self._mute = fault in faults.BROKEN
        self._deaf = fault is Fault.HALF_OPEN
        if self._deaf:
            self._transport.pause_reading()

    def _note_fault(self, fault: Fault, written: bytes) -> None:
        self._commit.record(Kind.FAULT, self.connection, fault.value.encode() + b"\0" + written)
        self._rubbish += written
        self._commit.release_after(self)

    def _reset(self) -> None:
        """Close with RST instead of FIN."""
        if self._transport:
            plain = self._transport.get_extra_info("socket")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            self._transport.abort()

    # Deliveries to the peer

    @property
    def room(self) -> int:
        return 0 if self._paused or self._ending or self._mute else WINDOW - len(self._unanswered)

    def deliver(self, delivery: Delivery) -> None:
        sequence = self._next_sequence()
        delivery.sent_at = self._loop.time()
        self._unanswered[sequence] = delivery
        raw = delivery.raw
        self._send(raw[:12] + sequence.to_bytes(4, "big") + raw[16:])

    def _next_sequence(self) -> int:
        self._sequence = self._sequence + 1 if self._sequence < LAST_SEQUENCE else 1
        return self._sequence

    # What the peer says

    def on_bind(self, pdu: pdus.Bind) -> None:
        status = self._bind_status(pdu)
        if status == Status.ROK and self._account:
            self._bind, self.system_id = pdu, pdu.system_id
            self._account.binds += 1
            self._commit.bound(self)
        self._send(build.bind_resp(pdu.sequence, command=pdu.command, system_id="textfirst", status=status))
        if status == Status.ROK and self._account and pdu.receives:
            self._account.receivers.append(self)
            self._account.pump()

    def _bind_status(self, pdu: pdus.Bind) -> int:
        if self._bind:
            return Status.RALYBND
        if not pdu.system_id:
            return Status.RINVSYSID
        account = self._carrier.account(pdu.system_id)
        if account is None:
            return Status.RBINDFAIL
        knobs = account.knobs
        if knobs.refuse_bind or knobs.bind_error:
            return knobs.bind_error or Status.RINVPASWD
        if knobs.most_binds and account.binds >= knobs.most_binds:
            return Status.RALYBND
        self._account = account
        return Status.ROK

    def on_submit(self, pdu: pdus.SubmitSm) -> None:
        """The busiest of all: the answer to a text that is taken, from a carrier that answers as it should, is written here."""
        account = self._account
        if account is None or account.is_odd or self._bind is None or not self._bind.transmits:
            self._take(pdu, build.submit_sm_resp)
            return
        status, message_id, _ = account.submit(pdu)
        said = b"" if status else message_id.encode() + b"\0"
        self._send(_HEADER.pack(SMALLEST_PDU + len(said), _SUBMIT_SM_RESP, status, pdu.sequence) + said)

    def on_data(self, pdu: pdus.DataSm) -> None:
        self._take(pdu, build.data_sm_resp)

    def _take(self, pdu: pdus.SubmitSm | pdus.DataSm, answer: Callable[..., bytes]) -> None:
        account = self._account
        if account is None or self._bind is None or not self._bind.transmits:
            self._send(answer(pdu.sequence, status=Status.RINVBNDSTS))
            return
        status, message_id, times = account.submit(pdu, self._owed)
        raw = answer(pdu.sequence, message_id=message_id, status=status)
        if times is AT_ONCE:
            self._send(raw)
        else:
            self._put_off(raw, times)
        fault = account.fault()
        if fault:
            self.suffer(fault)

    def _put_off(self, raw: bytes, times: Sequence[float]) -> None:
        for after in times:
            if after:
                self._owed += 1
                self._carrier.wheel.after(after, self._pay, raw)
            else:
                self._send(raw)

    def _pay(self, raw: bytes) -> None:
        self._owed -= 1
        self._send(raw)

    def on_answer(self, pdu: pdus.DeliverSmResp | pdus.GenericNack | pdus.DataSmResp) -> None:
        delivery = self._unanswered.pop(pdu.sequence, None)
        if delivery and self._account:
            status = pdu.status or (Status.RSYSERR if isinstance(pdu, pdus.GenericNack) else Status.ROK)
            self._account.answered(delivery, status)
            self._acked = True

    def on_enquire(self, pdu: pdus.EnquireLink) -> None:
        self._send(build.header_only(Command.ENQUIRE_LINK_RESP, pdu.sequence))

    def on_unbind(self, pdu: pdus.Unbind) -> None:
        self._send(build.header_only(Command.UNBIND_RESP, pdu.sequence))
        self._ending = True

    def on_unbind_resp(self, _pdu: pdus.UnbindResp) -> None:
        self._ending = True
        self._commit.release_after(self)

    def on_query(self, pdu: pdus.QuerySm) -> None:
        """We keep no index of old messages: nothing can be asked about, cancelled or replaced."""
        self._send(build.query_sm_resp(pdu.sequence, message_id=pdu.message_id, status=Status.RQUERYFAIL))

    def on_cancel(self, pdu: pdus.CancelSm) -> None:
        self._send(build.header_only(Command.CANCEL_SM_RESP, pdu.sequence, status=Status.RCANCELFAIL))

    def on_replace(self, pdu: pdus.ReplaceSm) -> None:
        self._send(build.header_only(Command.REPLACE_SM_RESP, pdu.sequence, status=Status.RREPLACEFAIL))

    def on_unknown(self, pdu: pdus.Unknown) -> None:
        if not pdu.is_response:
            self._send(build.generic_nack(pdu.sequence, status=Status.RINVCMDID))

    def on_malformed(self, pdu: pdus.Malformed) -> None:
        if not pdu.is_response:
            command = Command(pdu.command | RESPONSE) if pdu.command | RESPONSE in Command._value2member_map_ else Command.GENERIC_NACK
            self._send(build.header_only(command, pdu.sequence, status=pdu.answer))

    def on_other(self, _pdu: Any) -> None:
        """Answers to nothing we asked."""


_HANDLERS: dict[type, Callable[[Session, Any], None]] = {
    pdus.Bind: Session.on_bind,
    pdus.SubmitSm: Session.on_submit,
    pdus.DataSm: Session.on_data,
    pdus.DeliverSmResp: Session.on_answer,
    pdus.DataSmResp: Session.on_answer,
    pdus.GenericNack: Session.on_answer,
    pdus.EnquireLink: Session.on_enquire,
    pdus.Unbind: Session.on_unbind,
    pdus.UnbindResp: Session.on_unbind_resp,
    pdus.QuerySm: Session.on_query,
    pdus.CancelSm: Session.on_cancel,
    pdus.ReplaceSm: Session.on_replace,
    pdus.Unknown: Session.on_unknown,
    pdus.Malformed: Session.on_malformed,
}
