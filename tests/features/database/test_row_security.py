"""The second wall: with the filter of the query left out, a row of another workspace is still not seen, changed or made."""

from __future__ import annotations

import threading

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from tests.factories import make_channel, make_contact, make_key, make_member, make_workspace

from textfirst.accounts.models import ApiKey, Membership, Workspace
from textfirst.channels.models import Channel
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.core.ids import new_id
from textfirst.database.roles import APP_ROLE
from textfirst.database.scope import as_owner, enter_workspace, leave_workspace, rows_as_owner, workspace_scope
from textfirst.events.actions import record_one
from textfirst.events.models import Event

MODELS = (Contact, ContactIdentity, Channel, ApiKey, Membership, Event)


@pytest.fixture
def two(db) -> tuple[Workspace, Workspace]:
    made = make_workspace("Ours"), make_workspace("Theirs")
    for workspace in made:
        make_contact(workspace)
        make_channel(workspace)
        make_key(workspace, "contacts:read")
        make_member(workspace)
        with workspace_scope(workspace.id):
            record_one(workspace.id, "workspace.updated", workspace.id)
    leave_workspace()
    return made


@pytest.mark.parametrize("model", MODELS)
def test_a_query_without_its_filter_sees_one_workspace(two, model):
    ours, _ = two
    with as_owner():
        assert model.objects.count() == 2, "there must be something to hide"
    enter_workspace(ours.id)
    assert {row.workspace_id for row in model.objects.all()} == {ours.id}
    leave_workspace()
    assert model.objects.count() == 0


def test_a_workspace_sees_itself_only(two):
    enter_workspace(two[0].id)
    assert [workspace.name for workspace in Workspace.objects.all()] == ["Ours"]


@pytest.mark.parametrize("model", MODELS)
def test_a_change_without_its_filter_changes_one_workspace(two, model):
    ours, theirs = two
    enter_workspace(ours.id)
    model.objects.all().delete()
    with as_owner():
        assert {row.workspace_id for row in model.objects.all()} == {theirs.id}


def test_a_row_cannot_be_made_in_another_workspace(two):
    ours, theirs = two
    enter_workspace(ours.id)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Contact.objects.create(workspace_id=theirs.id)


def test_a_row_cannot_be_moved_to_another_workspace(two):
    ours, theirs = two
    enter_workspace(ours.id)
    with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Contact.objects.update(workspace_id=theirs.id)


def test_a_partition_reached_directly_shows_nothing(two):
    ours, _ = two
    enter_workspace(ours.id)
    with connection.cursor() as cursor:
        cursor.execute("select inhrelid::regclass::text from pg_inherits where inhparent = 'event'::regclass")
        for (partition,) in cursor.fetchall():
            cursor.execute(f"select count(*) from {partition}")
            assert cursor.fetchone() == (0,)
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_pooled_connection_keeps_no_workspace():
    """A request that breaks half-way leaves its connection as clean as one that ends well; the next request sees nothing."""
    from django.test import Client

    workspace = make_workspace()
    member = make_member(workspace, "viewer")
    browser = Client(raise_request_exception=False)
    browser.force_login(member.user)

    def bound() -> str:
        with connection.cursor() as cursor:
            cursor.execute("select coalesce(current_setting('textfirst.workspace', true), '')")
            return cursor.fetchone()[0]

    backend = connection.connection.info.backend_pid
    for path in ("/api/v1/me", "/api/v1/keys", "/api/v1/nothing", "/api/v1/channels?after=x"):
        browser.get(path)
        assert (bound(), connection.connection.info.backend_pid) == ("", backend)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_cannot_be_cleaned_is_closed(monkeypatch):
    from django.db import OperationalError
    from django.test import Client

    from textfirst.api import middleware

    def fails() -> None:
        raise OperationalError("gone")

    workspace = make_workspace()
    browser = Client()
    browser.force_login(make_member(workspace, "viewer").user)
    monkeypatch.setattr(middleware, "leave_workspace", fails)
    browser.get("/api/v1/me")
    assert connection.connection is None


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_do_not_share_a_workspace():
    places = [make_workspace("A"), make_workspace("B")]
    for place in places:
        make_contact(place)
    seen: dict[str, set] = {}
    both = threading.Barrier(2)

    def look(place: Workspace) -> None:
        try:
            with workspace_scope(place.id):
                both.wait(5)
                seen[place.name] = {row.workspace_id for row in Contact.objects.all()}
        finally:
            connection.close()

    threads = [threading.Thread(target=look, args=[place]) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {place.name: {place.id} for place in places}


def test_a_stranger_to_all_workspaces_sees_none(two):
    with workspace_scope(new_id()):
        assert [model.objects.count() for model in MODELS] == [0] * len(MODELS)


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select current_role")
        return cursor.fetchone()[0]


class TestRowsAsOwner:
    """One round trip past the wall, inside a transaction and outside of one."""

    COUNT = "select count(*) as made from membership where workspace_id = any(%(ids)s)"

    def test_it_sees_everybody_and_steps_down(self, two):
        found = rows_as_owner(self.COUNT, {"ids": [workspace.id for workspace in two]})
        assert (found, role()) == ([{"made": 2}], APP_ROLE)

    @pytest.mark.django_db(transaction=True)
    def test_outside_of_a_transaction_too(self):
        assert (rows_as_owner("select current_role <> %(bound)s as free", {"bound": APP_ROLE}), role()) == ([{"free": True}], APP_ROLE)

    @pytest.mark.django_db(transaction=True)
    def test_a_statement_that_fails_leaves_no_owner_behind(self):
        with pytest.raises(DataError):
            rows_as_owner("select 1 / %(zero)s", {"zero": 0})
        assert role() == APP_ROLE
