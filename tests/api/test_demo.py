"""The demo: people to text with and a campaign on its way, in every language of the product."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.api.conftest import Caller
from tests.api.test_setup import FORM

from textfirst.accounts.rules import LANGUAGES
from textfirst.core.addresses import read_number


@pytest.fixture
def demo(db) -> Caller:
    caller = Caller()
    assert caller.post("/setup", {**FORM, "demo": True}).status_code == 201
    return caller


def test_there_are_people_in_the_list(demo):
    people = demo.get("/contacts", {"limit": 200}).json()["items"]
    assert len(people) == 40
    assert {name["name"] for person in people for name in person["lists"]} == {"Demo"}
    assert {person["language"] for person in people} == set(LANGUAGES)
    assert all(person["labels"] and person["birthday"] and person["attributes"] for person in people)


def test_their_numbers_are_numbers(demo):
    for person in demo.get("/contacts", {"limit": 200}).json()["items"]:
        (identity,) = person["identities"]
        assert read_number(identity["address"], "GR").address == identity["address"]


def test_the_campaign_is_under_way_through_the_simulator(demo):
    (campaign,) = demo.get("/campaigns").json()["items"]
    (channel,) = demo.get("/channels").json()["items"]
    assert (campaign["state"], campaign["channel_id"], channel["kind"]) == ("preparing", channel["id"], "simulator")


def test_most_have_agreed_to_advertising_and_some_have_not(demo):
    kinds = Counter(
        (demo.get(f"/contacts/{person['id']}/consent").json()["standing"]["purposes"]["promotion"] or {"kind": None})["kind"]
        for person in demo.get("/contacts", {"limit": 200}).json()["items"]
    )
    assert kinds == {"double_opt_in": 14, "express_written": 7, "express": 7, "legacy_unproven": 6, None: 6}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_its_campaign(db, language):
    caller = Caller()
    assert caller.post("/setup", {**FORM, "language": language, "demo": True}).status_code == 201
    (campaign,) = caller.get("/campaigns").json()["items"]
    shown = caller.post(
        "/campaigns/preview", {"text": campaign["text"], "audience": campaign["audience"], "purpose": campaign["purpose"]}
    ).json()
    assert (shown["recipients"], shown["missing"], shown["unknown"]) == (40, [], [])
    assert "Blue Door Dental" in shown["samples"][0]["text"]
    assert "{{" not in shown["samples"][0]["text"]


def test_a_plain_workspace_is_empty(db):
    caller = Caller()
    caller.post("/setup", FORM)
    assert caller.get("/contacts").json()["items"] == []
    assert caller.get("/campaigns").json()["items"] == []
