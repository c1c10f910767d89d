from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.api.test_messages import rows, stop
from tests.factories import make_channel, make_contact, make_member

from textfirst.channels.models import Channel
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.conversations.models import Conversation, Inbox, InboxChannel
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.events.models import Event
from textfirst.messages.models import Message, Outbox

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def make_conversation(workspace, contact=None, **fields) -> Conversation:
    contact = contact or make_contact(workspace)
    with workspace_scope(workspace.id):
        inbox = Inbox.objects.of(workspace.id).order_by("id").first()
        return Conversation.objects.create(workspace_id=workspace.id, inbox=inbox, contact=contact, **{"last_at": NOON, **fields})


def make_message(workspace, conversation, text="Hello", **fields) -> Message:
    with workspace_scope(workspace.id):
        identity = ContactIdentity.objects.filter(contact_id=conversation.contact_id).first()
        channel = Channel.objects.of(workspace.id).order_by("id").first()
        facts = {
            "conversation_id": conversation.id,
            "direction": 1,
            "purpose": 7,
            "status": 100,
            "address": identity.address,
            "channel_id": channel.id,
        }
        return Message.objects.create(
            workspace_id=workspace.id, contact_id=conversation.contact_id, identity_id=identity.id, body=text, **{**facts, **fields}
        )


def ids(answer) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def test_the_list_shows_what_an_inbox_needs(api, provisioned):
    agent = api("agent")
    contact = make_contact(provisioned, first_name="Eleni", last_name="Nikou")
    conversation = make_conversation(provisioned, contact, unread=2, assignee_id=agent.user.id)
    message = make_message(provisioned, conversation, "When do you open?")
    with workspace_scope(provisioned.id):
        Conversation.objects.filter(id=conversation.id).update(last_message_id=message.id)
    stop(provisioned, contact)
    [item] = agent.get("/conversations").json()["items"]
    assert item == {
        "id": str(conversation.id), "inbox_id": str(conversation.inbox_id),
        "contact": {"id": str(contact.id), "name": "Eleni Nikou", "address": message.address, "stopped": True}, "status": "open",
        "assignee": {"id": str(agent.user.id), "name": agent.user.name}, "unread": 2,
        "last_message": {"id": str(message.id), "direction": "in", "text": "When do you open?", "status": "received", "shown": "received", "at": item["last_message"]["at"]},
        "last_at": "2026-11-22T12:00:00Z", "version": 1,
    }  # fmt: skip
    assert agent.get(f"/conversations/{conversation.id}").json() == item


def test_filters(api, provisioned):
    agent, other = api("agent"), make_member(provisioned).user
    mine = make_conversation(provisioned, assignee_id=agent.user.id, last_at=NOON)
    theirs = make_conversation(provisioned, assignee_id=other.id, unread=1, last_at=NOON + timedelta(minutes=1))
    closed = make_conversation(provisioned, status=4, last_at=NOON + timedelta(minutes=2))
    named = make_conversation(
        provisioned,
        make_contact(provisioned, "+306955512345", first_name="Zoe", search_text="zoe +306955512345"),
        last_at=NOON + timedelta(minutes=3),
    )
    for query, expected in [
        ({}, [named, closed, theirs, mine]),
        ({"status": "open"}, [named, theirs, mine]),
        ({"status": "closed"}, [closed]),
        ({"assignee": "me"}, [mine]),
        ({"assignee": str(other.id)}, [theirs]),
        ({"assignee": "none"}, [named, closed]),
        ({"unread": "true"}, [theirs]),
        ({"unread": "false"}, [named, closed, mine]),
        ({"search": "zoe"}, [named]),
        ({"search": "6955512345"}, [named]),
        ({"search": "nobody"}, []),
        ({"contact_id": str(mine.contact_id)}, [mine]),
        ({"inbox": str(new_id())}, []),
        ({"inbox": str(mine.inbox_id), "status": "open", "assignee": "me"}, [mine]),
    ]:
        assert ids(agent.get("/conversations", query)) == [str(row.id) for row in expected], query
    for query in ({"assignee": "somebody"}, {"status": "gone"}, {"after": "x"}):
        assert agent.get("/conversations", query).status_code == 422


def test_paging_neither_repeats_nor_skips_when_times_are_equal(api, provisioned):
    made = [make_conversation(provisioned, last_at=NOON) for _ in range(5)]
    agent, seen, after = api("agent"), [], None
    while True:
        answer = agent.get("/conversations", {"limit": 2, **({"after": after} if after else {})})
        seen += ids(answer)
        after = answer.json()["next"]
        if after is None:
            break
    assert seen == [str(row.id) for row in reversed(made)]


def test_the_thread_newest_first_with_what_campaigns_sent(api, provisioned):
    conversation, stranger = make_conversation(provisioned), make_conversation(provisioned)
    make_message(provisioned, stranger, "not here")
    offer = make_message(provisioned, conversation, "Offer", conversation_id=None, campaign_id=new_id(), direction=2, status=80, purpose=1)
    reply = make_message(provisioned, conversation, "Thanks")
    elsewhere, loose = (make_channel(provisioned, kind="smpp", name=name) for name in ("Of another inbox", "Of none"))
    with workspace_scope(provisioned.id):
        other = Inbox.objects.create(workspace_id=provisioned.id, name="Another")
        InboxChannel.objects.create(workspace_id=provisioned.id, inbox=other, channel=elsewhere)
    make_message(provisioned, conversation, "of another inbox", conversation_id=None, channel_id=elsewhere.id)
    notice = make_message(
        provisioned, conversation, "by a channel of no inbox: the first has it", conversation_id=None, channel_id=loose.id
    )
    agent = api("agent")
    first = agent.get(f"/conversations/{conversation.id}/messages", {"limit": 1}).json()
    assert [item["id"] for item in first["items"]] == [str(notice.id)]
    assert first["next"] == str(notice.id)
    second = agent.get(f"/conversations/{conversation.id}/messages", {"before": first["next"]}).json()
    assert ([item["id"] for item in second["items"]], second["next"]) == ([str(reply.id), str(offer.id)], None)


def test_a_notice_joins_the_thread_there_is_and_leaves_it_as_it_was(api, provisioned):
    conversation = make_conversation(provisioned, status=4, version=7)
    agent = api("agent")
    said = api.key("messages:send").post("/messages", {"contact_id": str(conversation.contact_id), "text": "Your parcel is here"}).json()
    assert said["conversation_id"] == str(conversation.id)
    assert [item["id"] for item in agent.get(f"/conversations/{conversation.id}/messages").json()["items"]] == [said["id"]]
    with workspace_scope(provisioned.id):
        kept = Conversation.objects.get(id=conversation.id)
        assert (kept.status, kept.last_message_id, kept.last_at, kept.version) == (4, None, NOON, 7)
        assert [event.subject_id for event in Event.objects.filter(kind="message.sent")] == [conversation.id]


def test_a_notice_to_whom_nobody_has_talked_with_shows_once_somebody_does(api, provisioned):
    agent, contact = api("agent"), make_contact(provisioned)
    said = api.key("messages:send").post("/messages", {"contact_id": str(contact.id), "text": "Your parcel is here"}).json()
    assert (said["conversation_id"], rows(provisioned, Conversation)) == (None, [])
    opened = agent.post("/conversations", {"contact_id": str(contact.id)}).json()
    assert [item["id"] for item in agent.get(f"/conversations/{opened['id']}/messages").json()["items"]] == [said["id"]]


def test_reply(api, provisioned):
    agent, other = api("agent"), make_member(provisioned).user
    contact = make_contact(provisioned, first_name="Anna")
    conversation = make_conversation(provisioned, contact, unread=3, assignee_id=other.id, status=4)
    answer = agent.post(f"/conversations/{conversation.id}/messages", {"text": "Hi {{ contact.first_name }}, {{ agent.name }} here"})
    assert answer.status_code == 202, answer.json()
    said = answer.json()
    assert (said["text"], said["conversation_id"], said["author_id"], said["purpose"]) == (
        f"Hi Anna, {agent.user.name} here", str(conversation.id), str(agent.user.id), "support"
    )  # fmt: skip
    [after] = rows(provisioned, Conversation)
    assert (after.unread, after.assignee_id, after.status, str(after.last_message_id), after.version) == (3, other.id, 1, said["id"], 2)
    [waiting] = rows(provisioned, Outbox)
    assert (waiting.lane, waiting.body) == (1, f"Hi Anna, {agent.user.name} here")
    [event] = [event for event in rows(provisioned, Event) if event.kind == "message.sent"]
    assert (event.subject_id, event.data) == (conversation.id, {"message_id": said["id"], "contact_id": str(contact.id)})


def test_a_reply_leaves_a_conversation_that_is_put_off_as_it_is(api, provisioned):
    later = datetime.now(UTC) + timedelta(hours=1)
    conversation = make_conversation(provisioned, status=2, last_at=later)
    said = api("agent").post(f"/conversations/{conversation.id}/messages", {"text": "Hi"}).json()
    [after] = rows(provisioned, Conversation)
    assert (after.status, after.last_at, str(after.last_message_id)) == (2, later, said["id"])


def test_a_reply_with_a_key_is_sent_once(api, provisioned):
    conversation, agent = make_conversation(provisioned), api("agent")
    answers = [agent.post(f"/conversations/{conversation.id}/messages", {"text": "Hi"}, Idempotency_Key="r1").json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(rows(provisioned, Message)) == 1


def composer(caller, conversation):
    return caller.get(f"/conversations/{conversation.id}/composer").json()


def test_the_composer_says_what_it_can_do(api, provisioned):
    agent = api("agent")
    conversation = make_conversation(provisioned)
    state = composer(agent, conversation)
    assert (state["can_send"], state["reason"], state["expects_simulator"]) == (True, None, True)
    assert state["channel"]["name"] == "Simulator"


@pytest.mark.parametrize("why", ["stopped", "blocked", "no_number", "channel_off", "no_channel"])
def test_the_composer_says_why_not_and_a_reply_says_the_same(api, provisioned, why):
    contact = make_contact(provisioned, None if why == "no_number" else "")
    conversation = make_conversation(provisioned, contact)
    with workspace_scope(provisioned.id):
        if why == "blocked":
            Contact.objects.filter(id=contact.id).update(blocked=True)
        if why == "channel_off":
            Channel.objects.update(enabled=False)
        if why == "no_channel":
            Channel.objects.update(removed_at=NOON)
    if why == "stopped":
        stop(provisioned, contact)
    agent = api("agent", language="ar")
    state = composer(agent, conversation)
    assert (state["can_send"], state["reason"]["code"]) == (False, why)
    refused = agent.post(f"/conversations/{conversation.id}/messages", {"text": "Hi"})
    assert (refused.status_code, refused.json()["code"], refused.json()["message"]) == (422, why, state["reason"]["message"])
    assert rows(provisioned, Message) == []


def test_the_channel_last_used_is_kept(api, provisioned):
    with workspace_scope(provisioned.id):
        inbox = Inbox.objects.of(provisioned.id).get()
    from textfirst.api.provision import attach

    carrier = make_channel(provisioned, kind="smpp", name="Carrier")
    with workspace_scope(provisioned.id):
        attach(provisioned.id, carrier.id, inbox.id)
    conversation, agent = make_conversation(provisioned), api("agent")
    assert composer(agent, conversation)["channel"]["name"] == "Carrier"  # a live one before the simulator
    make_message(provisioned, conversation)  # came through the simulator
    assert composer(agent, conversation)["channel"]["name"] == "Simulator"
    make_message(provisioned, conversation, channel_id=carrier.id)
    assert composer(agent, conversation)["channel"]["name"] == "Carrier"


def test_read_and_unread(api, provisioned):
    conversation, agent = make_conversation(provisioned, unread=3), api("agent")
    assert agent.post(f"/conversations/{conversation.id}/read").json()["unread"] == 0
    assert agent.post(f"/conversations/{conversation.id}/read").json()["version"] == 2  # nothing changed
    assert agent.post(f"/conversations/{conversation.id}/unread").json()["unread"] == 1
    assert [event.data for event in rows(provisioned, Event) if event.kind == "conversation.updated"] == [{"version": 2}, {"version": 3}]


def test_status_and_assignee(api, provisioned):
    conversation, agent = make_conversation(provisioned), api("agent")
    path = f"/conversations/{conversation.id}"
    assert agent.patch(path, {"assignee_id": str(agent.user.id)}).json()["assignee"]["id"] == str(agent.user.id)
    pending = agent.patch(path, {"status": "pending"}).json()
    assert (pending["status"], pending["assignee"]["id"]) == ("pending", str(agent.user.id))
    assert agent.patch(path, {"assignee_id": None}).json()["assignee"] is None
    assert agent.patch(path, {}).json()["version"] == 4
    refused = agent.patch(path, {"assignee_id": str(new_id())})
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["assignee_id"])


def test_starting_a_conversation(api, provisioned):
    agent = api("agent")
    made = agent.post("/conversations", {"to": "694 123 4567"}).json()
    assert (made["contact"]["address"], made["status"], made["last_message"]) == ("+306941234567", "open", None)
    assert agent.post("/conversations", {"contact_id": made["contact"]["id"]}).json()["id"] == made["id"]
    assert agent.post("/conversations", {"contact_id": str(new_id())}).status_code == 404
    assert agent.post("/conversations", {"to": "nonsense"}).json()["code"] == "number_letters"
    assert agent.post("/conversations", {}).status_code == 422


def test_inboxes_count_what_is_unread(api, provisioned):
    make_conversation(provisioned, unread=4)
    make_conversation(provisioned, unread=1)
    make_conversation(provisioned)
    [inbox] = api("viewer").get("/inboxes").json()["items"]
    assert (inbox["unread"], len(inbox["channels"])) == (2, 1)


def test_roles_and_workspaces(api, provisioned, other_workspace):
    conversation = make_conversation(provisioned)
    viewer, stranger = api("viewer"), api("owner", workspace=other_workspace)
    path = f"/conversations/{conversation.id}"
    assert viewer.get(path).status_code == 200
    assert viewer.post(f"{path}/messages", {"text": "x"}).status_code == 403
    assert viewer.post(f"{path}/read").status_code == 403
    for answer in (stranger.get(path), stranger.get(f"{path}/messages"), stranger.patch(path, {"status": "closed"}), stranger.get(f"{path}/composer"),
                   stranger.post(f"{path}/messages", {"text": "x"}), stranger.post(f"{path}/read")):  # fmt: skip
        assert answer.status_code == 404
    assert ids(stranger.get("/conversations")) == []
    assert api.key("conversations:read").post(f"{path}/messages", {"text": "x"}).status_code == 403
