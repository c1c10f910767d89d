"""data_coding (§5.2.19) to text.

The 3GPP half of the numbers (message class and message waiting groups) is read by TS 23.038 §4, because networks leak them.
What we cannot read is not guessed: the answer is None and the bytes are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from textfirst.protocols import gsm7
from textfirst.protocols.sms import Default
from textfirst.protocols.text import storable

__all__ = ["BINARY", "GSM7", "UCS2", "decode"]

GSM7: Final = 0x00  # the carrier's default alphabet, in truth
BINARY: Final = 0x04
UCS2: Final = 0x08

_CODECS: Final[Mapping[int, str]] = {
    0x01: "ascii",
    0x03: "latin-1",
    0x05: "shift_jis",
    0x06: "iso8859-5",
    0x07: "iso8859-8",
    0x08: "utf-16-be",
    0x0A: "iso2022_jp",
    0x0D: "shift_jisx0213",
    0x0E: "euc_kr",
}
_BINARY_CODINGS: Final = frozenset({0x02, 0x04})
_GSM_GROUPS: Final[Mapping[int, str]] = {0b00: "gsm7", 0b01: "binary", 0b10: "utf-16-be"}


def decode(payload: bytes, data_coding: int, *, default: Default = Default.GSM7) -> str | None:
    """The text of a whole message (all parts joined, no header), or None when it is binary or in a coding we do not know.

    Never raises. What cannot be read becomes U+FFFD, as do NUL and lone surrogates.
    """
    codec = _codec(data_coding, default)
    if codec == "gsm7":
        return gsm7.decode(payload)
    if codec == "binary":
        return None
    return storable(payload.decode(codec, "replace"))


def _codec(data_coding: int, default: Default) -> str:
    if data_coding == 0:
        return default.value
    if data_coding in _BINARY_CODINGS:
        return "binary"
    return _CODECS.get(data_coding) or _gsm_codec(data_coding)


def _gsm_codec(data_coding: int) -> str:
    """TS 23.038 §4: 0001-0011 general with class or compression, 1100-1110 message waiting, 1111 message class."""
    group = data_coding >> 4
    if group == 0b1111:
        return "binary" if data_coding & 0b100 else "gsm7"
    if group in {0b1100, 0b1101}:
        return "gsm7"
    if group == 0b1110:
        return "utf-16-be"
    compressed = data_coding & 0x20
    if group in {0b0001, 0b0010, 0b0011} and not compressed:
        return _GSM_GROUPS.get(data_coding >> 2 & 0b11, "binary")
    return "binary"
