"""Contacts as rows of a spreadsheet, in constant memory, in the form that an import takes back."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from textfirst.contacts.models import ContactImport
from textfirst.contacts.queries.contacts import cards, contact_ids, run, sql
from textfirst.contacts.queries.imports import all_errors, shape_of
from textfirst.contacts.rules.rows import sentence
from textfirst.contacts.types import ContactCard, Filter
from textfirst.core.words import in_language

PAGE = 1000  # contacts at a time
NAMES = ("First name", "Last name", "Language", "Time zone", "Birthday", "Country", "State code", "Prefers", "Weekly limit", "Labels")


def phone_columns(workspace_id: UUID) -> int:
    """As many as anybody has numbers, at least one."""
    return int(run(sql.most_numbers, {"workspace_id": workspace_id})[0][0] or 1)


def rows(workspace_id: UUID, wanted: Filter, phones: int) -> Iterator[list[str]]:
    """A header, then a row for each contact, oldest edit or not: newest contact first."""
    keys = [row[0] for row in run(sql.all_attribute_keys, {"workspace_id": workspace_id})]
    numbers = ["Phone", *(f"Phone {number}" for number in range(2, phones + 1))]
    yield [*numbers, *NAMES, *(f"attribute.{key}" for key in keys)]
    after: UUID | None = None
    while ids := contact_ids(workspace_id, wanted, after=after, limit=PAGE):
        for contact in cards(workspace_id, ids):
            yield _row(contact, phones, keys)
        after = ids[-1]


def _row(contact: ContactCard, phones: int, keys: list[str]) -> list[str]:
    numbers = [identity.address for identity in contact.identities if identity.scheme == "tel"][:phones]
    birthday = contact.birthday.isoformat() if contact.birthday else ""
    labels = "; ".join(label.name for label in contact.labels)
    said = [contact.first_name, contact.last_name, contact.language, contact.time_zone, birthday, *_reached(contact), labels]
    return [*numbers, *[""] * (phones - len(numbers)), *said, *(contact.attributes.get(key, "") for key in keys)]


def _reached(contact: ContactCard) -> list[str]:
    return [contact.country, contact.region, contact.prefers.word, "" if contact.own_cap is None else str(contact.own_cap)]


def error_rows(found: ContactImport, language: str) -> Iterator[list[str]]:
    """The rows that could not be imported, with the file's own header, and what is wrong in the reader's language: mend them and import this file."""
    shape = shape_of(found)
    width = len(shape.columns)
    names = [column.name or f"Column {column.index + 1}" for column in shape.columns]
    yield [*names, "problem"]
    for error in all_errors(found):
        cells = [str(cell) for cell in error.cells[:width]]
        problem = in_language(sentence(error.code, error.facts), language)
        yield [*cells, *[""] * (width - len(cells)), f"{error.column}: {problem}" if error.column else problem]
