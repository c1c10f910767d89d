"""A ticket: who may open a stream at the front, for the next half minute.

The console writes one for a signed-in person, the front reads it; they share only the key. A ticket names user, workspace and session, so that
the stream can end when the session does. It is `base64url(json).base64url(hmac-sha256(json))`.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from textfirst.core.errors import NotAllowed

TICKET_LIFE = 30  # seconds: long enough to open a stream, too short to be worth stealing


@dataclass(frozen=True, slots=True)
class Ticket:
    user_id: UUID
    workspace_id: UUID
    session_key: str


def write_ticket(ticket: Ticket, *, key: bytes, now: datetime) -> str:
    """The ticket as text, good for `TICKET_LIFE` seconds from `now` (aware)."""
    expires = int(now.timestamp()) + TICKET_LIFE
    claims = {"u": str(ticket.user_id), "w": str(ticket.workspace_id), "s": ticket.session_key, "e": expires}
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return f"{urlsafe_b64encode(payload).decode()}.{urlsafe_b64encode(_seal(payload, key)).decode()}"


def read_ticket(text: str, *, key: bytes, now: datetime) -> Ticket:
    """The ticket, if its seal is ours and its time has not passed; raises NotAllowed otherwise."""
    try:
        payload, seal = (urlsafe_b64decode(part) for part in text.split("."))
        if not hmac.compare_digest(seal, _seal(payload, key)):
            raise ValueError("seal")
        claims = json.loads(payload)
        ticket = Ticket(UUID(claims["u"]), UUID(claims["w"]), claims["s"])
        expires = int(claims["e"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotAllowed("This ticket is not valid. Ask for a new one at POST /api/v1/events/ticket.", code="ticket_invalid") from error
    if now.timestamp() > expires:
        raise NotAllowed("This ticket has expired. Ask for a new one at POST /api/v1/events/ticket.", code="ticket_expired")
    return ticket


def _seal(payload: bytes, key: bytes) -> bytes:
    return hmac.new(key, payload, sha256).digest()
