"""When again, or why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from textfirst.channels.contract import Reason
from textfirst.core.purposes import Delivery
from textfirst.engine.retry import GIVEN_UP, OUTCOMES, RETRIED, Again, Knocking, Over, after_refusal, after_silence
from textfirst.messages.rules.reasons import REASONS
from textfirst.messages.types import Outcome, Status

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("reason", "attempts", "waits", "made"),
    [
        (Reason.THROTTLED, 0, 1, 0),
        (Reason.THROTTLED, 9, 1, 9),
        (Reason.BUSY, 0, 30, 1),
        (Reason.BUSY, 3, 240, 4),
        (Reason.BUSY, 50, 900, 51),
        (Reason.TEMPORARY, 0, 30, 1),
        (Reason.TEMPORARY, 3, 240, 4),
        (Reason.UNCLEAR, 1, 60, 2),
        (Reason.UNMAPPED, 1, 60, 2),
        (Reason.MISCONFIGURED, 0, 30, 1),
        (Reason.SESSION, 4, 1, 4),
    ],
)
def test_tried_again(reason: Reason, attempts: int, waits: float, made: int) -> None:
    answer = after_refusal(reason, "0x", attempts=attempts, now=NOW, not_after=DAY, chance=0.5)
    assert answer == Again(NOW + timedelta(seconds=waits), made)


@pytest.mark.parametrize(
    ("reason", "attempts", "status"),
    [
        (Reason.TEMPORARY, 4, Status.FAILED),
        (Reason.UNCLEAR, 2, Status.FAILED),
        (Reason.UNMAPPED, 2, Status.FAILED),
        (Reason.MISCONFIGURED, 1, Status.FAILED),
        (Reason.OUR_FAULT, 0, Status.FAILED),
        (Reason.NUMBER_REFUSED, 0, Status.REJECTED),
        (Reason.SENDER_REFUSED, 0, Status.REJECTED),
        (Reason.REJECTED, 0, Status.REJECTED),
        (Reason.OPTED_OUT, 0, Status.REJECTED),
    ],
)
def test_given_up(reason: Reason, attempts: int, status: Status) -> None:
    assert after_refusal(reason, "0x00000065", attempts=attempts, now=NOW, not_after=DAY, chance=0.5) == Over(
        status, f"{reason.code}:0x00000065"
    )


def test_nothing_is_tried_past_its_validity() -> None:
    soon = NOW + timedelta(seconds=20)
    assert after_refusal(Reason.BUSY, "", attempts=0, now=NOW, not_after=soon, chance=0.5) == Over(Status.EXPIRED, "carrier_refused")


def test_waits_are_spread() -> None:
    waits = {after_refusal(Reason.BUSY, "", attempts=0, now=NOW, not_after=DAY, chance=chance) for chance in (0.0, 1.0)}
    assert waits == {Again(NOW + timedelta(seconds=24), 1), Again(NOW + timedelta(seconds=36), 1)}


def test_every_reason_has_an_answer_and_words() -> None:
    for reason in Reason:
        assert (reason in RETRIED) or (reason in GIVEN_UP) or reason is Reason.OUR_FAULT
        assert reason.code in REASONS


@pytest.mark.parametrize(
    ("delivery", "attempts", "answer"),
    [
        (Delivery.AT_MOST_ONCE, 0, Over(Status.UNKNOWN, "not_answered")),
        (Delivery.AT_LEAST_ONCE, 0, Again(NOW, 1)),
        (Delivery.AT_LEAST_ONCE, 1, Again(NOW, 2)),
        (Delivery.AT_LEAST_ONCE, 2, Over(Status.UNKNOWN, "not_answered")),
    ],
)
def test_no_answer(delivery: Delivery, attempts: int, answer: Again | Over) -> None:
    assert after_silence(delivery, attempts=attempts, now=NOW, not_after=DAY) == answer


def test_knocking_at_a_carrier_that_is_away_doubles_to_a_minute_with_full_jitter() -> None:
    knocking = Knocking()
    bounds = []
    for _ in range(9):
        knocking = knocking.failed(wait_for_people=False)
        bounds.append(knocking.wait(1.0))
        assert knocking.wait(0.0) == 0.1
    assert bounds == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_refused_login_is_tried_slowly() -> None:
    knocking = Knocking(failures=5)
    waits = []
    for _ in range(6):
        knocking = knocking.failed(wait_for_people=True)
        waits.append(knocking.wait(0.5))
    assert waits == [60, 120, 240, 480, 900, 900]
    assert knocking.failed(wait_for_people=False).wait(1.0) == 1


def test_an_account_that_is_bound_already_is_waited_for_and_not_hammered_for_ever() -> None:
    knocking = Knocking(failures=5)
    waits = []
    for _ in range(32):
        knocking = knocking.failed(occupied=True)
        waits.append(knocking.wait(0.5))
    assert waits == [2.0] * 30 + [15.0] * 2
    assert knocking.failed().wait(1.0) == 1, "another failure begins anew"


def test_another_carrier_is_better_off_only_where_the_trouble_is_the_carriers() -> None:
    assert OUTCOMES[Reason.THROTTLED] is Outcome.THROTTLED
    own_trouble = {reason for reason, outcome in OUTCOMES.items() if outcome is Outcome.TROUBLE}
    assert own_trouble == set(RETRIED) - {Reason.THROTTLED, Reason.MISCONFIGURED}
    assert not own_trouble & set(GIVEN_UP)
