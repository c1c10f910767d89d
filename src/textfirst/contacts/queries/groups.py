"""Labels, lists and segments, with how many are in them; and whom an audience reaches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from textfirst.contacts.models import Segment
from textfirst.contacts.queries.contacts import cards, run, sql
from textfirst.contacts.rules.audiences import audience_condition, audience_sql
from textfirst.contacts.rules.segments import read_rule, segment_sql
from textfirst.contacts.types import Audience, ContactCard, Fragment, MergeField, Rule

SAMPLE = 5


def labels(workspace_id: UUID) -> list[dict[str, Any]]:
    """Labels by name, each with its number of contacts."""
    return [dict(zip(("id", "name", "color", "contacts"), row, strict=True)) for row in run(sql.labels, {"workspace_id": workspace_id})]


def lists(workspace_id: UUID) -> list[dict[str, Any]]:
    """Lists by name, each with its number of contacts."""
    return [dict(zip(("id", "name", "contacts", "created_at"), row, strict=True)) for row in run(sql.lists, {"workspace_id": workspace_id})]


def rules_of(workspace_id: UUID, segments: Iterable[UUID]) -> dict[UUID, Rule]:
    """The rules of those segments that exist."""
    rows = Segment.objects.of(workspace_id).filter(id__in=list(segments)).values_list("id", "rule")
    return {id_: read_rule(rule) for id_, rule in rows}


def audience(workspace_id: UUID, wanted: Audience, *, walked: bool = False) -> Fragment:
    """`rules.audiences.audience_sql` for an audience, with every parameter."""
    fragment = audience_sql(wanted, rules_of(workspace_id, wanted.segments), walked=walked)
    return Fragment(fragment.sql, {**fragment.params, "workspace_id": workspace_id})


def condition(workspace_id: UUID, wanted: Audience) -> Fragment:
    """An audience as a condition over `contact c`, with every parameter."""
    fragment = audience_condition(wanted, rules_of(workspace_id, wanted.segments))
    return Fragment(fragment.sql, {**fragment.params, "workspace_id": workspace_id})


def count_audience(workspace_id: UUID, wanted: Audience) -> int:
    """How many contacts an audience has, each once."""
    return _count(workspace_id, condition(workspace_id, wanted))


def has_anybody(workspace_id: UUID, wanted: Audience) -> bool:
    """Whether an audience has a contact at all; not counted."""
    condition = audience_condition(wanted, rules_of(workspace_id, wanted.segments))
    statement = f"select exists (select from contact c where c.workspace_id = %(workspace_id)s and {condition.sql})"  # noqa: S608 - our own fragments
    return bool(run(statement, {**condition.params, "workspace_id": workspace_id})[0][0])


def preview(workspace_id: UUID, rule: Rule) -> tuple[int, list[ContactCard]]:
    """How many a rule holds for, and a few of them."""
    holds = segment_sql(rule)
    statement = f"select c.id from contact c where c.workspace_id = %(workspace_id)s and {holds.sql} order by c.id desc limit {SAMPLE}"  # noqa: S608 - our own fragments
    ids = [row[0] for row in run(statement, {**holds.params, "workspace_id": workspace_id})]
    return _count(workspace_id, holds), cards(workspace_id, ids)


def merge_fields(workspace_id: UUID) -> list[MergeField]:
    """What a text can say about a contact; attributes as the newest contacts have them."""
    rows = run(sql.attribute_keys, {"workspace_id": workspace_id})
    return [
        *_FIELDS,
        *(MergeField(f"contact.attributes.{key}", key.replace("_", " ").capitalize(), "text", example) for key, example in rows),
    ]


def _count(workspace_id: UUID, holds: Fragment) -> int:
    statement = f"select count(*) from contact c where c.workspace_id = %(workspace_id)s and {holds.sql}"  # noqa: S608 - our own fragments
    return int(run(statement, {**holds.params, "workspace_id": workspace_id})[0][0])


_FIELDS = (
    MergeField("contact.first_name", "First name", "text", "Anna"),
    MergeField("contact.last_name", "Last name", "text", "Papadopoulou"),
    MergeField("contact.name", "Name", "text", "Anna Papadopoulou"),
    MergeField("contact.phone", "Phone", "phone", "+30 694 123 4567"),
    MergeField("contact.language", "Language", "text", "el"),
    MergeField("contact.birthday", "Birthday", "date", "1990-12-31"),
)
