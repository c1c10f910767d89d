"""Delivery receipts: from the optional parameters first, then from the text of Appendix B, in the dialects carriers speak.

Only a PDU whose esm_class has a receipt bit is read. A person can text "id:123 stat:DELIVRD"; the carrier alone sets that bit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Final, NamedTuple

from textfirst.protocols.smpp import coding, tlv
from textfirst.protocols.smpp.commands import EsmClass
from textfirst.protocols.smpp.concat import carried
from textfirst.protocols.smpp.pdus import DataSm, DeliverSm
from textfirst.protocols.smpp.tlv import Tag

__all__ = ["WORDS", "MessageState", "Receipt", "read", "write_text"]


class MessageState(IntEnum):
    """§5.2.28, with the two that SMPP 5.0 added and some 3.4 carriers send."""

    SCHEDULED = 0
    ENROUTE = 1
    DELIVERED = 2
    EXPIRED = 3
    DELETED = 4
    UNDELIVERABLE = 5
    ACCEPTED = 6
    UNKNOWN = 7
    REJECTED = 8
    SKIPPED = 9

    @property
    def final(self) -> bool:
        """Whether nothing more is to come (§5.2.28). ACCEPTED is final by the letter; carriers use it for "we have it"."""
        return self not in {MessageState.SCHEDULED, MessageState.ENROUTE, MessageState.ACCEPTED}


# The seven letters of Appendix B first, then what carriers send instead.
WORDS: Final[Mapping[str, MessageState]] = {
    "ENROUTE": MessageState.ENROUTE,
    "DELIVRD": MessageState.DELIVERED,
    "EXPIRED": MessageState.EXPIRED,
    "DELETED": MessageState.DELETED,
    "UNDELIV": MessageState.UNDELIVERABLE,
    "ACCEPTD": MessageState.ACCEPTED,
    "UNKNOWN": MessageState.UNKNOWN,
    "REJECTD": MessageState.REJECTED,
    "DELIVERED": MessageState.DELIVERED,
    "DELIVERD": MessageState.DELIVERED,
    "UNDELIVERED": MessageState.UNDELIVERABLE,
    "UNDELIVERABLE": MessageState.UNDELIVERABLE,
    "UNDELIVRD": MessageState.UNDELIVERABLE,
    "FAILED": MessageState.UNDELIVERABLE,
    "ACCEPTED": MessageState.ACCEPTED,
    "ACKED": MessageState.ACCEPTED,
    "BUFFERED": MessageState.ENROUTE,
    "BUFFRED": MessageState.ENROUTE,
    "REJECTED": MessageState.REJECTED,
    "SKIPPED": MessageState.SKIPPED,
}
_BY_NUMBER: Final = {int(state): state for state in MessageState}
_LETTERS: Final = {state: word for word, state in reversed(list(WORDS.items()))}


class Receipt(NamedTuple):
    """What the carrier says became of a message.

    `message_id` is as the carrier wrote it (see `message_ids`), empty when it gave none. `state` is None when its word is not
    one we know: log `word`, change nothing. `submitted` and `done` are the carrier's own, mostly without a zone.
    """

    message_id: str
    state: MessageState | None
    word: str
    error: str
    submitted: str
    done: str
    intermediate: bool


def read(pdu: DeliverSm | DataSm) -> Receipt | None:
    """The receipt in `pdu`, or None when the carrier did not mark it as one; never raises."""
    if not pdu.is_receipt:
        return None
    tlvs = pdu.tlvs
    if not tlvs:
        identifier, submitted, done, word, error = _said(pdu)
        return Receipt(identifier, _state(None, word), word, error, submitted, done, bool(pdu.esm_class & _INTERMEDIATE))
    identifier, submitted, done, word, error = _said(pdu)
    number = tlv.integer(tlvs, Tag.MESSAGE_STATE)
    return Receipt(
        tlv.string(tlvs, Tag.RECEIPTED_MESSAGE_ID) or identifier,
        _state(number, word),
        word or ("" if number is None else str(number)),
        error or _error(tlvs),
        submitted,
        done,
        bool(pdu.esm_class & _INTERMEDIATE),
    )


def write_text(
    *, message_id: str, state: MessageState, submitted: str, done: str, error: str = "000", text: str = "", count: str = "001"
) -> str:
    """Appendix B's text, as a carrier writes it; dates are YYMMDDhhmm."""
    delivered = count if state is MessageState.DELIVERED else "000"
    return (
        f"id:{message_id} sub:{count} dlvrd:{delivered} submit date:{submitted} done date:{done}"
        f" stat:{_LETTERS.get(state, state.name[:7])} err:{error} text:{text[:20]}"
    )


# Nothing after "text:" is read: those are the first words of the message, and whoever wrote it could forge a receipt there.
_KEPT: Final = re.compile(r"\btext\s*[:=].*", re.IGNORECASE | re.DOTALL)
_FIELD: Final = re.compile(
    r"(?<![a-z])(id|stat(?:us|e)?|err(?:or)?|submit[ _-]?date|done[ _-]?date)\s*[:=]\s*\"?([^\s,;|\"]*)", re.IGNORECASE | re.ASCII
)
_NAMES: Final = {"status": "stat", "state": "stat", "error": "err"}

# Most carriers follow Appendix B to the letter: one match instead of a search in any order.
_BY_THE_LETTER: Final = re.compile(
    r"id:(\S*) sub:\d* dlvrd:\d* submit date:(\d*) done date:(\d*) stat:(\w*) err:(\w*)(?: text:|\s*$)", re.IGNORECASE | re.ASCII
)
_LETTER_FIELDS: Final = ("id", "submit date", "done date", "stat", "err")
_INTERMEDIATE: Final = int(EsmClass.INTERMEDIATE)
_SINGLE_OCTET_CODINGS: Final = frozenset({0x00, 0x01, 0x03})


def _said(pdu: DeliverSm | DataSm) -> Sequence[str]:
    """The text's fields in the order of `_LETTER_FIELDS`, empty where there is none; of a repeated one the first counts.

    Receipts are ASCII whatever data_coding 0 means for texts: read as GSM-7, the underscore of an id would become §.
    """
    if pdu.data_coding in _SINGLE_OCTET_CODINGS and (found := _BY_THE_LETTER.match(pdu.payload.decode("latin-1"))):
        return found.groups()
    content = carried(pdu)
    text = content.payload.decode("utf-16-be" if content.data_coding == coding.UCS2 else "latin-1", "replace")
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(_KEPT.sub("", text)):
        key = re.sub(r"[ _-]?date", " date", name.lower())
        fields.setdefault(_NAMES.get(key, key), value)
    return [fields.get(name, "") for name in _LETTER_FIELDS]


def _state(number: int | None, word: str) -> MessageState | None:
    if number is not None and number in _BY_NUMBER:
        return _BY_NUMBER[number]
    return (
        WORDS.get(word)
        or WORDS.get(word.upper())
        or (_BY_NUMBER.get(int(word)) if word.isascii() and word.isdigit() and len(word) == 1 else None)
    )


def _error(tlvs: tlv.Tlvs) -> str:
    """The carrier's own error when its text gives none: network_error_code (§5.3.2.31) as `network type:code`."""
    raw = tlvs.get(Tag.NETWORK_ERROR_CODE, b"")
    return "" if len(raw) != 3 else f"{raw[0]}:{int.from_bytes(raw[1:], 'big')}"
