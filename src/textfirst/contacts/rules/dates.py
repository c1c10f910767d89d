"""Birthdays as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})  # countries that write the month before the day (CLDR short dates)
YEAR_FIRST = "ymd"
EARLIEST = 1900

_NUMBERS = re.compile(r"(\d{1,4})[./\-\s]+(\d{1,2})[./\-\s]+(\d{1,4})\.?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?.*)?")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORDS = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?[\s\-]+([a-z]{3,9})|([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?),?[\s\-]+(\d{4})")
_MONTHS = {
    name: number for number, name in enumerate(("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1)
}
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class DateInvalid(ValueError):
    """`code`: birthday_unreadable, birthday_order (day and month cannot be so) or birthday_future."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def date_order(values: Iterable[str], country: str) -> tuple[str, bool]:
    """`dmy`, `mdy` or `ymd` for a column, and whether that is only assumed because no value has a number above 12 to decide it."""
    orders = {order for value in values if (order := _order_shown(value))}
    if len(orders) == 1:
        return orders.pop(), False
    return ("mdy" if country in MONTH_FIRST else "dmy"), True


def _order_shown(value: str) -> str:
    found = _NUMBERS.fullmatch(value.strip().translate(_DIGITS))
    if found is None:
        return ""
    if len(found[1]) == 4:
        return YEAR_FIRST
    first, second = int(found[1]), int(found[2])
    return "dmy" if first > 12 >= second else "mdy" if second > 12 >= first else ""


def read_birthday(text: str, order: str, today: date) -> date:
    """The day in `text`. `order` is used where the text does not decide: day and month as numbers. Raises DateInvalid."""
    born = _read(text.strip().translate(_DIGITS), order, today)
    if born > today or born.year < EARLIEST:
        raise DateInvalid("birthday_future" if born > today else "birthday_unreadable")
    return born


def _read(written: str, order: str, today: date) -> date:
    if compact := _PLAIN.fullmatch(written):
        return _date(compact[1], compact[2], compact[3])
    if words := _WORDS.fullmatch(written.lower()):
        return _date(words[5], _MONTHS.get((words[2] or words[3])[:3], 0), words[1] or words[4])
    found = _NUMBERS.fullmatch(written)
    if found is None:
        raise DateInvalid("birthday_unreadable")
    if len(found[1]) > 2:
        return _date(found[1], found[2], found[3])
    day, month = (found[2], found[1]) if order == "mdy" else (found[1], found[2])
    if int(month) > 12 >= int(day) > 0:
        raise DateInvalid("birthday_order")
    return _date(_century(found[3], today), month, day)


def _century(year: str, today: date) -> int:
    """Two digits mean the last year that they can."""
    if len(year) != 2:
        return int(year)
    this = today.year // 100 * 100 + int(year)
    return this if this <= today.year else this - 100


def _date(year: str | int, month: str | int, day: str | int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise DateInvalid("birthday_unreadable") from None
