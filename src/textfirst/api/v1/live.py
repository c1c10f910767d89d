"""Live events: the ticket that opens the front's stream."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from django.conf import settings
from ninja import Schema
from pydantic import Field

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.router import Router
from textfirst.core.tickets import TICKET_LIFE, Ticket, write_ticket
from textfirst.database.keys import derived_key

router = Router(tags=["events"])


class TicketOut(Schema):
    ticket: str
    expires_in: Annotated[int, Field(description="Seconds.")]


@router.post("/events/ticket", response=TicketOut)
@needs(Role.VIEWER)
def create_ticket(request: Request) -> TicketOut:
    """Opens `GET /api/v1/events?ticket=…` for half a minute; the stream ends with the session."""
    caller = request.caller
    assert caller.user_id is not None
    key = derived_key(settings.PROCESS.keys_file, "ticket")
    ticket = write_ticket(Ticket(caller.user_id, caller.workspace_id, caller.session_key), key=key, now=datetime.now(UTC))
    return TicketOut(ticket=ticket, expires_in=TICKET_LIFE)
