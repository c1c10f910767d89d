"""Whatever can change an answer raises the version of the person or of the workspace, so that the claim decides anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from uuid import UUID

import pytest
from tests.factories.talk import Person, Place, make_person, make_place

from textfirst.accounts.models import Workspace
from textfirst.contacts.actions.contacts import update_contact
from textfirst.contacts.models import ContactIdentity
from textfirst.contacts.types import ContactFields, Prefers
from textfirst.decisions import actions
from textfirst.decisions.actions import change_policy, note_packs
from textfirst.decisions.packs.shelf import shelf

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def versions(place: Place, person: Person) -> tuple[int, int]:
    return (
        ContactIdentity.objects.values_list("version", flat=True).get(id=person.identity.id),
        Workspace.objects.values_list("version", flat=True).get(id=place.id),
    )


def edit(**fields: object) -> Callable[[UUID, Person], None]:
    return lambda workspace_id, person: update_contact(workspace_id, person.id, ContactFields(**fields))  # type: ignore[arg-type]


PERSON: dict[str, Callable[[UUID, Person], object]] = {
    "zone": edit(time_zone="Asia/Dubai"),
    "country": edit(country="US"),
    "region": edit(country="US", region="FL"),
    "wish": edit(prefers=Prefers.CALL),
    "own cap": edit(own_cap=1),
    "blocked": edit(blocked=True),
    "birthday": edit(birthday=NOW.date()),
}


@pytest.mark.parametrize("what", PERSON)
def test_what_is_known_of_a_person(what):
    place = make_place()
    person, other = make_person(place, "Anna"), make_person(place, "Ben")
    before, others = versions(place, person), versions(place, other)
    PERSON[what](place.id, person)
    assert versions(place, person) == (before[0] + 1, before[1])
    assert versions(place, other) == others


def test_a_name_changes_no_answer():
    place = make_place()
    person = make_person(place, "Anna")
    before = versions(place, person)
    edit(first_name="Annie")(place.id, person)
    assert versions(place, person) == before


def test_settings():
    place = make_place()
    person = make_person(place)
    before = versions(place, person)
    change_policy(workspace_id=place.id, changes={"countries": ["GR"]})
    assert versions(place, person) == (before[0], before[1] + 1)


def test_other_rule_packs_are_noted_once(monkeypatch):
    place = make_place()
    person = make_person(place)
    note_packs()
    before = versions(place, person)
    assert note_packs() is False
    assert versions(place, person) == before
    packs = shelf().packs
    changed = MappingProxyType({**packs, "GR": packs["GR"].model_copy(update={"sha256": "f" * 64})})
    monkeypatch.setattr(actions, "shelf", lambda: replace(shelf(), packs=changed))
    assert [note_packs(), note_packs()] == [True, False]
    assert versions(place, person) == (before[0], before[1] + 1)
