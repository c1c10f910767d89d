"""Contacts: people, the addresses they are reached by, the groups they are in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import StreamingHttpResponse
from ninja import Query, Schema, Status
from pydantic import Field

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.erasing import erase_contact
from textfirst.api.joining import join, part
from textfirst.api.paging import Paging
from textfirst.api.router import Router
from textfirst.contacts.actions.contacts import create_contact as create
from textfirst.contacts.actions.contacts import update_contact as update
from textfirst.contacts.actions.groups import change_many
from textfirst.contacts.adapters import csv_files, workbooks
from textfirst.contacts.queries import export
from textfirst.contacts.queries.contacts import card, cards, contact_ids, count_contacts, country_of_workspace
from textfirst.contacts.queries.groups import merge_fields
from textfirst.contacts.rules.rows import MOST_A_WEEK
from textfirst.contacts.types import ContactCard, ContactFields, Filter, Prefers
from textfirst.core.addresses import Address, read_number, read_urn
from textfirst.core.errors import InvalidInput

router = Router(tags=["contacts"])

Text = Annotated[str, Field(max_length=1000)]
Ids = Annotated[list[UUID], Field(max_length=1000)]
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class PrefersWord(StrEnum):
    TEXT = "text"
    CALL = "call"
    EMAIL = "email"
    CHAT = "chat"


class IdentityOut(Schema):
    id: UUID
    scheme: Annotated[str, Field(examples=["tel"])]
    address: Annotated[str, Field(description="E.164 for tel.", examples=["+306941234567"])]
    urn: Annotated[str, Field(examples=["tel:+306941234567"])]
    stopped: Annotated[bool, Field(description="They told us to stop: nobody can text this address.")]


class ContactLabelOut(Schema):
    id: UUID
    name: str
    color: str


class ContactListOut(Schema):
    id: UUID
    name: str


class ContactOut(Schema):
    id: UUID
    first_name: str
    last_name: str
    name: str
    language: str
    time_zone: str
    birthday: date | None
    attributes: dict[str, str]
    country: Annotated[str, Field(description="ISO 3166, where they live; empty: not known.", examples=["US"])]
    region: Annotated[str, Field(description="The part of it, as ISO 3166-2 writes it after the dash.", examples=["FL"])]
    prefers: Annotated[PrefersWord | None, Field(description="How they asked to be reached; null: nothing said.")]
    own_cap: Annotated[int | None, Field(description="At most so many marketing messages a week, chosen by them.")]
    blocked: Annotated[bool, Field(description="We ignore them; `stopped` is their own word, and stands at the address.")]
    identities: list[IdentityOut]
    labels: list[ContactLabelOut]
    lists: list[ContactListOut]
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_prefers(found: ContactCard) -> str | None:
        return found.prefers.word or None


class ContactsOut(Schema):
    items: list[ContactOut]
    next: str | None
    total: Annotated[int | None, Field(description="10000 means 10,000 or more; null where counting would take longer than reading.")]


class ContactFilter(Schema, extra="forbid"):
    search: Annotated[str, Field(max_length=200, description="Names, or a number in any form.")] = ""
    list: UUID | None = None
    segment: UUID | None = None
    label: UUID | None = None
    stopped: bool | None = None
    blocked: bool | None = None
    country: Annotated[str, Field(max_length=2, description="ISO 3166, where they live.")] = ""
    prefers: PrefersWord | None = None

    def wanted(self) -> Filter:
        return Filter(
            self.search.replace("\x00", ""), self.list, self.label, self.segment, self.stopped, self.blocked,
            country=self.country.replace("\x00", "").upper(), prefers=Prefers[self.prefers.name] if self.prefers else None,
        )  # fmt: skip


class ContactsQuery(ContactFilter, extra="ignore"):
    """What a list is filtered by."""


class IdentityIn(Schema, extra="forbid"):
    urn: Annotated[str, Field(max_length=200, examples=["tel:+306941234567"])]


class ContactChange(Schema, extra="forbid"):
    """What is left out stays as it is. An attribute of null is taken away."""

    first_name: Text | None = None
    last_name: Text | None = None
    language: Annotated[str | None, Field(max_length=40, examples=["el"])] = None
    time_zone: Annotated[str | None, Field(max_length=60, examples=["Europe/Athens"])] = None
    birthday: date | None = None
    attributes: Annotated[dict[str, Annotated[str, Field(max_length=4000)] | None] | None, Field(max_length=100)] = None
    country: Annotated[str | None, Field(max_length=60, description="ISO 3166; empty: not known.", examples=["US"])] = None
    region: Annotated[str | None, Field(max_length=60, examples=["FL"])] = None
    prefers: Annotated[PrefersWord | None, Field(description="How they want to be reached; null takes it back.")] = None
    own_cap: Annotated[int | None, Field(ge=0, le=MOST_A_WEEK, description="Marketing messages a week at most; null takes it back.")] = None
    blocked: bool | None = None
    phone: Annotated[str | None, Field(max_length=200, description="In any form; local numbers are read with the workspace's country.")] = (
        None
    )
    identities: Annotated[list[IdentityIn] | None, Field(max_length=20, description="All addresses there are to be.")] = None
    labels: Annotated[Ids | None, Field(description="All labels there are to be.")] = None
    lists: Annotated[Ids | None, Field(description="All lists they are to be on.")] = None

    def fields(self) -> ContactFields:
        given = {
            name: getattr(self, name)
            for name in (
                "first_name",
                "last_name",
                "language",
                "time_zone",
                "birthday",
                "blocked",
                "attributes",
                "country",
                "region",
                "own_cap",
            )
        }
        return ContactFields(
            **given, clear_birthday=self._cleared("birthday"), clear_own_cap=self._cleared("own_cap"),
            prefers=Prefers.NOTHING if self._cleared("prefers") else Prefers[self.prefers.name] if self.prefers else None,
        )  # fmt: skip

    def _cleared(self, name: str) -> bool:
        return name in self.model_fields_set and getattr(self, name) is None


class BulkIn(Schema, extra="forbid"):
    """Contacts chosen by `ids`, or all that a `filter` finds."""

    ids: Annotated[list[UUID] | None, Field(max_length=10_000)] = None
    filter: ContactFilter | None = None
    add_labels: Annotated[Ids, Field(default_factory=list)]
    remove_labels: Annotated[Ids, Field(default_factory=list)]
    add_lists: Annotated[Ids, Field(default_factory=list)]
    remove_lists: Annotated[Ids, Field(default_factory=list)]


class BulkOut(Schema):
    changed: Annotated[int, Field(description="How many contacts were chosen.")]


class JoinIn(Schema, extra="forbid"):
    other_id: UUID


class JoinedOut(Schema):
    joining_id: Annotated[UUID, Field(description="Names the undo.")]
    contact: ContactOut


class MergeFieldOut(Schema):
    key: Annotated[str, Field(examples=["contact.first_name"])]
    name: str
    kind: str
    example: str


class MergeFieldsOut(Schema):
    items: list[MergeFieldOut]


@router.get("/contacts", response=ContactsOut)
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def list_contacts(request: Request, filters: Query[ContactsQuery], paging: Query[Paging]) -> dict[str, Any]:
    """Newest first."""
    workspace_id, wanted = request.caller.workspace_id, filters.wanted()
    ids = contact_ids(workspace_id, wanted, after=_cursor(paging), limit=paging.limit + 1)
    shown = ids[: paging.limit]
    following = str(shown[-1]) if len(ids) > paging.limit else None
    return {"items": cards(workspace_id, shown), "next": following, "total": _total(workspace_id, wanted, paging, ids)}


@router.post("/contacts", response={201: ContactOut})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def create_contact(request: Request, payload: ContactChange) -> Status[Any]:
    """`phone`, or `identities`, says where they are reached. 409 `contact_exists` names the contact who has the number already."""
    workspace_id = request.caller.workspace_id
    addresses = _addresses(workspace_id, payload)
    contact_id = create(workspace_id, addresses, payload.fields(), labels=payload.labels or (), lists=payload.lists or ())
    return Status(201, card(workspace_id, contact_id))


@router.get("/contacts/fields", response=MergeFieldsOut)
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def list_merge_fields(request: Request) -> dict[str, Any]:
    """What a text can say about a contact, such as `{{ contact.first_name }}`."""
    return {"items": merge_fields(request.caller.workspace_id)}


@router.get("/contacts/export")
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def export_contacts(request: Request, filters: Query[ContactsQuery], format: Literal["csv", "xlsx"] = "csv") -> StreamingHttpResponse:  # noqa: A002 - the parameter's name
    """A spreadsheet of all that the filter finds, which can be imported again. Cells are only ever text: none can be a formula."""
    workspace_id, wanted = request.caller.workspace_id, filters.wanted()
    contact_ids(workspace_id, wanted, limit=1)  # a segment that is none is said now, not in the middle of a download
    phones = export.phone_columns(workspace_id)
    rows = export.rows(workspace_id, wanted, phones)
    if format == "xlsx":
        return download(workbooks.write_rows(rows, plain_columns=frozenset(range(phones))), "contacts.xlsx", XLSX)
    return download(csv_files.write_rows(rows), "contacts.csv", CSV)


@router.post("/contacts/bulk", response=BulkOut)
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def change_contacts(request: Request, payload: BulkIn) -> dict[str, Any]:
    """Give and take labels and lists of many contacts at once."""
    if (payload.ids is None) == (payload.filter is None):
        raise InvalidInput("Choose contacts either by ids or by a filter.", fields={"ids": "Choose contacts either by ids or by a filter."})
    wanted = payload.filter.wanted() if payload.filter is not None else Filter(ids=tuple(payload.ids or ()))
    changed = change_many(
        request.caller.workspace_id, wanted, add_label_ids=payload.add_labels, remove_label_ids=payload.remove_labels,
        add_list_ids=payload.add_lists, remove_list_ids=payload.remove_lists,
    )  # fmt: skip
    return {"changed": changed}


@router.get("/contacts/{contact_id}", response=ContactOut)
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def read_contact(request: Request, contact_id: UUID) -> ContactCard:
    return card(request.caller.workspace_id, contact_id)


@router.patch("/contacts/{contact_id}", response=ContactOut)
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def change_contact(request: Request, contact_id: UUID, payload: ContactChange) -> ContactCard:
    """`phone` changes the number that is texted; a stop belongs to the number it was said from."""
    workspace_id = request.caller.workspace_id
    urns = payload.identities
    country = country_of_workspace(workspace_id)
    update(
        workspace_id, contact_id, payload.fields(), labels=payload.labels, lists=payload.lists,
        addresses=None if urns is None else [read_urn(identity.urn, country) for identity in urns],
        phone=read_number(payload.phone, country) if payload.phone else None,
    )  # fmt: skip
    return card(workspace_id, contact_id)


@router.delete("/contacts/{contact_id}", response={204: None})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def delete_contact(request: Request, contact_id: UUID) -> Status[Any]:
    """With their conversations, the words of their messages and the personal side of their consent. A stop stays: the number cannot be texted when it comes back."""
    caller = request.caller
    erase_contact(caller.workspace_id, contact_id, by_user_id=caller.user_id, now=datetime.now(UTC))
    return Status(204, None)


@router.post("/contacts/{contact_id}/join", response=JoinedOut)
@needs(Role.AGENT)
def join_contacts(request: Request, contact_id: UUID, payload: JoinIn) -> dict[str, Any]:
    """`other_id` becomes part of this contact: numbers, labels, lists, conversations and messages come along. A stop or block of either stands.

    What this contact says of itself counts; gaps are filled from the other. `POST /contacts/joinings/{id}/undo` makes them two again.
    """
    caller = request.caller
    made = join(caller.workspace_id, contact_id, payload.other_id, by_user_id=caller.user_id, now=datetime.now(UTC))
    return {"joining_id": made, "contact": card(caller.workspace_id, contact_id)}


@router.post("/contacts/joinings/{joining_id}/undo", response=ContactOut)
@needs(Role.AGENT)
def part_contacts(request: Request, joining_id: UUID) -> ContactCard:
    """Two contacts again: the answer is the one that was joined. What either number has said or heard since goes with the number."""
    workspace_id = request.caller.workspace_id
    return card(workspace_id, part(workspace_id, joining_id, now=datetime.now(UTC)))


def download(pieces: Iterator[bytes], name: str, content_type: str) -> StreamingHttpResponse:
    """A file that the browser saves, made while it is sent."""
    day = datetime.now(UTC).date().isoformat()
    stem, _, ending = name.rpartition(".")
    headers = {"Content-Disposition": f'attachment; filename="{stem}-{day}.{ending}"', "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)


def _cursor(paging: Paging) -> UUID | None:
    try:
        return UUID(paging.after) if paging.after else None
    except ValueError:
        raise InvalidInput(
            "This is not a place in this list.", code="cursor_invalid", fields={"after": "Use `next` of the page before."}
        ) from None


def _total(workspace_id: UUID, wanted: Filter, paging: Paging, ids: Sequence[UUID]) -> int | None:
    """Counted for the first page, where an index can: everybody, a list, a label; and for free when the first page is all there is."""
    if paging.after is None and len(ids) <= paging.limit:
        return len(ids)
    dear = wanted.search or wanted.segment_id or wanted.stopped is not None or wanted.blocked is not None
    return None if dear or paging.after else count_contacts(workspace_id, wanted)


def _addresses(workspace_id: UUID, payload: ContactChange) -> list[Address]:
    country = country_of_workspace(workspace_id)
    phone = [read_number(payload.phone, country)] if payload.phone else []
    return list(dict.fromkeys([*phone, *(read_urn(identity.urn, country) for identity in payload.identities or ())]))
