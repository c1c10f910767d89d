"""The chain over the ledger: what is written is sealed, and whatever is done to it afterwards is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.talk import Place, make_person, make_place

from textfirst.consent.actions.checking import check
from textfirst.consent.actions.erasing import erase
from textfirst.consent.actions.grants import grant
from textfirst.consent.actions.sealing import seal_all, seal_batch
from textfirst.consent.models import ConsentEntry, ConsentPerson, ConsentSeal, ConsentSealed, ConsentText, ConsentUnsealed
from textfirst.consent.rules import chain
from textfirst.consent.types import Given, Kind, Permission, Source
from textfirst.core.ids import new_id
from textfirst.database.scope import as_owner, enter_workspace

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOW = datetime.now(UTC)
YES = Permission(Kind.EXPRESS, Source.FORM, shown="Send me news, at most one text a week.", language="en")


def give(place: Place, count: int = 1) -> list[bytes]:
    hashes = [bytes(make_person(place).identity.address_hash) for _ in range(count)]
    grant(place.id, [Given(each, NOON, words="yes", origin="https://example.com/news", ip="192.0.2.7") for each in hashes], YES, now=NOON)
    return hashes


def problems(place: Place, at: datetime = NOW) -> list[str]:
    return [problem["code"] for problem in check(place.id, at).problems]


def break_open(statement: str, *parameters: object) -> None:
    """As somebody with the owner's rights could: past the triggers."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(statement, parameters)
        assert cursor.rowcount > 0
        cursor.execute("set local session_replication_role = origin")


@pytest.fixture
def place() -> Place:
    """Seven entries under two seals."""
    made = make_place()
    give(made, 4)
    seal_batch(made.id, NOW)
    give(made, 3)
    seal_batch(made.id, NOW + timedelta(seconds=3))
    assert problems(made) == []
    assert (ConsentSeal.objects.count(), ConsentSealed.objects.count(), ConsentUnsealed.objects.count()) == (2, 7, 0)
    return made


def entries() -> list[UUID]:
    return list(ConsentEntry.objects.order_by("id").values_list("id", flat=True))


def test_c1_an_entry_keeps_what_was_shown_and_only_the_digest_of_what_is_personal():
    place = make_place()
    person = make_person(place, phone="+302109876543")
    grant(place.id, [Given(bytes(person.identity.address_hash), NOON, words="yes", origin="https://example.com/news", ip="192.0.2.7", user_agent="Firefox", note="at the fair")], YES, now=NOW)  # fmt: skip
    entry, personal, text = ConsentEntry.objects.get(), ConsentPerson.objects.get(), ConsentText.objects.get()
    assert (entry.kind, entry.scope, entry.source, entry.language, entry.at, entry.contact_id) == (
        "express",
        "marketing",
        "form",
        "en",
        NOON,
        person.id,
    )
    assert (text.words, bytes(text.text_hash)) == (YES.shown, bytes(entry.text_hash))
    values = ("tel:+302109876543", "yes", "https://example.com/news", "192.0.2.7", "Firefox", "at the fair")
    assert tuple(getattr(personal, name) for name in chain.PERSONAL) == values
    assert bytes(entry.digest) == chain.digest(bytes(personal.salt), values)
    assert len(personal.salt) == 32
    row = " ".join(str(value) for value in ConsentEntry.objects.values().get().values())
    assert not any(value in row for value in values if value != "yes")


def test_an_erasure_leaves_a_chain_that_holds(place):
    erased = bytes(ConsentEntry.objects.order_by("id")[5].address_hash)
    erase(place.id, [erased], by_user_id=None, now=NOW)
    seal_batch(place.id, NOW)
    assert (ConsentPerson.objects.count(), ConsentEntry.objects.count()) == (6, 8)
    assert problems(place) == []


@pytest.mark.parametrize("column", ["kind", "scope", "source", "channels", "language", "keyword"])
def test_a_changed_entry_is_found(place, column):
    break_open(f"update consent_entry set {column} = 'other' where id = %s", entries()[2])
    assert problems(place) == ["entry_changed"]


def test_a_changed_moment_is_found(place):
    break_open("update consent_entry set at = at - interval '1 microsecond' where id = %s", entries()[5])
    assert problems(place) == ["entry_changed"]


@pytest.mark.parametrize("with_its_place", [False, True])
def test_a_removed_entry_is_found(place, with_its_place):
    gone = entries()[6]
    break_open("delete from consent_person where id = %s", gone)
    break_open("delete from consent_entry where id = %s", gone)
    if with_its_place:
        break_open("delete from consent_sealed where id = %s", gone)
    assert problems(place) == ["entry_removed"]


@pytest.mark.parametrize("with_a_place", [False, True])
def test_an_inserted_entry_is_found(place, with_a_place):
    columns = "workspace_id, kind, scope, channels, address_hash, source, keyword, language, at"
    break_open(
        f"insert into consent_entry (id, {columns}) select gen_random_uuid(), {columns} from consent_entry where id = %s", entries()[0]
    )
    if with_a_place:
        break_open("insert into consent_sealed (workspace_id, id, number, place) select workspace_id, id, 2, 3 from consent_entry e where not exists (select from consent_sealed d where d.id = e.id)")  # fmt: skip
    assert problems(place) == ["entry_inserted"]


def test_two_entries_that_changed_places_are_found(place):
    break_open("update consent_sealed set place = -1 where number = 1 and place = 1")
    break_open("update consent_sealed set place = 1 where number = 1 and place = 2")
    break_open("update consent_sealed set place = 2 where number = 1 and place = -1")
    assert problems(place) == ["entry_changed"]


def test_two_seals_that_changed_places_are_found(place):
    for old, new in ((1, -1), (2, 1), (-1, 2)):
        break_open("update consent_seal set number = %s where number = %s", new, old)
        break_open("update consent_sealed set number = %s where number = %s", new, old)
    assert "seal_broken" in problems(place)


def test_a_batch_sealed_anew_after_a_change_is_found(place):
    """Whoever changes an entry and mends its own seal breaks the next one."""
    break_open("update consent_entry set kind = 'double_opt_in' where id = %s", entries()[0])
    first = ConsentSeal.objects.get(number=1)
    from textfirst.consent.queries import run, sql

    leaves = [chain.leaf(row[2:]) for row in run(sql.leaves, {"workspace_id": place.id, "first": 1, "last": 1})]
    link = chain.Link(place.id, 1, 4, chain.root(leaves), bytes(first.previous), first.sealed_at)
    break_open("update consent_seal set root = %s, seal = %s where number = 1", link.root, link.seal())
    assert problems(place) == ["seal_broken"]


def test_a_chain_that_lost_its_end_is_found(place):
    gone = entries()[4:]
    for table in ("consent_person", "consent_entry", "consent_sealed"):
        break_open(f"delete from {table} where id = any(%s)", gone)
    break_open("delete from consent_seal where number = 2")
    assert problems(place) == ["chain_cut"]


def test_a_changed_personal_row_is_found(place):
    break_open("update consent_person set words = 'no' where id = %s", entries()[3])
    assert problems(place) == ["person_changed"]


def test_a_personal_row_that_went_without_an_erasure_is_found(place):
    break_open("delete from consent_person where id = %s", entries()[3])
    assert problems(place) == ["person_removed"]


def test_entries_that_nobody_seals_are_found(place):
    give(place)
    assert problems(place, datetime.now(UTC)) == []
    assert problems(place, datetime.now(UTC) + timedelta(minutes=6)) == ["seal_late"]


@pytest.mark.parametrize("table", ["consent_entry", "consent_seal", "consent_sealed", "consent_text"])
def test_the_database_refuses_to_change_the_ledger(place, table):
    for change in (f"update {table} set workspace_id = workspace_id", f"delete from {table}"):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_batches_are_bounded_and_all_workspaces_get_their_turn(monkeypatch):
    monkeypatch.setattr("textfirst.consent.actions.sealing.BATCH", 2)
    one, other = make_place("One"), make_place("Other")
    for place in (one, other):
        enter_workspace(place.id)
        give(place, 3)
    assert seal_all(lambda: NOW, NOW + timedelta(seconds=1)) == 6
    for place in (one, other):
        enter_workspace(place.id)
        assert list(ConsentSeal.objects.of(place.id).order_by("number").values_list("entries", flat=True)) == [2, 1]
        assert problems(place) == []


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_commits_after_younger_ones_were_sealed_is_sealed_too(database_url):
    """Ids rise as entries are made, commits come as they like: a sealer that kept a place in the ids would pass over it."""
    place = make_place()
    late, early = (bytes(make_person(place).identity.address_hash) for _ in range(2))
    with psycopg.connect(database_url) as slow:
        slow.execute("select set_config('textfirst.workspace', %s, false)", [str(place.id)])
        slow.execute(
            "insert into consent_entry (workspace_id, id, kind, scope, address_hash, source, keyword, at) values (%s, %s, 'express', 'all', %s, 'api', '', now())",
            [place.id, new_id(), late],
        )
        grant(place.id, [Given(early, NOON)], YES, now=NOON)
        assert seal_batch(place.id, NOW) == 1
    assert seal_batch(place.id, NOW) == 1
    first, second = ConsentSealed.objects.order_by("number")
    assert first.id > second.id, "the late one must be the older one for this test to mean anything"
    assert problems(place) == []
