"""The velocity fuse (D7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from textfirst.core.purposes import Lane
from textfirst.messages.rules.velocity import FEWEST, LIMITS, wait_until

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def ago(**since: float) -> datetime:
    return NOW - timedelta(**since)


def test_d7_a_person_nobody_wrote_to_is_free() -> None:
    assert wait_until(Lane.BULK, [], NOW) is None


def test_d7_the_sixth_text_in_a_minute_waits_until_the_first_is_a_minute_old() -> None:
    sent = [ago(seconds=50 - n) for n in range(5)]
    assert wait_until(Lane.BULK, sent[:4], NOW) is None
    assert wait_until(Lane.BULK, sent, NOW) == ago(seconds=50) + timedelta(minutes=1)


def test_d7_twenty_in_an_hour_wait_for_the_hour() -> None:
    sent = [ago(minutes=55 - 2 * n) for n in range(20)]
    assert wait_until(Lane.BULK, sent, NOW) == ago(minutes=55) + timedelta(hours=1)


def test_d7_the_longest_wait_counts_and_order_does_not() -> None:
    sent = [ago(hours=23, minutes=n) for n in range(45)] + [ago(seconds=n) for n in range(5)]
    assert wait_until(Lane.BULK, sent, NOW) == wait_until(Lane.BULK, sent[::-1], NOW) == ago(hours=23, minutes=44) + timedelta(days=1)


@pytest.mark.parametrize(("lane", "texts"), [(Lane.URGENT, 10), (Lane.CONVERSATION, 20), (Lane.TRANSACTIONAL, 5), (Lane.BULK, 5)])
def test_d7_each_lane_has_its_own_minute(lane: Lane, texts: int) -> None:
    sent = [ago(seconds=1)] * texts
    assert wait_until(lane, sent[1:], NOW) is None
    assert wait_until(lane, sent, NOW) == ago(seconds=1) + timedelta(minutes=1)


def test_d7_who_has_fewer_than_the_fewest_cannot_blow_any() -> None:
    for lane in LIMITS:
        assert wait_until(lane, [NOW] * (FEWEST - 1), NOW) is None
