"""How fast a channel may send."""

from __future__ import annotations

from collections import Counter, deque
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_refusals_of_a_whole_burst_halve_once_and_pause() -> None:
    pace = Pace(100, 0)
    for _ in range(30):
        pace.answered(0, 1, 10)
    assert pace.rate == 50
    assert (pace.allowance(10.5, 500), pace.wait(10.5)) == (0, pytest.approx(0.5))
    assert pace.allowance(11.5, 500) > 0


def test_how_much_was_refused_decides_how_far_it_slows_down() -> None:
    pace = Pace(100, 0)
    pace.answered(48, 0, 10)
    pace.answered(48, 4, 10.5)
    assert pace.rate == 100, "the window is not over"
    pace.answered(0, 0, 11)
    assert pace.rate == 98
    assert pace.wait(11) < 0.1, "a few refusals are no reason for silence"


def test_answers_to_what_was_sent_before_it_slowed_down_are_not_heard() -> None:
    pace = Pace(100, 0)
    pace.answered(0, 20, 10, age=3)
    for tenth in range(1, 30):
        pace.answered(0, 20, 10 + tenth / 10, age=3)
    assert pace.rate <= 52.5
    pace.answered(0, 20, 13.1, age=3)
    assert pace.rate < 30, "those to what was sent since are"


def test_it_grows_back_to_the_rate_while_the_carrier_is_content() -> None:
    pace = Pace(100, 0)
    for second in range(10, 40):
        pace.answered(0, 20, second)
    assert pace.rate == 5, "no lower than a twentieth"
    rates = []
    for second in range(40, 70):
        pace.allowance(second, 500)
        rates.append(pace.rate)
    assert rates == sorted(rates)
    assert rates[-1] == 100


def test_an_unlimited_channel_learns_a_limit_from_what_it_was_sending() -> None:
    pace = Pace(0, 0)
    for tick in range(100):
        pace.spend(10, tick / 50)  # 500 a second
    pace.answered(0, 20, 2)
    assert 200 <= pace.rate <= 300
    for second in range(3, 200):
        pace.allowance(second, 500)
    assert pace.rate == 0


class TestBesideACarrier:
    """Minutes of one channel beside a carrier that takes what its own bucket allows, and refuses some of it at random."""

    @given(
        limit=st.integers(15, 150),
        rate=st.sampled_from([100, 150, 0]),
        answers_after=st.sampled_from([0.02, 0.3, 2.0]),
        seed=st.integers(0, 999),
    )
    @settings(max_examples=12, deadline=None)
    def test_it_comes_to_rest_near_the_limit(self, limit: int, rate: int, answers_after: float, seed: int) -> None:
        seen = beside(rate, answers_after=answers_after, limit=limit, seed=seed)
        most = min(limit, rate or limit)
        assert seen.taken >= 0.85 * most
        assert seen.refused <= 0.15 * seen.taken + 0.05 * rate + 1, "it does not go on knocking"

    @given(
        percent=st.sampled_from([1, 2, 5]),
        answers_after=st.sampled_from([0.02, 0.3, 2.0]),
        rate=st.integers(10, 300),
        seed=st.integers(0, 999),
    )
    @settings(max_examples=12, deadline=None)
    def test_refusals_at_random_cost_little(self, percent: int, answers_after: float, rate: int, seed: int) -> None:
        """AIMD that halves at each refusal stands at its floor here."""
        assert beside(rate, answers_after=answers_after, percent=percent, seed=seed).taken >= 0.6 * rate - 1

    @given(
        limit=st.integers(0, 200),
        percent=st.integers(0, 100),
        rate=st.integers(1, 200),
        answers_after=st.sampled_from([0.02, 2.0]),
        seed=st.integers(0, 999),
    )
    @settings(max_examples=12, deadline=None)
    def test_never_above_the_channels_rate_and_never_below_a_twentieth(
        self, limit: int, percent: int, rate: int, answers_after: float, seed: int
    ) -> None:
        seen = beside(rate, answers_after=answers_after, limit=limit, percent=percent, seed=seed)
        assert max(seen.rates) <= rate
        assert min(seen.rates) >= min(rate, max(1, rate / 20))
        assert seen.most_in_a_second <= rate * 1.25 + 1


class Seen(NamedTuple):
    """Of the second half: segments a second taken and refused; of all: the rates, and how many left in any one second."""

    taken: float
    refused: float
    rates: list[float]
    most_in_a_second: int


def beside(rate: int, *, answers_after: float, limit: int = 1_000_000, percent: float = 0, seed: int = 0, seconds: int = 90) -> Seen:
    """A channel that always has something to send, for so long, in ticks of 20 ms."""
    chance, pace, bucket = Random(seed), Pace(rate, 0), float(limit)
    answers: deque[tuple[float, int, int]] = deque()
    half = taken = refused = 0
    rates: list[float] = []
    left: Counter[int] = Counter()
    for tick in range(seconds * 50):
        now = tick / 50
        bucket = min(bucket + limit / 50, max(limit / 4, 1))
        count = pace.allowance(now, 50)
        pace.spend(count, now)
        left[int(now)] += count
        fine = sum(chance.random() * 100 >= percent for _ in range(count))
        took = min(fine, int(bucket))
        bucket -= took
        if count:
            answers.append((now, took, count - took))
        while answers and answers[0][0] <= now - answers_after:
            begun, good, bad = answers.popleft()
            pace.answered(good, bad, now, age=now - begun)
        rates.append(pace.rate)
        if now >= seconds / 2:
            half, taken, refused = half + 1, taken + took, refused + count - took
    return Seen(taken * 50 / half, refused * 50 / half, [one for one in rates if one], max(left.values()))


def test_a_clock_that_stands_still_or_goes_back_breaks_nothing() -> None:
    pace = Pace(10, 5)
    assert pace.allowance(4, 500) == 2
    assert pace.wait(5) == 0
