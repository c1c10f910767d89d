"""Inboxes: a team's view over channels."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.router import Router
from textfirst.conversations.queries import inboxes

router = Router(tags=["conversations"])


class InboxOut(Schema):
    id: UUID
    name: str
    channels: list[UUID]
    unread: Annotated[int, Field(description="Conversations with something unread.")]


class InboxesOut(Schema):
    items: list[InboxOut]


@router.get("/inboxes", response=InboxesOut)
@needs(Role.VIEWER, scope=Scope.CONVERSATIONS_READ)
def list_inboxes(request: Request) -> dict[str, Any]:
    """Every inbox, with its channels and what is unread."""
    return {"items": inboxes(request.caller.workspace_id)}
