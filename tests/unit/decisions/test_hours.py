"""When somebody may be reached, rule by rule, and over ten years of clocks that jump and repeat."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.decisions.people import allowed_by_the_wall

from textfirst.core.purposes import Purpose
from textfirst.decisions import hours
from textfirst.decisions.hours import Answer, Asked, Code, Opening, Windows, asked, keeps_hours, local_times
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.types import Kind, LegalClass
from textfirst.decisions.packs.zones import zone as zone_named
from textfirst.decisions.policy import OwnHours
from textfirst.decisions.types import Because
from textfirst.decisions.types import Code as Told

PACKS = shelf()
WINDOWS = Windows(PACKS)
TEXT, CALL, EMAIL = Kind.TEXT, Kind.CALL, Kind.EMAIL


def ask(legal=LegalClass.MARKETING, kind=TEXT, **known) -> Asked:
    return asked(legal, kind, PACKS, **known)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def codes(answer: Answer) -> list[Code]:
    return [reason.code for reason in answer.reasons]


# Rule, kind, a number, the zone its times are in, a moment that is open (with send_by and close that day), one that is not (with the next opening).
# 2026-11-23 is a Monday.
RULES = [
    ("ZZ.strict-hours", TEXT, "+201001234567", "Africa/Cairo", ("2026-11-23 10:00", "17:50", "18:00"), ("2026-11-23 17:50", "2026-11-24 10:00")),
    ("ZZ.strict-hours", TEXT, "+201001234567", "Africa/Cairo", ("2026-11-28 16:49", "16:50", "17:00"), ("2026-11-28 09:59", "2026-11-28 10:00")),
    ("ZZ.strict-hours", CALL, "+201001234567", "Africa/Cairo", ("2026-11-29 12:00", "16:50", "17:00"), ("2026-11-29 11:59", "2026-11-29 12:00")),
    ("US.hours", TEXT, "+12125550123", "America/New_York", ("2026-11-23 08:00", "20:50", "21:00"), ("2026-11-23 20:50", "2026-11-24 08:00")),
    ("US.hours", CALL, "+12125550123", "America/New_York", ("2026-11-29 20:49", "20:50", "21:00"), ("2026-11-29 07:59", "2026-11-29 08:00")),
    ("US-FL.hours", TEXT, "+13055550123", "America/New_York", ("2026-11-23 08:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 08:00")),
    ("US-OK.hours", TEXT, "+14055550123", "America/Chicago", ("2026-11-23 08:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 08:00")),
    ("US-WA.hours", TEXT, "+12065550123", "America/Los_Angeles", ("2026-11-23 08:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 08:00")),
    ("US-WY.hours", TEXT, "+13075550123", "America/Denver", ("2026-11-23 08:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 08:00")),
    ("US-TX.hours", TEXT, "+12145550123", "America/Chicago", ("2026-11-28 09:00", "20:50", "21:00"), ("2026-11-29 11:59", "2026-11-29 12:00")),
    ("US-VA.hours", TEXT, "+18045550123", "America/New_York", ("2026-11-23 08:00", "20:50", "21:00"), ("2026-11-23 21:00", "2026-11-24 08:00")),
    ("US-CT.hours", TEXT, "+12035550123", "America/New_York", ("2026-11-23 09:00", "19:50", "20:00"), ("2026-11-23 08:59", "2026-11-23 09:00")),
    ("US-MD.hours", TEXT, "+14105550123", "America/New_York", ("2026-11-23 08:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 08:00")),
    ("US-MA.hours", TEXT, "+16175550123", "America/New_York", ("2026-11-23 08:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 08:00")),
    ("US-KY.hours", TEXT, "+15025550123", "America/New_York", ("2026-11-23 10:00", "20:50", "21:00"), ("2026-11-23 09:59", "2026-11-23 10:00")),
    ("US-MI.hours", TEXT, "+13135550123", "America/Detroit", ("2026-11-23 09:00", "20:50", "21:00"), ("2026-11-23 08:59", "2026-11-23 09:00")),
    ("US-MN.hours", TEXT, "+16125550123", "America/Chicago", ("2026-11-23 09:00", "20:50", "21:00"), ("2026-11-23 08:59", "2026-11-23 09:00")),
    ("US-NM.hours", TEXT, "+15055550123", "America/Denver", ("2026-11-23 09:00", "20:50", "21:00"), ("2026-11-23 08:59", "2026-11-23 09:00")),
    ("US-NV.hours", TEXT, "+17025550123", "America/Los_Angeles", ("2026-11-23 09:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 09:00")),
    ("US-NJ.hours", TEXT, "+19735550123", "America/New_York", ("2026-11-23 08:00", "20:50", "21:00"), ("2026-11-23 21:00", "2026-11-24 08:00")),
    ("US-OR.hours", TEXT, "+15035550123", "America/Los_Angeles", ("2026-11-23 08:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 08:00")),
    ("US-AL.hours", TEXT, "+12055550123", "America/Chicago", ("2026-11-28 08:00", "19:50", "20:00"), ("2026-11-28 20:00", "2026-11-30 08:00")),
    ("US-AL.hours", TEXT, "+12055550123", "America/Chicago", ("2026-11-25 08:00", "19:50", "20:00"), ("2026-11-26 09:00", "2026-11-27 08:00")),
    ("US-LA.hours", TEXT, "+15045550123", "America/Chicago", ("2027-02-08 08:00", "19:50", "20:00"), ("2027-02-09 12:00", "2027-02-10 08:00")),
    ("US-MS.hours", TEXT, "+16015550123", "America/Chicago", ("2026-11-28 08:00", "19:50", "20:00"), ("2026-11-29 12:00", "2026-11-30 08:00")),
    ("US-RI.hours", TEXT, "+14015550123", "America/New_York", ("2026-11-28 10:00", "16:50", "17:00"), ("2026-11-28 17:00", "2026-11-30 09:00")),
    ("US-RI.hours", TEXT, "+14015550123", "America/New_York", ("2026-11-25 09:00", "17:50", "18:00"), ("2026-11-26 12:00", "2026-11-27 09:00")),
    ("US-PA.hours", TEXT, "+12155550123", "America/New_York", ("2026-11-28 10:00", "16:50", "17:00"), ("2026-11-29 12:00", "2026-11-30 09:00")),
    ("US-PA.hours", TEXT, "+12155550123", "America/New_York", ("2026-11-25 09:00", "18:50", "19:00"), ("2026-11-26 12:00", "2026-11-27 09:00")),
    ("CA.text-hours", TEXT, "+14165550123", "America/Toronto", ("2026-11-23 09:00", "21:20", "21:30"), ("2026-11-28 09:59", "2026-11-28 10:00")),
    ("CA.call-hours", CALL, "+14165550123", "America/Toronto", ("2026-11-23 09:00", "21:20", "21:30"), ("2026-11-28 18:00", "2026-11-29 10:00")),
    ("GB.hours", TEXT, "+447900000001", "Europe/London", ("2026-11-23 09:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 09:00")),
    ("DE.hours", TEXT, "+4915112345678", "Europe/Berlin", ("2026-11-23 09:00", "19:50", "20:00"), ("2026-11-28 09:59", "2026-11-28 10:00")),
    ("GR.hours", TEXT, "+306912345678", "Europe/Athens", ("2026-11-23 09:00", "19:50", "20:00"), ("2026-11-28 18:00", "2026-11-29 10:00")),
    ("PL.hours", TEXT, "+48512345678", "Europe/Warsaw", ("2026-11-23 09:00", "19:50", "20:00"), ("2026-11-23 20:00", "2026-11-24 09:00")),
    ("FR.text-hours", TEXT, "+33612345678", "Europe/Paris", ("2026-11-28 08:00", "19:50", "20:00"), ("2026-11-28 20:00", "2026-11-30 08:00")),
    ("FR.text-hours", TEXT, "+33612345678", "Europe/Paris", ("2026-11-10 08:00", "19:50", "20:00"), ("2026-11-11 12:00", "2026-11-12 08:00")),
    ("FR.call-hours", CALL, "+33612345678", "Europe/Paris", ("2026-11-23 10:00", "12:50", "13:00"), ("2026-11-23 13:00", "2026-11-23 14:00")),
    ("FR.call-hours", CALL, "+33612345678", "Europe/Paris", ("2026-11-23 14:00", "19:50", "20:00"), ("2026-11-27 20:00", "2026-11-30 10:00")),
    ("VN.text-hours", TEXT, "+84901234567", "Asia/Ho_Chi_Minh", ("2026-11-23 07:00", "21:50", "22:00"), ("2026-11-23 06:59", "2026-11-23 07:00")),
    ("VN.call-hours", CALL, "+84901234567", "Asia/Ho_Chi_Minh", ("2026-11-23 08:00", "16:50", "17:00"), ("2026-11-23 17:00", "2026-11-24 08:00")),
    ("SA.hours", TEXT, "+966501234567", "Asia/Riyadh", ("2026-11-23 09:00", "20:50", "21:00"), ("2026-11-23 08:59", "2026-11-23 09:00")),
    ("AE.hours", TEXT, "+971501234567", "Asia/Dubai", ("2026-11-23 09:00", "17:50", "18:00"), ("2026-11-23 18:00", "2026-11-24 09:00")),
    ("AE.hours", CALL, "+971501234567", "Asia/Dubai", ("2026-11-23 09:00", "17:50", "18:00"), ("2026-11-23 08:59", "2026-11-23 09:00")),
    ("IN.hours", TEXT, "+919812345678", "Asia/Kolkata", ("2026-11-23 10:00", "20:50", "21:00"), ("2026-11-23 09:59", "2026-11-23 10:00")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "kind", "number", "zone", "open_", "shut"), RULES, ids=[f"{row[0]}-{row[1]}-{row[4][0]}" for row in RULES]
)
def test_hours_of_rule(rule, kind, number, zone, open_, shut):
    question = ask(kind=kind, number=number)
    moment, send_by, close = open_
    day = moment[:10]
    answer = WINDOWS.at(question, at(moment, zone))
    assert (answer.opening, answer.not_before, answer.send_by, answer.not_after) == (
        Opening.OPEN,
        None,
        at(f"{day} {send_by}", zone),
        at(f"{day} {close}", zone),
    )
    assert rule in {reason.rule for reason in answer.reasons}
    later = WINDOWS.at(question, at(shut[0], zone))
    assert (later.opening, later.not_before) == (Opening.LATER, at(shut[1], zone))
    assert rule in {reason.rule for reason in later.reasons}


def test_every_rule_of_hours_has_its_rows():
    advertising = {rule.id for pack in PACKS.packs.values() for rule in pack.hours if LegalClass.MARKETING in rule.classes}
    assert {row[0] for row in RULES} == advertising


@pytest.mark.parametrize(
    ("rule", "number", "zone", "moment", "shut", "opens"),
    [
        ("AE.notice-hours", "+971501234567", "Asia/Dubai", "2026-11-23 20:00", "2026-11-23 21:00", "2026-11-24 07:00"),
        ("US-PA.notice-hours", "+12155550123", "America/New_York", "2026-11-29 12:30", "2026-11-29 17:00", "2026-11-30 08:00"),
    ],
)
def test_notices_keep_wider_hours_than_advertising(rule, number, zone, moment, shut, opens):
    notice, advert = ask(LegalClass.SERVICE, number=number), ask(number=number)
    answer = WINDOWS.at(notice, at(moment, zone))
    assert (answer.opening, rule in {reason.rule for reason in answer.reasons}) == (Opening.OPEN, True)
    assert WINDOWS.at(advert, at(moment, zone)).opening is Opening.LATER
    later = WINDOWS.at(notice, at(shut, zone))
    assert (later.opening, later.not_before) == (Opening.LATER, at(opens, zone))
    assert Code.DECENT_HOURS in codes(later)


def test_every_rule_for_notices_alone_is_asked_of_one():
    alone = {rule.id for pack in PACKS.packs.values() for rule in pack.hours if LegalClass.MARKETING not in rule.classes}
    assert alone == {"AE.notice-hours", "US-PA.notice-hours"}


@pytest.mark.parametrize(
    ("known", "doubts", "jurisdictions"),
    [
        ({"number": "+5511999999999"}, [Code.COUNTRY_UNKNOWN], ("ZZ",)),
        ({"number": "+18005550123"}, [Code.COUNTRY_UNKNOWN], ("ZZ",)),
        ({"number": "+88165551234"}, [Code.COUNTRY_UNKNOWN], ("ZZ",)),
        ({"zone": "Europe/Athens"}, [Code.COUNTRY_UNKNOWN], ("ZZ",)),
        ({"country": "US"}, [Code.REGION_UNKNOWN], ("US", "ZZ")),
        ({"country": "us", "region": "fl"}, [], ("US", "US-FL")),
        ({"number": "+12125550123"}, [], ("US",)),  # New York has no hours of its own
        ({"number": "+13055550123", "country": "VN"}, [], ("US", "US-FL", "VN")),
        ({"number": "+84901234567", "zone": "Mars/Olympus"}, [Code.ZONE_INVALID], ("VN",)),
        ({"number": "+84901234567", "zone": "../etc/passwd"}, [Code.ZONE_INVALID], ("VN",)),
        ({"number": "+84901234567", "country": "XX"}, [Code.COUNTRY_UNKNOWN], ("VN", "ZZ")),
    ],
)
def test_h1_who_may_be_where_and_what_is_in_doubt(known, doubts, jurisdictions):
    question = ask(**known)
    assert ([doubt.code for doubt in question.doubts], question.jurisdictions) == (doubts, jurisdictions)
    assert set(doubts) <= set(codes(WINDOWS.at(question, at("2026-11-23 12:00"))))  # said aloud
    strict = {("ZZ.strict-hours", PACKS.packs["ZZ"].version)} if "ZZ" in jurisdictions else set()
    assert {(doubt.rule, doubt.version) for doubt in question.doubts if doubt.code != Code.ZONE_INVALID} == strict


def test_h1_all_zones_agree():
    question = ask(number="+18505550123")  # the west of Florida: two clocks
    assert WINDOWS.at(question, at("2026-11-23 08:30", "America/New_York")).not_before == at("2026-11-23 08:00", "America/Chicago")
    answer = WINDOWS.at(question, at("2026-11-23 12:00", "America/New_York"))
    assert answer.not_after == at("2026-11-23 20:00", "America/New_York")


def test_h1_the_contacts_own_zone_is_one_more_not_the_only_one():
    question = ask(number="+447900000001", zone="Asia/Dubai")
    late = WINDOWS.at(question, at("2026-11-23 17:00", "Europe/London"))  # nine in the evening in Dubai
    assert (late.opening, [reason.zone for reason in late.reasons]) == (Opening.LATER, ["Asia/Dubai"])


def test_no_common_hour_is_said():
    answer = WINDOWS.at(ask(number="+18505550123", zone="Asia/Ho_Chi_Minh"), at("2026-11-23 12:00"))
    assert (answer.opening, codes(answer)[0], answer.not_before) == (Opening.NEVER, Code.NO_COMMON_HOUR, None)


def test_without_a_zone_advertising_stays_and_a_service_goes():
    unknown = {"number": "+88165551234"}
    marketing = WINDOWS.at(ask(**unknown), at("2026-11-23 12:00"))
    service = WINDOWS.at(ask(LegalClass.SERVICE, **unknown), at("2026-11-23 12:00"))
    assert (marketing.opening, codes(marketing)) == (Opening.NEVER, [Code.ZONE_UNKNOWN, Code.COUNTRY_UNKNOWN])
    assert (service.opening, codes(service)) == (Opening.OPEN, [Code.ZONE_UNKNOWN, Code.COUNTRY_UNKNOWN])


@pytest.mark.parametrize(
    ("legal", "kind"),
    [(LegalClass.EMERGENCY, TEXT), (LegalClass.CONVERSATIONAL, TEXT), (LegalClass.INTERNAL, CALL), (LegalClass.MARKETING, EMAIL)],
)
def test_what_no_rule_speaks_of_goes_at_night(legal, kind):
    assert WINDOWS.at(ask(legal, kind, number="+13055550123"), at("2026-11-23 03:00", "America/New_York")) == Answer(
        Opening.OPEN, (hours.Reason(Code.NO_RULE),)
    )


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-11-10 12:00", Code.WITHIN_HOURS),
        ("2026-11-10 21:00", Code.QUIET_HOURS),
        ("2026-11-10 19:55", Code.CLOSING_SOON),
        ("2026-11-11 12:00", Code.HOLIDAY),
        ("2026-11-11 00:00", Code.HOLIDAY),
        ("2026-11-11 23:59", Code.HOLIDAY),
        ("2026-11-12 00:00", Code.QUIET_HOURS),
        ("2026-11-08 00:00", Code.QUIET_HOURS),  # a Sunday is none
    ],
)
def test_h2_the_code_says_why(moment, code):
    answer = WINDOWS.at(ask(number="+33612345678"), at(moment, "Europe/Paris"))
    assert [(reason.code, reason.rule, reason.version) for reason in answer.reasons] == [(code, "FR.text-hours", PACKS.packs["FR"].version)]


def test_courtesy_is_not_called_a_law():
    night = at("2026-11-23 22:00", "America/New_York")
    assert codes(WINDOWS.at(ask(LegalClass.SERVICE, number="+12125550123"), night)) == [Code.DECENT_HOURS]
    assert codes(WINDOWS.at(ask(LegalClass.MARKETING, number="+12125550123"), night)) == [Code.QUIET_HOURS]


@pytest.mark.parametrize(
    ("planned", "last"),
    [
        ("2026-11-23 23:00", "2026-11-23 20:49"),
        ("2026-11-23 20:55", "2026-11-23 20:49"),
        ("2026-11-23 12:30", "2026-11-23 12:30"),
        ("2026-11-24 07:59", "2026-11-23 20:49"),
        ("2026-11-24 08:00", "2026-11-24 08:00"),
    ],
)
def test_x1_a_midnight_sale_is_told_in_the_last_allowed_minute(planned, last):
    question = ask(number="+12125550123")
    assert WINDOWS.last_before(question, at(planned, "America/New_York")) == at(last, "America/New_York")
    assert WINDOWS.last_before(ask(number="+88165551234"), at(planned)) is None


def test_x1_looks_back_two_days_and_no_further():
    question = ask(kind=CALL, number="+33612345678")  # nobody may be called from Friday evening to Monday morning
    assert WINDOWS.last_before(question, at("2026-11-22 23:00", "Europe/Paris")) == at("2026-11-20 19:49", "Europe/Paris")
    assert WINDOWS.last_before(question, at("2026-11-23 09:30", "Europe/Paris")) is None


def own(*closed: date, span: str = "00:00-24:00", zone: str = "Asia/Dubai", margin: int = 0) -> Asked:
    """By hours of the workspace alone, but for the days on which it is closed."""
    week = OwnHours(week={day: [span] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}).week
    mine = hours.Own(f"{closed} {span} {margin}", Code.OWN_HOURS, "own", week, margin, frozenset(closed))
    return Asked(LegalClass.INTERNAL, TEXT, (), (zone,), own=mine)


def test_hours_that_go_on_past_midnight_do_not_close_at_midnight():
    first, last = (at(f"2026-11-23 {time}", "Asia/Dubai") for time in ("12:00", "23:55"))
    answers = [WINDOWS.at(own(margin=10), moment) for moment in (first, last)]
    assert [answer.opening for answer in answers] == [Opening.OPEN, Opening.OPEN]
    assert answers[0].send_by > last + timedelta(days=7)


@pytest.mark.parametrize(("days", "opens"), [(1, "2026-11-24 00:00"), (14, "2026-12-07 00:00"), (16, None)])
def test_whoever_is_closed_for_two_weeks_opens_after_them_and_nothing_waits_longer(days, opens):
    closed = [date(2026, 11, 23) + timedelta(days=number) for number in range(days)]
    answer = WINDOWS.at(own(*closed), at("2026-11-23 12:00", "Asia/Dubai"))
    assert (answer.opening, answer.not_before) == ((Opening.LATER, at(opens, "Asia/Dubai")) if opens else (Opening.NEVER, None))


@pytest.mark.parametrize(
    ("span", "margin", "opens"),
    [("02:15-02:45", 0, "2027-03-15 02:15"), ("02:15-03:30", 0, "2027-03-14 03:15"), ("03:00-03:20", 20, None)],
)
def test_hours_that_a_jump_or_the_margin_leaves_nothing_of_are_none(span, margin, opens):
    """In New York there is no time from two to three that day."""
    answer = WINDOWS.at(own(span=span, zone="America/New_York", margin=margin), at("2027-03-14 01:00", "America/New_York"))
    assert (answer.opening, answer.not_before) == ((Opening.LATER, at(opens, "America/New_York")) if opens else (Opening.NEVER, None))


def test_what_no_rule_speaks_of_is_told_without_a_rule():
    answer = WINDOWS.at(ask(LegalClass.EMERGENCY, number="+13055550123"), at("2026-11-23 12:00"))
    assert answer.because == (Because(Told.NO_RULE, ("", 0, "")),)


@pytest.mark.parametrize(
    ("number", "zone", "moment", "opens", "wait"),
    [
        ("+12125550123", "America/New_York", "2027-03-13 22:00", "2027-03-14 08:00", 9),  # spring forward in the night
        ("+12125550123", "America/New_York", "2027-11-06 22:00", "2027-11-07 08:00", 11),  # fall back
        ("+201001234567", "Africa/Cairo", "2027-04-29 20:00", "2027-04-30 10:00", 13),  # its midnight does not exist
        ("+201001234567", "Africa/Cairo", "2027-10-28 20:00", "2027-10-29 10:00", 15),  # its last hour comes twice
        ("+84901234567", "Asia/Ho_Chi_Minh", "2026-12-31 23:00", "2027-01-01 07:00", 8),
        ("+447900000001", "Europe/London", "2028-02-28 21:00", "2028-02-29 09:00", 12),  # a leap day
        ("+33612345678", "Europe/Paris", "2026-12-31 21:00", "2027-01-02 08:00", 35),  # a holiday begins the year
    ],
)  # fmt: skip
def test_clocks_that_jump_and_years_that_end(number, zone, moment, opens, wait):
    now = at(moment, zone)
    answer = WINDOWS.at(ask(number=number), now)
    assert answer.not_before == at(opens, zone)
    assert answer.not_before - now.astimezone(UTC) == timedelta(hours=wait)


def test_local_times_for_the_sentence():
    times = local_times(ask(number="+18505550123"), at("2026-11-23 13:30"))
    assert {zone: f"{time:%H:%M}" for zone, time in times.items()} == {"America/Chicago": "07:30", "America/New_York": "08:30"}


def test_which_purposes_keep_hours():
    kept = {(purpose, kind) for purpose in Purpose for kind in Kind if keeps_hours(purpose, kind)}
    always = {Purpose.PROMOTION, Purpose.GREETING, Purpose.FEEDBACK, Purpose.REMINDER, Purpose.APPOINTMENT}
    assert kept == {(purpose, kind) for purpose in always for kind in Kind} | {(Purpose.NOTICE, CALL)}
    assert hours.CLASSES.keys() == set(Purpose)


NUMBERS = sorted(
    {row[2] for row in RULES} | {"+18505550123", "+18005550123", "+61412345678", "+12085550123", "+212612345678", "+56912345678"}
)
ZONES = [
    "",
    "America/New_York",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Asia/Ho_Chi_Minh",
    "America/St_Johns",
    "Europe/Athens",
    "Asia/Gaza",
]
TEN_YEARS = st.integers(int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()), int(datetime(2036, 1, 1, tzinfo=UTC).timestamp()))


@settings(max_examples=300, deadline=None)
@given(number=st.sampled_from(NUMBERS), zone=st.sampled_from(ZONES), kind=st.sampled_from([TEXT, CALL]), seconds=TEN_YEARS)
@example(number="+201001234567", zone="", kind=TEXT, seconds=int(datetime(2027, 4, 30, 7, tzinfo=UTC).timestamp()))
def test_i5_nothing_allowed_is_outside_the_hours_of_any_zone(number, zone, kind, seconds):
    now = datetime.fromtimestamp(seconds, UTC)
    question = ask(kind=kind, number=number, zone=zone)
    answer = Windows(PACKS).at(question, now)
    assert (answer.opening is Opening.OPEN) == allowed_by_the_wall(question, now, 10)
    if answer.opening is not Opening.NEVER:
        start = answer.not_before or now
        assert start >= now
        assert start < answer.send_by < answer.not_after
        for moment in (start, answer.send_by - timedelta(seconds=1)):
            assert allowed_by_the_wall(question, moment, 10)
        assert allowed_by_the_wall(question, answer.not_after - timedelta(seconds=1), 0)
        assert answer.not_before is None or not allowed_by_the_wall(question, start - timedelta(minutes=1), 10)


@pytest.mark.parametrize("span", ["01:30-03:00", "00:00-01:30", "02:30-05:00", "00:30-02:30", "00:00-24:00", "23:30-24:00"])
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", "2027-03-14"),
        ("America/New_York", "2027-11-07"),
        ("Africa/Cairo", "2027-04-30"),
        ("Africa/Cairo", "2027-10-28"),
    ],
)
def test_hours_that_open_or_close_inside_a_jump_are_read_narrowly(span, zone, day):
    opens, closes = (int(part[:2]) * 60 + int(part[3:]) for part in span.split("-"))
    made = type(PACKS.packs["GB"].hours[0].open.mon[0])(opens=opens, closes=closes)
    there, local = zone_named(zone), date.fromisoformat(day)
    for start, end in hours._utc(local, (made,), there):
        for second in range(int(start), int(end), 60):
            wall = datetime.fromtimestamp(second, there)
            assert wall.date() == local
            assert opens <= wall.hour * 60 + wall.minute < closes


def test_a_full_cupboard_of_timetables_is_emptied(monkeypatch):
    monkeypatch.setattr(hours, "MOST_TIMETABLES", 2)
    windows, kept = Windows(PACKS), []
    for number in ("+447900000001", "+84901234567", "+84901234568", "+966501234567"):
        windows.at(ask(number=number), at("2026-11-23 12:00"))
        kept.append(len(windows._timetables))
    assert kept == [1, 2, 2, 1], "equal questions share one"
