"""Reading what a provider sent over HTTP: the front keeps each call as it came, and whoever holds the channel's first bind reads it here.

Theory of operation. A call waits in `hook_waiting` until one transaction has stored all it said, as the same kinds of arrivals that come over
SMPP, through the same `Intake`, and deleted it there: never one without the other. A reader that lost its lease and does not know it yet
finds in its transaction that the call is gone, and stores nothing. An event that the provider sent in two calls is told by its id (D32).

It goes on while the provider cannot be reached: what it has sent is here already.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from textfirst.channels.contract import Arrival, Garbled, Hooks, Text
from textfirst.channels.registry import HOOKS
from textfirst.core.ids import id_time
from textfirst.engine import leases
from textfirst.engine.bind import Bind
from textfirst.engine.intake import Intake
from textfirst.engine.ports import Call, StoreAway, Work
from textfirst.engine.progress import Overtaken

log = logging.getLogger(__name__)

MOST_CALLS: Final = 200  # read at once; each has at most 256 KiB
MOST_ARRIVALS: Final = 1000  # after which a transaction takes no further call
LOOK: Final = 2.0  # seconds between two looks for calls that nobody announced
TRY_AGAIN: Final = 1.0  # seconds, when the database is away
BEGIN_AGAIN: Final = 5.0  # seconds after reading broke
REMEMBER: Final = timedelta(days=7)  # events, by the provider's ids
FORGET_EVERY: Final = 3600.0  # seconds


class Ticket(NamedTuple):
    """Of which call an arrival is; with its last one the call is read."""

    call_id: UUID
    is_last: bool


async def read(bind: Bind) -> None:
    """Read until cancelled. Does nothing for a kind whose provider does not call us, and on every bind but the first."""
    kind = HOOKS.get(bind.facts.kind)
    if kind is not None and bind.slot == 0:
        await _Reader(bind, kind).run()


class _Reader:
    def __init__(self, bind: Bind, kind: Hooks) -> None:
        self._bind = bind
        self._kind = kind
        self._intake = Intake(bind, self._sieve)
        self._forget_at = 0.0

    async def run(self) -> None:
        while True:
            try:
                if not await self._turn():
                    await _within(self._bind.called, LOOK)
            except (StoreAway, Overtaken) as error:
                log.warning("calls wait: %s", error, extra={"channel": str(self._bind.facts.id)})
                await asyncio.sleep(TRY_AGAIN)
            except Exception:  # nothing is lost: what was not stored still waits
                log.exception("reading a provider's calls broke and is begun again", extra={"channel": str(self._bind.facts.id)})
                await asyncio.sleep(BEGIN_AGAIN)

    async def _turn(self) -> bool:
        """Store what waits; whether there may be more."""
        bind = self._bind
        bind.called.clear()
        if not leases.may_speak(bind.lease):
            return False
        calls = await bind.engine.store.calls(bind.facts.workspace_id, bind.facts.id, MOST_CALLS)
        batch: list[Arrival] = []
        for place, call in enumerate(calls, 1):
            batch += self._arrivals(call)
            if len(batch) >= MOST_ARRIVALS or place == len(calls):
                await self._intake.store(batch, datetime.now(UTC))
                batch = []
        bind.engine.counts["calls_read"] += len(calls)
        await self._forget()
        return len(calls) == MOST_CALLS

    def _arrivals(self, call: Call) -> list[Arrival]:
        """What a call says, each with its ticket. A call that cannot even be looked at is kept as it is, and shown."""
        try:
            said = list(self._kind.arrivals(call.headers, call.body))
        except Exception as error:  # anybody's bytes; one of them must not hold up all that come after
            log.exception("a provider's call could not be read", extra={"channel": str(self._bind.facts.id), "call": str(call.id)})
            said = [Garbled(None, f"it could not be read ({type(error).__name__})", call.body)]
        tickets = [Ticket(call.id, place == len(said)) for place in range(1, len(said) + 1)]
        came = id_time(call.id)
        return [
            one._replace(ticket=ticket, came=came) if isinstance(one, Text) else one._replace(ticket=ticket)
            for one, ticket in zip(said, tickets, strict=True)
        ]

    async def _sieve(self, work: Work, arrivals: Sequence[Arrival]) -> Sequence[Arrival]:
        """Take the calls out of those that wait; of their events, those not stored before. Raises Overtaken when somebody else has read them."""
        channel_id = self._bind.facts.id
        read = [one.ticket.call_id for one in arrivals if isinstance(one.ticket, Ticket) and one.ticket.is_last]
        if read and await work.take_calls(channel_id, read) < len(read):
            raise Overtaken("another node has read these calls")
        named = dict.fromkeys(one.event_id for one in arrivals if not isinstance(one, Garbled) and one.event_id)
        first = await work.first_heard(channel_id, list(named)) if named else set()
        fresh: list[Arrival] = []
        for one in arrivals:
            if isinstance(one, Garbled) or not one.event_id:
                fresh.append(one)
            elif one.event_id in first:
                first.discard(one.event_id)
                fresh.append(one)
        self._bind.engine.counts["repeated"] += len(arrivals) - len(fresh)
        return fresh

    async def _forget(self) -> None:
        if time.monotonic() < self._forget_at:
            return
        self._forget_at = time.monotonic() + FORGET_EVERY
        async with self._bind.engine.store.begin(self._bind.facts.workspace_id) as work:
            work.forget_heard(self._bind.facts.id, datetime.now(UTC) - REMEMBER)


async def _within(bell: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        pass  # time to look
