"""All channels of this node: a worker for each, started, restarted and stopped as their rows change.

Every loop has a name, a watcher and a way to stop. A loop that ends by an error is logged, counted and begun again after a moment;
the database being away is not such an error: every loop waits for it by itself.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from uuid import UUID

from textfirst.channels.contract import CannotConnect, ChannelFacts
from textfirst.channels.registry import adapter_for
from textfirst.channels.rules.forms import MOST_BINDS
from textfirst.engine.bind import Bind, Engine
from textfirst.engine.metrics import write_metrics
from textfirst.engine.ports import Health, StoreAway
from textfirst.engine.worker import Worker

log = logging.getLogger(__name__)

POLL: Final = 0.5  # seconds between two looks for work that nobody announced
LOOK_AT_CHANNELS: Final = 30.0  # seconds between two looks for channels that nobody announced
STORE_AWAY: Final = 1.0  # seconds between two tries while the database is away
BEGIN_AGAIN: Final = 1.0  # seconds after a loop broke; doubles while it goes on breaking
BEGIN_AGAIN_AT_MOST: Final = 60.0
METRICS_EVERY: Final = 5.0  # seconds
ANNOUNCE_EVERY: Final = 0.25  # seconds between two looks for campaigns to announce
STOP_WITHIN: Final = 1.7  # seconds


class Service:
    """The engine of one node. `smpp_bind` is where the simulator listens; figures go to `metrics_file`.

    `private_providers`: HTTP providers may be on our own network.
    """

    def __init__(self, engine: Engine, *, smpp_bind: str, metrics_file: Path, private_providers: bool = False) -> None:
        self._engine = engine
        self._smpp_bind = smpp_bind
        self._private_providers = private_providers
        self._metrics_file = metrics_file
        self._workers: dict[tuple[UUID, int], tuple[int, Worker, asyncio.Task[None]]] = {}  # by channel and bind
        self._unusable: dict[UUID, int] = {}
        self._broken: Counter[str] = Counter()
        self._changed = asyncio.Event()
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Serve until told to stop; then end every worker, in under two seconds."""
        loops = {
            "listen": self._listen,
            "channels": self._follow_channels,
            "poll": self._poll,
            "announce": self._announce,
            "metrics": self._write_metrics,
        }
        tasks = [asyncio.create_task(self._watched(name, loop), name=name) for name, loop in loops.items()]
        try:
            await self._stopping.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._stop_workers()
            await self._engine.store.close()

    async def _watched(self, name: str, loop: Callable[[], Awaitable[None]]) -> None:
        """Begin a loop again whenever it breaks."""
        while True:
            began = time.monotonic()
            try:
                await loop()
            except StoreAway as error:
                log.warning("%s waits for the database: %s", name, error)
                await asyncio.sleep(STORE_AWAY)
            except Exception:  # a loop that ends is a channel that is silent: say so, and go on
                log.exception("the loop %s broke and is begun again", name)
                await self._after_breaking(name, began)

    async def _after_breaking(self, name: str, began: float) -> None:
        """Wait before something that broke is begun again, longer each time that it breaks at once."""
        self._engine.counts["loops_broken"] += 1
        self._broken[name] = self._broken[name] + 1 if time.monotonic() - began < BEGIN_AGAIN_AT_MOST else 1
        await _within(self._stopping.wait(), min(BEGIN_AGAIN * float(2 ** min(self._broken[name] - 1, 10)), BEGIN_AGAIN_AT_MOST))

    # ── the loops ───────────────────────────────────────────────────────────────────────────────────────

    async def _listen(self) -> None:
        """Wake the worker whose channel has something to send; look again when channels change."""
        async for _ in self._engine.store.listen(self._heard):
            self._changed.set()  # whatever was announced while nobody listened
            self._wake_all()

    def _heard(self, channel: str, payload: str) -> None:
        if channel == "textfirst_channels":
            self._changed.set()
            return
        try:
            self._wake(UUID(payload), called=channel == "textfirst_hooks")
        except ValueError:
            log.warning("a notification named no channel", extra={"payload": payload[:40]})

    def _wake(self, channel_id: UUID, *, called: bool = False) -> None:
        for slot in range(MOST_BINDS):
            if (entry := self._workers.get((channel_id, slot))) is not None:
                entry[1].bind.called.set() if called else entry[1].bind.wake()

    def _wake_all(self) -> None:
        for _, worker, _ in self._workers.values():
            worker.bind.due.set()
            worker.bind.called.set()

    async def _follow_channels(self) -> None:
        """One worker for each bind of each enabled channel, with the settings of its latest version."""
        while True:
            self._changed.clear()
            wanted = {facts.id: facts for facts in await self._engine.store.channels()}
            for (channel_id, _), (version, worker, _) in list(self._workers.items()):
                if channel_id not in wanted or wanted[channel_id].version != version:
                    worker.stop()  # its successor takes the lease when this one has given it back
            for facts in wanted.values():
                for slot in range(facts.of_bind(0).binds):
                    if (facts.id, slot) not in self._workers:
                        await self._begin(facts.of_bind(slot), slot)
            await _within(self._changed.wait(), LOOK_AT_CHANNELS)

    async def _poll(self) -> None:
        """What was deferred becomes due without a notification, and a notification may be lost."""
        while True:
            pairs = {
                (worker.bind.facts.workspace_id, channel_id)
                for (channel_id, _), (_, worker, _) in self._workers.items()
                if not worker.bind.due.is_set()
            }
            if pairs:
                for channel_id in await self._engine.store.due(list(pairs)):
                    self._wake(channel_id)
            await asyncio.sleep(POLL)

    async def _announce(self) -> None:
        """The last movement of a campaign is announced too, a second after the one before."""
        while True:
            await asyncio.sleep(ANNOUNCE_EVERY)
            for workspace_id in self._engine.campaigns.waiting():
                facts = self._engine.campaigns.due(workspace_id, time.monotonic())
                if facts:
                    async with self._engine.store.begin(workspace_id) as work:
                        work.announce(facts)

    async def _write_metrics(self) -> None:
        while True:
            write_metrics(self._metrics_file, self._engine, [worker.bind for _, worker, _ in self._workers.values()])
            await asyncio.sleep(METRICS_EVERY)

    # ── workers ─────────────────────────────────────────────────────────────────────────────────────────

    async def _begin(self, facts: ChannelFacts, slot: int) -> None:
        if self._unusable.get(facts.id) == facts.version:
            return
        try:
            adapter = adapter_for(facts, smpp_bind=self._smpp_bind, private_providers=self._private_providers)
        except CannotConnect as error:
            self._unusable[facts.id] = facts.version
            await self._engine.store.report_health(facts.workspace_id, facts.id, Health("refused", error.code, error.facts), 0)
            return
        worker = Worker(Bind(self._engine, facts, adapter, slot))
        task = asyncio.create_task(self._watched_worker(facts, worker), name=f"channel {facts.id} bind {slot}")
        self._workers[facts.id, slot] = (facts.version, worker, task)

    async def _watched_worker(self, facts: ChannelFacts, worker: Worker) -> None:
        """A worker that breaks is forgotten, and begun afresh with a new lease: that settles whatever it left open."""
        began = time.monotonic()
        try:
            await worker.run()
        except Exception:  # one channel must not take the others with it
            log.exception("the worker of a channel broke and is begun again", extra={"channel": str(facts.id)})
            await self._after_breaking(str(facts.id), began)
        finally:
            key = (facts.id, worker.bind.slot)
            if self._workers.get(key, (0, None, None))[1] is worker:
                del self._workers[key]
            self._changed.set()

    async def _stop_workers(self) -> None:
        tasks = [task for _, _, task in self._workers.values()]
        for _, worker, _ in list(self._workers.values()):
            worker.stop()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _within(waiting: Awaitable[object], seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await waiting
    except TimeoutError:
        pass  # as long as we wanted to wait
