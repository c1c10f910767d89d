"""POST /messages/batch: many messages, each answered for itself."""

import asyncio
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connections
from django.test import Client
from tests.factories import make_contact

from textfirst.conversations.models import Inbox
from textfirst.core.addresses import Address, address_hash
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.front import work
from textfirst.front.accept import read
from textfirst.front.sending import accept_batch
from textfirst.front.work import Works
from textfirst.testing.permission import PERMIT

pytestmark = pytest.mark.usefixtures("shop")


def bearer(shop, **more):
    return {"Authorization": f"Bearer {shop.live}", **more}


def text(number, **more):
    return {"to": f"+3069100{number:05}", "text": f"Order {number} is ready.", **more}


@pytest.fixture
def send(client, shop):
    async def send(*messages, **headers):
        return await client.post("/messages/batch", json={"messages": messages}, headers=bearer(shop, **headers))

    return send


async def test_each_message_is_answered_in_its_place(send, shop, count):
    answer = await send(text(1), {"to": "12", "text": "Hi"}, text(2), {"contact_id": str(new_id()), "text": "Hi"}, "what", text(3))
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["accepted"], said["refused"]) == (3, 3)
    assert [item["status"] for item in said["items"]] == [202, 422, 202, 404, 422, 202]
    assert [item["message"] and item["message"]["address"] for item in said["items"]] == [
        "+306910000001", None, "+306910000002", None, None, "+306910000003",
    ]  # fmt: skip
    assert said["items"][1]["error"]["code"] == "number_too_short"
    assert list(said["items"][1]["error"]["fields"]) == ["messages[1].to"]
    assert list(said["items"][4]["error"]["fields"]) == ["messages[4]"]
    assert count("message") == count("outbox") == 3


async def test_a_thousand_are_taken_whole(send, count):
    said = (await send(*(text(number, idempotency_key=f"order-{number}") for number in range(1000)))).json()
    assert said["accepted"] == count("message") == count("outbox") == count("idempotency_key") == 1000
    assert [item["message"]["text"] for item in said["items"]] == [f"Order {number} is ready." for number in range(1000)]


async def test_the_same_batch_again_sends_nothing_and_is_answered_alike(send, count):
    batch = [text(number, idempotency_key=f"order-{number}") for number in range(5)]
    first = (await send(*batch)).json()
    assert (await send(*batch)).json() == first
    assert count("message") == 5


async def test_a_batch_that_crosses_itself_sends_once(send, count):
    batch = [text(number, idempotency_key=f"order-{number}") for number in range(20)]
    answers = await asyncio.gather(*(send(*batch[place:], *batch[:place]) for place in range(20)))
    sent = [{item["message"]["id"] for item in answer.json()["items"]} for answer in answers]
    assert all(ids == sent[0] for ids in sent)
    assert count("message") == 20


async def test_a_key_for_something_else_is_refused_for_that_message_alone(send, count):
    await send(text(1, idempotency_key="one"))
    again = (
        await send(
            text(1, idempotency_key="one"), text(2, idempotency_key="one"), text(3, idempotency_key="two"), text(3, idempotency_key="two")
        )
    ).json()
    assert [item["status"] for item in again["items"]] == [202, 422, 202, 202]
    assert again["items"][1]["error"]["code"] == "idempotency_key_reused"
    assert again["items"][2] == again["items"][3]
    assert count("message") == 2


async def test_the_same_key_alone_and_in_a_batch_is_one_message(client, send, shop, count):
    alone = await client.post("/messages", json=text(1), headers=bearer(shop, **{"Idempotency-Key": "one"}))
    assert (await send(text(1, idempotency_key="one"))).json()["items"][0]["message"] == alone.json()
    assert count("message") == 1


async def test_each_is_answered_and_kept_as_what_it_is(send, database_url):
    """What many share is said once on the way to the database and back: here all differ."""
    later = "2099-01-01T09:00:00+02:00"
    asked = [
        text(1), text(2, text="Καλημέρα"), text(3, text="x" * 200), text(4, purpose="code"), text(5), text(6, send_at=later, valid_for=60),
        text(7, text="{{ contact.first_name | default: 'You' }}"), text(8, send_at=later),
    ]  # fmt: skip
    said = [item["message"] or item["error"] for item in (await send(*asked, text(9, send_at="2026-12-01T09:00:00Z"))).json()["items"]]
    assert [said[place]["code"] for place in (5, 7)] == ["invalid", "invalid"]  # more than a year ahead
    ours = [one for one in said if "id" in one]
    assert [(one["purpose"], one["encoding"], one["segments"]) for one in ours] == [
        ("notice", "gsm7", 1), ("notice", "ucs2", 1), ("notice", "gsm7", 2), ("code", "gsm7", 1), ("notice", "gsm7", 1), ("notice", "gsm7", 1), ("notice", "gsm7", 1),
    ]  # fmt: skip
    with psycopg.connect(database_url) as connected:
        for one in ours:
            row = "select address, body, segments, encoding, status, contact_id::text from message where id = %s"
            found = connected.execute(row, [one["id"]]).fetchone()
            assert found == (
                one["address"], one["text"], one["segments"], {"gsm7": 0, "ucs2": 8}[one["encoding"]], {"queued": 10, "deferred": 5}[one["status"]],
                one["contact_id"],
            )  # fmt: skip


async def test_somebody_without_a_number_and_one_who_has_two(send, shop, database_url):
    """Two numbers are one person: the seventh notice of a day waits, by whichever it is sent."""
    mute, anna = await asyncio.to_thread(_made, shop.workspace, address=None), await asyncio.to_thread(_made, shop.workspace)
    with psycopg.connect(database_url) as connected:
        connected.execute(SECOND_NUMBER, {"contact_id": anna, "id": new_id()})
    asked = [{"contact_id": str(anna), "text": f"{number}"} for number in range(3)]
    second = [text(77, text=f"{number}") for number in range(4)]
    said = (await send({"contact_id": str(mute), "text": "Hi"}, *asked, *second)).json()["items"]
    assert said[0]["error"]["code"] == "no_number"
    assert {item["message"]["contact_id"] for item in said[1:]} == {str(anna)}
    assert [item["message"]["status"] for item in said[1:]] == ["queued"] * 6 + ["deferred"]


SECOND_NUMBER = """
insert into contact_identity (workspace_id, id, contact_id, scheme, address, address_hash, version)
select workspace_id, %(id)s, %(contact_id)s, 'tel', '+306910000077', '\\x01', 1 from contact where id = %(contact_id)s
"""


async def test_whom_a_text_is_for_stays_until_it_is_there(front, send, shop, settings_of_front, database_url):
    """Whoever deletes a contact at that moment finds the message, and deletes it too."""
    await send(text(1))
    caller, now = await front.callers.find(f"Bearer {shop.live}"), datetime.now(UTC)
    works = Works(settings_of_front.database_url, most=1)
    async with works.begin() as begun:
        await accept_batch(begun, read([text(1)], caller, now), address_key=b"k" * 32, now=now)
        with psycopg.connect(database_url) as other, pytest.raises(psycopg.errors.LockNotAvailable):
            other.execute("select from contact for update nowait")
    await works.close()


async def test_who_is_made_by_somebody_else_at_that_moment_is_one_person(send, shop, database_url, count):
    """The other is waited for, and then it is begun anew."""
    with psycopg.connect(database_url) as other:
        contact = {"workspace_id": shop.workspace.id, "id": new_id()}
        other.execute(
            """insert into contact (workspace_id, id, first_name, last_name, language, time_zone, attributes, blocked, search_text)
            values (%(workspace_id)s, %(id)s, '', '', '', '', '{}', false, '')""",
            contact,
        )
        other.execute(SECOND_NUMBER, {"contact_id": contact["id"], "id": new_id()})
        sent = asyncio.create_task(send(text(77, idempotency_key="one"), text(78)))
        async with asyncio.timeout(5):
            while not await asyncio.to_thread(count, "pg_locks", "not granted"):
                await asyncio.sleep(0.01)
        other.commit()
        said = (await sent).json()["items"]
    assert [item["status"] for item in said] == [202, 202]
    assert said[0]["message"]["contact_id"] == str(contact["id"])
    assert (count("contact"), count("message")) == (2, 2)


async def test_a_stop_outlives_the_person(send, shop, front, database_url, count):
    """Their number is nobody's, and what stands about it is found all the same."""
    gone = address_hash(front.accept._address_key, shop.workspace.id, Address("tel", "+306910000001"))
    with psycopg.connect(database_url) as connected:
        stands = "insert into consent_standing (workspace_id, id, address_hash, stopped) values (%s, %s, %s, 1)"
        connected.execute(stands, [shop.workspace.id, new_id(), gone])
    said = (await send(text(1), text(2))).json()["items"]
    assert [item["status"] for item in said] == [422, 202]
    assert said[0]["error"]["code"] == "stopped"
    assert count("message") == 1


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setitem(work.SETTINGS, "lock_timeout", "50ms")


async def test_a_key_that_another_process_holds_is_in_flight(impatient, send, shop, database_url, count):
    """Only that message is told to come back; the rest of its batch is sent."""
    with psycopg.connect(database_url) as other:
        other.execute(
            "insert into idempotency_key (workspace_id, id, key, fingerprint, message_id) values (%s, %s, 'held', 'x', %s)",
            [shop.workspace.id, new_id(), new_id()],
        )
        said = (await send(text(1), text(2, idempotency_key="held"), text(3), text(4))).json()
        other.rollback()
    assert [item["status"] for item in said["items"]] == [202, 409, 202, 202]
    assert said["items"][1]["error"]["code"] == "idempotency_key_in_flight"
    assert count("message") == 3


async def test_merge_fields_are_filled_for_each_contact(send, shop):
    maria = await asyncio.to_thread(_made, shop.workspace, first_name="Maria")
    said = await send(
        {"contact_id": str(maria), "text": "Hi {{ contact.first_name }}!"}, text(2, text="Hi {{ contact.first_name | default: 'there' }}")
    )
    assert [item["message"]["text"] for item in said.json()["items"]] == ["Hi Maria!", "Hi there"]


def _made(workspace, **fields):
    try:
        return make_contact(workspace, **fields).id
    finally:
        connections.close_all()


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "bad_request"),
        (b'{"messages": 5}', 422, "invalid"),
        (b'{"messages": []}', 422, "invalid"),
        (b'{"messages": [{}], "colour": 1}', 422, "invalid"),
        (b'{"messages": [' + b",".join([b"{}"] * 1001) + b"]}", 422, "too_many"),
        (b'{"messages": ["' + b"x" * 8 * 1024 * 1024 + b'"]}', 413, "too_large"),
    ],
)
async def test_a_request_that_cannot_be_used_as_a_whole_is_one_error(client, shop, count, body, status, code):
    answer = await client.post("/messages/batch", content=body, headers=bearer(shop))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert count("message") == 0


async def test_whoever_may_not_send_may_not_send_many(client, shop):
    answer = await client.post("/messages/batch", json={"messages": [text(1)]}, headers={"Authorization": "Bearer tf_live_wrong"})
    assert answer.status_code == 401


async def test_front_and_console_answer_alike(client, shop):
    batch = {"messages": [text(1), {"to": "12", "text": "Hi"}, {"text": "Hi"}, text(2, colour="red"), text(3, idempotency_key="\n")]}
    front = (await client.post("/messages/batch", json=batch, headers=bearer(shop))).json()
    console = (await asyncio.to_thread(_ask_console, batch, bearer(shop))).json()
    assert front.keys() == console.keys()
    assert [(item["status"], item["error"]) for item in front["items"]] == [(item["status"], item["error"]) for item in console["items"]]
    assert front["items"][0]["message"].keys() == console["items"][0]["message"].keys()


def _ask_console(body, headers):
    try:
        return Client().post("/api/v1/messages/batch", body, content_type="application/json", headers=headers)
    finally:
        connections.close_all()


async def test_the_description_asks_for_what_is_read():
    from textfirst.messages.types import BatchItem

    document = (await asyncio.to_thread(_document))["paths"]["/api/v1/messages/batch"]["post"]["requestBody"]["content"][
        "application/json"
    ]["schema"]
    assert document["properties"]["messages"]["items"]["properties"].keys() == BatchItem.model_fields.keys()


def _document():
    try:
        return Client().get("/api/v1/openapi.json").json()
    finally:
        connections.close_all()


async def test_a_newer_promotion_takes_the_place_of_one_that_waits(client, shop, count, database_url):
    """S106: as the console and the campaigns do it (tests/features/decisions/test_replacing.py)."""
    headers = {"Authorization": f"Bearer {shop.live}"}
    body = {"to": "+306912345678", "text": "older", "purpose": "notice"}
    assert (await client.post("/messages", json=body, headers=headers)).status_code == 202
    with psycopg.connect(database_url) as connected:
        connected.execute(PERMIT, {"workspace_id": shop.workspace.id})
        connected.execute("update message set purpose = 1, status = 5, reason = 'capped', campaign_id = gen_random_uuid()")
        policy = """insert into decision_policy (workspace_id, id, body) values (%s, gen_random_uuid(), '{"capped": "newest"}')"""
        connected.execute(policy, [shop.workspace.id])
    answer = await client.post("/messages", json={**body, "text": "newer", "purpose": "promotion"}, headers=headers)
    assert (answer.status_code, answer.json()["shown"]) == (202, "waiting")
    assert count("message", "body = 'older' and status = 70 and reason = 'replaced'") == 1
    assert count("outbox", "body = 'older'") == 0
    assert count("outbox", "body = 'newer'") == 1
    assert (
        count("message_decision m join decision d on d.id = m.decision_id join message b on b.id = m.message_id", "b.body = 'older'") == 1
    )
    assert count("campaign_tally", "(status, reason, messages) in ((5, 'capped', -1), (70, 'replaced', 1))") == 2


@pytest.fixture
def inbox(shop):
    with workspace_scope(shop.workspace.id):
        return Inbox.objects.create(workspace_id=shop.workspace.id, name="Everybody")


@pytest.mark.usefixtures("inbox")
async def test_a_notice_joins_the_conversation_there_is_and_opens_none(send, count):
    first, second = (item["message"] for item in (await send(text(1), text(2, purpose="support"))).json()["items"])
    assert first["conversation_id"] is None
    assert (
        count("conversation", f"id = '{second['conversation_id']}' and status = 1 and last_message_id = '{second['id']}'")
        == count("conversation")
        == 1
    )
    joined, answer = (item["message"] for item in (await send(text(2), text(1, purpose="support"))).json()["items"])
    assert joined["conversation_id"] == second["conversation_id"]
    assert count("conversation", f"last_message_id = '{second['id']}' and version = 1") == 1
    assert count("conversation", f"id = '{answer['conversation_id']}' and last_message_id = '{answer['id']}'") == 1


@pytest.mark.usefixtures("inbox")
async def test_many_are_announced_together_and_a_few_one_by_one(send, database_url):
    def heard():
        with psycopg.connect(database_url) as connected:
            rows = connected.execute("delete from event returning kind").fetchall()
            return {kind: [one for (one,) in rows].count(kind) for (kind,) in rows if not kind.startswith("channel")}

    few, many = [text(number) for number in range(3)], [text(number) for number in range(20)]
    await send(*few)
    assert heard() == {"contact.updated": 3}
    await send(*many)
    assert heard() == {"contacts.changed": 1}
    await send(*(one | {"purpose": "support"} for one in few))
    assert heard() == {"message.sent": 3}
    await send(*(one | {"purpose": "support"} for one in many))
    assert heard() == {"conversations.changed": 1}
    await send(*many)  # notices, which join those conversations
    assert heard() == {"conversations.changed": 1}
