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
from textfirst.messages.rules.status import combined, next_status, with_part
from textfirst.messages.types import Flag, Status

MOST_ROUNDS: Final = 8  # times we may be overtaken before we give the transaction up
ANNOUNCE_EVERY: Final = 1.0  # seconds between two events of one campaign


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


async def advance(work: Work, reports: Sequence[Report], known: Mapping[UUID, Standing], now: datetime) -> set[UUID]:
    """Apply `reports`; `known` may hold guesses of where messages are. Returns the campaigns that moved."""
    told: dict[UUID, list[Report]] = defaultdict(list)
    for report in reports:
        told[report.message_id].append(report)
    moves: dict[UUID, tuple[Move, UUID]] = {}
    standing = dict(known)
    for _ in range(MOST_ROUNDS):
        asked = [identifier for identifier in told if identifier not in standing]
        if asked:
            standing.update(await work.standings(asked))
        wanted = [move for identifier, said in told.items() if (now_at := standing.get(identifier)) and (move := _move(now_at, said))]
        done = await work.move(wanted, now) if wanted else {}
        moves.update({move.before.id: (move, done[move.before.id]) for move in wanted if move.before.id in done})
        told = {move.before.id: told[move.before.id] for move in wanted if move.before.id not in done}
        if not told:
            return _tell(work, list(moves.values()))
        for identifier in told:
            standing.pop(identifier, None)
    raise Overtaken


def _move(at: Standing, reports: Sequence[Report]) -> Move | None:
    """Where a message goes; None when the reports change nothing."""
    status, parts, reason, flags = Status(at.status), at.parts, at.reason, Flag(0)
    for report in reports:
        flags |= report.flags
        reported = report.status
        if report.total > 1:
            parts = tuple(with_part(parts, report.total, report.part, reported))
            reported = combined(parts)
        reached = next_status(status, reported)
        if reached is not status:
            status, reason = reached, report.reason
    if status == at.status and parts == at.parts and not flags:
        return None
    return Move(at, int(status), parts, reason, int(flags))


def _tell(work: Work, moved: Sequence[tuple[Move, UUID]]) -> set[UUID]:
    """Count what moved, and say so to those who watch the conversation."""
    deltas: Counter[tuple[UUID, Status, str]] = Counter()
    segments: Counter[tuple[UUID, Status, str]] = Counter()
    people: dict[UUID, dict[str, str]] = defaultdict(dict)
    for move, contact_id in moved:
        at = move.before
        if move.status == at.status:
            continue
        if at.campaign_id is None:
            people[contact_id][str(at.id)] = Status(move.status).word
            continue
        left, reached = (at.campaign_id, Status(at.status), code(at.reason)), (at.campaign_id, Status(move.status), code(move.reason))
        deltas[left] -= 1
        deltas[reached] += 1
        segments[left] -= at.segments
        segments[reached] += at.segments
    work.tally({key: (count, segments[key]) for key, count in deltas.items() if count or segments[key]})
    work.announce([Fact("message.updated", contact_id, {"messages": messages}) for contact_id, messages in people.items()])
    return {key[0] for key in deltas}


def code(reason: str | None) -> str:
    """A reason without the carrier's own word, as campaigns count them."""
    return (reason or "").partition(":")[0]
