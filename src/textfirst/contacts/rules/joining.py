"""When two contacts turn out to be one person: whose word counts, and what an undo gives back. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FIELDS = ("first_name", "last_name", "language", "time_zone", "birthday", "country", "region", "prefers", "own_cap")


def joined(kept: Mapping[str, Any], gone: Mapping[str, Any]) -> dict[str, Any]:
    """What changes about the contact that stays: its own words count, gaps are filled from the other; a block of either stands, and the lower cap."""
    changes: dict[str, Any] = {name: gone[name] for name in FIELDS if name != "own_cap" and not kept[name] and gone[name]}
    if gone["own_cap"] is not None and (kept["own_cap"] is None or gone["own_cap"] < kept["own_cap"]):
        changes["own_cap"] = gone["own_cap"]
    attributes = {**gone["attributes"], **kept["attributes"]}
    if attributes != kept["attributes"]:
        changes["attributes"] = attributes
    if gone["blocked"] and not kept["blocked"]:
        changes["blocked"] = True
    return changes


def given_back(now: Mapping[str, Any], before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """What an undo sets: what the joining changed and nobody has changed since."""
    back = {name: before[name] for name, value in changes.items() if name != "attributes" and now[name] == value}
    if "attributes" in changes:
        added = changes["attributes"].items() - before["attributes"].items()
        back["attributes"] = dict(now["attributes"].items() - added)
    return back
