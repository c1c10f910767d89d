"""The provider's calls: who may make them, and what they say.

A call is signed as `X-Signature: t=<seconds since 1970>,v1=<hex of HMAC-SHA256 over "<t>." and the body>`; more than one `v1` is fine, so that
a secret can be changed while both are in use.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from textfirst.channels.adapters.http_carrier import codec
from textfirst.channels.contract import Arrival

TOLERANCE: Final = 300  # seconds that the provider's clock may differ from ours, and a call may be under way
SHORTEST_SECRET: Final = 16  # characters
MOST_SIGNATURES: Final = 4


class HttpHooks:
    """`clock` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, Any]) -> bool:
        secret = str(secrets.get("hook_secret") or "").encode()
        at, given = _read(headers.get("x-signature", ""))
        if len(secret) < SHORTEST_SECRET or at is None or abs(self._clock() - int(at)) > TOLERANCE:
            return False
        right = signature(secret, at, body).encode()
        return any([hmac.compare_digest(one.encode(), right) for one in given])  # noqa: C419 - all are compared, whichever is right

    def challenge(self, query: Mapping[str, str], secrets: Mapping[str, Any]) -> str | None:  # noqa: ARG002 - this provider asks nothing
        return None

    def arrivals(self, headers: Mapping[str, str], body: bytes) -> Sequence[Arrival]:  # noqa: ARG002 - the body says it all
        return codec.arrivals(body)


def signature(secret: bytes, at: str, body: bytes) -> str:
    """What a call made at `at` (seconds since 1970) carries as `v1`."""
    return hmac.digest(secret, at.encode() + b"." + body, "sha256").hex()


def _read(header: str) -> tuple[str | None, list[str]]:
    """When it was signed, and the signatures; None when the header does not say when."""
    at, given = None, []
    for piece in header.split(","):
        name, _, value = piece.strip().partition("=")
        if name == "t" and value.isascii() and value.isdecimal() and len(value) <= 12:
            at = value
        elif name == "v1":
            given.append(value)
    return at, given[:MOST_SIGNATURES]
