"""What every operation shares: who asks, errors, languages, the binding of the connection."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client

from textfirst.api.router import Router


def bound() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('textfirst.workspace', true), '')")
        return cursor.fetchone()[0]


def test_nobody_is_asked_to_sign_in(api):
    answer = api.nobody.get("/me")
    assert (answer.status_code, answer.json()) == (401, {"code": "not_signed_in", "message": "Sign in, or send an API key.", "fields": {}})


def test_words_come_in_the_readers_language(api):
    answer = api.nobody.get("/me", Accept_Language="ar-EG,ar;q=0.9")
    assert answer.json()["message"] == "سجّل الدخول أو أرسل مفتاح API."
    assert answer.headers["Content-Language"] == "ar"


def test_a_member_is_let_in(api, workspace):
    assert api("viewer").get("/me").json()["role"] == "viewer"


def test_a_foreign_workspace_does_not_exist(api, other_workspace):
    answer = api("owner").get("/me", X_Workspace=str(other_workspace.id))
    assert (answer.status_code, answer.json()["code"]) == (404, "workspace_not_found")


@pytest.mark.parametrize("text", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_workspace_that_is_none(api, text):
    assert api("owner").get("/me", X_Workspace=text).status_code == 404


def test_a_key_cannot_do_what_people_do(api):
    answer = api.key("contacts:read").get("/me")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("authorization", ["Bearer tf_live_wrong", "Bearer ", "Basic YTpi", "Bearer tf_live_" + "0" * 39])
def test_a_wrong_key_is_not_a_signed_in_person(api, authorization):
    caller = api("owner")
    caller.headers["Authorization"] = authorization
    assert caller.get("/me").status_code == 401


def test_a_change_without_the_token_is_refused(api, workspace):
    caller = api("owner")
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = caller.client.cookies
    answer = strict.patch("/api/v1/me", {"name": "Mallory"}, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_the_connection_is_bound_to_nothing_after_a_request(api):
    api("viewer").get("/me")
    assert bound() == ""


def test_an_unknown_address_has_our_shape(client, db):
    answer = client.get("/api/v1/nothing/here")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_wrong_method_has_our_shape(client, db):
    answer = client.put("/api/v1/me")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_an_operation_must_say_who_may_call_it():
    with pytest.raises(TypeError, match="does not say who may call it"):
        Router().get("/loose")(lambda request: None)


def test_the_description_needs_nobody_else(client, db):
    """It works without the internet, and under a policy that takes scripts and styles from us alone."""
    page = client.get("/api/v1/docs")
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    sources = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())
    assert len(sources) == 4
    assert {client.get(f"/api/v1/{source}").status_code for source in sources} == {200}
    assert client.get("/api/v1/docs/redoc.standalone.js").status_code == 404


def test_answers_are_no_pages(client, db):
    answer = client.get("/api/v1/setup")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("body", ['{"name": "a\\u0000b"}', '{"name": "\\ud800"}', "{'name': 1}", "", '{"name": NaN}'])
def test_what_is_no_json_is_told_so(api, body):
    caller = api("owner")
    answer = caller.client.patch("/api/v1/me", body, content_type="application/json", headers=caller.headers)
    assert answer.status_code in {400, 422}
    assert answer.json()["code"] in {"bad_request", "invalid"}


def test_a_backslash_before_u0000_is_text(api):
    caller = api("owner")
    answer = caller.client.patch("/api/v1/me", r'{"name": "C:\\u0000"}', content_type="application/json", headers=caller.headers)
    assert answer.json()["user"]["name"] == r"C:\u0000"


def test_what_breaks_is_logged_under_a_number_and_says_nothing_more(api, monkeypatch, caplog):
    def breaks(*_):
        raise RuntimeError("the secret inside")

    monkeypatch.setattr("textfirst.api.v1.me.workspaces_of", breaks)
    caller = api("owner")
    caller.client.raise_request_exception = False
    answer = caller.get("/me")
    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert "secret" not in answer.content.decode()
    (record,) = [record for record in caplog.records if record.message == "request failed"]
    assert record.error_id in answer.json()["message"]


def test_a_database_that_is_away_is_told_with_a_time(api, monkeypatch):
    from django.db import OperationalError

    def away(*_):
        raise OperationalError("the connection is closed")

    monkeypatch.setattr("textfirst.api.v1.me.workspaces_of", away)
    answer = api("owner").get("/me")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "unavailable", "5")


def test_a_clash_that_only_the_database_saw_is_a_conflict(api, monkeypatch):
    from textfirst.accounts.models import User

    def clash(*_):
        User.objects.create(email="TWICE@example.com")
        User.objects.create(email="twice@example.com")

    monkeypatch.setattr("textfirst.api.v1.me.workspaces_of", clash)
    answer = api("owner").get("/me")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    connection.set_rollback(False)
