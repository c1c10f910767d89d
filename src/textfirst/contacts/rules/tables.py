"""What a file of rows looks like: its delimiter, its header, what its columns hold."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date

from textfirst.contacts.rules import headers
from textfirst.contacts.rules.cells import plain
from textfirst.contacts.rules.dates import DateInvalid, date_order, read_birthday
from textfirst.contacts.rules.names import attribute_key, clean, clean_name
from textfirst.contacts.types import Column
from textfirst.core.addresses import is_number

DELIMITERS = (",", ";", "\t", "|")
SAMPLES = 5  # values shown for a column
MOST_COLUMNS = 200

_DATE_LIKE = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}.*")
_MOSTLY = 0.6  # of the values; the rest may be broken rows


def find_delimiter(lines: Sequence[str]) -> str:
    """The delimiter that cuts these lines into the steadiest number of columns; `sep=;`, as Excel writes it, decides."""
    if lines and (said := re.fullmatch(r"sep=(.)\s*", lines[0], re.IGNORECASE)):
        return said[1]
    return max(DELIMITERS, key=lambda delimiter: (_steadiness(lines, delimiter), -DELIMITERS.index(delimiter)))


def _steadiness(lines: Sequence[str], delimiter: str) -> float:
    try:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return 0.0
    width, times = widths.most_common(1)[0] if widths else (1, 0)
    return 0.0 if width < 2 else times / widths.total() + min(width, 20) / 100


def find_header(rows: Sequence[Sequence[str]], country: str) -> bool:
    """Whether the first row names the columns: it has words we know, or it has no number where the rows below have some."""
    if not rows:
        return False
    first = [plain(cell) for cell in rows[0]]
    if any(headers.field_named(cell) for cell in first) and not any(is_number(cell, country) for cell in first):
        return True
    numbered = {index for index in range(len(first)) if _share(_column(rows[1:], index), lambda cell: is_number(cell, country)) > _MOSTLY}
    return bool(numbered) and not any(is_number(first[index], country) for index in numbered)


def columns_of(rows: Sequence[Sequence[str]], *, has_header: bool, country: str) -> tuple[Column, ...]:
    """The columns, described from the first rows of the file."""
    width = min(max((len(row) for row in rows), default=0), MOST_COLUMNS)
    body = rows[1:] if has_header else rows
    return tuple(_describe(index, rows[0] if has_header else (), _column(body, index), country) for index in range(width))


def _describe(index: int, header: Sequence[str], values: list[str], country: str) -> Column:
    name = clean_name(plain(header[index]))[:100] if index < len(header) else ""
    dates = [value for value in values if _DATE_LIKE.fullmatch(value)]
    order, assumed = date_order(dates, country) if dates else ("", False)
    return Column(index, name, tuple(value[:100] for value in values[:SAMPLES]), order, date_order_assumed=assumed)


def _column(rows: Sequence[Sequence[str]], index: int) -> list[str]:
    """The values of a column that are there."""
    return [value for row in rows if index < len(row) and (value := clean(plain(row[index])))]


def suggest_mapping(
    rows: Sequence[Sequence[str]], columns: Sequence[Column], *, has_header: bool, country: str, latest: int
) -> dict[int, str]:
    """A field for every column: by its name, else by what its values look like. `latest` is this year, for birthdays."""
    body = rows[1:] if has_header else rows
    values = {column.index: _column(body, column.index) for column in columns}
    mapping = dict.fromkeys((column.index for column in columns), "")
    for column in sorted(columns, key=lambda column: headers.is_whole_name(column.name)):
        field = headers.field_named(column.name)
        mapping[column.index] = field if field and (field in headers.SEVERAL or field not in mapping.values()) else ""
    _trust_values(mapping, values, country)
    for column in columns:
        if not mapping[column.index]:
            mapping[column.index] = _by_values(column, values[column.index], mapping, country, latest)
    return mapping


def _trust_values(mapping: dict[int, str], values: dict[int, list[str]], country: str) -> None:
    """A column called “Number” without a phone number in it is not one."""
    for index, field in mapping.items():
        if field == headers.PHONE and values[index] and _share(values[index], lambda cell: is_number(cell, country)) == 0:
            mapping[index] = ""


def _by_values(column: Column, values: list[str], mapping: dict[int, str], country: str, latest: int) -> str:
    taken = set(mapping.values())
    if headers.PHONE not in taken and _share(values, lambda cell: is_number(cell, country)) >= _MOSTLY:
        return headers.PHONE
    if (
        not column.name
        and headers.BIRTHDAY not in taken
        and _share(values, lambda cell: _is_birthday(cell, column.date_order, latest)) >= _MOSTLY
    ):
        return headers.BIRTHDAY
    key = attribute_key(column.name)
    field = f"{headers.ATTRIBUTE}{key}"
    return field if key and field not in taken else headers.IGNORE


def _is_birthday(cell: str, order: str, latest: int) -> bool:
    try:
        read_birthday(cell, order or "dmy", date(latest, 12, 31))
    except DateInvalid:
        return False
    return True


def _share(values: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, values)) / len(values) if values else 0.0
