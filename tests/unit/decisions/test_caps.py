"""How often one person is written to, and who stands before whom."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from textfirst.core.purposes import Purpose
from textfirst.decisions import caps
from textfirst.decisions.caps import COUNTS, DAY, Bound, Limit, Room, Sent
from textfirst.decisions.policy import Cap, Caps
from textfirst.decisions.types import Because, Code, Decision, Stamp, Verdict

PROMOTION, GREETING, NOTICE = Purpose.PROMOTION, Purpose.GREETING, Purpose.NOTICE
NOW = 30_000_000  # minutes since 1970


def cap(texts, days, purposes=COUNTS):
    return Bound(frozenset(purposes), texts, days, Code.CAPPED, Code.COUNTED, (texts, days, 0))


def promotions(*minutes):
    return [Sent(minute, PROMOTION) for minute in minutes]


def test_the_column_is_read_oldest_first():
    assert caps.read_sent("29000000.1 29000001.10") == [Sent(29_000_000, 1), Sent(29_000_001, 10)]
    assert caps.read_sent("29000000.1w 29000001.10w") == [Sent(29_000_000, 1, waits=True), Sent(29_000_001, 10, waits=True)]
    assert caps.read_sent("") == []


def test_promotions_that_wait_for_room_give_way_to_a_newer_one_and_nothing_else_does():
    line = [Sent(1, PROMOTION), Sent(2, PROMOTION, waits=True), Sent(3, GREETING, waits=True), Sent(4, NOTICE, waits=True)]
    assert caps.give_way_to_newer(line) == [line[0], *line[2:]]


def test_a_message_finds_itself_in_the_line_though_it_waits():
    line = [Sent(3, PROMOTION, waits=True), Sent(5, PROMOTION, waits=True), Sent(6, PROMOTION)]
    assert caps.ahead_of(Sent(5, PROMOTION), line) == line[:1]


def test_minutes_and_moments():
    moment = datetime(2026, 11, 23, 17, 0, 59, tzinfo=UTC)
    assert caps.moment_of(caps.minute_of(moment)) == moment.replace(second=0)


@pytest.mark.parametrize(
    ("one", "ahead"),
    [
        (Sent(5, 1), [Sent(3, 1), Sent(5, 4)]),  # itself left out, what came after it too
        (Sent(3, 1), []),
        (Sent(9, 1), [Sent(3, 1), Sent(5, 1), Sent(5, 4)]),
        (Sent(5, 2), [Sent(3, 1), Sent(5, 1), Sent(5, 4)]),  # it is not in the line
        (Sent(2, 2), []),
    ],
)
def test_who_stands_before_a_message_in_the_line(one, ahead):
    assert caps.ahead_of(one, [Sent(3, 1), Sent(5, 1), Sent(5, 4), Sent(9, 1)]) == ahead


def test_of_two_made_in_one_minute_each_sees_the_other():
    assert caps.ahead_of(Sent(5, 1), promotions(5, 5)) == promotions(5)


@pytest.mark.parametrize(
    ("texts", "days", "sent", "room"),
    [
        (1, 1, (), NOW),
        (1, 1, (NOW - DAY,), NOW),
        (1, 1, (NOW - DAY + 1,), NOW + 1),
        (1, 1, (NOW - 10, NOW - 5), NOW - 10 + 2 * DAY),  # the second waits for the first's day to end
        (2, 1, (NOW - 10, NOW - 5), NOW - 10 + DAY),
        (2, 1, (NOW - 2 * DAY, NOW - 5), NOW),
        (2, 7, (NOW - 5 * DAY, NOW - 4 * DAY), NOW + 2 * DAY),
        (1, 7, (NOW - 6 * DAY, NOW - 5 * DAY), NOW + 2 * DAY),  # both left long ago, whatever the cap says today
        (1, 7, (NOW - 3 * DAY - 5, NOW - 3 * DAY, NOW - DAY), NOW + 11 * DAY),  # the second had left, the third waits for it
        (1, 1, (NOW - 3 * DAY, NOW - 3 * DAY + 1), NOW),  # the second was made just lately enough to have waited, and has left
    ],
)
def test_s106_when_there_is_room(texts, days, sent, room):
    found = caps.room([cap(texts, days)], promotions(*sent), NOW, NOW)
    assert found.minute == room
    assert bool(found.waits) is (room > NOW)
    assert bool(found.counted) is (room == NOW)


def test_what_is_counted_is_what_lies_within_the_days():
    found = caps.room([cap(5, 2)], promotions(NOW - 3 * DAY, NOW - 2 * DAY, NOW - DAY, NOW), NOW, NOW)
    assert found == Room(NOW, (), (Because(Code.COUNTED, (2, 5, 2, 0)),))


def test_other_purposes_do_not_count():
    assert caps.room([cap(1, 1, {NOTICE})], promotions(NOW), NOW, NOW).waits == ()


def test_the_last_of_several_caps_decides_and_each_is_told():
    found = caps.room([cap(1, 1), cap(2, 7), cap(9, 1)], promotions(NOW - 10, NOW - 5), NOW, NOW)
    assert found == Room(
        NOW - 10 + 7 * DAY,
        (Because(Code.CAPPED, (2, 1, 1, 0)), Because(Code.CAPPED, (2, 2, 7, 0))),
        (Because(Code.COUNTED, (2, 9, 1, 0)),),
    )


def test_a_cap_of_nothing_never_has_room():
    assert caps.room([cap(0, 7), cap(1, 1)], promotions(NOW), NOW, NOW).minute is None
    assert caps.room([cap(1, 1), cap(0, 7)], [], NOW, NOW) == Room(
        None, (Because(Code.CAPPED, (0, 0, 7, 0)),), (Because(Code.COUNTED, (0, 1, 1, 0)),)
    )


def test_to_whom_nothing_was_sent_every_cap_says_none():
    holding = [cap(1, 1), cap(4, 7)]
    assert caps.counted_none(holding) == caps.room(holding, [], NOW, NOW).counted


SETTLED = Caps(across=(Cap(texts=1, days=2),), promotion=(Cap(texts=3, days=4),), notice=(Cap(texts=5, days=6),))
LAW = Limit(7, 8, "US-FL.limit", 2)


@pytest.mark.parametrize(
    ("purpose", "found"),
    [
        (PROMOTION, [(7, 8, Code.LAW_CAP), (3, 4, Code.CAPPED), (1, 2, Code.CAPPED)]),
        (GREETING, [(7, 8, Code.LAW_CAP), (1, 2, Code.CAPPED)]),
        (Purpose.SUPPORT, []),
        (Purpose.STAFF, []),
        (Purpose.CODE, []),
        (Purpose.URGENT, []),
    ],
)
def test_x8_which_caps_hold_for_which_purpose(purpose, found):
    holding = caps.bounds(purpose, SETTLED, [LAW])
    assert [(one.texts, one.days, one.code) for one in holding] == found


def test_x8_a_service_counts_alone():
    assert caps.bounds(NOTICE, SETTLED, []) == [Bound(frozenset({NOTICE}), 5, 6, Code.CAPPED, Code.COUNTED, (5, 6, int(NOTICE)))]
    assert caps.bounds(Purpose.FEEDBACK, SETTLED, []) == [Bound(COUNTS, 1, 2, Code.CAPPED, Code.COUNTED, (1, 2, 0))]


def test_the_cap_of_a_person_and_of_a_law():
    assert caps.own_bound(2) == Bound(caps.MARKETING, 2, 7, Code.OWN_CAP, Code.COUNTED_OWN, (2, 7))
    assert caps.bounds(PROMOTION, Caps(across=()), [LAW]) == [
        Bound(caps.MARKETING, 7, 8, Code.LAW_CAP, Code.COUNTED_LAW, (7, 8, "US-FL.limit", 2))
    ]


def minute(text):
    return caps.minute_of(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("zones", "sent", "free"),
    [
        (("Europe/Athens",), "2026-11-23T08:00+02:00", "2026-11-24T00:00+02:00"),
        (("Europe/Athens",), "2026-11-22T23:59+02:00", None),
        (("Europe/Athens",), "2026-11-23T00:00+02:00", "2026-11-24T00:00+02:00"),
        (("Europe/Athens",), "2026-11-23T23:59+02:00", "2026-11-24T00:00+02:00"),  # it still waits
        (("Europe/Athens",), "2026-11-24T00:00+02:00", None),
        (("Europe/Athens", "Europe/London"), "2026-11-23T08:00+02:00", "2026-11-24T02:00+02:00"),  # by the clock that ends its day last
        (("Europe/Athens", "Europe/London"), "2026-11-23T00:30+02:00", "2026-11-24T00:00+02:00"),  # in London that was yesterday
        ((), "2026-11-23T08:00+02:00", "2026-11-24T08:00+02:00"),  # no clock: a day from then
        ((), "2026-11-22T12:00+02:00", None),
    ],
)
def test_x5_until_when_a_greeting_gives_way(zones, sent, free):
    found = caps.given_way([Sent(minute(sent), NOTICE)], minute("2026-11-23T12:00+02:00"), zones)
    assert found == (free and minute(free))


def test_x5_a_day_with_a_change_of_clocks_is_a_day():
    found = caps.given_way([Sent(minute("2026-10-25T08:00+02:00"), NOTICE)], minute("2026-10-25T12:00+02:00"), ("Europe/Athens",))
    assert found == minute("2026-10-26T00:00+02:00")


@pytest.mark.parametrize(
    ("count", "texts", "near"),
    [(0, caps.AT_A_MOMENT, False), (1, caps.AT_A_MOMENT, True), (2, 6, False), (3, 6, True), (6, 6, True), (0, 1, True)],
)
@pytest.mark.parametrize("code", [Code.COUNTED, Code.COUNTED_OWN, Code.COUNTED_LAW])
def test_a_cap_is_near_when_one_more_from_each_who_may_ask_does_not_fit(code, count, texts, near):
    far = Because(Code.COUNTED, (0, 100, 1, 0))
    assert caps.is_near(Decision(Verdict.ALLOW, Stamp(1, 1), (far, Because(code, (count, texts, 1))))) is near


def test_where_a_cap_is_small_everybody_is_near_it():
    few, many = (Caps(across=(), promotion=(Cap(texts=texts, days=1),)) for texts in (caps.AT_A_MOMENT - 1, caps.AT_A_MOMENT))
    assert [caps.scarce(PROMOTION, some) for some in (few, many)] == [True, False]
    assert caps.scarce(GREETING, few) is False, "it has caps of its own"
    assert caps.scarce(Purpose.CODE, few) is False


def test_who_waits_for_room_takes_turns_and_who_is_not_counted_does_not():
    assert caps.is_near(Decision(Verdict.DEFER, Stamp(1, 1), (Because(Code.CAPPED, (6, 6, 1, 0)),)))
    assert not caps.is_near(Decision(Verdict.ALLOW, Stamp(1, 1), (Because(Code.NO_HOURS_NEEDED),)))


def test_x5_a_day_that_begins_twice_begins_the_first_time():
    """On the Azores it is midnight at midnight and again an hour later (UTC) when summer ends."""
    found = caps.given_way([Sent(minute("2026-10-25T00:15Z"), NOTICE)], minute("2026-10-25T01:30Z"), ("Atlantic/Azores",))
    assert found == minute("2026-10-26T01:00Z")


def test_x5_nothing_in_the_way():
    assert caps.given_way([], NOW, ("Europe/Athens",)) is None
    assert caps.given_way([], NOW, ()) is None
    assert caps.given_way(promotions(NOW), NOW, ("Europe/Athens",)) is None
