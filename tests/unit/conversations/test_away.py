"""S111, S113: when nobody is there, and what whoever writes then hears."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from textfirst.conversations.away import away_text, back_at, is_there, left_at
from textfirst.decisions.policy import StaffHours
from textfirst.protocols.sms import cut

WORKDAYS = {day: ["09:00-12:00", "13:00-17:00"] for day in ("mon", "tue", "wed", "thu", "fri")} | {"sat": [], "sun": []}
ROUND_THE_CLOCK = {day: ["00:00-24:00"] for day in WORKDAYS}
NEVER = {day: [] for day in WORKDAYS}


def staff(week=WORKDAYS, **more) -> StaffHours:
    return StaffHours.model_validate({"zone": "Europe/Athens", "week": week, **more})


def athens(text: str) -> datetime:
    """Winter time there is two hours ahead."""
    return datetime.fromisoformat(f"{text}+02:00")


@pytest.mark.parametrize(
    ("moment", "there", "left", "back"),
    [
        ("2026-11-23T08:59", False, "2026-11-20T17:00", "2026-11-23T09:00"),  # Monday
        ("2026-11-23T09:00", True, "2026-11-20T17:00", "2026-11-23T13:00"),
        ("2026-11-23T11:59", True, "2026-11-20T17:00", "2026-11-23T13:00"),
        ("2026-11-23T12:00", False, "2026-11-23T12:00", "2026-11-23T13:00"),
        ("2026-11-23T23:30", False, "2026-11-23T17:00", "2026-11-24T09:00"),
        ("2026-11-27T18:00", False, "2026-11-27T17:00", "2026-11-30T09:00"),  # Friday evening
        ("2026-11-29T12:00", False, "2026-11-27T17:00", "2026-11-30T09:00"),
        ("2026-12-25T10:00", False, "2026-12-24T17:00", "2026-12-28T09:00"),  # a holiday, then a weekend
    ],
)
def test_who_is_there(moment, there, left, back):
    hours = staff(holidays=["2026-12-25"])
    now = athens(moment)
    assert (is_there(hours, now), left_at(hours, now), back_at(hours, now)) == (there, athens(left), athens(back))


def test_always_and_never():
    now = athens("2026-11-23T12:00")
    assert is_there(staff(ROUND_THE_CLOCK), now)
    assert not is_there(staff(NEVER), now)
    assert (left_at(staff(NEVER), now), back_at(staff(NEVER), now)) == (now - timedelta(days=31), None)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_on_which_the_clock_changes(day):
    """Nine in the morning stays nine in the morning."""
    hours = staff({name: ["09:00-17:00"] for name in WORKDAYS})
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    back = back_at(hours, midnight)
    assert back.astimezone().timestamp() == datetime(day.year, day.month, day.day, 7 if day.month == 10 else 6, tzinfo=UTC).timestamp()
    assert is_there(hours, back)
    assert not is_there(hours, back - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-11-23T08:00", "We have your message. We are back today at 9:00."),
        ("2026-11-23T20:00", "We have your message. We are back tomorrow at 9:00."),
        ("2026-11-27T20:00", "We have your message. We are back Monday at 9:00."),
        ("2026-12-24T20:00", "We have your message. We are back on 2027-01-04 at 9:00."),
    ],
)
def test_the_moment_is_said_as_people_say_it(moment, text):
    holidays = [date(2026, 12, 25) + timedelta(days=n) for n in range(10)]
    assert away_text(staff(holidays=holidays), athens(moment), language="en", house_language="el") == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We have your message. We are back Monday at 9:00."),
        ("ar", "وصلتنا رسالتك. نعود الاثنين الساعة 9:00."),
        ("vi-VN", "Đã nhận tin nhắn của bạn. Chúng tôi trở lại lúc 9:00 thứ Hai."),
        ("el", "Λάβαμε το μήνυμά σας. Επιστρέφουμε τη Δευτέρα στις 9:00."),
        ("pl", "Mamy Twoją wiadomość. Wracamy w poniedziałek o 9:00."),
        ("sw", "Λάβαμε το μήνυμά σας. Επιστρέφουμε τη Δευτέρα στις 9:00."),  # the house's
        ("", "Λάβαμε το μήνυμά σας. Επιστρέφουμε τη Δευτέρα στις 9:00."),
    ],
)
def test_everybody_hears_it_in_their_language(language, text):
    assert away_text(staff(), athens("2026-11-27T20:00"), language=language, house_language="el") == text


@pytest.mark.parametrize("language", ["en", "ar", "vi", "el", "pl"])
def test_it_is_one_part_on_any_day(language):
    for day in range(23, 30):
        for week in (WORKDAYS, NEVER):
            assert len(cut(away_text(staff(week), athens(f"2026-11-{day}T20:00"), language=language, house_language="en")).bodies) == 1


def test_words_of_their_own_come_first_and_cannot_break_anything():
    friday = athens("2026-11-27T20:00")
    own = staff(messages={"en": "Closed {now}, back {back}!", "el-GR": "Κλειστά."})
    assert away_text(own, friday, language="en", house_language="el") == "Closed {now}, back Monday at 9:00!"
    assert away_text(own, friday, language="el", house_language="en") == "Κλειστά."
    assert away_text(own, friday, language="pl", house_language="en") == "Mamy Twoją wiadomość. Wracamy w poniedziałek o 9:00."
    assert away_text(own, friday, language="sw", house_language="en") == "Closed {now}, back Monday at 9:00!"


def test_without_an_end_there_is_no_promise():
    assert (
        away_text(staff(NEVER), athens("2026-11-27T20:00"), language="en", house_language="en")
        == "We have your message and answer as soon as we can."
    )
