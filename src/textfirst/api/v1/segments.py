"""Segments: groups of contacts by a rule, worked out when they are used."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Schema, Status
from pydantic import Field

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging, page
from textfirst.api.router import Router
from textfirst.api.v1.contacts import ContactOut
from textfirst.contacts.actions.groups import create_segment as create
from textfirst.contacts.actions.groups import delete_segment as delete
from textfirst.contacts.actions.groups import update_segment as update
from textfirst.contacts.models import Segment
from textfirst.contacts.queries.groups import preview
from textfirst.contacts.rules.segments import read_rule

router = Router(tags=["segments"])

RuleIn = Annotated[
    dict[str, Any],
    Field(
        description='`{"all": [rule…]}`, `{"any": [rule…]}` or `{"field", "op", "value"}`; fields are label, list, language, country, first_name, '
        "last_name, birthday, created_at and attribute.<key>.",
        examples=[
            {"all": [{"field": "attribute.city", "op": "is", "value": "Athens"}, {"field": "language", "op": "is_not", "value": "en"}]}
        ],
    ),
]


class SegmentOut(Schema):
    id: UUID
    name: str
    rule: dict[str, Any]
    created_at: datetime


class SegmentIn(Schema, extra="forbid"):
    name: Annotated[str, Field(max_length=200)]
    rule: RuleIn


class SegmentChange(Schema, extra="forbid"):
    name: Annotated[str | None, Field(max_length=200)] = None
    rule: RuleIn | None = None


class SegmentPreviewIn(Schema, extra="forbid"):
    rule: RuleIn


class SegmentPreviewOut(Schema):
    count: int
    sample: list[ContactOut]


@router.get("/segments", response=Page[SegmentOut])
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def list_segments(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    return page(Segment.objects.of(request.caller.workspace_id), paging, by=("name", "id"))


@router.post("/segments", response={201: SegmentOut})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def create_segment(request: Request, payload: SegmentIn) -> Status[Any]:
    return Status(201, create(request.caller.workspace_id, name=payload.name, rule=payload.rule))


@router.post("/segments/preview", response=SegmentPreviewOut)
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def preview_segment(request: Request, payload: SegmentPreviewIn) -> dict[str, Any]:
    """Whom a rule holds for now: how many, and the newest few."""
    count, sample = preview(request.caller.workspace_id, read_rule(payload.rule))
    return {"count": count, "sample": sample}


@router.patch("/segments/{segment_id}", response=SegmentOut)
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def change_segment(request: Request, segment_id: UUID, payload: SegmentChange) -> Segment:
    return update(request.caller.workspace_id, segment_id, name=payload.name, rule=payload.rule)


@router.delete("/segments/{segment_id}", response={204: None})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def delete_segment(request: Request, segment_id: UUID) -> Status[Any]:
    """A campaign that is for it reaches nobody by it."""
    delete(request.caller.workspace_id, segment_id)
    return Status(204, None)
