"""By what somebody is reached."""

from __future__ import annotations

import pytest
from pydantic import ValidationError
from tests.unit.decisions.people import person

from textfirst.core.purposes import Purpose
from textfirst.decisions.plans import age_group, choose
from textfirst.decisions.policy import DEFAULT, GoOn, Plan, Plans, Step
from textfirst.decisions.types import Because, ChannelKind, Code

TEXT, CALL, EMAIL, CHAT = ChannelKind
ALL = frozenset(ChannelKind)
PLANS = DEFAULT.plans


def step(purpose, connected=ALL, **known):
    """The kind chosen, and the reasons."""
    found = choose(PLANS.of(purpose), person(**known), connected)
    return found.kind, [(one.code, *one.facts) for one in found.reasons]


@pytest.mark.parametrize(
    ("purpose", "kinds"),
    [
        (Purpose.PROMOTION, [TEXT]),  # S32
        (Purpose.GREETING, [TEXT]),
        (Purpose.FEEDBACK, [TEXT, CALL]),
        (Purpose.REMINDER, [TEXT, CALL]),  # S53
        (Purpose.APPOINTMENT, [TEXT, EMAIL]),  # S44
        (Purpose.NOTICE, [TEXT]),  # S42
        (Purpose.SUPPORT, [TEXT, CALL, CHAT, EMAIL]),
        (Purpose.STAFF, [TEXT]),
        (Purpose.CODE, [TEXT]),
        (Purpose.URGENT, [CALL, TEXT, CALL]),  # S31, S39
    ],
)
def test_s31_s32_s42_s44_s53_the_plans_of_the_brief(purpose, kinds):
    plan = PLANS.of(purpose)
    assert [one.channel for one in plan.steps] == kinds
    assert plan.kinds == set(kinds)
    assert plan.urgent is (purpose is Purpose.URGENT)
    assert plan.by_age is (purpose is Purpose.SUPPORT)


@pytest.mark.parametrize(
    ("purpose", "waits"),
    [
        (Purpose.FEEDBACK, [(24 * 60, GoOn.UNHAPPY)]),  # a call for the unhappy only
        (Purpose.REMINDER, [(120, GoOn.NOT_CONFIRMED)]),
        (Purpose.APPOINTMENT, [(30, GoOn.NOT_DELIVERED)]),
        (Purpose.URGENT, [(0, GoOn.ALWAYS), (5, GoOn.NOT_CONFIRMED)]),  # the text goes beside the call
        (Purpose.SUPPORT, [(30, GoOn.NOT_DELIVERED), (30, GoOn.NOT_ANSWERED), (30, GoOn.NOT_ANSWERED)]),
    ],
)
def test_when_a_plan_goes_on(purpose, waits):
    steps = PLANS.of(purpose).steps
    assert [(one.wait_minutes, one.go_on) for one in steps[:-1]] == waits
    assert (steps[-1].wait_minutes, steps[-1].go_on) == (0, None)


def test_the_first_step_is_taken():
    assert step(Purpose.REMINDER) == (TEXT, [(Code.PLAN_STEP, 1, TEXT)])


def test_what_is_not_connected_is_passed_over_and_said_once():
    assert step(Purpose.URGENT, {TEXT}) == (TEXT, [(Code.NOT_CONNECTED, CALL), (Code.PLAN_STEP, 2, TEXT)])
    assert step(Purpose.URGENT, {CHAT}) == (None, [(Code.NOT_CONNECTED, CALL), (Code.NOT_CONNECTED, TEXT)])
    assert choose(PLANS.urgent, person(), set()).step is None


@pytest.mark.parametrize(
    ("wish", "chosen", "reasons"),
    [
        (EMAIL, EMAIL, [(Code.PREFERRED, EMAIL), (Code.PLAN_STEP, 2, EMAIL)]),
        (TEXT, TEXT, [(Code.PREFERRED, TEXT), (Code.PLAN_STEP, 1, TEXT)]),
        (CALL, TEXT, [(Code.PREFERENCE_NOT_IN_PLAN, CALL), (Code.PLAN_STEP, 1, TEXT)]),
    ],
)
def test_s1_s29_what_a_person_asked_for_comes_first(wish, chosen, reasons):
    assert step(Purpose.APPOINTMENT, prefers=int(wish)) == (chosen, reasons)


def test_s1_a_wish_that_cannot_be_met_falls_through():
    assert step(Purpose.APPOINTMENT, {TEXT}, prefers=int(EMAIL)) == (
        TEXT,
        [(Code.PREFERRED, EMAIL), (Code.NOT_CONNECTED, EMAIL), (Code.PLAN_STEP, 1, TEXT)],
    )


def test_x4_only_urgency_beats_a_wish_and_that_is_recorded():
    assert step(Purpose.URGENT, prefers=int(TEXT)) == (CALL, [(Code.URGENCY_OVERRIDES, TEXT, CALL), (Code.PLAN_STEP, 1, CALL)])
    assert step(Purpose.URGENT, prefers=int(CALL)) == (CALL, [(Code.PLAN_STEP, 1, CALL)])


@pytest.mark.parametrize(
    ("born", "chosen", "told"),
    [
        (1946, CALL, [(Code.BY_AGE, CALL, 1)]),
        (1964, CALL, [(Code.BY_AGE, CALL, 1)]),
        (1965, TEXT, []),
        (1980, TEXT, []),
        (1981, TEXT, [(Code.BY_AGE, TEXT, 2)]),
        (None, TEXT, []),
    ],
)
def test_s2_s46_support_goes_by_age_when_nothing_is_known(born, chosen, told):
    kind, reasons = step(Purpose.SUPPORT, born=born)
    assert (kind, reasons[:-1]) == (chosen, told)


def test_s2_s29_age_is_a_guess_and_for_support_only():
    assert step(Purpose.SUPPORT, born=1950, prefers=int(CHAT))[0] is CHAT
    assert step(Purpose.REMINDER, born=1950)[0] is TEXT
    no_calls = Plan(steps=(Step(kind="text", go_on="always"), Step(kind="email")), by_age=True)
    assert choose(no_calls, person(born=1950), ALL).reasons == (Because(Code.PLAN_STEP, (1, TEXT)),)


@pytest.mark.parametrize(("born", "group"), [(1964, 1), (1965, None), (1980, None), (1981, 2), (None, None)])
def test_age_groups(born, group):
    assert age_group(born) == group


@pytest.mark.parametrize(
    "steps",
    [
        [],
        [{"kind": "text"}, {"kind": "call"}],  # when to go on to the call?
        [{"kind": "pigeon"}],
        [{"kind": "text", "wait_minutes": -1}],
        [{"kind": "text", "go_on": "maybe"}],
        [{"kind": "text", "go_on": "always"}] * 8 + [{"kind": "text"}],
    ],
)
def test_a_plan_that_is_none_is_refused(steps):
    with pytest.raises(ValidationError):
        Plan(steps=steps)


def test_plans_are_by_purpose():
    assert {purpose: Plans().of(purpose) for purpose in Purpose} == {purpose: getattr(Plans(), purpose.word) for purpose in Purpose}
