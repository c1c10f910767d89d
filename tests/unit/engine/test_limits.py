"""How fast a channel may send."""

from __future__ import annotations

import pytest

from textfirst.engine.limits import Pace


def test_without_a_rate_the_window_alone_decides() -> None:
    pace = Pace(0, 0)
    assert [pace.allowance(now, 500) for now in (0, 0, 1)] == [500, 500, 500]
    assert pace.wait(1) == 0


def test_a_quarter_of_a_second_may_leave_at_once_and_no_more_is_saved_up() -> None:
    pace = Pace(100, 0)
    assert pace.allowance(0, 500) == 25
    pace.spend(25, 0)
    assert pace.allowance(0, 500) == 0
    assert pace.wait(0) == pytest.approx(0.01)
    assert pace.allowance(0.1, 500) == 10
    assert pace.allowance(60, 500) == 25


def test_over_a_second_the_rate_is_kept() -> None:
    pace, sent = Pace(40, 0), 0
    for tick in range(1, 1001):
        now = tick / 100
        allowed = pace.allowance(now, 500)
        pace.spend(allowed, now)
        sent += allowed
    assert 400 <= sent <= 410


def test_a_slow_channel_sends_one_at_a_time() -> None:
    pace = Pace(1, 0)
    assert pace.wait(0) == pytest.approx(0.75)
    assert pace.allowance(0.8, 500) == 1
    pace.spend(3, 0.8)  # a text in three parts: its debt is waited for
    assert pace.allowance(2.5, 500) == 0
    assert pace.allowance(3.9, 500) == 1


def test_throttling_halves_once_for_a_burst_and_pauses() -> None:
    pace = Pace(100, 0)
    for _ in range(30):
        pace.throttled(10)
    assert pace.rate == 50
    assert (pace.allowance(10.5, 500), pace.wait(10.5)) == (0, pytest.approx(0.5))
    assert pace.allowance(11.5, 500) > 0


def test_it_grows_back_to_the_rate_while_the_carrier_is_content() -> None:
    pace = Pace(100, 0)
    pace.throttled(10)
    rates = []
    for second in range(11, 25):
        pace.allowance(second, 500)
        rates.append(pace.rate)
    assert rates == sorted(rates)
    assert rates[-1] == 100


def test_an_unlimited_channel_learns_a_limit_from_what_it_was_sending() -> None:
    pace = Pace(0, 0)
    for tick in range(100):
        pace.spend(10, tick / 50)  # 500 a second
    pace.throttled(2)
    assert 200 <= pace.rate <= 300
    for second in range(3, 100):
        pace.allowance(second, 500)
    assert pace.rate == 0


def test_goodput_under_a_carriers_limit() -> None:
    """T6: a carrier that takes 100 a second and throttles the rest; nine tenths of that must get through."""
    pace, taken, in_second = Pace(0, 0), 0, [0] * 62
    for tick in range(6000):
        now = tick / 100
        for _ in range(min(pace.allowance(now, 50), 50)):
            pace.spend(1, now)
            if in_second[int(now)] < 100:
                in_second[int(now)] += 1
                taken += 1
            else:
                pace.throttled(now)
                break
    assert taken > 0.5 * 6000


def test_a_clock_that_stands_still_or_goes_back_breaks_nothing() -> None:
    pace = Pace(10, 5)
    assert pace.allowance(4, 500) == 2
    assert pace.wait(5) == 0
