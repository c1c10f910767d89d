"""Which of several carriers takes a message, and when their parts of the messages change. Pure.

Channels of one *pool* stand in for one another. They share 100 points, at first by their weights; a message goes to one of them by
its recipient, so that nobody's sender changes from text to text, and a shift of ten points moves one recipient in ten. Points move
slowly (D24): a carrier that was slow for a quarter of an hour gives up ten, and gets them back ten by ten. What one bad minute
costs is then bounded, and two carriers never play ping-pong. When all of them are slow nothing moves: it is not the carriers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import blake2b
from math import log
from typing import Final
from uuid import UUID

SIMULATOR: Final = "simulator"
POINTS: Final = 100  # of a pool
STEP: Final = 10  # points that move at a time
SLOW_AFTER: Final = timedelta(minutes=5)  # from submit to receipt
LOOK_BACK: Final = timedelta(minutes=15)  # at what was submitted
ERRORS_LOOK_BACK: Final = timedelta(minutes=2)
SLOW_SHARE: Final = 0.15
ERROR_SHARE: Final = 0.25
ENOUGH: Final = 20  # messages; of fewer nothing can be said
BETWEEN_SLOW: Final = timedelta(minutes=5)
BETWEEN_ERRORS: Final = timedelta(minutes=1)
BETWEEN_DRIFTS: Final = timedelta(minutes=15)


class Why(StrEnum):
    """Why points moved."""

    SLOW = "slow"
    ERRORS = "errors"
    BACK = "back"  # all is well: towards the weights again


@dataclass(frozen=True, slots=True)
class Sender:
    """A channel as a message sees it. `there`: one of its binds is up, or was within the last minute."""

    id: UUID
    kind: str
    enabled: bool
    pool: str = ""
    address: str = ""
    share: int = POINTS
    there: bool = True


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a sample: `slow` of `sent` were not delivered within five minutes, `errors` of `tried` failed for the carrier's own trouble."""

    sent: int = 0
    slow: int = 0
    tried: int = 0
    errors: int = 0

    @property
    def is_slow(self) -> bool:
        return self.sent >= ENOUGH and self.slow >= SLOW_SHARE * self.sent

    @property
    def fails(self) -> bool:
        return self.tried >= ENOUGH and self.errors >= ERROR_SHARE * self.tried


@dataclass(frozen=True, slots=True)
class Member:
    """A channel of a pool: what it carries when all are well, what it carries now, and how it does."""

    id: UUID
    home: int
    share: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Shift:
    source: UUID
    target: UUID
    points: int
    why: Why


# ── routing ─────────────────────────────────────────────────────────────────────────────────────────────


def route(preferred: Sender, recipient: UUID, senders: Sequence[Sender], *, known: bool) -> UUID:
    """The channel a message goes to: the preferred one, or one that stands in for it.

    `known`: it is the one they last texted with us. Then they keep it while it carries anything at all, unless the others look the same.
    """
    able = stand_ins(preferred, senders)
    if len(able) < 2:
        return able[0].id if able else preferred.id
    if known and preferred in able and preferred.share and any(one.address != preferred.address for one in able):
        return preferred.id
    return min(able, key=lambda one: _draw(recipient, one)).id


def another(refused: Sender, recipient: UUID, senders: Sequence[Sender]) -> UUID | None:
    """Who takes a message that this channel refused for now: another of its pool that carries something; None when there is none.

    The message alone goes elsewhere; how much each of them carries moves as ever, slowly (D24).
    """
    able = [one for one in stand_ins(refused, senders) if one.id != refused.id and one.pool and one.there and one.share]
    return min(able, key=lambda one: _draw(recipient, one)).id if able else None


def stand_ins(preferred: Sender, senders: Sequence[Sender]) -> list[Sender]:
    """Those of its pool that can take something now, itself among them; without any such, all that are on. A test never leaves the machine."""
    if not preferred.pool:
        return [preferred]
    simulated = preferred.kind == SIMULATOR
    pool = [one for one in senders if one.enabled and one.pool == preferred.pool and (one.kind == SIMULATOR) == simulated]
    there = [one for one in pool if one.there] or pool
    return [one for one in there if one.share] or there


def _draw(recipient: UUID, sender: Sender) -> float:
    """Weighted rendezvous: the smallest wins, each as often as its share says; a change of shares moves no more recipients than it must."""
    drawn = int.from_bytes(blake2b(recipient.bytes + sender.id.bytes, digest_size=8).digest(), "big")
    return -log((drawn + 1) / 2**64) / max(sender.share, 1)


# ── shares ──────────────────────────────────────────────────────────────────────────────────────────────


def home_shares(weights: Mapping[UUID, int]) -> dict[UUID, int]:
    """The 100 points by weight; what rounding leaves over goes to the largest remainders."""
    total = sum(weights.values())
    exact = {one: weight * POINTS / total for one, weight in weights.items()}
    shares = {one: int(points) for one, points in exact.items()}
    over = POINTS - sum(shares.values())
    for one in sorted(exact, key=lambda one: (shares[one] - exact[one], one))[:over]:
        shares[one] += 1
    return shares


def current_shares(home: Mapping[UUID, int], stored: Mapping[UUID, int]) -> dict[UUID, int]:
    """What is stored, if it is of this very pool; else everything begins anew, at home."""
    if stored.keys() == home.keys() and sum(stored.values()) == POINTS:
        return dict(stored)
    return dict(home)


def next_shift(members: Sequence[Member], last: datetime | None, now: datetime) -> Shift | None:
    """What moves now; `last` is when points of this pool last moved."""
    passed = now - last if last is not None else timedelta.max
    bad = [one for one in members if one.figures.is_slow or one.figures.fails]
    well = [one for one in members if one not in bad]
    if not bad:
        return _back(members) if passed >= BETWEEN_DRIFTS else None
    laden = [one for one in bad if one.share]
    if not well or not laden:
        return None
    worst = max(laden, key=_badness)
    why, wait = (Why.ERRORS, BETWEEN_ERRORS) if worst.figures.fails else (Why.SLOW, BETWEEN_SLOW)
    if passed < wait:
        return None
    target = max(well, key=lambda one: (one.home - one.share, one.home, one.id))
    return Shift(worst.id, target.id, min(STEP, worst.share), why)


def _badness(one: Member) -> tuple[bool, float, UUID]:
    figures = one.figures
    share = figures.errors / figures.tried if figures.fails else figures.slow / figures.sent
    return figures.fails, share, one.id


def _back(members: Sequence[Member]) -> Shift | None:
    """Ten points from who has most above its weight to who lacks most."""
    most = max(members, key=lambda one: (one.share - one.home, one.id))
    least = min(members, key=lambda one: (one.share - one.home, one.id))
    points = min(STEP, most.share - most.home, least.home - least.share)
    return Shift(most.id, least.id, points, Why.BACK) if points > 0 else None
