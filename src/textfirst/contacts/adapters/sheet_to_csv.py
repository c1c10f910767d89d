"""`python -m textfirst.contacts.adapters.sheet_to_csv SOURCE TARGET [SHEET]`: one sheet of a workbook as UTF-8 CSV.

Prints the sheet and all sheets as JSON. Run by `workbooks.to_csv` in a process of its own; imports nothing heavy.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import resource
import sys
from collections.abc import Sequence

from python_calamine import CalamineSheet, CalamineWorkbook, SheetVisibleEnum

MOST_MEMORY = 1536 * 1024 * 1024  # bytes of address space


def main(source: str, target: str, sheet: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    workbook = CalamineWorkbook.from_path(source)
    names = [entry.name for entry in workbook.sheets_metadata if entry.visible is SheetVisibleEnum.Visible] or workbook.sheet_names
    chosen = _chosen(workbook, names, sheet)
    with open(target, "w", encoding="utf-8", newline="") as file:
        _write(chosen, file)
    sys.stdout.write(json.dumps({"sheet": chosen.name, "sheets": names}))


def _chosen(workbook: CalamineWorkbook, names: Sequence[str], sheet: str) -> CalamineSheet:
    if sheet in names:
        return workbook.get_sheet_by_name(sheet)
    for name in names:
        found = workbook.get_sheet_by_name(name)
        if found.total_height:
            return found
    return workbook.get_sheet_by_name(names[0])


def _write(sheet: CalamineSheet, file: object) -> None:
    """Rows keep their numbers and columns their letters: what is empty before the first cell is written as empty."""
    writer = csv.writer(file)  # type: ignore[arg-type]
    top, left = sheet.start or (0, 0)
    for _ in range(top):
        file.write("\r\n")  # type: ignore[attr-defined]
    before = [""] * left
    for row in sheet.iter_rows():
        writer.writerow([*before, *map(_text, row)])


def _text(value: object) -> str:
    """A cell as a person would have typed it: whole numbers without `.0`, days as ISO."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")
    return str(value)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "")
