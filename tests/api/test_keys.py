from __future__ import annotations

import pytest
from tests.factories import make_key

from textfirst.accounts.models import ApiKey
from textfirst.accounts.rules import is_key, secret_hash
from textfirst.database.scope import workspace_scope

WANTED = {"name": "Web shop", "kind": "live", "scopes": ["contacts:read", "messages:send"]}


def test_a_key_is_shown_once_and_kept_as_its_hash(api, workspace):
    made = api("admin").post("/keys", WANTED)
    secret, key = made.json()["secret"], made.json()["key"]
    assert made.status_code == 201
    assert secret.startswith("tf_live_")
    assert is_key(secret)
    assert (key["hint"], key["scopes"], key["revoked_at"]) == (secret[-4:], ["contacts:read", "messages:send"], None)
    with workspace_scope(workspace.id):
        stored = ApiKey.objects.get()
    assert bytes(stored.secret_hash) == secret_hash(secret)
    assert secret not in api("admin").get("/keys").content.decode()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes.0"),
        ({"kind": "royal"}, "kind"),
        ({"name": " "}, "name"),
        ({"more": 1}, "more"),
    ],
)
def test_what_makes_no_key(api, change, field):
    answer = api("admin").post("/keys", {**WANTED, **change})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_an_agent_makes_no_keys(api):
    assert api("agent").post("/keys", WANTED).status_code == 403
    assert api("agent").get("/keys").status_code == 403


def test_a_revoked_key_opens_nothing(api, workspace):
    made = make_key(workspace, "contacts:read")
    program = api.key()
    program.headers["Authorization"] = f"Bearer {made.secret}"
    assert program.get("/contacts").status_code == 200
    admin = api("admin")
    assert [admin.delete(f"/keys/{made.row.id}").status_code for _ in range(2)] == [204, 204]
    assert program.get("/contacts").status_code == 401
    revoked = [key["id"] for key in admin.get("/keys").json()["items"] if key["revoked_at"]]
    assert revoked == [str(made.row.id)]


def test_a_key_needs_the_scope(api):
    answer = api.key("campaigns:read").get("/contacts")
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_the_use_of_a_key_is_noted(api, workspace):
    program = api.key("contacts:read")
    program.get("/contacts")
    with workspace_scope(workspace.id):
        assert ApiKey.objects.get().last_used_at is not None


def test_a_key_of_another_workspace_is_not_there(api, other_workspace):
    foreign = make_key(other_workspace, "contacts:read")
    assert api("owner").delete(f"/keys/{foreign.row.id}").status_code == 404
    assert api("owner").get("/keys").json()["items"] == []


def test_keys_come_in_pages(api, workspace):
    made = [str(make_key(workspace, "contacts:read").row.id) for _ in range(5)]
    admin, seen, after = api("admin"), [], None
    for _ in range(3):
        answer = admin.get("/keys", {"limit": 2} | ({"after": after} if after else {})).json()
        seen += [key["id"] for key in answer["items"]]
        after = answer["next"]
    assert (seen, after) == (made[::-1], None)


@pytest.mark.parametrize("cursor", ["x", "bm90IGpzb24", "WyJhIl0", "WzEsMl0", "W1tdXQ", "é", "WyJcdTAwMDAiXQ"])
def test_a_bad_cursor_is_refused_where_it_is(api, cursor):
    answer = api("admin").get("/keys", {"after": cursor})
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (422, "cursor_invalid", ["after"])


@pytest.mark.django_db(transaction=True)
def test_revoking_is_announced(api, workspace, listen):
    made, admin = make_key(workspace, "contacts:read"), api("admin")
    heard = listen("textfirst_keys")
    admin.delete(f"/keys/{made.row.id}")
    admin.delete(f"/keys/{made.row.id}")
    assert heard() == [str(made.row.id)]
