"""Taking in a file, saying how to read it, starting and stopping its import."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app as jobs

from textfirst.contacts.actions.groups import check_lists, create_list
from textfirst.contacts.actions.importing import announce
from textfirst.contacts.adapters import csv_files, workbooks
from textfirst.contacts.models import ContactImport
from textfirst.contacts.queries.contacts import country_of_workspace
from textfirst.contacts.queries.imports import data_file, find_import, rows_file, shape_of, sheet_file, stored_file
from textfirst.contacts.rules import encodings, headers, tables
from textfirst.contacts.rules.dates import date_order
from textfirst.contacts.rules.names import clean_name
from textfirst.contacts.types import Column, ImportState, Shape
from textfirst.core.addresses import is_country
from textfirst.core.errors import Conflict, InvalidInput
from textfirst.core.ids import new_id
from textfirst.core.words import Sentence, say

LARGEST_FILE = 200 * 1024 * 1024  # bytes
LOOKED_AT = 500  # rows, to describe columns
COUNTED_BELOW = 20 * 1024 * 1024  # bytes: a larger file's rows are counted by running it
JOB = "contacts.run_import"

PROBLEMS = {
    "file_empty": "The file is empty.",
    "file_too_large": "The file is larger than {most} MB. Split it, or leave out columns.",
    "workbook_unreadable": "This workbook cannot be read. Open it and save it again as XLSX, or as CSV.",
    "workbook_protected": "This workbook is protected by a password. Save it without one.",
    "workbook_too_large": "This workbook is too large to be opened here. Save the sheet as CSV, which can be of any length.",
    "file_not_text": "This is not a table. Choose a CSV file or a workbook (XLSX).",
    "file_lost": "The uploaded file is no longer there. Upload it again.",
    "file_unreadable": "The uploaded file could not be read. Upload it again.",
    "broken": "Something broke on our side; it is logged. The rows that are in stay: resume the import to go on.",
}


class FileInvalid(InvalidInput):
    """The file as a whole cannot be used; `code` is one of PROBLEMS."""

    def __init__(self, code: str) -> None:
        sentence = problem_sentence(code)
        super().__init__(sentence, code=code, fields={"file": sentence})


def problem_sentence(code: str) -> Sentence:
    """Why a file as a whole could not be used, for `core.words.in_language`."""
    return say(PROBLEMS[code], most=LARGEST_FILE // 1024 // 1024)


# ---- taking in


def create_import(
    workspace_id: UUID, *, file_name: str, pieces: Iterable[bytes], today: date, created_by_id: UUID | None = None
) -> ContactImport:
    """Store the file, find out how it is to be read, suggest what its columns are. Raises FileInvalid; nothing is then kept."""
    stored_as = str(new_id())
    path = Path(settings.PROCESS.uploads) / stored_as
    try:
        _store(path, pieces)
        shape = _look(path)
        country = country_of_workspace(workspace_id)
        shape, mapping = _describe(path, shape, country, today, has_header=None)
        return ContactImport.objects.create(
            workspace_id=workspace_id, file_name=clean_name(Path(file_name).name)[:200] or "contacts", stored_as=stored_as, shape=asdict(shape),
            mapping=mapping, country=country, rows_total=_count(path, shape), created_by_id=created_by_id,
        )  # fmt: skip
    except BaseException:  # whatever ends it: no file stays of which no row knows
        _forget(path)
        raise


def _store(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    size = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > LARGEST_FILE:
                raise FileInvalid("file_too_large")
            file.write(piece)
    if not size:
        raise FileInvalid("file_empty")


def _look(path: Path, sheet: str = "") -> Shape:
    with path.open("rb") as file:
        start = file.read(4096)
    if workbooks.is_workbook(start):
        converted = _convert(path, sheet)
        return Shape("xlsx", sheet=converted.sheet, sheets=converted.sheets)
    encoding = csv_files.find_encoding(path)
    if not encodings.is_text(start, encoding):
        raise FileInvalid("file_not_text")
    return Shape("csv", encoding=encoding, delimiter=tables.find_delimiter(csv_files.first_lines(path, encoding, 100)))


def _convert(path: Path, sheet: str) -> workbooks.Converted:
    """Each sheet has a file of its own: one that turns out to be unusable leaves the one before in place."""
    target = path.with_name(f"{path.name}.new.csv")
    try:
        converted = workbooks.to_csv(path, target, sheet)
    except workbooks.WorkbookInvalid as error:
        target.unlink(missing_ok=True)
        raise FileInvalid(error.code) from None
    target.replace(sheet_file(path, converted.sheets.index(converted.sheet)))
    return converted


def _describe(path: Path, shape: Shape, country: str, today: date, *, has_header: bool | None) -> tuple[Shape, dict[str, str]]:
    """The shape with its columns, and a field for each."""
    with csv_files.stored_records(rows_file(path, shape), shape.encoding, shape.delimiter) as records:
        rows = [record.cells for record in islice(records, LOOKED_AT)]
    if not rows:
        raise FileInvalid("file_empty")
    header = tables.find_header(rows, country) if has_header is None else has_header
    columns = tables.columns_of(rows, has_header=header, country=country)
    mapping = tables.suggest_mapping(rows, columns, has_header=header, country=country, latest=today.year)
    return replace(shape, has_header=header, columns=columns), {str(index): field for index, field in mapping.items()}


def _count(path: Path, shape: Shape) -> int | None:
    data = rows_file(path, shape)
    if data.stat().st_size > COUNTED_BELOW:
        return None
    with csv_files.stored_records(data, shape.encoding, shape.delimiter, skip=int(shape.has_header)) as records:
        return sum(1 for _ in records)


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)
    for sheet in path.parent.glob(f"{path.name}.*.csv"):
        sheet.unlink(missing_ok=True)


# ---- saying how to read it


@transaction.atomic
def change_import(
    workspace_id: UUID,
    import_id: UUID,
    *,
    today: date,
    mapping: Mapping[str, str] | None = None,
    shape: Mapping[str, Any] | None = None,
    country: str | None = None,
    list_id: UUID | None = None,
    no_list: bool = False,
    new_list: str | None = None,
    consent: Mapping[str, Any] | None = None,
) -> ContactImport:
    """Change how the file is read, before it starts. Raises NotFound, Conflict once it has started, InvalidInput for what makes no sense."""
    found = _unstarted(workspace_id, import_id)
    if country is not None:
        found.country = _country(country)
    if shape is not None or country is not None:
        _reshape(found, shape or {}, today)
    if mapping is not None:
        found.mapping = _mapping(found, mapping)
    if list_id is not None:
        check_lists(workspace_id, [list_id], "list_id")
        found.contact_list_id = list_id
    if no_list:
        found.contact_list_id = None
    if consent is not None:
        found.consent = dict(consent) or None
    if new_list is not None:
        found.contact_list = create_list(workspace_id, name=new_list)
    found.save()
    return found


def delete_import(workspace_id: UUID, import_id: UUID) -> None:
    """The file and its report go; contacts it made stay. Raises NotFound, Conflict while it runs."""
    found = find_import(workspace_id, import_id)
    if found.state in {ImportState.RUNNING, ImportState.STOPPING}:
        raise Conflict("This import is running. Stop it first.", code="import_running")
    ContactImport.objects.of(workspace_id).filter(id=import_id)._raw_delete(using="default")  # noqa: SLF001 - the database cascades
    _forget(stored_file(found))


def _unstarted(workspace_id: UUID, import_id: UUID) -> ContactImport:
    found = find_import(workspace_id, import_id)
    found = ContactImport.objects.of(workspace_id).select_for_update().get(id=found.id)
    if found.state != ImportState.UPLOADED:
        raise Conflict("This import has started already.", code="import_started")
    return found


def _reshape(found: ContactImport, wanted: Mapping[str, Any], today: date) -> None:
    before = shape_of(found)
    path = stored_file(found)
    shape = _asked(before, wanted)
    if shape.kind == "xlsx" and shape.sheet != before.sheet:
        shape = replace(_look(path, shape.sheet), has_header=shape.has_header)
    shape, mapping = _describe(path, shape, found.country, today, has_header=shape.has_header if "has_header" in wanted else None)
    same = len(shape.columns) == len(before.columns) and shape.has_header == before.has_header and shape.sheet == before.sheet
    found.shape = asdict(_with_orders(shape, wanted.get("date_orders") or {}, found.country))
    found.mapping = found.mapping if same else mapping
    found.rows_total = _count(path, shape)


def _asked(before: Shape, wanted: Mapping[str, Any]) -> Shape:
    encoding, delimiter, sheet = (wanted.get(name) for name in ("encoding", "delimiter", "sheet"))
    if encoding is not None and encoding not in encodings.KNOWN:
        raise _wrong("shape.encoding", say("The encoding is one of: {known}.", known=", ".join(encodings.KNOWN)))
    if delimiter is not None and (len(delimiter) != 1 or delimiter in "\"'\r\n\x00" or delimiter.isalnum()):
        raise _wrong("shape.delimiter", say("The delimiter is one character, such as a comma or a semicolon."))
    if sheet is not None and sheet not in before.sheets:
        raise _wrong("shape.sheet", say("There is no sheet of this name."))
    if before.kind == "xlsx":
        return replace(before, sheet=sheet or before.sheet, has_header=wanted.get("has_header", before.has_header))
    return replace(
        before,
        encoding=encoding or before.encoding,
        delimiter=delimiter or before.delimiter,
        has_header=wanted.get("has_header", before.has_header),
    )


def _with_orders(shape: Shape, orders: Mapping[str, str], country: str) -> Shape:
    """Columns of dates with the order a person chose."""
    if any(order not in {"dmy", "mdy", "ymd"} for order in orders.values()):
        raise _wrong("shape.date_orders", say("The order of a date is dmy, mdy or ymd."))
    return replace(shape, columns=tuple(_ordered(column, orders.get(str(column.index)), country) for column in shape.columns))


def _ordered(column: Column, order: str | None, country: str) -> Column:
    if order:
        return replace(column, date_order=order, date_order_assumed=False)
    if column.date_order_assumed:
        assumed, _ = date_order((), country)
        return replace(column, date_order=assumed)
    return column


def _mapping(found: ContactImport, wanted: Mapping[str, str]) -> dict[str, str]:
    width = len(found.shape["columns"])
    for index, field in wanted.items():
        if not index.isdecimal() or not int(index) < width:
            raise _wrong("mapping", say("There is no column {index}.", index=index[:20]))
        if not headers.is_field(field):
            raise _wrong("mapping", say("“{field}” is not a field of a contact.", field=field[:60]))
    chosen = [field for field in wanted.values() if field not in headers.SEVERAL]
    if doubled := next((field for field in chosen if chosen.count(field) > 1), None):
        raise _wrong("mapping", say("Two columns are “{field}”. Choose one of them.", field=doubled))
    return {str(int(index)): field for index, field in wanted.items()}


def _country(given: str) -> str:
    if not is_country(given.upper()):
        raise _wrong("country", say("“{value}” is not a country code, such as GR or VN.", value=given[:10]))
    return given.upper()


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: sentence})


# ---- running


@transaction.atomic
def start_import(workspace_id: UUID, import_id: UUID) -> ContactImport:
    """Queue its job. Raises Conflict when it has started already, InvalidInput without a column of phone numbers."""
    found = _unstarted(workspace_id, import_id)
    if headers.PHONE not in found.mapping.values():
        raise _wrong("mapping", say("Choose the column with the phone numbers: contacts are told apart by them."))
    return _queue(found)


@transaction.atomic
def stop_import(workspace_id: UUID, import_id: UUID) -> ContactImport:
    """It stops after the batch in hand; asked a second time, at once (its process may be dead). Raises Conflict when it does not run."""
    found = _locked(workspace_id, import_id)
    if found.state not in {ImportState.RUNNING, ImportState.STOPPING}:
        raise Conflict("This import is not running.", code="import_not_running")
    found.state = (ImportState.STOPPING if found.state == ImportState.RUNNING else ImportState.STOPPED).value
    found.save(update_fields=["state"])
    announce(found)
    return found


@transaction.atomic
def resume_import(workspace_id: UUID, import_id: UUID) -> ContactImport:
    """Go on after the last row that is in. Also for one whose process died: two processes never do the same rows. Raises Conflict when it is done."""
    found = _locked(workspace_id, import_id)
    if found.state in {ImportState.UPLOADED, ImportState.DONE}:
        raise Conflict("There is nothing to resume: this import has not started, or it is done.", code="import_not_stopped")
    if not data_file(found).exists():
        raise FileInvalid("file_lost")
    found.problem = ""
    return _queue(found)


def _locked(workspace_id: UUID, import_id: UUID) -> ContactImport:
    find_import(workspace_id, import_id)
    return ContactImport.objects.of(workspace_id).select_for_update().get(id=import_id)


def _queue(found: ContactImport) -> ContactImport:
    found.state = ImportState.RUNNING.value
    found.finished_at = None
    found.save(update_fields=["state", "problem", "finished_at"])
    jobs.configure_task(JOB, allow_unknown=True).defer(workspace_id=str(found.workspace_id), import_id=str(found.id))
    announce(found)
    return found
