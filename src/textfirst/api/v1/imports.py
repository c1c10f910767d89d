"""Imports: a file of contacts is uploaded, looked at, mapped, run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import StreamingHttpResponse
from ninja import File, Query, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging, page
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.api.v1.consent import aware
from textfirst.api.v1.contacts import CSV, download
from textfirst.consent.rules.proof import checked
from textfirst.consent.types import Claim
from textfirst.contacts.actions import imports as actions
from textfirst.contacts.adapters import csv_files
from textfirst.contacts.models import ContactImport
from textfirst.contacts.queries.export import error_rows
from textfirst.contacts.queries.imports import errors, find_import, preview
from textfirst.contacts.rules.names import full_name
from textfirst.contacts.rules.rows import sentence
from textfirst.contacts.types import ImportState, ReadRow, RowProblem
from textfirst.core.errors import InvalidInput
from textfirst.core.words import in_language

router = Router(tags=["imports"])


class ColumnOut(Schema):
    index: int
    name: str
    samples: list[str]
    date_order: Annotated[str, Field(description="dmy, mdy or ymd for a column of dates.")]
    date_order_assumed: Annotated[bool, Field(description="No value decides between day and month: check it.")]


class ShapeOut(Schema):
    kind: Annotated[str, Field(description="csv or xlsx.")]
    encoding: str
    delimiter: str
    sheet: str
    sheets: list[str]
    has_header: bool
    columns: list[ColumnOut]


class PreviewProblem(Schema):
    column: str
    code: str
    message: str


class PreviewRow(Schema):
    row: Annotated[int, Field(description="As the spreadsheet counts, from 1.")]
    cells: list[str]
    result: Annotated[dict[str, Any] | None, Field(description="What the row says about a contact.")]
    error: PreviewProblem | None


class ImportListOut(Schema):
    id: UUID
    name: str


class ConsentClaim(Schema, extra="forbid"):
    """What the people of the file agreed to. Left out, nothing is proved: they get no marketing until an admin answers for them."""

    kind: Annotated[
        str, Field(max_length=40, description="express, express_written, …; attested needs a `note`; legacy_unproven: without proof.")
    ]
    scope: Annotated[str, Field(max_length=40, description="all, marketing or a purpose.")] = "marketing"
    shown: Annotated[str, Field(max_length=2000, description="The exact words they were shown.")] = ""
    language: Annotated[str, Field(max_length=8)] = ""
    note: Annotated[str, Field(max_length=500, description="Where the file comes from and how it can be proved.")] = ""
    at: Annotated[datetime | None, Field(description="When they agreed, where no column says so.")] = None
    expires_at: datetime | None = None


class ImportOut(Schema):
    id: UUID
    file_name: str
    state: Annotated[str, Field(description="uploaded, running, stopping, stopped, done or failed.")]
    shape: ShapeOut
    mapping: Annotated[
        dict[str, str],
        Field(
            description="Column → phone, first_name, last_name, language, time_zone, birthday, country, region, prefers, own_cap, label, attribute.<key> or ignore."
        ),
    ]
    country: str
    consent: Annotated[ConsentClaim | None, Field(description="What its people agreed to, as the team says; null: nothing is proved.")]
    list: ImportListOut | None
    rows_total: int | None
    rows_done: int
    created: int
    updated: int
    unchanged: int
    failed: int
    problem: Annotated[str, Field(description="Why the whole file could not go on.")]
    preview: Annotated[Sequence[PreviewRow], Field(description="The first 20 rows, until the import starts.")]
    created_at: datetime
    finished_at: datetime | None


class ShapeIn(Schema, extra="forbid"):
    encoding: Annotated[str | None, Field(max_length=20)] = None
    delimiter: Annotated[str | None, Field(max_length=5)] = None
    sheet: Annotated[str | None, Field(max_length=200)] = None
    has_header: bool | None = None
    date_orders: Annotated[dict[str, str] | None, Field(max_length=200, description="Column → dmy, mdy or ymd.")] = None


class ImportChange(Schema, extra="forbid"):
    consent: ConsentClaim | None = None
    mapping: Annotated[dict[str, Annotated[str, Field(max_length=100)]] | None, Field(max_length=200)] = None
    shape: ShapeIn | None = None
    country: Annotated[str | None, Field(max_length=2)] = None
    list_id: UUID | None = None
    new_list: Annotated[str | None, Field(max_length=200)] = None


class ImportErrorOut(Schema):
    row: int
    column: str
    code: str
    message: str
    cells: list[str]


@router.post("/imports", response={201: ImportOut})
@needs(Role.ADMIN)
def create_import(request: Request, file: File[UploadedFile]) -> Status[Any]:
    """A CSV file in any usual encoding, or a workbook. Nothing is imported before `start`."""
    made = actions.create_import(
        request.caller.workspace_id, file_name=file.name or "", pieces=file.chunks(), today=_today(), created_by_id=request.caller.actor_id
    )
    return Status(201, _shown(request, made.id))


@router.get("/imports", response=Page[ImportOut])
@needs(Role.VIEWER)
def list_imports(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    """Newest first, without previews."""
    rows = ContactImport.objects.of(request.caller.workspace_id).select_related("contact_list")
    language = reader_language(request)
    return page(rows, paging, shown=lambda found: [_out(each, language, previewed=False) for each in found])


@router.get("/imports/{import_id}", response=ImportOut)
@needs(Role.VIEWER)
def read_import(request: Request, import_id: UUID) -> dict[str, Any]:
    return _shown(request, import_id)


@router.patch("/imports/{import_id}", response=ImportOut)
@needs(Role.ADMIN)
def change_import(request: Request, import_id: UUID, payload: ImportChange) -> dict[str, Any]:
    """How the file is to be read; the answer's preview shows what comes of it."""
    shape = None if payload.shape is None else payload.shape.model_dump(exclude_none=True)
    consent = None if payload.consent is None else _claim(payload.consent).as_kept()
    actions.change_import(
        request.caller.workspace_id, import_id, today=_today(), mapping=payload.mapping, shape=shape, country=payload.country,
        list_id=payload.list_id, no_list="list_id" in payload.model_fields_set and payload.list_id is None, new_list=payload.new_list,
        consent=consent,
    )  # fmt: skip
    return _shown(request, import_id)


@router.delete("/imports/{import_id}", response={204: None})
@needs(Role.ADMIN)
def delete_import(request: Request, import_id: UUID) -> Status[Any]:
    """The file and its report; the contacts it made stay."""
    actions.delete_import(request.caller.workspace_id, import_id)
    return Status(204, None)


@router.post("/imports/{import_id}/start", response=ImportOut)
@needs(Role.ADMIN)
def start_import(request: Request, import_id: UUID) -> dict[str, Any]:
    actions.start_import(request.caller.workspace_id, import_id)
    return _shown(request, import_id)


@router.post("/imports/{import_id}/stop", response=ImportOut)
@needs(Role.ADMIN)
def stop_import(request: Request, import_id: UUID) -> dict[str, Any]:
    """After the rows in hand; what is in stays."""
    actions.stop_import(request.caller.workspace_id, import_id)
    return _shown(request, import_id)


@router.post("/imports/{import_id}/resume", response=ImportOut)
@needs(Role.ADMIN)
def resume_import(request: Request, import_id: UUID) -> dict[str, Any]:
    """Go on after the last row that is in."""
    actions.resume_import(request.caller.workspace_id, import_id)
    return _shown(request, import_id)


@router.get("/imports/{import_id}/errors", response=Page[ImportErrorOut])
@needs(Role.VIEWER)
def list_import_errors(request: Request, import_id: UUID, paging: Query[Paging]) -> dict[str, Any]:
    """Rows that could not be imported, and why."""
    found = find_import(request.caller.workspace_id, import_id)
    rows = errors(found, after=_row(paging), limit=paging.limit + 1)
    shown, language = rows[: paging.limit], reader_language(request)
    items = [
        {"row": e.row, "column": e.column, "code": e.code, "message": in_language(sentence(e.code, e.facts), language), "cells": e.cells}
        for e in shown
    ]
    return {"items": items, "next": str(shown[-1].row) if len(rows) > paging.limit else None}


@router.get("/imports/{import_id}/errors.csv")
@needs(Role.VIEWER)
def download_import_errors(request: Request, import_id: UUID) -> StreamingHttpResponse:
    """Those rows as they were, with a column that says what is wrong: mend them and import this file."""
    found = find_import(request.caller.workspace_id, import_id)
    return download(csv_files.write_rows(error_rows(found, reader_language(request))), "not-imported.csv", CSV)


def _claim(said: ConsentClaim) -> Claim:
    now = datetime.now(UTC)
    at, expires_at = aware(said.at, "consent.at"), aware(said.expires_at, "consent.expires_at")
    proof = bool(said.shown.strip() or said.note.strip())
    kind = checked(said.kind, said.scope, at=at or now, now=now, proof=proof, reason=said.note, ends=said.expires_at is not None)
    if kind is None:
        raise InvalidInput(
            "A file cannot take permissions back.", code="consent_invalid", fields={"kind": "A file cannot take permissions back."}
        )
    return Claim(kind, said.scope, said.shown, said.language, said.note, at, expires_at)


def _today() -> date:
    return datetime.now(UTC).date()


def _row(paging: Paging) -> int:
    if paging.after and not (paging.after.isdecimal() and len(paging.after) < 10):
        raise InvalidInput("This is not a place in this list.", code="cursor_invalid", fields={"after": "Use `next` of the page before."})
    return int(paging.after or 0)


def _shown(request: Request, import_id: UUID) -> dict[str, Any]:
    return _out(find_import(request.caller.workspace_id, import_id), reader_language(request), previewed=True)


def _out(found: ContactImport, language: str, *, previewed: bool) -> dict[str, Any]:
    names = (
        "id",
        "file_name",
        "state",
        "shape",
        "mapping",
        "country",
        "consent",
        "rows_total",
        "rows_done",
        "created",
        "updated",
        "unchanged",
        "failed",
        "created_at",
        "finished_at",
    )
    facts = {name: getattr(found, name) for name in names}
    rows = preview(found, _today()) if previewed and found.state == ImportState.UPLOADED else []
    problem = in_language(actions.problem_sentence(found.problem), language) if found.problem else ""
    return {**facts, "list": found.contact_list, "problem": problem, "preview": [_previewed(cells, read, language) for cells, read in rows]}


def _previewed(cells: tuple[str, ...], read: ReadRow | RowProblem, language: str) -> dict[str, Any]:
    if isinstance(read, RowProblem):
        problem = {"column": read.column, "code": read.code, "message": in_language(sentence(read.code, read.facts), language)}
        return {"row": read.row, "cells": cells, "result": None, "error": problem}
    return {"row": read.row, "cells": cells, "result": _result(read), "error": None}


def _result(read: ReadRow) -> dict[str, Any]:
    name = full_name(read.fields.get("first_name", ""), read.fields.get("last_name", ""))
    phone = ", ".join(address.address for address in read.addresses)
    return {"phone": phone, "name": name, **read.fields, "attributes": read.attributes, "labels": read.labels}
