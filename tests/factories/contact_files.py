from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from uuid import UUID

import xlsxwriter

from textfirst.accounts.models import Workspace
from textfirst.contacts.actions.importing import run_import
from textfirst.contacts.actions.imports import change_import, create_import, start_import
from textfirst.contacts.models import ContactImport
from textfirst.database.scope import workspace_scope

TODAY = date(2026, 11, 22)


def make_import(workspace: Workspace, content: str | bytes, *, name: str = "people.csv", start: bool = True, **changes) -> UUID:
    """An upload, mapped as suggested unless `changes` say otherwise, and queued."""
    data = content.encode() if isinstance(content, str) else content
    with workspace_scope(workspace.id):
        made = create_import(workspace.id, file_name=name, pieces=[data], today=TODAY)
        if changes:
            change_import(workspace.id, made.id, today=TODAY, **changes)
        if start:
            start_import(workspace.id, made.id)
    return made.id


def run(workspace: Workspace, import_id: UUID) -> ContactImport:
    """Run it as the worker would; the import afterwards."""
    run_import(workspace.id, import_id, TODAY)
    with workspace_scope(workspace.id):
        return ContactImport.objects.of(workspace.id).select_related("contact_list").get(id=import_id)


def import_file(workspace: Workspace, content: str | bytes, **changes) -> ContactImport:
    return run(workspace, make_import(workspace, content, **changes))


def workbook(rows: Sequence[Sequence[object]], sheets: Sequence[str] = ("Sheet1",)) -> bytes:
    """An XLSX file with `rows` on its last sheet; a date becomes a cell of a date."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for name in sheets:
            sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return stream.getvalue()
