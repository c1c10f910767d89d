"""The GSM 7-bit default alphabet with its extension table (3GPP TS 23.038 §6.2.1), one octet per septet as SMPP carries it.

How it is fast: Python's charmap codec finds each character's number in C. That codec cannot start its table with a
character other than NUL, so every number is one too high on the way (@ is 1, à is 128) and extension characters stand at 129
and above; one `bytes.translate` brings them down, and only text with an extension character takes the second, slower step.
"""

from __future__ import annotations

import codecs
import re

__all__ = ["ALPHABET", "ESCAPE", "EXTENSION", "decode", "encode", "encode_lossy"]

ESCAPE = 0x1B

# Position is the character's number; position 0x1B is the escape and stands for no character.
ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\ufffeÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)

# Reached by the escape; each costs two septets.
EXTENSION = {0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}

_SHIFTED = codecs.charmap_build(("\x00" + ALPHABET + "".join(EXTENSION.values())).ljust(256, "\ufffe"))
_UNSHIFT = bytes(max(number - 1, 0) for number in range(256))
_PAIRS = {bytes((0x80 + place,)): bytes((ESCAPE, code)) for place, code in enumerate(EXTENSION)}
_EXTENDED = re.compile(rb"[\x80-\xff]")

_READ = ALPHABET.replace("\ufffe", " ") + "\ufffd" * 128
_READ_PAIR = {code: EXTENSION.get(code, character) for code, character in enumerate(_READ)}
_ESCAPED = re.compile(rb"\x1b(.?)", re.DOTALL)


def encode(text: str) -> bytes:
    """Septets of `text`, one octet each; an extension character takes two. Raises UnicodeEncodeError at the first character outside."""
    shifted = codecs.charmap_encode(text, "strict", _SHIFTED)[0]
    if 0 in shifted:
        raise UnicodeEncodeError("gsm7", text, text.index("\x00"), text.index("\x00") + 1, "NUL is not in the GSM alphabet")
    septets = shifted.translate(_UNSHIFT)
    return septets if septets.isascii() else _EXTENDED.sub(lambda found: _PAIRS[found[0]], septets)


def encode_lossy(text: str) -> bytes:
    """As `encode`, with `?` for every character outside."""
    shifted = codecs.charmap_encode(text.replace("\x00", "?"), "replace", _SHIFTED)[0]
    return _EXTENDED.sub(lambda found: _PAIRS[found[0]], shifted.translate(_UNSHIFT))


def decode(septets: bytes) -> str:
    """Text of unpacked septets; never raises.

    By TS 23.038 §6.2.1.1 an escape before a code that is not in the extension table shows the main table's character, and
    an escape before an escape shows a space; so does one at the end. An octet above 0x7F is no septet: U+FFFD.
    """
    if ESCAPE not in septets:
        return codecs.charmap_decode(septets, "strict", _READ)[0]
    pieces: list[str] = []
    start = 0
    for found in _ESCAPED.finditer(septets):
        pieces.append(codecs.charmap_decode(septets[start : found.start()], "strict", _READ)[0])
        pieces.append(_READ_PAIR[found[1][0]] if found[1] else " ")
        start = found.end()
    pieces.append(codecs.charmap_decode(septets[start:], "strict", _READ)[0])
    return "".join(pieces)
