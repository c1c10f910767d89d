"""JSON as RFC 8259 says: no NaN, no lone surrogates. NUL is refused too, for PostgreSQL text cannot hold it."""

from __future__ import annotations

import re
from typing import Any

import orjson

UNREADABLE = "The request's body could not be read. Send JSON as the API's description shows."

_ESCAPED = rb"\u0000"
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")  # the escape, not the text of it


def read_json(body: bytes) -> Any:
    """The value in `body`; raises ValueError."""
    if _ESCAPED in body and _NUL.search(body):  # to look for the few bytes first costs a tenth
        raise ValueError("NUL")
    return orjson.loads(body)
