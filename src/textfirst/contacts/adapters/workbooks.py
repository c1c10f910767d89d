"""Workbooks (XLSX, XLS, ODS): turned into CSV by a short-lived process, written row by row.

The parser holds a whole sheet in memory and reads what strangers made. So it runs in a process of its own, whose memory and time are limited and
returned to the system at once, and everything after it reads one kind of file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from textfirst.contacts.rules.cells import DANGEROUS, safe

LARGEST_UNPACKED = 400 * 1024 * 1024  # bytes of XML; about 800,000 rows of six columns
MOST_SECONDS = 120
PIECE = 64 * 1024
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class WorkbookInvalid(ValueError):
    """`code`: workbook_unreadable, workbook_too_large or workbook_protected."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Converted:
    sheet: str
    sheets: tuple[str, ...]


def is_workbook(start: bytes) -> bool:
    """By its first bytes, not its name."""
    return start.startswith((ZIP, OLD_EXCEL))


def to_csv(source: Path, target: Path, sheet: str = "") -> Converted:
    """Write one sheet (the first with anything in it, unless named) as UTF-8 CSV. Raises WorkbookInvalid."""
    _check_size(source)
    command = [sys.executable, "-I", "-m", "textfirst.contacts.adapters.sheet_to_csv", str(source), str(target), sheet]
    try:
        done = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise WorkbookInvalid("workbook_too_large") from None
    if done.returncode:
        raise WorkbookInvalid(_reason(done))
    said = json.loads(done.stdout)
    return Converted(said["sheet"], tuple(said["sheets"]))


def _check_size(source: Path) -> None:
    """A few kilobytes can unpack to gigabytes."""
    if not zipfile.is_zipfile(source):
        return
    try:
        with zipfile.ZipFile(source) as packed:
            if sum(member.file_size for member in packed.infolist()) > LARGEST_UNPACKED:
                raise WorkbookInvalid("workbook_too_large")
    except zipfile.BadZipFile:
        raise WorkbookInvalid("workbook_unreadable") from None


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode < 0 or b"MemoryError" in done.stderr or b"memory allocation" in done.stderr:
        return "workbook_too_large"
    return "workbook_protected" if b"assword" in done.stderr else "workbook_unreadable"


def write_rows(rows: Iterable[Sequence[str]], *, plain_columns: frozenset[int] = frozenset()) -> Iterator[bytes]:
    """An XLSX file whose every cell is text, never a formula, made in constant memory and handed out in pieces.

    Cells are made safe as in CSV, for people save workbooks as CSV; only `plain_columns` (our own E.164 numbers) are left as they are.
    """
    with TemporaryDirectory(prefix="textfirst-export-") as folder:
        path = Path(folder) / "export.xlsx"
        _write(rows, path, plain_columns)
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece


def _write(rows: Iterable[Sequence[str]], path: Path, plain_columns: frozenset[int]) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "tmpdir": str(path.parent),
    }
    from xlsxwriter import Workbook  # 2 MB that few processes ever need

    with Workbook(str(path), options) as workbook:
        sheet = workbook.add_worksheet("Contacts")
        text = workbook.add_format({"num_format": "@"})  # stays text when somebody edits it
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(
                        number, column, cell if column in plain_columns and cell[0] in DANGEROUS[:2] + "+" else safe(cell), text
                    )
