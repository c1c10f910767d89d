"""PDUs into bytes, for a client and for a server.

Strings are checked against the room the standard gives them; a NUL inside or a character outside Latin-1 raises ValueError
that names the field. System ids and passwords may be longer than the standard's 15 and 8, because real carriers hand out such.
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct
from typing import Final

from textfirst.protocols.smpp import tlv
from textfirst.protocols.smpp.commands import RESPONSE, SMALLEST_PDU, Command
from textfirst.protocols.smpp.pdus import Address
from textfirst.protocols.smpp.tlv import Tag

__all__ = [
    "alert_notification",
    "bind",
    "bind_resp",
    "cancel_sm",
    "data_sm",
    "data_sm_resp",
    "deliver_sm",
    "deliver_sm_resps",
    "enquire_link",
    "generic_nack",
    "header_only",
    "outbind",
    "query_sm",
    "query_sm_resp",
    "replace_sm",
    "submit_sm",
    "submit_sm_resp",
    "unbind",
]

INTERFACE_VERSION: Final = 0x34
LONGEST_SHORT_MESSAGE: Final = 254  # octets (§5.2.21); longer goes into message_payload

_HEADER: Final = Struct(">IIII")
_DELIVER_RESP: Final = Struct(">IIIIx")
_FLAGS: Final = Struct("BBB")
_TAIL: Final = Struct("BBBBB")

_SERVICE_TYPE, _TIME, _ADDRESS, _LONG_ADDRESS, _RANGE, _MESSAGE_ID = 5, 16, 20, 64, 40, 64
_SYSTEM_ID = _PASSWORD = 64  # 15 and 8 by the standard
_SYSTEM_TYPE = 12

Parameters = Iterable[tuple[int, bytes]]


def submit_sm(
    sequence: int,
    *,
    source: Address,
    destination: Address,
    short_message: bytes = b"",
    data_coding: int = 0,
    esm_class: int = 0,
    registered_delivery: int = 0,
    validity: str = "",
    service_type: str = "",
    protocol_id: int = 0,
    priority: int = 0,
    schedule: str = "",
    replace_if_present: int = 0,
    default_message: int = 0,
    tlvs: Parameters = (),
    command: Command = Command.SUBMIT_SM,
) -> bytes:
    """§4.4.1. `validity` and `schedule` in the form of §7.1.1, such as 000001000000000R for a day."""
    if len(short_message) > LONGEST_SHORT_MESSAGE:
        raise ValueError(f"short_message has {len(short_message)} octets, {LONGEST_SHORT_MESSAGE} fit; use message_payload")
    body = b"".join(
        (
            _string(service_type, _SERVICE_TYPE, "service_type"),
            _address(source, _ADDRESS, "source_addr"),
            _address(destination, _ADDRESS, "destination_addr"),
            _FLAGS.pack(esm_class, protocol_id, priority),
            _string(schedule, _TIME, "schedule_delivery_time"),
            _string(validity, _TIME, "validity_period"),
            _TAIL.pack(registered_delivery, replace_if_present, data_coding, default_message, len(short_message)),
            short_message,
            tlv.build(tlvs) if tlvs else b"",
        )
    )
    return _HEADER.pack(SMALLEST_PDU + len(body), command, 0, sequence) + body


def deliver_sm(
    sequence: int,
    *,
    source: Address,
    destination: Address,
    short_message: bytes = b"",
    data_coding: int = 0,
    esm_class: int = 0,
    tlvs: Parameters = (),
) -> bytes:
    """§4.6.1: a text from a phone, or a receipt."""
    return submit_sm(
        sequence,
        source=source,
        destination=destination,
        short_message=short_message,
        data_coding=data_coding,
        esm_class=esm_class,
        tlvs=tlvs,
        command=Command.DELIVER_SM,
    )


def submit_sm_resp(sequence: int, *, message_id: str = "", status: int = 0) -> bytes:
    """§4.4.2; a refusal has no body."""
    return _frame(Command.SUBMIT_SM_RESP, sequence, b"" if status else _string(message_id, _MESSAGE_ID, "message_id"), status)


def deliver_sm_resps(sequences: Iterable[int], *, status: int = 0) -> bytes:
    """Acknowledge a whole batch of deliver_sm (§4.6.2) in one write."""
    pack, size, command = _DELIVER_RESP.pack, _DELIVER_RESP.size, int(Command.DELIVER_SM_RESP)
    return b"".join([pack(size, command, status, sequence) for sequence in sequences])


def bind(
    sequence: int,
    *,
    system_id: str,
    password: str,
    command: Command = Command.BIND_TRANSCEIVER,
    system_type: str = "",
    interface_version: int = INTERFACE_VERSION,
    addresses: Address = Address(0, 0, ""),  # noqa: B008 - immutable
) -> bytes:
    """§4.1: as transceiver unless `command` says transmitter or receiver."""
    body = (
        _string(system_id, _SYSTEM_ID, "system_id")
        + _string(password, _PASSWORD, "password")
        + _string(system_type, _SYSTEM_TYPE, "system_type")
        + bytes((interface_version,))
        + _address(addresses, _RANGE, "address_range")
    )
    return _frame(command, sequence, body)


def bind_resp(sequence: int, *, command: Command, system_id: str = "", status: int = 0) -> bytes:
    """The answer to the bind `command`; tells our interface version when it is a yes."""
    body = (
        b""
        if status
        else _string(system_id, _SYSTEM_ID, "system_id") + tlv.build([(Tag.SC_INTERFACE_VERSION, bytes((INTERFACE_VERSION,)))])
    )
    return _frame(command | RESPONSE, sequence, body, status)


def outbind(sequence: int, *, system_id: str, password: str) -> bytes:
    return _frame(Command.OUTBIND, sequence, _string(system_id, _SYSTEM_ID, "system_id") + _string(password, _PASSWORD, "password"))


def header_only(command: Command, sequence: int, *, status: int = 0) -> bytes:
    """A PDU without a body: enquire_link, unbind, their answers, generic_nack, cancel_sm_resp, replace_sm_resp."""
    return _HEADER.pack(SMALLEST_PDU, command, status, sequence)


def enquire_link(sequence: int) -> bytes:
    return header_only(Command.ENQUIRE_LINK, sequence)


def unbind(sequence: int) -> bytes:
    return header_only(Command.UNBIND, sequence)


def generic_nack(sequence: int, *, status: int) -> bytes:
    return header_only(Command.GENERIC_NACK, sequence, status=status)


def data_sm(
    sequence: int,
    *,
    source: Address,
    destination: Address,
    data_coding: int = 0,
    esm_class: int = 0,
    registered_delivery: int = 0,
    service_type: str = "",
    tlvs: Parameters = (),
) -> bytes:
    """§4.7.1; the text goes into the message_payload parameter."""
    body = b"".join(
        (
            _string(service_type, _SERVICE_TYPE, "service_type"),
            _address(source, _LONG_ADDRESS, "source_addr"),
            _address(destination, _LONG_ADDRESS, "destination_addr"),
            _FLAGS.pack(esm_class, registered_delivery, data_coding),
            tlv.build(tlvs),
        )
    )
    return _frame(Command.DATA_SM, sequence, body)


def data_sm_resp(sequence: int, *, message_id: str = "", status: int = 0) -> bytes:
    return _frame(Command.DATA_SM_RESP, sequence, _string(message_id, _MESSAGE_ID, "message_id"), status)


def query_sm(sequence: int, *, message_id: str, source: Address) -> bytes:
    return _frame(Command.QUERY_SM, sequence, _string(message_id, _MESSAGE_ID, "message_id") + _address(source, _ADDRESS, "source_addr"))


def query_sm_resp(
    sequence: int, *, message_id: str = "", final_date: str = "", message_state: int = 0, error_code: int = 0, status: int = 0
) -> bytes:
    body = _string(message_id, _MESSAGE_ID, "message_id") + _string(final_date, _TIME, "final_date") + bytes((message_state, error_code))
    return _frame(Command.QUERY_SM_RESP, sequence, body, status)


def cancel_sm(sequence: int, *, message_id: str, source: Address, destination: Address, service_type: str = "") -> bytes:
    body = (
        _string(service_type, _SERVICE_TYPE, "service_type")
        + _string(message_id, _MESSAGE_ID, "message_id")
        + _address(source, _ADDRESS, "source_addr")
        + _address(destination, _ADDRESS, "destination_addr")
    )
    return _frame(Command.CANCEL_SM, sequence, body)


def replace_sm(
    sequence: int,
    *,
    message_id: str,
    source: Address,
    short_message: bytes,
    schedule: str = "",
    validity: str = "",
    registered_delivery: int = 0,
    default_message: int = 0,
) -> bytes:
    if len(short_message) > LONGEST_SHORT_MESSAGE:
        raise ValueError(f"short_message has {len(short_message)} octets, {LONGEST_SHORT_MESSAGE} fit")
    body = (
        _string(message_id, _MESSAGE_ID, "message_id")
        + _address(source, _ADDRESS, "source_addr")
        + _string(schedule, _TIME, "schedule_delivery_time")
        + _string(validity, _TIME, "validity_period")
        + _FLAGS.pack(registered_delivery, default_message, len(short_message))
        + short_message
    )
    return _frame(Command.REPLACE_SM, sequence, body)


def alert_notification(sequence: int, *, source: Address, esme: Address, tlvs: Parameters = ()) -> bytes:
    body = _address(source, _LONG_ADDRESS, "source_addr") + _address(esme, _LONG_ADDRESS, "esme_addr") + tlv.build(tlvs)
    return _frame(Command.ALERT_NOTIFICATION, sequence, body)


def _frame(command: int, sequence: int, body: bytes, status: int = 0) -> bytes:
    return _HEADER.pack(SMALLEST_PDU + len(body), command, status, sequence) + body


def _address(address: Address, room: int, field: str) -> bytes:
    ton, npi, digits = address
    return bytes((ton, npi)) + _string(digits, room, field)


def _string(value: str, room: int, field: str) -> bytes:
    if not value:
        return b"\x00"
    if len(value) > room or "\x00" in value:
        raise ValueError(f"{field} {value!r} must have at most {room} characters and no NUL")
    try:
        return value.encode("latin-1") + b"\x00"
    except UnicodeEncodeError as error:
        raise ValueError(f"{field} {value!r} has characters that SMPP cannot carry") from error
