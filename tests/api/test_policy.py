from __future__ import annotations

import pytest

from textfirst.accounts.models import Workspace
from textfirst.database.scope import workspace_scope
from textfirst.decisions.queries import policy_of

WEEK = {day: ["09:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": [], "sun": []}


def version(workspace) -> int:
    with workspace_scope(workspace.id):
        return Workspace.objects.get(id=workspace.id).version


def test_without_a_word_the_defaults_hold(api):
    told = api("viewer").get("/policy").json()
    defaults = told.pop("defaults")
    assert told == defaults
    assert (told["countries"], told["hours"], told["staff_hours"]) == ([], {"week": None, "margin_minutes": 0}, None)
    assert told["caps"]["across"] == [{"texts": 1, "days": 1}, {"texts": 4, "days": 7}]
    assert [step["kind"] for step in told["plans"]["urgent"]["steps"]] == ["call", "text", "call"]


def test_what_is_left_out_stays_and_null_puts_the_default_back(api, workspace):
    admin = api("admin")
    before = version(workspace)
    told = admin.patch(
        "/policy", {"countries": ["GR", "CY"], "hours": {"week": WEEK}, "caps": {"notice": [{"texts": 2, "days": 1}]}}
    ).json()
    assert (told["countries"], told["hours"], told["caps"]["notice"]) == (
        ["GR", "CY"],
        {"week": WEEK, "margin_minutes": 0},
        [{"texts": 2, "days": 1}],
    )
    assert told["caps"]["across"] == told["defaults"]["caps"]["across"]
    told = admin.patch("/policy", {"hours": {"margin_minutes": 20}, "caps": {"across": []}}).json()
    assert (told["hours"], told["caps"]["across"], told["caps"]["notice"]) == (
        {"week": WEEK, "margin_minutes": 20},
        [],
        [{"texts": 2, "days": 1}],
    )
    told = admin.patch("/policy", {"hours": {"week": None}, "caps": {"across": None}, "countries": None}).json()
    assert (told["hours"], told["countries"]) == ({"week": None, "margin_minutes": 20}, [])
    assert told["caps"]["across"] == told["defaults"]["caps"]["across"]
    assert admin.get("/policy").json() == told
    assert version(workspace) == before + 3  # whatever waits is decided again


def test_plans_and_staff_hours(api, workspace):
    admin = api("admin")
    plan = {"steps": [{"kind": "text", "wait_minutes": 60, "go_on": "not_answered"}, {"kind": "call"}]}
    staff = {"zone": "Europe/Athens", "week": WEEK, "holidays": ["2026-12-25"], "messages": {"en": "Back {back}."}}
    told = admin.patch("/policy", {"plans": {"notice": plan}, "staff_hours": staff}).json()
    assert [step["wait_minutes"] for step in told["plans"]["notice"]["steps"]] == [60, 0]
    assert told["plans"]["urgent"] == told["defaults"]["plans"]["urgent"]
    assert told["staff_hours"] == staff
    assert admin.patch("/policy", {"staff_hours": None}).json()["staff_hours"] is None
    with workspace_scope(workspace.id):
        assert policy_of(workspace.id).staff_hours is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"countries": ["QQ"]}, "countries.0"),
        ({"countries": ["Greece"]}, "countries.0"),
        ({"hours": {"margin_minutes": 500}}, "hours.margin_minutes"),
        ({"hours": {"week": WEEK | {"mon": ["9-17"]}}}, "hours.week.mon.0"),
        ({"hours": {"week": WEEK | {"mon": ["17:00-09:00"]}}}, "hours.week.mon.0"),
        ({"hours": {"week": {}}}, "hours.week.mon"),
        ({"caps": {"across": [{"texts": 0, "days": 1}]}}, "caps.across.0.texts"),
        ({"caps": {"across": [{"texts": 1, "days": 90}]}}, "caps.across.0.days"),
        ({"caps": {"code": []}}, "caps.code"),
        ({"plans": {"notice": {"steps": []}}}, "plans.notice.steps"),
        ({"plans": {"notice": {"steps": [{"kind": "pigeon"}]}}}, "plans.notice.steps.0.kind"),
        ({"plans": {"notice": {"steps": [{"kind": "text"}, {"kind": "call"}]}}}, "plans.notice"),
        ({"capped": "drop"}, "capped"),
        ({"staff_hours": {"zone": "Mars/Olympus", "week": WEEK}}, "staff_hours.zone"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_hold_is_refused_where_it_stands(api, workspace, change, field):
    before = version(workspace)
    answer = api("admin", language="ar").patch("/policy", change)
    assert answer.status_code == 422, answer.json()
    assert next(iter(answer.json()["fields"])).startswith(field)
    assert any("\u0600" <= letter <= "\u06ff" for letter in next(iter(answer.json()["fields"].values()))), answer.json()
    assert version(workspace) == before


def test_only_admins_change_it(api):
    assert api("agent").patch("/policy", {"countries": []}).status_code == 403


# ---- what it means


def meant(caller, purpose: str = "promotion", **where) -> dict:
    answer = caller.post("/policy/preview", {"purpose": purpose, **where})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_what_the_settings_mean_somewhere(api):
    told = meant(api("viewer"), country="GR")
    assert (told["places"], told["zone"]) == (["Greece"], "Europe/Athens")
    assert {rule["id"] for rule in told["rules"]} >= {"GR.hours"}
    assert all(rule["jurisdiction"] == "GR" and rule["version"] >= 1 for rule in told["rules"])
    days = [span["date"] for span in told["week"]]
    assert days == sorted(days)
    assert 5 <= len(set(days)) <= 8
    assert all(span["opens"] < span["closes"] for span in told["week"])
    assert "Promotions, greetings and requests for feedback together: at most 4 to one person within 7 days." in told["sentences"]
    assert "اليونان" in meant(api("viewer", language="ar"), country="gr")["places"]


def test_own_hours_narrow_the_week_and_never_widen_it(api):
    admin = api("admin")
    before = {(span["date"], span["opens"], span["closes"]) for span in meant(admin, country="GR")["week"]}
    admin.patch("/policy", {"hours": {"week": {day: ["00:00-24:00"] for day in WEEK}}})
    assert {(span["date"], span["opens"], span["closes"]) for span in meant(admin, country="GR")["week"]} == before
    admin.patch("/policy", {"hours": {"week": {day: ["11:00-12:00"] for day in WEEK}}})
    narrow = meant(admin, country="GR")["week"][1:-1]  # the first and the last day may be cut by now
    assert {(span["opens"], span["closes"]) for span in narrow} == {("11:00", "12:00")}


def test_a_number_may_be_in_several_places(api):
    toll_free = meant(api("viewer"), to="+18005550123")
    assert toll_free["places"] == ["an unknown place"]
    assert toll_free["week"]  # the hours that all of North America has in common
    florida = meant(api("viewer"), to="+13055550123")
    assert florida["places"] == ["the United States", "Florida"]
    assert {rule["jurisdiction"] for rule in florida["rules"]} == {"US", "US-FL"}


def test_what_is_not_known_is_said_and_narrows(api):
    viewer = api("viewer")
    unknown = meant(viewer, country="BR")
    assert any("do not know it" in sentence or "no rules" in sentence for sentence in unknown["sentences"])
    nowhere = meant(viewer)
    assert (nowhere["week"], nowhere["zone"], nowhere["sentences"][0]) == ([], "", "Such a message would not leave.")
    assert any("time zone" in sentence for sentence in meant(viewer, country="GR", zone="Mars/Olympus")["sentences"])


def test_countries_that_are_not_served_and_purposes_without_hours(api):
    admin = api("admin")
    admin.patch("/policy", {"countries": ["GR"]})
    told = meant(admin, country="US")
    assert (told["week"], told["sentences"][0]) == ([], "Such a message would not leave.")
    notice = meant(admin, "notice", country="GR")
    assert {(span["opens"], span["closes"]) for span in notice["week"][1:-1]} == {("00:00", "24:00")}
    assert notice["sentences"][0] == "Such a message may leave now."


def test_what_cannot_be_asked(api):
    viewer = api("viewer")
    assert viewer.post("/policy/preview", {"purpose": "spam"}).json()["code"] == "purpose_unknown"
    assert viewer.post("/policy/preview", {"purpose": "notice", "to": "12"}).json()["code"] == "number_too_short"


def test_u5_exemptions_are_relied_on_by_name(api):
    admin = api("admin")
    assert admin.get("/policy").json()["relies_on"] == []
    assert admin.patch("/policy", {"relies_on": ["US.bank"]}).json()["relies_on"] == ["US.bank"]
    answer = admin.patch("/policy", {"relies_on": ["US.hours"]})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["relies_on.0"])
    assert [rule["id"] for rule in admin.get("/rule-packs/US").json()["rules"] if rule["relied_on"]] == [
        "US.healthcare-day",
        "US.healthcare-week",
        "US.bank",
    ]
