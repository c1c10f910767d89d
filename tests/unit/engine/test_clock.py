"""The database's clock, as an engine knows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from textfirst.engine.clock import Clock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_it_goes_on_from_what_the_database_said() -> None:
    clock = Clock()
    clock.heard(NOON, 100.0, 100.2)
    assert clock.now(100.1) == NOON
    assert clock.now(107.1) == NOON + timedelta(seconds=7)


def test_what_the_database_says_later_counts() -> None:
    clock = Clock()
    clock.heard(NOON, 100.0, 100.0)
    clock.heard(NOON - timedelta(minutes=5), 104.0, 104.0)
    assert clock.now(104.0) == NOON - timedelta(minutes=5)


def test_an_answer_that_took_long_says_too_little_unless_it_is_all_there_is() -> None:
    clock = Clock()
    clock.heard(NOON, 100.0, 110.0)
    assert clock.now(105.0) == NOON
    clock.heard(NOON, 110.0, 110.0)
    clock.heard(NOON + timedelta(hours=1), 112.0, 115.0)
    assert clock.now(112.0) == NOON + timedelta(seconds=2)


def test_before_it_is_heard_our_own_has_to_do() -> None:
    assert abs(Clock().now(5.0) - datetime.now(UTC)) < timedelta(seconds=5)
