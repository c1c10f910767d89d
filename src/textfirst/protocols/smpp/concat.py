"""Texts that come in several parts: where a part belongs, and joining them.

Three ways to say it: a user data header with an 8-bit or 16-bit reference (3GPP TS 23.040 §9.2.3.24.1 and .8), the sar_*
parameters (§5.3.2.22), or no need to, because the whole text is in message_payload. Parts are joined as bytes and decoded
once: a peer may have cut through a surrogate or escape pair.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Final, NamedTuple

from textfirst.protocols.smpp import coding, tlv
from textfirst.protocols.smpp.commands import EsmClass
from textfirst.protocols.smpp.pdus import DataSm, DeliverSm, SubmitSm
from textfirst.protocols.smpp.tlv import Tag
from textfirst.protocols.sms import Default

__all__ = ["Carried", "Joined", "Part", "PartKey", "Piece", "carried", "join"]

_IEI_CONCAT_8: Final = 0x00
_IEI_CONCAT_16: Final = 0x08
SAR: Final = 0  # the `width` of a reference that came in sar_msg_ref_num


class PartKey(NamedTuple):
    """What the parts of one text have in common, beside the channel they came by."""

    source: str
    destination: str
    reference: int
    width: int  # 8, 16, or SAR
    total: int  # 2..255


@dataclass(frozen=True, slots=True)
class Part:
    key: PartKey
    place: int  # 1..total


@dataclass(frozen=True, slots=True)
class Carried:
    """The user data of one PDU without its header; `part` is None for a text that is whole."""

    payload: bytes
    data_coding: int
    part: Part | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A stored part, as `join` wants it."""

    place: int
    payload: bytes
    data_coding: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """A text out of its parts. `text` is None when it is binary; `missing` names the places that never came."""

    payload: bytes
    text: str | None
    missing: tuple[int, ...]


def carried(pdu: DeliverSm | SubmitSm | DataSm) -> Carried:
    """What a PDU carries and which part of what it is; never raises.

    A header that lies about its length is left in the payload, and one whose numbers make no sense (total 0, place above
    total) makes no part: the text is shown alone rather than lost.
    """
    payload = pdu.payload
    if pdu.esm_class & EsmClass.HEADED and payload and payload[0] < len(payload):
        header, payload = payload[1 : payload[0] + 1], payload[payload[0] + 1 :]
        found = _from_header(header) or _from_parameters(pdu.tlvs)
    else:
        found = _from_parameters(pdu.tlvs)
    return Carried(payload, pdu.data_coding, _part(pdu, *found) if found else None)


def join(pieces: Iterable[Piece], total: int, *, default: Default = Default.GSM7, gap: str = "[…]") -> Joined:
    """The text of `pieces`, which may come in any order and more than once (of a repeated place the first counts).

    Neighbours with one data_coding are decoded together; where parts are missing the text shows `gap`.
    """
    first: dict[int, Piece] = {}
    for piece in pieces:
        if 1 <= piece.place <= total:
            first.setdefault(piece.place, piece)
    missing = tuple(place for place in range(1, total + 1) if place not in first)
    runs = [list(run) for _, run in groupby(range(1, total + 1), key=lambda place: _coding_of(first.get(place)))]
    texts = [_text_of([first[place] for place in run if place in first], default, gap) for run in runs]
    payload = b"".join(first[place].payload for place in sorted(first))
    return Joined(payload, "".join(text for text in texts if text is not None) if _readable(texts) else None, missing)


def _coding_of(piece: Piece | None) -> int | None:
    return None if piece is None else piece.data_coding


def _text_of(run: list[Piece], default: Default, gap: str) -> str | None:
    if not run:
        return gap
    return coding.decode(b"".join(piece.payload for piece in run), run[0].data_coding, default=default)


def _readable(texts: list[str | None]) -> bool:
    return any(text is not None for text in texts)


class _Found(NamedTuple):
    reference: int
    width: int
    total: int
    place: int


def _from_header(header: bytes) -> _Found | None:
    """The concatenation element of a user data header; the last one counts when there are several (TS 23.040 §9.2.3.24)."""
    found = None
    at = 0
    while at + 2 <= len(header):
        element, length = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + length]
        if element == _IEI_CONCAT_8 and len(value) == 3:
            found = _Found(value[0], 8, value[1], value[2])
        elif element == _IEI_CONCAT_16 and len(value) == 4:
            found = _Found(int.from_bytes(value[:2], "big"), 16, value[2], value[3])
        at += 2 + length
    return found


def _from_parameters(tlvs: tlv.Tlvs) -> _Found | None:
    if not tlvs:
        return None
    reference = tlv.integer(tlvs, Tag.SAR_MSG_REF_NUM)
    total = tlv.integer(tlvs, Tag.SAR_TOTAL_SEGMENTS)
    place = tlv.integer(tlvs, Tag.SAR_SEGMENT_SEQNUM)
    return None if reference is None or total is None or place is None else _Found(reference, SAR, total, place)


def _part(pdu: DeliverSm | SubmitSm | DataSm, reference: int, width: int, total: int, place: int) -> Part | None:
    """None for a text of one part and for numbers that make no sense."""
    if not 1 <= place <= total <= 255 or total == 1:
        return None
    return Part(PartKey(pdu.source, pdu.destination, reference, width, total), place)
