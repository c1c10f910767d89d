"""Where a text may be cut so that what a reader sees as one character stays whole.

The rules of Unicode UAX #29 that matter in texts (combining marks, joined emoji, flags, skin tones, Hangul syllables, Indic
conjuncts), asked about one place at a time: a message is cut in few places, so nothing walks the whole text.
"""

from __future__ import annotations

import unicodedata

__all__ = ["is_boundary"]

_JOINER = "\u200d"
_NON_JOINER = "\u200c"
_VIRAMA_CLASS = 9


def is_boundary(text: str, index: int) -> bool:
    """Whether `text` may be cut before `index` (code points) without breaking a visible character."""
    if not 0 < index < len(text):
        return True
    before, after = text[index - 1], text[index]
    if after < "\u0300" and before != _JOINER:
        return True
    if _extends(after) or before == _JOINER:
        return False
    if _is_flag_half(after):
        return _flag_halves_before(text, index) % 2 == 0
    return not (unicodedata.combining(before) == _VIRAMA_CLASS and after.isalpha())


def _extends(character: str) -> bool:
    return (
        unicodedata.category(character).startswith("M")
        or character in {_JOINER, _NON_JOINER}
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\U000e0020" <= character <= "\U000e007f"  # tags of regional flags
        or "\u1160" <= character <= "\u11ff"  # Hangul vowels and finals
        or character in {"\uff9e", "\uff9f"}  # halfwidth voicing marks
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _flag_halves_before(text: str, index: int) -> int:
    start = index
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return index - start
