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


async def one(group, item):
    """The answer to a lone item, or what it raised."""
    [answer] = await group.submit([item])
    if isinstance(answer, Exception):
        raise answer
    return answer


async def test_a_lone_item_is_committed_at_once(group):
    assert await one(group, "a") == "A"
    assert group.ledger.batches == [["a"]]


async def test_items_that_arrive_meanwhile_share_a_commit(group):
    answers = await asyncio.gather(*(one(group, f"m{i}") for i in range(200)))
    assert answers == [f"M{i}" for i in range(200)]
    assert len(group.ledger.batches) <= 3


class Gate:
    """Commits that end when they are let."""

    def __init__(self):
        self.batches = []
        self.open = asyncio.Event()

    async def __call__(self, items):
        self.batches.append(list(items))
        await self.open.wait()
        return items


@pytest.fixture
async def gate():
    """A group whose first commit, of one item, is under way."""
    gate = Gate()
    group = GroupCommit(gate)
    tasks = [asyncio.create_task(group.run()), asyncio.create_task(group.submit(["first"]))]
    gate.submit = lambda items: tasks.append(asyncio.create_task(group.submit(items)))
    while not gate.batches:
        await asyncio.sleep(0)
    yield gate
    gate.open.set()
    await asyncio.gather(*tasks[1:])
    tasks[0].cancel()


async def few_turns():
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_few_wait_for_the_commit_under_way(gate, monkeypatch):
    monkeypatch.setattr(group_commit, "LONG", 60.0)
    gate.submit(["a"])
    gate.submit(["b"])
    await few_turns()
    assert gate.batches == [["first"]]
    gate.open.set()
    await few_turns()
    assert gate.batches == [["first"], ["a", "b"]]


async def test_many_do_not_wait(gate):
    gate.submit(["x"] * group_commit.PAYS)
    await few_turns()
    assert [len(batch) for batch in gate.batches] == [1, group_commit.PAYS]


async def test_nobody_waits_long_for_a_commit_that_hangs(gate):
    gate.submit(["a"])
    async with asyncio.timeout(5):
        while len(gate.batches) < 2:
            await asyncio.sleep(0.01)
    assert gate.batches == [["first"], ["a"]]


async def test_an_item_that_is_refused_fails_alone(group):
    answers = await asyncio.gather(*(one(group, x) for x in ["a", "bad", "b"]), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["A", "odd", "B"]


async def test_an_item_that_breaks_the_commit_is_found_by_halving(group):
    answers = await asyncio.gather(*(one(group, x) for x in ["a", "b", "poison", "c", "d"]), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["A", "B", "poison", "C", "D"]


async def test_a_caller_that_goes_away_does_not_stop_the_others(group):
    leaver = asyncio.create_task(one(group, "gone"))
    stayer = asyncio.create_task(one(group, "here"))
    await asyncio.sleep(0)
    leaver.cancel()
    assert await stayer == "HERE"


async def test_a_queue_that_is_full_says_so(monkeypatch):
    monkeypatch.setattr(group_commit, "LONGEST_QUEUE", 1)
    group = GroupCommit(Ledger())  # nobody runs it
    waiting = asyncio.create_task(group.submit(["a"]))
    await asyncio.sleep(0)
    with pytest.raises(Unavailable):
        await group.submit(["b"])
    waiting.cancel()


async def test_what_comes_together_is_committed_together_and_answered_in_order(group):
    many, few = await asyncio.gather(group.submit([f"m{i}" for i in range(900)]), group.submit([f"f{i}" for i in range(200)]))
    assert many == [f"M{i}" for i in range(900)]
    assert few == [f"F{i}" for i in range(200)]
    assert sorted(len(batch) for batch in group.ledger.batches) == [200, 900]  # more than one commit carries


async def test_whoever_waited_too_long_is_told_to_come_back_and_nothing_is_begun(group, monkeypatch):
    monkeypatch.setattr(group_commit, "LONGEST_WAIT", 0.0)
    with pytest.raises(Unavailable):
        await one(group, "late")
    assert group.ledger.batches == []
