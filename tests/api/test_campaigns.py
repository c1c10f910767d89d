from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.api.test_messages import rows, stop
from tests.factories import make_channel, make_contact

from textfirst.campaigns.actions.pump import Run, take_step
from textfirst.campaigns.actions.tallying import recount
from textfirst.campaigns.models import Campaign, Recipient
from textfirst.campaigns.tasks import tend
from textfirst.channels.models import Channel
from textfirst.contacts.models import ContactList, ContactListMember
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.messages.models import Message, Outbox


def draft(caller, **fields) -> dict:
    answer = caller.post(
        "/campaigns",
        {"name": "Spring", "audience": {"everyone": True}, "text": "Hi {{ contact.first_name }}", "purpose": "notice", **fields},
    )
    assert answer.status_code == 201, answer.json()
    return answer.json()


def pump(workspace, made: dict) -> None:
    run = Run(workspace.id, made["id"])
    while take_step(run, datetime.now(UTC)).wait == 0:
        pass


def jobs() -> list[tuple[str, str]]:
    return list(ProcrastinateJob.objects.order_by("id").values_list("task_name", "status"))


def test_a_draft_is_made_changed_and_deleted(api, provisioned):
    admin = api("admin")
    made = draft(admin, purpose="greeting")
    assert {key: made[key] for key in ("name", "purpose", "state", "audience", "recipients", "segments", "problem", "reasons", "counts")} == {
        "name": "Spring", "purpose": "greeting", "state": "draft", "recipients": 0, "segments": 0, "problem": None, "reasons": [],
        "audience": {"everyone": True, "lists": [], "segments": [], "contacts": []},
        "counts": {"waiting": 0, "sent": 0, "delivered": 0, "read": 0, "not_delivered": 0, "not_sent": 0},
    }  # fmt: skip
    path = f"/campaigns/{made['id']}"
    changed = admin.patch(path, {"text": "Bye", "audience": {"contacts": [str(new_id())]}, "purpose": "notice"}).json()
    assert (changed["text"], changed["purpose"], changed["version"], changed["name"], changed["audience"]["everyone"]) == (
        "Bye",
        "notice",
        2,
        "Spring",
        False,
    )
    assert admin.get("/campaigns").json()["items"] == [changed]
    assert admin.delete(path).status_code == 204
    assert admin.get(path).status_code == 404


@pytest.mark.parametrize(
    ("change", "code", "fields"),
    [
        ({"text": "Hi {{ contact"}, "template_invalid", ["text"]),
        ({"name": ""}, "invalid", ["name"]),
        ({"name": None}, "invalid", ["name"]),
        ({"purpose": "spam"}, "invalid", ["purpose"]),
        ({"audience": {"lists": ["x"]}}, "invalid", ["audience.lists.0"]),
        ({"colour": "red"}, "invalid", ["colour"]),
        ({"channel_id": str(new_id())}, "not_found", []),
    ],
)
def test_what_cannot_be_kept(api, provisioned, change, code, fields):
    admin = api("admin")
    answer = admin.patch(f"/campaigns/{draft(admin)['id']}", change)
    assert answer.json()["code"] in {code, "purpose_unknown"}
    assert list(answer.json()["fields"]) == fields


def test_from_start_to_done(api, provisioned):
    admin, sender = api("admin"), api.key("campaigns:read", "campaigns:write")
    anna, ben = make_contact(provisioned, first_name="Anna"), make_contact(provisioned, first_name="Ben")
    stop(provisioned, ben)
    made = draft(sender)
    path = f"/campaigns/{made['id']}"
    assert sender.post(f"{path}/start", {}).json()["state"] == "preparing"
    assert admin.post(f"{path}/start", {}).json()["state"] == "preparing"  # twice is once
    assert jobs() == [("campaigns.pump", "todo")]
    pump(provisioned, made)
    pump(provisioned, made)

    running = admin.get(path, Accept_Language="ar").json()
    assert (running["state"], running["recipients"], running["counts"]["waiting"], running["counts"]["not_sent"]) == ("running", 2, 1, 1)
    assert [(reason["code"], reason["count"]) for reason in running["reasons"]] == [("stopped", 1)]
    assert [(m.contact_id, m.body) for m in rows(provisioned, Message) if m.status == 10] == [(anna.id, "Hi Anna")]
    assert admin.patch(path, {"text": "x"}).json()["code"] == "campaign_state"
    assert admin.patch(path, {"name": "Renamed"}).json()["name"] == "Renamed"
    assert admin.delete(path).status_code == 409


def test_pause_resume_cancel(api, provisioned):
    admin = api("admin")
    make_contact(provisioned)
    made = draft(admin)
    path = f"/campaigns/{made['id']}"
    assert admin.post(f"{path}/pause").json()["code"] == "campaign_state"
    admin.post(f"{path}/start", {})
    pump(provisioned, made)
    assert admin.post(f"{path}/pause").json()["state"] == "paused"
    assert [row.lane for row in rows(provisioned, Outbox)] == [9]
    assert admin.post(f"{path}/resume").json()["state"] == "running"
    assert [row.lane for row in rows(provisioned, Outbox)] == [2]
    cancelled = admin.post(f"{path}/cancel").json()
    assert (cancelled["state"], cancelled["counts"]["not_sent"], cancelled["reasons"][0]["code"]) == ("cancelled", 1, "cancelled")
    assert rows(provisioned, Outbox) == []
    assert admin.post(f"{path}/cancel").status_code == 200
    assert admin.post(f"{path}/start", {}).json()["code"] == "campaign_state"


def test_a_start_for_later_is_a_job_for_later(api, provisioned):
    admin = api("admin")
    make_contact(provisioned)
    path = f"/campaigns/{draft(admin)['id']}"
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    assert admin.post(f"{path}/start", {"at": later.isoformat()}).json()["state"] == "scheduled"
    assert ProcrastinateJob.objects.get().scheduled_at == later
    assert admin.patch(path, {"text": "Better"}).json()["text"] == "Better"
    earlier = later - timedelta(hours=1)
    assert datetime.fromisoformat(admin.post(f"{path}/start", {"at": earlier.isoformat()}).json()["scheduled_at"]) == earlier
    assert sorted(ProcrastinateJob.objects.values_list("scheduled_at", flat=True)) == [earlier, later]
    assert admin.post(f"{path}/start", {"at": "2026-12-01T10:00:00"}).json()["fields"].keys() == {"at"}
    assert admin.post(f"{path}/start", {}).json()["state"] == "preparing"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"text": ""}, "empty"),
        ({"text": "x" * 1600}, "text_too_long"),
        ({"audience": {}}, "audience_empty"),
        ({"audience": {"lists": [str(new_id())]}}, "audience_empty"),
    ],
)
def test_what_cannot_be_started(api, provisioned, fields, code):
    admin = api("admin")
    make_contact(provisioned)
    answer = admin.post(f"/campaigns/{draft(admin, **fields)['id']}/start", {})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert rows(provisioned, Recipient) == []
    assert jobs() == []


def test_the_channel_is_chosen_at_the_start(api, provisioned):
    admin, test = api("admin"), api.key("campaigns:write", kind="test")
    make_contact(provisioned)
    carrier = make_channel(provisioned, kind="smpp", name="Carrier")
    assert admin.post(f"/campaigns/{draft(admin)['id']}/start", {}).json()["channel_id"] == str(carrier.id)
    assert test.post(f"/campaigns/{draft(test)['id']}/start", {}).json()["channel_id"] != str(carrier.id)
    refused = test.post(f"/campaigns/{draft(test, channel_id=str(carrier.id))['id']}/start", {})
    assert (refused.status_code, refused.json()["code"]) == (422, "no_channel")
    with workspace_scope(provisioned.id):
        Channel.objects.update(enabled=False)
    assert admin.post(f"/campaigns/{draft(admin)['id']}/start", {}).json()["code"] == "channel_off"


def test_what_a_draft_would_do(api, provisioned):
    admin = api("admin")
    anna = make_contact(provisioned, first_name="Anna", attributes={"city": "Αθήνα"})
    ben = make_contact(provisioned, first_name="Ben", attributes={"city": "Paris"})
    make_contact(provisioned, None)
    make_contact(provisioned, blocked=True, first_name="")
    stop(provisioned, ben)
    text = "Hi {{ contact.first_name }} in {{ contact.city }}, {{ contact.last_name | default: 'dear' }} {{ contact.shoe }}"
    found = admin.post("/campaigns/preview", {"text": text, "audience": {"everyone": True}}).json()
    assert {key: found[key] for key in ("recipients", "stopped", "blocked", "no_number", "estimated", "encoding", "segments", "unknown")} == {
        "recipients": 3, "stopped": 1, "blocked": 1, "no_number": 1, "estimated": False, "encoding": "ucs2", "segments": 1,
        "unknown": ["contact.attributes.shoe"],
    }  # fmt: skip
    assert {one["field"]: one["contacts"] for one in found["missing"]} == {
        "contact.first_name": 1, "contact.attributes.city": 2, "contact.attributes.shoe": 4
    }  # fmt: skip
    texts = {one["contact"]["id"]: one["text"] for one in found["samples"]}
    assert (texts[str(anna.id)], texts[str(ben.id)]) == ("Hi Anna in Αθήνα, dear", "Hi Ben in Paris, dear")
    assert next(one["name"] for one in found["forced"]) == "GREEK CAPITAL LETTER ALPHA"
    nobody = admin.post("/campaigns/preview", {"text": text, "audience": {}}).json()
    assert (nobody["recipients"], nobody["samples"]) == (0, [])
    assert admin.post("/campaigns/preview", {"text": "{{", "audience": {}}).json()["code"] == "template_invalid"


def test_a_large_audience_is_estimated_and_says_so(api, provisioned, monkeypatch):
    monkeypatch.setattr("textfirst.campaigns.queries.LOOKED_AT", 4)
    for _ in range(8):
        make_contact(provisioned, last_name="")
    found = api("admin").post("/campaigns/preview", {"text": "{{ contact.last_name }}!", "audience": {"everyone": True}}).json()
    assert (found["recipients"], found["missing"], found["estimated"]) == (8, [{"field": "contact.last_name", "contacts": 8}], True)


def recipients(caller, made, **query) -> tuple[list[tuple[str, str]], str | None]:
    found = caller.get(f"/campaigns/{made['id']}/recipients", query).json()
    return [(item["contact"]["name"], item["shown"]) for item in found["items"]], found["next"]


def test_every_recipient_with_what_became_of_them(api, provisioned, monkeypatch):
    monkeypatch.setattr("textfirst.campaigns.queries.STRETCH", 2)
    admin = api("admin")
    contacts = {
        name: make_contact(provisioned, first_name=name, search_text=name.lower())
        for name in ("Anna", "Ben", "Carl", "Dora", "Emil", "Finn")
    }
    stop(provisioned, contacts["Ben"])
    made = draft(admin)
    admin.post(f"/campaigns/{made['id']}/start", {})
    pump(provisioned, made)
    with workspace_scope(provisioned.id):
        Message.objects.filter(contact_id=contacts["Carl"].id).update(status=80)
        Message.objects.filter(contact_id=contacts["Emil"].id).update(status=64, reason="undeliverable:err 7")
        Message.objects.filter(contact_id=contacts["Finn"].id).delete()  # not made yet
    everybody = [
        ("Anna", "waiting"),
        ("Ben", "not_sent"),
        ("Carl", "delivered"),
        ("Dora", "waiting"),
        ("Emil", "not_delivered"),
        ("Finn", "waiting"),
    ]
    assert recipients(admin, made) == (everybody, None)
    seen, after = [], None
    while True:
        found, after = recipients(admin, made, limit=2, **({"after": after} if after else {}))
        seen += found
        if after is None:
            break
    assert seen == everybody
    assert recipients(admin, made, shown="delivered") == ([("Carl", "delivered")], None)
    assert recipients(admin, made, shown="waiting") == ([("Anna", "waiting"), ("Dora", "waiting"), ("Finn", "waiting")], None)
    assert recipients(admin, made, shown="waiting", limit=1)[1] is not None
    assert recipients(admin, made, shown="read") == ([], None)
    assert recipients(admin, made, search="emil") == ([("Emil", "not_delivered")], None)
    assert recipients(admin, made, search="emil", shown="delivered") == ([], None)
    [emil] = admin.get(f"/campaigns/{made['id']}/recipients", {"search": "emil"}).json()["items"]
    assert (emil["reason"]["code"], emil["reason"]["detail"], emil["id"]) == (
        "undeliverable",
        "err 7",
        str(next(m.id for m in rows(provisioned, Message) if m.status == 64)),
    )
    admin.post(f"/campaigns/{made['id']}/cancel")
    assert recipients(admin, made, search="finn") == ([("Finn", "not_sent")], None)
    assert admin.get(f"/campaigns/{made['id']}/recipients", {"after": "x"}).json()["code"] == "cursor_invalid"


def test_recipients_by_the_reason(api, provisioned, monkeypatch):
    monkeypatch.setattr("textfirst.campaigns.queries.STRETCH", 2)
    admin = api("admin")
    contacts = [make_contact(provisioned, first_name=f"P{n}", blocked=n % 3 == 0) for n in range(9)]
    stop(provisioned, contacts[8])
    made = draft(admin, purpose="notice")
    admin.post(f"/campaigns/{made['id']}/start", {})
    pump(provisioned, made)
    with workspace_scope(provisioned.id):
        Message.objects.filter(contact_id=contacts[1].id).update(status=64, reason="undeliverable:err 7")
        Message.objects.filter(contact_id=contacts[2].id).update(status=5, reason="scheduled")
        until = Outbox.objects.get(id=Message.objects.get(contact_id=contacts[2].id).id).not_before
        recount(provisioned.id, made["id"])
    assert recipients(admin, made, reason="blocked") == ([("P0", "not_sent"), ("P3", "not_sent"), ("P6", "not_sent")], None)
    first, following = recipients(admin, made, reason="blocked", limit=2)
    assert first == [("P0", "not_sent"), ("P3", "not_sent")]
    assert recipients(admin, made, reason="blocked", limit=2, after=following) == ([("P6", "not_sent")], None)
    assert recipients(admin, made, reason="undeliverable") == ([("P1", "not_delivered")], None)
    assert recipients(admin, made, reason="blocked", shown="delivered") == ([], None)
    assert recipients(admin, made, reason="no_permission") == recipients(admin, made, reason="undeliv") == ([], None)
    [waits] = admin.get(f"/campaigns/{made['id']}/recipients", {"reason": "scheduled"}).json()["items"]
    assert abs(datetime.fromisoformat(waits["until"]) - until) < timedelta(milliseconds=1)
    admin.post(f"/campaigns/{made['id']}/cancel")
    assert len(recipients(admin, made, reason="cancelled")[0]) == 4


def test_the_tender_calls_the_pump_for_what_should_move(api, provisioned):
    with workspace_scope(provisioned.id):
        group = ContactList.objects.create(workspace_id=provisioned.id, name="All")
        contact = make_contact(provisioned)
        ContactListMember.objects.create(workspace_id=provisioned.id, contact_list=group, contact=contact)
        facts = {"workspace_id": provisioned.id, "name": "x", "purpose": 1}
        soon = datetime.now(UTC) + timedelta(hours=1)
        for state, at in (
            ("draft", None),
            ("running", None),
            ("preparing", None),
            ("paused", None),
            ("scheduled", soon),
            ("scheduled", soon - timedelta(hours=2)),
        ):
            Campaign.objects.create(state=state, scheduled_at=at, **facts)
    tend(0)
    tend(0)
    assert jobs() == [("campaigns.pump", "todo")]  # one for the workspace, whatever the number of campaigns


def test_roles_and_workspaces(api, provisioned, other_workspace):
    admin = api("admin")
    made = draft(admin)
    path = f"/campaigns/{made['id']}"
    for role in ("viewer", "agent"):
        caller = api(role)
        assert caller.get(path).status_code == 200
        for answer in (
            caller.post("/campaigns", {"name": "x"}),
            caller.patch(path, {"name": "x"}),
            caller.delete(path),
            caller.post(f"{path}/start", {}),
        ):
            assert answer.status_code == 403
    stranger = api("owner", workspace=other_workspace)
    for answer in (
        stranger.get(path),
        stranger.get(f"{path}/recipients"),
        stranger.post(f"{path}/start", {}),
        stranger.patch(path, {"name": "x"}),
        stranger.delete(path),
    ):
        assert answer.status_code == 404
    assert stranger.get("/campaigns").json()["items"] == []
    assert api.key("campaigns:read").post(f"{path}/start", {}).status_code == 403
