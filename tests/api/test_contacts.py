"""Contacts, labels, lists and segments over HTTP."""

from __future__ import annotations

import pytest
from tests.factories import make_contact

from textfirst.contacts.models import ContactIdentity
from textfirst.database.scope import workspace_scope

ANNA = {
    "first_name": "Anna",
    "last_name": "P",
    "phone": "694 123 4567",
    "language": "el",
    "birthday": "1990-12-31",
    "attributes": {"city": "Athens"},
}


def test_made_read_changed_and_deleted(api):
    agent = api("agent")
    label = agent.post("/labels", {"name": "VIP", "color": "teal"}).json()
    group = agent.post("/lists", {"name": "Spring"}).json()
    made = agent.post("/contacts", {**ANNA, "labels": [label["id"]], "lists": [group["id"]]})
    assert made.status_code == 201
    contact = made.json()
    identity = contact["identities"][0]
    assert {**contact, "id": "", "created_at": "", "updated_at": "", "identities": []} == {
        "id": "", "first_name": "Anna", "last_name": "P", "name": "Anna P", "language": "el", "time_zone": "", "birthday": "1990-12-31",
        "country": "", "region": "", "prefers": None, "own_cap": None, "attributes": {"city": "Athens"}, "blocked": False, "identities": [], "labels": [{"id": label["id"], "name": "VIP", "color": "teal"}],
        "lists": [{"id": group["id"], "name": "Spring"}], "created_at": "", "updated_at": "",
    }  # fmt: skip
    assert {**identity, "id": ""} == {"id": "", "scheme": "tel", "address": "+306941234567", "urn": "tel:+306941234567", "stopped": False}

    changed = agent.patch(
        f"/contacts/{contact['id']}", {"blocked": True, "birthday": None, "attributes": {"city": None, "age": "30"}, "labels": []}
    ).json()
    assert (changed["blocked"], changed["birthday"], changed["attributes"], changed["labels"], changed["first_name"]) == (
        True,
        None,
        {"age": "30"},
        [],
        "Anna",
    )
    assert (
        agent.patch(f"/contacts/{contact['id']}", {"identities": [{"urn": "tel:+306941234568"}]}).json()["identities"][0]["address"]
        == "+306941234568"
    )

    assert agent.delete(f"/contacts/{contact['id']}").status_code == 204
    assert agent.get(f"/contacts/{contact['id']}").json()["code"] == "contact_not_found"
    assert agent.delete(f"/contacts/{contact['id']}").status_code == 404


def test_how_somebody_is_reached(api, workspace):
    agent = api("agent")
    made = agent.post("/contacts", {"phone": "+13055550123", "country": "usa", "region": "US-FL", "prefers": "call", "own_cap": 0}).json()
    path = f"/contacts/{made['id']}"
    assert [made[name] for name in ("country", "region", "prefers", "own_cap")] == ["US", "FL", "call", 0]
    assert agent.patch(path, {"first_name": "Ana"}).json()["own_cap"] == 0
    with workspace_scope(workspace.id):
        assert ContactIdentity.objects.get(contact_id=made["id"]).version == 1  # a name decides nothing
    changed = agent.patch(path, {"region": "", "prefers": None, "own_cap": None}).json()
    assert [changed[name] for name in ("country", "region", "prefers", "own_cap")] == ["US", "", None, None]
    with workspace_scope(workspace.id):
        assert ContactIdentity.objects.get(contact_id=made["id"]).version == 2
    for field, value in (("country", "Atlantis"), ("region", "nowhere"), ("prefers", "pigeon"), ("own_cap", 101)):
        refused = agent.patch(path, {field: value})
        assert (refused.status_code, list(refused.json()["fields"])) == (422, [field])
    agent.patch(path, {"prefers": "email"})
    agent.post("/contacts", {"phone": "+13055550124"})
    for query, found in (({"country": "us"}, 1), ({"country": "GR"}, 0), ({"prefers": "email"}, 1), ({"prefers": "text"}, 0)):
        assert len(agent.get("/contacts", query).json()["items"]) == found, query


def test_a_number_that_cannot_be_one_is_refused_where_it_is_typed(api):
    refused = api("agent").post("/contacts", {"phone": "12"})
    assert refused.status_code == 422
    assert refused.json() == {
        "code": "number_too_short",
        "message": "“12” is too short to be a phone number.",
        "fields": {"phone": "“12” is too short to be a phone number."},
    }
    assert api("agent", language="ar").post("/contacts", {"phone": "12"}).json()["message"] == "«12» أقصر من أن يكون رقم هاتف."


def test_a_taken_number_says_whose_it_is(api):
    agent = api("agent")
    first = agent.post("/contacts", ANNA).json()
    refused = agent.post("/contacts", {"phone": "+306941234567"})
    assert (refused.status_code, refused.json()["code"], refused.json()["fields"]["contact_id"]) == (409, "contact_exists", first["id"])


def test_pages_filters_and_totals(api, workspace):
    agent = api("agent")
    made = [str(make_contact(workspace, f"+30694000000{n}", first_name=f"Anna{n}", search_text=f"anna{n}").id) for n in range(5)]
    label = agent.post("/labels", {"name": "VIP"}).json()["id"]
    assert agent.post("/contacts/bulk", {"ids": made[:3], "add_labels": [label]}).json() == {"changed": 3}
    first = agent.get("/contacts", {"limit": 2}).json()
    second = agent.get("/contacts", {"limit": 3, "after": first["next"]}).json()
    assert [c["id"] for c in first["items"] + second["items"]] == made[::-1]
    assert (first["total"], second["total"], second["next"]) == (5, None, None)
    assert agent.get("/contacts", {"search": "anna3"}).json()["total"] == 1
    assert [c["id"] for c in agent.get("/contacts", {"label": label}).json()["items"]] == made[2::-1]
    assert agent.post("/contacts/bulk", {"filter": {"label": label}, "remove_labels": [label]}).json() == {"changed": 3}
    assert agent.get("/labels").json()["items"] == [{"id": label, "name": "VIP", "color": "gray", "contacts": 0}]


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/contacts", {"after": "nonsense"}, "cursor_invalid"),
        ("/contacts", {"limit": "0"}, "invalid"),
        ("/contacts", {"label": "x"}, "invalid"),
        ("/contacts/export", {"format": "exe"}, "invalid"),
    ],
)
def test_questions_that_make_no_sense(api, path, query, code):
    answer = api("viewer").get(path, query)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_bulk_needs_ids_or_a_filter_and_real_labels(api):
    agent = api("agent")
    for body in ({}, {"ids": [], "filter": {}}, {"ids": [], "add_labels": ["01a2019d-bdce-77c6-bda4-dc47b478ba0c"]}):
        assert agent.post("/contacts/bulk", body).status_code == 422


def test_another_workspaces_things_are_not_there(api, workspace, other_workspace):
    theirs = make_contact(other_workspace, "+306941234567", first_name="Other", search_text="other +306941234567")
    stranger = api("owner", workspace=other_workspace)
    label, group = stranger.post("/labels", {"name": "Theirs"}).json()["id"], stranger.post("/lists", {"name": "Theirs"}).json()["id"]
    segment = stranger.post("/segments", {"name": "Theirs", "rule": {"all": []}}).json()["id"]
    owner = api("owner")
    mine = owner.post("/contacts", ANNA).json()["id"]
    assert owner.get(f"/contacts/{theirs.id}").status_code == 404
    assert owner.patch(f"/contacts/{theirs.id}", {"first_name": "x"}).status_code == 404
    assert owner.delete(f"/contacts/{theirs.id}").status_code == 404
    for search in ("other", "694", "+306941234567"):
        assert all(c["id"] == mine for c in owner.get("/contacts", {"search": search}).json()["items"])
    assert owner.get("/contacts", {"label": label}).json()["items"] == []
    assert owner.get("/contacts", {"list": group, "search": "anna"}).json()["items"] == []
    assert owner.get("/contacts", {"segment": segment}).status_code == 404
    assert owner.patch(f"/contacts/{mine}", {"labels": [label]}).status_code == 422
    assert owner.patch(f"/contacts/{mine}", {"lists": [group]}).status_code == 422
    assert owner.post("/contacts/bulk", {"filter": {}, "add_labels": [label]}).status_code == 422
    for path in (f"/labels/{label}", f"/lists/{group}", f"/segments/{segment}"):
        assert owner.patch(path, {"name": "mine"}).status_code == 404
        assert owner.delete(path).status_code == 404
    assert b"Other" not in b"".join(owner.get("/contacts/export").streaming_content)


def test_who_may(api):
    assert api.nobody.get("/contacts").status_code == 401
    assert api("viewer").post("/contacts", ANNA).status_code == 403
    assert api("viewer").get("/contacts").status_code == 200
    assert api.key("contacts:read").get("/contacts").status_code == 200
    assert api.key("contacts:read").post("/contacts", ANNA).status_code == 403
    assert api.key("contacts:write").post("/contacts", ANNA).status_code == 201
    assert api.key("messages:send").get("/contacts").status_code == 403


def test_segments(api, workspace):
    agent = api("agent")
    agent.post("/contacts", ANNA)
    make_contact(workspace, "+306941234599", first_name="Eleni")
    rule = {"all": [{"field": "attribute.city", "op": "is", "value": "athens"}]}
    seen = agent.post("/segments/preview", {"rule": rule}).json()
    assert (seen["count"], [c["first_name"] for c in seen["sample"]]) == (1, ["Anna"])
    made = agent.post("/segments", {"name": "Athens", "rule": rule})
    assert (made.status_code, made.json()["rule"]) == (201, rule)
    assert [c["first_name"] for c in agent.get("/contacts", {"segment": made.json()["id"]}).json()["items"]] == ["Anna"]
    assert agent.patch(f"/segments/{made.json()['id']}", {"name": "A"}).json()["name"] == "A"
    refused = agent.post("/segments", {"name": "B", "rule": {"all": [{"field": "shoe"}]}})
    assert (refused.status_code, refused.json()["code"], list(refused.json()["fields"])) == (422, "rule_invalid", ["rule.all.0.field"])
    assert agent.post("/segments", {"name": "a", "rule": rule}).json()["code"] == "name_taken"
    assert [s["name"] for s in agent.get("/segments").json()["items"]] == ["A"]
    assert agent.delete(f"/segments/{made.json()['id']}").status_code == 204


def test_lists(api):
    agent = api("agent")
    made = agent.post("/lists", {"name": "Spring"}).json()
    assert agent.post("/lists", {"name": "SPRING"}).status_code == 409
    assert agent.patch(f"/lists/{made['id']}", {"name": "Summer"}).json()["name"] == "Summer"
    assert [(g["name"], g["contacts"]) for g in agent.get("/lists").json()["items"]] == [("Summer", 0)]
    assert agent.delete(f"/lists/{made['id']}").status_code == 204
    assert agent.delete(f"/lists/{made['id']}").status_code == 404


@pytest.mark.parametrize(("kind", "start"), [("csv", b"\xef\xbb\xbfPhone,"), ("xlsx", b"PK")])
def test_export(api, kind, start):
    agent = api("agent")
    agent.post("/contacts", ANNA)
    answer = agent.get("/contacts/export", {"format": kind, "search": "anna", "workspace": str(api.workspace.id)})
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(start)
    assert answer["Content-Disposition"].endswith(f'.{kind}"')
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_merge_fields(api):
    agent = api("agent")
    agent.post("/contacts", ANNA)
    assert {"key": "contact.attributes.city", "name": "City", "kind": "text", "example": "Athens"} in agent.get("/contacts/fields").json()[
        "items"
    ]
