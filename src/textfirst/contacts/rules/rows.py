"""One row of a file as what it says about a contact, or as the reason why not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from textfirst.contacts.rules import headers
from textfirst.contacts.rules.cells import plain
from textfirst.contacts.rules.dates import DateInvalid, read_birthday
from textfirst.contacts.rules.names import LONGEST_NAME, LONGEST_VALUE, clean, clean_name, fold, label_key
from textfirst.contacts.rules.places import read_country, read_region
from textfirst.contacts.types import Prefers, Reading, ReadRow, RowProblem
from textfirst.core.addresses import SENTENCES as NUMBER_SENTENCES
from textfirst.core.addresses import Address, NumberInvalid, read_number
from textfirst.core.words import Sentence, say

LONGEST_CELL_SHOWN = 500  # characters kept of a cell of a broken row
MOST_CELLS = 200
SENTENCES: Mapping[str, str] = {
    **NUMBER_SENTENCES,
    "value_too_long": "The value is longer than {most} characters.",
    "language_unknown": "“{value}” is not a language we know. Write its code, such as en or ar.",
    "time_zone_unknown": "“{value}” is not a time zone. Write it as Europe/Athens.",
    "country_unknown": "“{value}” is not a country we know. Write its two letters, such as GR.",
    "region_unknown": "“{value}” is not a part of a country. Write its code, such as FL.",
    "prefers_unknown": "“{value}” is no way to reach somebody. Write text, call, email or chat.",
    "own_cap_unreadable": "“{value}” is not a number of texts a week. Write a whole number from 0 to {most}.",
    "birthday_unreadable": "“{value}” is not a date we can read. Write it as 1990-12-31.",
    "day_unreadable": "“{value}” is not a date we can read. Write it as 2026-12-31.",
    "day_to_come": "“{value}” is a day that is still to come.",
    "yes_or_no": "“{value}” is neither yes nor no.",
    "birthday_order_dmy": "“{value}” does not fit: this column is read as day, month, year.",
    "birthday_order_mdy": "“{value}” does not fit: this column is read as month, day, year.",
    "birthday_future": "“{value}” is in the future.",
    "label_invalid": "“{value}” cannot be a label: it is longer than {most} characters.",
    "text_garbled": "“{value}” has characters that this file's encoding cannot say. Save the file as UTF-8, or choose another encoding.",
    "row_too_long": "This row is too long to be read. Perhaps a quotation mark was opened and never closed.",
    "quote_open": "A quotation mark is opened in this row and never closed.",
    "two_contacts": "The numbers of this row belong to two different contacts.",
}
LONGEST_LABEL = 60
MOST_A_WEEK = 100  # marketing messages that anybody may ask for at most

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,4})?")
_LANGUAGES = {
    "english": "en", "arabic": "ar", "vietnamese": "vi", "greek": "el", "polish": "pl", "french": "fr", "german": "de", "spanish": "es",
    "italian": "it", "portuguese": "pt", "turkish": "tr", "russian": "ru", "chinese": "zh",
    "العربيه": "ar", "عربي": "ar", "الانجليزيه": "en", "انجليزي": "en",
    "tieng viet": "vi", "tieng anh": "en", "ελληνικα": "el", "αγγλικα": "en", "polski": "pl", "angielski": "en",
}  # fmt: skip
_PREFERS = {
    "text": Prefers.TEXT, "texts": Prefers.TEXT, "sms": Prefers.TEXT, "message": Prefers.TEXT, "رساله": Prefers.TEXT, "رسائل": Prefers.TEXT,
    "tin nhan": Prefers.TEXT, "μηνυμα": Prefers.TEXT, "wiadomosc": Prefers.TEXT,
    "call": Prefers.CALL, "phone": Prefers.CALL, "phone call": Prefers.CALL, "voice": Prefers.CALL, "اتصال": Prefers.CALL, "هاتف": Prefers.CALL,
    "مكالمه": Prefers.CALL, "goi dien": Prefers.CALL, "τηλεφωνο": Prefers.CALL, "κληση": Prefers.CALL, "telefon": Prefers.CALL,
    "email": Prefers.EMAIL, "e-mail": Prefers.EMAIL, "mail": Prefers.EMAIL, "بريد": Prefers.EMAIL, "البريد الالكتروني": Prefers.EMAIL,
    "chat": Prefers.CHAT, "web chat": Prefers.CHAT, "whatsapp": Prefers.CHAT, "دردشه": Prefers.CHAT, "czat": Prefers.CHAT,
}  # fmt: skip
_YES = frozenset({"1", "yes", "y", "true", "listed", "x", "نعم", "co", "ναι", "tak"})
_NO = frozenset({"0", "no", "n", "false", "not listed", "لا", "khong", "οχι", "nie"})
_MOMENT = re.compile(r"[T ]\d{1,2}:\d{2}.*$")
_LABELS = re.compile(r"[,;|\n،]")


class _Refused(Exception):
    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def sentence(code: str, facts: Mapping[str, str]) -> Sentence:
    """Why a row was refused, for `core.words.in_language`."""
    return say(SENTENCES[code], **facts)


def read_row(number: int, cells: Sequence[str], reading: Reading) -> ReadRow | RowProblem:
    """Row `number` (from 1, as the spreadsheet counts). One cell that cannot be read refuses the row: half a row helps nobody find the other half."""
    addresses: list[Address] = []
    fields: dict[str, Any] = {}
    attributes: dict[str, str] = {}
    labels: dict[str, str] = {}
    facts: dict[str, Any] = {}
    for index, field in reading.mapping.items():
        value = clean(plain(cells[index])) if index < len(cells) else ""
        if not value or field == headers.IGNORE:
            continue
        try:
            _check(value)
            if field == headers.PHONE:
                addresses.append(read_number(value, reading.country))
            elif field == headers.LABEL:
                labels.update((label_key(name), name) for name in label_names(value))
            elif field in headers.BESIDE:
                facts[field] = _READERS[field](value, index, reading)
            elif field.startswith(headers.ATTRIBUTE):
                attributes[field.removeprefix(headers.ATTRIBUTE)] = value
            else:
                fields[field] = _READERS[field](value, index, reading)
        except (_Refused, NumberInvalid) as error:
            return RowProblem(number, _column_name(index, reading), error.code, error.facts, kept_cells(cells))
    if not addresses:
        return RowProblem(number, _column_name(_first_phone(reading), reading), "number_missing", {}, kept_cells(cells))
    return ReadRow(number, tuple(dict.fromkeys(addresses)), fields, attributes, tuple(labels.values()), facts)


def broken_row(number: int, cells: Sequence[str], code: str) -> RowProblem:
    """A row that is not even a row."""
    return RowProblem(number, "", code, {}, kept_cells(cells))


def kept_cells(cells: Sequence[str]) -> tuple[str, ...]:
    """The cells of a broken row, so that the report can be mended and sent again."""
    return tuple(clean(cell)[:LONGEST_CELL_SHOWN] for cell in cells[:MOST_CELLS])


def is_blank(cells: Sequence[str]) -> bool:
    return not "".join(cells).strip()


def label_names(value: str) -> list[str]:
    """Names of labels in one cell. Raises for one that is too long."""
    names = [name for part in _LABELS.split(value) if (name := clean_name(part))]
    for name in names:
        if len(name) > LONGEST_LABEL:
            raise _Refused("label_invalid", value=name[:LONGEST_LABEL], most=str(LONGEST_LABEL))
    return names


@cache
def time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_language(value: str) -> str:
    """A language's code from its code or name, or nothing."""
    code = _LANGUAGES.get(fold(value), value.lower().replace("_", "-"))
    return code if _LANGUAGE.fullmatch(code) else ""


def read_prefers(value: str) -> Prefers:
    """How somebody wants to be reached, from a usual word for it, else NOTHING."""
    return _PREFERS.get(" ".join(fold(value).split()), Prefers.NOTHING)


def _column_name(index: int, reading: Reading) -> str:
    name = reading.names[index] if 0 <= index < len(reading.names) else ""
    return name or _letters(index)


def _letters(index: int) -> str:
    """A column as spreadsheets name it: A … Z, AA …"""
    letters = ""
    while index >= 0:
        letters, index = chr(65 + index % 26) + letters, index // 26 - 1
    return letters


def _first_phone(reading: Reading) -> int:
    return next((index for index, field in reading.mapping.items() if field == headers.PHONE), -1)


def _check(value: str) -> None:
    if len(value) > LONGEST_VALUE:
        raise _Refused("value_too_long", most=str(LONGEST_VALUE))
    if "\ufffd" in value:
        raise _Refused("text_garbled", value=value[:60])


def _name(value: str, _index: int, _reading: Reading) -> str:
    name = clean_name(value)
    if len(name) > LONGEST_NAME:
        raise _Refused("value_too_long", most=str(LONGEST_NAME))
    return name


def _language(value: str, _index: int, _reading: Reading) -> str:
    code = read_language(value)
    if not code:
        raise _Refused("language_unknown", value=value[:60])
    return code


def _time_zone(value: str, _index: int, _reading: Reading) -> str:
    if value not in time_zones():
        raise _Refused("time_zone_unknown", value=value[:60])
    return value


def _country(value: str, _index: int, _reading: Reading) -> str:
    code = read_country(value)
    if not code:
        raise _Refused("country_unknown", value=value[:60])
    return code


def _region(value: str, _index: int, _reading: Reading) -> str:
    code = read_region(value)
    if not code:
        raise _Refused("region_unknown", value=value[:60])
    return code


def _prefers(value: str, _index: int, _reading: Reading) -> int:
    wanted = read_prefers(value)
    if not wanted:
        raise _Refused("prefers_unknown", value=value[:60])
    return int(wanted)


def _own_cap(value: str, _index: int, _reading: Reading) -> int:
    if not value.isdecimal() or len(value) > 4 or int(value) > MOST_A_WEEK:
        raise _Refused("own_cap_unreadable", value=value[:60], most=str(MOST_A_WEEK))
    return int(value)


def _birthday(value: str, index: int, reading: Reading) -> object:
    order = reading.date_orders.get(index) or "dmy"
    try:
        return read_birthday(value, order, reading.today)
    except DateInvalid as error:
        code = f"birthday_order_{'mdy' if order == 'mdy' else 'dmy'}" if error.code == "birthday_order" else error.code
        raise _Refused(code, value=value[:60]) from None


def _day(value: str, index: int, reading: Reading) -> object:
    """A day that has been; a moment written behind it (`2026-11-01 10:30`) is left out."""
    try:
        return read_birthday(_MOMENT.sub("", value), reading.date_orders.get(index) or "dmy", reading.today)
    except DateInvalid as error:
        raise _Refused("day_to_come" if error.code == "birthday_future" else "day_unreadable", value=value[:60]) from None


def _yes_or_no(value: str, _index: int, _reading: Reading) -> bool:
    word = fold(value)
    if word not in _YES | _NO:
        raise _Refused("yes_or_no", value=value[:60])
    return word in _YES


_READERS: Mapping[str, Callable[[str, int, Reading], object]] = {
    headers.FIRST_NAME: _name,
    headers.LAST_NAME: _name,
    headers.LANGUAGE: _language,
    headers.TIME_ZONE: _time_zone,
    headers.BIRTHDAY: _birthday,
    headers.COUNTRY: _country,
    headers.REGION: _region,
    headers.PREFERS: _prefers,
    headers.OWN_CAP: _own_cap,
    headers.CONSENT_AT: _day,
    headers.DNC_LISTED: _yes_or_no,
    headers.REASSIGNED_ON: _day,
    headers.ANY_HOUR: _yes_or_no,
}
