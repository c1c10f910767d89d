"""P5: topics of advertising that want somebody's word, from the text to the phone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.api.conftest import Caller
from tests.factories import make_contact

from textfirst.core.ids import new_id
from textfirst.database.scope import as_owner, workspace_scope
from textfirst.decisions.models import TopicAnswer

WINE = {"rule": "US.topics", "topic": "alcohol"}
TEXT = "Wine tasting on Friday! Reply STOP to end."


def alcohol(caller: Caller) -> dict[str, Any]:
    return next(one for one in caller.get("/policy/topics").json()["items"] if (one["rule"], one["topic"]) == ("US.topics", "alcohol"))


def answer(caller: Caller, **more: Any) -> Any:
    return caller.post(
        "/policy/topics/answers", {**WINE, "words": alcohol(caller)["words"], "reason": "licensed shop, 21 and over", **more}
    )


def test_p5_somebody_answers_in_exact_words_and_takes_it_back(api, workspace):
    admin = api("admin", language="ar")
    shown = alcohol(admin)
    assert (shown["name"], shown["answer"], shown["jurisdiction"]) == ("الكحول", None, "US")
    assert "wine" in shown["examples"]
    assert "الكحول" in shown["words"]
    made = answer(admin)
    assert made.status_code == 201
    standing = alcohol(api("viewer", language="en"))["answer"]
    expected = {
        "words": shown["words"], "language": "ar", "reason": "licensed shop, 21 and over", "by": {"id": str(admin.user.id), "name": admin.user.name},
        "name": "alcohol", "undoes_id": None,
    }  # fmt: skip
    assert {name: standing[name] for name in expected} == expected
    assert answer(admin).json()["code"] == "answered"
    undo = f"/policy/topics/answers/{made.json()['id']}/undo"
    assert [admin.post(undo).status_code, admin.post(undo).json()["code"]] == [204, "undone"]
    assert alcohol(admin)["answer"] is None
    history = api("viewer").get("/policy/topics/answers").json()["items"]
    assert [one["undoes_id"] for one in history] == [made.json()["id"], None]
    assert answer(admin).status_code == 201


def test_p5_who_may_answer_and_for_what(api, workspace):
    admin = api("admin")
    words = alcohol(admin)["words"]
    assert api("agent").post("/policy/topics/answers", {**WINE, "words": words, "reason": "x"}).status_code == 403
    assert answer(admin, reason=" ").json()["fields"].keys() == {"reason"}
    assert answer(admin, topic="books").status_code == 404
    assert answer(admin, words=words + "!").json()["code"] == "words_changed"
    assert admin.post(f"/policy/topics/answers/{new_id()}/undo").status_code == 404
    assert admin.patch("/policy", {"answers_for": ["US.topics:alcohol"]}).status_code == 422  # nobody's name would stand for it
    assert alcohol(admin)["answer"] is None


def test_p5_what_was_answered_stays_as_it_was_said(api, workspace):
    made = answer(api("admin")).json()["id"]
    for statement in ("update topic_answer set reason = 'x' where id = %s", "delete from topic_answer where id = %s"):
        with as_owner(), pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [made])
    with workspace_scope(workspace.id):
        assert TopicAnswer.objects.filter(id=made).exists()


def test_p5_such_advertising_leaves_once_somebody_answers(api, provisioned):
    admin = api("admin")
    there, here = make_contact(provisioned, "+12125550123"), make_contact(provisioned, "+306977777701")
    for contact in (there, here):
        given = {"kind": "express_written", "shown": "yes", "at": datetime(2026, 11, 1, tzinfo=UTC).isoformat()}
        assert admin.post(f"/contacts/{contact.id}/consent", given).status_code == 200
    plan = {"audience": {"everyone": True}, "purpose": "promotion", "text": TEXT}
    refused = admin.post("/messages", {"contact_id": str(there.id), "text": TEXT, "purpose": "promotion"})
    assert (refused.status_code, refused.json()["code"]) == (422, "topic_unanswered")
    assert {one["code"]: one["count"] for one in admin.post("/campaigns/dry-run", plan).json()["not"]} == {"topic_unanswered": 1}
    assert "US.topics" in {one["rule"] for one in admin.post("/campaigns/preview", plan).json()["findings"]}
    answer(admin)
    assert admin.post("/campaigns/dry-run", plan).json()["not"] == []
    assert "US.topics" not in {one["rule"] for one in admin.post("/campaigns/preview", plan).json()["findings"]}
    sent = admin.post("/messages", {"contact_id": str(there.id), "text": TEXT, "purpose": "promotion"})
    assert sent.status_code == 202
    why = admin.get(f"/messages/{sent.json()['id']}/why").json()
    assert {one["code"]: one["facts"].get("topic") for one in why["reasons"]}["topic_answered"] == "alcohol"
    assert "topic_answered" not in {
        one["code"] for one in admin.get(f"/contacts/{there.id}/why", {"purpose": "promotion"}).json()["reasons"]
    }


def test_p5_a_service_and_a_persons_name_need_nobodys_word(api, provisioned):
    admin, contact = api("admin"), make_contact(provisioned, "+12125550123", first_name="Wine")
    notice = admin.post("/messages", {"contact_id": str(contact.id), "text": "Your wine is ready.", "purpose": "notice"})
    assert notice.status_code == 202
    admin.post(f"/contacts/{contact.id}/consent", {"kind": "express_written", "shown": "yes"})
    named = admin.post(
        "/messages", {"contact_id": str(contact.id), "text": "Dear {{ contact.first_name }}, come by.", "purpose": "promotion"}
    )
    assert named.status_code == 202
