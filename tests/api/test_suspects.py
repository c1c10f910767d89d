"""Suspected opt-outs in the hands of a person: rule O4."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.api.test_messages import rows
from tests.factories import make_contact

from textfirst.consent.actions.holds import hold
from textfirst.consent.actions.stops import stop
from textfirst.consent.models import ConsentEntry, ConsentStanding
from textfirst.consent.types import Source, Word
from textfirst.contacts.models import ContactIdentity
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORDS = "wrong number"


def doubt(place, contact, text=WORDS):
    """They wrote something doubtful; the id of the question."""
    with workspace_scope(place.id):
        identity = ContactIdentity.objects.get(contact_id=contact.id)
        hold(place.id, [Word(identity.id, new_id(), text, "doubt")], now=NOON)
        return ConsentEntry.objects.filter(address_hash=identity.address_hash).latest("id").id


def standing(place, contact):
    with workspace_scope(place.id):
        identity = ContactIdentity.objects.get(contact_id=contact.id)
        found = ConsentStanding.objects.get(address_hash=bytes(identity.address_hash))
        return found.stopped, found.held


def kinds(place):
    return [(one.kind, one.scope) for one in rows(place, ConsentEntry)]


def test_o4_the_queue_shows_what_they_wrote_and_why_we_doubt(api, provisioned):
    contact = make_contact(provisioned)
    doubt(provisioned, contact, "stop it")
    asked = doubt(provisioned, contact)  # what they wrote last is asked about
    page = api("viewer").get("/consent/suspects").json()
    assert (page["total"], page["next"]) == (1, None)
    [item] = page["items"]
    assert (item["id"], item["text"], item["contact"]["id"]) == (str(asked), WORDS, str(contact.id))
    assert item["score"] == pytest.approx(0.4)
    assert item["evidence"][0]["words"] == "wrong number"


def test_the_queue_in_pages(api, provisioned):
    asked = [doubt(provisioned, make_contact(provisioned, f"+30690000010{n}")) for n in range(3)]
    agent = api("agent")
    first = agent.get("/consent/suspects?limit=2").json()
    second = agent.get(f"/consent/suspects?limit=2&after={first['next']}").json()
    assert [item["id"] for item in first["items"] + second["items"]] == [str(one) for one in asked]
    assert second["next"] is None
    assert agent.get("/consent/suspects?after=nowhere").json()["code"] == "cursor_invalid"


def test_o4_it_was_no_wish_to_leave_and_back(api, provisioned):
    contact, agent = make_contact(provisioned), api("agent")
    asked = doubt(provisioned, contact)
    assert standing(provisioned, contact) == (0, True)
    assert agent.post(f"/consent/suspects/{asked}", {"decision": "ordinary"}).status_code == 204
    assert standing(provisioned, contact) == (0, False)
    assert agent.get("/consent/suspects").json()["items"] == []
    assert agent.post(f"/consent/suspects/{asked}", {"decision": "stop"}).json()["code"] == "decided"
    assert agent.post(f"/consent/suspects/{asked}/undo").status_code == 204
    assert standing(provisioned, contact) == (0, True)
    assert agent.get("/consent/suspects").json()["items"][0]["text"] == WORDS
    assert kinds(provisioned) == [("hold", "marketing"), ("release", "marketing"), ("hold", "marketing")]


def test_o4_it_was_one_and_back(api, provisioned):
    contact, agent = make_contact(provisioned), api("agent")
    asked = doubt(provisioned, contact)
    assert agent.post(f"/consent/suspects/{asked}", {"decision": "stop"}).status_code == 204
    assert standing(provisioned, contact) == (1, False)
    assert [one.by_user_id for one in rows(provisioned, ConsentEntry)][1:] == [agent.user.id, agent.user.id]
    assert agent.post(f"/consent/suspects/{asked}/undo").status_code == 204
    assert standing(provisioned, contact) == (0, True)


def test_o4_a_question_keeps_its_id_however_often_it_is_answered_and_undone(api, provisioned):
    contact, agent = make_contact(provisioned), api("agent")
    with workspace_scope(provisioned.id):
        identity = ContactIdentity.objects.get(contact_id=contact.id)
        stop(provisioned.id, [Word(identity.id, new_id(), "no more offers", "offers")], source=Source.KEYWORD, scope="marketing", now=NOON)
    asked = doubt(provisioned, contact)
    path = f"/consent/suspects/{asked}"
    for decision in ("stop", "ordinary", "stop", "ordinary"):
        assert agent.post(path, {"decision": decision}).status_code == 204
        assert agent.post(f"{path}/undo").status_code == 204
        assert standing(provisioned, contact) == (6, True), "their own stop of offers is still there"
        assert agent.post(f"{path}/undo").json()["code"] == "not_decided"
        [item] = agent.get("/consent/suspects").json()["items"]
        assert (item["id"], item["text"]) == (str(asked), WORDS)
    newer = doubt(provisioned, contact, "stop it")
    assert [item["id"] for item in agent.get("/consent/suspects").json()["items"]] == [str(newer)], (
        "what they wrote since is another question"
    )


def test_o6_what_they_said_themselves_is_never_undone(api, provisioned):
    contact, agent = make_contact(provisioned), api("agent")
    asked = doubt(provisioned, contact)
    agent.post(f"/consent/suspects/{asked}", {"decision": "stop"})
    with workspace_scope(provisioned.id):
        identity = ContactIdentity.objects.get(contact_id=contact.id)
        stop(provisioned.id, [Word(identity.id, new_id(), "STOP", "stop")], source=Source.KEYWORD, now=NOON)
    assert agent.post(f"/consent/suspects/{asked}/undo").json()["code"] == "stopped"
    assert standing(provisioned, contact) == (1, False)


def test_who_may_decide_and_what_there_is_to_decide(api, provisioned, other_workspace):
    asked = doubt(provisioned, make_contact(provisioned))
    strange = doubt(other_workspace, make_contact(other_workspace))
    agent = api("agent")
    assert api("viewer").post(f"/consent/suspects/{asked}", {"decision": "ordinary"}).status_code == 403
    assert agent.post(f"/consent/suspects/{strange}", {"decision": "ordinary"}).status_code == 404
    assert agent.post(f"/consent/suspects/{asked}", {"decision": "perhaps"}).status_code == 422
    assert agent.post(f"/consent/suspects/{asked}/undo").json()["code"] == "not_decided"
