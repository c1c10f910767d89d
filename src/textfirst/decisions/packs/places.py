"""Where somebody may be: the places and zones that a number's prefix, or a country and its part, may stand for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import orjson

LONGEST_PREFIX = 4  # digits: 1 and an area code


@dataclass(frozen=True, slots=True)
class Place:
    """`jurisdictions` as ISO 3166 has them, a part of a country where it is known; empty when not even the country is. `zones`: each one possible."""

    jurisdictions: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


def place_of_number(number: str) -> Place:
    """For an E.164 number with its plus; what no table knows (satellites, international networks) is nowhere."""
    prefixes = _table()["prefixes"]
    for length in range(LONGEST_PREFIX, 0, -1):
        if found := prefixes.get(number[1 : 1 + length]):
            return Place(tuple(found["places"]), tuple(found["zones"]))
    return Place()


def prefixes_of(countries: Collection[str]) -> list[str]:
    """How numbers begin (`+84`) that may be of these countries (ISO 3166-1) or a part of them."""
    return [f"+{prefix}" for prefix, found in _table()["prefixes"].items() if any(place[:2] in countries for place in found["places"])]


def place_of_address(country: str, region: str = "") -> Place:
    """For a country (ISO 3166-1) and the code of a part of it (the "FL" of US-FL); a part that is not known is left out."""
    whole = f"{country}-{region}"
    if zones := _table()["regions"].get(whole):
        return Place((whole,), tuple(zones))
    return Place((country,), tuple(_table()["countries"].get(country, ())))


def country_known(code: str) -> bool:
    """Whether it is the code of a country (ISO 3166-1, capital letters)."""
    return code in _table()["countries"]


@cache
def _table() -> Mapping[str, Any]:
    return orjson.loads((resources.files(__package__) / "data/places.json").read_bytes())  # type: ignore[no-any-return]
