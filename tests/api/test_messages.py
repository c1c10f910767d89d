from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections
from tests.factories import make_channel, make_contact

from textfirst.consent.models import Suppression
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.conversations.models import Conversation
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.events.models import Event
from textfirst.messages.models import Attempt, IdempotencyKey, Message, Outbox, ProviderRef, Receipt


def stop(workspace, contact) -> None:
    with workspace_scope(workspace.id):
        identity = ContactIdentity.objects.get(contact=contact)
        Suppression.objects.create(
            workspace_id=workspace.id, address_hash=identity.address_hash, source="keyword", entry_id=new_id(), stopped_at=datetime.now(UTC)
        )


def rows(workspace, model):
    with workspace_scope(workspace.id):
        return list(model.objects.of(workspace.id).order_by("id"))


def test_a_text_to_a_new_number(api, provisioned):
    sender = api.key("messages:send", "messages:read")
    answer = sender.post("/messages", {"to": "694 123 4567", "text": "Your parcel is here"})
    assert answer.status_code == 202, answer.json()
    said = answer.json()
    assert {key: said[key] for key in ("direction", "address", "purpose", "status", "shown", "segments", "encoding", "reason")} == {
        "direction": "out", "address": "+306941234567", "purpose": "notice", "status": "queued", "shown": "waiting", "segments": 1,
        "encoding": "gsm7", "reason": None,
    }  # fmt: skip
    [message], [waiting] = rows(provisioned, Message), rows(provisioned, Outbox)
    assert (str(message.id), message.body, waiting.id, waiting.address, waiting.lane) == (
        said["id"],
        "Your parcel is here",
        message.id,
        "+306941234567",
        2,
    )
    assert (rows(provisioned, Conversation), said["conversation_id"]) == ([], None)  # a notice calls nobody, and is no talk
    assert [event.kind for event in rows(provisioned, Event) if event.kind != "channel.updated"] == ["contact.updated"]
    assert sender.get(f"/messages/{said['id']}").json() == {**said, "attempts": [], "receipts": []}


def test_a_text_by_a_person_opens_the_conversation(api, provisioned):
    contact = make_contact(provisioned, first_name="Ελένη")
    agent = api("agent")
    said = agent.post("/messages", {"contact_id": str(contact.id), "text": "Γεια {{ contact.first_name }}", "purpose": "support"}).json()
    assert (said["text"], said["encoding"], said["author_id"]) == ("Γεια Ελένη", "ucs2", str(agent.user.id))
    [conversation] = rows(provisioned, Conversation)
    assert (conversation.status, said["conversation_id"]) == (1, str(conversation.id))


def test_the_same_key_sends_once(api, provisioned):
    sender = api.key("messages:send")
    body = {"to": "+306941234567", "text": "One"}
    first, second = (sender.post("/messages", body, Idempotency_Key="order-1") for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert len(rows(provisioned, Message)) == 1
    other = sender.post("/messages", {**body, "text": "Two"}, Idempotency_Key="order-1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert sender.post("/messages", body, Idempotency_Key="order-2").json()["id"] != first.json()["id"]


def test_a_refused_request_keeps_no_key(api, provisioned):
    sender = api.key("messages:send")
    assert sender.post("/messages", {"to": "12", "text": "x"}, Idempotency_Key="k").status_code == 422
    assert rows(provisioned, IdempotencyKey) == []
    assert sender.post("/messages", {"to": "+306941234567", "text": "x"}, Idempotency_Key="k").status_code == 202


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_sends_once(api, provisioned):
    sender = api.key("messages:send")
    answers, start = [], threading.Barrier(5)

    def ask() -> None:
        start.wait()
        answers.append(sender.post("/messages", {"to": "+306941234567", "text": "One"}, Idempotency_Key="order-1"))
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [202] * 5
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(rows(provisioned, Message)) == 1


@pytest.mark.parametrize(
    ("body", "code", "fields"),
    [
        ({"to": "hello", "text": "x"}, "number_letters", ["to"]),
        ({"to": "", "text": "x"}, "number_missing", ["to"]),
        ({"to": "whatsapp:1", "text": "x"}, "scheme_unknown", ["to"]),
        ({"to": "+306941234567", "text": ""}, "invalid", ["text"]),
        ({"to": "+306941234567", "text": " \n"}, "empty", ["text"]),
        ({"to": "+306941234567", "text": "ж" * 700}, "text_too_long", ["text"]),
        ({"to": "+306941234567", "text": "Hi {{ contact.first_name"}, "template_invalid", ["text"]),
        ({"to": "+306941234567", "text": "x", "purpose": "spam"}, "invalid", ["purpose"]),
        ({"to": "+306941234567", "text": "x", "valid_for": 5}, "invalid", ["valid_for"]),
        ({"to": "+306941234567", "text": "x", "send_at": "2026-12-01T10:00:00"}, "invalid", ["send_at"]),
        ({"to": "+306941234567", "text": "x", "extra": 1}, "invalid", ["extra"]),
    ],
)
def test_what_cannot_be_sent_says_why_and_leaves_nothing(api, provisioned, body, code, fields):
    answer = api.key("messages:send").post("/messages", body)
    assert answer.status_code == 422
    assert answer.json()["code"] in {code, "purpose_unknown"}
    assert list(answer.json()["fields"]) == fields
    assert rows(provisioned, Message) == rows(provisioned, Contact) == []


def test_neither_or_both_targets(api, provisioned):
    sender = api.key("messages:send")
    for body in ({"text": "x"}, {"text": "x", "to": "+306941234567", "contact_id": str(new_id())}):
        assert sender.post("/messages", body).status_code == 422


def test_a_stopped_or_blocked_contact_cannot_be_texted_by_anyone(api, provisioned):
    stopped, blocked, mute = make_contact(provisioned), make_contact(provisioned, blocked=True), make_contact(provisioned, None)
    stop(provisioned, stopped)
    for caller in (api("owner"), api.key("messages:send")):
        for contact, code in ((stopped, "stopped"), (blocked, "blocked"), (mute, "no_number")):
            for purpose in ("promotion", "code", "urgent"):
                answer = caller.post("/messages", {"contact_id": str(contact.id), "text": "x", "purpose": purpose})
                assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert rows(provisioned, Message) == rows(provisioned, Outbox) == []


def test_a_test_key_reaches_the_simulator_only(api, provisioned):
    carrier = make_channel(provisioned, kind="smpp", address="+302100000000", name="Carrier")
    test, live = api.key("messages:send", kind="test"), api.key("messages:send")
    body = {"to": "+306941234567", "text": "x"}
    simulated = test.post("/messages", body).json()
    assert (simulated["channel_id"] != str(carrier.id), simulated["flags"]) == (True, ["test"])
    refused = test.post("/messages", {**body, "channel_id": str(carrier.id)})
    assert (refused.status_code, refused.json()["code"]) == (422, "test_key")
    fresh = {"to": "+306949999999", "text": "x"}
    assert live.post("/messages", fresh).json()["channel_id"] == str(carrier.id)


def test_without_a_usable_channel(api, workspace):
    sender = api.key("messages:send")
    body = {"to": "+306941234567", "text": "x"}
    assert sender.post("/messages", body).json()["code"] == "no_channel"
    channel = make_channel(workspace, enabled=False)
    assert sender.post("/messages", body).json()["code"] == "channel_off"
    assert sender.post("/messages", {**body, "channel_id": str(channel.id)}).json()["code"] == "channel_off"
    assert sender.post("/messages", {**body, "channel_id": str(new_id())}).status_code == 404


def test_a_text_for_later(api, provisioned):
    later = datetime.now(UTC) + timedelta(hours=3)
    said = api("agent").post("/messages", {"to": "+306941234567", "text": "x", "send_at": later.isoformat(), "valid_for": 600}).json()
    [waiting] = rows(provisioned, Outbox)
    assert (said["status"], said["shown"], said["reason"]["code"]) == ("deferred", "waiting", "scheduled")
    assert (waiting.not_before, waiting.not_after) == (later, later + timedelta(minutes=10))


def test_the_whole_story_of_a_message(api, provisioned):
    sender = api.key("messages:send", "messages:read")
    said = sender.post("/messages", {"to": "+306941234567", "text": "x"}).json()
    [message] = rows(provisioned, Message)
    at = {"workspace_id": provisioned.id, "channel_id": message.channel_id, "message_id": message.id}
    with workspace_scope(provisioned.id):
        lost = Attempt.objects.create(**at, epoch=1, node="a", outcome=2)
        taken = Attempt.objects.create(**at, epoch=1, node="a")
        ProviderRef.objects.create(id=taken.id, **at, provider_id="77")
        Receipt.objects.create(**at, status=64, provider_id="77", error="001", address="+306941234567", pdu=b"")
        Message.objects.filter(id=message.id).update(status=64, reason="undeliverable:err 001")
    story = sender.get(f"/messages/{said['id']}", Accept_Language="ar").json()
    assert [(one["id"], one["outcome"], one["provider_id"]) for one in story["attempts"]] == [
        (str(lost.id), "no_answer", ""),
        (str(taken.id), "accepted", "77"),
    ]
    assert [(one["status"], one["error"]) for one in story["receipts"]] == [("undeliverable", "001")]
    assert (story["shown"], story["reason"]["code"], story["reason"]["detail"]) == ("not_delivered", "undeliverable", "err 001")


def test_preview(api, provisioned):
    contact = make_contact(provisioned, first_name="", attributes={"city": "Athens"})
    answer = api("agent").post(
        "/messages/preview",
        {"text": "Hi {{ contact.first_name }} in {{ contact.city }}, {{ contact.town }} ✓", "contact_id": str(contact.id)},
    )
    assert answer.json() == {
        "text": "Hi in Athens, ✓", "encoding": "ucs2", "segments": 1, "units": 15, "units_left": 55,
        "forced": [{"char": "✓", "name": "CHECK MARK", "position": 14}],
        "missing": ["contact.first_name", "contact.attributes.town"], "unknown": ["contact.attributes.town"], "findings": [],
    }  # fmt: skip
    assert api("agent").post("/messages/preview", {"text": "x" * 3000}).json()["segments"] == 20
    assert api("agent").post("/messages/preview", {"text": "{{"}).json()["code"] == "template_invalid"


def test_messages_of_a_contact_page_by_page(api, provisioned):
    sender = api.key("messages:send", "messages:read")
    contact = make_contact(provisioned)
    sent = [sender.post("/messages", {"contact_id": str(contact.id), "text": f"{n}"}).json()["id"] for n in range(5)]
    sender.post("/messages", {"to": "+306941234567", "text": "another"})
    seen, after = [], None
    while True:
        found = sender.get("/messages", {"contact_id": str(contact.id), "limit": 2, **({"after": after} if after else {})}).json()
        seen += [item["id"] for item in found["items"]]
        after = found["next"]
        if after is None:
            break
    assert seen == sent[::-1]
    assert sender.get("/messages").status_code == 422


def test_roles_scopes_and_workspaces(api, provisioned, other_workspace):
    said = api("agent").post("/messages", {"to": "+306941234567", "text": "x"}).json()
    assert api("viewer").post("/messages", {"to": "+306941234567", "text": "x"}).status_code == 403
    assert api.key("messages:read").post("/messages", {"to": "+306941234567", "text": "x"}).status_code == 403
    assert api("viewer").get(f"/messages/{said['id']}").status_code == 200
    assert api("owner", workspace=other_workspace).get(f"/messages/{said['id']}").status_code == 404
    assert api.nobody.post("/messages", {"to": "+306941234567", "text": "x"}).status_code == 401
    stranger = make_contact(other_workspace)
    assert api("agent").post("/messages", {"contact_id": str(stranger.id), "text": "x"}).status_code == 404


def test_sending_takes_few_statements(api, provisioned, django_assert_max_num_queries):
    sender = api.key("messages:send")
    sender.post("/messages", {"to": "+306941234567", "text": "x"})
    with django_assert_max_num_queries(40, connection=connection):
        sender.post("/messages", {"to": "+306941234567", "text": "x"})
