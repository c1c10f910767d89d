"""API keys: what programs sign in with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Schema, Status
from pydantic import Field

from textfirst.accounts import queries
from textfirst.accounts.actions.keys import create_key, revoke_key
from textfirst.accounts.types import KeyKind, Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging, page
from textfirst.api.router import Router
from textfirst.api.v1.me import Name

router = Router(tags=["keys"])


class KeyOut(Schema):
    id: UUID
    name: str
    kind: KeyKind
    hint: Annotated[str, Field(description="The last four characters, to tell keys apart.")]
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class KeyIn(Schema, extra="forbid"):
    name: Name
    kind: Annotated[KeyKind, Field(description="A test key's messages go to the simulator only.")] = KeyKind.LIVE
    scopes: Annotated[list[Scope], Field(max_length=50)]


class NewKeyOut(Schema):
    key: KeyOut
    secret: Annotated[str, Field(description="Shown this once; only its hash is kept.")]


@router.get("/keys", response=Page[KeyOut])
@needs(Role.ADMIN)
def list_keys(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    """Newest first, revoked ones too."""
    return page(queries.keys(request.caller.workspace_id), paging, by=("-id",))


@router.post("/keys", response={201: NewKeyOut})
@needs(Role.ADMIN)
def create_api_key(request: Request, payload: KeyIn) -> Status[dict[str, Any]]:
    caller = request.caller
    key, secret = create_key(
        workspace_id=caller.workspace_id, name=payload.name, kind=payload.kind, scopes=payload.scopes, created_by=caller.user_id
    )
    return Status(201, {"key": key, "secret": secret})


@router.delete("/keys/{key_id}", response={204: None})
@needs(Role.ADMIN)
def revoke_api_key(request: Request, key_id: UUID) -> Status[None]:
    """The key stops working at once, everywhere; it stays in the list as revoked."""
    revoke_key(workspace_id=request.caller.workspace_id, key_id=key_id, now=datetime.now(UTC))
    return Status(204, None)
