"""CSV, one row at a time: whatever the file holds, no more than a few rows of it are in memory.

Two things break a reader of CSV: a quotation mark that is never closed, which swallows the rest of the file, and a line without end. A record that
does not close within `MOST_LINES` is given up at its first line and reading goes on with the second; a line longer than `LONGEST_LINE` is passed over.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from textfirst.contacts.rules.cells import safe
from textfirst.contacts.rules.encodings import Evidence

LONGEST_LINE = 1_000_000  # characters; far more than a contact, far less than memory
MOST_LINES = 50  # of one record
PIECE = 256 * 1024  # bytes read at once when the encoding is sought
WRITTEN_AT_ONCE = 64 * 1024  # characters
QUOTE = '"'

csv.field_size_limit(LONGEST_LINE * 2)  # longer ones never reach the module


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file; `broken` names why it cannot be used (a code of `rules.rows.SENTENCES`)."""

    number: int  # from 1, as a spreadsheet would count
    cells: tuple[str, ...]
    broken: str = ""


class _Unclosed(Exception):
    """The record being read has too many lines."""


class _Lines:
    """Lines of a file for csv.reader, with those of the record in hand remembered so that they can be read again."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.again: deque[str] = deque()
        self.held: list[str] = []
        self.overlong = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if len(self.held) >= MOST_LINES:
            raise _Unclosed
        line = self.again.popleft() if self.again else self._read()
        if not line:
            raise StopIteration
        self.held.append(line)
        return line

    def _read(self) -> str:
        line = self.file.readline(LONGEST_LINE)
        if len(line) < LONGEST_LINE or line.endswith(("\n", "\r")):
            return line
        self.overlong = True
        while (rest := self.file.readline(LONGEST_LINE)) and not rest.endswith(("\n", "\r")):
            pass
        return line[:100].replace(QUOTE, "") + "\n"

    def give_up(self) -> str:
        """The first line of the record in hand; the others will be read again."""
        first, *rest = self.held
        self.again.extendleft(reversed(rest))
        self.held.clear()
        return first


def find_encoding(path: Path) -> str:
    """The encoding of a file, from all of it: the only name that is not ASCII may be in its last line."""
    evidence = Evidence()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            evidence.feed(piece + file.readline(PIECE))
    return evidence.encoding()


def first_lines(path: Path, encoding: str, count: int) -> list[str]:
    """The first lines, cut short: enough to find a delimiter."""
    with _opened(path, encoding) as file:
        return [line for _ in range(count) if (line := file.readline(10_000))]


def read_records(path: Path, encoding: str, delimiter: str, *, skip: int = 0) -> Iterator[Record]:
    """The records of a file, after the first `skip`. Bytes the encoding does not know become U+FFFD."""
    with _opened(path, encoding) as file:
        yield from islice(_records(_Lines(file), delimiter), skip, None)


def _records(lines: _Lines, delimiter: str) -> Iterator[Record]:
    number = 0
    while True:
        lines.held.clear()
        lines.overlong = False
        try:
            cells, broken = _next_record(lines, delimiter)
        except StopIteration:
            return
        if number or not _is_separator_line(lines.held):
            number += 1
            yield Record(number, tuple(cells), "row_too_long" if lines.overlong else broken)


def _next_record(lines: _Lines, delimiter: str) -> tuple[list[str], str]:
    """Strictly first: a lenient reader takes the next row's quotation marks for the end of an open cell, and swallows the rows between."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=True)), ""
    except (_Unclosed, csv.Error):
        line = lines.give_up()
        if line.count(QUOTE) % 2:
            return _split(line, delimiter), "quote_open"
        return next(csv.reader([line], delimiter=delimiter)), ""  # marks inside a cell, not doubled: what was meant is clear enough


def _is_separator_line(held: list[str]) -> bool:
    """`sep=;` as Excel writes it before the rows."""
    return bool(held) and held[0].lower().startswith("sep=") and len(held[0].rstrip("\r\n")) == len("sep=;")


def _split(line: str, delimiter: str) -> list[str]:
    """The cells of a line whose quotation marks mean nothing."""
    return line.replace(QUOTE, "").rstrip("\r\n").split(delimiter)


def _opened(path: Path, encoding: str) -> TextIO:
    return path.open(encoding=encoding, errors="replace", newline="")


class _Echo:
    """A file whose write is what csv.writer returns."""

    def write(self, text: str) -> str:
        return text


def write_rows(rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """CSV (RFC 4180) as spreadsheets open it safely: UTF-8 with BOM, every cell only text. Handed out in pieces of many rows."""
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    piece = ["\ufeff"]
    size = 0
    for row in rows:
        line = writer.writerow([safe(cell) for cell in row])
        piece.append(line)
        size += len(line)
        if size > WRITTEN_AT_ONCE:
            yield "".join(piece).encode()
            piece, size = [], 0
    yield "".join(piece).encode()


@contextmanager
def stored_records(path: Path, encoding: str, delimiter: str, *, skip: int = 0) -> Iterator[Iterator[Record]]:
    """`read_records`, and the file is closed at the end of the block however far it was read."""
    records = read_records(path, encoding, delimiter, skip=skip)
    try:
        yield records
    finally:
        records.close()  # type: ignore[attr-defined]
