"""A decision is kept short, and read again by this version and others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.decisions.people import DAY, NIGHT, NOON, ask, person, sent

from textfirst.core.ids import earliest_id, id_time
from textfirst.core.purposes import Purpose
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.record import FIELDS, Records, decision_id, decode, encode
from textfirst.decisions.types import Because, Code, Decision, Stamp, Verdict, code_word

HERE, THERE = UUID(int=7), UUID(int=8)
NOWHERE = Stamp(0, 0)

MOMENTS = st.none() | st.integers(0, 60_000_000).map(lambda minute: datetime.fromtimestamp(minute * 60, UTC))


def reasons():
    """Every code, with facts such as it has."""

    def of(code):
        kinds = {
            "rule": st.sampled_from(("", "US-FL.hours")),
            "zone": st.sampled_from(("", "Europe/Athens")),
            "countries": st.sampled_from(("", "GB GG")),
        }
        return st.tuples(*(kinds.get(name, st.integers(0, 40_000_000)) for name in FIELDS.get(code, ()))).map(
            lambda facts: Because(code, facts)
        )

    return st.sampled_from([code for code in Code if code is not Code.CLOCKS]).flatmap(of)


@settings(max_examples=150, deadline=None)
@given(
    st.builds(Decision, st.sampled_from(Verdict), st.just(NOWHERE), st.lists(reasons(), max_size=8).map(tuple), MOMENTS, MOMENTS, st.none())
)
def test_what_is_kept_is_what_was_decided(decision):
    assert decode(encode(decision)) == decision


@pytest.mark.parametrize("purpose", Purpose)
def test_decisions_as_they_are_made_survive(purpose):
    for known, now in [
        ({}, NOON),
        ({}, NIGHT),
        ({"prefers": 2, "sent": sent((timedelta(hours=1), purpose))}, NOON),
        ({"stopped": 1}, NOON),
    ]:
        decision = ask(person(**known), purpose, now)
        assert decode(encode(decision)) == decision._replace(stamp=NOWHERE, not_after=None)


def test_a_body_is_short_and_plain():
    states = shelf().packs["US"].version
    assert encode(ask(person())) == (
        f'[1,1,null,29924750,[60,8,"US.consent",{states}],[62],[64],[31,"US.hours",{states}],[54,"America/New_York"],[70,0,1,1],[70,0,4,7],[80,1,1]]'
    )
    assert encode(ask(person(stopped=1))) == "[1,3,null,null,[1]]"
    assert encode(Decision(Verdict.ALLOW, NOWHERE, (Because(Code.WITHIN_HOURS, ("own", 0, "")),))) == '[1,1,null,null,[31,"own"]]'


def test_what_is_not_part_of_the_answer_is_not_in_it():
    alike = [ask(person(), not_after=NOON + DAY), ask(person(), not_after=NOON + 2 * DAY), ask(person()._replace(identity_version=9))]
    alike.append(ask(person(born=1990)._replace(identity_version=2)))
    assert len({encode(one) for one in alike}) == 1


def test_seconds_are_left_out():
    at = datetime(2026, 11, 23, 17, 0, 59, tzinfo=UTC)
    assert decode(encode(Decision(Verdict.DEFER, NOWHERE, (), at, at))).until == at.replace(second=0)


def test_a_decision_of_a_later_version_is_read_as_far_as_it_is_known():
    body = orjson.dumps([2, 2, None, None, [200, "new", 7], [int(Code.QUIET_HOURS), "US.hours", 9, "Europe/Athens", "more"]]).decode()
    decision = decode(body)
    assert decision.reasons == (Because(200, ("new", 7)), Because(Code.QUIET_HOURS, ("US.hours", 9, "Europe/Athens", "more")))
    assert decision.reason == code_word(200) == "code_200"
    assert encode(decision).endswith('[200,"new",7],[33,"US.hours",9,"Europe/Athens","more"]]')


def test_one_row_a_month_a_workspace_and_an_answer():
    at = datetime(2026, 11, 23, 17, tzinfo=UTC)
    found = decision_id(HERE, "[1]", at)
    assert found == decision_id(HERE, "[1]", datetime(2026, 11, 1, tzinfo=UTC))
    assert found == decision_id(HERE, "[1]", datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))
    others = {decision_id(THERE, "[1]", at), decision_id(HERE, "[2]", at), decision_id(HERE, "[1]", at + 30 * DAY), found}
    assert len(others) == 4


def test_its_id_is_a_uuid7_of_the_months_first_moment():
    found = decision_id(HERE, "[1]", datetime(2026, 11, 23, 17, tzinfo=UTC))
    assert (found.version, found.variant) == (7, "specified in RFC 4122")
    assert id_time(found) == datetime(2026, 11, 1, tzinfo=UTC)
    assert found > earliest_id(datetime(2026, 11, 1, tzinfo=UTC))
    east = datetime(2026, 12, 1, 1, tzinfo=UTC).astimezone(datetime.fromisoformat("2026-01-01T00:00-08:00").tzinfo)
    assert id_time(decision_id(HERE, "[1]", east)) == datetime(2026, 12, 1, tzinfo=UTC), "a month of UTC, whatever zone it is asked in"


def test_the_ids_of_many_bodies_differ_in_all_their_chance():
    some = [decision_id(HERE, str(number), NOON).int for number in range(200)]
    assert len(set(some)) == 200
    for bit in (*range(62), *range(64, 76)):
        assert len({one >> bit & 1 for one in some}) == 2


def test_many_decisions_make_a_row_for_each_answer():
    records = Records(HERE, NOON)
    allowed, stopped = ask(person()), ask(person(stopped=1))
    ids = [records.of(one) for one in (allowed, stopped, ask(person()._replace(identity_version=8)), allowed)]
    assert ids[0] == ids[2] == ids[3] != ids[1]
    assert records.rows == {ids[0]: encode(allowed), ids[1]: encode(stopped)}
    assert ids[0] == decision_id(HERE, encode(allowed), NOON)


def test_codes_are_never_reused():
    """A number once stored means the same for ever: this list only grows."""
    assert {code.value: code.word for code in Code if code < 30} == {
        1: "stopped", 2: "stopped_purpose", 3: "blocked", 4: "reassigned", 5: "held", 6: "country_not_served", 7: "dnc_listed", 8: "no_permission",
        9: "permission_unproven", 10: "permission_too_weak", 11: "permission_expired", 12: "expired", 13: "plan_says_no", 15: "capped", 16: "own_cap",
        17: "law_cap", 18: "gave_way", 19: "scheduled", 20: "too_many", 21: "no_number", 22: "no_channel", 23: "channel_off", 24: "text_failed",
        25: "too_long", 26: "empty", 27: "replaced", 28: "topic_unanswered",
    }  # fmt: skip
    assert {code.value: code.word for code in Code if code >= 50} == {
        50: "no_hours_needed", 51: "hour_chosen", 52: "any_hour", 53: "moved_before", 54: "clocks", 55: "anchored", 60: "permission", 61: "permission_not_needed",
        62: "dnc_clear", 63: "dnc_unknown", 64: "reassignment_unknown", 65: "dnc_outweighed", 66: "topic_answered", 70: "counted", 71: "counted_own", 72: "counted_law", 73: "replaces",
        80: "plan_step", 81: "preferred", 82: "by_age", 83: "urgency_overrides", 84: "not_connected", 85: "preference_not_in_plan",
    }  # fmt: skip


def test_the_codes_of_hours_are_those_and_thirty():
    from textfirst.decisions.hours import DECISION_CODES
    from textfirst.decisions.hours import Code as Hours

    assert {DECISION_CODES + code: code.name for code in Hours} == {code.value: code.name for code in Code if 30 < code < 50}


def test_the_names_of_facts_stay_for_whoever_reads_them_by_the_api():
    """And their order: it is how they are stored."""
    assert {code.word: names for code, names in FIELDS.items() if not 30 < code < 50} == {
        "stopped_purpose": ("purpose",), "reassigned": ("day",), "country_not_served": ("countries",), "permission_too_weak": ("kind", "rule", "version"),
        "permission_expired": ("kind", "day"), "plan_says_no": ("channel",), "capped": ("count", "texts", "days", "purpose"),
        "own_cap": ("count", "texts", "days"), "law_cap": ("count", "texts", "days", "rule", "version"), "scheduled": ("minute",),
        "replaced": ("minute",), "replaces": ("count",), "topic_unanswered": ("rule", "version", "topic"),
        "topic_answered": ("rule", "version", "topic"), "moved_before": ("minute",), "anchored": ("minute",), "permission": ("kind", "rule", "version"),
        "counted": ("count", "texts", "days", "purpose"), "counted_own": ("count", "texts", "days"),
        "counted_law": ("count", "texts", "days", "rule", "version"), "plan_step": ("step", "channel"), "preferred": ("channel",),
        "by_age": ("channel", "group"), "urgency_overrides": ("wish", "channel"), "not_connected": ("channel",),
        "preference_not_in_plan": ("channel",),
    }  # fmt: skip
    assert {names for code, names in FIELDS.items() if 30 < code < 50} == {("rule", "version", "zone")}


def test_an_answer_is_found_under_the_same_id_by_every_version():
    assert decision_id(UUID(int=1), "[1,1,null,null]", NOON) == decision_id(UUID(int=1), "[1,1,null,null]", NOON.replace(day=1, hour=0))
    assert str(decision_id(UUID(int=1), "[1,1,null,null]", NOON)) == "01a19467-e800-79a1-91c1-99166b864018"


@pytest.mark.parametrize(
    ("because", "kept"),
    [
        (Because(Code.QUIET_HOURS, ("", 0, "")), [33]),
        (Because(Code.QUIET_HOURS, ("US.hours", 0, "")), [33, "US.hours"]),
        (Because(Code.QUIET_HOURS, ("US.hours", 2, "Europe/Athens")), [33, "US.hours", 2, "Europe/Athens"]),
        (Because(Code.COUNTRY_NOT_SERVED, ("",)), [6]),
        (Because(Code.CAPPED, (1, 1, 1, 0)), [15, 1, 1, 1]),
        (Because(Code.LAW_CAP, (0, 3, 1, "", 0)), [17, 0, 3, 1]),
        (Because(Code.REPLACED, (5,)), [27, 5]),
    ],
)
def test_what_is_usual_at_the_end_of_a_reason_is_not_kept(because, kept):
    body = encode(Decision(Verdict.BLOCK, Stamp(0, 0), (because,)))
    assert orjson.loads(body)[4:] == [kept]
    assert decode(body).reasons == (because,)
