"""One node speaks on a bind: taking, keeping and losing the lease, and what to make of what the holder before us left behind.

The lease is a row: `epoch` rises with every taking and stands on every attempt. It is kept by the boot-time clock, which also counts
while a machine sleeps or is stopped, and from before the database was asked: a node always believes in its lease for a shorter
time than the others do. It asks `may_speak` before each write and, if late, closes without another byte. Only of a holder that is
certainly no more (presence.py) nobody waits for the end of its lease.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from textfirst.channels.contract import Outbound
from textfirst.core.purposes import Delivery
from textfirst.engine.bind import Bind
from textfirst.engine.ports import Lease, OpenAttempt, Standing
from textfirst.engine.progress import Report, advance
from textfirst.messages.types import Flag, Outcome, Status

RENEW_EVERY: Final = 4.0  # seconds; a lease holds for fifteen
WAIT_FOR_OTHERS: Final = 3.0  # seconds between two tries to take a lease that another node holds
COURTESY: Final = 0.5  # seconds to wait for each bind of a channel that a node holds already: nodes that start together share them
STRAGGLE: Final = 30.0  # seconds; by then the server has ended every transaction of a node that lost its lease (engine/connections.py)


def boot_time() -> float:
    """Seconds since the machine started, asleep or awake."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def may_speak(lease: Lease | None) -> bool:
    """Whether the lease certainly is still ours."""
    return lease is not None and boot_time() < lease.before


def left(lease: Lease | None) -> float:
    """Seconds for which the lease certainly is ours."""
    return max(0.0, lease.before - boot_time()) if lease is not None else 0.0


async def take(bind: Bind) -> bool:
    """Take the lease and settle what earlier holders left open; False while another node holds it."""
    facts, engine = bind.facts, bind.engine
    lease = await engine.store.take_lease(facts.workspace_id, facts.id, bind.slot, engine.node)
    if lease is None:
        return False
    await settle(bind, await engine.store.open_attempts(lease))
    bind.recent.forget()
    bind.looks.forget()
    bind.lease, bind.settled = lease, lease.settled_id
    bind.inherited = lease if lease.idle_since is not None else None
    return True


async def say_unsaid(bind: Bind) -> None:
    """Messages that the provider took, of which a holder before us had not yet written down that it did.

    Never before the line is open: nobody waits for it, and a holder that was cut off may have those rows locked for a while.
    """
    taken = await bind.engine.store.unsaid(bind.lease) if bind.lease is not None else []
    if not taken:
        return
    reports = [Report(standing.id, part, _parts(standing, whole=bind.adapter.whole), Status.ACCEPTED) for standing, part in taken]
    async with bind.engine.store.begin(bind.facts.workspace_id) as work:
        moved = await advance(work, reports, [standing for standing, _ in taken], bind.engine.now())
    bind.engine.campaigns.moved(bind.facts.workspace_id, moved)


async def renew(bind: Bind) -> bool:
    """Hold the lease for longer; False when it is lost."""
    if bind.lease is None:
        return False
    bind.lease = await bind.engine.store.renew_lease(bind.lease, settled_id(bind))
    return bind.lease is not None


def settled_id(bind: Bind) -> UUID | None:
    """Up to where whoever comes after us need not look: nothing new until we have looked for stragglers ourselves."""
    return bind.settled_id if bind.inherited is None else None


async def settle_stragglers(bind: Bind) -> None:
    """A holder that vanished in the middle of a commit may have committed attempts after we had settled what it left: look once more."""
    lease = bind.inherited
    if lease is None or boot_time() < lease.before + STRAGGLE:
        return
    await settle(bind, await bind.engine.store.open_attempts(lease))
    await say_unsaid(bind)
    bind.inherited = None


async def settle(bind: Bind, attempts: Sequence[OpenAttempt]) -> None:
    """Attempts of which nobody knows whether their bytes left: `unknown`, or sent again and flagged where the purpose asks for that."""
    if not attempts:
        return
    now = bind.engine.now()
    known = [attempt.standing for attempt in attempts]
    async with bind.engine.store.begin(bind.facts.workspace_id) as work:
        ours = await work.outcomes([(attempt.attempt_id, Outcome.NO_ANSWER) for attempt in attempts])
        open_still = [attempt for attempt in attempts if attempt.attempt_id in ours]
        again = [attempt for attempt in open_still if _again(attempt, now)]
        work.requeue(bind.facts.id, list({attempt.message.id: _flagged(attempt) for attempt in again}.values()))
        moved = await advance(
            work, [_report(attempt, again=attempt in again, whole=bind.adapter.whole) for attempt in open_still], known, now
        )
    bind.engine.campaigns.moved(bind.facts.workspace_id, moved)
    bind.engine.counts["ambiguous"] += len(open_still)


def _again(attempt: OpenAttempt, now: datetime) -> bool:
    """At least once, and still worth it; a message that a receipt has already reached is not."""
    return (
        attempt.message.delivery == Delivery.AT_LEAST_ONCE
        and attempt.message.not_after > now + timedelta(seconds=1)
        and attempt.standing.status < Status.ACCEPTED
    )


def _flagged(attempt: OpenAttempt) -> Outbound:
    flags = Flag(attempt.message.flags) | Flag.POSSIBLE_DUPLICATE
    if attempt.standing.segments > 1:
        flags |= Flag.BEGUN
    return attempt.message._replace(flags=int(flags))


def _report(attempt: OpenAttempt, *, again: bool, whole: bool) -> Report:
    """Sent again: only the flag moves. Else: unknown."""
    total = _parts(attempt.standing, whole=whole)
    if again:
        return Report(attempt.standing.id, attempt.part, total, Status.QUEUED, None, Flag.POSSIBLE_DUPLICATE)
    return Report(attempt.standing.id, attempt.part, total, Status.UNKNOWN, "not_answered")


def _parts(standing: Standing, *, whole: bool) -> int:
    """In how many parts a message left, or would have; `whole` where every text leaves in one."""
    return len(standing.parts) if standing.parts else 1 if whole else standing.segments
