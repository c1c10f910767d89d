"""The one replacement rule for text that came from outside.

PostgreSQL refuses NUL in text and UTF-8 has no lone surrogates, so both become U+FFFD wherever bytes turn into text.
The bytes themselves are always kept beside it.
"""

from __future__ import annotations

import re

__all__ = ["REPLACEMENT", "storable"]

REPLACEMENT = "\ufffd"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """`text` with each NUL and each lone surrogate replaced by U+FFFD; everything else is untouched."""
    if "\x00" not in text and (text.isascii() or _UNSTORABLE.search(text) is None):
        return text
    return _UNSTORABLE.sub(REPLACEMENT, text)
