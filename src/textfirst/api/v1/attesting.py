"""Whoever answers with their name for people without proof, and takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.db.models.functions import Lower
from django.http import HttpResponse
from ninja import Query, Schema
from pydantic import Field

from textfirst.accounts.models import User
from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging, page
from textfirst.api.router import Router
from textfirst.api.v1.consent import ByOut
from textfirst.consent.actions.attesting import attest_later, retract_later
from textfirst.consent.actions.stops import LONGEST_NOTE
from textfirst.consent.models import ConsentAttestation
from textfirst.contacts.actions.groups import check_lists
from textfirst.contacts.models import ContactImport, ContactList
from textfirst.contacts.types import ImportState
from textfirst.core.errors import InvalidInput

router = Router(tags=["contacts"])


class AttestIn(Schema, extra="forbid"):
    reason: Annotated[str, Field(min_length=1, max_length=LONGEST_NOTE, description="Why you answer for them; kept with your name.")]
    list_id: Annotated[UUID | None, Field(description="The members of a list; everybody without proof when both are left out.")] = None
    import_id: Annotated[UUID | None, Field(description="Whom this import brought.")] = None


class AttestOut(Schema):
    id: Annotated[UUID, Field(description="To take it back by.")]
    addresses: Annotated[int, Field(description="How many it is about; they are written down one batch after the other.")]


class AttestationOut(Schema):
    id: UUID
    at: datetime
    by: Annotated[ByOut | None, Field(description="Null once they are gone.")]
    reason: str
    list_id: UUID | None
    import_id: UUID | None
    of: Annotated[str | None, Field(description="The name of the list or of the import's file; null: everybody, or it is gone.")]
    addresses: int
    undone_at: Annotated[datetime | None, Field(description="They no longer answer for it since then.")]


class Group(StrEnum):
    """What people without proof may have come from; in this order they are listed."""

    LIST = "list"
    IMPORT = "import"


class GroupOut(Schema):
    kind: Group
    id: UUID
    name: Annotated[str, Field(description="Of the list, or of the imported file.")]
    at: datetime


class GroupsIn(Paging):
    search: Annotated[str, Field(max_length=200, description="A part of the name.")] = ""


@router.get("/consent/attest/groups", response=Page[GroupOut])
@needs(Role.ADMIN)
def list_groups_to_attest(request: Request, asked: Query[GroupsIn]) -> dict[str, Any]:
    """For whom somebody can answer: lists by name, then the files that were imported, newest first."""
    return _groups(request.caller.workspace_id, asked)


@router.post("/consent/attest", response=AttestOut)
@needs(Role.ADMIN)
def attest_consent(request: Request, payload: AttestIn) -> AttestOut:
    """Answer, with a reason, for the people who were imported without proof: marketing opens where an attested permission is enough."""
    caller = request.caller
    if caller.user_id is None or not payload.reason.strip():
        raise InvalidInput(
            "Say why you answer for it: the reason is kept with your name.",
            fields={"reason": "Say why you answer for it: the reason is kept with your name."},
        )
    if payload.list_id is not None and payload.import_id is not None:
        raise InvalidInput("Choose a list or an import, not both.", fields={"import_id": "Choose a list or an import, not both."})
    if payload.list_id is not None:
        check_lists(caller.workspace_id, [payload.list_id], "list_id")
    made = attest_later(
        caller.workspace_id, list_id=payload.list_id, import_id=payload.import_id, reason=payload.reason.strip(), by_user_id=caller.user_id,
        now=datetime.now(UTC),
    )  # fmt: skip
    return AttestOut(id=made.id, addresses=made.addresses)


@router.get("/consent/attestations", response=Page[AttestationOut])
@needs(Role.VIEWER)
def list_attestations(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    """Who answered for whom without proof, and why, newest first."""
    return page(ConsentAttestation.objects.of(request.caller.workspace_id), paging, shown=_attestations)


@router.post("/consent/attestations/{attestation_id}/undo", response={204: None})
@needs(Role.ADMIN)
def undo_attestation(request: Request, attestation_id: UUID) -> HttpResponse:
    """Answer for it no longer: each has an entry that says so, and what stands is what stood without it. What was sent meanwhile was sent."""
    caller = request.caller
    retract_later(caller.workspace_id, attestation_id, by_user_id=caller.user_id, now=datetime.now(UTC))
    return HttpResponse(status=204)


def _attestations(rows: Sequence[ConsentAttestation]) -> list[dict[str, Any]]:
    people = dict(User.objects.filter(id__in={row.by_user_id for row in rows}).values_list("id", "name"))
    lists = dict(ContactList.objects.filter(id__in={row.list_id for row in rows if row.list_id}).values_list("id", "name"))
    files = dict(ContactImport.objects.filter(id__in={row.import_id for row in rows if row.import_id}).values_list("id", "file_name"))
    names = ("id", "at", "reason", "list_id", "import_id", "addresses", "undone_at")
    return [
        {
            **{name: getattr(row, name) for name in names},
            "by": {"id": row.by_user_id, "name": people[row.by_user_id]} if row.by_user_id in people else None,
            "of": lists.get(row.list_id) if row.list_id else files.get(row.import_id) if row.import_id else None,
        }
        for row in rows
    ]


def _groups(workspace_id: UUID, asked: GroupsIn) -> dict[str, Any]:
    """One page over both; its cursor begins with the kind it stands in."""
    kind, _, place = (asked.after or Group.LIST).partition(".")
    if kind not in set(Group):
        raise InvalidInput("This is not a place in this list.", code="cursor_invalid", fields={"after": "Use `next` of the page before."})
    if kind == Group.IMPORT:
        return _group_page(workspace_id, Group.IMPORT, asked.search, Paging(limit=asked.limit, after=place or None))
    found = _group_page(workspace_id, Group.LIST, asked.search, Paging(limit=asked.limit, after=place or None))
    room = asked.limit - len(found["items"])
    if found["next"]:
        return found
    if room == 0:
        return found | {"next": Group.IMPORT}
    files = _group_page(workspace_id, Group.IMPORT, asked.search, Paging(limit=room))
    return files | {"items": found["items"] + files["items"]}


def _group_page(workspace_id: UUID, kind: Group, search: str, paging: Paging) -> dict[str, Any]:
    if kind is Group.LIST:
        lists = ContactList.objects.of(workspace_id).filter(name__icontains=search.strip()).annotate(lowered=Lower("name"))
        found = page(
            lists, paging, by=("lowered", "id"), shown=lambda rows: [_group(kind, row.id, row.name, row.created_at) for row in rows]
        )
    else:
        files = ContactImport.objects.of(workspace_id).exclude(state=ImportState.UPLOADED).filter(file_name__icontains=search.strip())
        found = page(files, paging, shown=lambda rows: [_group(kind, row.id, row.file_name, row.created_at) for row in rows])
    return found | {"next": found["next"] and f"{kind}.{found['next']}"}


def _group(kind: Group, id_: UUID, name: str, at: datetime) -> dict[str, Any]:
    return {"kind": kind, "id": id_, "name": name, "at": at}
