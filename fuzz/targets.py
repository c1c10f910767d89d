"""What must hold for any bytes at all: one function per decoder, which raises when it does not.

A carrier and every phone behind it can send whatever they like. So no decoder may raise anything but its own typed error, none may
be slow, what was decoded must survive being written and read again, and no text may hold what PostgreSQL or UTF-8 refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from textfirst.core.errors import InvalidInput
from textfirst.protocols import gsm7, sms
from textfirst.protocols.smpp import build, coding, pdus, receipts, tlv
from textfirst.protocols.smpp.concat import Piece, carried, join
from textfirst.protocols.smpp.framer import Framer, FramingLost
from textfirst.protocols.smpp.message_ids import IdForm, from_receipt, from_response
from textfirst.protocols.smpp.pdus import Address
from textfirst.protocols.smpp.status import meaning
from textfirst.protocols.text import storable

__all__ = ["TARGETS"]

PART = 140  # octets of user data in a short message
LONGEST_HEADED = 254  # octets of short_message


def frames(data: bytes) -> None:
    """A stream is read the same in one piece and in many; every PDU keeps its bytes; a message can be written and read again."""
    events, lost = _fed(data, len(data) or 1)
    assert (events, lost) == _fed(data, 1 + sum(data[:4]) % 29), "the cut of the stream changed what was read"
    whole = b"".join(event.raw for event in events if not isinstance(event, pdus.Unframed))
    assert data.startswith(whole)
    for event in events:
        if isinstance(event, pdus.SubmitSm | pdus.DeliverSm):
            _written_again(event)
        if isinstance(event, pdus.DeliverSm | pdus.DataSm | pdus.SubmitSm):
            carried(event)
            receipts.read(event) if not isinstance(event, pdus.SubmitSm) else None
            tlv.named(event.tlvs)
        if isinstance(event, pdus.SubmitSmResp | pdus.BindResp | pdus.GenericNack):
            meaning(event.status)


def _fed(data: bytes, size: int) -> tuple[list[pdus.Event], bool]:
    """The events of a stream that comes `size` octets at a time, and whether it could not be framed."""
    framer, events = Framer(), []
    for at in range(0, len(data), size):
        try:
            events += framer.feed(data[at : at + size])
        except FramingLost:
            return events, True
    return events, bool(events) and isinstance(events[-1], pdus.Unframed)


def _written_again(pdu: pdus.SubmitSm | pdus.DeliverSm) -> None:
    command = pdus.Command.SUBMIT_SM if isinstance(pdu, pdus.SubmitSm) else pdus.Command.DELIVER_SM
    try:
        raw = build.submit_sm(
            pdu.sequence,
            source=Address(pdu.source_ton, pdu.source_npi, pdu.source),
            destination=Address(pdu.destination_ton, pdu.destination_npi, pdu.destination),
            short_message=pdu.short_message,
            data_coding=pdu.data_coding,
            esm_class=pdu.esm_class,
            registered_delivery=pdu.registered_delivery,
            validity=pdu.validity,
            service_type=pdu.service_type,
            protocol_id=pdu.protocol_id,
            priority=pdu.priority,
            schedule=pdu.schedule,
            replace_if_present=pdu.replace_if_present,
            default_message=pdu.default_message,
            tlvs=tuple(pdu.tlvs.items()),
            command=command,
        )
    except ValueError:
        return  # longer than the standard allows: we read it, we do not write it
    [again] = Framer().feed(raw)
    assert again[:-1] == pdu[:-1], "a message changed by being written and read"


def headers(data: bytes) -> None:
    """A part with any header is text, binary, or a part with sensible numbers; joining loses nothing and never raises."""
    if len(data) < 2:
        return
    data_coding, esm_class, body = data[0], 0x40 if data[1] & 1 else 0, data[2 : 2 + LONGEST_HEADED]
    [pdu] = Framer().feed(
        build.deliver_sm(1, source=Address(1, 1, "4479"), destination=Address(1, 1, "1"), short_message=body, data_coding=data_coding, esm_class=esm_class)
    )  # fmt: skip
    assert isinstance(pdu, pdus.DeliverSm)
    content = carried(pdu)
    assert body.endswith(content.payload)
    if content.part:
        assert 1 <= content.part.place <= content.part.key.total <= 255
        assert content.part.key.total > 1
    total = content.part.key.total if content.part else 1 + data[1] % 5
    pieces = [Piece(1 + place % (total + 1), content.payload[place:], data_coding ^ (place & 8)) for place in range(min(len(body), 7))]
    joined = join(pieces, total)
    _may_be_stored(joined.text)
    assert set(joined.missing) == set(range(1, total + 1)) - {piece.place for piece in pieces}
    _may_be_stored(coding.decode(content.payload, data_coding))


def gsm(data: bytes) -> None:
    """Any octets are some text; any text is cut into parts that fit, and comes back from them as it was."""
    text = gsm7.decode(data)
    _may_be_stored(text)
    if "\ufffd" not in text:
        assert gsm7.decode(gsm7.encode(text)) == text
    _cut_and_joined(data.decode("utf-8", "surrogatepass" if data[:1] == b"\xed" else "replace") if _is_utf8(data) else text)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def _cut_and_joined(text: str) -> None:
    for choice in sms.Choice:
        try:
            parts = sms.cut(text, 7, choice=choice)
            planned = sms.plan(text, choice=choice)
        except InvalidInput:
            return
        assert planned.parts == len(parts.bodies)
        assert all(len(body) <= (160 if parts.alphabet is sms.Alphabet.GSM7 else PART) for body in parts.bodies)
        data_coding = coding.GSM7 if parts.alphabet is sms.Alphabet.GSM7 else coding.UCS2
        cut = [body[6:] for body in parts.bodies] if parts.headed else parts.bodies
        texts = [coding.decode(body, data_coding) or "" for body in cut]
        if choice is not sms.Choice.GSM7:
            assert "".join(texts) == storable(text), "a part does not stand alone"
        assert join([Piece(place, body, data_coding) for place, body in enumerate(cut, 1)], len(cut)).text == "".join(texts)


def reports(data: bytes) -> None:
    """A receipt in any words is read or left unread; ids of it are brought to one form, which stays what it is."""
    if len(data) < 2:
        return
    by_payload, data_coding, text = data[0] & 1, data[0] & 8, data[1:]
    receipt = receipts.read(_receipt(text if by_payload else text[:LONGEST_HEADED], data_coding, by_payload=bool(by_payload), said=data[0]))
    assert receipt is not None
    for form in IdForm:
        one = from_receipt(receipt.message_id, form)
        from_response(receipt.message_id, form)
        if form in {IdForm.AS_IS, IdForm.LOOSE, IdForm.DECIMAL}:
            assert from_receipt(one, form) == one
    for written in (receipt.message_id, receipt.word, receipt.error, receipt.submitted, receipt.done):
        storable(written).encode()


def _receipt(text: bytes, data_coding: int, *, by_payload: bool, said: int) -> pdus.DeliverSm:
    parameters: list[tuple[int, bytes]] = [(tlv.Tag.MESSAGE_PAYLOAD, text[:60_000])] if by_payload else []
    parameters += [(tlv.Tag.RECEIPTED_MESSAGE_ID, text[:9])] if said & 2 else []
    parameters += [(tlv.Tag.MESSAGE_STATE, text[:1])] if said & 4 else []
    parameters += [(tlv.Tag.NETWORK_ERROR_CODE, text[:3])] if said & 16 else []
    [pdu] = Framer().feed(
        build.deliver_sm(
            1,
            source=Address(1, 1, "4479"),
            destination=Address(1, 1, "1"),
            esm_class=0x44 if said & 32 else 0x04,
            short_message=b"" if by_payload else text,
            data_coding=data_coding,
            tlvs=parameters,
        )
    )
    assert isinstance(pdu, pdus.DeliverSm)
    return pdu


def _may_be_stored(text: str | None) -> None:
    """No NUL, no lone surrogate."""
    if text is not None:
        assert text == storable(text)
        text.encode()


TARGETS: Mapping[str, Callable[[bytes], None]] = {"frames": frames, "headers": headers, "gsm": gsm, "reports": reports}
