"""The chain's arithmetic: every leaf has a path, every difference another root, and rows are cut in one way only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from textfirst.consent.rules import chain

LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40, unique=True)


@given(LEAVES, st.data())
def test_every_leaf_climbs_to_the_root_and_no_other_does(leaves, data):
    place = data.draw(st.integers(0, len(leaves) - 1))
    steps = chain.path(leaves, place)
    assert chain.climbed(leaves[place], steps) == chain.root(leaves)
    assert chain.climbed(b"another leaf", steps) != chain.root(leaves)
    assert len(steps) <= 6


@given(LEAVES, st.data())
def test_another_order_is_another_root(leaves, data):
    other = data.draw(st.permutations(leaves))
    assert (chain.root(other) == chain.root(leaves)) is (other == leaves)


@given(st.lists(st.none() | st.text(max_size=6), min_size=2, max_size=4), st.lists(st.none() | st.text(max_size=6), min_size=2, max_size=4))
def test_two_rows_that_differ_have_two_leaves(one, other):
    assert (chain.leaf(one) == chain.leaf(other)) is (one == other)


def test_a_seal_covers_all_it_says():
    link = chain.Link(UUID(int=1), 3, 5, bytes(32), b"\x01" * 32, datetime(2026, 11, 22, tzinfo=UTC))
    others = [
        replace(link, workspace_id=UUID(int=2)), replace(link, number=4), replace(link, entries=6), replace(link, root=b"\x02" * 32),
        replace(link, previous=bytes(32)), replace(link, sealed_at=link.sealed_at + timedelta(microseconds=1)),
    ]  # fmt: skip
    assert len({link.seal(), *(other.seal() for other in others)}) == 7
