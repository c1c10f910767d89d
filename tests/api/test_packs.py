from __future__ import annotations

from textfirst.core.languages import ar
from textfirst.decisions.packs.shelf import shelf


def test_every_place_is_listed_with_when_it_was_checked(api):
    items = api("viewer").get("/rule-packs").json()["items"]
    assert [one["jurisdiction"] for one in items] == sorted(shelf().packs)
    florida = next(one for one in items if one["jurisdiction"] == "US-FL")
    pack = shelf().packs["US-FL"]
    assert (florida["name"], florida["within"], florida["version"], florida["rules"]) == (
        "Florida",
        "US",
        pack.version,
        len(pack.rules),
    )
    saudi = next(one for one in items if one["jurisdiction"] == "SA")
    assert (saudi["checked"], saudi["confidence"]) == ("2026-11-22", "uncertain")  # the least certain of its rules


def test_a_pack_is_told_rule_by_rule_with_its_sources(api):
    told = api("viewer").get("/rule-packs/vn").json()
    assert (told["jurisdiction"], told["name"], told["versions"], told["regions_differ"]) == (
        "VN",
        "Vietnam",
        list(range(shelf().packs["VN"].version, 0, -1)),
        False,
    )
    rules = {one["id"]: one for one in told["rules"]}
    calls = rules["VN.call-hours"]
    assert (calls["kind"], calls["kinds"], calls["classes"], calls["law"]) == ("hours", ["call"], ["marketing", "service"], ["marketing"])
    assert (calls["week"]["sun"], calls["margin_minutes"], calls["effect"]) == (["08:00-17:00"], 10, None)
    assert calls["sentence"] == "In Vietnam, advertising calls are allowed from 08:00 to 17:00, by the clock of the person who is called."
    assert calls["sources"][0]["confidence"] == "secondary"
    assert {one["kind"] for one in told["rules"]} == {"hours", "content", "consent", "limit"}
    [consent] = [one for one in told["rules"] if one["kind"] == "consent"]
    limit = next(one for one in told["rules"] if one["kind"] == "limit")
    assert ("legacy_unproven" in consent["permits"], "express" in consent["permits"]) == (False, True)
    assert f"{limit['texts']} advertising" in limit["sentence"]
    label = rules["VN.label"]
    assert (label["kind"], label["week"], label["effect"]) == ("content", None, "block")


def test_a_pack_speaks_the_readers_language(api):
    told = api("viewer", language="ar").get("/rule-packs/US-LA").json()
    assert told["name"] == "لويزيانا"
    sentences = [rule["sentence"] for rule in told["rules"]]
    assert all(any("\u0600" <= letter <= "\u06ff" for letter in sentence) for sentence in sentences)
    assert told["holidays"] == sorted(told["holidays"], key=lambda one: one["date"])
    assert {day.name for pack in shelf().packs.values() for day in pack.holidays} <= ar.SENTENCES.keys()


def test_a_place_without_rules_says_what_holds_there(api):
    viewer = api("viewer")
    for place in ("BR", "US-CA", "nowhere at all"):
        answer = viewer.get(f"/rule-packs/{place}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert "the strictest hours hold" in answer.json()["message"]
    assert viewer.get("/rule-packs/VN", {"version": 1}).json()["version"] == 1
    newest = shelf().packs["VN"].version
    assert f"{newest} is the newest" in viewer.get("/rule-packs/VN", {"version": newest + 1}).json()["message"]
