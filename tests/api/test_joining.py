"""Two contacts that are one person: joined without losing anything, and parted again."""

from __future__ import annotations

import pytest
from tests.factories import make_contact

from textfirst.campaigns.models import Campaign, Recipient
from textfirst.contacts.models import ContactJoining
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.events.models import Event
from textfirst.messages.models import Message

ONE, OTHER = "+306912345001", "+306912345002"


@pytest.fixture
def agent(api, provisioned):
    return api("admin")


@pytest.fixture
def pair(agent):
    """Two contacts made through the API: ids."""
    vip, old = (agent.post("/labels", {"name": name, "color": "blue"}).json()["id"] for name in ("VIP", "Old"))
    crew = agent.post("/lists", {"name": "Crew"}).json()["id"]
    one = {"phone": ONE, "first_name": "Maria", "attributes": {"city": "Athens"}, "labels": [vip]}
    other = {"phone": OTHER, "first_name": "M.", "last_name": "Pappa", "birthday": "1990-05-01", "attributes": {"city": "Volos", "shoe": "38"},
             "labels": [vip, old], "lists": [crew]}  # fmt: skip
    return [agent.post("/contacts", fields).json()["id"] for fields in (one, other)]


def card(agent, contact_id):
    found = agent.get(f"/contacts/{contact_id}").json()
    return {
        "name": found["name"], "birthday": found["birthday"], "attributes": found["attributes"], "blocked": found["blocked"],
        "numbers": sorted(identity["address"] for identity in found["identities"]), "labels": sorted(label["name"] for label in found["labels"]),
        "lists": [list_["name"] for list_ in found["lists"]],
    }  # fmt: skip


def texts(agent, conversation_id):
    return [message["text"] for message in agent.get(f"/conversations/{conversation_id}/messages").json()["items"]][::-1]


def talk(agent, contact_id, text):
    conversation = agent.post("/conversations", {"contact_id": contact_id}).json()["id"]
    assert agent.post(f"/conversations/{conversation}/messages", {"text": text}).status_code < 300
    return conversation


def joined(agent, pair):
    answer = agent.post(f"/contacts/{pair[0]}/join", {"other_id": pair[1]})
    assert answer.status_code == 200, answer.content
    return answer.json()["joining_id"]


def test_what_either_says_is_kept(agent, pair):
    joined(agent, pair)
    assert card(agent, pair[0]) == {
        "name": "Maria Pappa", "birthday": "1990-05-01", "attributes": {"city": "Athens", "shoe": "38"}, "blocked": False,
        "numbers": [ONE, OTHER], "labels": ["Old", "VIP"], "lists": ["Crew"],
    }  # fmt: skip
    assert agent.get(f"/contacts/{pair[1]}").status_code == 404


def test_an_undo_gives_back_what_was_and_leaves_what_was_changed_since(agent, pair):
    before = [card(agent, one) for one in pair]
    joining = joined(agent, pair)
    agent.patch(f"/contacts/{pair[0]}", {"attributes": {"city": "Patras"}})
    assert agent.post(f"/contacts/joinings/{joining}/undo").status_code == 200
    assert card(agent, pair[1]) == before[1]
    assert card(agent, pair[0]) == before[0] | {"attributes": {"city": "Patras"}}
    assert agent.post(f"/contacts/joinings/{joining}/undo").status_code == 404


def test_threads_become_one_with_their_history_and_two_again(agent, pair):
    mine, theirs = talk(agent, pair[0], "to the first"), talk(agent, pair[1], "to the second")
    joining = joined(agent, pair)
    assert texts(agent, mine) == ["to the first", "to the second"]
    assert agent.get(f"/conversations/{theirs}").status_code == 404
    agent.post(f"/contacts/joinings/{joining}/undo")
    assert (texts(agent, mine), texts(agent, theirs)) == (["to the first"], ["to the second"])
    listed = {one["id"]: one["last_message"]["text"] for one in agent.get("/conversations").json()["items"]}
    assert listed == {mine: "to the first", theirs: "to the second"}


def test_a_thread_without_a_counterpart_moves_and_comes_back(agent, pair):
    theirs = talk(agent, pair[1], "to the second")
    joining = joined(agent, pair)
    assert agent.get(f"/conversations/{theirs}").json()["contact"]["id"] == pair[0]
    agent.post(f"/contacts/joinings/{joining}/undo")
    assert agent.get(f"/conversations/{theirs}").json()["contact"]["id"] == pair[1]


@pytest.mark.parametrize("stopped", [0, 1])
def test_a_stop_of_either_stands_for_its_number(agent, pair, stopped):
    agent.post(f"/contacts/{pair[stopped]}/stop", {"note": "asked at the counter"})
    joined(agent, pair)
    found = agent.get(f"/contacts/{pair[0]}").json()["identities"]
    assert {identity["address"]: identity["stopped"] for identity in found} == {ONE: stopped == 0, OTHER: stopped == 1}


@pytest.mark.parametrize("blocked", [0, 1])
def test_a_block_of_either_stands(agent, pair, blocked):
    agent.patch(f"/contacts/{pair[blocked]}", {"blocked": True})
    joining = joined(agent, pair)
    assert card(agent, pair[0])["blocked"]
    agent.post(f"/contacts/joinings/{joining}/undo")
    assert [card(agent, one)["blocked"] for one in pair] == [blocked == 0, blocked == 1]


def test_a_campaign_still_knows_whom_it_texted(agent, pair, workspace):
    identity = agent.get(f"/contacts/{pair[1]}").json()["identities"][0]["id"]
    with workspace_scope(workspace.id):
        campaign = Campaign.objects.create(workspace_id=workspace.id, name="Spring", purpose=1, audience={}, text="Hi", state="done")
        Recipient.objects.create(workspace_id=workspace.id, id=new_id(), campaign_id=campaign.id, contact_id=pair[1], identity_id=identity)
    joining = joined(agent, pair)

    def whom():
        with workspace_scope(workspace.id):
            return str(Recipient.objects.of(workspace.id).get().contact_id)

    assert whom() == pair[0]
    agent.post(f"/contacts/joinings/{joining}/undo")
    assert whom() == pair[1]


def test_who_joined_whom_is_written_down(agent, pair, workspace):
    talk(agent, pair[1], "to the second")
    joined(agent, pair)
    with workspace_scope(workspace.id):
        made = ContactJoining.objects.of(workspace.id).get()
        told = Event.objects.of(workspace.id).filter(kind="contact.updated", subject_id=pair[1]).order_by("-id").first()
        assert not Message.objects.of(workspace.id).filter(contact_id=pair[1]).exists()
    assert (str(made.kept_id), str(made.gone_id), made.by_user_id) == (*pair, agent.user.id)
    assert (told.data["joined_into"], told.data["by"]) == (pair[0], str(agent.user.id))


def test_what_cannot_be_joined(agent, pair, other_workspace):
    foreign = make_contact(other_workspace)
    assert agent.post(f"/contacts/{pair[0]}/join", {"other_id": pair[0]}).status_code == 422
    assert agent.post(f"/contacts/{pair[0]}/join", {"other_id": str(foreign.id)}).status_code == 404


def test_nothing_moves_when_something_fails(agent, pair, monkeypatch):
    before = [card(agent, one) for one in pair]
    monkeypatch.setattr("textfirst.api.joining.recipients_follow", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        agent.post(f"/contacts/{pair[0]}/join", {"other_id": pair[1]})
    assert [card(agent, one) for one in pair] == before


def test_joined_twice_only_the_last_is_undone(agent, pair):
    third = agent.post("/contacts", {"phone": "+306912345003", "first_name": "Third"}).json()["id"]
    first = joined(agent, pair)
    second = joined(agent, [third, pair[0]])
    assert agent.post(f"/contacts/joinings/{first}/undo").json()["code"] == "cannot_undo"
    assert agent.post(f"/contacts/joinings/{second}/undo").status_code == 200
    assert agent.post(f"/contacts/joinings/{first}/undo").status_code == 200
    assert card(agent, pair[1])["numbers"] == [OTHER]
