"""Between the engine's values and the provider's JSON; pure. docs/reference/http-carrier.md describes both directions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from textfirst.channels.adapters.http_carrier.settings import HttpSettings
from textfirst.channels.contract import Accepted, Answer, Arrival, Fate, Garbled, NoAnswer, Part, Reason, ReceiptSeen, Refused, Text
from textfirst.protocols.text import storable

LONGEST_ID: Final = 200  # characters of the provider's own ids
LONGEST_TEXT: Final = 20_000  # characters
LONGEST_VALIDITY: Final = 7 * 24 * 3600  # seconds; several carriers refuse more

FATES: Final[Mapping[str, Fate]] = {
    "enroute": Fate.ENROUTE,
    "delivered": Fate.DELIVERED,
    "read": Fate.READ,
    "expired": Fate.EXPIRED,
    "rejected": Fate.REJECTED,
    "undeliverable": Fate.UNDELIVERABLE,
    "unknown": Fate.UNKNOWN,
}

# What a refusal says of itself: `{"error": "number_refused"}`.
ERRORS: Final[Mapping[str, Reason]] = {
    "number_refused": Reason.NUMBER_REFUSED,
    "sender_refused": Reason.SENDER_REFUSED,
    "opted_out": Reason.OPTED_OUT,
    "rejected": Reason.REJECTED,
    "busy": Reason.BUSY,
    "throttled": Reason.THROTTLED,
    "temporary": Reason.TEMPORARY,
}

# What else its status says. Above 499 nobody knows whether the text was taken (D6).
STATUSES: Final[Mapping[int, Reason]] = {
    400: Reason.OUR_FAULT,
    401: Reason.CREDENTIALS,
    402: Reason.MISCONFIGURED,
    403: Reason.CREDENTIALS,
    404: Reason.MISCONFIGURED,
    405: Reason.MISCONFIGURED,
    408: Reason.TEMPORARY,  # the request did not come whole (RFC 9110 §15.5.9)
    410: Reason.MISCONFIGURED,
    413: Reason.OUR_FAULT,
    415: Reason.OUR_FAULT,
    422: Reason.REJECTED,
    429: Reason.THROTTLED,
}
HAS_IT_ALREADY: Final = 409
FIRST_REDIRECT: Final = 300
FIRST_REFUSAL: Final = 400
FIRST_TROUBLE: Final = 500


def head(settings: HttpSettings) -> bytes:
    """What all requests to a provider begin with, up to the length of their body."""
    lines = (
        f"POST {settings.target} HTTP/1.1", f"Host: {settings.authority}", "User-Agent: Textfirst", "Accept: application/json",
        "Content-Type: application/json", f"Authorization: Bearer {settings.api_key}", "Content-Length: ",
    )  # fmt: skip
    return "\r\n".join(lines).encode("ascii")


def knock(settings: HttpSettings) -> bytes:
    """A request that sends nothing: whether somebody is there, and takes our key."""
    lines = (
        f"GET {settings.target} HTTP/1.1", f"Host: {settings.authority}", "User-Agent: Textfirst", "Accept: application/json",
        f"Authorization: Bearer {settings.api_key}", "", "",
    )  # fmt: skip
    return "\r\n".join(lines).encode("ascii")


def request(start: bytes, part: Part, settings: HttpSettings, now: float) -> bytes:
    """One text; `start` is `head`, `now` in seconds since 1970, for the validity that is left."""
    message = part.message
    said: dict[str, Any] = {"reference": str(message.id), "from": settings.sender, "to": message.address, "text": part.payload.decode()}
    if settings.send_validity:
        said["valid_for"] = max(1, min(int(message.deliver_by.timestamp() - now), LONGEST_VALIDITY))
    body = json.dumps(said, ensure_ascii=False).encode()
    return b"%b%d\r\nIdempotency-Key: %b\r\n\r\n%b" % (start, len(body), str(message.id).encode(), body)


def answer(part: Part, status: int, body: bytes) -> Answer:
    """What an answer means. One that has the message already took it: we name it, and name it so again when we send it again."""
    if status >= FIRST_TROUBLE:
        return NoAnswer(part)
    if status < FIRST_REDIRECT or status == HAS_IT_ALREADY:
        return Accepted(part, str(part.message.id))
    error = _error(body)
    reason = ERRORS.get(error) if status >= FIRST_REFUSAL else None
    if reason is None:
        reason = STATUSES.get(status, Reason.UNMAPPED) if status >= FIRST_REFUSAL else Reason.MISCONFIGURED  # we follow nobody elsewhere
    return Refused(part, reason, f"HTTP {status} {error}".strip())


def _error(body: bytes) -> str:
    """The provider's word for what is wrong, as far as it can be kept."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    word = said.get("error") if isinstance(said, dict) else None
    return word if isinstance(word, str) and word.isascii() and word.isprintable() and len(word) <= 40 else ""


def arrivals(body: bytes) -> list[Arrival]:
    """The events of a call: one alone, or a list under `events`. What cannot be read is `Garbled`, and does not spoil the others."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return [Garbled(None, "this is not JSON", body)]
    events = said.get("events") if isinstance(said, dict) and "events" in said else [said]
    if not isinstance(events, list) or not events:
        return [Garbled(None, "there is no event in it", body)]
    return [_arrival(event, body if len(events) == 1 else json.dumps(event).encode()) for event in events]


def _arrival(event: Any, raw: bytes) -> Arrival:
    try:
        kind = event["type"]
        if kind == "receipt":
            return _receipt(event, raw)
        if kind == "text":
            return _text(event, raw)
        problem = "it is neither receipt nor text"
    except (KeyError, TypeError, ValueError) as error:
        problem = f"{type(error).__name__}: {error}"
    return Garbled(None, storable(problem)[:LONGEST_ID], raw)


def _receipt(event: Mapping[str, Any], raw: bytes) -> ReceiptSeen:
    reference, word = _id(event, "reference"), _id(event, "status")
    error = str(event.get("error") or "")[:LONGEST_ID]
    fate = FATES.get(word)
    return ReceiptSeen(
        None, reference, fate, error if fate is not None else f"word {word}", (str(event.get("to") or "")[:LONGEST_ID],), raw,
        "receipt:" + storable(_id(event, "id")), UUID(reference),
    )  # fmt: skip


def _text(event: Mapping[str, Any], raw: bytes) -> Text:
    text, source = event["text"], _id(event, "from")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise ValueError("text is no text, or too long")
    return Text(
        None, _number(source), str(event.get("to") or "")[:LONGEST_ID], text, b"", 0, None, raw, "text:" + storable(_id(event, "id"))
    )


def _id(event: Mapping[str, Any], name: str) -> str:
    value = event[name]
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_ID:
        raise ValueError(f"{name} is empty, too long, or no text")
    return value


def _number(source: str) -> str:
    """International numbers carry a plus with us, whether the provider writes it or not; names and short codes stay."""
    plain = source.strip()
    return f"+{plain}" if plain.isascii() and plain.isdecimal() and len(plain) > 6 and plain[0] != "0" else plain
