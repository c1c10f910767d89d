import asyncio

import pytest

from textfirst.core.errors import InvalidInput, Unavailable
from textfirst.front import group_commit
from textfirst.front.group_commit import GroupCommit


class Ledger:
    """A commit that takes a moment, and remembers what it was given."""

    def __init__(self):
        self.batches = []

    async def __call__(self, items):
        self.batches.append(list(items))
        await asyncio.sleep(0.005)
        if any(item == "poison" for item in items):
            raise ValueError("poison")
        return [InvalidInput("odd") if item == "bad" else item.upper() for item in items]


@pytest.fixture
async def group():
    ledger = Ledger()
    group = GroupCommit(ledger)
    group.ledger = ledger
    task = asyncio.create_task(group.run())
    yield group
    task.cancel()


async def test_a_lone_item_is_committed_at_once(group):
    assert await group.submit("a") == "A"
    assert group.ledger.batches == [["a"]]


async def test_items_that_arrive_meanwhile_share_a_commit(group):
    answers = await asyncio.gather(*(group.submit(f"m{i}") for i in range(200)))
    assert answers == [f"M{i}" for i in range(200)]
    assert len(group.ledger.batches) <= 3


async def test_an_item_that_is_refused_fails_alone(group):
    answers = await asyncio.gather(*(group.submit(x) for x in ["a", "bad", "b"]), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["A", "odd", "B"]


async def test_an_item_that_breaks_the_commit_is_found_by_halving(group):
    answers = await asyncio.gather(*(group.submit(x) for x in ["a", "b", "poison", "c", "d"]), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["A", "B", "poison", "C", "D"]


async def test_a_caller_that_goes_away_does_not_stop_the_others(group):
    leaver = asyncio.create_task(group.submit("gone"))
    stayer = asyncio.create_task(group.submit("here"))
    await asyncio.sleep(0)
    leaver.cancel()
    assert await stayer == "HERE"


async def test_a_queue_that_is_full_says_so(monkeypatch):
    monkeypatch.setattr(group_commit, "LONGEST_QUEUE", 1)
    group = GroupCommit(Ledger())  # nobody runs it
    waiting = asyncio.create_task(group.submit("a"))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await group.submit("b")
    waiting.cancel()
