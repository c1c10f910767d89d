from __future__ import annotations

import threading

import pytest
from django.db import connection
from tests.api.conftest import Caller

from textfirst.accounts.models import Membership, User, Workspace
from textfirst.channels.models import Channel
from textfirst.conversations.models import Inbox, InboxChannel
from textfirst.core.errors import NotFound
from textfirst.database.scope import as_owner, workspace_scope

FORM = {
    "workspace_name": "Blue Door Dental", "country": "GR", "time_zone": "Europe/Athens", "language": "en",
    "name": "Eleni", "email": "Eleni@Example.com", "password": "a long enough one", "demo": False,
}  # fmt: skip


@pytest.fixture
def fresh(db) -> Caller:
    return Caller()


def test_the_first_visit_makes_owner_and_workspace_and_signs_in(fresh):
    assert fresh.get("/setup").json() == {"needed": True}
    assert fresh.post("/setup", FORM).status_code == 201
    me = fresh.get("/me").json()
    assert me["user"] == {"id": me["user"]["id"], "email": "eleni@example.com", "name": "Eleni", "language": "en"}
    assert (me["workspace"]["name"], me["role"], me["live"]) == ("Blue Door Dental", "owner", False)


def test_a_new_workspace_has_a_simulator_and_an_inbox(fresh):
    fresh.post("/setup", FORM)
    with as_owner():
        workspace = Workspace.objects.get()
    with workspace_scope(workspace.id):
        channel, inbox, link = Channel.objects.get(), Inbox.objects.get(), InboxChannel.objects.get()
    assert (channel.kind, link.channel_id, link.inbox_id) == ("simulator", channel.id, inbox.id)


def test_the_page_dies_after_the_first_workspace(fresh):
    fresh.post("/setup", FORM)
    again = Caller()
    assert again.get("/setup").status_code == 404
    assert again.post("/setup", {**FORM, "email": "mallory@example.com"}).json()["code"] == "setup_done"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
        ({"email": "no address"}, "email"),
        ({"country": "XX"}, "country"),
        ({"time_zone": "Europe/Nowhere"}, "time_zone"),
        ({"language": "xx"}, "language"),
        ({"workspace_name": "   "}, "workspace_name"),
        ({"name": ""}, "name"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_nothing_is_made(fresh, change, field):
    answer = fresh.post("/setup", {**FORM, **change})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert (User.objects.count(), fresh.get("/setup").json()) == (0, {"needed": True})


def test_the_form_cannot_be_forged(db):
    answer = Caller(enforce_csrf=True).post("/setup", FORM)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins():
    from textfirst.accounts.actions.workspaces import Person, Place, set_up

    outcomes: list[str] = []

    def run(number: int) -> None:
        try:
            set_up(place=Place("A", "GR", "Europe/Athens"), person=Person("E", f"e{number}@example.com", "a long enough one"))
            outcomes.append("made")
        except NotFound:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused", "refused", "refused"]
    with as_owner():
        assert (Workspace.objects.count(), Membership.objects.count(), User.objects.count()) == (1, 1, 1)
