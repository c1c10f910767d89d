"""What every operation shares: who asks, errors, languages, the binding of the connection."""

from __future__ import annotations

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
