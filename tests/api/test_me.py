from __future__ import annotations

import pytest
from tests.factories import make_channel, make_member

from textfirst.accounts.models import Workspace
from textfirst.database.scope import workspace_scope


def test_me_tells_person_place_and_the_other_places(api, workspace, other_workspace):
    agent = api("agent")
    make_member(other_workspace, "owner", agent.user)
    me = agent.get("/me").json()
    assert me["workspace"] == {
        "id": str(workspace.id), "name": "Blue Door Dental", "country": "GR", "time_zone": "Europe/Athens", "language": "en", "languages": ["en"],
        "retention_months": {"messages": None, "events": None, "receipts": None},
    }  # fmt: skip
    assert [(place["name"], place["role"]) for place in me["workspaces"]] == [("Blue Door Dental", "agent"), ("Somebody Else", "owner")]
    assert agent.get("/me", X_Workspace=str(other_workspace.id)).json()["role"] == "owner"


def test_without_a_choice_one_is_in_the_first(api, workspace, other_workspace):
    agent = api("agent")
    make_member(other_workspace, "owner", agent.user)
    del agent.headers["X-Workspace"]
    assert agent.get("/me").json()["workspace"]["id"] == str(workspace.id)


@pytest.mark.parametrize(("kind", "enabled", "live"), [("smpp", True, True), ("smpp", False, False), ("simulator", True, False)])
def test_live_means_that_a_real_phone_could_ring(api, workspace, kind, enabled, live):
    make_channel(workspace, kind=kind, enabled=enabled)
    assert api("viewer").get("/me").json()["live"] is live


def test_one_changes_ones_name_and_language(api):
    viewer = api("viewer")
    assert viewer.patch("/me", {"name": " Maria ", "language": "ar"}).json()["user"]["name"] == "Maria"
    assert viewer.get("/keys").json()["message"] != "Your role here (viewer) does not allow this. Ask an owner or admin."


@pytest.mark.parametrize("change", [{"language": "xx"}, {"name": ""}, {"email": "new@example.com"}])
def test_what_one_cannot_be(api, change):
    answer = api("viewer").patch("/me", change)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, list(change))


def test_an_admin_changes_the_workspace(api, workspace):
    change = {"name": "Green Door", "languages": ["en", "ar"], "retention_months": {"messages": 24, "events": 3}}
    changed = api("admin").patch("/workspace", change).json()
    assert (changed["name"], changed["languages"], changed["retention_months"]) == (
        "Green Door", ["en", "ar"], {"messages": 24, "events": 3, "receipts": None},
    )  # fmt: skip


@pytest.mark.parametrize(("change", "rises"), [({"name": "Green Door"}, 0), ({"time_zone": "Asia/Dubai"}, 1), ({"country": "GR"}, 0)])
def test_what_decides_for_everybody_raises_the_version(api, workspace, change, rises):
    api("admin").patch("/workspace", change)
    with workspace_scope(workspace.id):
        assert Workspace.objects.get().version == 1 + rises


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"country": "ZZ"}, "country"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"languages": ["?"]}, "languages"),
        ({"retention_months": {"messages": 0}}, "retention_months.messages"),
    ],
)
def test_what_a_workspace_cannot_be(api, change, field):
    answer = api("admin").patch("/workspace", change)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_an_agent_reads_the_workspace_only(api):
    agent = api("agent")
    assert (agent.get("/workspace").status_code, agent.patch("/workspace", {"name": "Mine"}).status_code) == (200, 403)


def test_another_workspace_is_ones_own(api):
    viewer = api("viewer")
    made = viewer.post("/workspaces", {"name": "Side", "country": "AE", "time_zone": "Asia/Dubai", "language": "ar"})
    assert (made.status_code, made.json()["role"]) == (201, "owner")
    there = viewer.get("/channels", X_Workspace=made.json()["id"]).json()["items"]
    assert [channel["kind"] for channel in there] == ["simulator"]
    assert viewer.get("/channels").json()["items"] == []
