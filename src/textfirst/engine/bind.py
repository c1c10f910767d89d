"""What the loops of one bind share: the line, the lease, the speed, and what is on its way."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from textfirst.channels.contract import Adapter, ChannelFacts, Delays, Line, Part, Reason
from textfirst.engine.limits import Pace
from textfirst.engine.looks import Looks
from textfirst.engine.ports import Health, Lease, Store
from textfirst.engine.progress import Campaigns
from textfirst.engine.recent import Recent
from textfirst.engine.retry import Again, Over

KEPT_FREE: Final = 32  # one part of so many of the window
STOP_MEMORY: Final = 60.0  # seconds; a claim never stays open that long


class Stops:
    """Addresses that told this process to stop, with a moment (monotonic clock) at which their stop held the lock of claims.

    Claims share that lock, so a claim's own moment under it is either earlier, and it has not seen the stop, or later, and it has.
    """

    def __init__(self) -> None:
        self._stopped: dict[tuple[UUID, str], float] = {}

    def stopped(self, workspace_id: UUID, address: str, now: float) -> None:
        for key in [key for key, at in self._stopped.items() if now - at > STOP_MEMORY]:
            del self._stopped[key]
        self._stopped[workspace_id, address] = now

    def forbids(self, workspace_id: UUID, address: str, claimed_at: float) -> bool:
        at = self._stopped.get((workspace_id, address))
        return at is not None and claimed_at <= at

    def __bool__(self) -> bool:
        return bool(self._stopped)


@dataclass(slots=True)
class Engine:
    """What the binds of one process share."""

    store: Store
    node: str
    url: str = ""  # how people reach us: for the links that a machine writes
    stops: Stops = field(default_factory=Stops)
    campaigns: Campaigns = field(default_factory=Campaigns)
    counts: Counter[str] = field(default_factory=Counter)
    held: Counter[UUID] = field(default_factory=Counter)  # binds of each channel that this node speaks on
    taking: defaultdict[UUID, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )  # one of a channel's binds after the other

    def now(self) -> datetime:
        """By the clock that messages are due by."""
        return self.store.clock.now(time.clock_gettime(time.CLOCK_BOOTTIME))


@dataclass(slots=True)
class Flight:
    """A long text on its way: how many of its parts have no answer yet, and what the answers so far ask for."""

    left: int
    over: Over | None = None
    again: Again | None = None
    doubled: bool = False  # one of them may be on the phone already


class Doubtful(NamedTuple):
    """A claim whose commit we broke off. The server may still do it, after we have written down that its parts were not written."""

    since: float  # boot-time clock
    parts: Sequence[Part]


class Bind:
    """One channel as this node speaks for it."""

    def __init__(self, engine: Engine, facts: ChannelFacts, adapter: Adapter, slot: int = 0) -> None:
        self.engine = engine
        self.facts = facts
        self.adapter = adapter
        self.slot = slot
        self.pace = Pace(facts.rate, time.monotonic())
        self.lease: Lease | None = None
        self.line: Line | None = None
        self.health = Health("off")
        self.due = asyncio.Event()  # something may wait in the outbox
        self.pressing = asyncio.Event()  # it may be somebody who waits, and we are busy with others
        self.crowded = False  # the last claim brought campaigns' messages
        self.claiming = 0  # segments that claims under way may bring
        self.called = asyncio.Event()  # the provider may have called us
        self.space = asyncio.Event()  # answers were stored: there may be room
        self.open: dict[UUID, None] = {}  # attempts without a stored answer, oldest first
        self.doubtful: deque[Doubtful] = deque()  # commits that nobody saw end, oldest first
        self.flights: dict[UUID, Flight] = {}
        self.recent = Recent()
        self.reported_after = Delays(Delays.RECEIPTS)  # from submit to the first final receipt
        self.looks = Looks()
        self.orphans_seen = 0  # such receipts stored since we began
        self.orphans = True  # receipts may be waiting for their message
        self.settled: UUID | None = None
        self.inherited: Lease | None = None  # as it was taken from a holder that vanished, until its last attempts are settled
        self.alarm: Reason | None = None  # something the carrier said that somebody must look at

    @property
    def room(self) -> int:
        """Parts that may be written: an answer that is not stored yet still counts, so a crash leaves no more than a window in doubt."""
        if self.line is None or self.line.lost is not None:
            return 0
        return max(0, min(self.line.room, self.facts.window - len(self.open)) - self.claiming)

    @property
    def kept_free(self) -> int:
        """Parts of a large window that batches leave to people, who would wait until one is answered; what is small is answered soon."""
        return self.facts.window // KEPT_FREE

    def wake(self) -> None:
        """Something new may wait in the outbox."""
        self.due.set()
        if self.crowded or self.claiming:
            self.pressing.set()

    def opened(self, attempt_ids: list[UUID]) -> None:
        self.open.update(dict.fromkeys(attempt_ids))

    def out_of_doubt(self, until: float) -> list[Part]:
        """Parts of claims broken off before `until` (boot-time clock): by now the server has done their commits or never will."""
        parts: list[Part] = []
        while self.doubtful and self.doubtful[0].since < until:
            parts += self.doubtful.popleft().parts
        self.opened([part.attempt_id for part in parts])
        return parts

    def answered(self, attempt_ids: list[UUID]) -> None:
        """These attempts are stored with their outcome: the point below which nothing is in doubt moves on."""
        for attempt_id in attempt_ids:
            self.open.pop(attempt_id, None)
            if self.settled is None or attempt_id > self.settled:
                self.settled = attempt_id
        self.space.set()

    @property
    def settled_id(self) -> UUID | None:
        """Every attempt of ours up to here has its answer stored, and its message's row says so."""
        oldest = min(
            (one for one in (self._oldest_open, self.recent.oldest_unsaid, self._oldest_doubtful) if one is not None), default=None
        )
        return self.settled if oldest is None else UUID(int=oldest - 1)

    @property
    def _oldest_open(self) -> int | None:
        return next((attempt_id.int for attempt_id in self.open), None)

    @property
    def _oldest_doubtful(self) -> int | None:
        return min((part.attempt_id.int for one in self.doubtful for part in one.parts), default=None)
