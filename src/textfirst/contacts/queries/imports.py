"""Imports: their files, their shape, what their rows would do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from textfirst.contacts.adapters.csv_files import stored_records
from textfirst.contacts.models import ContactImport, ContactImportError
from textfirst.contacts.rules.rows import broken_row, is_blank, read_row
from textfirst.contacts.types import Column, Reading, ReadRow, RowProblem, Shape
from textfirst.core.errors import NotFound

PREVIEWED = 20  # rows


def find_import(workspace_id: UUID, import_id: UUID) -> ContactImport:
    """Raises NotFound."""
    found = ContactImport.objects.of(workspace_id).select_related("contact_list").filter(id=import_id).first()
    if found is None:
        raise NotFound("There is no such import.", code="import_not_found")
    return found


def stored_file(found: ContactImport) -> Path:
    """The file as it was uploaded."""
    return Path(settings.PROCESS.uploads) / found.stored_as


def data_file(found: ContactImport) -> Path:
    """The file whose rows are read: the upload itself, or the sheet made of it."""
    return rows_file(stored_file(found), shape_of(found))


def rows_file(stored: Path, shape: Shape) -> Path:
    return stored if shape.kind == "csv" else sheet_file(stored, shape.sheets.index(shape.sheet))


def sheet_file(stored: Path, number: int) -> Path:
    """One sheet of a workbook, as CSV, beside it."""
    return stored.with_name(f"{stored.name}.{number}.csv")


def shape_of(found: ContactImport) -> Shape:
    return read_shape(found.shape)


def read_shape(stored: dict[str, Any]) -> Shape:
    columns = tuple(Column(**{**column, "samples": tuple(column["samples"])}) for column in stored["columns"])
    return Shape(**{**stored, "sheets": tuple(stored["sheets"]), "columns": columns})


def reading_of(found: ContactImport, today: date) -> Reading:
    shape = shape_of(found)
    return Reading(
        mapping={int(index): field for index, field in found.mapping.items()},
        country=found.country,
        today=today,
        names=tuple(column.name for column in shape.columns),
        date_orders={column.index: column.date_order for column in shape.columns if column.date_order},
    )


def preview(found: ContactImport, today: date) -> list[tuple[tuple[str, ...], ReadRow | RowProblem]]:
    """The first rows: their cells, and what they say or why they cannot be read."""
    shape, reading = shape_of(found), reading_of(found, today)
    previewed = []
    with stored_records(data_file(found), shape.encoding, shape.delimiter, skip=int(shape.has_header)) as records:
        for record in islice((r for r in records if r.broken or not is_blank(r.cells)), PREVIEWED):
            read = (
                broken_row(record.number, record.cells, record.broken) if record.broken else read_row(record.number, record.cells, reading)
            )
            previewed.append((tuple(cell[:200] for cell in record.cells[:200]), read))
    return previewed


def errors(found: ContactImport, *, after: int = 0, limit: int = 50) -> list[ContactImportError]:
    """Rows that could not be imported, from the one after row `after`."""
    rows = ContactImportError.objects.of(found.workspace_id).filter(contact_import=found, row__gt=after)
    return list(rows.order_by("row")[:limit])


def all_errors(found: ContactImport) -> Iterator[ContactImportError]:
    """All of them, a thousand at a time."""
    after = 0
    while page := errors(found, after=after, limit=1000):
        yield from page
        after = page[-1].row
