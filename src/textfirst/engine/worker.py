"""One bind's life: take the lease, open a line, send and receive until either is lost, and begin again."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from textfirst.channels.contract import CannotConnect, Line, NotWritten
from textfirst.engine import hooks, leases, replaying
from textfirst.engine.bind import Bind
from textfirst.engine.dispatch import Dispatcher, Express
from textfirst.engine.intake import Intake
from textfirst.engine.ports import Health, StoreAway
from textfirst.engine.record import Recorder
from textfirst.engine.retry import HEALTHY_AFTER, Knocking

log = logging.getLogger(__name__)

LOOK_ROUND: Final = 1.0  # seconds between two looks at what needs doing beside the messages
HEALTH_EVERY: Final = 10.0  # seconds between two looks at a channel that is well
CHORES_EVERY: Final = 10.0  # seconds
SILENCE_EVERY: Final = 600.0  # seconds between two looks for messages that carriers never reported on
STORE_AWAY: Final = 1.0  # seconds between two tries while the database is away
PATIENCE: Final = 1.0  # seconds that answers in flight are waited for when we stop
CRASH_DOUBT: Final = timedelta(seconds=10)  # before the last sign of life of a holder that is gone


class Worker:
    """Speaks for one channel as long as it is told to."""

    def __init__(self, bind: Bind) -> None:
        self._bind = bind
        self._intake = Intake(bind)
        self._recorder = Recorder(bind, self._intake)
        self._stopping = asyncio.Event()
        self._knocking = Knocking()
        self._first = True

    @property
    def bind(self) -> Bind:
        return self._bind

    def stop(self) -> None:
        """End soon: in-flight answers are waited for briefly."""
        self._stopping.set()
        self._bind.due.set()
        self._bind.pressing.set()
        self._bind.space.set()

    async def run(self) -> None:
        """Until told to stop."""
        try:
            while not self._stopping.is_set():
                if await self._hold_lease():
                    await self._with_lease()
        finally:
            await self._release()

    # ── the lease ───────────────────────────────────────────────────────────────────────────────────────

    async def _hold_lease(self) -> bool:
        try:
            taken = await self._take()
        except StoreAway as error:
            log.warning("lease: %s", error)
            await self._pause(STORE_AWAY)
            return False
        if not taken:
            if self._bind.health.code != "other_node":
                log.info("another node speaks for this channel", extra={"channel": str(self._bind.facts.id)})
            self._bind.health = Health("waiting", "other_node")  # how the channel is, its holder says
            await self._pause(leases.WAIT_FOR_OTHERS)
            return False
        return True

    async def _take(self) -> bool:
        """Take the lease, one of the channel's binds after the other; not when we stop meanwhile."""
        engine, channel_id = self._bind.engine, self._bind.facts.id
        async with engine.taking[channel_id]:
            await self._pause(engine.held[channel_id] * leases.COURTESY)
            taken = not self._stopping.is_set() and await leases.take(self._bind)
            engine.held[channel_id] += taken
        return taken

    async def _with_lease(self) -> None:
        """Connect and connect again, while a loop beside keeps the lease."""
        bind = self._bind
        keeping = asyncio.create_task(self._keep(), name=f"lease {bind.facts.id}")
        calls = asyncio.create_task(hooks.read(bind), name=f"hooks {bind.facts.id}")
        try:
            while not self._stopping.is_set() and leases.may_speak(bind.lease):
                await self._session()
        finally:
            await _end([keeping, calls])
            bind.engine.held[bind.facts.id] -= 1

    async def _keep(self) -> None:
        """Renew in time; when that fails the line is closed without another byte."""
        bind = self._bind
        while True:
            await asyncio.sleep(min(leases.RENEW_EVERY, leases.left(bind.lease)))
            try:
                async with asyncio.timeout(leases.left(bind.lease)):
                    kept = await leases.renew(bind)
            except (StoreAway, TimeoutError) as error:
                log.warning("lease not renewed: %s", error, extra={"channel": str(bind.facts.id)})
                kept = leases.may_speak(bind.lease)
            if not kept:
                log.warning("lease lost", extra={"channel": str(bind.facts.id)})
                if bind.line is not None:
                    bind.line.abort()
                return

    async def _release(self) -> None:
        bind = self._bind
        if bind.lease is None:
            return
        try:
            async with asyncio.timeout(1):
                await bind.engine.store.release_lease(bind.lease, leases.settled_id(bind))
                await bind.engine.store.report_health(bind.facts.workspace_id, bind.facts.id, Health("off"), 0)
        except (StoreAway, TimeoutError) as error:
            log.warning("lease not given back; it ends by itself: %s", error)

    # ── a session ───────────────────────────────────────────────────────────────────────────────────────

    async def _session(self) -> None:
        line = await self._connect()
        if line is None:
            return
        bind = self._bind
        bind.line = line
        began = time.monotonic()
        try:
            await self._speak(line)
        finally:
            bind.line = None
            self._intake.closed(line)
        if self._stopping.is_set():
            return
        self._knocking = Knocking() if time.monotonic() - began >= HEALTHY_AFTER else self._knocking.failed(wait_for_people=False)
        await self._report(Health("lost", "lost", {"why": line.lost or ""}))
        await self._pause(self._knocking.wait(_chance()))

    async def _connect(self) -> Line | None:
        """A new line, or None after telling why not and waiting as long as the carrier deserves."""
        bind = self._bind
        if bind.health.code in {"", "other_node"}:
            await self._report(Health("connecting", "connecting"))
        try:
            await self._expect_repeats()
            connecting = bind.adapter.connect(self._recorder.ring, lambda: leases.may_speak(bind.lease))
            line = await self._unless_stopped(connecting)
        except StoreAway as error:
            log.warning("not connecting: %s", error)
            await self._pause(STORE_AWAY)
            return None
        except CannotConnect as error:
            await self._not_let_in(error)
            return None
        if line is not None:
            await self._report(Health("bound", "bound"))
        return line

    async def _not_let_in(self, error: CannotConnect) -> None:
        """Say why, and wait as long as the carrier deserves. That the account is bound already is no failure: whoever held it goes soon."""
        self._knocking = self._knocking.failed(wait_for_people=error.wait_for_people, occupied=error.occupied)
        wait = self._knocking.wait(_chance())
        state = "waiting" if error.occupied else "refused" if error.refused else "lost"
        await self._report(Health(state, error.code, {**error.facts, "again_in": round(wait)}))
        await self._pause(wait)

    async def _expect_repeats(self) -> None:
        """What may come again: after our own last session, or that of whoever held the bind before us."""
        lease = self._bind.lease
        idle_since = lease.idle_since if lease is not None and self._first else None
        await self._intake.opened(idle_since - CRASH_DOUBT if idle_since is not None else None)
        self._first = False

    async def _speak(self, line: Line) -> None:
        """Send and receive until the line is lost or we stop."""
        bind = self._bind
        dispatchers = [Dispatcher(bind, self._recorder), Express(bind, self._recorder)]
        bind.due.set()
        reading = asyncio.create_task(self._recorder.run(line), name=f"read {bind.facts.id}")
        sending = [asyncio.create_task(each.run(), name=f"send {bind.facts.id}") for each in dispatchers]
        beside = [*sending, asyncio.create_task(self._chores(), name=f"chores {bind.facts.id}")]
        stopping = asyncio.create_task(self._stopping.wait(), name=f"stop {bind.facts.id}")
        try:
            await asyncio.wait([reading, *beside, stopping], return_when=asyncio.FIRST_COMPLETED)
            await self._end_turn(sending)
            await _end(beside)
            for each in dispatchers:
                each.give_up()
            if self._stopping.is_set():
                await self._say_goodbye(line)
            else:
                line.abort()
            await asyncio.wait([reading], timeout=PATIENCE)
        finally:
            line.abort()
            await _end([*beside, stopping, reading])
        for task in (reading, *beside):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    async def _end_turn(self, sending: Sequence[asyncio.Task[None]]) -> None:
        """Let claims that are under way end by themselves, and take back what they took: interrupted, their commit would leave us in doubt."""
        bind = self._bind
        bind.line = None
        bind.due.set()
        bind.pressing.set()
        bind.space.set()
        await asyncio.wait(sending, timeout=PATIENCE)

    async def _say_goodbye(self, line: Line) -> None:
        """Answers in flight come first, for a moment; then unbind."""
        until = time.monotonic() + PATIENCE
        while self._bind.open and line.lost is None and time.monotonic() < until:
            self._bind.space.clear()
            await _within(self._bind.space.wait(), 0.05)
        await line.close()
        self._recorder.ring()

    async def _chores(self) -> None:
        """What needs doing now and then while the line is up."""
        bind = self._bind
        health_at, chores_at, silence_at = time.monotonic() + HEALTH_EVERY, 0.0, 0.0
        unsaid, orphans = True, bind.orphans_seen
        while True:
            now = time.monotonic()
            self._recorder.also([NotWritten(part) for part in bind.out_of_doubt(leases.boot_time() - leases.STRAGGLE)])
            try:
                if unsaid:
                    await leases.say_unsaid(bind)
                    unsaid = False
                if orphans != bind.orphans_seen:
                    orphans = bind.orphans_seen
                    await self._recorder.adopt_newest()
                if now >= health_at:
                    health_at = now + HEALTH_EVERY
                    await self._report(self._how_it_goes())
                    await leases.settle_stragglers(bind)
                if now >= chores_at:
                    chores_at = now + CHORES_EVERY
                    await self._recorder.adopt_all()
                    await self._intake.join_late_parts(datetime.now(UTC))
                    await replaying.replay(bind)
                if now >= silence_at:
                    silence_at = now + SILENCE_EVERY
                    await self._recorder.give_up_on_silent(datetime.now(UTC))
            except StoreAway as error:
                log.warning("chores wait: %s", error, extra={"channel": str(bind.facts.id)})
            await asyncio.sleep(LOOK_ROUND)

    def _how_it_goes(self) -> Health:
        alarm = self._bind.alarm
        if alarm is None:
            return Health("bound", "bound")
        return Health("bound", "alarm", {"why": alarm.words, "reason": alarm.code})

    # ── small things ────────────────────────────────────────────────────────────────────────────────────

    async def _report(self, health: Health) -> None:
        """Show how the channel is; a database that is away is no reason to stop."""
        bind = self._bind
        bind.health = health
        log.info("channel %s", health.state, extra={"channel": str(bind.facts.id), "code": health.code, "facts": dict(health.facts)})
        try:
            await bind.engine.store.report_health(bind.facts.workspace_id, bind.facts.id, health, bind.pace.measured)
        except StoreAway as error:
            log.warning("health not shown: %s", error)

    async def _pause(self, seconds: float) -> None:
        await _within(self._stopping.wait(), seconds)

    async def _unless_stopped(self, connecting: Awaitable[Line]) -> Line | None:
        task = asyncio.ensure_future(connecting)
        stopping = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait([task, stopping], return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            stopping.cancel()
            if not task.done():
                await _end([task])


def _chance() -> float:
    return random.random()  # noqa: S311 - a wait, no secret


async def _within(waiting: Awaitable[object], seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await waiting
    except TimeoutError:
        pass  # as long as we wanted to wait


async def _end(tasks: Sequence[asyncio.Future[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
