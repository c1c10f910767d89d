"""The one row that decisions read mirrors the stops, whoever writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from tests.factories.talk import Person, make_person, make_place

from textfirst.consent.models import ConsentStanding, Suppression
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def suppress(place, person: Person, scope: str) -> None:
    Suppression.objects.create(
        workspace_id=place.id, address_hash=person.identity.address_hash, scope=scope, source="keyword", entry_id=new_id(), stopped_at=NOON
    )


def stopped(person: Person) -> int:
    return ConsentStanding.objects.get(address_hash=person.identity.address_hash).stopped


def test_o1_a_stop_stands_for_everything_or_for_one_purpose_and_goes_with_its_suppression():
    place = make_place()
    anna, ben = make_person(place), make_person(place)
    for scope in ("all", "marketing", "reminder"):
        suppress(place, anna, scope)
    suppress(place, ben, "greeting")
    assert (stopped(anna), stopped(ben)) == (1 | 2 | 4 | 16, 4)
    Suppression.objects.filter(address_hash=anna.identity.address_hash, scope__in=["all", "reminder"]).delete()
    assert (stopped(anna), stopped(ben)) == (2 | 4, 4)
    Suppression.objects.filter(address_hash=anna.identity.address_hash).delete()
    assert (stopped(anna), stopped(ben)) == (0, 4)


def test_o1_the_bits_are_the_numbers_of_the_purposes():
    with connection.cursor() as cursor:
        cursor.execute("select s, consent_mask(s) from unnest(%s::text[]) s", [["all", "marketing", "no such", *(p.word for p in Purpose)]])
        masks = dict(cursor.fetchall())
    assert masks == {"all": 1, "marketing": 6, "no such": None, **{p.word: 1 << p for p in Purpose}}
