"""Lists: fixed groups of contacts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Schema, Status
from pydantic import Field

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging
from textfirst.api.router import Router
from textfirst.contacts.actions.groups import create_list as create
from textfirst.contacts.actions.groups import delete_list as delete
from textfirst.contacts.actions.groups import rename_list as rename
from textfirst.contacts.queries.groups import lists

router = Router(tags=["lists"])


class ListOut(Schema):
    id: UUID
    name: str
    contacts: Annotated[int, Field(description="How many are in it.")]
    created_at: datetime


class ListIn(Schema, extra="forbid"):
    name: Annotated[str, Field(max_length=200)]


@router.get("/lists", response=Page[ListOut])
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def list_lists(request: Request, paging: Query[Paging]) -> dict[str, Any]:  # noqa: ARG001 - a workspace's lists fit on one page
    """All of them, by name."""
    return {"items": lists(request.caller.workspace_id), "next": None}


@router.post("/lists", response={201: ListOut})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def create_list(request: Request, payload: ListIn) -> Status[Any]:
    """Contacts are put on it by `PATCH /contacts/{id}`, `POST /contacts/bulk` or an import."""
    made = create(request.caller.workspace_id, name=payload.name)
    return Status(201, _one(request, made.id))


@router.patch("/lists/{list_id}", response=ListOut)
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def change_list(request: Request, list_id: UUID, payload: ListIn) -> dict[str, Any]:
    rename(request.caller.workspace_id, list_id, name=payload.name)
    return _one(request, list_id)


@router.delete("/lists/{list_id}", response={204: None})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def delete_list(request: Request, list_id: UUID) -> Status[Any]:
    """Contacts stay."""
    delete(request.caller.workspace_id, list_id)
    return Status(204, None)


def _one(request: Request, list_id: UUID) -> dict[str, Any]:
    return next(found for found in lists(request.caller.workspace_id) if found["id"] == list_id)
