"""What a workspace may settle, and what is refused."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from textfirst.decisions.policy import DEFAULT, Cap, Caps, OwnHours, Policy, StaffHours

WEEK = {day: ["09:00-12:00", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
STAFF = {"zone": "Europe/Athens", "week": WEEK, "holidays": ["2026-12-25"], "messages": {"en": "We are back at nine."}}


def test_the_defaults_are_those_of_the_design():
    caps = DEFAULT.caps
    assert (caps.across, caps.reminder, caps.appointment, caps.notice) == (
        (Cap(texts=1, days=1), Cap(texts=4, days=7)), (Cap(texts=4, days=1),), (Cap(texts=4, days=1),), (Cap(texts=6, days=1),),
    )  # fmt: skip
    assert (caps.promotion, caps.greeting, caps.feedback) == ((), (), ())
    assert (DEFAULT.countries, DEFAULT.capped, DEFAULT.staff_hours, DEFAULT.hours.narrow) == ((), "wait", None, False)


@pytest.mark.parametrize(
    "settled",
    [
        {},
        {"countries": ["GR", "VN"]},
        {"hours": {"week": WEEK, "margin_minutes": 5}},
        {"caps": {"across": [], "notice": [{"texts": 1, "days": 31}]}},
        {"plans": {"notice": {"steps": [{"kind": "email", "go_on": "not_delivered"}, {"kind": "text"}]}}},
        {"staff_hours": STAFF},
    ],
)
def test_what_is_settled_is_read_back_from_the_database(settled):
    policy = Policy.model_validate(settled)
    again = Policy.model_validate(policy.model_dump(mode="json"))
    assert (again, again.key) == (policy, policy.key)


@pytest.mark.parametrize(
    ("settled", "place"),
    [
        ({"countries": ["Greece"]}, ("countries", 0)),
        ({"countries": ["gr"]}, ("countries", 0)),
        ({"countries": ["XX"]}, ("countries", 0)),
        ({"hours": {"week": {"mon": []}}}, ("hours", "week", "tue")),
        ({"hours": {"week": {**WEEK, "mon": ["17:00-09:00"]}}}, ("hours", "week", "mon", 0)),
        ({"hours": {"margin_minutes": -1}}, ("hours", "margin_minutes")),
        ({"hours": {"margin_minutes": 121}}, ("hours", "margin_minutes")),
        ({"caps": {"across": [{"texts": 0, "days": 1}]}}, ("caps", "across", 0, "texts")),
        ({"caps": {"across": [{"texts": 1, "days": 32}]}}, ("caps", "across", 0, "days")),
        ({"caps": {"across": [{"texts": 1, "days": 1}] * 9}}, ("caps", "across")),
        ({"caps": {"urgent": [{"texts": 1, "days": 1}]}}, ("caps", "urgent")),  # what is urgent is not capped
        ({"caps": {"code": []}}, ("caps", "code")),
        ({"capped": "drop"}, ("capped",)),
        ({"staff_hours": {**STAFF, "zone": "Mars/Olympus"}}, ("staff_hours", "zone")),
        ({"staff_hours": {**STAFF, "messages": {"en": ""}}}, ("staff_hours", "messages", "en")),
        ({"plan": {}}, ("plan",)),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(settled, place):
    with pytest.raises(ValidationError) as error:
        Policy.model_validate(settled)
    assert error.value.errors()[0]["loc"] == place


def test_hours_that_narrow_nothing():
    assert not OwnHours().narrow
    assert OwnHours(margin_minutes=1).narrow
    assert OwnHours(week=WEEK).narrow


def test_policies_that_differ_have_different_keys():
    some = [
        DEFAULT,
        Policy(countries=("GR",)),
        Policy(caps=Caps(across=())),
        Policy(hours={"week": WEEK}),
        Policy(staff_hours=StaffHours(**STAFF)),
    ]
    assert len({one.key for one in some}) == 5
    assert Policy().key == DEFAULT.key


def test_nobody_changes_a_policy():
    with pytest.raises(ValidationError):
        DEFAULT.countries = ("GR",)  # type: ignore[misc]


@pytest.mark.parametrize("exemption", ["US.healthcare-week", "US.bank"])
def test_u5_an_exemption_is_one_of_the_rule_packs(exemption):
    assert Policy(relies_on=(exemption,)).relies_on == (exemption,)


@pytest.mark.parametrize("unknown", ["US.hours", "US-FL.limit", "US.unheard-of", ""])
def test_u5_nothing_else_is_relied_on(unknown):
    with pytest.raises(ValidationError, match="There is no such exemption"):
        Policy(relies_on=(unknown,))
