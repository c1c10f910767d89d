"""The simulated carrier as one thing: `async with running_simulator(home=…) as carrier:`."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random
from typing import Any

from textfirst.core.errors import InvalidInput
from textfirst.phones import kept, oracle
from textfirst.phones.account import Account, Counts
from textfirst.phones.commit import GroupCommit
from textfirst.phones.faults import Fault
from textfirst.phones.frames import FILE_SIZE, KEPT_FILES, FrameLog
from textfirst.phones.hub import Hub
from textfirst.phones.knobs import Knobs
from textfirst.phones.session import Session
from textfirst.phones.wheel import Wheel

__all__ = ["Simulator", "running_simulator"]

logger = logging.getLogger(__name__)

MOST_ACCOUNTS = 1000
FINISH_WITHIN = 0.7  # seconds to turn what is on its way into what waits
GOODBYE_WITHIN = 0.5  # seconds for clients to answer our unbind


class Simulator:
    """An SMPP server with one account per system_id, a log of frames under `folder`, and knobs that survive a restart."""

    def __init__(self, folder: Path, log: FrameLog, *, knobs: Knobs, seed: int | None) -> None:
        self.commit = GroupCommit(log)
        self.hub = Hub()
        self.sessions: set[Session] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self.port = 0
        self._folder = folder
        self.wheel = Wheel()
        self._seed = seed
        self._knobs = knobs
        self._accounts: dict[str, Account] = {}
        self._kept_knobs = kept.kept_knobs(folder)
        self._connections = time.time_ns() // 1_000_000_000 << 24  # connections of one run never meet those of another
        self._kept_deliveries = kept.kept_deliveries(folder)
        self._server: asyncio.Server | None = None
        self._watcher: asyncio.Task[None] | None = None

    def account(self, system_id: str) -> Account | None:
        """The account of a channel, made when it is new; None when there are too many."""
        account = self._accounts.get(system_id)
        if account is None and len(self._accounts) < MOST_ACCOUNTS:
            knobs = self._knobs.changed(self._kept_knobs.get(system_id, {}))
            account = Account(system_id, wheel=self.wheel, hub=self.hub, random=self._random_for(system_id), knobs=knobs)
            account.take_up(self._kept_deliveries.pop(system_id, []))
            self._accounts[system_id] = account
        return account

    def _random_for(self, system_id: str) -> Random:
        """Draws of its own for each channel, so that one does not disturb another's."""
        return Random() if self._seed is None else Random(f"{self._seed} {system_id}")  # noqa: S311 - faults, not secrets

    @property
    def accounts(self) -> Mapping[str, Account]:
        return self._accounts

    def next_connection(self) -> int:
        self._connections += 1
        return self._connections

    def joined(self, session: Session) -> None:
        self.sessions.add(session)
        self._empty.clear()

    def left(self, session: Session) -> None:
        self.sessions.discard(session)
        if not self.sessions:
            self._empty.set()

    def turn(self, system_id: str, **values: Any) -> Knobs:
        """Turn knobs of a channel; raises InvalidInput that names the knob. Remembered over a restart."""
        account = self._served(system_id)
        account.knobs = account.knobs.changed(values)
        self._kept_knobs[system_id] = account.knobs.as_json()
        kept.keep_knobs(self._folder, self._kept_knobs)
        return account.knobs

    def type(self, system_id: str, address: str, body: str) -> None:
        """Write a text on a phone, as its owner."""
        self._served(system_id).type(address.lstrip("+"), body)

    def suffer(self, system_id: str, fault: Fault) -> int:
        """Do this to every connection of a channel now; how many there were."""
        mine = [session for session in self.sessions if session.system_id == system_id]
        for session in mine:
            session.suffer(fault)
        return len(mine)

    def storm(self, system_id: str, receipts: int) -> None:
        """So many receipts at once, for texts that were never sent."""
        self._served(system_id).storm(receipts)

    def _served(self, system_id: str) -> Account:
        account = self.account(system_id)
        if account is None:
            raise InvalidInput(f"The simulator already serves {MOST_ACCOUNTS} channels.", code="too_many_channels")
        return account

    def counts(self, system_id: str) -> Counts:
        account = self._accounts.get(system_id)
        return account.counts if account else Counts()

    def frames(self) -> Iterator[oracle.Frame]:
        """The log so far, from disk."""
        return oracle.read(self._folder)

    def disconnect(self) -> None:
        """Cut every connection without a word, as a broken network does."""
        for session in list(self.sessions):
            session.abandon()

    async def start(self, host: str, port: int) -> None:
        """Listen; raises OSError when the address cannot be had."""
        self._server = await asyncio.get_running_loop().create_server(lambda: Session(self), host, port, backlog=100)
        self.port = self._server.sockets[0].getsockname()[1]
        self._watcher = asyncio.create_task(self._watch(), name="watch-sessions")

    async def stop(self) -> None:
        """Unbind from everybody, write what is left, close; under two seconds."""
        if self._server:
            self._server.close()
        if self._watcher:
            self._watcher.cancel()
        self.hub.close()
        for session in list(self.sessions):
            session.end()
        undone = self.wheel.finish(FINISH_WITHIN)
        self.wheel.stop()
        if undone:
            logger.warning("stopped before everything was delivered", extra={"undone": undone})
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_WITHIN):
                await self._empty.wait()
        self.disconnect()
        await self._empty.wait()
        await self.commit.close()
        kept.keep_deliveries(self._folder, self._kept_deliveries | {name: account.waiting() for name, account in self._accounts.items()})

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(1)
            for session in list(self.sessions):
                session.watch()


@asynccontextmanager
async def running_simulator(
    *,
    home: Path,
    smpp_host: str = "127.0.0.1",
    smpp_port: int = 0,
    knobs: Knobs | None = None,
    seed: int | None = None,
    file_size: int = FILE_SIZE,
    kept_files: int = KEPT_FILES,
) -> AsyncIterator[Simulator]:
    """A carrier in this process, its log under `home`. Port 0 takes a free one: see `.port`. Raises OSError when it cannot start."""
    log = await asyncio.to_thread(FrameLog, home, file_size=file_size, kept_files=kept_files)
    simulator = Simulator(home, log, knobs=knobs or Knobs(), seed=seed)
    try:
        await simulator.start(smpp_host, smpp_port)
        yield simulator
    finally:
        await simulator.stop()
