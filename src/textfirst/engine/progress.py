"""Moving messages forward: from what was reported to what is stored, counted and announced.

Reports come from two sides, the carrier's answers and its receipts, and from several nodes. `messages.rules` says where a message
goes; the store moves it only if it still is where we thought; whoever was overtaken looks again and decides again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from textfirst.engine.ports import Move, Standing, Work
from textfirst.events.types import Fact
from textfirst.messages.rules.status import combined, with_part
from textfirst.messages.types import Flag, Status

MOST_ROUNDS: Final = 8  # times we may be overtaken before we give the transaction up
ANNOUNCE_EVERY: Final = 1.0  # seconds between two events of one campaign


Step = tuple[int, int, str | None, int, str | None, int]  # campaign, status and reason before, status and reason after, segments


class Report(NamedTuple):
    """Something we now know of one part of a message."""

    message_id: UUID
    part: int
    total: int
    status: Status
    reason: str | None = None
    flags: Flag = Flag(0)


class Overtaken(Exception):
    """Others kept moving the same messages; nothing was stored."""


class Campaigns:
    """Which campaigns moved and are not yet announced: at most one event a second for each."""

    def __init__(self) -> None:
        self._moved: dict[UUID, set[UUID]] = defaultdict(set)
        self._announced: dict[UUID, float] = {}

    def moved(self, workspace_id: UUID, campaign_ids: Iterable[UUID]) -> None:
        self._moved[workspace_id].update(campaign_ids)

    def due(self, workspace_id: UUID, now: float) -> list[Fact]:
        """Events to write now (seconds of a monotonic clock)."""
        ready = [one for one in self._moved.get(workspace_id, ()) if now - self._announced.get(one, -ANNOUNCE_EVERY) >= ANNOUNCE_EVERY]
        for campaign_id in ready:
            self._moved[workspace_id].discard(campaign_id)
            self._announced[campaign_id] = now
        return [Fact("campaign.updated", campaign_id, {}) for campaign_id in ready]

    def waiting(self) -> list[UUID]:
        """Workspaces with campaigns that are not announced yet; forgets what was announced long ago."""
        for workspace_id in [workspace_id for workspace_id, moved in self._moved.items() if not moved]:
            del self._moved[workspace_id]
        if len(self._announced) > 1000:
            self._announced.clear()
        return list(self._moved)


async def advance(work: Work, reports: Sequence[Report], known: Iterable[Standing], now: datetime) -> set[UUID]:
    """Apply `reports`; `known` may be guesses of where messages are. Returns the campaigns that moved.

    Tables here are keyed by the number of an id: a UUID is hashed in Python, a number in C, and this is the engine's hottest place.
    """
    told: dict[int, list[Report]] = {}
    for report in reports:
        told.setdefault(report.message_id.int, []).append(report)
    standing = {at.id.int: at for at in known}
    moved: list[tuple[Move, UUID]] = []
    for _ in range(MOST_ROUNDS):
        asked = [said[0].message_id for key, said in told.items() if key not in standing]
        if asked:
            standing.update((at.id.int, at) for at in (await work.standings(asked)).values())
        wanted = [move for key, said in told.items() if (at := standing.get(key)) and (move := _move(at, said))]
        done = {message_id.int: contact_id for message_id, contact_id in (await work.move(wanted, now)).items()} if wanted else {}
        overtaken = []
        for move in wanted:
            contact_id = done.get(move.before.id.int)
            if contact_id is None:
                overtaken.append(move.before.id.int)
            else:
                moved.append((move, contact_id))
        if not overtaken:
            return _tell(work, moved)
        told = {key: told[key] for key in overtaken}
        for key in overtaken:
            del standing[key]
    raise Overtaken


def _move(at: Standing, reports: Sequence[Report]) -> Move | None:
    """Where a message goes; None when the reports change nothing."""
    status, parts, reason, flags = at.status, at.parts, at.reason, 0
    for report in reports:
        flags |= report.flags
        reported = report.status
        if report.total > 1:
            parts = tuple(with_part(parts, report.total, report.part, reported))
            reported = combined(parts)
        if reported > status:  # messages.rules.next_status, which a test holds this to
            status, reason = int(reported), report.reason
    if status == at.status and parts == at.parts and not flags:
        return None
    return Move(at, status, parts, reason, flags)


def _tell(work: Work, moved: Sequence[tuple[Move, UUID]]) -> set[UUID]:
    """Count what moved, and say so to those who watch the conversation."""
    steps: Counter[Step] = Counter()
    people: dict[UUID, dict[str, str]] = defaultdict(dict)
    for move, contact_id in moved:
        at = move.before
        if move.status == at.status:
            continue
        if at.campaign_id is None:
            people[contact_id][str(at.id)] = Status(move.status).word
        else:
            steps[at.campaign_id.int, at.status, at.reason, move.status, move.reason, at.segments] += 1
    work.tally(deltas(steps))
    work.announce([Fact("message.updated", contact_id, {"messages": messages}) for contact_id, messages in people.items()])
    return {UUID(int=step[0]) for step in steps}


def deltas(steps: Mapping[Step, int]) -> dict[tuple[UUID, Status, str], tuple[int, int]]:
    """So many messages, and segments, left one status and reached another."""
    counts: Counter[tuple[UUID, Status, str]] = Counter()
    segments: Counter[tuple[UUID, Status, str]] = Counter()
    for (campaign, before, reason_before, after, reason, each), count in steps.items():
        left, reached = (UUID(int=campaign), Status(before), code(reason_before)), (UUID(int=campaign), Status(after), code(reason))
        counts[left] -= count
        counts[reached] += count
        segments[left] -= count * each
        segments[reached] += count * each
    return {key: (count, segments[key]) for key, count in counts.items() if count or segments[key]}


def code(reason: str | None) -> str:
    """A reason without the carrier's own word, as campaigns count them."""
    return (reason or "").partition(":")[0]
