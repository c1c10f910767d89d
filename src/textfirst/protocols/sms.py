"""A text cut into the parts of a short message (3GPP TS 23.040 §9.2.3.24, TS 23.038).

One function, `_fit`, decides encoding and places of the cuts. The composer's preview and the price (`plan`) and the bytes that
leave (`cut`) all come from it, so they cannot disagree.

A part carries 140 octets of user data:

                       GSM-7 septets    UTF-16 code units
    alone                    160               70
    8-bit reference          153               67         header 05 00 03 ref total seq
    16-bit reference         152               66         header 06 08 04 ref ref total seq

No part ends inside an escape pair, a surrogate pair or, unless one visible character is longer than a part, inside a
visible character: some carriers strip the header, so each part must stand alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from textfirst.core.errors import InvalidInput
from textfirst.protocols import gsm7
from textfirst.protocols.graphemes import is_boundary
from textfirst.protocols.text import storable

__all__ = ["Alphabet", "Choice", "Default", "Foreign", "Parts", "Segments", "cut", "plan"]

MOST_PARTS = 255  # the header has one octet for the total


class Alphabet(Enum):
    """How a message's characters are written."""

    GSM7 = "gsm7"
    UCS2 = "ucs2"  # UTF-16, big-endian

    @property
    def alone(self) -> int:
        """Units (septets or UTF-16 code units) of a message in one part."""
        return 160 if self is Alphabet.GSM7 else 70

    def together(self, *, wide: bool) -> int:
        """Units of each part of a longer message, with an 8-bit or a 16-bit (`wide`) reference."""
        if self is Alphabet.GSM7:
            return 152 if wide else 153
        return 66 if wide else 67


class Choice(Enum):
    """Which alphabet the sender asked for."""

    AUTO = "auto"  # GSM-7 when every character is in it, else Unicode
    GSM7 = "gsm7"  # characters outside become `?`
    UNICODE = "unicode"


class Default(Enum):
    """What a carrier means by data_coding 0, a setting of the channel.

    Room is counted in septets whichever it is, because on the air a message is GSM-7. A carrier that speaks Latin-1 or ASCII
    cannot be given what that lacks, so such a character forces Unicode.
    """

    GSM7 = "gsm7"
    LATIN1 = "latin1"
    ASCII = "ascii"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A character that is not in the small alphabet; `position` is its first place, in code points."""

    character: str
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Segments:
    """What a text will cost: parts, units used in all of them (headers not counted) and units still free in the last."""

    alphabet: Alphabet
    parts: int
    used: int
    left: int
    foreign: tuple[Foreign, ...]  # what forced Unicode; under Choice.GSM7 what becomes `?`


class Parts(NamedTuple):
    """The user data of each part, headers included: what goes into `short_message`."""

    alphabet: Alphabet
    bodies: tuple[bytes, ...]

    @property
    def headed(self) -> bool:
        """Whether the bodies begin with a user data header, so that esm_class needs its UDHI bit."""
        return len(self.bodies) > 1


def plan(text: str, *, choice: Choice = Choice.AUTO, default: Default = Default.GSM7, wide_reference: bool = False) -> Segments:
    """Count the parts of `text` and name what forced Unicode. Raises InvalidInput (`text_too_long`) beyond 255 parts."""
    fitted = _fit(text, choice, default, wide=wide_reference)
    alphabet, pieces = fitted.alphabet, fitted.pieces
    room = alphabet.alone if len(pieces) == 1 else alphabet.together(wide=wide_reference)
    sizes = [_units(piece, alphabet) for piece in pieces]
    foreign = () if choice is Choice.UNICODE else _foreign(text, default)
    return Segments(alphabet, len(pieces), sum(sizes), room - sizes[-1], foreign)


def cut(
    text: str,
    reference: int = 0,
    *,
    choice: Choice = Choice.AUTO,
    default: Default = Default.GSM7,
    wide_reference: bool = False,
) -> Parts:
    """The parts of `text` as octets; `reference` (0..255, or ..65535 when wide) ties several parts together.

    Raises InvalidInput (`text_too_long`) beyond 255 parts.
    """
    fitted = _fit(text, choice, default, wide=wide_reference)
    octets = fitted.octets(default)
    if len(octets) == 1:
        return Parts(fitted.alphabet, tuple(octets))
    header, total = _header(reference, wide=wide_reference), len(octets)
    return Parts(fitted.alphabet, tuple(header + bytes((total, place)) + body for place, body in enumerate(octets, 1)))


class _Fitted(NamedTuple):
    """A text with its alphabet chosen and its cuts made: septets for GSM-7, UTF-16 octets for Unicode."""

    alphabet: Alphabet
    pieces: Sequence[bytes]

    def octets(self, default: Default) -> Sequence[bytes]:
        if default is Default.GSM7 or self.alphabet is Alphabet.UCS2:
            return self.pieces
        return [gsm7.decode(piece).encode(default.value) for piece in self.pieces]


def _fit(text: str, choice: Choice, default: Default, *, wide: bool) -> _Fitted:
    septets = None if choice is Choice.UNICODE else _septets(text, choice, default)
    if septets is not None:
        return _Fitted(Alphabet.GSM7, (septets,) if len(septets) <= 160 else _counted(_cut_septets(septets, wide=wide)))
    text = storable(text)
    octets = text.encode("utf-16-be")
    return _Fitted(Alphabet.UCS2, (octets,) if len(octets) <= 140 else _counted(_cut_unicode(text, wide=wide)))


def _septets(text: str, choice: Choice, default: Default) -> bytes | None:
    """The text in GSM-7, or None when it needs Unicode."""
    if default is not Default.GSM7 and not _speaks(text, default):
        if choice is Choice.AUTO:
            return None
        text = text.encode(default.value, "replace").decode(default.value)
    try:
        return gsm7.encode(text)
    except UnicodeEncodeError:
        return gsm7.encode_lossy(text) if choice is Choice.GSM7 else None


def _speaks(text: str, default: Default) -> bool:
    try:
        text.encode(default.value)
    except UnicodeEncodeError:
        return False
    return True


def _cut_septets(septets: bytes, *, wide: bool) -> Iterator[bytes]:
    room = Alphabet.GSM7.together(wide=wide)
    start = 0
    while start < len(septets):
        end = start + room
        if end < len(septets) and septets[end - 1] == gsm7.ESCAPE:
            end -= 1
        yield septets[start:end]
        start = end


def _cut_unicode(text: str, *, wide: bool) -> Iterator[bytes]:
    room = Alphabet.UCS2.together(wide=wide)
    start = 0
    while start < len(text):
        reach = _reach(text, start, room)
        end = reach
        while end > start and not is_boundary(text, end):
            end -= 1
        end = end if end > start else reach  # one visible character longer than a part: cut it between code points
        yield text[start:end].encode("utf-16-be")
        start = end


def _reach(text: str, start: int, room: int) -> int:
    """The furthest end whose UTF-16 fits `room` code units; a code point takes one or two."""
    end = min(start + room, len(text))
    while (over := len(text[start:end].encode("utf-16-be")) // 2 - room) > 0:
        end -= (over + 1) // 2
    return end


def _counted(pieces: Iterator[bytes]) -> list[bytes]:
    """All pieces; stops at the first too many, so that a huge text costs no more than the longest message."""
    counted: list[bytes] = []
    for piece in pieces:
        if len(counted) == MOST_PARTS:
            raise InvalidInput(
                f"The text is longer than {MOST_PARTS} parts, the most one message can have. Shorten it.", code="text_too_long"
            )
        counted.append(piece)
    return counted


def _header(reference: int, *, wide: bool) -> bytes:
    """The concatenation header without its last two octets (total, place), TS 23.040 §9.2.3.24.1 and .8."""
    limit = 0xFFFF if wide else 0xFF
    if not 0 <= reference <= limit:
        raise ValueError(f"reference {reference} is outside 0..{limit}")
    return b"\x06\x08\x04" + reference.to_bytes(2, "big") if wide else b"\x05\x00\x03" + reference.to_bytes(1, "big")


def _units(piece: bytes, alphabet: Alphabet) -> int:
    return len(piece) if alphabet is Alphabet.GSM7 else len(piece) // 2


_OUTSIDE = {
    # Characters that both the carrier's data_coding 0 and the GSM alphabet have, turned around.
    default: re.compile(
        "[^"
        + re.escape(
            "".join(
                character
                for character in gsm7.ALPHABET.replace("\ufffe", "") + "".join(gsm7.EXTENSION.values())
                if default is Default.GSM7 or _speaks(character, default)
            )
        )
        + "]"
    )
    for default in Default
}


def _foreign(text: str, default: Default) -> tuple[Foreign, ...]:
    """Each character outside the small alphabet once, in order of appearance."""
    seen: dict[str, Foreign] = {}
    for found in _OUTSIDE[default].finditer(text):
        character = found[0]
        if character not in seen:
            seen[character] = Foreign(character, unicodedata.name(character, f"U+{ord(character):04X}"), found.start())
    return tuple(seen.values())
