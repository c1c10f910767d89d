"""Stops and starts as one statement each: suppression, entry and versions move together."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.talk import Person, make_person, make_place

from textfirst.consent.models import ConsentEntry, ConsentPerson, Suppression
from textfirst.contacts.models import ContactIdentity
from textfirst.core.ids import new_id
from textfirst.database.named_sql import load

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def run(
    statement: str, workspace_id: UUID, people: list[Person], *, message: bool = True, entries: list[UUID] | None = None
) -> dict[UUID, bool]:
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.consent").lock, {"workspace_id": workspace_id})
        cursor.execute(getattr(load("textfirst.consent"), statement), {
            "workspace_id": workspace_id, "identity_ids": [p.identity.id for p in people], "entry_ids": entries or [new_id() for _ in people],
            "message_ids": [new_id() if message else None for _ in people], "words": ["Stop!"] * len(people), "keywords": ["stop"] * len(people),
            "scope": "all", "channel_id": None, "source": "keyword", "by_user_id": None, "at": NOON,
        })  # fmt: skip
        return {row[0]: row[2] for row in cursor.fetchall()}


def version(person: Person) -> int:
    return ContactIdentity.objects.get(id=person.identity.id).version


def test_a_stop_suppresses_keeps_the_words_and_raises_the_version():
    place = make_place()
    anna, ben = make_person(place), make_person(place)
    assert run("stop", place.id, [anna]) == {anna.identity.id: True}
    assert bytes(Suppression.objects.get().address_hash) == anna.identity.address_hash
    entry = ConsentEntry.objects.get()
    assert (entry.kind, ConsentPerson.objects.get(id=entry.id).words, entry.keyword, entry.contact_id, entry.at) == (
        "stop",
        "Stop!",
        "stop",
        anna.id,
        NOON,
    )
    assert (version(anna), version(ben)) == (2, 1)


def test_a_second_stop_keeps_the_words_but_changes_nothing():
    place = make_place()
    anna = make_person(place)
    run("stop", place.id, [anna])
    assert run("stop", place.id, [anna]) == {anna.identity.id: False}
    assert run("stop", place.id, [anna], message=False) == {anna.identity.id: False}
    assert (Suppression.objects.count(), ConsentEntry.objects.count(), version(anna)) == (1, 2, 2)


def test_the_same_entry_twice_is_one_entry():
    place = make_place()
    anna, entry = make_person(place), new_id()
    run("stop", place.id, [anna], entries=[entry])
    run("stop", place.id, [anna], entries=[entry])
    assert ConsentEntry.objects.count() == 1


def test_two_stops_of_one_person_in_one_batch():
    place = make_place()
    anna = make_person(place)
    assert run("stop", place.id, [anna, anna]) == {anna.identity.id: True}
    assert (Suppression.objects.count(), ConsentEntry.objects.count(), version(anna)) == (1, 2, 2)


def test_start_undoes_it_and_only_once():
    place = make_place()
    anna = make_person(place)
    run("stop", place.id, [anna])
    assert run("start", place.id, [anna]) == {anna.identity.id: True}
    assert run("start", place.id, [anna], message=False) == {anna.identity.id: False}
    assert (Suppression.objects.count(), version(anna)) == (0, 3)
    assert list(ConsentEntry.objects.order_by("id").values_list("kind", flat=True)) == ["stop", "start"]


def test_a_stop_reaches_no_other_workspace():
    there = make_place("Other")
    stranger = make_person(there, phone="+302101234567")
    place = make_place()
    anna = make_person(place, phone="+302101234567")
    assert run("stop", place.id, [stranger]) == {}
    run("stop", place.id, [anna])
    from textfirst.database.scope import enter_workspace

    enter_workspace(there.id)
    assert (Suppression.objects.count(), version(stranger)) == (0, 1)


@pytest.mark.parametrize("change", ["update consent_entry set kind = ''", "delete from consent_entry"])
def test_the_ledger_refuses_changes(change):
    place = make_place()
    run("stop", place.id, [make_person(place)])
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
