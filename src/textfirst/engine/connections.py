"""A few connections to PostgreSQL, kept open and replaced when they break.

No pool with waiting threads and back-off of its own: when the database is away, asking fails at once with StoreAway, and each
loop of the engine decides for itself when to ask again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import Format

from textfirst.database.roles import APP_ROLE
from textfirst.database.round_trip import RoundTrips
from textfirst.engine.arrays import register
from textfirst.engine.ports import StoreAway

log = logging.getLogger(__name__)

MOST: Final = 5  # connections beside the listening one
CONNECT_TIMEOUT: Final = 5  # seconds
LONGEST_USE: Final = 20.0  # seconds; the server ends what takes 15, so whoever is still waiting then has lost the server
PLANS_LIVE: Final = 2.0  # seconds
UNUSED: Final = 30.0  # seconds after which a connection is closed: its server process keeps 5 to 10 MB

# Everything the engine asks is a handful of rows by key, so no plan may scan, hash, sort or keep a whole table, however small
# the table seems. Plans are kept (they cost more than the statements), but not for long: see `Plans`.
SETTINGS: Final = {
    "role": APP_ROLE,
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_material": "off",
    "random_page_cost": "1.1",
    "jit": "off",
    "statement_timeout": "15s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}

# A machine that is gone says nothing. These make the kernel notice: after 5 quiet seconds it asks every 2, three times; the same for
# what we sent and nobody acknowledged. A network that acknowledges and loses is noticed by LONGEST_USE.
KEEPALIVE: Final = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 11_000}

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Plans:
    """When a connection's plans should be made anew.

    A table that nobody has counted yet (a fresh installation, the first minute of a month) seems to have one row per workspace. A plan made
    then reads all of a workspace's rows for each one it wants, and a kept plan goes on doing so until the table is first analysed.
    The planner does see how large a table is by now, so plans are made anew whenever there is more at stake: a batch twice as large as any
    they were used for, twice as many uses, or a few seconds later.
    """

    def __init__(self) -> None:
        self._uses = 0
        self._until = 2
        self._largest = 1
        self._made = time.monotonic()

    def are_old(self, rows: int) -> bool:
        """Asked before each use, with the rows of its batch; after a yes they are new."""
        self._uses += 1
        now = time.monotonic()
        if self._uses < self._until and rows < 2 * self._largest and now - self._made < PLANS_LIVE:
            return False
        self._until = 2 * self._uses
        self._largest = max(rows, 1)
        self._made = now
        return True


class Connections:
    """Hands out connections, at most `MOST` at a time."""

    def __init__(self, url: str, node: str = "") -> None:
        self._conninfo = _with_settings(url, node)
        self._free: list[tuple[Connection, float]] = []  # and since when; the one used last is taken first
        self._slots = asyncio.Semaphore(MOST)
        self._plans: WeakKeyDictionary[Connection, Plans] = WeakKeyDictionary()
        self._trips: WeakKeyDictionary[Connection, RoundTrips] = WeakKeyDictionary()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Connection]:
        """A connection for the length of the block. Raises StoreAway when there is no database to connect to, or it no longer answers."""
        async with self._slots:
            connection = self._free.pop()[0] if self._free else await self.fresh()
            try:
                async with asyncio.timeout(LONGEST_USE):
                    yield connection
            except TimeoutError as error:
                await self._lost(connection)
                raise StoreAway(f"The database has not answered for {LONGEST_USE:.0f} seconds.") from error
            finally:
                if connection.closed:
                    await self._lost(connection)
                elif connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                    await connection.close()
                else:
                    self._free.append((connection, time.monotonic()))
                    await self._close_unused()

    async def _close_unused(self) -> None:
        while self._free[0][1] < time.monotonic() - UNUSED:
            await self._free.pop(0)[0].close()

    async def _lost(self, connection: Connection) -> None:
        """The others have most likely lost the server too: better to connect anew than to wait for each of them."""
        await connection.close()
        await self.close()

    async def fresh(self) -> Connection:
        """A new connection. Raises StoreAway."""
        try:
            connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, prepare_threshold=None)
        except psycopg.OperationalError as error:
            raise StoreAway(f"The database cannot be reached: {str(error).strip()}") from error
        register(connection)
        return connection

    def plans(self, connection: Connection) -> Plans:
        return self._plans.setdefault(connection, Plans())

    def trips(self, connection: Connection) -> RoundTrips:
        """Rows come back as text: of a claim, mostly ids and small numbers."""
        made = self._trips.get(connection)
        if made is None:
            made = self._trips[connection] = RoundTrips(connection, answers=Format.TEXT)
        return made

    async def close(self) -> None:
        while self._free:
            await self._free.pop()[0].close()


def session_name(node: str) -> str:
    """What the sessions of a node are called at the server, whose names have at most 63 characters."""
    return f"textfirst engine {node[-46:]}".strip()


def _with_settings(url: str, node: str) -> str:
    """The URL with our settings, beside options it may have."""
    given = conninfo_to_dict(url).get("options") or ""
    options = " ".join([str(given), *(f"-c {name}={value}" for name, value in SETTINGS.items())]).strip()
    return make_conninfo(url, options=options, application_name=session_name(node), connect_timeout=CONNECT_TIMEOUT, **KEEPALIVE)
