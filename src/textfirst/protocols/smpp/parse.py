"""One frame into one PDU: a reader per command, in a table.

A reader takes the whole frame and what its header said. It raises Unreadable, IndexError, ValueError or struct.error when the
body is not what the command promises; `parse` turns each of them into a Malformed event, so one bad PDU never costs the others
of its batch. Lengths of strings are not enforced: a carrier whose ids are longer than the standard's still delivers.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from textfirst.protocols.smpp import pdus, tlv
from textfirst.protocols.smpp.commands import Command
from textfirst.protocols.smpp.status import Status

__all__ = ["parse"]

_Message = TypeVar("_Message", pdus.SubmitSm, pdus.DeliverSm)
_HeaderOnly = TypeVar(
    "_HeaderOnly",
    pdus.Unbind,
    pdus.UnbindResp,
    pdus.EnquireLink,
    pdus.EnquireLinkResp,
    pdus.GenericNack,
    pdus.CancelSmResp,
    pdus.ReplaceSmResp,
)
_Reader = Callable[[bytes, int, int], pdus.Pdu]

_BODY: Final = 16  # where the body begins
_FLAGS: Final = struct.Struct("BBBBB")


class Unreadable(Exception):
    """A body that cannot be read, with the status that says so best."""

    def __init__(self, answer: Status, reason: str) -> None:
        super().__init__(reason)
        self.answer = answer


def parse(raw: bytes, command_id: int, status: int, sequence: int) -> pdus.Event:
    """The PDU in the frame `raw`, or Unknown, or Malformed; never raises."""
    reader = _READERS.get(command_id)
    if reader is None:
        return pdus.Unknown(command_id, sequence, status, raw)
    try:
        return reader(raw, status, sequence)
    except Unreadable as error:
        return pdus.Malformed(Command(command_id), sequence, status, error.answer, str(error), raw)
    except (ValueError, IndexError, struct.error):
        return pdus.Malformed(Command(command_id), sequence, status, Status.RINVCMDLEN, "the body ends too early", raw)


def _submit_sm(raw: bytes, _status: int, sequence: int) -> pdus.SubmitSm:
    return _message(pdus.SubmitSm, raw, sequence)


def _deliver_sm(raw: bytes, _status: int, sequence: int) -> pdus.DeliverSm:
    return _message(pdus.DeliverSm, raw, sequence)


def _message(kind: type[_Message], raw: bytes, sequence: int) -> _Message:
    """The twenty fields of §4.4.1 in one go: this and `_submit_sm_resp` are what the engine's speed hangs on."""
    find = raw.index
    service_end = find(0, _BODY)
    source_end = find(0, service_end + 3)
    destination_end = find(0, source_end + 3)
    schedule_end = find(0, destination_end + 4)
    validity_end = find(0, schedule_end + 1)
    registered, replace, coding, default, length = _FLAGS.unpack_from(raw, validity_end + 1)
    start = validity_end + 6
    end = start + length
    if end > len(raw):
        raise Unreadable(Status.RINVMSGLEN, f"sm_length says {length} octets, {len(raw) - start} are there")
    return tuple.__new__(
        kind,
        (
            sequence,
            raw[_BODY:service_end].decode("latin-1"),
            raw[service_end + 1],
            raw[service_end + 2],
            raw[service_end + 3 : source_end].decode("latin-1"),
            raw[source_end + 1],
            raw[source_end + 2],
            raw[source_end + 3 : destination_end].decode("latin-1"),
            raw[destination_end + 1],
            raw[destination_end + 2],
            raw[destination_end + 3],
            raw[destination_end + 4 : schedule_end].decode("latin-1"),
            raw[schedule_end + 1 : validity_end].decode("latin-1"),
            registered,
            replace,
            coding,
            default,
            raw[start:end],
            tlv.NONE if end == len(raw) else _tlvs(raw, end),
            raw,
        ),
    )


def _submit_sm_resp(raw: bytes, status: int, sequence: int) -> pdus.SubmitSmResp:
    """A body may be missing after a refusal; some carriers leave it out, or its NUL, after success too."""
    end = raw.find(0, _BODY)
    if end in {-1, len(raw) - 1}:
        return tuple.__new__(pdus.SubmitSmResp, (sequence, status, raw[_BODY : end if end > 0 else None].decode("latin-1"), tlv.NONE, raw))
    return pdus.SubmitSmResp(sequence, status, raw[_BODY:end].decode("latin-1"), _tlvs(raw, end + 1), raw)


def _deliver_sm_resp(raw: bytes, status: int, sequence: int) -> pdus.DeliverSmResp:
    """Its message_id is unused by the standard (§4.6.2); whatever stands there is in `raw`."""
    return tuple.__new__(pdus.DeliverSmResp, (sequence, status, raw))


def _bind(raw: bytes, _status: int, sequence: int) -> pdus.Bind:
    system_id, at = _string(raw, _BODY)
    password, at = _string(raw, at)
    system_type, at = _string(raw, at)
    version = raw[at]
    addresses, _ = _address(raw, at + 1)
    return pdus.Bind(sequence, Command(int.from_bytes(raw[4:8], "big")), system_id, password, system_type, version, addresses, raw)


def _bind_resp(raw: bytes, status: int, sequence: int) -> pdus.BindResp:
    """A refusal may come without a body (§4.1.2 note)."""
    system_id, at = _string(raw, _BODY) if len(raw) > _BODY else ("", _BODY)
    return pdus.BindResp(sequence, Command(int.from_bytes(raw[4:8], "big")), status, system_id, _tlvs(raw, at), raw)


def _outbind(raw: bytes, _status: int, sequence: int) -> pdus.Outbind:
    system_id, at = _string(raw, _BODY)
    password, _ = _string(raw, at)
    return pdus.Outbind(sequence, system_id, password, raw)


def _header_only(kind: type[_HeaderOnly]) -> _Reader:
    """A PDU without a body; octets that follow the header all the same are ignored."""

    def read(raw: bytes, status: int, sequence: int) -> pdus.Pdu:
        return kind(sequence, status, raw)

    return read


def _data_sm(raw: bytes, _status: int, sequence: int) -> pdus.DataSm:
    service_type, at = _string(raw, _BODY)
    source, at = _address(raw, at)
    destination, at = _address(raw, at)
    esm_class, registered, coding = raw[at], raw[at + 1], raw[at + 2]
    tlvs = _tlvs(raw, at + 3)
    return pdus.DataSm(sequence, service_type, *source, *destination, esm_class, registered, coding, tlvs, raw)


def _data_sm_resp(raw: bytes, status: int, sequence: int) -> pdus.DataSmResp:
    message_id, at = _string(raw, _BODY) if len(raw) > _BODY else ("", _BODY)
    return pdus.DataSmResp(sequence, status, message_id, _tlvs(raw, at), raw)


def _query_sm(raw: bytes, _status: int, sequence: int) -> pdus.QuerySm:
    message_id, at = _string(raw, _BODY)
    source, _ = _address(raw, at)
    return pdus.QuerySm(sequence, message_id, source, raw)


def _query_sm_resp(raw: bytes, status: int, sequence: int) -> pdus.QuerySmResp:
    if status and len(raw) == _BODY:
        return pdus.QuerySmResp(sequence, status, "", "", 0, 0, raw)
    message_id, at = _string(raw, _BODY)
    final_date, at = _string(raw, at)
    return pdus.QuerySmResp(sequence, status, message_id, final_date, raw[at], raw[at + 1], raw)


def _cancel_sm(raw: bytes, _status: int, sequence: int) -> pdus.CancelSm:
    service_type, at = _string(raw, _BODY)
    message_id, at = _string(raw, at)
    source, at = _address(raw, at)
    destination, _ = _address(raw, at)
    return pdus.CancelSm(sequence, service_type, message_id, source, destination, raw)


def _replace_sm(raw: bytes, _status: int, sequence: int) -> pdus.ReplaceSm:
    message_id, at = _string(raw, _BODY)
    source, at = _address(raw, at)
    schedule, at = _string(raw, at)
    validity, at = _string(raw, at)
    registered, default, length = raw[at], raw[at + 1], raw[at + 2]
    message = raw[at + 3 : at + 3 + length]
    if len(message) < length:
        raise Unreadable(Status.RINVMSGLEN, f"sm_length says {length} octets, {len(message)} are there")
    return pdus.ReplaceSm(sequence, message_id, source, schedule, validity, registered, default, message, raw)


def _alert_notification(raw: bytes, _status: int, sequence: int) -> pdus.AlertNotification:
    source, at = _address(raw, _BODY)
    esme, at = _address(raw, at)
    return pdus.AlertNotification(sequence, source, esme, _tlvs(raw, at), raw)


def _string(raw: bytes, at: int) -> tuple[str, int]:
    end = raw.index(0, at)
    return raw[at:end].decode("latin-1"), end + 1


def _address(raw: bytes, at: int) -> tuple[pdus.Address, int]:
    digits, end = _string(raw, at + 2)
    return pdus.Address(raw[at], raw[at + 1], digits), end


def _tlvs(raw: bytes, at: int) -> tlv.Tlvs:
    if at == len(raw):
        return tlv.NONE
    try:
        return tlv.parse(raw, at)
    except ValueError as error:
        raise Unreadable(Status.RINVOPTPARSTREAM, str(error)) from error


_READERS: Final[Mapping[int, _Reader]] = {
    int(command): reader
    for command, reader in {
        Command.GENERIC_NACK: _header_only(pdus.GenericNack),
        Command.BIND_RECEIVER: _bind,
        Command.BIND_RECEIVER_RESP: _bind_resp,
        Command.BIND_TRANSMITTER: _bind,
        Command.BIND_TRANSMITTER_RESP: _bind_resp,
        Command.BIND_TRANSCEIVER: _bind,
        Command.BIND_TRANSCEIVER_RESP: _bind_resp,
        Command.OUTBIND: _outbind,
        Command.UNBIND: _header_only(pdus.Unbind),
        Command.UNBIND_RESP: _header_only(pdus.UnbindResp),
        Command.ENQUIRE_LINK: _header_only(pdus.EnquireLink),
        Command.ENQUIRE_LINK_RESP: _header_only(pdus.EnquireLinkResp),
        Command.SUBMIT_SM: _submit_sm,
        Command.SUBMIT_SM_RESP: _submit_sm_resp,
        Command.DELIVER_SM: _deliver_sm,
        Command.DELIVER_SM_RESP: _deliver_sm_resp,
        Command.DATA_SM: _data_sm,
        Command.DATA_SM_RESP: _data_sm_resp,
        Command.QUERY_SM: _query_sm,
        Command.QUERY_SM_RESP: _query_sm_resp,
        Command.CANCEL_SM: _cancel_sm,
        Command.CANCEL_SM_RESP: _header_only(pdus.CancelSmResp),
        Command.REPLACE_SM: _replace_sm,
        Command.REPLACE_SM_RESP: _header_only(pdus.ReplaceSmResp),
        Command.ALERT_NOTIFICATION: _alert_notification,
    }.items()
}
