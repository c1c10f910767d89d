"""Whom a campaign reaches, as SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from textfirst.contacts.rules.segments import membership, segment_sql
from textfirst.contacts.types import Audience, Fragment, Rule

# One row per contact, even when it has no number (its identity columns are then null): who was meant and could not be reached is to be said.
# The number somebody last wrote from is the one they read; else the one we have known longest.
_SELECT = """\
select c.id as contact_id, i.id as identity_id, i.address, i.address_hash, i.version
from contact c
left join lateral (
    select n.id, n.address, n.address_hash, n.version from contact_identity n
    where n.workspace_id = %(workspace_id)s and n.contact_id = c.id and n.scheme = 'tel'
    order by n.last_inbound_at desc nulls last, n.created_at, n.id
    limit 1
) i on true
where c.workspace_id = %(workspace_id)s and {condition}"""


def audience_sql(audience: Audience, rules: Mapping[UUID, Rule], *, prefix: str = "audience", walked: bool = False) -> Fragment:
    """A SELECT of contact_id, identity_id, address, address_hash, version: each contact of the audience once, in no order.

    `rules` holds the rule of every segment of the audience that still exists; one that was deleted has nobody in it. `walked` is for who asks
    for a stretch of contacts at a time, in their order (rules/segments.py `membership`).
    """
    condition = audience_condition(audience, rules, prefix=prefix, walked=walked)
    return Fragment(_SELECT.format(condition=condition.sql), condition.params)


def audience_condition(audience: Audience, rules: Mapping[UUID, Rule], *, prefix: str = "audience", walked: bool = False) -> Fragment:
    """The audience as a condition over `contact c`."""
    if audience.everyone:
        return Fragment("true", {})
    parts: list[str] = []
    params: dict[str, Any] = {}
    if audience.lists:
        parts.append(membership("contact_list_member", f" and m.contact_list_id = any(%({prefix}_lists)s::uuid[])", walked=walked))
        params[f"{prefix}_lists"] = list(audience.lists)
    if audience.contacts:
        parts.append(f"c.id = any(%({prefix}_contacts)s::uuid[])")
        params[f"{prefix}_contacts"] = list(audience.contacts)
    for number, segment in enumerate(sorted(id_ for id_ in audience.segments if id_ in rules)):
        fragment = segment_sql(rules[segment], prefix=f"{prefix}{number}_", walked=walked)
        parts.append(fragment.sql)
        params.update(fragment.params)
    return Fragment(f"({' or '.join(parts)})" if parts else "false", params)
