"""Labels of contacts."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Schema, Status
from pydantic import Field

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging
from textfirst.api.router import Router
from textfirst.contacts.actions.groups import create_label as create
from textfirst.contacts.actions.groups import delete_label as delete
from textfirst.contacts.actions.groups import update_label as update
from textfirst.contacts.queries.groups import labels

router = Router(tags=["labels"])


class LabelOut(Schema):
    id: UUID
    name: str
    color: str
    contacts: Annotated[int, Field(description="How many have it.")]


class LabelIn(Schema, extra="forbid"):
    name: Annotated[str, Field(max_length=200)]
    color: Annotated[str, Field(max_length=20)] = "gray"


class LabelChange(Schema, extra="forbid"):
    name: Annotated[str | None, Field(max_length=200)] = None
    color: Annotated[str | None, Field(max_length=20)] = None


@router.get("/labels", response=Page[LabelOut])
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def list_labels(request: Request, paging: Query[Paging]) -> dict[str, Any]:  # noqa: ARG001 - a workspace's labels fit on one page
    """All of them, by name."""
    return {"items": labels(request.caller.workspace_id), "next": None}


@router.post("/labels", response={201: LabelOut})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def create_label(request: Request, payload: LabelIn) -> Status[Any]:
    made = create(request.caller.workspace_id, name=payload.name, color=payload.color)
    return Status(201, _one(request, made.id))


@router.patch("/labels/{label_id}", response=LabelOut)
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def change_label(request: Request, label_id: UUID, payload: LabelChange) -> dict[str, Any]:
    update(request.caller.workspace_id, label_id, name=payload.name, color=payload.color)
    return _one(request, label_id)


@router.delete("/labels/{label_id}", response={204: None})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def delete_label(request: Request, label_id: UUID) -> Status[Any]:
    """Contacts stay; they lose the label."""
    delete(request.caller.workspace_id, label_id)
    return Status(204, None)


def _one(request: Request, label_id: UUID) -> dict[str, Any]:
    return next(label for label in labels(request.caller.workspace_id) if label["id"] == label_id)
