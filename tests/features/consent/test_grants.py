"""What stands for an address follows from what was given, withdrawn and run out; and no permission lifts a stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from tests.factories.talk import Person, Place, make_person, make_place

from textfirst.api.erasing import erase_contact
from textfirst.consent.actions.erasing import erase
from textfirst.consent.actions.grants import expire, grant, note_numbers, withdraw
from textfirst.consent.actions.holds import hold, release
from textfirst.consent.actions.stops import start, stop
from textfirst.consent.models import ConsentEntry, ConsentPerson, ConsentStanding, Suppression
from textfirst.consent.types import Given, Kind, NumberFacts, Permission, Source, Word
from textfirst.contacts.actions.identities import find_or_make
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.core.addresses import Address
from textfirst.core.ids import new_id
from textfirst.database.scope import as_owner
from textfirst.decisions.queries import facts_for
from textfirst.messages.models import Message

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WRITTEN = Permission(Kind.EXPRESS_WRITTEN, Source.FORM, shown="Yes, text me offers.", language="en")


@pytest.fixture
def place() -> Place:
    return make_place()


@pytest.fixture
def anna(place) -> Person:
    return make_person(place, "Anna")


def hash_of(person: Person) -> bytes:
    return bytes(person.identity.address_hash)


def give(place: Place, person: Person, kind: Kind = Kind.EXPRESS_WRITTEN, *, at: datetime = NOON, until: datetime | None = None, now: datetime = NOON, scope: str = "marketing") -> int:  # fmt: skip
    return grant(place.id, [Given(hash_of(person), at, until)], replace(WRITTEN, kind=kind, scope=scope), now=now)


def standing(person: Person) -> ConsentStanding:
    return ConsentStanding.objects.get(address_hash=hash_of(person))


def promotion(person: Person) -> tuple[int | None, datetime | None]:
    row = standing(person)
    return row.promotion_kind, row.promotion_until


def version(person: Person) -> int:
    return ContactIdentity.objects.get(id=person.identity.id).version


def test_c2_whoever_gave_nothing_has_no_permission(place, anna):
    assert not ConsentStanding.objects.exists()
    stop(place.id, [Word(anna.identity.id)], source=Source.PERSON, now=NOON)
    assert promotion(anna) == (None, None)


def test_c1_a_permission_stands_with_its_entry_and_messages_that_wait_are_decided_again(place, anna):
    ben = make_person(place)
    assert give(place, anna) == 1
    entry = ConsentEntry.objects.get()
    row = standing(anna)
    assert (row.promotion_kind, row.promotion_entry, row.greeting_kind, row.greeting_entry) == (7, entry.id, 7, entry.id)
    assert (version(anna), version(ben)) == (2, 1)


@pytest.mark.parametrize(
    ("scope", "promotions", "greetings"),
    [("all", 6, 6), ("marketing", 6, 6), ("promotion", 6, None), ("greeting", None, 6), ("notice", None, None)],
)
def test_c1_a_permission_is_for_its_purpose(place, anna, scope, promotions, greetings):
    give(place, anna, Kind.EXPRESS, scope=scope)
    row = standing(anna)
    assert (row.promotion_kind, row.greeting_kind) == (promotions, greetings)


@pytest.mark.parametrize("order", [(Kind.LEGACY_UNPROVEN, Kind.DOUBLE_OPT_IN), (Kind.DOUBLE_OPT_IN, Kind.LEGACY_UNPROVEN)])
def test_c1_the_better_permission_stands_in_whatever_order_they_come(place, anna, order):
    for kind in order:
        give(place, anna, kind)
    assert promotion(anna) == (Kind.DOUBLE_OPT_IN, None)
    assert ConsentEntry.objects.count() == 2


def test_c1_of_equal_ones_that_which_lasts_longer_stands_and_a_weaker_one_follows_one_that_ran_out(place, anna):
    give(place, anna, until=NOON + 9 * DAY)
    give(place, anna, until=NOON + 3 * DAY)
    assert promotion(anna) == (7, NOON + 9 * DAY)
    give(place, anna, Kind.EXPRESS, now=NOON + 10 * DAY, at=NOON + 10 * DAY)
    assert promotion(anna) == (6, None)


def test_c1_a_permission_that_has_run_out_when_it_is_written_down_does_not_stand(place, anna):
    assert give(place, anna, until=NOON - DAY) == 0
    assert ConsentEntry.objects.count() == 1
    assert not ConsentStanding.objects.exists()


def test_c1_what_runs_out_is_written_down_and_the_best_that_is_left_stands(place, anna):
    ben = make_person(place)
    give(place, anna, Kind.EXPRESS)
    give(place, anna, Kind.DOUBLE_OPT_IN, until=NOON + DAY)
    give(place, ben, until=NOON + DAY)
    assert expire(place.id, NOON + DAY / 2) == 0
    assert expire(place.id, NOON + 2 * DAY) == 2
    assert (promotion(anna), promotion(ben)) == ((6, None), (None, None))
    assert ConsentEntry.objects.filter(kind="expiry").count() == 2
    assert expire(place.id, NOON + 2 * DAY) == 0


def test_c1_after_a_withdrawal_only_what_is_given_afresh_counts(place, anna):
    give(place, anna, Kind.DOUBLE_OPT_IN)
    withdraw(place.id, [hash_of(anna)], source=Source.PERSON, note="by telephone", now=NOON + DAY)
    assert promotion(anna) == (None, None)
    assert ConsentPerson.objects.get(id=ConsentEntry.objects.get(kind="withdrawal").id).note == "by telephone"
    assert give(place, anna, at=NOON + DAY / 2, now=NOON + 2 * DAY) == 0, "an old list brings nothing back"
    assert give(place, anna, at=NOON + 2 * DAY, now=NOON + 2 * DAY) == 1
    assert promotion(anna) == (7, None)
    assert version(anna) == 4


def test_c1_a_withdrawal_of_one_purpose_leaves_the_other(place, anna):
    give(place, anna)
    withdraw(place.id, [hash_of(anna)], scope="greeting", source=Source.PERSON, now=NOON + DAY)
    row = standing(anna)
    assert (row.promotion_kind, row.greeting_kind, row.greeting_entry) == (7, None, None)


@pytest.mark.parametrize(
    ("scope", "promotions", "greetings"), [("greeting", 7, None), ("promotion", None, 7), ("reminder", 7, 7), ("marketing", None, None)]
)
def test_c1_what_was_agreed_before_counts_but_for_what_was_withdrawn(place, anna, scope, promotions, greetings):
    """As when a paper form is written down late: who wants no greetings has not taken back their promotions."""
    withdraw(place.id, [hash_of(anna)], scope=scope, source=Source.PERSON, now=NOON)
    give(place, anna, at=NOON - DAY)
    assert (standing(anna).promotion_kind, standing(anna).greeting_kind) == (promotions, greetings)
    give(place, anna, at=NOON + DAY, now=NOON + DAY)
    assert (standing(anna).promotion_kind, standing(anna).greeting_kind) == (7, 7), "given afresh"


@pytest.mark.parametrize(("scope", "promotions", "greetings"), [("greeting", 7, None), ("promotion", None, 7), ("marketing", None, None)])
def test_c1_what_is_left_when_another_ran_out_is_what_was_not_withdrawn(place, anna, scope, promotions, greetings):
    give(place, anna, at=NOON - DAY)
    withdraw(place.id, [hash_of(anna)], scope=scope, source=Source.PERSON, now=NOON)
    give(place, anna, Kind.DOUBLE_OPT_IN, at=NOON + DAY, until=NOON + 2 * DAY, now=NOON + DAY)
    expire(place.id, NOON + 3 * DAY)
    assert (standing(anna).promotion_kind, standing(anna).greeting_kind) == (promotions, greetings)


@pytest.mark.parametrize(("scope", "promotions", "greetings"), [("greeting", 5, None), ("promotion", None, 5)])
def test_c4_nobody_answers_for_a_purpose_that_the_person_has_shut(place, anna, scope, promotions, greetings):
    withdraw(place.id, [hash_of(anna)], scope=scope, source=Source.PERSON, now=NOON)
    give(place, anna, Kind.ATTESTED, at=NOON + DAY, now=NOON + DAY)
    assert (standing(anna).promotion_kind, standing(anna).greeting_kind) == (promotions, greetings)
    give(place, anna, Kind.DOUBLE_OPT_IN, at=NOON + DAY, until=NOON + 2 * DAY, now=NOON + DAY)
    expire(place.id, NOON + 3 * DAY)
    assert (standing(anna).promotion_kind, standing(anna).greeting_kind) == (promotions, greetings), "nor when another ran out"


def test_x1_a_wish_for_any_hour_stands_beside_the_permission_and_opens_nothing_by_itself(place, anna):
    assert give(place, anna, scope="any_hour") == 1
    row = standing(anna)
    assert (row.any_hour_entry, row.promotion_kind, row.greeting_kind) == (ConsentEntry.objects.get().id, None, None)
    assert facts_for(place.id, [anna.identity.id])[anna.identity.id].any_hour
    give(place, anna)
    first = row.any_hour_entry
    give(place, anna, scope="any_hour", at=NOON + DAY, now=NOON + DAY)
    assert (standing(anna).any_hour_entry, promotion(anna)) == (first, (7, None)), "the first that was said is what it rests on"
    assert version(anna) == 3, "whatever waits for the morning is decided again, and what changes nothing wakes nobody"


@pytest.mark.parametrize(
    ("scope", "any_hour", "promotions"), [("any_hour", False, 7), ("marketing", False, None), ("all", False, None), ("greeting", True, 7)]
)
def test_x1_whoever_takes_it_back_has_quiet_nights_again(place, anna, scope, any_hour, promotions):
    give(place, anna)
    give(place, anna, scope="any_hour")
    withdraw(place.id, [hash_of(anna)], scope=scope, source=Source.PERSON, now=NOON + DAY)
    row = standing(anna)
    assert (row.any_hour_entry is not None, row.promotion_kind) == (any_hour, promotions)
    assert facts_for(place.id, [anna.identity.id])[anna.identity.id].any_hour is any_hour
    give(place, anna, scope="any_hour", at=NOON + DAY / 2, now=NOON + 2 * DAY)
    assert (standing(anna).any_hour_entry is not None) is any_hour, "an old list brings nothing back"
    give(place, anna, scope="any_hour", at=NOON + 2 * DAY, now=NOON + 2 * DAY)
    assert standing(anna).any_hour_entry is not None


def test_x1_to_take_back_the_wish_alone_ends_no_permission_given_before(place, anna):
    withdraw(place.id, [hash_of(anna)], scope="any_hour", source=Source.PERSON, now=NOON)
    give(place, anna, at=NOON - DAY)
    assert promotion(anna) == (7, None)
    erase(place.id, [hash_of(anna)], now=NOON + DAY, by_user_id=None)
    assert (standing(anna).any_hour_entry, standing(anna).promotion_kind) == (None, None)


@pytest.mark.parametrize("kind", list(Kind))
def test_o6_no_permission_lifts_a_stop(place, anna, kind):
    stop(place.id, [Word(anna.identity.id)], source=Source.KEYWORD, now=NOON)
    give(place, anna, kind, at=NOON + DAY, now=NOON + DAY)
    assert (Suppression.objects.count(), standing(anna).stopped) == (1, 1)


def test_o6_start_restores_what_was_stopped_and_nothing_else(place, anna):
    words = [Word(anna.identity.id)]
    for scope in ("reminder", "all"):
        stop(place.id, words, source=Source.KEYWORD, scope=scope, now=NOON)
    assert start(place.id, words, source=Source.KEYWORD, now=NOON + DAY)[0].changed
    assert standing(anna).stopped == 16
    assert start(place.id, words, source=Source.KEYWORD, now=NOON + DAY)[0].changed
    assert not start(place.id, words, source=Source.KEYWORD, now=NOON + DAY)[0].changed
    assert (standing(anna).stopped, promotion(anna)) == (0, (None, None))


def test_o6_start_for_one_purpose_leaves_the_stop_for_everything(place, anna):
    words = [Word(anna.identity.id)]
    stop(place.id, words, source=Source.KEYWORD, now=NOON)
    assert not start(place.id, words, source=Source.KEYWORD, scope="promotion", now=NOON + DAY)[0].changed
    assert standing(anna).stopped == 1


def test_o2_a_start_that_is_older_than_the_stop_does_not_lift_it(place, anna):
    words = [Word(anna.identity.id)]
    stop(place.id, words, source=Source.KEYWORD, now=NOON)
    stop(place.id, words, source=Source.KEYWORD, now=NOON + 2 * DAY)
    assert not start(place.id, words, source=Source.KEYWORD, now=NOON + DAY)[0].changed
    assert standing(anna).stopped == 1


def test_o4_a_hold_shuts_marketing_until_a_person_releases_it(place, anna):
    words = [Word(anna.identity.id, words="leave me be")]
    assert [hold(place.id, words, now=NOON)[0].changed, hold(place.id, words, now=NOON)[0].changed] == [True, False]
    assert (standing(anna).held, version(anna)) == (True, 2)
    assert release(place.id, words, by_user_id=None, now=NOON)[0].changed
    assert (standing(anna).held, version(anna)) == (False, 3)
    assert list(ConsentEntry.objects.order_by("id").values_list("kind", flat=True)) == ["hold", "release"]


def test_u3_u4_what_registers_say_stands_with_the_day_it_was_said(place, anna):
    note_numbers(place.id, [NumberFacts(hash_of(anna), dnc_listed=False)], date(2026, 11, 1))
    note_numbers(place.id, [NumberFacts(hash_of(anna), reassigned_on=date(2026, 10, 5))], date(2026, 11, 20))
    row = standing(anna)
    assert (row.dnc_listed, row.dnc_checked_on) == (False, date(2026, 11, 1))
    assert (row.reassigned_on, row.reassigned_checked_on) == (date(2026, 10, 5), date(2026, 11, 20))
    assert version(anna) == 3


def test_u4_a_number_that_went_over_is_its_new_owners_to_give(place, anna):
    note_numbers(place.id, [NumberFacts(hash_of(anna), reassigned_on=date(2026, 10, 5))], date(2026, 11, 20))
    give(place, anna, at=NOON - 100 * DAY)
    assert standing(anna).reassigned_on == date(2026, 10, 5)
    give(place, anna, Kind.LEGACY_UNPROVEN)
    assert standing(anna).reassigned_on == date(2026, 10, 5), "nobody said so"
    give(place, anna)
    assert standing(anna).reassigned_on is None
    note_numbers(place.id, [NumberFacts(hash_of(anna), reassigned_on=date(2026, 10, 5))], date(2026, 11, 21))
    assert standing(anna).reassigned_on is None, "the permission is newer"
    note_numbers(place.id, [NumberFacts(hash_of(anna), reassigned_on=date(2026, 11, 23))], date(2026, 11, 24))
    assert standing(anna).reassigned_on == date(2026, 11, 23)


def test_o7_an_erasure_keeps_stops_and_holds_and_no_permission_comes_back(place, anna):
    give(place, anna)
    note_numbers(place.id, [NumberFacts(hash_of(anna), dnc_listed=True)], NOON.date())
    stop(place.id, [Word(anna.identity.id, words="stop, Anna Papadaki")], source=Source.KEYWORD, now=NOON)
    hold(place.id, [Word(anna.identity.id)], now=NOON)
    erase(place.id, [hash_of(anna)], by_user_id=None, now=NOON + DAY)
    row = standing(anna)
    assert (row.stopped, row.held, row.promotion_kind, row.dnc_listed, row.withdrawn_at) == (1, True, None, None, NOON + DAY)
    assert not ConsentPerson.objects.exists()
    assert give(place, anna, at=NOON, now=NOON + 2 * DAY) == 0
    assert (ConsentEntry.objects.filter(kind="erasure").count(), Suppression.objects.count()) == (1, 1)


def test_an_address_without_a_contact_is_left_out(place):
    assert grant(place.id, [Given(b"\x01" * 32, NOON)], WRITTEN, now=NOON) == 0
    assert not ConsentEntry.objects.exists()


def test_an_address_twice_in_one_batch_has_two_entries_and_one_standing(place, anna):
    assert grant(place.id, [Given(hash_of(anna), NOON, NOON + DAY), Given(hash_of(anna), NOON)], WRITTEN, now=NOON) == 1
    assert (ConsentEntry.objects.count(), promotion(anna)) == (2, (7, None))


def test_o7_whoever_is_forgotten_leaves_no_words_and_no_number_behind(place, anna):
    message = new_id()
    Message.objects.create(
        workspace_id=place.id, id=message, contact_id=anna.id, identity_id=anna.identity.id, channel_id=place.channel.id, direction=1, purpose=7,
        status=100, address=anna.identity.address, body="stop, says Anna", raw=b"stop, says Anna",
    )  # fmt: skip
    stop(place.id, [Word(anna.identity.id, message, "stop, says Anna", "stop")], source=Source.KEYWORD, now=NOON)
    address = anna.identity.address
    erase_contact(place.id, anna.id, by_user_id=None, now=NOON + DAY)
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname !~ '^(procrastinate|django)'"
        )
        for (table,) in cursor.fetchall():
            with as_owner(), connection.cursor() as each:
                each.execute(f"select count(*) from {table} t where t::text like any(%s)", [[f"%{address[1:]}%", "%Anna%"]])
                assert each.fetchone() == (0,), table
    assert not Contact.objects.exists()
    back = find_or_make(place.id, [Address("tel", address)])
    assert len(back) == 1
    assert standing(anna).stopped == 1
