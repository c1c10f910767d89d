"""What came in and could not be stored: shown on its channel, and asked for again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.factories import make_channel

from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.messages.models import IntakeRejected
from textfirst.protocols.smpp import build
from textfirst.protocols.smpp.pdus import Address

PDU = build.deliver_sm(7, source=Address(1, 1, "306977777701"), destination=Address(1, 1, "306900000000"), short_message=b"STOP please")


@pytest.fixture
def channel(workspace: Any) -> Any:
    return make_channel(workspace, kind="simulator")


def put(channel: Any, pdu: bytes = PDU, **more: Any) -> IntakeRejected:
    with workspace_scope(channel.workspace_id):
        return IntakeRejected.objects.create(
            workspace_id=channel.workspace_id, channel_id=channel.id, pdu=pdu, problem="KeyError", received_at=datetime.now(UTC), **more
        )


def test_it_is_shown_with_who_wrote_what_and_why(api, channel):
    readable, garbled, done = put(channel), put(channel, b"abc"), put(channel, replayed_at=datetime.now(UTC))
    items = api("admin").get(f"/channels/{channel.id}/put-aside").json()["items"]
    assert [(one["id"], one["text"], one["problem"], one["bytes"], one["state"]) for one in items] == [
        (str(done.id), "STOP please", "KeyError", len(PDU), "taken_in"), (str(garbled.id), None, "KeyError", 3, "waiting"),
        (str(readable.id), "STOP please", "KeyError", len(PDU), "waiting"),
    ]  # fmt: skip
    assert [one["sender"] for one in items] == ["+306977777701", None, "+306977777701"]
    assert api("agent").get(f"/channels/{channel.id}/put-aside").status_code == 403
    assert api("admin").get(f"/channels/{new_id()}/put-aside").status_code == 404


def test_what_waits_is_asked_for_once(api, channel):
    admin, again = api("admin"), f"/channels/{channel.id}/put-aside/again"
    one, _, _ = put(channel), put(channel), put(channel, replayed_at=datetime.now(UTC))
    elsewhere = put(make_channel(admin.workspace, kind="simulator"))
    assert admin.post(again, {"ids": [str(one.id), str(elsewhere.id), str(new_id())]}).json() == {"asked": 1}
    assert [found["state"] for found in admin.get(f"/channels/{channel.id}/put-aside").json()["items"]] == ["taken_in", "waiting", "asked"]
    assert [admin.post(again, {}).json()["asked"] for _ in range(2)] == [1, 0]
    assert api("agent").post(again, {}).status_code == 403
