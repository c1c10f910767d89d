"""Text of people: cleaned on the way in, folded for search."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 200  # characters
LONGEST_VALUE = 2000
LONGEST_KEY = 60
MOST_ATTRIBUTES = 100

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # controls that no person writes, and what PostgreSQL cannot hold
_SPACES = re.compile(r"\s+")
_KEY = re.compile(r"[^\W\d]\w*", re.UNICODE)
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ة": "ه", "ى": "ي", "ٱ": "ا", "ـ": None})
_DIGITS_AND_MARKS = re.compile(r"[\d\s()+./-]+")


def clean(text: str) -> str:
    """As it is stored: composed (NFC), without control characters, without blanks at the ends."""
    if text.isascii() and text.isprintable():
        return text.strip()
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text)).strip()


def clean_name(text: str) -> str:
    """`clean` in one line."""
    return _SPACES.sub(" ", clean(text))


def attribute_key(text: str) -> str:
    """A key that a merge field can name, from words: `Shoe size` → `shoe_size`. Empty when nothing of it can be used."""
    words = re.sub(r"[^\w]+", "_", clean_name(text).lower()).strip("_")[:LONGEST_KEY].strip("_")
    return f"f_{words}" if words and not _KEY.fullmatch(words) else words


def is_attribute_key(text: str) -> bool:
    return len(text) <= LONGEST_KEY and _KEY.fullmatch(text) is not None


def label_key(name: str) -> str:
    """What makes two names of labels or lists the same, as the database compares them."""
    return name.lower()


def full_name(first: str, last: str) -> str:
    return f"{first} {last}".strip()


def fold(text: str) -> str:
    """For comparing: lower case, without accents and vowel marks, so that `nguyen` finds Nguyễn and `احمد` finds أحمد."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(letter))
    return bare.translate(_LETTERS)


def search_text(first: str, last: str, addresses: Iterable[str]) -> str:
    """What a contact is found by; `contact.search_text` always holds this."""
    return fold(" ".join(part for part in (first, last, *sorted(addresses)) if part))


def search_patterns(query: str) -> list[str]:
    """LIKE patterns that all must match `search_text`. A number in its local form finds the international one: leading zeros are left out."""
    cleaned = clean_name(query)[:LONGEST_NAME]
    if _DIGITS_AND_MARKS.fullmatch(cleaned) and any(letter.isdigit() for letter in cleaned):
        return [_contains(_number_searched(cleaned))]
    return [_contains(fold(word)) for word in cleaned.split()[:8] if fold(word)]


def _number_searched(written: str) -> str:
    digits = "".join(str(unicodedata.digit(letter)) for letter in written if letter.isdigit())
    return f"+{digits}" if written.startswith("+") else digits.lstrip("0") or digits


def _contains(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
