"""Moving a campaign's messages forward, many at once.

What `progress` does for one message after the other, done for all that go from the same status to the same status: one statement and one
line of the tally, however many there are. Whatever turns out to stand elsewhere is left to `progress`, which looks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from textfirst.engine.ports import Shift, Work
from textfirst.engine.progress import Report, advance, code
from textfirst.engine.recent import Sent
from textfirst.messages.types import Status


class Goal(NamedTuple):
    """Where a message shall go, and why."""

    status: int
    reason: str | None


async def shift(work: Work, goals: Mapping[Sent, Goal], now: datetime) -> set[UUID]:
    """Move each message to its goal; the campaigns that moved. The caller tells `Recent` once this is committed."""
    alike: dict[tuple[int, int, str | None], list[Sent]] = defaultdict(list)
    for sent, goal in goals.items():
        alike[sent.status, goal.status, goal.reason].append(sent)
    ways = [Shift(before, status, reason, [sent.id for sent in group]) for (before, status, reason), group in alike.items()]
    moved, elsewhere = [], []
    for (way, group), done in zip(zip(ways, alike.values(), strict=True), await work.shift(ways, now), strict=True):
        stayed = [] if done is None else [sent for sent in group if sent.id not in done]
        elsewhere += [Report(sent.id, 1, 1, Status(way.status), way.reason) for sent in stayed]
        moved.append((way, group if done is None else [sent for sent in group if sent.id in done]))
    work.tally(_deltas(moved))
    campaigns = {UUID(int=number) for number in {sent.campaign for _, group in moved for sent in group}}
    return campaigns | (await advance(work, elsewhere, (), now) if elsewhere else set())


def _deltas(moved: Iterable[tuple[Shift, Sequence[Sent]]]) -> dict[tuple[UUID, Status, str], tuple[int, int]]:
    """So many messages, and segments, left one status and reached another."""
    counts: Counter[tuple[UUID, Status, str]] = Counter()
    segments: Counter[tuple[UUID, Status, str]] = Counter()
    for way, group in moved:
        for (campaign, each), count in Counter([(sent.campaign, sent.segments) for sent in group]).items():
            left, reached = (UUID(int=campaign), Status(way.before), ""), (UUID(int=campaign), Status(way.status), code(way.reason))
            counts[left] -= count
            counts[reached] += count
            segments[left] -= count * each
            segments[reached] += count * each
    return {key: (count, segments[key]) for key, count in counts.items() if count or segments[key]}
