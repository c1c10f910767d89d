from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.api.test_messages import rows, stop
from tests.factories import make_contact

from textfirst.contacts.models import ContactIdentity
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.database.scope import workspace_scope
from textfirst.decisions.models import DecisionRecord, MessageDecision
from textfirst.decisions.record import Records
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Decision, Facts
from textfirst.messages.models import Message

NIGHT = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)


def somebody(**known) -> Facts:
    return Facts(
        new_id(),
        new_id(),
        "tel",
        "+306940000000",
        None,
        None,
        1,
        1,
        prefix="+3069",
        country="GR",
        zone="Europe/Athens",
        promotion_kind=8,
        **known,
    )


def keep(workspace, decision: Decision, at: datetime):
    """The row of a decision, as whoever makes messages writes it."""
    records = Records(workspace.id, at)
    found = records.of(decision)
    with workspace_scope(workspace.id):
        for id_, body in records.rows.items():
            DecisionRecord.objects.get_or_create(id=id_, workspace_id=workspace.id, defaults={"body": body})
    return found


def make_message(workspace, contact, **columns) -> Message:
    with workspace_scope(workspace.id):
        identity = ContactIdentity.objects.get(contact=contact)
        facts = {"direction": 2, "purpose": 1, "status": 5, "address": identity.address, "body": "Sale", **columns}
        return Message.objects.create(
            workspace_id=workspace.id, contact_id=contact.id, identity_id=identity.id, channel_id=new_id(), **facts
        )


def test_why_a_message_waits_and_what_was_decided_later(api, provisioned):
    entry = new_id()
    first = decide(somebody(), Asked(Purpose.PROMOTION, NIGHT))
    message = make_message(
        provisioned, make_contact(provisioned), decision_id=keep(provisioned, first, NIGHT), consent_entry_id=entry, reason=first.reason
    )
    again = keep(provisioned, decide(somebody(stopped=1), Asked(Purpose.PROMOTION, NIGHT + timedelta(hours=8))), NIGHT)
    with workspace_scope(provisioned.id):
        MessageDecision.objects.create(workspace_id=provisioned.id, message_id=message.id, decision_id=again)
    told = api("viewer").get(f"/messages/{message.id}/why").json()
    assert (told["verdict"], told["headline"]["code"], told["consent_entry_id"]) == ("defer", first.reason, str(entry))
    assert datetime.fromisoformat(told["until"]) == first.until
    assert [one["zone"] for one in told["local_times"]] == ["Europe/Athens"]
    assert any(one["facts"].get("rule", "").startswith("GR.") and one["facts"]["source"]["checked"] for one in told["reasons"])
    [later] = told["later"]
    assert (later["verdict"], later["headline"]["code"], later["consent_entry_id"]) == ("block", "stopped", None)
    arabic = api("viewer", language="ar").get(f"/messages/{message.id}/why").json()
    assert all(any("\u0600" <= letter <= "\u06ff" for letter in one["message"]) for one in arabic["reasons"])


def test_a_message_whose_decision_was_not_kept_tells_what_its_reason_tells(api, provisioned):
    viewer, contact = api("viewer"), make_contact(provisioned)
    for columns, told in (
        ({"status": 70, "reason": "stopped"}, ("block", "stopped")),
        ({"status": 5, "reason": "scheduled"}, ("defer", "scheduled")),
        ({"status": 80}, ("allow", "allowed")),
        ({"status": 64, "reason": "undeliverable:err 7"}, ("allow", "allowed")),
    ):
        found = viewer.get(f"/messages/{make_message(provisioned, contact, **columns).id}/why").json()
        assert (found["verdict"], found["headline"]["code"]) == told
    came_in = make_message(provisioned, contact, direction=1, status=100)
    assert viewer.get(f"/messages/{came_in.id}/why").json()["message"] == "This message came in: there was nothing to decide."
    assert viewer.get(f"/messages/{new_id()}/why").status_code == 404


def test_what_would_be_decided_about_somebody_now(api, provisioned):
    viewer, contact = api("viewer"), make_contact(provisioned)
    path = f"/contacts/{contact.id}/why"
    asked = viewer.get(path).json()
    assert (asked["verdict"], asked["headline"]["code"]) == ("block", "no_permission")
    assert viewer.get(path, {"purpose": "notice"}).json()["verdict"] == "allow"
    stop(provisioned, contact)
    stopped = viewer.get(path, {"purpose": "notice"}).json()
    assert (stopped["verdict"], stopped["headline"]["code"], stopped["later"]) == ("block", "stopped", [])
    nowhere = make_contact(provisioned, None)
    assert viewer.get(f"/contacts/{nowhere.id}/why").json()["headline"]["code"] == "no_number"
    assert viewer.get(path, {"purpose": "spam"}).json()["code"] == "purpose_unknown"
    assert viewer.get(f"/contacts/{new_id()}/why").status_code == 404
    assert rows(provisioned, Message) == []
