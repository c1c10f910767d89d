"""Contacts, groups, search and segments on real PostgreSQL."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime

import psycopg
import pytest
from django.db import connection
from tests.factories import make_contact, make_workspace

from textfirst.accounts.models import Workspace
from textfirst.contacts.actions.contacts import create_contact, delete_contact, update_contact
from textfirst.contacts.actions.groups import change_many, create_label, create_list, create_segment, delete_label, set_labels, set_lists
from textfirst.contacts.actions.identities import find_or_make
from textfirst.contacts.models import Contact, ContactIdentity, ContactLabel
from textfirst.contacts.queries.contacts import card, contact_ids, count_contacts
from textfirst.contacts.queries.groups import audience, count_audience, merge_fields, preview
from textfirst.contacts.rules.identities import find_or_make_params, identity_of
from textfirst.contacts.rules.segments import read_rule
from textfirst.contacts.types import Audience, ContactFields, Filter
from textfirst.core.addresses import Address
from textfirst.core.errors import Conflict, InvalidInput, NotFound
from textfirst.core.ids import new_id
from textfirst.database.named_sql import load
from textfirst.database.scope import workspace_scope

ANNA = Address("tel", "+306941234567")
ELENI = Address("tel", "+306941234568")


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace(country="GR")


@pytest.fixture
def here(workspace):
    """Inside the workspace, as a request is."""
    with workspace_scope(workspace.id):
        yield workspace.id


def version(workspace_id, address=ANNA) -> int:
    return ContactIdentity.objects.of(workspace_id).get(address=address.address).version


# ---- find or make


def test_found_or_made_once_each(here):
    first = find_or_make(here, [ANNA, ELENI, ANNA])
    assert [fact.created for fact in first.values()] == [True, True]
    assert Contact.objects.of(here).get(id=first[ANNA].contact_id).search_text == "+306941234567"
    again = find_or_make(here, [ELENI, ANNA])
    assert {a: (f.contact_id, f.identity_id, f.created) for a, f in again.items()} == {
        a: (f.contact_id, f.identity_id, False) for a, f in first.items()
    }
    assert find_or_make(here, []) == {}


def test_ten_texts_at_once_from_new_numbers_make_one_contact_each(fresh_database_url):
    """Five connections, the same forty numbers in other orders: no deadlock, no orphan, everybody hears the same ids."""
    workspace_id, heard, failures = new_id(), [], []
    with psycopg.connect(fresh_database_url) as owner:
        owner.execute(
            "insert into workspace (id, name, country, time_zone, language, languages, retention_months, version, created_at) values (%s, 'w', 'GR', 'UTC', 'en', '[]', '{}', 1, now())",
            [workspace_id],
        )
    statement = load("textfirst.contacts").find_or_make
    gate = threading.Barrier(5)

    def runner(turn: int) -> None:
        try:
            with psycopg.connect(fresh_database_url, options="-c role=textfirst_app", autocommit=True) as bound:
                bound.execute("select set_config('textfirst.workspace', %s, false)", [str(workspace_id)])
                for n in range(20):
                    numbers = [Address("tel", f"+3069400{n:02}{k:02}") for k in range(40)]
                    gate.wait(30)
                    rows = bound.execute(
                        statement, find_or_make_params(workspace_id, numbers[turn * 7 :] + numbers[: turn * 7], b"k" * 32)
                    ).fetchall()
                    assert len(rows) == 40
                    heard.extend(map(identity_of, rows))
        except Exception as error:  # noqa: BLE001 - told by the test
            failures.append(error)
            gate.abort()

    threads = [threading.Thread(target=runner, args=(turn,)) for turn in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len({(fact.address, fact.contact_id, fact.identity_id) for fact in heard}) == 800
    assert sum(fact.created for fact in heard) == 800
    with psycopg.connect(fresh_database_url) as owner:
        assert owner.execute("select (select count(*) from contact), (select count(*) from contact_identity)").fetchone() == (800, 800)


# ---- one contact


def test_a_contact_with_everything(here):
    label, group = create_label(here, name="VIP", color="teal"), create_list(here, name="Spring")
    fields = ContactFields(
        first_name=" Đức ",
        last_name="Nguyễn",
        language="Vietnamese",
        time_zone="Asia/Ho_Chi_Minh",
        birthday=date(1990, 12, 31),
        attributes={"city": "Hanoi", "x": ""},
    )
    contact_id = create_contact(here, [ANNA, ELENI], fields, labels=[label.id], lists=[group.id])
    shown = card(here, contact_id)
    assert (shown.name, shown.language, shown.birthday, shown.attributes) == ("Đức Nguyễn", "vi", date(1990, 12, 31), {"city": "Hanoi"})
    assert [i.urn for i in shown.identities] == [ANNA.urn, ELENI.urn]
    assert ([x.name for x in shown.labels], [x.name for x in shown.lists]) == (["VIP"], ["Spring"])
    assert Contact.objects.of(here).get().search_text == "duc nguyen +306941234567 +306941234568"


def test_somebody_elses_number_is_refused_with_who_has_it(here):
    first = create_contact(here, [ANNA], ContactFields())
    other = create_contact(here, [ELENI], ContactFields())
    for act in (
        lambda: create_contact(here, [ANNA], ContactFields()),
        lambda: create_contact(here, [Address("tel", "+306941234569"), ANNA], ContactFields()),
        lambda: update_contact(here, other, ContactFields(), phone=ANNA),
        lambda: update_contact(here, other, ContactFields(), addresses=[ELENI, ANNA]),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert (refused.value.code, refused.value.fields["contact_id"]) == ("contact_exists", str(first))
    assert Contact.objects.of(here).count() == 2


def test_only_what_is_given_changes(here):
    contact_id = create_contact(here, [ANNA], ContactFields(first_name="Anna", birthday=date(1990, 1, 1), attributes={"a": "1", "b": "2"}))
    update_contact(here, contact_id, ContactFields(last_name="P", attributes={"a": None, "c": "3"}))
    shown = card(here, contact_id)
    assert (shown.name, shown.birthday, shown.attributes) == ("Anna P", date(1990, 1, 1), {"b": "2", "c": "3"})
    update_contact(here, contact_id, ContactFields(clear_birthday=True))
    assert card(here, contact_id).birthday is None


def test_blocking_and_moving_have_decisions_made_again(here):
    contact_id = create_contact(here, [ANNA], ContactFields())
    start = version(here)
    update_contact(here, contact_id, ContactFields(first_name="Anna"))
    assert version(here) == start
    update_contact(here, contact_id, ContactFields(blocked=True))
    update_contact(here, contact_id, ContactFields(time_zone="Europe/Athens"))
    assert version(here) == start + 2
    update_contact(here, contact_id, ContactFields(), phone=ELENI)
    assert version(here, ELENI) == start + 3
    assert card(here, contact_id).phone == ELENI.address
    assert Contact.objects.of(here).get().search_text == "anna +306941234568"


def test_addresses_are_set_as_a_whole(here):
    contact_id = create_contact(here, [ANNA], ContactFields())
    update_contact(here, contact_id, ContactFields(), addresses=[ELENI])
    assert [i.address for i in card(here, contact_id).identities] == [ELENI.address]


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        (ContactFields(first_name="x" * 201), "first_name"),
        (ContactFields(language="Klingon"), "language"),
        (ContactFields(time_zone="Athens"), "time_zone"),
        (ContactFields(attributes={"a b": "1"}), "attributes"),
        (ContactFields(attributes={"a": "x" * 2001}), "attributes"),
        (ContactFields(attributes={f"k{n}": "1" for n in range(101)}), "attributes"),
    ],
)
def test_values_that_make_no_sense_are_refused(here, fields, at):
    with pytest.raises(InvalidInput) as refused:
        create_contact(here, [], fields)
    assert list(refused.value.fields) == [at]


def test_deleted_with_its_groups_and_events_are_told(here):
    label = create_label(here, name="VIP")
    contact_id = create_contact(here, [ANNA], ContactFields(), labels=[label.id])
    delete_contact(here, contact_id)
    assert not ContactLabel.objects.of(here).exists()
    assert not ContactIdentity.objects.of(here).exists()
    with pytest.raises(NotFound):
        delete_contact(here, contact_id)
    with connection.cursor() as cursor:
        cursor.execute("select kind, data->>'deleted' from event where subject_id = %s order by id", [contact_id])
        assert cursor.fetchall() == [("contact.updated", None), ("contact.updated", "true")]


# ---- groups


def test_names_are_taken_in_capitals_too(here):
    create_label(here, name="VIP")
    with pytest.raises(Conflict) as refused:
        create_label(here, name="vip")
    assert refused.value.code == "name_taken"
    with pytest.raises(InvalidInput):
        create_label(here, name="a, b")
    with pytest.raises(NotFound):
        delete_label(here, new_id())


def test_many_at_once_also_when_the_filter_asks_for_what_changes(here, workspace, monkeypatch):
    from textfirst.contacts.actions import groups

    monkeypatch.setattr(groups, "BULK", 3)
    old, new, group = create_label(here, name="old"), create_label(here, name="new"), create_list(here, name="L")
    for n in range(10):
        set_labels(here, make_contact(workspace, f"+30694000000{n}").id, [old.id])
    changed = change_many(here, Filter(label_id=old.id), add_label_ids=[new.id], remove_label_ids=[old.id], add_list_ids=[group.id])
    assert (
        changed,
        count_contacts(here, Filter(label_id=new.id)),
        count_contacts(here, Filter(label_id=old.id)),
        count_contacts(here, Filter(list_id=group.id)),
    ) == (10, 10, 0, 10)
    assert change_many(here, Filter(label_id=new.id), add_label_ids=[new.id]) == 10
    with pytest.raises(InvalidInput):
        change_many(here, Filter(), add_label_ids=[group.id])


# ---- finding


@pytest.fixture
def crowd(here, workspace):
    """Contacts by first name; another workspace has the same ones."""
    other = make_workspace(country="GR")
    found = {}
    for place in (other, workspace):
        for n, (first, last) in enumerate([("Anna", "Papadopoulou"), ("Đức", "Nguyễn"), ("أحمد", "العلي"), ("Zoe", "100%_\\")]):
            with workspace_scope(place.id):
                contact_id = create_contact(place.id, [Address("tel", f"+30694123456{n}")], ContactFields(first_name=first, last_name=last))
            found[first] = contact_id
    return found


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("anna", {"Anna"}),
        ("PAPA an", {"Anna"}),
        ("nguyen", {"Đức"}),
        ("احمد", {"أحمد"}),
        ("an", {"Anna"}),
        ("na", set()),
        ("nna", {"Anna"}),
        ("%", set()),
        ("100%", {"Zoe"}),
        ("694 123 4561", {"Đức"}),
        ("+30 694", {"Anna", "Đức", "أحمد", "Zoe"}),
        ("4563", {"Zoe"}),
        ("06941", {"Anna", "Đức", "أحمد", "Zoe"}),
        ("'; drop table contact; --", set()),
        ("", {"Anna", "Đức", "أحمد", "Zoe"}),
    ],
)
def test_search(here, crowd, search, names):
    found = set(contact_ids(here, Filter(search=search)))
    assert {name for name, contact_id in crowd.items() if contact_id in found} == names
    assert len(found) == len(names)
    assert count_contacts(here, Filter(search=search)) == len(names)


def test_pages_hold_everybody_once(here, workspace):
    made = [make_contact(workspace, f"+30694000000{n}").id for n in range(10)]
    first = contact_ids(here, Filter(), limit=4)
    second = contact_ids(here, Filter(), after=first[-1], limit=4)
    third = contact_ids(here, Filter(), after=second[-1], limit=4)
    assert [*first, *second, *third] == list(reversed(made))
    assert count_contacts(here, Filter(), most=5) == 5


def stop(workspace_id, address) -> None:
    identity = ContactIdentity.objects.of(workspace_id).get(address=address)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into suppression (workspace_id, id, address_hash, scope, source, entry_id, stopped_at) values (%s, %s, %s, 'all', 'keyword', %s, now())",
            [workspace_id, identity.id, bytes(identity.address_hash), identity.id],
        )


def test_filters_together(here, crowd):
    label, group = create_label(here, name="VIP"), create_list(here, name="L")
    set_labels(here, crowd["Anna"], [label.id])
    set_labels(here, crowd["Zoe"], [label.id])
    set_lists(here, crowd["Zoe"], [group.id])
    update_contact(here, crowd["Đức"], ContactFields(blocked=True))
    stop(here, "+306941234560")
    expected = [
        (Filter(label_id=label.id), {"Anna", "Zoe"}),
        (Filter(label_id=label.id, list_id=group.id), {"Zoe"}),
        (Filter(label_id=label.id, search="anna"), {"Anna"}),
        (Filter(stopped=True), {"Anna"}),
        (Filter(stopped=False, blocked=False), {"أحمد", "Zoe"}),
        (Filter(blocked=True), {"Đức"}),
        (Filter(ids=(crowd["Zoe"], new_id())), {"Zoe"}),
        (Filter(list_id=new_id()), set()),
    ]
    for wanted, names in expected:
        assert set(contact_ids(here, wanted)) == {crowd[name] for name in names}, wanted


# ---- segments


@pytest.fixture
def members(here, workspace):
    a = make_contact(
        workspace,
        "+306941234567",
        first_name="Anna",
        language="el",
        birthday=date(1990, 5, 1),
        attributes={"city": "Athens", "age": "30", "since": "2020-01-05"},
    )
    b = make_contact(workspace, "+84901234567", first_name="Bao", language="vi", attributes={"city": "athens", "age": "9"})
    c = make_contact(workspace, "+14165550123", first_name="Chris", attributes={"age": "n/a"})
    d = make_contact(workspace, "+12125550123", first_name="Dana", birthday=date(2000, 1, 1))
    e = make_contact(workspace, None, first_name="E%")
    Contact.objects.of(workspace.id).filter(id=a.id).update(created_at=datetime(2026, 1, 2, 12, tzinfo=UTC))
    label, group = create_label(here, name="VIP"), create_list(here, name="L")
    set_labels(here, a.id, [label.id])
    set_lists(here, b.id, [group.id])
    return {"Anna": a.id, "Bao": b.id, "Chris": c.id, "Dana": d.id, "E%": e.id, "label": label.id, "list": group.id}


ALL = {"Anna", "Bao", "Chris", "Dana", "E%"}


@pytest.mark.parametrize(
    ("field", "op", "value", "names"),
    [
        ("label", "is", "$label", {"Anna"}),
        ("label", "is_not", "$label", ALL - {"Anna"}),
        ("label", "is_set", None, {"Anna"}),
        ("list", "is", "$list", {"Bao"}),
        ("list", "is_not_set", None, ALL - {"Bao"}),
        ("language", "is", "EL".lower(), {"Anna"}),
        ("language", "is_not", "el", ALL - {"Anna"}),
        ("language", "is_not_set", None, {"Chris", "Dana", "E%"}),
        ("country", "is", "GR", {"Anna"}),
        ("country", "is", "CA", {"Chris"}),
        ("country", "is", "US", {"Dana"}),
        ("country", "is_not", "US", ALL - {"Dana"}),
        ("country", "is_not_set", None, {"E%"}),
        ("first_name", "is", "ANNA", {"Anna"}),
        ("first_name", "contains", "A", {"Anna", "Bao", "Dana"}),
        ("first_name", "contains", "%", {"E%"}),
        ("first_name", "starts_with", "ch", {"Chris"}),
        ("last_name", "is_not_set", None, ALL),
        ("birthday", "is", "1990-05-01", {"Anna"}),
        ("birthday", "is_not", "1990-05-01", ALL - {"Anna"}),
        ("birthday", "before", "2000-01-01", {"Anna"}),
        ("birthday", "after", "1990-05-01", {"Dana"}),
        ("birthday", "is_not_set", None, {"Bao", "Chris", "E%"}),
        ("attribute.city", "is", "Athens", {"Anna", "Bao"}),
        ("attribute.city", "is_not", "Athens", {"Chris", "Dana", "E%"}),
        ("attribute.city", "is_set", None, {"Anna", "Bao"}),
        ("attribute.age", "greater", 9, {"Anna"}),
        ("attribute.age", "less", "9.5", {"Bao"}),
        ("attribute.since", "before", "2020-02-01", {"Anna"}),
        ("attribute.since", "after", "2020-02-01", set()),
        ("created_at", "is", "2026-01-02", {"Anna"}),
        ("created_at", "is_not", "2026-01-02", ALL - {"Anna"}),
        ("created_at", "before", "2026-01-02", set()),
        ("created_at", "before", "2026-01-02T12:00:01+00:00", {"Anna"}),
        ("created_at", "after", "2026-01-02", ALL - {"Anna"}),
        ("created_at", "after", "2026-01-02T13:59:00+02:00", ALL),
    ],
)
def test_each_condition(here, members, field, op, value, names):
    given = members[value[1:]] if isinstance(value, str) and value.startswith("$") else value
    rule = read_rule({"field": field, "op": op, **({"value": str(given)} if value is not None else {})})
    count, sample = preview(here, rule)
    assert {shown.first_name for shown in sample} == names
    assert count == len(names)


def test_groups_of_conditions(here, members):
    athens = {"field": "attribute.city", "op": "is", "value": "athens"}
    vip = {"field": "label", "op": "is", "value": str(members["label"])}
    for json, names in [
        ({"all": [athens, vip]}, {"Anna"}),
        ({"any": [vip, {"field": "first_name", "op": "is", "value": "Dana"}]}, {"Anna", "Dana"}),
        ({"all": [athens, {"any": [vip, {"all": [{"field": "language", "op": "is", "value": "vi"}]}]}]}, {"Anna", "Bao"}),
        ({"all": []}, ALL),
        ({"any": []}, set()),
    ]:
        assert preview(here, read_rule(json))[0] == len(names)


def test_a_segment_names_only_what_is_there(here, members):
    with pytest.raises(InvalidInput):
        create_segment(here, name="S", rule={"field": "label", "op": "is", "value": str(new_id())})


def test_an_audience_has_each_contact_once_with_the_number_they_read(here, workspace, members):
    segment = create_segment(here, name="Athens", rule={"field": "attribute.city", "op": "is", "value": "Athens"})
    wanted = Audience(lists=(members["list"],), segments=(segment.id,), contacts=(members["Anna"], members["E%"]))
    second = Address("tel", "+306900000001")
    update_contact(here, members["Anna"], ContactFields(), addresses=[ANNA, second])
    ContactIdentity.objects.of(here).filter(address=second.address).update(last_inbound_at=datetime(2026, 1, 1, tzinfo=UTC))
    fragment = audience(here, wanted)
    with connection.cursor() as cursor:
        cursor.execute(fragment.sql, fragment.params)
        rows = {row[0]: row[2] for row in cursor.fetchall()}
    assert rows == {members["Anna"]: second.address, members["Bao"]: "+84901234567", members["E%"]: None}
    assert count_audience(here, wanted) == 3
    assert count_audience(here, Audience(everyone=True)) == 5
    assert count_audience(here, Audience()) == 0


def test_merge_fields_name_the_attributes_in_use(here, members):
    assert [(field.key, field.example) for field in merge_fields(here)][6:] == [
        ("contact.attributes.age", "n/a"),
        ("contact.attributes.city", "athens"),
        ("contact.attributes.since", "2020-01-05"),
    ]
