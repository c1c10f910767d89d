"""Why, in sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
from tests.unit.decisions.people import DAY, HOUR, NIGHT, NOON, ask, person, sent

from textfirst.consent.types import Kind as Permission
from textfirst.core.languages import ar
from textfirst.core.purposes import Purpose
from textfirst.decisions import why
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.policy import OwnHours, Policy
from textfirst.decisions.record import FIELDS, decode, encode
from textfirst.decisions.types import Because, ChannelKind, Code, Decision, Stamp, Verdict, told
from textfirst.decisions.why import COUNTED_WITH, HEADLINES, PERMISSIONS, PLAIN, TELL, explain, headline, short
from textfirst.messages.rules.reasons import REASONS

STAMP = Stamp(0, 0)
WEEK = {day: ["10:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
FILLED = {"rule": "US-FL.hours", "version": 2, "zone": "America/New_York", "countries": "GB"}


def read(decision, at=NOON, language="en"):
    """As it is read: from what was kept."""
    return explain(decode(encode(decision)), at, shelf(), language)


def message(decision, code, at=NOON, language="en"):
    found = read(decision, at, language)
    return next(one["message"] for one in (*found["reasons"], *found["channel"]["reasons"]) if one["code"] == code)


def because(code, *facts):
    return Decision(Verdict.BLOCK, STAMP, (Because(code, facts),))


def test_an_allowed_one_says_on_what_it_rests():
    found = read(ask(person()))
    assert (found["verdict"], found["headline"]) == ("allow", {"code": "allowed", "message": "It was allowed to leave."})
    assert [one["code"] for one in found["reasons"]] == [
        "permission",
        "dnc_clear",
        "reassignment_unknown",
        "within_hours",
        "counted",
        "counted",
    ]
    assert found["channel"] == {
        "reasons": [
            {"code": "plan_step", "message": "Step 1 of the plan for such messages: text.", "facts": {"step": 1, "channel": "text"}}
        ]
    }
    assert (found["at"], found["until"]) == (NOON, None)


def test_h1_a_night_is_told_with_the_rule_its_source_and_the_clock():
    found = read(ask(person(prefix="+1305"), now=NIGHT), NIGHT)
    assert found["headline"] == {"code": "quiet_hours", "message": "A law's hours do not allow it now."}
    florida = next(one for one in found["reasons"] if one["facts"].get("rule") == "US-FL.hours")
    assert florida == {
        "code": "quiet_hours",
        "message": (
            "A law's hours do not allow it now. It was 23:00 in America/New_York. In Florida, advertising by text or phone may reach people from 08:00 "
            "to 20:00, by their own clock. Source: Fla. Stat. 501.616(6), in SB 1120 (2021) (2026-11-22)."
        ),
        "facts": {
            "rule": "US-FL.hours",
            "version": 3,
            "zone": "America/New_York",
            "source": {
                "name": "Fla. Stat. 501.616(6), in SB 1120 (2021)",
                "url": "https://flsenate.gov/Session/Bill/2021/1120/BillText/Filed/HTML",
                "checked": shelf().packs["US-FL"].hours[0].sources[0].checked,
                "confidence": "primary",
            },
        },
    }
    assert found["until"] == NIGHT + 9 * HOUR
    assert [(one["zone"], one["at"].isoformat()) for one in found["local_times"]] == [("America/New_York", "2026-11-24T08:00:00-05:00")]


def test_u1_a_permission_is_told_with_the_rule_it_satisfies():
    (found,) = (one for one in read(ask(person()))["reasons"] if one["code"] == "permission")
    assert found["message"].startswith(
        "We may send them advertising: they said yes and confirmed it. In the United States, advertising sent by machine needs"
    )
    assert (found["facts"]["kind"], found["facts"]["rule"], found["facts"]["version"]) == (
        "double_opt_in",
        "US.consent",
        shelf().packs["US"].version,
    )


def test_h1_local_times_in_every_zone_it_could_be():
    found = read(ask(person(prefix="+1850")))
    assert [(one["zone"], f"{one['at']:%H:%M}") for one in found["local_times"]] == [
        ("America/Chicago", "11:00"),
        ("America/New_York", "12:00"),
    ]


def test_a_zone_of_later_tzdata_is_left_out():
    decision = Decision(Verdict.ALLOW, STAMP, (Because(Code.CLOCKS, ("Europe/Athens", "Mars/Olympus")),))
    assert [one["zone"] for one in read(decision)["local_times"]] == ["Europe/Athens"]
    assert read(because(Code.QUIET_HOURS, "GB.hours", 1, "Mars/Olympus"))["reasons"][0]["message"].startswith(
        "A law's hours do not allow it now. We know"
    )


def test_the_same_in_arabic():
    found = read(ask(person(prefix="+1305"), now=NIGHT), NIGHT, "ar")
    assert found["headline"]["message"] == "ساعات القانون لا تسمح بذلك الآن."
    assert "في فلوريدا يجوز" in found["reasons"][1]["message"]
    assert "المصدر: Fla. Stat. 501.616(6)" in found["reasons"][1]["message"]


def test_the_clock_is_that_of_the_planned_moment():
    assert "It was 23:00 in America/New_York." in message(ask(person(), not_before=NIGHT), "quiet_hours")
    capped = ask(person(sent=sent((12 * HOUR, Purpose.PROMOTION))))
    assert "It was" not in message(capped, "quiet_hours")


@pytest.mark.parametrize(
    ("decision", "code", "sentence"),
    [
        (told(Verdict.BLOCK, Code.NO_NUMBER), "no_number", "This contact has no phone number."),
        (ask(person(stopped=1)), "stopped", "They told us to stop. Nobody can text them until they write START."),
        (because(Code.REASSIGNED, 10), "reassigned", "The number went to somebody else on 1970-01-11."),
        (because(Code.COUNTRY_NOT_SERVED, "GB GG"), "country_not_served", "The number may be of GB GG; this workspace does not write there."),
        (
            because(Code.COUNTRY_NOT_SERVED, ""),
            "country_not_served",
            "We do not know which country the number is of, and this workspace writes only to some.",
        ),
        (because(Code.PERMISSION_EXPIRED, 3, 20780), "permission_expired", "Their consent ran out on 2026-11-23: they bought something."),
        (because(Code.PERMISSION_TOO_WEAK, 99, "", 0), "permission_too_weak", "What they agreed to is not enough where they are. What we have: 99."),
        (because(Code.CAPPED, 1, 1, 1, 0), "capped", "Promotions, greetings and requests for feedback to them within 24 hours: 1. The limit here is 1."),
        (because(Code.CAPPED, 6, 6, 2, 6), "capped", "Notices to them within 2 days: 6. The limit here is 6."),
        (because(Code.CAPPED, 6, 6, 2, 99), "capped", "Messages to them within 2 days: 6. The limit here is 6."),
        (because(Code.OWN_CAP, 2, 1, 7), "own_cap", "They want at most 1 a week from us, and had 2."),
        (
            because(Code.LAW_CAP, 3, 3, 1, "VN.text-limit", 2),
            "law_cap",
            (
                "Advertising that they had: 3. In Vietnam, one person gets at most 3 advertising texts or calls in 24 hours. "
                "Source: Decree 91/2020/ND-CP, as summarised by DLA Piper (2026-11-22)."
            ),
        ),
        (because(Code.SCHEDULED, 29_924_700), "scheduled", "It is planned for 2026-11-24 01:00 (UTC)."),
        (because(Code.SCHEDULED), "scheduled", "It is planned for later."),
        (because(Code.WITHIN_HOURS, "own", 0, ""), "within_hours", "It is within the hours set for this workspace."),
        (because(Code.WITHIN_HOURS, "staff", 0, ""), "within_hours", "It is within the hours in which the staff works."),
        (because(Code.ZONE_INVALID, "", 0, "Mars/Olympus"), "zone_invalid", "The contact's time zone is not one we know, and was left out."),
        (
            because(Code.TOPIC_UNANSWERED, "US.topics", 77, "alcohol"),
            "topic_unanswered",
            (
                "The text speaks of alcohol, and nobody of the team answers for that yet. "
                "The rule US.topics says so, version 77; this version of Textfirst does not know it."
            ),
        ),
        (because(Code.TOPIC_ANSWERED, "", 0, "beekeeping"), "topic_answered", "The text speaks of beekeeping; an admin answers for that."),
        (because(Code.PREFERRED, 3), "preferred", "They asked to be reached by e-mail."),
        (because(Code.PREFERRED, 9), "preferred", "They asked to be reached by 9."),
        (because(Code.BY_AGE, 2, 1), "by_age", "Nobody knows how they want to be reached. Most people of their age would rather be called."),
        (because(Code.BY_AGE, 1, 2), "by_age", "Nobody knows how they want to be reached. Most people of their age would rather get a text."),
        (because(Code.URGENCY_OVERRIDES, 1, 2), "urgency_overrides", "They would rather be reached by text, but this is urgent, so call comes first."),
        (because(Code.NOT_CONNECTED, 4), "not_connected", "Nothing is connected to reach people by chat."),
        (
            because(Code.PREFERENCE_NOT_IN_PLAN, 2),
            "preference_not_in_plan",
            "They would rather be reached by call, which the plan for such messages does not have.",
        ),
        (because(Code.PLAN_SAYS_NO, 2), "plan_says_no", "The plan for such messages has no step by call that can be taken."),
        (
            because(Code.QUIET_HOURS, "US-FL.hours", 77),
            "quiet_hours",
            "A law's hours do not allow it now. The rule US-FL.hours says so, version 77; this version of Textfirst does not know it.",
        ),
        (because(Code.QUIET_HOURS, "US-FL.gone", 2), "quiet_hours", (
            "A law's hours do not allow it now. The rule US-FL.gone says so, version 2; this version of Textfirst does not know it."
        )),
    ],
)  # fmt: skip
def test_each_reason_in_a_sentence(decision, code, sentence):
    assert message(decision, code) == sentence


def test_x1_what_was_moved_says_from_when():
    sale = datetime(2026, 11, 24, 5, tzinfo=UTC)
    found = ask(person(), not_before=sale - HOUR, anchor=sale)
    assert (
        message(found, "moved_before")
        == "2026-11-23 23:00 (America/New_York) is outside the hours. So it goes at the last allowed minute before."
    )


def test_s113_the_workspaces_own_hours_are_named_as_such():
    late = ask(person(), now=NOON + 5 * HOUR, policy=Policy(hours=OwnHours(week=WEEK)))
    assert (
        message(late, "own_hours", NOON + 5 * HOUR) == "It is outside the hours set for this workspace. It was 17:00 in America/New_York."
    )


def test_s106_of_what_waits_it_is_said_which_limits_hold_it_and_which_will_have_room():
    waits = ask(person(sent=sent((HOUR, Purpose.PROMOTION))))
    told_of = {one["code"]: one for one in read(waits)["reasons"]}
    limit = "Promotions, greetings and requests for feedback to them within 24 hours: {}. The limit here is 1."
    assert told_of["capped"]["message"] == "Before it may leave: " + limit.format(1)
    counted = next(one for one in read(waits)["reasons"] if one["facts"].get("texts") == 1 and one["code"] == "counted")
    assert counted[
        "message"
    ] == f"When it may leave, {waits.until.astimezone(ZoneInfo('America/New_York')):%Y-%m-%d %H:%M} (America/New_York): " + limit.format(0)
    assert (counted["facts"]["counted_at"], "counted_at" in told_of["capped"]["facts"]) == (waits.until, False)
    arabic = " ".join(one["message"] for one in read(waits, language="ar")["reasons"])
    assert all(arabic.count(words) for words in ("قبل أن يحين وقت خروجها:", "حين يحين وقت خروجها،"))
    assert all("may leave" not in one["message"] for one in read(ask(person()))["reasons"]), "what goes now has them once"


def test_an_old_decision_is_told_by_the_version_it_was_made_under():
    packs = shelf()
    changed = replace(packs, released=MappingProxyType({key: pack for key, pack in packs.released.items() if key[1] == 1}))
    at_first = Decision(Verdict.DEFER, STAMP, (Because(Code.QUIET_HOURS, ("US-FL.hours", 1, "")),))
    assert "In Florida" in explain(at_first, NOON, changed, "en")["reasons"][0]["message"]


def test_facts_are_words_where_the_api_has_words():
    found = read(Decision(Verdict.BLOCK, STAMP, (
        Because(Code.PERMISSION_EXPIRED, (int(Permission.EXPRESS), 20780)), Because(Code.COUNTED, (1, 2, 3, 6)), Because(Code.COUNTED, (1, 2, 3, 0)),
        Because(Code.SCHEDULED, (29_924_700,)), Because(Code.PERMISSION, (99, "", 0)), Because(Code.STOPPED_PURPOSE, (1,)), Because(Code.REASSIGNED, (10,)),
    )))  # fmt: skip
    assert [one["facts"] for one in found["reasons"]] == [
        {"kind": "express", "day": "2026-11-23"},
        {"count": 1, "texts": 2, "days": 3, "purpose": "notice"},
        {"count": 1, "texts": 2, "days": 3, "purpose": None},
        {"minute": datetime(2026, 11, 24, 1, 0, tzinfo=UTC)},
        {"kind": 99, "version": 0},
        {"purpose": "promotion"},
        {"day": "1970-01-11"},
    ]


def test_a_reason_of_a_later_version_is_told_as_such():
    later = Decision(Verdict.BLOCK, STAMP, (Because(200, ("new", 7)),))
    sentence = "A later version of Textfirst gave a reason that this one does not know: 200."
    assert headline(later, "en") == {"code": "code_200", "message": sentence}
    assert read(later)["reasons"] == [{"code": "code_200", "message": sentence, "facts": {}}]
    assert "200" in headline(later, "ar")["message"] != sentence


def test_a_decision_without_reasons_has_a_headline():
    assert headline(Decision(Verdict.BLOCK, STAMP), "en")["code"] == "allowed"


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_code_has_a_sentence_in_both_languages(code, language):
    if code is Code.CLOCKS:
        return
    facts = tuple(FILLED.get(name, 1) for name in FIELDS.get(code, ()))
    english = read(because(code, *facts))
    (found,) = (*english["reasons"], *english["channel"]["reasons"])
    assert "later version" not in found["message"]
    if language == "ar":
        assert message(because(code, *facts), code.word, language="ar") != found["message"]


def test_every_headline_can_be_told_in_a_list_too():
    blocking = {code for code in Code if code < 50} | {Code.MOVED_BEFORE}
    assert {code.word for code in blocking} <= REASONS.keys()
    assert all("later version" not in short(code) for code in blocking)


def test_all_words_are_there_in_arabic():
    words = {
        *HEADLINES.values(),
        *PLAIN.values(),
        *PERMISSIONS.values(),
        *COUNTED_WITH.values(),
        *why.CHANNELS.values(),
        *why.WITHIN_OWN.values(),
    }
    assert words | {why.ALLOWED, "Messages"} <= ar.SENTENCES.keys()
    assert PERMISSIONS.keys() == set(Permission)
    assert why.CHANNELS.keys() == set(ChannelKind)
    assert not HEADLINES.keys() & PLAIN.keys()
    assert TELL.keys() <= FIELDS.keys()


def test_what_stopped_and_waits_is_told_for_every_purpose():
    for purpose in Purpose:
        for decision in (
            ask(person(), purpose),
            ask(person(), purpose, NIGHT),
            ask(person(sent=sent((timedelta(hours=1), purpose)), own_cap=1), purpose),
        ):
            for language in ("en", "ar"):
                assert all(one["message"] for one in read(decision, NOON + DAY, language)["reasons"])
