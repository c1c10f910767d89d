"""Contacts: one, a page, how many."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any, TypeVar
from uuid import UUID

import psycopg
from django.db import connection

from textfirst.accounts.models import Workspace
from textfirst.contacts.models import Segment
from textfirst.contacts.rules.filters import filter_sql
from textfirst.contacts.rules.segments import read_rule
from textfirst.contacts.types import ContactCard, Filter, Fragment, IdentityCard, LabelCard, ListCard, Prefers, Rule
from textfirst.core.errors import NotFound
from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner

COUNTED_AT_MOST = 10_000
CARD = (
    "id",
    "first_name",
    "last_name",
    "language",
    "time_zone",
    "birthday",
    "attributes",
    "blocked",
    "created_at",
    "updated_at",
    "country",
    "region",
    "prefers",
    "own_cap",
)  # of cards.sql
sql = load("textfirst.contacts")

T = TypeVar("T")


def country_of_workspace(workspace_id: UUID) -> str:
    """How local numbers are read."""
    return Workspace.objects.values_list("country", flat=True).get(id=workspace_id)


def rule_of_segment(workspace_id: UUID, segment_id: UUID) -> Rule:
    """Raises NotFound."""
    rule = Segment.objects.of(workspace_id).filter(id=segment_id).values_list("rule", flat=True).first()
    if rule is None:
        raise NotFound("There is no such segment.", code="segment_not_found")
    return read_rule(rule)


def filtered(workspace_id: UUID, wanted: Filter) -> Fragment:
    """`from contact c … where …`, with every parameter. Raises NotFound for a segment that is none."""
    rule = rule_of_segment(workspace_id, wanted.segment_id) if wanted.segment_id else None
    fragment = filter_sql(wanted, rule, country_of_workspace(workspace_id))
    return Fragment(fragment.sql, {**fragment.params, "workspace_id": workspace_id})


def contact_ids(workspace_id: UUID, wanted: Filter, *, after: UUID | None = None, limit: int = 50) -> list[UUID]:
    """Ids, newest contact first, from the one after `after`."""
    where = filtered(workspace_id, wanted)
    beyond = "and c.id < %(after)s" if after else ""
    statement = f"select c.id {where.sql} {beyond} order by c.id desc limit %(limit)s"
    rows = _fetch(wanted, statement, {**where.params, "after": after, "limit": limit})
    return [row[0] for row in rows]


def count_contacts(workspace_id: UUID, wanted: Filter, *, most: int = COUNTED_AT_MOST) -> int:
    """How many, counting no further than `most`."""
    where = filtered(workspace_id, wanted)
    statement = f"select count(*) from (select 1 {where.sql} limit %(most)s) counted"  # noqa: S608 - our own fragments
    return int(_fetch(wanted, statement, {**where.params, "most": most})[0][0])


def cards(workspace_id: UUID, ids: Sequence[UUID]) -> list[ContactCard]:
    """Contacts with all that is shown of them, in the order of `ids`; those that are gone are left out."""
    params = {"workspace_id": workspace_id, "ids": list(ids)}
    identities = _by_contact(sql.card_identities, params, lambda row: IdentityCard(*row))
    labels = _by_contact(sql.card_labels, params, lambda row: LabelCard(*row))
    lists = _by_contact(sql.card_lists, params, lambda row: ListCard(*row))
    found: dict[UUID, ContactCard] = {}
    for row in run(sql.cards, params):
        id_, facts = row[0], dict(zip(CARD, row, strict=True))
        facts["attributes"], facts["prefers"] = _json(facts["attributes"]), Prefers(facts["prefers"])
        found[id_] = ContactCard(**facts, identities=tuple(identities[id_]), labels=tuple(labels[id_]), lists=tuple(lists[id_]))
    return [found[id_] for id_ in ids if id_ in found]


def card(workspace_id: UUID, contact_id: UUID) -> ContactCard:
    """Raises NotFound."""
    found = cards(workspace_id, [contact_id])
    if not found:
        raise NotFound("There is no such contact.", code="contact_not_found")
    return found[0]


def run(statement: str, params: dict[str, Any]) -> list[Any]:
    """All rows of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def run_many(statement: str, params: dict[str, Any]) -> list[Any]:
    """`run` for arrays of thousands: Django's cursor writes them into the statement as text, psycopg's own sends them as they are, fifteen times faster."""
    connection.ensure_connection()
    with psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def _fetch(wanted: Filter, statement: str, params: dict[str, Any]) -> list[Any]:
    """LIKE is not leakproof, so under row-level security PostgreSQL will not use the trigram index for it: a search runs as the owner. The statement
    names its workspace in every table, which a test proves with a second workspace.
    """
    with as_owner() if wanted.search else nullcontext():
        return run(statement, params)


def _by_contact(statement: str, params: dict[str, Any], make: Callable[[Sequence[Any]], T]) -> dict[UUID, list[T]]:
    grouped: dict[UUID, list[T]] = defaultdict(list)
    for row in run(statement, params):
        grouped[row[0]].append(make(row[1:]))
    return grouped


def _json(value: Any) -> dict[str, str]:
    read: dict[str, str] = json.loads(value) if isinstance(value, str) else value
    return read
