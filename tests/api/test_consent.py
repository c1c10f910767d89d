from __future__ import annotations

from tests.api.test_messages import rows
from tests.factories import make_contact

from textfirst.consent.models import ConsentEntry, ConsentPerson
from textfirst.contacts.models import ContactIdentity
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.events.models import Event


def test_a_stop_entered_by_the_team(api, provisioned):
    agent, contact = api("agent"), make_contact(provisioned)
    with workspace_scope(provisioned.id):
        ContactIdentity.objects.create(workspace_id=provisioned.id, contact=contact, address="+306900000099", address_hash=b"second")
    path = f"/contacts/{contact.id}/stop"
    assert agent.post(path, {"note": "called us"}).json() == {"stopped": True, "changed": True}
    assert agent.post(path, {}).json() == {"stopped": True, "changed": False}
    entries = rows(provisioned, ConsentEntry)
    assert [(one.kind, one.source, one.by_user_id) for one in entries] == [("stop", "person", agent.user.id)] * 2
    assert [one.words for one in rows(provisioned, ConsentPerson)] == ["called us"] * 2
    assert [one.subject_id for one in rows(provisioned, Event)].count(contact.id) == 1
    for body in ({"contact_id": str(contact.id)}, {"to": "+306900000099"}):
        refused = agent.post("/messages", {**body, "text": "x", "purpose": "urgent"})
        assert (refused.status_code, refused.json()["code"]) == (422, "stopped")


def test_whom_it_may_stop(api, provisioned, other_workspace):
    stranger, mute = make_contact(other_workspace), make_contact(provisioned, None)
    agent = api("agent")
    assert agent.post(f"/contacts/{stranger.id}/stop", {}).status_code == 404
    assert agent.post(f"/contacts/{new_id()}/stop", {}).status_code == 404
    assert agent.post(f"/contacts/{mute.id}/stop", {}).json()["code"] == "no_number"
    assert api("viewer").post(f"/contacts/{mute.id}/stop", {}).status_code == 403
    assert api.key("contacts:read").post(f"/contacts/{mute.id}/stop", {}).status_code == 403
