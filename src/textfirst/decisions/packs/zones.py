"""Time zones of the pinned tzdata, not of the machine, so that all nodes agree."""

from __future__ import annotations

from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo


@cache
def zone(name: str) -> ZoneInfo:
    """A zone of the pinned tzdata; raises KeyError for a name it has not."""
    if not zone_known(name):
        raise KeyError(name)
    with (resources.files("tzdata") / "zoneinfo" / name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def zone_known(name: str) -> bool:
    return name in _zone_names()


@cache
def _zone_names() -> frozenset[str]:
    return frozenset((resources.files("tzdata") / "zones").read_text().splitlines())
