"""Consent: a stop that reached the team by another way than a text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.router import Router
from textfirst.consent.actions.stops import LONGEST_NOTE, stop_contact
from textfirst.conversations.queries import whom
from textfirst.core.errors import NotFound

router = Router(tags=["contacts"])


class StopIn(Schema, extra="forbid"):
    note: Annotated[str, Field(max_length=LONGEST_NOTE, description="How they told us; kept as evidence.")] = ""


class StopOut(Schema):
    stopped: bool
    changed: Annotated[bool, Field(description="False when they had stopped before.")]


@router.post("/contacts/{contact_id}/stop", response=StopOut)
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def stop_texting_contact(request: Request, contact_id: UUID, payload: StopIn) -> StopOut:
    """They want no more texts: nobody can text any of their numbers from now on. Only they can undo it, by writing START."""
    caller = request.caller
    if contact_id not in whom(caller.workspace_id, [contact_id]):
        raise NotFound("There is no such contact in this workspace.")
    changed = stop_contact(
        workspace_id=caller.workspace_id, contact_id=contact_id, note=payload.note, by_user_id=caller.user_id, now=datetime.now(UTC)
    )
    return StopOut(stopped=True, changed=changed)
