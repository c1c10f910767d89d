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
