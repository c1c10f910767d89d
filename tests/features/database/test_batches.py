"""Shared statements over a batch do work by its size, not by its square, also as the engine plans them: without hash or merge joins."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from tests.factories.talk import make_person, make_place

from textfirst.contacts.rules.identities import find_or_make_params, make_params
from textfirst.conversations.rules import open_params
from textfirst.conversations.types import Said
from textfirst.core.addresses import TEL, Address
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.database.named_sql import load
from textfirst.decisions.asking import facts_at, sent_params
from textfirst.decisions.rules import facts_by_identity, newcomer
from textfirst.engine.connections import SETTINGS

BATCH = 200
MOST = 10  # rows looked at by one step of the plan for each of the batch

PLANNING = [name for name in SETTINGS if name.startswith("enable_")]


def rows_of_steps(sql: str, params: dict[str, Any]) -> Iterator[tuple[float, str]]:
    """How many rows each step of the plan went through, and its name; the statement is done."""
    with connection.cursor() as cursor:
        for name in PLANNING:
            cursor.execute(f"set local {name} = {SETTINGS[name]}")
        cursor.execute(f"explain (analyze, format json) {sql}", params)
        steps = [json.loads(found)[0]["Plan"] if isinstance(found := cursor.fetchone()[0], str) else found[0]["Plan"]]
    for step in steps:
        steps += step.get("Plans", [])
        each = sum(step.get(kind, 0) for kind in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter"))
        yield each * step["Actual Loops"], step["Node Type"]


@pytest.mark.django_db
def test_people_are_found_and_made_in_one_pass():
    place = make_place()
    addresses = [Address(TEL, f"+4478{number:08d}") for number in range(BATCH)]
    for _ in ("strangers", "known"):
        steps = rows_of_steps(load("textfirst.contacts").find_or_make, find_or_make_params(place.id, addresses, b"key"))
        assert max(steps) <= (MOST * BATCH, "")


@pytest.mark.django_db
def test_people_are_known_by_their_numbers_in_one_pass():
    """As by their ids, and each of them looked up: nobody has counted the tables."""
    place = make_place()
    everybody = [make_person(place) for _ in range(BATCH)]
    asked = everybody[:10]
    where = {"workspace_id": place.id, **sent_params([Purpose.NOTICE], datetime.now(UTC))}
    by_id, by_number = load("textfirst.decisions").facts, facts_at(load("textfirst.decisions").facts)
    numbers = {"scheme": TEL, "addresses": [one.identity.address for one in asked] + ["+4478000000"]}
    with connection.cursor() as cursor:
        cursor.execute(by_id, where | {"identity_ids": [one.identity.id for one in asked]})
        wanted = sorted(cursor.fetchall())
        cursor.execute(by_number, where | numbers)
        assert sorted(cursor.fetchall()) == wanted
    assert max(rows_of_steps(by_number, where | numbers)) <= (MOST * len(asked), "")


@pytest.mark.django_db
def test_a_newcomer_is_known_without_asking():
    """Whatever `sql/facts.sql` comes to say, it says of them what is said without it."""
    place = make_place()
    new = make_params(place.id, [Address(TEL, "+306912345679"), Address(TEL, "+4478000000"), Address(TEL, "+4478000000")], b"key")
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.contacts").make, new)
        where = {"workspace_id": place.id, "identity_ids": new["identity_ids"], **sent_params([Purpose.NOTICE], datetime.now(UTC))}
        cursor.execute(load("textfirst.decisions").facts, where)
        found = facts_by_identity(cursor.fetchall())
        cursor.execute("select count(*) from contact where search_text in ('+306912345679', '+4478000000')")
        assert cursor.fetchone() == (2,)
        assert list(found.values()) == [
            newcomer(*who, version=place.workspace.version)
            for who in zip(new["identity_ids"], new["contact_ids"], new["addresses"], strict=True)
        ]


@pytest.mark.django_db
def test_conversations_are_opened_in_one_pass():
    place = make_place()
    addresses = [Address(TEL, f"+4478{number:08d}") for number in range(BATCH)]
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.contacts").find_or_make, find_or_make_params(place.id, addresses, b"key"))
        contacts = [row[2] for row in cursor.fetchall()]
    for _ in ("new", "there"):
        said = [Said(contact_id, place.channel.id, new_id(), datetime.now(UTC), unread=1) for contact_id in contacts]
        steps = rows_of_steps(load("textfirst.conversations").open, open_params(place.id, said))
        assert max(steps) <= (MOST * BATCH, "")
