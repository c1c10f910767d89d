"""What a batch of rows does to contacts: pure, so that the database only has to fetch before and write after.

Rows are laid one after the other on the contacts their numbers belong to. An empty cell says nothing; a row that changes nothing is
`unchanged`; a row whose numbers belong to two contacts is a problem, for joining people is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from textfirst.contacts.rules.names import label_key, search_text
from textfirst.contacts.rules.rows import kept_cells
from textfirst.contacts.types import ReadRow, RowProblem
from textfirst.core.addresses import Address
from textfirst.core.ids import new_id

FIELDS = ("first_name", "last_name", "language", "time_zone", "birthday", "country", "region", "prefers", "own_cap")
NOTHING = {**dict.fromkeys(FIELDS, ""), "birthday": None, "prefers": 0, "own_cap": None}
DECIDING = frozenset({"time_zone", "birthday", "country", "region", "prefers", "own_cap"})  # what decides when and by what they are reached


@dataclass(slots=True)
class Held:
    """A contact as a batch sees it: as it is in the database, then as the rows leave it."""

    id: UUID
    fields: dict[str, Any]
    attributes: dict[str, str]
    addresses: set[Address]
    labels: set[str]  # their keys
    listed: bool  # in the list that the import fills
    new: bool = False
    changed: bool = False  # its own row is to be written
    moved: bool = False  # what decides about it has changed: decisions are to be made again
    new_addresses: list[Address] = field(default_factory=list)
    new_labels: dict[str, str] = field(default_factory=dict)  # key → as written
    to_list: bool = False

    @property
    def search_text(self) -> str:
        return search_text(self.fields["first_name"], self.fields["last_name"], (address.address for address in self.addresses))


@dataclass(slots=True)
class Outcome:
    """What a batch comes to."""

    contacts: list[Held] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[RowProblem] = field(default_factory=list)


def lay(rows: Iterable[tuple[ReadRow, tuple[str, ...]]], known: Iterable[Held], *, to_list: bool) -> Outcome:
    """Lay rows (each with its cells, for the report) on the contacts known by their numbers."""
    outcome = Outcome(contacts=list(known))
    by_address = {address: held for held in outcome.contacts for address in held.addresses}
    for row, cells in rows:
        owners = {id(held): held for address in row.addresses if (held := by_address.get(address))}
        if len(owners) > 1:
            outcome.problems.append(RowProblem(row.row, "", "two_contacts", {}, kept_cells(cells)))
            continue
        held = next(iter(owners.values()), None) or _fresh(outcome)
        changed = _apply(row, held, to_list=to_list)
        by_address.update(dict.fromkeys(row.addresses, held))
        _count(outcome, held, changed=changed)
    return outcome


def _fresh(outcome: Outcome) -> Held:
    held = Held(new_id(), dict(NOTHING), {}, set(), set(), listed=False, new=True)
    outcome.contacts.append(held)
    return held


def _count(outcome: Outcome, held: Held, *, changed: bool) -> None:
    """The first row of a new contact creates it; a later one in the same file updates it or not."""
    if held.new and len(held.new_addresses) and not held.changed:
        held.changed = True
        outcome.created += 1
    elif changed:
        outcome.updated += 1
    else:
        outcome.unchanged += 1


def _apply(row: ReadRow, held: Held, *, to_list: bool) -> bool:
    """Whether the row said anything new."""
    own = [_apply_fields(row, held), _apply_attributes(row, held), _apply_addresses(row, held)]
    if any(own) and not held.new:
        held.changed = True
    beside = [_apply_labels(row, held), _apply_list(held, to_list=to_list)]
    return any(own) or any(beside)


def _apply_fields(row: ReadRow, held: Held) -> bool:
    said = {name: value for name, value in row.fields.items() if held.fields[name] != value}
    held.moved |= not held.new and not DECIDING.isdisjoint(said)
    held.fields.update(said)
    return bool(said)


def _apply_attributes(row: ReadRow, held: Held) -> bool:
    said = {key: value for key, value in row.attributes.items() if held.attributes.get(key) != value}
    held.attributes.update(said)
    return bool(said)


def _apply_addresses(row: ReadRow, held: Held) -> bool:
    fresh = [address for address in row.addresses if address not in held.addresses]
    held.addresses.update(fresh)
    held.new_addresses.extend(fresh)
    return bool(fresh)


def _apply_labels(row: ReadRow, held: Held) -> bool:
    fresh = {key: name for name in row.labels if (key := label_key(name)) not in held.labels}
    held.labels.update(fresh)
    held.new_labels.update(fresh)
    return bool(fresh)


def _apply_list(held: Held, *, to_list: bool) -> bool:
    if not to_list or held.listed:
        return False
    held.listed = held.to_list = True
    return True
