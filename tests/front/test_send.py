import asyncio

import psycopg
import pytest

from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.testing.permission import PERMIT

pytestmark = pytest.mark.usefixtures("shop")


def bearer(secret, **more):
    return {"Authorization": f"Bearer {secret}", **more}


async def send(client, shop, key=None, secret=None, **body):
    headers = bearer(secret or shop.live, **({"Idempotency-Key": key} if key else {}))
    return await client.post("/messages", json={"to": "+306912345678", "text": "Your order is ready.", **body}, headers=headers)


async def test_a_send_is_answered_after_its_commit(client, shop, count):
    answer = await send(client, shop)
    assert answer.status_code == 202, answer.text
    message = answer.json()
    assert (message["address"], message["status"], message["shown"], message["segments"], message["purpose"]) == (
        "+306912345678",
        "queued",
        "waiting",
        1,
        "notice",
    )
    assert message["channel_id"] == str(shop.channel.id)
    assert count("message", f"id = '{message['id']}'") == count("outbox", f"id = '{message['id']}'") == 1


async def test_o4_a_doubt_holds_marketing_at_the_front_until_a_person_decides(client, shop, database_url):
    hold_, raise_ = "update consent_standing set held = %s", "update contact_identity set version = version + 1"
    assert (await send(client, shop)).status_code == 202
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(PERMIT, {"workspace_id": shop.workspace.id})
        owner.execute(hold_, [True])
        owner.execute(raise_)
        answers = {purpose: await send(client, shop, purpose=purpose.word) for purpose in Purpose}
        refused = {purpose for purpose, answer in answers.items() if answer.status_code == 422}
        assert refused == {Purpose.PROMOTION, Purpose.GREETING}
        assert {answers[purpose].json()["code"] for purpose in refused} == {"held"}
        owner.execute(hold_, [False])
        owner.execute(raise_)
        for purpose in refused:
            assert (await send(client, shop, purpose=purpose.word)).json().get("code") != "held"


async def test_local_numbers_are_read_with_the_workspaces_country(client, shop):
    assert (await send(client, shop, to="0691 234 5678"[1:])).json()["address"] == "+306912345678"


async def test_fifty_calls_with_one_key_send_once(client, shop, count):
    """T16"""
    answers = await asyncio.gather(*(send(client, shop, key="order-7") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert count("message") == count("outbox") == count("idempotency_key") == 1


async def test_the_same_key_later_gets_the_same_answer(client, shop, count):
    first = (await send(client, shop, key="order-8")).json()
    assert (await send(client, shop, key="order-8")).json() == first
    assert count("message") == 1


@pytest.mark.parametrize("send_at", [None, "2026-12-01T09:00:00.250+02:00"])
async def test_the_same_answer_comes_again_whatever_has_become_of_the_message(client, shop, database_url, send_at):
    first = (await send(client, shop, key="order-8", send_at=send_at)).json()
    with psycopg.connect(database_url) as connected:
        connected.execute(
            "update message set status = 80, status_at = now(), reason = 'undeliverable', flags = 1, channel_id = %s", [shop.simulator.id]
        )
    assert (await send(client, shop, key="order-8", send_at=send_at)).json() == first


async def test_what_is_forgotten_is_forgotten_in_answers_too(client, shop, database_url):
    first = (await send(client, shop, key="order-8")).json()
    with psycopg.connect(database_url) as connected:
        assert "ready" not in str(connected.execute("select * from idempotency_key").fetchall())
        connected.execute("update message set body = '', address = ''")
    assert (await send(client, shop, key="order-8")).json() == {**first, "text": "", "address": ""}


async def test_a_key_used_for_something_else_is_refused(client, shop, count):
    await send(client, shop, key="order-9")
    answer = await send(client, shop, key="order-9", text="Something else")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")
    assert count("message") == 1


async def test_many_at_once_share_commits_and_lose_none(client, shop, count):
    answers = await asyncio.gather(*(send(client, shop, to=f"+3069100{n:05}") for n in range(300)))
    assert {answer.status_code for answer in answers} == {202}
    assert count("message") == count("outbox") == 300


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"to": "12"}, "number_too_short", "to"),
        ({"to": "call me"}, "number_letters", "to"),
        ({"to": None}, "invalid", "body"),
        ({"text": ""}, "invalid", "text"),
        ({"text": "ж" * 700}, "text_too_long", "text"),
        ({"purpose": "spam"}, "purpose_unknown", "purpose"),
        ({"send_at": "2026-12-01T09:00:00"}, "invalid", "send_at"),
        ({"colour": "red"}, "invalid", "colour"),
    ],
)
async def test_what_cannot_be_sent_is_refused_by_field(client, shop, count, body, code, field):
    answer = await send(client, shop, **body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert field in answer.json()["fields"]
    assert count("message") == 0


async def test_one_that_is_refused_does_not_harm_the_rest_of_its_commit(client, shop, count):
    good = [send(client, shop, to=f"+30691000000{n}") for n in range(5)]
    unknown = client.post("/messages", json={"contact_id": str(new_id()), "text": "Hi"}, headers=bearer(shop.live))
    answers = await asyncio.gather(*good[:3], unknown, *good[3:])
    assert [answer.status_code for answer in answers] == [202, 202, 202, 404, 202, 202]
    assert count("message") == 5


async def test_a_stopped_number_is_refused_with_the_reason(client, shop, count, database_url):
    await send(client, shop)
    with psycopg.connect(database_url) as connected:
        connected.execute(
            "insert into suppression (workspace_id, id, address_hash, scope, source, entry_id, stopped_at) "
            "select workspace_id, %s, address_hash, 'all', 'keyword', %s, now() from contact_identity",
            [new_id(), new_id()],
        )
    answer = await send(client, shop)
    assert (answer.status_code, answer.json()["code"]) == (422, "stopped")
    assert count("message") == 1


async def test_a_test_key_never_leaves_the_simulator(client, shop):
    assert (await send(client, shop, secret=shop.test)).json()["channel_id"] == str(shop.simulator.id)
    answer = await send(client, shop, secret=shop.test, channel_id=str(shop.channel.id))
    assert (answer.status_code, answer.json()["code"]) == (422, "test_key")


@pytest.mark.parametrize("authorization", ["Bearer tf_live_wrong", "Bearer x", "Basic eDp5", "tf_live_x"])
async def test_whoever_has_no_key_is_told_so(client, authorization):
    answer = await client.post("/messages", json={"to": "+306912345678", "text": "Hi"}, headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


async def test_a_revoked_key_is_dead_within_five_seconds(client, shop, database_url, front):
    assert (await send(client, shop)).status_code == 202
    with psycopg.connect(database_url) as connected:
        connected.execute("update api_key set revoked_at = now()")
        connected.execute("notify textfirst_keys, 'x'")
    async with asyncio.timeout(6):
        while (await send(client, shop)).status_code != 401:
            await asyncio.sleep(0.01)


async def test_without_its_database_it_says_503_and_accepts_nothing(shop, settings_of_front):
    from dataclasses import replace

    import httpx

    from textfirst.front.app import Front

    away = Front(replace(settings_of_front, database_url="postgresql://nobody@127.0.0.1:1/none"))
    async with (
        away.lifespan(None),
        httpx.AsyncClient(transport=httpx.ASGITransport(away.app()), base_url="http://texts.example/api/v1") as client,
    ):
        answer = await send(client, shop)
    assert (answer.status_code, answer.json()["code"], "retry-after" in answer.headers) == (503, "unavailable", True)


async def test_errors_are_in_the_readers_language(client, shop):
    answer = await client.post("/messages", json={"to": "12", "text": "Hi"}, headers=bearer(shop.live, **{"Accept-Language": "ar-EG"}))
    assert any("\u0600" <= character <= "\u06ff" for character in answer.json()["fields"]["to"]), answer.text


async def test_a_foreign_host_name_is_refused(client):
    answer = await client.get("/messages", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (421, "wrong_host")
