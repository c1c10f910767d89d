"""Whether a moment is one at which marketing may reach a phone: by tables of the auditor's own and the zones that `phonenumbers` knows.

The hours are the outermost that hold in a country, whatever a region or a workspace narrows: who texts outside of them is wrong in any case.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers import timezone

Week = tuple[tuple[time, time], ...]  # Monday to Sunday: from, and before


def _week(weekdays: tuple[int, int], saturday: tuple[int, int], sunday: tuple[int, int]) -> Week:
    return tuple((time(begin), time(end)) for begin, end in (*(weekdays,) * 5, saturday, sunday))


DECENT: Final = _week((9, 20), (10, 18), (10, 18))
HOURS: Final[dict[int, Week]] = {
    1: _week((8, 21), (8, 21), (8, 21)),  # 47 CFR 64.1200(c)(1)
    44: DECENT,
}  # by country code
ELSEWHERE: Final = _week((8, 21), (8, 21), (8, 21))


def outside(digits: str, own_zone: str, at: int) -> str:
    """The local time (`21:30 in Europe/London`) that is outside the hours of whoever has this number; empty when it is within them.

    `own_zone` is what the contact's card says, if anything; else it must be the hour in every zone that the number may be in. `at` is
    nanoseconds since 1970.
    """
    number = phonenumbers.parse(f"+{digits}")
    moment = datetime.fromtimestamp(at / 1e9, tz=UTC)
    for name in _zones(number, own_zone):
        local = moment.astimezone(ZoneInfo(name))
        begin, end = HOURS.get(number.country_code or 0, ELSEWHERE)[local.weekday()]
        if not begin <= local.time() < end:
            return f"{local:%a %H:%M:%S} in {name}"
    return ""


def _zones(number: phonenumbers.PhoneNumber, own_zone: str) -> Sequence[str]:
    try:
        return [ZoneInfo(own_zone).key] if own_zone else list(timezone.time_zones_for_number(number))
    except (ZoneInfoNotFoundError, ValueError):
        return list(timezone.time_zones_for_number(number))
