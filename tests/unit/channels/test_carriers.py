"""Several carriers: who takes a message, and when their shares change."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textfirst.channels.rules.carriers import (
    POINTS,
    Figures,
    Member,
    Sender,
    Shift,
    Why,
    current_shares,
    home_shares,
    next_shift,
    route,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
A, B, C = (UUID(int=n) for n in (1, 2, 3))
PEOPLE = [UUID(int=7 * n) for n in range(4000)]

WELL = Figures(100, 14, 100, 24)
SLOW = Figures(100, 15, 100, 0)
FAILS = Figures(100, 0, 100, 25)
SLOWER = Figures(100, 60, 100, 0)
FEW = Figures(19, 19, 19, 19)


def sender(
    identifier: UUID, share: int, *, kind: str = "smpp", address: str = "1", enabled: bool = True, pool: str = "p", there: bool = True
) -> Sender:
    return Sender(identifier, kind, enabled, pool, address, share, there)


def spread(senders: list[Sender], *, known: bool = False) -> Counter[UUID]:
    return Counter(route(senders[0], person, senders, known=known) for person in PEOPLE)


# ── routing


def test_messages_are_spread_by_share_and_stay_with_their_carrier() -> None:
    before = [sender(A, 60), sender(B, 30), sender(C, 10)]
    after = [sender(A, 50), sender(B, 40), sender(C, 10)]
    counts = spread(before)
    assert all(abs(counts[one.id] / len(PEOPLE) - one.share / 100) < 0.03 for one in before)
    changed = [person for person in PEOPLE if route(before[0], person, before, known=False) != route(after[0], person, after, known=False)]
    assert len(changed) / len(PEOPLE) < 0.15
    assert {route(before[0], person, before, known=False) for person in changed} <= {A, C}


@pytest.mark.parametrize(
    ("others", "reached"),
    [
        pytest.param([sender(B, 50, pool="")], {A}, id="not of the pool"),
        pytest.param([sender(B, 50, pool="other")], {A}, id="of another pool"),
        pytest.param([sender(B, 50, enabled=False)], {A}, id="off"),
        pytest.param([sender(B, 50, kind="simulator")], {A}, id="a live text never ends at the simulator"),
        pytest.param([sender(B, 50, there=False)], {A}, id="cannot be reached"),
        pytest.param([sender(B, 0)], {A}, id="carries nothing now"),
        pytest.param([sender(B, 50)], {A, B}, id="stands in"),
    ],
)
def test_who_stands_in(others: list[Sender], reached: set[UUID]) -> None:
    assert set(spread([sender(A, 50), *others])) == reached


def test_a_carrier_that_cannot_be_reached_gets_nothing_while_others_can() -> None:
    assert set(spread([sender(A, 100, there=False), sender(B, 0)])) == {B}
    assert set(spread([sender(A, 60, there=False), sender(B, 40, there=False)])) == {A, B}, "then they wait where they belong"
    assert set(spread([sender(A, 100, enabled=False), sender(B, 0)])) == {B}


def test_whoever_has_texted_with_a_number_keeps_it() -> None:
    assert set(spread([sender(A, 10, address="1"), sender(B, 90, address="2")], known=True)) == {A}
    assert set(spread([sender(A, 10, address="Same"), sender(B, 90, address="Same")], known=True)) == {A, B}, "nobody can tell them apart"
    assert set(spread([sender(A, 0, address="1"), sender(B, 100, address="2")], known=True)) == {B}
    assert set(spread([sender(A, 50, address="1", there=False), sender(B, 50, address="2")], known=True)) == {B}


# ── shares


@given(st.dictionaries(st.uuids(), st.integers(1, 100), min_size=1, max_size=8))
def test_points_by_weight(weights: dict[UUID, int]) -> None:
    shares = home_shares(weights)
    assert sum(shares.values()) == POINTS
    assert all(abs(shares[one] - POINTS * weight / sum(weights.values())) < 1 for one, weight in weights.items())


def test_a_pool_that_changed_begins_at_home() -> None:
    home = home_shares({A: 1, B: 1})
    assert current_shares(home, {A: 20, B: 80}) == {A: 20, B: 80}
    assert current_shares(home, {A: 20, B: 30, C: 50}) == home
    assert current_shares(home, {A: 100}) == home


def pool(*members: tuple[UUID, int, int, Figures]) -> list[Member]:
    return [Member(*one) for one in members]


@pytest.mark.parametrize(
    ("members", "minutes", "expected"),
    [
        pytest.param(pool((A, 50, 50, WELL), (B, 50, 50, WELL)), 60, None, id="all is well"),
        pytest.param(pool((A, 50, 50, SLOW), (B, 50, 50, WELL)), 5, Shift(A, B, 10, Why.SLOW), id="slow"),
        pytest.param(pool((A, 50, 50, SLOW), (B, 50, 50, WELL)), None, Shift(A, B, 10, Why.SLOW), id="never moved before"),
        pytest.param(pool((A, 50, 50, SLOW), (B, 50, 50, WELL)), 4.9, None, id="slow, but it has just moved"),
        pytest.param(pool((A, 50, 50, FAILS), (B, 50, 50, WELL)), 1, Shift(A, B, 10, Why.ERRORS), id="errors are sooner"),
        pytest.param(pool((A, 50, 50, FAILS), (B, 50, 50, WELL)), 0.9, None, id="but not at once"),
        pytest.param(pool((A, 50, 50, SLOW), (B, 50, 50, SLOWER)), 60, None, id="all are slow: do nothing"),
        pytest.param(pool((A, 50, 50, SLOW), (B, 50, 50, FAILS)), 60, None, id="all are bad"),
        pytest.param(pool((A, 50, 4, SLOW), (B, 50, 96, WELL)), 60, Shift(A, B, 4, Why.SLOW), id="what is left"),
        pytest.param(pool((A, 50, 0, SLOW), (B, 50, 100, WELL)), 60, None, id="nothing is left, and no way back while it is slow"),
        pytest.param(pool((A, 50, 50, FEW), (B, 50, 50, WELL)), 60, None, id="too few to say"),
        pytest.param(pool((A, 50, 30, WELL), (B, 50, 70, WELL)), 15, Shift(B, A, 10, Why.BACK), id="back"),
        pytest.param(pool((A, 50, 30, WELL), (B, 50, 70, WELL)), 14.9, None, id="not yet back"),
        pytest.param(pool((A, 51, 48, WELL), (B, 49, 52, WELL)), 15, Shift(B, A, 3, Why.BACK), id="home"),
        pytest.param(pool((A, 40, 40, SLOW), (B, 30, 30, SLOWER), (C, 30, 30, WELL)), 5, Shift(B, C, 10, Why.SLOW), id="the worst first"),
        pytest.param(pool((A, 40, 40, SLOWER), (B, 30, 30, FAILS), (C, 30, 30, WELL)), 1, Shift(B, C, 10, Why.ERRORS), id="errors before slowness"),
        pytest.param(pool((A, 40, 40, SLOW), (B, 30, 20, WELL), (C, 30, 40, WELL)), 5, Shift(A, B, 10, Why.SLOW), id="to whoever lacks most"),
    ],
)  # fmt: skip
def test_shifts(members: list[Member], minutes: float | None, expected: Shift | None) -> None:
    last = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert next_shift(members, last, NOW) == expected


@given(
    st.lists(st.tuples(st.integers(1, 100), st.sampled_from([WELL, SLOW, FAILS, SLOWER, FEW])), min_size=1, max_size=5),
    st.lists(st.sampled_from([WELL, SLOW, FAILS]), max_size=40),
)
def test_points_are_neither_made_nor_lost_and_all_come_home(made: list[tuple[int, Figures]], weather: list[Figures]) -> None:
    home = home_shares({UUID(int=n): weight for n, (weight, _) in enumerate(made)})
    shares, last, now = dict(home), NOW, NOW
    for figures in [*weather, *[WELL] * 300]:
        now += timedelta(minutes=5)
        members = [Member(one, home[one], shares[one], figures if n % 2 else WELL) for n, one in enumerate(home)]
        if (shift := next_shift(members, last, now)) is not None:
            last = now
            shares[shift.source] -= shift.points
            shares[shift.target] += shift.points
        assert sum(shares.values()) == POINTS
        assert min(shares.values()) >= 0
    assert shares == home
