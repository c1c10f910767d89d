"""Imported people: what the file's people agreed to is asked, and without proof nothing opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from procrastinate.contrib.django import app
from procrastinate.jobs import Status
from tests.factories.talk import Place, make_place

from textfirst.consent.actions.attesting import ATTEST, attest_later, attest_some, retract_later, retract_some
from textfirst.consent.actions.grants import expire, grant, withdraw
from textfirst.consent.actions.stops import stop
from textfirst.consent.models import ConsentAttestation, ConsentEntry, ConsentPerson, ConsentStanding, ConsentText
from textfirst.consent.types import Claim, Given, Kind, Permission, Source, Word
from textfirst.contacts.actions.importing import run_import
from textfirst.contacts.actions.imports import change_import, create_import, start_import
from textfirst.contacts.models import ContactIdentity, ContactImport, ContactImportError, ContactList
from textfirst.core.errors import Conflict, NotFound
from textfirst.core.ids import new_id
from textfirst.testing.jobs import run_jobs

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path, settings) -> Place:
    return make_place()


def bring_in(
    place: Place, lines: str, claim: Claim | None = None, *, new_list: str | None = None, file_name: str = "club.csv"
) -> ContactImport:
    made = create_import(place.id, file_name=file_name, pieces=[lines.encode()], today=TODAY)
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


WHO, LATER = UUID(int=1), datetime(2026, 11, 23, 12, tzinfo=UTC)
REASON = "signed at the door"


def answer_for(place: Place, **whom: UUID) -> ConsentAttestation:
    """All at once, as the job does it in batches."""
    made = attest_later(place.id, **whom, reason=REASON, by_user_id=WHO, now=NOON)
    while attest_some(place.id, made.id, NOON):
        pass
    return made


def take_back(place: Place, made: ConsentAttestation) -> None:
    retract_later(place.id, made.id, by_user_id=WHO, now=LATER)
    after = None
    while after := retract_some(place.id, made.id, after, LATER):
        pass


def test_c4_an_admin_attests_for_a_list_and_nobody_else_is_touched(place):
    bring_in(place, "phone\n+302101111111\n", new_list="Club")
    bring_in(place, "phone\n+302102222222\n")
    made = answer_for(place, list_id=ContactList.objects.get().id)
    assert made.addresses == 1
    assert (standing(ONE).promotion_kind, standing(OTHER).promotion_kind) == (Kind.ATTESTED, Kind.LEGACY_UNPROVEN)
    entry = ConsentEntry.objects.get(kind="attested")
    assert (entry.by_user_id, ConsentPerson.objects.get(id=entry.id).note) == (WHO, REASON)


def test_c4_an_admin_attests_for_one_import_and_not_for_another_of_the_same_name(place):
    bring_in(place, "phone\n+302101111111\n")
    second = bring_in(place, "phone\n+302102222222\n+302101111111\n")
    assert answer_for(place, import_id=second.id).addresses == 1, "whoever was known before belongs to the file that came first"
    assert (standing(ONE).promotion_kind, standing(OTHER).promotion_kind) == (Kind.LEGACY_UNPROVEN, Kind.ATTESTED)
    assert answer_for(place, import_id=second.id).addresses == 0
    with pytest.raises(NotFound):
        answer_for(place, import_id=new_id())


def test_c4_an_import_that_says_when_is_known_by_its_time(place):
    early = bring_in(place, "phone,consent at\n+302101111111,2024-03-01\n")
    day = timedelta(days=1)
    assert answer_for(place, import_id=early.id).addresses == 1
    late = ContactImport.objects.create(
        workspace_id=place.id,
        file_name="club.csv",
        stored_as="x",
        mapping={"0": "consent_at"},
        country="GR",
        finished_at=early.finished_at + day,
    )
    ContactImport.objects.filter(id=late.id).update(created_at=early.created_at + day)
    take_back(place, ConsentAttestation.objects.get())
    assert answer_for(place, import_id=late.id).addresses == 0


def test_c4_who_has_proof_or_is_of_another_file_is_not_attested(place):
    bring_in(place, "phone\n+302101111111\n", Claim(Kind.EXPRESS, note="paper"))
    made = bring_in(place, TWO, file_name="other.csv")
    assert answer_for(place, import_id=made.id).addresses == 1
    assert (standing(ONE).promotion_kind, standing(OTHER).promotion_kind) == (Kind.EXPRESS, Kind.ATTESTED)


def test_c4_taken_back_what_stood_before_stands_again_and_both_are_written_down(place):
    bring_in(place, TWO)
    made = answer_for(place)
    version = ContactIdentity.objects.get(address=ONE).version
    grant(place.id, [Given(standing(OTHER).address_hash, NOON)], Permission(Kind.EXPRESS, Source.API, shown="Yes."), now=NOON)
    take_back(place, made)
    assert (standing(ONE).promotion_kind, standing(OTHER).promotion_kind) == (Kind.LEGACY_UNPROVEN, Kind.EXPRESS)
    assert ContactIdentity.objects.get(address=ONE).version > version, "whatever waits is decided again"
    kinds = list(ConsentEntry.objects.filter(address_hash=standing(ONE).address_hash).order_by("id").values_list("kind", "by_user_id"))
    assert kinds == [("legacy_unproven", None), ("attested", WHO), ("retraction", WHO)]
    assert attest_some(place.id, made.id, LATER) == 0, "nobody is added afterwards"
    with pytest.raises(Conflict):
        retract_later(place.id, made.id, by_user_id=WHO, now=LATER)
    expire(place.id, LATER)
    assert standing(ONE).promotion_kind == Kind.LEGACY_UNPROVEN
    answer_for(place)
    assert standing(ONE).promotion_kind == Kind.ATTESTED, "somebody may answer for them anew"


@pytest.mark.django_db(transaction=True)
def test_c4_the_job_attests_for_everybody_who_waits_and_takes_it_back(place):
    bring_in(place, TWO)
    made = attest_later(place.id, reason=REASON, by_user_id=WHO, now=NOON)
    run_jobs()
    assert set(ConsentStanding.objects.values_list("promotion_kind", flat=True)) == {Kind.ATTESTED}
    retract_later(place.id, made.id, by_user_id=WHO, now=LATER)
    run_jobs()
    assert set(ConsentStanding.objects.values_list("promotion_kind", flat=True)) == {Kind.LEGACY_UNPROVEN}


@pytest.mark.django_db(transaction=True)
def test_c4_a_job_that_an_older_version_queued_is_done_by_this_one(place):
    """It named whom, why and by whom, and no act: that is written down now, and can be taken back as any other."""
    bring_in(place, "phone\n+302101111111\n", new_list="Club")
    bring_in(place, "phone\n+302102222222\n")
    told = {"list_id": str(ContactList.objects.get().id), "reason": REASON, "by_user_id": str(WHO)}
    job = app.configure_task(ATTEST).defer(workspace_id=str(place.id), **told)
    run_jobs()
    assert app.job_manager.get_job_status(job) == Status.SUCCEEDED
    assert (standing(ONE).promotion_kind, standing(OTHER).promotion_kind) == (Kind.ATTESTED, Kind.LEGACY_UNPROVEN)
    made = ConsentAttestation.objects.get()
    assert (made.reason, made.by_user_id, made.list_id, made.addresses) == (REASON, WHO, ContactList.objects.get().id, 1)


def test_c4_an_import_brings_nobody_back_who_withdrew_one_purpose(place):
    bring_in(place, TWO)
    withdraw(place.id, [standing(ONE).address_hash], scope="promotion", source=Source.PERSON, now=NOON)
    bring_in(place, TWO)
    answer_for(place)
    assert (standing(ONE).promotion_kind, standing(OTHER).promotion_kind) == (None, Kind.ATTESTED)
