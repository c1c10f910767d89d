"""A stop is never outlived by any order of events: only a START that is not older than it takes it away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.factories.talk import Place, make_place

from textfirst.api.erasing import erase_contact
from textfirst.api.joining import join
from textfirst.consent.actions.erasing import erase
from textfirst.consent.actions.grants import expire, grant, withdraw
from textfirst.consent.actions.holds import hold, release
from textfirst.consent.actions.stops import start, stop
from textfirst.consent.models import ConsentStanding, Suppression
from textfirst.consent.rules.scopes import covers
from textfirst.consent.types import Given, Kind, Permission, Source, Word
from textfirst.contacts.actions.contacts import update_contact
from textfirst.contacts.actions.identities import find_or_make, hash_of
from textfirst.contacts.models import ContactIdentity
from textfirst.contacts.types import ContactFields
from textfirst.core.addresses import Address
from textfirst.core.purposes import Purpose

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 11, 22, 12, tzinfo=UTC)
NUMBERS = [Address("tel", f"+30210100000{n}") for n in range(2)]
OTHERS = ["grant", "withdraw", "expire", "hold", "release", "erase", "forget", "import", "join", "renumber"]
STEP = st.fixed_dictionaries({
    "do": st.sampled_from([*["stop", "start"] * 5, *OTHERS]), "number": st.sampled_from([0, 0, 0, 1]),
    "scope": st.sampled_from(["all", "all", "marketing", "promotion", "reminder"]), "kind": st.sampled_from(list(Kind)),
    "late": st.sampled_from([0, 0, 3]),  # hours by which an event reaches us after it happened
})  # fmt: skip


def in_order(*steps: str) -> list[dict[str, Any]]:
    """`do scope late`, of one number."""
    return [
        {"do": do, "number": 0, "scope": scope, "kind": Kind.DOUBLE_OPT_IN, "late": int(late)} for do, scope, late in map(str.split, steps)
    ]


class World:
    """The ledger, and beside it the few lines that say what must come out: number → scope → when it was stopped."""

    def __init__(self, place: Place) -> None:
        self.place, self.now = place, BEGIN
        self.stops: dict[Address, dict[str, datetime]] = {number: {} for number in NUMBERS}

    def step(self, do: str, number: int, scope: str, kind: Kind, late: int) -> None:
        self.now += timedelta(hours=1)
        getattr(self, do)(NUMBERS[number], scope, kind, self.now - timedelta(hours=late))

    def identity(self, number: Address) -> ContactIdentity:
        return ContactIdentity.objects.get(id=find_or_make(self.place.id, [number])[number].identity_id)

    def stop(self, number: Address, scope: str, _: Any, at: datetime) -> None:
        stop(self.place.id, [Word(self.identity(number).id)], source=Source.KEYWORD, scope=scope, now=at)
        self.stops[number][scope] = max(at, self.stops[number].get(scope, at))

    def start(self, number: Address, scope: str, _: Any, at: datetime) -> None:
        start(self.place.id, [Word(self.identity(number).id)], source=Source.KEYWORD, scope=scope, now=at)
        stops = self.stops[number]
        lifted = [scope] if scope != "all" or "all" in stops else list(stops)
        self.stops[number] = {each: when for each, when in stops.items() if each not in lifted or when > at}

    def grant(self, number: Address, scope: str, kind: Kind, at: datetime) -> None:
        grant(
            self.place.id,
            [Given(hash_of(self.place.id, number), at, at + timedelta(hours=5))],
            Permission(kind, Source.API, scope),
            now=self.now,
        )

    def withdraw(self, number: Address, scope: str, _: Any, at: datetime) -> None:
        withdraw(self.place.id, [hash_of(self.place.id, number)], scope=scope, source=Source.PERSON, now=at)

    def expire(self, *_: Any) -> None:
        expire(self.place.id, self.now)

    def hold(self, number: Address, _: Any, __: Any, at: datetime) -> None:
        hold(self.place.id, [Word(self.identity(number).id)], now=at)

    def release(self, number: Address, _: Any, __: Any, at: datetime) -> None:
        release(self.place.id, [Word(self.identity(number).id)], by_user_id=None, now=at)

    def erase(self, number: Address, *_: Any) -> None:
        erase(self.place.id, [hash_of(self.place.id, number)], by_user_id=None, now=self.now)

    def forget(self, number: Address, *_: Any) -> None:
        found = ContactIdentity.objects.filter(address=number.address).first()
        if found is not None:
            erase_contact(self.place.id, found.contact_id, by_user_id=None, now=self.now)

    def import_(self, number: Address, *_: Any) -> None:
        self.identity(number)

    def join(self, *_: Any) -> None:
        one, other = (self.identity(number).contact_id for number in NUMBERS)
        if one != other:
            join(self.place.id, one, other, by_user_id=None, now=self.now)

    def renumber(self, number: Address, *_: Any) -> None:
        """A contact changes to another number and back; the stop belongs to the number."""
        contact_id = self.identity(number).contact_id
        for phone in (Address("tel", "+302101999999"), number):
            update_contact(self.place.id, contact_id, ContactFields(), phone=phone)


setattr(World, "import", World.import_)


@example(in_order("stop all 0", "start all 3"))
@example(in_order("stop all 0", "stop promotion 0", "start promotion 0", "grant all 0"))
@example(in_order("stop reminder 0", "stop all 0", "start all 0", "grant all 0"))
@example(in_order("stop marketing 0", "forget all 0", "import all 0", "grant marketing 0", "join all 0"))
@example(in_order("stop all 0", "renumber all 0", "erase all 0", "release all 0", "expire all 0", "withdraw all 0"))
@given(steps=st.lists(STEP, min_size=3, max_size=8))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_o7_a_stop_is_never_outlived_by_any_order_of_events(steps):
    with transaction.atomic():
        world = World(make_place())
        for one in steps:
            world.step(**one)
        for number, stops in world.stops.items():
            hashed = hash_of(world.place.id, number)
            assert set(Suppression.objects.filter(address_hash=hashed).values_list("scope", flat=True)) == set(stops)
            standing = ConsentStanding.objects.filter(address_hash=hashed).first()
            expected = sum(1 << p for p in Purpose if any(s != "all" and covers(s, p) for s in stops)) | ("all" in stops)
            assert (standing.stopped if standing else 0) == expected
        transaction.set_rollback(True)
