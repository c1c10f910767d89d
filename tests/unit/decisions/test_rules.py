"""May we, when and why: rule by rule, then what must hold whatever else is true."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.decisions.people import BOOK, DAY, HOUR, MINUTE, NIGHT, NOON, YES, allowed_by_the_wall, ask, person, sent

from textfirst.consent.types import Kind as Permission
from textfirst.core.purposes import Purpose
from textfirst.decisions.lawbook import Lawbook, lawbook
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.policy import DEFAULT, Cap, Caps, OwnHours, Plan, Plans, Policy, StaffHours, Step
from textfirst.decisions.rules import decide, facts_by_identity, facts_of
from textfirst.decisions.types import Asked, Because, ChannelKind, Code, Decision, Facts, Stamp, Topic, Verdict

STATES = shelf().packs["US"].version
ALLOW, DEFER, BLOCK = Verdict
PROMOTION, GREETING, NOTICE, REMINDER, CODE, URGENT = (
    Purpose.PROMOTION, Purpose.GREETING, Purpose.NOTICE, Purpose.REMINDER, Purpose.CODE, Purpose.URGENT,
)  # fmt: skip
MARKETING = (PROMOTION, GREETING)
SERVICES = tuple(purpose for purpose in Purpose if purpose not in MARKETING)
WEEK = {day: ["10:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


def codes(decision: Decision) -> list[int]:
    return [one.code for one in decision.reasons]


def facts_told(decision: Decision, code: Code) -> list[tuple[int | str, ...]]:
    return [one.facts for one in decision.reasons if one.code == code]


# ── whether at all ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"stopped": 1}, Because(Code.STOPPED)),
        ({"blocked": True}, Because(Code.BLOCKED)),
        ({"reassigned_on": date(1970, 1, 11)}, Because(Code.REASSIGNED, (10,))),
        ({"stopped": 1, "blocked": True}, Because(Code.STOPPED)),
        ({"blocked": True, "reassigned_on": date(2026, 1, 1)}, Because(Code.BLOCKED)),
    ],
)
def test_o1_o2_who_is_shut_out_gets_nothing_of_any_kind(known, reason, purpose):
    decision = ask(person(**known), purpose)
    assert decision == Decision(BLOCK, Stamp(5, 3), (reason,))
    assert decision.reason == Code(reason.code).word


@pytest.mark.parametrize("purpose", Purpose)
def test_o1_a_stop_of_one_purpose_stops_that_one(purpose):
    for other in Purpose:
        decision = ask(person(stopped=1 << other), purpose)
        assert (decision.reasons[0] == Because(Code.STOPPED_PURPOSE, (int(other),))) is (other is purpose)
        assert (decision.verdict is BLOCK) is (other is purpose)


@pytest.mark.parametrize("purpose", Purpose)
def test_o4_what_may_be_a_stop_holds_marketing_only(purpose):
    decision = ask(person(held=True), purpose)
    assert (decision.reasons[0].code == Code.HELD) is (purpose in MARKETING)
    assert (decision.verdict is BLOCK) is (purpose in MARKETING)


@pytest.mark.parametrize(
    ("purpose", "prefix", "country", "served"),
    [
        (PROMOTION, "+1212", "", True),
        (PROMOTION, "+4479", "", False),
        (PROMOTION, "+4479", "US", False),  # the number is what is sent to
        (PROMOTION, "", "US", True),
        (PROMOTION, "", "us", True),
        (PROMOTION, "", "GB", False),
        (PROMOTION, "+8816", "", False),  # nobody knows where: not a country of theirs
        (PROMOTION, "", "", False),
        (CODE, "+4479", "", False),  # whoever pumps codes is elsewhere
        (CODE, "+1212", "", True),
        (NOTICE, "+4479", "", True),
        (URGENT, "+4479", "", True),
    ],
)
def test_marketing_and_codes_go_where_the_workspace_has_customers(purpose, prefix, country, served):
    decision = ask(person(prefix=prefix, country=country), purpose, policy=Policy(countries=("US", "CA")))
    assert (decision.reasons[0].code == Code.COUNTRY_NOT_SERVED) is not served
    assert served or decision == Decision(BLOCK, Stamp(5, 3), (Because(Code.COUNTRY_NOT_SERVED, decision.reasons[0].facts),))
    if prefix == "+4479":
        assert served or decision.reasons[0].facts == ("GB",)


@pytest.mark.parametrize("purpose", SERVICES)
def test_a_service_needs_no_permission(purpose):
    decision = ask(person(promotion_kind=None, greeting_kind=None), purpose)
    assert decision.allowed
    assert Code.PERMISSION_NOT_NEEDED in codes(decision)
    assert not {Code.PERMISSION, Code.DNC_UNKNOWN} & set(codes(decision))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (None, Because(Code.NO_PERMISSION)),
        (0, Because(Code.NO_PERMISSION)),
        (Permission.LEGACY_UNPROVEN, Because(Code.PERMISSION_UNPROVEN)),  # C4
        (Permission.IMPLIED_PURCHASE, Because(Code.PERMISSION_TOO_WEAK, (3, "US.consent", STATES))),
        (Permission.SOFT_OPT_IN, Because(Code.PERMISSION_TOO_WEAK, (4, "US.consent", STATES))),
        (Permission.EXPRESS, Because(Code.PERMISSION_TOO_WEAK, (6, "US.consent", STATES))),  # U1
        (99, Because(Code.PERMISSION_TOO_WEAK, (99, "US.consent", STATES))),  # of a later version
    ],
)
def test_c4_u1_s104_what_is_not_enough_in_the_united_states(kind, reason):
    assert ask(person(promotion_kind=kind)) == Decision(BLOCK, Stamp(5, 3), (reason,))
    assert ask(person(greeting_kind=kind), GREETING) == Decision(BLOCK, Stamp(5, 3), (reason,))


@pytest.mark.parametrize("kind", [Permission.ATTESTED, Permission.EXPRESS_WRITTEN, Permission.DOUBLE_OPT_IN])
def test_u1_what_is_enough_in_the_united_states(kind):
    decision = ask(person(promotion_kind=int(kind)))
    assert decision.allowed
    assert facts_told(decision, Code.PERMISSION) == [(int(kind), "US.consent", STATES)]


@pytest.mark.parametrize(
    ("place", "kind", "allowed"),
    [
        ({"prefix": "+4479"}, Permission.SOFT_OPT_IN, True),
        ({"prefix": "+4479"}, Permission.IMPLIED_PURCHASE, False),
        ({"prefix": "+3069"}, Permission.SOFT_OPT_IN, True),
        ({"prefix": "+4850"}, Permission.SOFT_OPT_IN, False),
        ({"prefix": "+4850"}, Permission.EXPRESS, True),
        ({"prefix": "+1416"}, Permission.IMPLIED_INQUIRY, True),
        ({"prefix": "+2010"}, Permission.EXPRESS, False),  # Egypt: no pack, the strict default
        ({"prefix": "+2010"}, Permission.EXPRESS_WRITTEN, True),
        ({"prefix": "+4479", "country": "US", "region": "NY"}, Permission.EXPRESS, False),  # all places have to agree
        ({"prefix": "+4479", "country": "XX"}, Permission.EXPRESS, False),
    ],
)
def test_c4_which_permission_is_enough_where(place, kind, allowed):
    decision = ask(person(promotion_kind=int(kind), **place), now=datetime(2026, 11, 23, 15, tzinfo=UTC))
    assert (decision.reason == "permission_too_weak") is not allowed
    assert (decision.verdict is BLOCK) is not allowed


def test_every_rule_a_permission_satisfies_is_told():
    decision = ask(person(prefix="+4479", country="GR"), now=datetime(2026, 11, 23, 15, tzinfo=UTC))
    assert facts_told(decision, Code.PERMISSION) == [(YES, "GB.text-consent", 3), (YES, "GR.text-consent", 3)]


def test_a_chat_needs_the_permission_of_a_text():
    policy = Policy(plans=Plans(promotion=Plan(steps=(Step(kind="chat"),))))
    chat = {"kind": ChannelKind.CHAT, "connected": frozenset({ChannelKind.CHAT}), "policy": policy, "now": NIGHT}
    assert ask(person(promotion_kind=int(Permission.EXPRESS)), **chat).reason == "permission_too_weak"
    assert Code.NO_HOURS_NEEDED in codes(ask(person(), **chat))


def test_an_email_has_no_pack_and_needs_the_strictest():
    policy = Policy(plans=Plans(promotion=Plan(steps=(Step(kind="email"),))))
    mail = {"kind": ChannelKind.EMAIL, "connected": frozenset({ChannelKind.EMAIL}), "policy": policy}
    decision = ask(person(promotion_kind=int(Permission.EXPRESS)), **mail)
    assert decision.reasons[0] == Because(Code.PERMISSION_TOO_WEAK, (6, "ZZ.consent", 2))


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"dnc_listed": False}, Code.DNC_CLEAR),
        ({"dnc_listed": None}, Code.DNC_UNKNOWN),  # absent means unknown, and it says so
        ({"dnc_listed": True}, Code.DNC_OUTWEIGHED),
    ],
)
def test_u3_a_permission_of_their_own_outweighs_the_register(known, reason):
    decision = ask(person(**known))
    assert decision.allowed
    assert {Code.DNC_CLEAR, Code.DNC_UNKNOWN, Code.DNC_OUTWEIGHED} & set(codes(decision)) == {reason}
    assert Code.REASSIGNMENT_UNKNOWN in codes(decision)


@pytest.mark.parametrize(
    "known",
    [
        {"promotion_kind": None},
        {"promotion_kind": int(Permission.ATTESTED)},
        {"promotion_kind": int(Permission.SOFT_OPT_IN), "prefix": "+4479"},
        {"promotion_until": NOON},
        {"promotion_until": NOON - DAY},
        {"prefix": "+8490"},  # in Vietnam the register is the last word
    ],
)
def test_u3_a_number_on_a_register_is_left_alone(known):
    assert ask(person(dnc_listed=True, **known)) == Decision(BLOCK, Stamp(5, 3), (Because(Code.DNC_LISTED),))


def test_u3_whoever_is_listed_still_gets_services():
    assert ask(person(dnc_listed=True, promotion_kind=None), NOTICE).allowed


@pytest.mark.parametrize("purpose", MARKETING)
def test_c4_a_permission_runs_out(purpose):
    column = f"{purpose.word}_until"
    gone = ask(person(**{column: NOON}), purpose)
    assert gone == Decision(BLOCK, Stamp(5, 3), (Because(Code.PERMISSION_EXPIRED, (YES, 20780)),))
    ends = ask(person(**{column: NOON + MINUTE}), purpose)
    assert ends.allowed
    assert ends.send_by == NOON + MINUTE, "from then on it is decided anew"
    assert ask(person(**{column: NOON + DAY}), purpose).send_by == datetime(2026, 11, 24, 1, 50, tzinfo=UTC)


def test_c4_a_permission_that_ends_before_the_window_opens_is_none():
    decision = ask(person(promotion_until=NIGHT + HOUR), now=NIGHT)
    assert decision.verdict is BLOCK
    assert codes(decision)[:2] == [Code.PERMISSION_EXPIRED, Code.QUIET_HOURS]
    assert ask(person(promotion_until=NIGHT + 9 * HOUR), now=NIGHT).verdict is BLOCK  # eight in the morning there
    assert ask(person(promotion_until=NIGHT + 9 * HOUR + MINUTE), now=NIGHT).verdict is DEFER


def test_greetings_and_promotions_have_permissions_of_their_own():
    assert ask(person(promotion_kind=None), GREETING).allowed
    assert ask(person(greeting_kind=None), PROMOTION).allowed
    assert ask(person(promotion_until=NOON), GREETING).allowed


# ── the sender's bounds ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("purpose", Purpose)
def test_what_is_worth_nothing_any_more(purpose):
    assert ask(person(), purpose, not_after=NOON) == Decision(BLOCK, Stamp(5, 3), (Because(Code.EXPIRED),))
    assert ask(person(), purpose, not_after=NOON + MINUTE).allowed
    assert ask(person(), purpose, not_before=NOON + HOUR, not_after=NOON + HOUR).reason == "expired"


@pytest.mark.parametrize("purpose", Purpose)
def test_what_is_planned_waits(purpose):
    decision = ask(person(), purpose, not_before=NOON + HOUR)
    assert (decision.verdict, decision.until, decision.reason) == (DEFER, NOON + HOUR, "scheduled")
    assert decision.reasons[0].facts == (int((NOON + HOUR).timestamp() // 60),)
    assert ask(person(), purpose, not_before=NOON).allowed
    assert ask(person(), purpose, not_before=NOON - HOUR).allowed
    assert Code.SCHEDULED not in codes(ask(person(), purpose, not_before=NOON - HOUR))


def test_who_is_stopped_is_told_so_before_all_else():
    assert ask(person(stopped=1), not_after=NOON - HOUR).reason == "stopped"
    assert ask(person(promotion_kind=None), not_after=NOON - HOUR).reason == "no_permission"


# ── by what ────────────────────────────────────────────────────────────────────────────────────────────────


def test_s32_a_plan_without_this_channel_says_no():
    decision = ask(person(), kind=ChannelKind.CALL, connected=frozenset(ChannelKind))
    assert decision.verdict is BLOCK
    assert decision.reasons == (Because(Code.PLAN_SAYS_NO, (2,)), Because(Code.PLAN_STEP, (1, 1)))


def test_a_plan_of_which_nothing_is_connected_says_no():
    decision = ask(person(), connected=frozenset())
    assert decision.reasons == (Because(Code.PLAN_SAYS_NO, (1,)), Because(Code.NOT_CONNECTED, (1,)))
    assert decision.verdict is BLOCK


def test_why_by_this_channel_is_told_of_what_may_go():
    decision = ask(person(prefers=2), URGENT)
    assert decision.allowed
    assert decision.reasons[-2:] == (Because(Code.NOT_CONNECTED, (2,)), Because(Code.PLAN_STEP, (2, 1)))


# ── when ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("purpose", "waits"),
    [
        (PROMOTION, True),
        (GREETING, True),
        (Purpose.FEEDBACK, True),
        (REMINDER, True),
        (Purpose.APPOINTMENT, True),
        (NOTICE, False),
        (Purpose.SUPPORT, False),
        (Purpose.STAFF, False),
        (CODE, False),
        (URGENT, False),
    ],
)
def test_h1_u2_who_waits_for_the_morning(purpose, waits):
    decision = ask(person(), purpose, NIGHT)
    assert (decision.verdict, decision.until) == ((DEFER, NIGHT + 9 * HOUR) if waits else (ALLOW, None))
    assert (Code.NO_HOURS_NEEDED in codes(decision)) is not waits
    assert (decision.send_by is not None) is waits


def test_h2_the_answer_holds_until_shortly_before_closing():
    decision = ask(person())
    assert (decision.send_by, decision.not_after) == (datetime(2026, 11, 24, 1, 50, tzinfo=UTC), datetime(2026, 11, 24, 2, tzinfo=UTC))
    assert facts_told(decision, Code.WITHIN_HOURS) == [("US.hours", STATES, "")]
    assert facts_told(decision, Code.CLOCKS) == [("America/New_York",)]
    waiting = ask(person(), now=NIGHT)
    assert (waiting.send_by, waiting.not_after) == (datetime(2026, 11, 25, 1, 50, tzinfo=UTC), datetime(2026, 11, 25, 2, tzinfo=UTC))
    assert waiting.reasons[0] == Because(Code.QUIET_HOURS, ("US.hours", STATES, "America/New_York"))


def test_h1_a_place_in_doubt_narrows_the_hours_and_says_so():
    early = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # nine in New York
    decision = ask(person(prefix="", country="US", zone="America/New_York"), now=early)
    assert decision.verdict is DEFER
    assert decision.reasons[0].code != Code.REGION_UNKNOWN, "what shuts it comes first"
    assert Code.REGION_UNKNOWN in codes(decision)
    assert ask(person(zone="Mars/Olympus")).verdict is ALLOW
    assert Code.ZONE_INVALID in codes(ask(person(zone="Mars/Olympus")))


def test_h1_without_a_clock_marketing_is_shut_and_a_service_goes():
    shut = ask(person(prefix="+8816"))
    assert (shut.verdict, shut.reason) == (BLOCK, "zone_unknown")
    open_ = ask(person(prefix="+8816"), REMINDER)
    assert open_.allowed
    assert {Code.ZONE_UNKNOWN, Code.COUNTRY_UNKNOWN} <= set(codes(open_))


@pytest.mark.parametrize(
    ("not_after", "verdict", "reason"),
    [(NIGHT + 9 * HOUR, BLOCK, "past_validity"), (NIGHT + 9 * HOUR + MINUTE, DEFER, "quiet_hours"), (None, DEFER, "quiet_hours")],
)
def test_what_is_worth_nothing_when_the_hours_open_is_not_sent(not_after, verdict, reason):
    decision = ask(person(), now=NIGHT, not_after=not_after)
    assert (decision.verdict, decision.reason) == (verdict, reason)
    assert Code.QUIET_HOURS in codes(decision)


def test_a_plan_for_the_night_waits_for_the_morning():
    decision = ask(person(), not_before=NIGHT)
    assert (decision.verdict, decision.until, decision.reason) == (DEFER, NIGHT + 9 * HOUR, "quiet_hours")
    assert facts_told(decision, Code.SCHEDULED) == [(int(NIGHT.timestamp() // 60),)]


@pytest.mark.parametrize("purpose", [REMINDER, Purpose.APPOINTMENT])
def test_the_hour_a_person_chose_is_theirs(purpose):
    decision = ask(person(), purpose, NIGHT, hour_chosen=True)
    assert (decision.verdict, decision.send_by) == (ALLOW, None)
    assert Code.HOUR_CHOSEN in codes(decision)


@pytest.mark.parametrize("purpose", [PROMOTION, GREETING, Purpose.FEEDBACK])
def test_nobody_chooses_the_hour_of_advertising(purpose):
    assert ask(person(), purpose, NIGHT, hour_chosen=True).verdict is DEFER


@pytest.mark.parametrize("purpose", MARKETING)
def test_x1_who_agreed_to_any_hour_is_told_at_midnight(purpose):
    decision = ask(person(any_hour=True), purpose, NIGHT)
    assert (decision.verdict, decision.send_by) == (ALLOW, None)
    assert Code.ANY_HOUR in codes(decision)
    assert ask(person(any_hour=True), REMINDER, NIGHT).verdict is DEFER, "they agreed to advertising"


MIDNIGHT = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)  # in New York: the sale begins
LAST = datetime(2026, 11, 24, 1, 49, tzinfo=UTC)  # the last minute before nine less ten


def test_x1_s38_a_midnight_sale_is_told_in_the_last_allowed_minute():
    decision = ask(person(), not_before=MIDNIGHT - HOUR, anchor=MIDNIGHT)
    assert (decision.verdict, decision.until, decision.reason) == (DEFER, LAST, "moved_before")
    assert decision.reasons[0].facts == (int((MIDNIGHT - HOUR).timestamp() // 60),)


@pytest.mark.parametrize(
    ("now", "drain", "until"),
    [
        (NOON, 30 * MINUTE, LAST - 30 * MINUTE),
        (LAST - 10 * MINUTE, 30 * MINUTE, None),  # as early as can be: now
        (LAST, timedelta(0), None),
        (NOON - 12 * HOUR, 20 * HOUR, LAST),  # so long ago that it was shut then: the last minute it is
    ],
)
def test_x1_h2_a_large_batch_begins_earlier(now, drain, until):
    decision = ask(person(), now=now, not_before=MIDNIGHT - HOUR, anchor=MIDNIGHT, drain=drain)
    assert (decision.verdict, decision.until) == (ALLOW if until is None else DEFER, until)
    assert Code.MOVED_BEFORE in codes(decision)


@pytest.mark.parametrize("now", [LAST + MINUTE, MIDNIGHT - HOUR])
def test_x1_when_the_last_minute_has_passed_the_sale_is_not_told(now):
    decision = ask(person(), now=now, not_before=MIDNIGHT - HOUR, anchor=MIDNIGHT)
    assert (decision.verdict, decision.reason) == (BLOCK, "past_validity")


def test_x1_what_opens_again_before_the_event_waits_for_that():
    noon = MIDNIGHT + 12 * HOUR
    decision = ask(person(), not_before=MIDNIGHT, anchor=noon)
    assert (decision.until, Code.MOVED_BEFORE in codes(decision)) == (MIDNIGHT + 8 * HOUR, False)
    opens = MIDNIGHT + 8 * HOUR
    assert ask(person(), not_before=MIDNIGHT, anchor=opens).until == LAST


def test_x1_a_plan_within_the_hours_stands_and_the_event_ends_it():
    assert ask(person(), not_before=NOON + HOUR, anchor=NOON + 2 * HOUR).until == NOON + HOUR
    assert ask(person(), anchor=NOON).reason == "expired"
    assert ask(person(), anchor=NOON + DAY, not_after=NOON).reason == "expired"
    assert ask(person(), anchor=NOON, not_after=NOON + DAY).reason == "expired"
    assert ask(person(any_hour=True), not_before=MIDNIGHT - HOUR, anchor=MIDNIGHT).until == MIDNIGHT - HOUR


def test_s113_a_workspaces_own_hours_narrow_and_never_widen():
    own = Policy(hours=OwnHours(week=WEEK))
    late = NOON + 5 * HOUR  # five in New York
    assert ask(person(), now=late).allowed
    decision = ask(person(), now=late, policy=own)
    assert (decision.verdict, decision.until, decision.reason) == (DEFER, datetime(2026, 11, 24, 15, tzinfo=UTC), "own_hours")
    assert ask(person(), now=NIGHT, policy=Policy(hours=OwnHours(week={day: ["00:00-24:00"] for day in WEEK}))).until == NIGHT + 9 * HOUR
    within = ask(person(), policy=own)
    assert within.send_by == datetime(2026, 11, 23, 21, tzinfo=UTC)
    assert ("own", 0, "") in facts_told(within, Code.WITHIN_HOURS)
    assert ask(person(), NOTICE, late, own).allowed, "of what has no hours they say nothing"


def test_h2_a_workspace_may_add_to_the_margin():
    assert ask(person(), policy=Policy(hours=OwnHours(margin_minutes=20))).send_by == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    both = Policy(hours=OwnHours(week=WEEK, margin_minutes=20))
    assert ask(person(), policy=both).send_by == datetime(2026, 11, 23, 20, 40, tzinfo=UTC)


STAFFED = Policy(staff_hours=StaffHours(zone="Europe/Athens", week=WEEK, holidays=(date(2026, 11, 24),)))


def test_s111_nobody_on_the_staff_is_texted_at_night():
    decision = ask(person(), Purpose.STAFF, NOON, STAFFED)  # seven in the evening in Athens, and tomorrow is a holiday
    assert (decision.verdict, decision.until, decision.reason) == (DEFER, datetime(2026, 11, 25, 8, tzinfo=UTC), "staff_hours")
    assert ask(person(), Purpose.STAFF, NOON - 5 * HOUR, STAFFED).allowed
    assert facts_told(ask(person(), Purpose.STAFF, NOON - 5 * HOUR, STAFFED), Code.WITHIN_HOURS) == [("staff", 0, "")]
    assert ask(person(), Purpose.SUPPORT, NOON, STAFFED).allowed
    assert ask(person(), now=NOON, policy=STAFFED).allowed


# ── how often ──────────────────────────────────────────────────────────────────────────────────────────────


def test_s106_s122_one_a_day_and_the_next_waits_never_dropped():
    decision = ask(person(sent=sent((HOUR, PROMOTION))))
    assert (decision.verdict, decision.until, decision.reason) == (DEFER, NOON + 23 * HOUR, "capped")
    assert decision.reasons[0].facts == (1, 1, 1, 0)
    assert ask(person(sent=sent((DAY, PROMOTION)))).allowed
    assert facts_told(ask(person()), Code.COUNTED) == [(0, 1, 1, 0), (0, 4, 7, 0)]
    assert facts_told(ask(person(sent=sent((DAY, PROMOTION)))), Code.COUNTED) == [(0, 1, 1, 0), (1, 4, 7, 0)]


def test_s106_a_capped_message_that_cannot_wait_says_so():
    decision = ask(person(sent=sent((HOUR, PROMOTION))), not_after=NOON + 23 * HOUR)
    assert (decision.verdict, decision.reason) == (BLOCK, "capped")


def test_a_cap_that_ends_at_night_waits_for_the_morning():
    decision = ask(person(sent=sent((12 * HOUR, PROMOTION))))
    assert (decision.verdict, decision.until) == (DEFER, NIGHT + 9 * HOUR)
    assert codes(decision)[:2] == [Code.CAPPED, Code.QUIET_HOURS]
    assert decision.reasons[1].facts == ("US.hours", STATES), "not the clock of the moment that was asked for"


@pytest.mark.parametrize("other", [PROMOTION, GREETING, Purpose.FEEDBACK])
@pytest.mark.parametrize("purpose", [PROMOTION, Purpose.FEEDBACK])
def test_x8_all_that_counts_is_counted_together(purpose, other):
    assert ask(person(sent=sent((HOUR, other))), purpose).reason == "capped"


@pytest.mark.parametrize("other", [REMINDER, NOTICE, Purpose.SUPPORT, URGENT])
def test_x8_a_service_does_not_use_up_the_room_of_advertising(other):
    assert ask(person(sent=sent((HOUR, other)))).allowed


@pytest.mark.parametrize(
    ("purpose", "texts"), [(REMINDER, 4), (Purpose.APPOINTMENT, 4), (NOTICE, 6), (Purpose.SUPPORT, None), (CODE, None), (URGENT, None)]
)
def test_x8_each_service_has_its_own_cap_or_none(purpose, texts):
    many = person(sent=sent(*[(HOUR, purpose)] * 40))
    assert ask(many, purpose).reason == ("capped" if texts else "")
    if texts:
        assert ask(many, purpose).reasons[0].facts == (40, texts, 1, int(purpose))
        assert ask(person(sent=sent(*[(HOUR, purpose)] * (texts - 1))), purpose).allowed


def test_x8_the_person_lowers_the_cap():
    decision = ask(person(own_cap=1, sent=sent((2 * DAY, PROMOTION))))
    assert (decision.verdict, decision.until, decision.reason) == (DEFER, NOON + 5 * DAY, "own_cap")
    assert decision.reasons[0].facts == (1, 1, 7)
    assert facts_told(ask(person(own_cap=2, sent=sent((2 * DAY, PROMOTION)))), Code.COUNTED_OWN) == [(1, 2, 7)]
    assert ask(person(own_cap=1, sent=sent((2 * DAY, Purpose.FEEDBACK)))).allowed, "marketing is what they meant"
    none = ask(person(own_cap=0))
    assert (none.verdict, none.reason) == (BLOCK, "own_cap")
    assert ask(person(own_cap=0), NOTICE).allowed


@pytest.mark.parametrize(("prefix", "rule"), [("+1305", "US-FL.limit"), ("+1405", "US-OK.limit"), ("+8490", "VN.text-limit")])
def test_a_laws_limit_holds_whatever_the_workspace_allows(prefix, rule):
    generous = Policy(caps=Caps(across=()))
    noon = datetime(2026, 11, 23, 14 if prefix == "+8490" else 18, 0, tzinfo=UTC)
    three = person(prefix=prefix, sent=sent(*[(HOUR, PROMOTION)] * 3, now=noon))
    decision = ask(three, now=noon, policy=generous)
    assert (decision.verdict, decision.reason) == (DEFER, "law_cap")
    assert decision.reasons[0].facts == (3, 3, 1, rule, 3)
    two = person(prefix=prefix, sent=sent(*[(HOUR, PROMOTION)] * 2, now=noon))
    assert facts_told(ask(two, now=noon, policy=generous), Code.COUNTED_LAW) == [(2, 3, 1, rule, 3)]
    assert ask(three, NOTICE, noon, generous).allowed


def test_a_cap_of_one_purpose_alone():
    policy = Policy(caps=Caps(across=(), promotion=(Cap(texts=1, days=3),)))
    assert ask(person(sent=sent((HOUR, PROMOTION))), policy=policy).until == NOON + 71 * HOUR
    assert ask(person(sent=sent((HOUR, GREETING))), policy=policy).allowed


def test_two_that_wait_for_room_do_not_leave_together():
    """The second of two capped messages is made while the first still waits."""
    first = person(sent=sent((2 * HOUR, PROMOTION)))
    assert ask(first).until == NOON + 22 * HOUR
    second = person(sent=sent((2 * HOUR, PROMOTION), (HOUR, PROMOTION)))
    assert ask(second).until == NOON + 46 * HOUR


def test_at_the_claim_a_message_counts_neither_itself_nor_what_came_after_it():
    made = NOON - HOUR
    line = sent((25 * HOUR, PROMOTION), (HOUR, PROMOTION), (MINUTE, PROMOTION))
    assert ask(person(sent=line), made=made).allowed
    assert ask(person(sent=line)).reason == "capped"


@pytest.mark.parametrize("other", [REMINDER, Purpose.APPOINTMENT, NOTICE, CODE, URGENT, Purpose.FEEDBACK])
def test_x5_a_greeting_gives_way_to_what_matters_more_that_day(other):
    decision = ask(person(sent=sent((HOUR, other))), GREETING, not_after=NOON + 3 * DAY)
    assert decision.verdict is DEFER
    assert decision.until == datetime(2026, 11, 24, 13, tzinfo=UTC) or other is Purpose.FEEDBACK
    assert codes(decision)[0] == Code.GAVE_WAY
    assert ask(person(sent=sent((DAY, other))), GREETING).reason in {"", "capped"}
    assert ask(person(sent=sent((HOUR, other))), PROMOTION).reason != "gave_way"


@pytest.mark.parametrize("other", [PROMOTION, Purpose.SUPPORT, Purpose.STAFF])
def test_x5_a_greeting_does_not_give_way_to_the_rest(other):
    assert ask(person(sent=sent((HOUR, other))), GREETING).reason == ("capped" if other is PROMOTION else "")


def test_x5_a_greeting_whose_day_is_over_then_is_told_why():
    decision = ask(person(sent=sent((HOUR, NOTICE))), GREETING, not_after=NOON + 12 * HOUR)
    assert (decision.verdict, decision.reason) == (BLOCK, "gave_way")


def test_x5_the_day_is_theirs_by_every_clock():
    before_midnight = NOON - 12 * HOUR - 30 * MINUTE  # half past eleven last night in New York
    theirs = sent((NOON - before_midnight, NOTICE))
    assert ask(person(sent=theirs), GREETING).allowed
    assert ask(person(sent=theirs, zone="America/Chicago"), GREETING).allowed
    assert ask(person(sent=theirs, zone="Europe/London"), GREETING).reason == "gave_way"


def test_x5_who_has_no_cap_still_gives_way():
    free = Policy(caps=Caps(across=()))
    assert ask(person(sent=sent((HOUR, NOTICE))), GREETING, policy=free).reason == "gave_way"


def test_x5_with_a_cap_of_nothing_a_greeting_never_goes():
    decision = ask(person(sent=sent((HOUR, NOTICE)), own_cap=0), GREETING)
    assert (decision.verdict, codes(decision)[:2]) == (BLOCK, [Code.GAVE_WAY, Code.OWN_CAP])


def test_a_day_full_of_things_is_got_through():
    busy = sent(*[(-number * DAY + HOUR, NOTICE) for number in range(30)])
    decision = ask(person(sent=busy), GREETING)
    assert (decision.verdict, decision.until) == (DEFER, datetime(2026, 12, 23, 13, tzinfo=UTC))


def test_what_never_comes_to_rest_is_blocked(monkeypatch):
    monkeypatch.setattr("textfirst.decisions.rules.MOST_TURNS", 1)
    decision = ask(person(), now=NIGHT)
    assert (decision.verdict, decision.reason) == (BLOCK, "quiet_hours")


# ── what holds whatever else is true ───────────────────────────────────────────────────────────────────────

MINUTES = st.integers(-40_000, 60)
PLACES = ("", "+1212", "+1305", "+1850", "+4479", "+3069", "+8490", "+2010", "+8816", "+1800")


def seldom(usually, *otherwise):
    """So often the usual that many of these together still let something happen."""
    return st.sampled_from((usually,) * 4 * len(otherwise) + otherwise)


FACTS = st.builds(
    person,
    stopped=seldom(0, 1, 2, 1 << 4),
    blocked=seldom(False, True),
    held=seldom(False, True),
    promotion_kind=seldom(YES, None, *map(int, Permission)),
    promotion_until=seldom(None, NOON - HOUR, NOON + HOUR, NOON + 100 * DAY),
    greeting_kind=seldom(YES, None, *map(int, Permission)),
    dnc_listed=seldom(False, None, True),
    reassigned_on=seldom(None, date(2026, 1, 1)),
    prefix=st.sampled_from(PLACES),
    country=st.sampled_from(("", "US", "GB", "VN", "XX")),
    zone=st.sampled_from(("", "America/Los_Angeles", "Europe/Athens", "Nowhere/Land")),
    any_hour=seldom(False, True),
    prefers=st.integers(0, 4),
    born=st.sampled_from((None, 1950, 1970, 1990)),
    own_cap=seldom(None, 0, 1, 3),
    sent=st.lists(st.tuples(MINUTES, st.integers(1, 10)), max_size=6).map(
        lambda some: " ".join(f"{int(NOON.timestamp() // 60) + ago}.{purpose}" for ago, purpose in sorted(some))
    ),
)
ASKED = st.builds(
    lambda purpose, hours, later, lasts, chosen: Asked(
        purpose,
        NOON + hours * HOUR,
        not_before=None if later is None else NOON + (hours + later) * HOUR,
        not_after=None if lasts is None else NOON + (hours + lasts) * HOUR,
        hour_chosen=chosen,
    ),
    st.sampled_from(Purpose),
    st.integers(0, 48),
    st.sampled_from((None, 0, 5, 30)),
    st.sampled_from((None, 1, 24, 72)),
    st.booleans(),
)
POLICIES = st.sampled_from((
    DEFAULT,
    Policy(countries=("US",)),
    Policy(hours=OwnHours(week=WEEK, margin_minutes=15)),
    Policy(caps=Caps(across=(Cap(texts=2, days=3),), notice=())),
    STAFFED,
))  # fmt: skip
THOROUGH = settings(max_examples=100, deadline=None)


@THOROUGH
@given(FACTS, ASKED, POLICIES, st.sampled_from(("stopped", "blocked", "reassigned_on")))
def test_o1_o2_a_stopped_identity_is_never_allowed_whatever_else_is_true(facts, asked, policy, how):
    shut = {"stopped": facts.stopped | 1, "blocked": True, "reassigned_on": date(2026, 1, 1)}
    assert decide(facts._replace(**{how: shut[how]}), asked, policy, BOOK).verdict is BLOCK
    assert decide(facts._replace(stopped=1 << asked.purpose), asked, policy, BOOK).verdict is BLOCK


RESTRICTIONS = {
    "stopped": lambda facts: facts._replace(stopped=1),
    "blocked": lambda facts: facts._replace(blocked=True),
    "held": lambda facts: facts._replace(held=True),
    "no permission": lambda facts: facts._replace(promotion_kind=None, greeting_kind=None),
    "expired": lambda facts: facts._replace(promotion_until=NOON - DAY, greeting_until=NOON - DAY),
    "listed": lambda facts: facts._replace(dnc_listed=True),
    "reassigned": lambda facts: facts._replace(reassigned_on=date(2026, 1, 1)),
    "own cap": lambda facts: facts._replace(own_cap=0),
    "not any hour": lambda facts: facts._replace(any_hour=False),
    "one more sent": lambda facts: facts._replace(sent=f"{facts.sent} {int(NOON.timestamp() // 60) + 60}.1"),
}
WORSE = {ALLOW: 0, DEFER: 1, BLOCK: 2}


@THOROUGH
@given(FACTS, ASKED, POLICIES, st.sampled_from(sorted(RESTRICTIONS)))
def test_a_restriction_more_never_lets_anything_out(facts, asked, policy, restriction):
    before, after = (decide(one, asked, policy, BOOK) for one in (facts, RESTRICTIONS[restriction](facts)))
    assert WORSE[after.verdict] >= WORSE[before.verdict]
    if before.until is not None and after.until is not None:
        assert after.until >= before.until


@THOROUGH
@given(FACTS, ASKED, POLICIES)
def test_every_answer_says_why_and_keeps_its_bounds(facts, asked, policy):
    decision = decide(facts, asked, policy, BOOK)
    assert decision.stamp == Stamp(5, 3)
    assert decision.reasons
    assert (decision.until is not None) is (decision.verdict is DEFER)
    assert (decision.reason == "") is decision.allowed
    leaves = decision.until or asked.now
    if decision.verdict is not BLOCK:
        assert leaves >= asked.now
        assert asked.not_before is None or leaves >= min(asked.not_before, leaves)
        assert asked.not_after is None or leaves < asked.not_after
        assert decision.send_by is None or leaves < decision.send_by
        assert Code.PLAN_STEP in codes(decision)
        assert {Code.PERMISSION, Code.PERMISSION_NOT_NEEDED} & set(codes(decision))
    if asked.purpose in MARKETING and decision.verdict is not BLOCK:
        assert not facts.held


@THOROUGH
@given(FACTS, ASKED, POLICIES)
def test_what_is_deferred_is_allowed_when_its_time_has_come(facts, asked, policy):
    """Nobody is put off for ever: asked again at `until`, with nothing new sent, it may go."""
    decision = decide(facts, asked, policy, BOOK)
    if decision.until is None:
        return
    again = decide(facts, asked._replace(now=decision.until), policy, BOOK)
    assert again.allowed or Code.CAPPED in codes(decision) or Code.OWN_CAP in codes(decision) or Code.LAW_CAP in codes(decision)
    assert again.verdict is not BLOCK


ZONES = (
    "America/New_York",
    "America/Los_Angeles",
    "Europe/London",
    "Europe/Athens",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Asia/Ho_Chi_Minh",
)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(("+1212", "+1850", "+4479", "+3069", "+2010", "+8490")),
    st.sampled_from(("", *ZONES)),
    st.integers(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2036, 1, 1, tzinfo=UTC).timestamp())),
    st.sampled_from(MARKETING),
)
def test_i5_no_allowed_decision_is_outside_the_window_of_any_zone_over_ten_years(prefix, zone, seconds, purpose):
    now = datetime.fromtimestamp(seconds, UTC)
    decision = ask(person(prefix=prefix, zone=zone), purpose, now)
    question = BOOK.where(purpose, ChannelKind.TEXT, person(prefix=prefix, zone=zone), DEFAULT).question
    if decision.verdict is BLOCK:
        assert decision.reason == "no_common_hour"
    else:
        for moment in (decision.until or now, decision.send_by - timedelta(seconds=1)):
            assert allowed_by_the_wall(question, moment, 10)
    assert (decision.verdict is ALLOW) == allowed_by_the_wall(question, now, 10)


@pytest.mark.parametrize("year", [1970, 1999, 2106, 2500])
@pytest.mark.parametrize("purpose", Purpose)
def test_a_clock_that_jumps_gives_a_safe_answer(purpose, year):
    now = datetime(year, 6, 1, 3, tzinfo=UTC)
    decision = ask(person(sent=sent((HOUR, purpose))), purpose, now)
    assert decision.reasons
    if purpose in MARKETING and decision.verdict is not BLOCK:
        assert decision.until is not None, "the night there"


# ── rows, and the book ─────────────────────────────────────────────────────────────────────────────────────


def test_facts_are_a_row():
    row = tuple(person(held=True))
    assert facts_of(row) == person(held=True)
    assert facts_by_identity([row]) == {row[0]: person(held=True)}
    assert Facts._fields[:6] == ("identity_id", "contact_id", "scheme", "address", "promotion_entry", "greeting_entry")


def test_the_book_of_the_packs_that_ship_is_one():
    assert lawbook() is lawbook()
    assert decide(person(), Asked(PROMOTION, NOON)) == ask(person())


def test_a_full_book_begins_anew(monkeypatch):
    monkeypatch.setattr("textfirst.decisions.lawbook.MOST_PLACES", 2)
    book = Lawbook(shelf())
    for prefix in ("+4479", "+8490", "+1212"):
        decide(person(prefix=prefix), Asked(PROMOTION, NOON), DEFAULT, book)
    assert len(book._places) == 1


def test_policies_of_two_workspaces_are_kept_apart():
    strict = Policy(caps=Caps(across=(Cap(texts=1, days=30),)))
    lately = person(sent=sent((2 * DAY, PROMOTION)))
    assert [ask(lately).verdict, ask(lately, policy=strict).verdict, ask(lately).verdict] == [ALLOW, DEFER, ALLOW]


# ── what waits for room, and what takes its place ──────────────────────────────────────────────────────────

NEWEST = Policy(capped="newest")
HOUR_AGO, HALF_HOUR_AGO = int(NOON.timestamp() // 60) - 60, int(NOON.timestamp() // 60) - 30
IN_LINE = f"{HOUR_AGO}.1 {HALF_HOUR_AGO}.1w"


@pytest.mark.parametrize(
    ("purpose", "policy", "asked", "replaces", "until"),
    [
        (PROMOTION, NEWEST, {}, True, 23),  # its place: a day after the one that left
        (PROMOTION, NEWEST, {"not_before": NOON}, True, 23),
        (PROMOTION, NEWEST, {"not_before": NOON + MINUTE}, False, 47),  # planned for later, it takes nobody's place
        (PROMOTION, NEWEST, {"made": NOON}, False, 47),  # it has its own already
        (PROMOTION, DEFAULT, {}, False, 47),
        (GREETING, NEWEST, {}, False, 47),
    ],
)
def test_s106_a_newer_promotion_takes_the_place_of_those_that_wait_where_the_workspace_says_so(purpose, policy, asked, replaces, until):
    decision = ask(person(sent=IN_LINE), purpose, NOON, policy, **asked)
    assert (decision.verdict, decision.reason, decision.until) == (DEFER, "capped", NOON + until * HOUR)
    assert decision.replaces is replaces
    assert facts_told(decision, Code.REPLACES) == ([(1,)] if replaces else [])


def test_s106_nothing_is_said_of_replacing_where_nothing_waits():
    assert not ask(person(sent=f"{HOUR_AGO}.1"), PROMOTION, NOON, NEWEST).replaces
    assert not ask(person(), PROMOTION, NOON, NEWEST).replaces


def test_s106_it_may_leave_at_once_in_the_place_of_one_that_waited():
    decision = ask(person(sent=f"{HOUR_AGO - 24 * 60}.1 {HALF_HOUR_AGO}.1w"), PROMOTION, NOON, NEWEST)
    assert (decision.verdict, decision.reason, decision.replaces) == (ALLOW, "", True)


# ── small things that decide ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("purpose", SERVICES)
def test_c1_how_long_a_permission_to_advertise_lasts_is_nothing_to_a_service(purpose):
    for until in (NOON - DAY, NOON + HOUR):
        assert ask(person(promotion_until=until, greeting_until=until), purpose) == ask(person(), purpose)


def test_x5_a_greeting_by_chat_has_no_clock_and_gives_way_for_a_day():
    plans = Plans(greeting=Plan(steps=(Step(kind="chat"),)))
    asked = {"kind": ChannelKind.CHAT, "connected": frozenset({ChannelKind.CHAT})}
    decision = ask(person(sent=sent((HOUR, NOTICE))), GREETING, NOON, Policy(plans=plans), **asked)
    assert (decision.verdict, decision.reason, decision.until) == (DEFER, "gave_way", NOON + 23 * HOUR)


def test_what_may_begin_at_once_is_not_told_to_be_planned():
    assert Code.SCHEDULED not in codes(ask(person(), now=NIGHT, not_before=NIGHT))
    assert facts_told(ask(person(), now=NIGHT, not_before=NIGHT + MINUTE), Code.SCHEDULED) == [(int(NIGHT.timestamp()) // 60 + 1,)]


def test_h2_what_opens_too_late_says_so_before_what_shuts_it():
    decision = ask(person(), now=NIGHT, not_after=NIGHT + HOUR)
    assert decision.reasons[0] == Because(Code.PAST_VALIDITY, ("", 0, ""))
    assert (decision.verdict, decision.reasons[1].code) == (BLOCK, Code.QUIET_HOURS)


def test_u5_who_relies_on_an_exemption_keeps_to_its_limits_and_nobody_else_is_bound():
    relies = Policy(relies_on=("US.healthcare-day", "US.healthcare-week"))
    once = person(sent=sent((HOUR, REMINDER)))
    capped = ask(once, NOTICE, NOON, relies)
    assert (capped.verdict, capped.reason, capped.until) == (DEFER, "law_cap", NOON + 23 * HOUR)
    assert capped.reasons[0] == Because(Code.LAW_CAP, (1, 1, 1, "US.healthcare-day", STATES))
    assert ask(once, NOTICE, NOON).verdict is ALLOW
    assert ask(person(prefix="+4479", sent=once.sent), NOTICE, NOON, relies).verdict is ALLOW, "it is a rule of one country"
    thrice = person(sent=sent(*((days * DAY, NOTICE) for days in (2, 3, 4))))
    assert ask(thrice, NOTICE, NOON, relies).reasons[0] == Because(Code.LAW_CAP, (3, 3, 7, "US.healthcare-week", STATES))
    assert ask(person(sent=sent((HOUR, PROMOTION))), NOTICE, NOON, relies).verdict is ALLOW, "advertising is no service"
    assert ask(person(sent=sent((25 * HOUR, REMINDER))), PROMOTION, NOON, relies).verdict is ALLOW


# ── topics for which somebody has to answer (P5)

WINE = Topic("US.topics", "alcohol")
ANSWERED = Policy(answers_for=(WINE.key,))


@pytest.mark.parametrize(
    ("prefix", "purpose", "policy", "topics", "code"),
    [
        ("+1212", Purpose.PROMOTION, DEFAULT, (WINE,), Code.TOPIC_UNANSWERED),
        ("+1212", Purpose.GREETING, DEFAULT, (WINE,), Code.TOPIC_UNANSWERED),
        ("+1212", Purpose.PROMOTION, ANSWERED, (WINE, Topic("US.topics", "gambling")), Code.TOPIC_UNANSWERED),
        ("+1212", Purpose.PROMOTION, ANSWERED, (WINE,), Code.TOPIC_ANSWERED),
        ("+1212", Purpose.NOTICE, DEFAULT, (WINE,), None),
        ("+1212", Purpose.PROMOTION, ANSWERED, (), None),
        ("+4420", Purpose.PROMOTION, DEFAULT, (WINE,), None),  # no rule of theirs
    ],
)
def test_p5_a_topic_wants_somebodys_word_where_a_rule_says_so(prefix, purpose, policy, topics, code):
    decision = ask(person(prefix=prefix), purpose, policy=policy, topics=topics)
    found = [one for one in decision.reasons if one.code in (Code.TOPIC_UNANSWERED, Code.TOPIC_ANSWERED)]
    assert (decision.verdict is Verdict.BLOCK) is (code is Code.TOPIC_UNANSWERED)
    assert [one.code for one in found] == ([] if code is None else [code])
    if code is Code.TOPIC_UNANSWERED:
        assert decision.reasons == (Because(code, ("US.topics", BOOK.packs.packs["US"].version, topics[-1].name)),)


def test_p5_a_call_has_no_text_to_answer_for():
    policy = Policy(plans=Plans(promotion=Plan(steps=(Step(kind="call"),))))
    call = ask(person(), kind=ChannelKind.CALL, connected=frozenset({ChannelKind.CALL}), policy=policy, topics=(WINE,))
    assert (call.verdict, Code.TOPIC_UNANSWERED in codes(call)) == (ALLOW, False)


def test_p5_a_stop_is_said_before_a_topic():
    assert codes(ask(person(stopped=1), topics=(WINE,))) == [Code.STOPPED]
    assert codes(ask(person(promotion_kind=None), topics=(WINE,))) == [Code.NO_PERMISSION]
