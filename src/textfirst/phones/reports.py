"""Receipts as this carrier writes them: deliver_sm with the receipt bit, both optional parameters and Appendix B's text.

How it is fast: all that does not change from one to the next is a template; a test compares the result with `build.deliver_sm`,
octet for octet.
"""

from __future__ import annotations

import time
from struct import Struct
from typing import Final

from textfirst.protocols.smpp import build
from textfirst.protocols.smpp.commands import SMALLEST_PDU, Command, EsmClass
from textfirst.protocols.smpp.message_ids import IdForm
from textfirst.protocols.smpp.pdus import Address, DataSm, SubmitSm
from textfirst.protocols.smpp.receipts import MessageState, write_text
from textfirst.protocols.smpp.tlv import Tag

__all__ = ["UNKNOWN_TLVS", "receipt", "strange_receipt", "stray", "written_id"]

UNKNOWN_TLVS: Final = ((0x1403, b"vendor"), (0x3FFF, b""), (0x0005, b"\x00" * 300), (0xFFFF, b"\xff"))

_HEADER: Final = Struct(">IIII")
_FIRST_WORDS: Final = 20  # characters of the message in its receipt


def written_id(number: int, form: IdForm, *, in_receipt: bool) -> str:
    """A message id as this carrier writes it in its answers, and in its receipts."""
    if form is IdForm.DECIMAL:
        return str(number)
    if form is IdForm.LOOSE:
        return f"{number:x}" if in_receipt else f"{number:016X}"
    if form is IdForm.HEX or form is (IdForm.DECIMAL_THEN_HEX if in_receipt else IdForm.HEX_THEN_DECIMAL):
        return f"{number:X}"
    return str(number)


def receipt(pdu: SubmitSm | DataSm, *, message_id: str, delivered: bool, submitted: float, words: str) -> bytes:
    """What became of `pdu`, from its recipient to its sender; `submitted` in seconds since 1970, `words` the text itself."""
    said = message_id.encode()
    text = b"id:%b sub:001 dlvrd:%b submit date:%b done date:%b stat:%b err:%b text:%b" % (
        said,
        b"001" if delivered else b"000",
        stamp(submitted),
        stamp(time.time()),
        b"DELIVRD" if delivered else b"UNDELIV",
        b"000" if delivered else b"001",
        first_words(words),
    )
    body = b"\0%c%c%b\0%c%c%b\0\x04\0\0\0\0\0\0\0\0%c%b\0\x1e\0%c%b\0\x04\x27\0\x01%c" % (
        pdu.destination_ton, pdu.destination_npi, pdu.destination.encode("latin-1"),
        pdu.source_ton, pdu.source_npi, pdu.source.encode("latin-1"),
        len(text), text, len(said) + 1, said, MessageState.DELIVERED if delivered else MessageState.UNDELIVERABLE,
    )  # fmt: skip
    return _HEADER.pack(SMALLEST_PDU + len(body), Command.DELIVER_SM, 0, 0) + body


def strange_receipt(pdu: SubmitSm | DataSm, *, message_id: str, state: MessageState, submitted: float, unknown_tlvs: bool) -> bytes:
    """A receipt that need not be fast: any state, perhaps without an id, perhaps with parameters that nobody knows."""
    text = write_text(
        message_id=message_id,
        state=state,
        submitted=stamp(submitted).decode(),
        done=stamp(time.time()).decode(),
        error="001" if state is MessageState.UNDELIVERABLE else "000",
    )
    named = [(Tag.RECEIPTED_MESSAGE_ID, message_id.encode() + b"\x00")] if message_id else []
    return build.deliver_sm(
        0,
        source=Address(pdu.destination_ton, pdu.destination_npi, pdu.destination),
        destination=Address(pdu.source_ton, pdu.source_npi, pdu.source),
        esm_class=EsmClass.RECEIPT,
        short_message=(text if message_id else text.removeprefix("id: ")).encode("latin-1"),
        tlvs=(*named, (Tag.MESSAGE_STATE, bytes((state,))), *(UNKNOWN_TLVS if unknown_tlvs else ())),
    )


def stray(number: int, form: IdForm) -> bytes:
    """A receipt for a text that was never sent."""
    message_id = written_id(number, form, in_receipt=True)
    now = stamp(time.time()).decode()
    return build.deliver_sm(
        0,
        source=Address(1, 1, f"4470{number % 10**8:08d}"),
        destination=Address(1, 1, "10001"),
        esm_class=EsmClass.RECEIPT,
        short_message=write_text(message_id=message_id, state=MessageState.DELIVERED, submitted=now, done=now).encode("latin-1"),
        tlvs=((Tag.RECEIPTED_MESSAGE_ID, message_id.encode() + b"\x00"), (Tag.MESSAGE_STATE, bytes((MessageState.DELIVERED,)))),
    )


def first_words(words: str) -> bytes:
    start = words[:_FIRST_WORDS]
    return start.encode() if start.isascii() else b""


_stamps: dict[int, bytes] = {}


def stamp(at: float) -> bytes:
    """YYMMDDhhmm in UTC; a minute is written once."""
    minute = int(at) // 60
    written = _stamps.get(minute)
    if written is None:
        if len(_stamps) > 100:
            _stamps.clear()
        written = _stamps[minute] = time.strftime("%y%m%d%H%M", time.gmtime(minute * 60)).encode()
    return written
