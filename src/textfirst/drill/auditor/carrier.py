"""What happened at the carrier, told from its raw frames by smpplib: texts it was handed, what it answered, what it delivered to us.

A session is one connection from its opening to its end. A carrier that is killed writes no end: its sessions end where its next log begins.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smpplib import consts, gsm, smpp

from textfirst.drill.auditor.frames import BOUND, CLOSED, OPENED, READ, WRITTEN, Record, records

RECEIPT = 0x04  # the bit of esm_class that says deliver_sm is a receipt
HEADED = 0x40  # the bit that says a user data header comes first
COMMAND = slice(4, 8)
KNOWN = {0x00000004: "submit_sm", 0x80000004: "submit_sm_resp", 0x00000005: "deliver_sm", 0x80000005: "deliver_sm_resp"}

logging.getLogger("smpplib").setLevel(logging.ERROR)  # it warns of every optional parameter that it does not know


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of a long text."""

    reference: int
    total: int
    number: int


@dataclass(slots=True)
class Session:
    """One connection."""

    system_id: str = ""
    submits: int = 0
    ended: bool = False


@dataclass(slots=True)
class Submit:
    """A text, or a part of one, that reached the carrier."""

    at: int  # wall clock, ns
    to: str  # digits
    payload: bytes  # without the header
    text: str
    place: Place | None
    session: Session
    status: int | None = None  # None: never answered
    provider_id: str = ""

    @property
    def taken(self) -> bool:
        """Whether it is, or may be, on its way to the phone."""
        return self.status in {None, 0}


@dataclass(slots=True)
class Delivery:
    """A deliver_sm the carrier wrote, once or several times: the body tells one from another."""

    body: bytes  # all after the header of the PDU
    receipt: bool
    source: str
    payload: bytes
    text: str
    place: Place | None
    receipted_id: str
    state: int | None
    times: int = 0
    accepted: int = 0  # answered with success
    refused: int = 0  # answered with an error
    forgotten: bool = False  # the carrier died afterwards, and with it what it had to deliver


@dataclass(slots=True)
class Carrier:
    """Everything of one log."""

    submits: list[Submit] = field(default_factory=list)
    deliveries: dict[bytes, Delivery] = field(default_factory=dict)
    sessions: list[Session] = field(default_factory=list)
    unreadable: int = 0  # frames that smpplib could not read: garbage that a scenario sent on purpose

    @property
    def lost_sessions(self) -> int:
        """Sessions that were bound and ended, however they did; also those that had no text yet, for the first may have been about to leave."""
        return sum(1 for one in self.sessions if one.system_id and one.ended)


def read_carrier(folder: Path) -> Carrier:
    """Read a whole log. Raises frames.Damaged."""
    reader = _Reader()
    for record in records(folder):
        reader.take(record)
    return reader.found


class _Reader:
    def __init__(self) -> None:
        self.found = Carrier()
        self._open: dict[int, Session] = {}
        self._file = -1
        self._submits: dict[tuple[int, int], Submit] = {}  # by connection and sequence number
        self._deliveries: dict[tuple[int, int], Delivery] = {}

    def take(self, record: Record) -> None:
        if record.file != self._file:
            self._begin_file(record)
        if record.kind == BOUND:
            self._bound(record)
        elif record.kind == CLOSED:
            self._end(record.connection)
        elif record.kind == OPENED:
            self._open[record.connection] = Session()
            self.found.sessions.append(self._open[record.connection])
        elif record.kind in {READ, WRITTEN}:
            self._frame(record)

    def _begin_file(self, record: Record) -> None:
        """The first record tells: a connection opens where a carrier has started; where a log is continued, one is bound or goes on."""
        self._file = record.file
        if record.kind == OPENED:
            for connection in list(self._open):
                self._end(connection)
            for delivery in self.found.deliveries.values():
                delivery.forgotten = True

    def _bound(self, record: Record) -> None:
        session = self._open.get(record.connection)
        if session is None:  # opened in a file that was thrown away
            session = self._open[record.connection] = Session()
            self.found.sessions.append(session)
        session.system_id = record.payload.decode(errors="replace")

    def _end(self, connection: int) -> None:
        session = self._open.pop(connection, None)
        if session is not None:
            session.ended = True
        for kept in (self._submits, self._deliveries):
            for key in [key for key in kept if key[0] == connection]:
                del kept[key]

    def _frame(self, record: Record) -> None:
        raw = record.payload
        kind = KNOWN.get(int.from_bytes(raw[COMMAND], "big"))
        session = self._open.get(record.connection)
        if kind is None or session is None:
            return
        try:
            pdu = smpp.parse_pdu(raw, sequence=0, allow_unknown_opt_params=True)
        except Exception:  # noqa: BLE001 - whatever a foreign codec makes of garbage
            self.found.unreadable += 1
            return
        key = (record.connection, pdu.sequence)
        if kind == "submit_sm" and record.kind == READ:
            self._submits[key] = _submit(pdu, record.at, session)
            self.found.submits.append(self._submits[key])
            session.submits += 1
        elif kind == "submit_sm_resp" and record.kind == WRITTEN and key in self._submits:
            submit = self._submits.pop(key)
            submit.status, submit.provider_id = pdu.status, _text(pdu.message_id)
        elif kind == "deliver_sm" and record.kind == WRITTEN:
            self._deliveries[key] = self._delivered(pdu, raw)
        elif kind == "deliver_sm_resp" and record.kind == READ and key in self._deliveries:
            delivery = self._deliveries.pop(key)
            delivery.accepted += pdu.status == consts.SMPP_ESME_ROK
            delivery.refused += pdu.status != consts.SMPP_ESME_ROK

    def _delivered(self, pdu: Any, raw: bytes) -> Delivery:
        body = raw[16:]
        delivery = self.found.deliveries.get(body)
        if delivery is None:
            delivery = self.found.deliveries[body] = delivery_of(pdu, body)
        delivery.times += 1
        delivery.forgotten = False
        return delivery


def delivery_of(pdu: Any, body: bytes) -> Delivery:
    """A deliver_sm as smpplib read it."""
    place, payload = _unheaded(pdu)
    receipt = bool(pdu.esm_class & RECEIPT)
    return Delivery(
        body, receipt, digits(_text(pdu.source_addr)), payload, "" if receipt else decoded(payload, pdu.data_coding), place,
        _text(pdu.receipted_message_id), pdu.message_state,
    )  # fmt: skip


def deliveries_in(raw: bytes) -> Iterator[Delivery]:
    """The deliver_sm that bytes are made of, one after the other."""
    while len(raw) >= 16:
        length = int.from_bytes(raw[:4], "big")
        if length < 16:
            return
        yield delivery_of(smpp.parse_pdu(raw[:length], sequence=0, allow_unknown_opt_params=True), raw[16:length])
        raw = raw[length:]


def _submit(pdu: Any, at: int, session: Session) -> Submit:
    place, payload = _unheaded(pdu)
    return Submit(at, digits(_text(pdu.destination_addr)), payload, decoded(payload, pdu.data_coding), place, session)


def _unheaded(pdu: Any) -> tuple[Place | None, bytes]:
    """Which part it is, by header or by optional parameters, and its payload alone."""
    payload = bytes(pdu.short_message or b"") or bytes(getattr(pdu, "message_payload", None) or b"")
    if pdu.esm_class & HEADED and payload:
        header, payload = payload[1 : 1 + payload[0]], payload[1 + payload[0] :]
        return _place_in(header), payload
    total = getattr(pdu, "sar_total_segments", None)
    if total and total > 1:
        return Place(pdu.sar_msg_ref_num or 0, total, pdu.sar_segment_seqnum or 0), payload
    return None, payload


def _place_in(header: bytes) -> Place | None:
    """Information elements 00 (reference of 8 bits) and 08 (of 16), 3GPP TS 23.040 section 9.2.3.24."""
    while len(header) >= 2:
        element, length = header[0], header[1]
        value, header = header[2 : 2 + length], header[2 + length :]
        if element in {0x00, 0x08} and len(value) >= 3:
            place = Place(int.from_bytes(value[:-2], "big"), value[-2], value[-1])
            return place if place.total > 1 else None
    return None


def decoded(payload: bytes, data_coding: int) -> str:
    """The text a payload carries, as a phone shows it."""
    if data_coding == consts.SMPP_ENCODING_ISO10646:
        return payload.decode("utf-16-be", "surrogatepass")
    if data_coding == consts.SMPP_ENCODING_DEFAULT:
        return _from_gsm(payload)
    return payload.decode("latin-1")


def _from_gsm(payload: bytes) -> str:
    """By smpplib's table: the first half for plain septets, the second for those after an escape."""
    text, escaped = [], False
    for septet in payload:
        if septet == 0x1B and not escaped:
            escaped = True
            continue
        text.append(gsm.GSM_CHARACTER_TABLE[(septet & 0x7F) + (0x80 if escaped else 0)])
        escaped = False
    return "".join(text)


def digits(address: str) -> str:
    return "".join(filter(str.isdecimal, address)) or address


def _text(value: object) -> str:
    return value.decode("latin-1").rstrip("\x00") if isinstance(value, bytes) else str(value or "")
