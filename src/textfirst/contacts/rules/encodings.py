"""In which encoding a file of contacts was written.

UTF-8 and UTF-16 prove themselves. The one-byte encodings of Windows do not: every byte means something in each of them, and a short list of names is
too little for statistics of a language. What tells them apart is how scripts behave in names: Arabic and Greek words have no Latin letter inside,
accented Latin letters stand alone between plain ones, capitals begin words, and no word has `³` or `¿` in it. `guess` scores those.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

UTF8 = "utf-8"
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# In the order in which a tie is decided.
WINDOWS = ("cp1252", "cp1250", "cp1253", "cp1256", "cp1258", "cp1251", "cp1254")
KNOWN = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", *WINDOWS)

_HIGH_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_MOST_WORDS = 2000  # enough to be sure; scoring costs about 10 µs a word
_ODD_PER = 20  # characters to each one that cannot be text
_BROKEN_UTF8 = 4  # well-formed characters to every stray byte: a UTF-8 file with a few spoilt rows, not another encoding


@dataclass(slots=True)
class Evidence:
    """What has been seen of a file; feed it piece by piece, so that no file is held in memory."""

    start: bytes = b""
    utf8: int = 0  # well-formed characters beyond ASCII
    stray: int = 0  # bytes beyond ASCII that are part of none
    words: set[bytes] = field(default_factory=set)

    def feed(self, piece: bytes) -> None:
        """Pieces should end at line ends: a character cut in two would count as stray."""
        if len(self.start) < 4096:
            self.start += piece[: 4096 - len(self.start)]
        if piece.isascii():
            return
        high = len(_HIGH.findall(piece))
        characters = [found.group() for found in _UTF8_CHARACTER.finditer(piece)]
        self.utf8 += len(characters)
        self.stray += high - sum(map(len, characters))
        if len(self.words) < _MOST_WORDS:
            self.words.update(found.group()[:60] for found in _HIGH_WORD.finditer(piece))

    def encoding(self) -> str:
        """The most likely encoding, one of KNOWN."""
        return _by_bom(self.start) or _utf16_without_bom(self.start) or self._by_content()

    def _by_content(self) -> str:
        if self.stray == 0 or self.utf8 > self.stray * _BROKEN_UTF8:
            return UTF8
        return guess(self.words)


def is_text(start: bytes, encoding: str) -> bool:
    """Whether the start of a file, read so, has hardly anything in it that no person writes: a picture does, a few spoilt rows do not."""
    text = start.decode(encoding, "replace")
    odd = sum(
        (unicodedata.category(letter) in {"Cc", "Cn", "Co", "Cs"} and letter not in "\t\r\n\x1a") or letter == "\ufffd" for letter in text
    )
    return odd <= len(text) / _ODD_PER


def guess(words: Iterable[bytes]) -> str:
    """The Windows encoding in which these words look most like words."""
    listed = sorted(words)[:_MOST_WORDS]
    return max(WINDOWS, key=lambda encoding: (sum(_score(word, encoding) for word in listed), -WINDOWS.index(encoding)))


def _by_bom(start: bytes) -> str:
    return next((encoding for bom, encoding in BOMS if start.startswith(bom)), "")


def _utf16_without_bom(start: bytes) -> str:
    """Digits, commas and line ends have a zero byte in UTF-16, on the side that says which way round it is."""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if max(even, odd) < max(2, len(start) // 20):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


# Letters that the languages of an encoding use; others are possible but tell against it.
_LATIN = "àâäáãåæçèéêëìíîïñòóôöõøùúûüýÿœšžß"
_LETTERS = {
    "cp1252": _LATIN,
    "cp1250": "ąćęłńóśźżáäčďéěíľĺňôöőŕřšťúůüűýžßâăîşç",
    "cp1254": "çğıöşüâîûéèêäß",
    "cp1258": "ăâđêôơưàáèéìíòóùúýãõ",
}
_SCRIPTS = {"cp1253": "GREEK", "cp1256": "ARABIC", "cp1251": "CYRILLIC"}
_FREQUENT = {"cp1253": "αεηιονσςτρκλπμάέήίόύώ", "cp1256": "اليمنوربدتةعحسهفقك", "cp1251": "оеаинтсрвлкмдпу"}
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # Vietnamese, written after the vowel in cp1258
_VOWELS = "aăâeêioôơuưy"
_ODD_INSIDE_WORDS = -3.0
_MIXED_SCRIPTS = -3.0


@cache
def _score(word: bytes, encoding: str) -> float:
    """How much `word` looks like one, in this encoding."""
    text = word.decode(encoding, "replace")
    if len(text) == 1:  # `€` in one is a letter in another: a sign that stands alone tells nothing
        return 0.0
    rate = _rate_script if encoding in _SCRIPTS else _rate_latin
    letters = sum(rate(text, place, encoding) for place in range(len(text)) if text[place] > "\x7f")
    return letters / (1 + len(word) / 20) + _case(text)


def _rate_latin(text: str, place: int, encoding: str) -> float:
    letter = text[place]
    before = text[place - 1] if place else ""
    if encoding == "cp1258" and letter in _TONES:
        return 2.0 if before.lower() and before.lower() in _VOWELS else _ODD_INSIDE_WORDS
    if not letter.isalpha():
        return _punctuation(text, place)
    crowded = before > "\x7f" and before not in _TONES and not (encoding == "cp1258" and before.lower() in "đơưăâêô")
    return (1.0 if letter.lower() in _LETTERS[encoding] else -0.5) - (1.5 if crowded else 0)


def _rate_script(text: str, place: int, encoding: str) -> float:
    letter = text[place]
    if not letter.isalpha():
        return 0.0 if unicodedata.combining(letter) else _punctuation(text, place)
    if _SCRIPTS[encoding] not in unicodedata.name(letter, ""):
        return -1.0
    beside = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    mixed = any(other.isalpha() and other.isascii() for other in beside)
    return _MIXED_SCRIPTS if mixed else 1.2 if letter.lower() in _FREQUENT[encoding] else 0.6


def _punctuation(text: str, place: int) -> float:
    """A quote or dash at the edge of a word is ordinary; a sign inside one is not, and what no encoding defines is worst."""
    if text[place] == "\ufffd":
        return -5.0
    inside = 0 < place < len(text) - 1
    return 0.0 if text[place] in "’‘“”–—…«»·،؛؟\u00a0\u200c\u200d\u200e\u200f" or not inside else _ODD_INSIDE_WORDS


def _case(text: str) -> float:
    """`-2` for each capital after a small letter: `ÐáðÁ` is no name."""
    return -2.0 * sum(second.isupper() and first.islower() for first, second in pairwise(text))
