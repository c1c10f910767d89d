"""Imported people: what the file's people agreed to is asked, and without proof nothing opens."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from tests.factories.talk import Place, make_place

from textfirst.consent.actions.imports import attest_later, attest_some
from textfirst.consent.actions.stops import stop
from textfirst.consent.models import ConsentEntry, ConsentPerson, ConsentStanding, ConsentText
from textfirst.consent.types import Claim, Kind, Source, Word
from textfirst.contacts.actions.importing import run_import
from textfirst.contacts.actions.imports import change_import, create_import, start_import
from textfirst.contacts.models import ContactIdentity, ContactImport, ContactImportError, ContactList
from textfirst.core.ids import new_id
from textfirst.testing.jobs import run_jobs

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path, settings) -> Place:
    return make_place()


def bring_in(place: Place, lines: str, claim: Claim | None = None, *, new_list: str | None = None) -> ContactImport:
    made = create_import(place.id, file_name="club.csv", pieces=[lines.encode()], today=TODAY)
    change_import(place.id, made.id, today=TODAY, consent=claim.as_kept() if claim else None, new_list=new_list)
    start_import(place.id, made.id)
    run_import(place.id, made.id, TODAY)
    return ContactImport.objects.get(id=made.id)


def standing(number: str) -> ConsentStanding | None:
    return ConsentStanding.objects.filter(address_hash=ContactIdentity.objects.get(address=number).address_hash).first()


TWO = "phone,first name\n+302101111111,Anna\n+302102222222,Ben\n"
ONE, OTHER = "+302101111111", "+302102222222"


def test_c4_a_file_without_proof_is_legacy_unproven_and_once_is_enough(place):
    bring_in(place, TWO)
    assert set(ConsentEntry.objects.values_list("kind", "source")) == {("legacy_unproven", "import")}
    assert standing(ONE).promotion_kind == Kind.LEGACY_UNPROVEN
    bring_in(place, TWO)
    assert ConsentEntry.objects.count() == 2


def test_c1_what_the_team_says_of_a_file_is_kept_with_its_proof(place):
    claim = Claim(Kind.EXPRESS_WRITTEN, "promotion", "Yes, offers by text.", "en", "paper forms in the office", NOON)
    bring_in(place, "phone,consent date\n+302101111111,2024-03-01\n+302102222222,\n", claim)
    entries = {entry.address_hash: entry for entry in ConsentEntry.objects.all()}
    first, second = (entries[standing(number).address_hash] for number in (ONE, OTHER))
    assert (first.kind, first.scope, first.at, second.at) == ("express_written", "promotion", datetime(2024, 3, 1, tzinfo=UTC), NOON)
    assert {(one.origin, one.note) for one in ConsentPerson.objects.all()} == {("club.csv, 2", claim.note), ("club.csv, 3", claim.note)}
    assert ConsentText.objects.get().words == claim.shown
    assert (standing(ONE).promotion_kind, standing(ONE).greeting_kind) == (Kind.EXPRESS_WRITTEN, None)


def test_o7_importing_whoever_stopped_leaves_the_stop(place):
    bring_in(place, TWO)
    stop(place.id, [Word(ContactIdentity.objects.get(address=ONE).id)], source=Source.KEYWORD, now=NOON)
    bring_in(place, TWO, Claim(Kind.DOUBLE_OPT_IN, note="from the old system"))
    assert (standing(ONE).stopped, standing(OTHER).stopped) == (1, 0)


def test_u3_u4_columns_say_what_registers_know(place):
    done = bring_in(
        place, "phone,DNC,reassigned on\n+302101111111,yes,\n+302102222222,no,2026-10-05\n+302103333333,maybe,\n+302104444444,,2030-01-01\n"
    )
    assert (standing(ONE).dnc_listed, standing(ONE).reassigned_on, standing(OTHER).dnc_listed) == (True, None, False)
    assert standing(OTHER).reassigned_on == date(2026, 10, 5)
    assert standing(ONE).dnc_checked_on is not None
    assert (done.failed, set(ContactImportError.objects.values_list("code", flat=True))) == (2, {"yes_or_no", "day_to_come"})


@pytest.mark.parametrize(
    ("kind", "wishes"), [(Kind.EXPRESS, True), (Kind.DOUBLE_OPT_IN, True), (Kind.IMPLIED_PURCHASE, False), (Kind.LEGACY_UNPROVEN, False)]
)
def test_x1_a_column_says_who_wants_advertising_at_any_hour_and_only_they_themselves_can_say_so(place, kind, wishes):
    claim = Claim(kind, shown="Offers; tick here for nights too.", note="paper forms", expires_at=datetime(2027, 1, 1, tzinfo=UTC))
    bring_in(place, "phone,any hour\n+302101111111,yes\n+302102222222,no\n", claim)
    assert (standing(ONE).any_hour_entry is not None, standing(OTHER).any_hour_entry) == (wishes, None)
    assert list(ConsentEntry.objects.filter(scope="any_hour").values_list("kind", "expires_at")) == ([(kind.word, None)] if wishes else [])


def test_c4_an_admin_attests_for_a_list_and_nobody_else_is_touched(place):
    bring_in(place, "phone\n+302101111111\n", new_list="Club")
    bring_in(place, "phone\n+302102222222\n")
    club, who = ContactList.objects.get().id, new_id()
    assert attest_later(place.id, list_id=club, reason="signed at the door", by_user_id=who) == 1
    assert attest_some(place.id, list_id=club, reason="signed at the door", by_user_id=who, now=NOON) == 1
    assert attest_some(place.id, list_id=club, reason="signed at the door", by_user_id=who, now=NOON) == 0
    assert (standing(ONE).promotion_kind, standing(OTHER).promotion_kind) == (Kind.ATTESTED, Kind.LEGACY_UNPROVEN)
    entry = ConsentEntry.objects.get(kind="attested")
    assert (entry.by_user_id, ConsentPerson.objects.get(id=entry.id).note) == (who, "signed at the door")


@pytest.mark.django_db(transaction=True)
def test_c4_the_job_attests_for_everybody_who_waits(place):
    bring_in(place, TWO)
    attest_later(place.id, list_id=None, reason="signed at the door", by_user_id=UUID(int=1))
    run_jobs()
    assert [standing(number).promotion_kind for number in (ONE, OTHER)] == [Kind.ATTESTED] * 2
