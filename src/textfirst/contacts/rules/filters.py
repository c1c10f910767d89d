"""A filter over contacts as SQL: what the list shows and what a bulk change reaches are the same contacts."""

from __future__ import annotations

from typing import Any

from textfirst.contacts.rules.names import search_patterns
from textfirst.contacts.rules.segments import segment_sql
from textfirst.contacts.types import Filter, Fragment, Rule
from textfirst.core.addresses import NumberInvalid, read_number

# Joined, not `in`: the newest of a list are then read off the end of its own index, however long it is.
_IN_LIST = "join contact_list_member m on m.workspace_id = %(workspace_id)s and m.contact_list_id = %(list_id)s and m.contact_id = c.id"
_WITH_LABEL = "join contact_label k on k.workspace_id = %(workspace_id)s and k.label_id = %(label_id)s and k.contact_id = c.id"
_STOPPED = """exists (
    select from contact_identity i join suppression s on s.workspace_id = %(workspace_id)s and s.address_hash = i.address_hash and s.scope = 'all'
    where i.workspace_id = %(workspace_id)s and i.contact_id = c.id
)"""
_BY_NUMBER = "c.id in (select i.contact_id from contact_identity i where i.workspace_id = %(workspace_id)s and i.scheme = 'tel' and i.address = %(number)s)"


def filter_sql(wanted: Filter, rule: Rule | None, country: str) -> Fragment:
    """`from contact c … where …` for a filter; `rule` is its segment's, `country` tells how a searched number is written here."""
    joins: list[str] = []
    conditions = ["c.workspace_id = %(workspace_id)s"]
    params: dict[str, Any] = {"list_id": wanted.list_id, "label_id": wanted.label_id}
    joins += [_IN_LIST] * (wanted.list_id is not None) + [_WITH_LABEL] * (wanted.label_id is not None)
    if wanted.stopped is not None:
        conditions.append(_STOPPED if wanted.stopped else f"not {_STOPPED}")
    if wanted.blocked is not None:
        conditions.append("c.blocked" if wanted.blocked else "not c.blocked")
    if wanted.country:
        conditions.append("c.country = %(country)s")
        params["country"] = wanted.country
    if wanted.prefers is not None:
        conditions.append("c.prefers = %(prefers)s")
        params["prefers"] = int(wanted.prefers)
    if wanted.ids is not None:
        conditions.append("c.id = any(%(ids)s::uuid[])")
        params["ids"] = list(wanted.ids)
    for fragment in (_search(wanted.search, country), segment_sql(rule) if rule else None):
        if fragment is not None:
            conditions.append(fragment.sql)
            params.update(fragment.params)
    return Fragment(f"from contact c {' '.join(joins)} where {' and '.join(conditions)}", params)


def _search(query: str, country: str) -> Fragment | None:
    """A whole number is looked up by its address; words and parts of numbers by the trigrams of `search_text`."""
    patterns = search_patterns(query)
    if not patterns:
        return None
    if (number := _whole_number(query, country)) is not None:
        return Fragment(_BY_NUMBER, {"number": number})
    sql: list[str] = []
    params: dict[str, Any] = {}
    for place, pattern in enumerate(patterns):
        sql.append(f"c.search_text like %(word{place})s")
        params[f"word{place}"] = pattern
        if len(pattern) <= SHORT:  # too short for trigrams inside a word; at its beginning there are some
            params[f"word{place}"] = pattern.removeprefix("%")
            params[f"inner{place}"] = f"% {pattern.removeprefix('%')}"
            sql[-1] = f"(c.search_text like %(word{place})s or c.search_text like %(inner{place})s)"
    return Fragment(" and ".join(sql), params)


SHORT = len("%ab%")


def _whole_number(query: str, country: str) -> str | None:
    try:
        return read_number(query, country).address
    except NumberInvalid:
        return None
