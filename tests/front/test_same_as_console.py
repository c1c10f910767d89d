"""A send is answered alike whether the front takes it (a key) or the console does (the operation in the one API document)."""

import asyncio

import pytest
from django.db import connections
from django.test import Client
from tests.factories.channels import make_channel

from textfirst.channels.models import Channel
from textfirst.database.scope import workspace_scope

pytestmark = pytest.mark.usefixtures("shop")

OWN = {"id", "contact_id", "created_at", "status_at"}  # differ from message to message


async def ask_both(client, shop, body, key):
    headers = {"Authorization": f"Bearer {shop.live}", "Idempotency-Key": key}
    front = await client.post("/messages", json=body, headers=headers)
    console = await asyncio.to_thread(_ask_console, body, {**headers, "Idempotency-Key": f"{key}-2"})
    return front, console


def _ask_console(body, headers):
    try:
        return Client().post("/api/v1/messages", body, content_type="application/json", headers=headers)
    finally:
        connections.close_all()


@pytest.mark.parametrize(
    "body",
    [
        {"to": "+306912345678", "text": "Your order is ready."},
        {"to": "tel:+306912345679", "text": "Η παραγγελία σας είναι έτοιμη 🎉", "purpose": "code"},
        {"to": "6912345670", "text": "x" * 400, "purpose": "promotion", "valid_for": 3600},
        {"to": "+306912345671", "text": "Later", "send_at": "2099-01-01T09:00:00+02:00"},
        {"to": "+306912345671", "text": "Planned", "send_at": "2026-12-01T09:00:00+02:00"},
        {
            "to": "+306912345671",
            "text": "About",
            "purpose": "reminder",
            "send_at": "2026-12-01T23:00:00+02:00",
            "anchor": "2026-12-02T00:00:00+02:00",
        },
        {"to": "+306912345671", "text": "Over", "anchor": "2020-12-02T00:00:00+02:00"},
        {"to": "+306912345671", "text": "Nowhere", "anchor": "2026-12-02T00:00:00"},
        {"to": "12", "text": "Hi"},
        {"to": "mailto:a@b.example", "text": "Hi"},
        {"text": "Hi"},
        {"to": "+306912345678", "contact_id": "018f0000-0000-7000-8000-000000000000", "text": "Hi"},
        {"contact_id": "018f0000-0000-7000-8000-000000000000", "text": "Hi"},
        {"to": "+306912345678", "text": ""},
        {"to": "+306912345678", "text": "   "},
        {"to": "+306912345678", "text": "ж" * 900},
        {"to": "+306912345678", "text": "Hi", "purpose": "spam"},
        {"to": "+306912345678", "text": "Hi", "valid_for": 5},
        {"to": "+306912345678", "text": "Hi", "colour": "red"},
        {"to": "+306912345678", "text": "Hi", "channel_id": "018f0000-0000-7000-8000-000000000000"},
        {"to": "+306912345678", "text": "nul \0 and half a pair"},
    ],
)
async def test_front_and_console_answer_alike(client, shop, body):
    front, console = await ask_both(client, shop, body, "k")
    ours, theirs = front.json(), console.json()
    assert front.status_code == console.status_code, (ours, theirs)
    assert ours.keys() == theirs.keys()
    if front.status_code == 202:
        assert {k: v for k, v in ours.items() if k not in OWN} == {k: v for k, v in theirs.items() if k not in OWN}
    else:
        assert ours["code"] == theirs["code"]
        assert ours["message"] == theirs["message"]
        assert ours["fields"].keys() == theirs["fields"].keys()


async def test_x1_what_is_about_an_event_goes_in_the_last_allowed_minute_before(client, shop):
    """Both doors; alone and in a batch, where each has its own event or none."""
    body = {"to": "+306912345671", "text": "Tomorrow at eight", "purpose": "reminder", "send_at": "2026-12-01T23:30:00+02:00"}
    anchor = {"anchor": "2026-12-02T00:00:00+02:00"}
    front, console = await ask_both(client, shop, body | anchor, "anchored")
    headers = {"Authorization": f"Bearer {shop.live}"}
    batch = (await client.post("/messages/batch", json={"messages": [body, body | anchor]}, headers=headers)).json()["items"]
    alone, about = [one["message"] for one in batch]
    assert alone["until"] > "2026-12-02T04"
    for said in (front.json(), console.json(), about):
        assert (said["status"], said["reason"]["code"]) == ("deferred", "moved_before")
        assert "2026-12-01T15" < said["until"] < "2026-12-01T21:30"


async def test_the_api_document_asks_for_what_the_front_reads(client):
    from textfirst.messages.types import SendRequest

    def document():
        try:
            return Client().get("/api/v1/openapi.json").json()
        finally:
            connections.close_all()

    described = (await asyncio.to_thread(document))["components"]["schemas"]["SendRequest"]
    assert described["properties"].keys() == SendRequest.model_fields.keys()


@pytest.fixture
def second(shop):
    """Another carrier that stands in for the shop's."""
    with workspace_scope(shop.workspace.id):
        Channel.objects.filter(id=shop.channel.id).update(pool="all")
    return make_channel(shop.workspace, kind="smpp", name="Second", pool="all")


async def test_front_and_console_choose_the_same_carrier(client, shop, second):
    chosen = set()
    for n in range(12):
        front, console = await ask_both(client, shop, {"to": f"+3069123456{n:02}", "text": "Hi"}, f"carrier-{n}")
        assert front.json()["channel_id"] == console.json()["channel_id"]
        chosen.add(front.json()["channel_id"])
    assert chosen == {str(shop.channel.id), str(second.id)}
