"""Texts and receipts that came in and could not be stored: kept byte for byte, and taken in again when somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Schema
from pydantic import Field

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging, page
from textfirst.api.router import Router
from textfirst.channels import queries
from textfirst.channels.actions import reread
from textfirst.channels.contract import Text
from textfirst.channels.models import Channel
from textfirst.messages.actions.put_aside import ask_again, put_aside, state
from textfirst.messages.models import IntakeRejected
from textfirst.protocols.text import storable

router = Router(tags=["channels"])


class PutAsideOut(Schema):
    id: UUID
    received_at: datetime
    problem: Annotated[str, Field(description="Why it could not be stored, in the words of the program.")]
    sender: Annotated[str | None, Field(description="Who wrote; null for what cannot be read, and for receipts.")]
    text: str | None
    bytes: Annotated[int, Field(description="How much came.")]
    state: Annotated[str, Field(description="waiting: for somebody to ask; asked: the engine is about to take it in; taken_in: it was.")]


class AgainIn(Schema, extra="forbid"):
    ids: Annotated[list[UUID] | None, Field(max_length=200, description="Those to take in; null: all that wait.")] = None


class AgainOut(Schema):
    asked: Annotated[int, Field(description="How many are asked for; each is taken in once, and waits again if that fails.")]


@router.get("/channels/{channel_id}/put-aside", response=Page[PutAsideOut])
@needs(Role.ADMIN)
def list_put_aside(request: Request, channel_id: UUID, paging: Query[Paging]) -> dict[str, Any]:
    """What came by this channel and could not be stored, newest first."""
    found = queries.channel(request.caller.workspace_id, channel_id)
    return page(put_aside(found.workspace_id, found.id), paging, shown=lambda rows: _shown(found, rows))


@router.post("/channels/{channel_id}/put-aside/again", response=AgainOut)
@needs(Role.ADMIN)
def take_in_again(request: Request, channel_id: UUID, payload: AgainIn) -> AgainOut:
    """Take it in after all, as it would have been then: words that stop take effect, nobody is answered late."""
    found = queries.channel(request.caller.workspace_id, channel_id)
    return AgainOut(asked=ask_again(put_aside(found.workspace_id, found.id), datetime.now(UTC), payload.ids))


def _shown(found: Channel, rows: Sequence[IntakeRejected]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id, "received_at": row.received_at, "problem": row.problem, "bytes": len(row.pdu), "state": state(row),
            **_said(found, bytes(row.pdu)),
        }
        for row in rows
    ]  # fmt: skip


def _said(found: Channel, pdu: bytes) -> dict[str, str | None]:
    """Who and what, where that can be read: what could not be stored may be what nobody can read."""
    try:
        said = reread(found, pdu)
    except Exception:  # noqa: BLE001 - anybody's bytes
        said = None
    if not isinstance(said, Text):
        return {"sender": None, "text": None}
    return {"sender": storable(said.source), "text": None if said.text is None else storable(said.text)}
