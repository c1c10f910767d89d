"""Files into contacts, on real PostgreSQL: formats, mistakes, merging, stopping and dying half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from tests.factories import make_contact, make_workspace
from tests.factories.contact_files import TODAY, import_file, make_import, run, workbook

from textfirst.accounts.models import Workspace
from textfirst.contacts.actions import importing
from textfirst.contacts.actions.imports import FileInvalid, change_import, resume_import, start_import, stop_import
from textfirst.contacts.models import Contact, ContactIdentity, ContactImport, ContactImportError, ContactLabel, ContactListMember
from textfirst.contacts.queries.contacts import cards
from textfirst.contacts.queries.imports import find_import, preview, stored_file
from textfirst.contacts.types import Prefers, ReadRow
from textfirst.core.errors import Conflict, InvalidInput
from textfirst.database.scope import workspace_scope

HEADER = "First name,Last name,Phone,City,Birthday,Labels\n"


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace(country="GR")


def people(workspace: Workspace) -> dict[str, object]:
    """Contacts by their numbers, as they are shown."""
    with workspace_scope(workspace.id):
        ids = list(Contact.objects.of(workspace.id).order_by("id").values_list("id", flat=True))
        return {",".join(sorted(i.address for i in card.identities)): card for card in cards(workspace.id, ids)}


def counts(found: ContactImport) -> tuple[int, int, int, int]:
    return (found.created, found.updated, found.unchanged, found.failed)


def problems(workspace: Workspace, found: ContactImport) -> list[tuple[int, str, str]]:
    with workspace_scope(workspace.id):
        return list(
            ContactImportError.objects.of(workspace.id).filter(contact_import=found).order_by("row").values_list("row", "column", "code")
        )


def test_the_good_rows_go_in_and_the_others_are_explained(workspace):
    rows = [f"Anna{n},P,69412345{n:02},Athens,25/12/1990,vip" for n in range(19)] + ["Broken,P,12,Athens,,"]
    found = import_file(workspace, HEADER + "\n".join(rows), new_list="Spring")
    assert (found.state, found.rows_total, found.rows_done, counts(found)) == ("done", 20, 20, (19, 0, 0, 1))
    assert problems(workspace, found) == [(21, "Phone", "number_too_short")]
    card = people(workspace)["+306941234500"]
    assert (card.first_name, card.last_name, card.birthday, card.attributes) == ("Anna0", "P", date(1990, 12, 25), {"city": "Athens"})
    assert [label.name for label in card.labels] == ["vip"]
    assert [list_.name for list_ in card.lists] == ["Spring"]


@pytest.mark.parametrize(
    ("name", "phone", "encoding", "country", "address"),
    [
        ("محمد العلي", "٠٥٠١٢٣٤٥٦٧", "utf-8", "AE", "+971501234567"),
        ("محمد العلي", "0501234567", "cp1256", "AE", "+971501234567"),
        ("Γιώργος Παπαδόπουλος", "694 123 4567", "cp1253", "GR", "+306941234567"),
        ("Łukasz Wójcik", "601-234-567", "cp1250", "PL", "+48601234567"),
        ("Łukasz Wójcik", "601-234-567", "utf-16", "PL", "+48601234567"),
        ("Nguyễn Đức", "090 123 4567", "utf-8-sig", "VN", "+84901234567"),
        ("Nguyễn Đức", "090 123 4567", "utf-16-le", "VN", "+84901234567"),
        ("José Muñoz", "(212) 555-2368", "cp1252", "US", "+12125552368"),
    ],
)
def test_encodings_and_local_numbers(db, name, phone, encoding, country, address):
    workspace = make_workspace(country=country)
    found = import_file(workspace, f"Name;Phone\r\n{name};{phone}\r\n".encode(encoding))
    assert (found.shape["encoding"], found.shape["delimiter"]) == (encoding, ";")
    assert people(workspace)[address].name == name


def test_a_workbook(workspace):
    rows = [
        ["Name", "Mobile", "Born", "Visits", "Member"],
        ["Anna", 6941234567, date(1990, 12, 31), 3.0, True],
        ["Eleni", "+30 694 123 4568", "1/2/1980", 2.5, ""],
    ]
    found = import_file(workspace, workbook(rows, ("Empty", "Πελάτες")), name="people.xlsx")
    assert (found.shape["kind"], found.shape["sheet"], found.shape["sheets"]) == ("xlsx", "Πελάτες", ["Empty", "Πελάτες"])
    assert counts(found) == (2, 0, 0, 0)
    shown = people(workspace)
    assert (shown["+306941234567"].birthday, shown["+306941234567"].attributes) == (date(1990, 12, 31), {"visits": "3", "member": "true"})
    assert shown["+306941234568"].attributes == {"visits": "2.5"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04 not really", "workbook_unreadable"),
        (b"\xd0\xcf\x11\xe0 old and broken", "workbook_unreadable"),
        (b"\x89PNG\x00\x01\x02\x03\x04" * 9, "file_not_text"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_not_kept(workspace, content, code, settings, tmp_path):
    settings.PROCESS = replace(settings.PROCESS, home=tmp_path)  # other processes of a run keep their uploads in the usual one
    with pytest.raises(FileInvalid) as refused:
        make_import(workspace, content)
    assert refused.value.code == code
    assert list(Path(settings.PROCESS.uploads).glob("*")) == []
    make_import(workspace, HEADER + "A,,6941234567,,,", start=False)
    assert len(list(Path(settings.PROCESS.uploads).glob("*"))) == 1


def test_an_upload_is_closed_to_other_accounts(workspace):
    import_id = make_import(workspace, HEADER + "A,,6941234567,,,", start=False)
    with workspace_scope(workspace.id):
        assert stored_file(find_import(workspace.id, import_id)).stat().st_mode & 0o077 == 0


def test_importing_again_changes_nothing(workspace):
    content = HEADER + "Anna,P,6941234567,Athens,25/12/1990,vip\nEleni,,+306941234568,,,\n"
    first = import_file(workspace, content, new_list="L")
    before = people(workspace)
    again = import_file(workspace, content, list_id=first.contact_list_id)
    assert counts(again) == (0, 0, 2, 0)
    assert people(workspace) == before


def test_an_empty_cell_erases_nothing_and_a_new_value_updates(workspace):
    import_file(workspace, HEADER + "Anna,P,6941234567,Athens,25/12/1990,vip\n")
    found = import_file(workspace, HEADER + ",,6941234567,Volos,,new\n")
    assert counts(found) == (0, 1, 0, 0)
    card = people(workspace)["+306941234567"]
    assert (card.first_name, card.birthday, card.attributes) == ("Anna", date(1990, 12, 25), {"city": "Volos"})
    assert [label.name for label in card.labels] == ["new", "vip"]


def test_rows_of_one_person_are_one_contact(workspace):
    content = "Name,Phone,Phone 2,City\nAnna,6941234567,,\nAnna P,+30 694 123 4567,6941234568,Athens\n,6941234568,,\n"
    found = import_file(workspace, content)
    assert counts(found) == (1, 1, 1, 0)
    assert {numbers: card.name for numbers, card in people(workspace).items()} == {"+306941234567,+306941234568": "Anna P"}


def test_numbers_of_two_people_join_nobody(workspace):
    found = import_file(workspace, "Name,Phone,Phone 2\nAnna,6941234567,\nEleni,6941234568,\nBoth,6941234567,6941234568\n")
    assert counts(found) == (2, 0, 0, 1)
    assert problems(workspace, found) == [(4, "", "two_contacts")]


def test_a_number_somebody_wrote_from_is_their_contact(workspace):
    contact = make_contact(workspace, "+306941234567", first_name="")
    import_file(workspace, "Name,Phone\nAnna,6941234567\n")
    with workspace_scope(workspace.id):
        assert Contact.objects.of(workspace.id).get().id == contact.id
        assert Contact.objects.of(workspace.id).get().search_text == "anna +306941234567"


def test_a_stop_outlives_deleting_and_importing_the_number_again(workspace):
    import_file(workspace, "Name,Phone\nAnna,6941234567\n")
    with workspace_scope(workspace.id):
        identity = ContactIdentity.objects.of(workspace.id).get()
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into suppression (workspace_id, id, address_hash, scope, source, entry_id, stopped_at) values (%s, %s, %s, 'all', 'keyword', %s, now())",
                [workspace.id, identity.id, identity.address_hash, identity.id],
            )
        Contact.objects.of(workspace.id)._raw_delete(using="default")
    import_file(workspace, "Name,Phone\nAnna,6941234567\n")
    assert [i.stopped for i in people(workspace)["+306941234567"].identities] == [True]


def test_a_new_time_zone_has_decisions_made_again(workspace):
    import_file(workspace, "Phone,Time zone,City\n6941234567,Europe/Athens,Athens\n6941234568,,\n")
    import_file(
        workspace, "Phone,Time zone,City\n6941234567,Asia/Hanoi,Athens\n6941234568,,Volos\n".replace("Asia/Hanoi", "Asia/Ho_Chi_Minh")
    )
    with workspace_scope(workspace.id):
        assert dict(ContactIdentity.objects.of(workspace.id).values_list("address", "version")) == {"+306941234567": 2, "+306941234568": 1}


def test_how_people_are_reached_comes_with_the_file(workspace):
    found = import_file(
        workspace,
        "Phone,Country,State,Preferred channel,Weekly limit\n"
        "+13055550101,United States,Florida,Phone call,2\n+13055550102,us,US-TX,SMS,0\n"
        "+13055550103,Atlantis,,,\n+13055550104,,Nowhere,,\n+13055550105,,,pigeon,\n+13055550106,,,,many\n",
    )
    assert (found.created, found.failed) == (2, 4)
    known = people(workspace)
    assert [known[f"+1305555010{n}"].region for n in (1, 2)] == ["FL", "TX"]
    first, second = known["+13055550101"], known["+13055550102"]
    assert [(one.country, one.prefers, one.own_cap) for one in (first, second)] == [("US", Prefers.CALL, 2), ("US", Prefers.TEXT, 0)]
    with workspace_scope(workspace.id):
        assert {error.code for error in ContactImportError.objects.of(workspace.id)} == {
            "country_unknown", "region_unknown", "prefers_unknown", "own_cap_unreadable",
        }  # fmt: skip


def test_two_workspaces_do_not_meet(workspace):
    other = make_workspace(country="GR")
    import_file(other, "Name,Phone\nOther,6941234567\n")
    found = import_file(workspace, "Name,Phone\nAnna,6941234567\n")
    assert counts(found) == (1, 0, 0, 0)
    assert people(other)["+306941234567"].name == "Other"


def test_the_preview_shows_what_each_row_will_do(workspace):
    import_id = make_import(workspace, HEADER + "Anna,,6941234567,,3/4/1990,\nB,,n/a,,,\n\n" + "C,,6941234568,,,\n" * 30, start=False)
    with workspace_scope(workspace.id):
        found = find_import(workspace.id, import_id)
        rows = preview(found, TODAY)
    assert len(rows) == 20
    assert [(read.row, isinstance(read, ReadRow)) for _, read in rows[:3]] == [(2, True), (3, False), (5, True)]
    assert found.shape["columns"][4]["date_order_assumed"] is True


def test_changing_how_a_file_is_read(workspace):
    import_id = make_import(workspace, b"Anna|6941234567|3/4/1990\nJos\xe9|6941234568|5/6/1990\n", start=False)
    with workspace_scope(workspace.id):
        found = change_import(
            workspace.id,
            import_id,
            today=TODAY,
            shape={"encoding": "cp1252", "date_orders": {"2": "mdy"}},
            country="gr",
            mapping={"0": "first_name", "1": "phone", "2": "birthday"},
        )
        assert (found.shape["delimiter"], found.shape["has_header"], found.country) == ("|", False, "GR")
        start_import(workspace.id, import_id)
    run(workspace, import_id)
    shown = people(workspace)
    assert (shown["+306941234567"].birthday, shown["+306941234568"].first_name) == (date(1990, 3, 4), "José")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mapping": {"9": "phone"}}, "mapping"),
        ({"mapping": {"0": "password"}}, "mapping"),
        ({"mapping": {"0": "attribute.a b"}}, "mapping"),
        ({"mapping": {"0": "first_name", "1": "first_name"}}, "mapping"),
        ({"shape": {"encoding": "rot13"}}, "shape.encoding"),
        ({"shape": {"delimiter": "ab"}}, "shape.delimiter"),
        ({"shape": {"sheet": "none"}}, "shape.sheet"),
        ({"shape": {"date_orders": {"0": "dym"}}}, "shape.date_orders"),
        ({"country": "XX"}, "country"),
    ],
)
def test_a_reading_that_makes_no_sense_is_refused(workspace, change, field):
    import_id = make_import(workspace, HEADER + "A,,6941234567,,,", start=False)
    with pytest.raises(InvalidInput) as refused, workspace_scope(workspace.id):
        change_import(workspace.id, import_id, today=TODAY, **change)
    assert list(refused.value.fields) == [field]


def test_without_a_column_of_numbers_it_does_not_start(workspace):
    import_id = make_import(workspace, "Name,City\nAnna,Athens\n", start=False)
    with pytest.raises(InvalidInput, match="phone numbers"), workspace_scope(workspace.id):
        start_import(workspace.id, import_id)


def test_what_has_started_is_not_started_or_changed_again(workspace):
    import_id = make_import(workspace, HEADER + "A,,6941234567,,,")
    for act in (lambda: start_import(workspace.id, import_id), lambda: change_import(workspace.id, import_id, today=TODAY, country="GR")):
        with pytest.raises(Conflict), workspace_scope(workspace.id):
            act()


def many(count: int) -> str:
    return "Name,Phone\n" + "\n".join(f"Anna{n},+3069{n + 10_000_000:08}" for n in range(count))


def test_stopped_between_batches_and_resumed(workspace, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    import_id = make_import(workspace, many(35))
    laid = importing._lay_batch

    def stop_in_the_second(found, batch, reading, *, tell):
        done = laid(found, batch, reading, tell=tell)
        if done and found.rows_done == 20:
            stop_import(workspace.id, import_id)
        return done

    monkeypatch.setattr(importing, "_lay_batch", stop_in_the_second)
    found = run(workspace, import_id)
    assert (found.state, found.rows_done, found.created) == ("stopped", 20, 20)
    monkeypatch.setattr(importing, "_lay_batch", laid)
    with workspace_scope(workspace.id):
        resume_import(workspace.id, import_id)
    found = run(workspace, import_id)
    assert (found.state, found.rows_done, counts(found)) == ("done", 35, (35, 0, 0, 0))
    assert len(people(workspace)) == 35


def test_two_runners_of_one_import_never_do_the_same_rows(workspace, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 10)
    import_id = make_import(workspace, many(35))
    laid = importing._lay_batch

    def another_was_faster(found, batch, reading, *, tell):
        if found.rows_done == 10:
            monkeypatch.setattr(importing, "_lay_batch", laid)
            assert laid(ContactImport.objects.of(workspace.id).get(id=import_id), batch, reading, tell=tell)
        return laid(found, batch, reading, tell=tell)

    monkeypatch.setattr(importing, "_lay_batch", another_was_faster)
    found = run(workspace, import_id)
    assert (found.state, found.rows_done, counts(found)) == ("running", 20, (20, 0, 0, 0))  # the slower one has left
    found = run(workspace, import_id)
    assert (found.state, found.rows_done, counts(found)) == ("done", 35, (35, 0, 0, 0))


def test_a_number_that_texts_in_meanwhile_is_that_contact(workspace, monkeypatch):
    known = importing._known

    def a_text_arrives(*args, **kwargs):
        held = known(*args, **kwargs)
        monkeypatch.setattr(importing, "_known", known)
        with connection.cursor() as cursor:  # as another connection would: after we looked, before we wrote
            cursor.execute(
                "insert into contact (workspace_id, id, first_name, last_name, language, time_zone, attributes, blocked, search_text) values (%s, gen_random_uuid(), '', '', '', '', '{}', false, '') returning id",
                [workspace.id],
            )
            cursor.execute(
                "insert into contact_identity (workspace_id, id, contact_id, scheme, address, address_hash, version) values (%s, gen_random_uuid(), %s, 'tel', '+306941234567', 'x', 1)",
                [workspace.id, cursor.fetchone()[0]],
            )
        return held

    monkeypatch.setattr(importing, "_known", a_text_arrives)
    found = import_file(workspace, "Name,Phone\nAnna,6941234567\nEleni,6941234568\n")
    assert found.state == "done"
    assert sorted(card.name for card in people(workspace).values()) == ["Anna", "Eleni"]


def test_a_lost_file_is_said(workspace):
    import_id = make_import(workspace, many(3))
    with workspace_scope(workspace.id):
        stored_file(find_import(workspace.id, import_id)).unlink()
    assert (run(workspace, import_id).state, run(workspace, import_id).problem) == ("failed", "file_lost")


def test_progress_is_told_at_most_twice_a_second(workspace, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    import_id = make_import(workspace, many(40))
    ticks = iter(n * 0.1 for n in range(1000))
    importing.run_import(workspace.id, import_id, TODAY, clock=lambda: next(ticks))
    with workspace_scope(workspace.id), connection.cursor() as cursor:
        cursor.execute(
            "select data->>'rows_done', data->>'state' from event where workspace_id = %s and kind = 'import.updated' order by id",
            [workspace.id],
        )
        told = cursor.fetchall()
    assert len(told) == 1 + 8 + 1  # started, once in five of 40 ticks, done
    assert told[-1] == ("40", "done")


KILLED = """
import os, signal, sys
import django
django.setup()
from dataclasses import replace
from datetime import date
from uuid import UUID
from textfirst.contacts.actions import importing
importing.BATCH = 100
moved = importing._move
def die_in_the_fourth(current, batch, outcome):
    moved(current, batch, outcome)
    if current.rows_done == 400:
        os.kill(os.getpid(), signal.SIGKILL)
importing._move = die_in_the_fourth
importing.run_import(UUID(sys.argv[1]), UUID(sys.argv[2]), date(2026, 11, 22))
"""


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_of_a_batch_and_resumed(transactional_db):
    workspace = make_workspace(country="GR")
    import_id = make_import(workspace, many(1000), new_list="All")
    died = subprocess.run([sys.executable, "-c", KILLED, str(workspace.id), str(import_id)], env={**os.environ}, check=False)
    assert died.returncode == -signal.SIGKILL
    with workspace_scope(workspace.id):
        found = ContactImport.objects.of(workspace.id).get(id=import_id)
        assert (found.state, found.rows_done) == ("running", 300)
        assert Contact.objects.of(workspace.id).count() == 300
        resume_import(workspace.id, import_id)
    found = run(workspace, import_id)
    assert (found.state, found.rows_done, counts(found)) == ("done", 1000, (1000, 0, 0, 0))
    with workspace_scope(workspace.id):
        assert (
            Contact.objects.of(workspace.id).count()
            == ContactIdentity.objects.of(workspace.id).count()
            == ContactListMember.objects.of(workspace.id).count()
            == 1000
        )
        assert ContactLabel.objects.of(workspace.id).count() == 0
