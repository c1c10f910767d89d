"""U5: exemptions, told to people who know no law, and the length of their texts checked."""

from __future__ import annotations

import pytest
from tests.factories import make_contact

from textfirst.api.v1.exemptions import TOLD, _exemptions
from textfirst.core.languages import ar

HEALTHCARE = ["US.healthcare-day", "US.healthcare-week"]
LONG = "Dr. Wu:   your results of Monday are here.  " + "Please read them in the portal before you come. " * 3 + "Reply STOP to end."


def test_u5_each_is_told_with_its_conditions(api):
    items = {one["id"]: one for one in api("viewer", language="ar").get("/policy/exemptions").json()["items"]}
    found = items["US.healthcare"]
    assert (found["rules"], found["relied"]) == (HEALTHCARE, False)
    assert [one["kept"] for one in found["conditions"]] == ["checked", "held", "yours", "yours", "yours"]
    assert all("\u0600" <= one["text"][0] <= "\u06ff" for one in found["conditions"])
    assert "الرعاية" in found["name"]
    assert {word for _, word, _ in _exemptions()} == TOLD.keys()
    assert {sentence for told in TOLD.values() for sentence in (told.name, told.means, *told.yours)} <= ar.SENTENCES.keys()


def test_u5_whoever_relies_on_one_says_so_and_takes_it_back(api):
    admin = api("admin")
    for relied in (HEALTHCARE, []):
        assert admin.patch("/policy", {"relies_on": relied}).status_code == 200
        found = {one["id"]: one["relied"] for one in admin.get("/policy/exemptions").json()["items"]}
        assert found == {"US.healthcare": bool(relied), "US.bank": False}


@pytest.mark.parametrize(
    ("relied", "purpose", "number", "text", "found"),
    [
        (HEALTHCARE, "notice", "+12125550123", LONG, True), (HEALTHCARE, "notice", "+12125550123", "Your results are here.", False),
        ([], "notice", "+12125550123", LONG, False), (HEALTHCARE, "notice", "+306977777701", LONG, False),
        (HEALTHCARE, "support", "+12125550123", LONG, False), (["US.bank"], "reminder", "+12125550123", LONG, True),
    ],
)  # fmt: skip
def test_u5_a_text_that_is_too_long_is_pointed_out_with_a_shorter_one(api, provisioned, relied, purpose, number, text, found):
    admin = api("admin")
    admin.patch("/policy", {"relies_on": relied})
    make_contact(provisioned, number)
    alone = admin.post("/messages/preview", {"to": number, "text": text, "purpose": purpose}).json()["findings"]
    many = admin.post("/campaigns/preview", {"audience": {"everyone": True}, "text": text, "purpose": purpose}).json()["findings"]
    for findings in (alone, many):
        assert [one["rule"] for one in findings if one["rule"] in (*HEALTHCARE, "US.bank")] == (relied[:1] if found else [])
    if found:
        [one] = [one for one in alone if one["rule"] == relied[0]]
        assert (
            one["fix"]["text"]
            == "Dr. Wu: your results of Monday are here. " + "Please read them in the portal before you come. " * 2 + "Reply STOP to end."
        )
        assert (one["effect"], one["message"].endswith(f"this one has {len(LONG)}.")) == ("warn", True)


def test_u5_where_nothing_shorter_can_be_offered_there_is_no_fix(api, provisioned):
    admin = api("admin")
    admin.patch("/policy", {"relies_on": ["US.bank"]})
    for text in ("word " * 40, "{{ contact.first_name | default: 'you. " + "x" * 150 + "' }} hello. Bye."):
        [one] = admin.post("/messages/preview", {"to": "+12125550123", "text": text, "purpose": "notice"}).json()["findings"]
        assert one["fix"] is None
