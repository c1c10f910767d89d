from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.factories.talk import make_person, make_place

from textfirst.accounts.models import Workspace
from textfirst.consent.models import Suppression
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.core.ids import new_id
from textfirst.decisions.queries import facts_for
from textfirst.decisions.types import Facts

pytestmark = pytest.mark.django_db


def test_facts_of_each_identity():
    place = make_place()
    anna, ben, carl = make_person(place), make_person(place), make_person(place)
    Suppression.objects.create(
        workspace_id=place.id, address_hash=anna.identity.address_hash, source="keyword", entry_id=new_id(), stopped_at=datetime.now(UTC)
    )
    Contact.objects.filter(id=ben.id).update(blocked=True)
    ContactIdentity.objects.filter(id=carl.identity.id).update(version=7)
    Workspace.objects.filter(id=place.id).update(version=3)

    found = facts_for(place.id, [anna.identity.id, ben.identity.id, carl.identity.id, new_id()])

    assert found == {
        p.identity.id: Facts(
            p.identity.id, p.id, "tel", p.identity.address, None, None, version, 3, stopped, blocked, prefix=p.identity.address[:5]
        )
        for p, version, stopped, blocked in [(anna, 1, 1, False), (ben, 1, 0, True), (carl, 7, 0, False)]
    }


def test_a_strangers_identity_has_no_facts_here():
    stranger = make_person(make_place("Other"))
    place = make_place()
    assert facts_for(place.id, [stranger.identity.id]) == {}
