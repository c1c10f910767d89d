"""Where claims look, and what they must not pass by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from textfirst.channels.contract import Outbound
from textfirst.core.purposes import Lane
from textfirst.engine.looks import AT_LEAST, EVERYWHERE, LOOK_EVERYWHERE, OVERLAP, Looks

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def message(number: int, *, at: datetime = NOON, lane: Lane = Lane.BULK) -> Outbound:
    return Outbound(UUID(int=number), UUID(int=0), None, int(lane), 0, 1, 0, 0, 0, at, at + timedelta(days=1), 0, 0, "", "")


def test_the_first_claim_looks_everywhere_and_the_next_after_what_was_taken() -> None:
    looks = Looks()
    assert looks.begin(0) == EVERYWHERE
    looks.took([message(1), message(3), message(2)])
    assert looks.begin(1) == dict(EVERYWHERE) | {int(Lane.BULK): (NOON, UUID(int=3))}


def test_of_what_people_wait_for_the_last_second_is_looked_at_again() -> None:
    looks = Looks()
    looks.begin(0)
    looks.took([message(1, lane=Lane.CONVERSATION)])
    assert looks.begin(1)[int(Lane.CONVERSATION)] == (NOON - OVERLAP, UUID(int=0))


def test_now_and_then_it_looks_everywhere_whatever_there_is_to_send() -> None:
    looks = Looks()
    everywhere = []
    for tick in range(1000):
        now = tick / 100
        if looks.begin(now) == EVERYWHERE:
            everywhere.append(now)
        looks.took([message(tick + 1)])
    assert everywhere == [0, LOOK_EVERYWHERE, 2 * LOOK_EVERYWHERE, 3 * LOOK_EVERYWHERE]


def test_nothing_found_is_asked_everywhere_before_it_is_believed_but_not_all_the_time() -> None:
    looks = Looks()
    looks.begin(0)
    assert not looks.found_nothing(0)  # that was everywhere
    looks.took([message(1)])
    looks.begin(1)
    assert looks.found_nothing(1)
    assert looks.begin(1) == EVERYWHERE
    looks.took([message(2)])
    assert not looks.found_nothing(1 + AT_LEAST / 2)
    assert looks.found_nothing(1 + AT_LEAST)


def test_what_is_given_back_is_found_at_once() -> None:
    looks = Looks()
    looks.begin(0)
    looks.took([message(1), message(2, at=NOON + timedelta(minutes=1))])
    looks.gave_back([message(1)])
    assert looks.begin(1)[int(Lane.BULK)] < (NOON, UUID(int=1))
    looks.took([message(2, at=NOON + timedelta(minutes=1))])
    looks.gave_back([message(3, at=NOON + timedelta(minutes=2))])
    assert looks.begin(1)[int(Lane.BULK)] == (NOON + timedelta(minutes=1), UUID(int=2))


def test_a_new_lease_looks_everywhere() -> None:
    looks = Looks()
    looks.begin(0)
    looks.took([message(1)])
    looks.forget()
    assert looks.begin(0.1) == EVERYWHERE
