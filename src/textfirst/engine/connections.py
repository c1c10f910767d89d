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

from textfirst.database.roles import APP_ROLE
from textfirst.engine.ports import StoreAway

log = logging.getLogger(__name__)

MOST: Final = 4  # connections beside the listening one
CONNECT_TIMEOUT: Final = 5  # seconds
PLANS_LIVE: Final = 2.0  # seconds

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

    def __init__(self, url: str) -> None:
        self._conninfo = _with_settings(url)
        self._free: list[Connection] = []
        self._slots = asyncio.Semaphore(MOST)
        self._plans: WeakKeyDictionary[Connection, Plans] = WeakKeyDictionary()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Connection]:
        """A connection for the length of the block. Raises StoreAway when there is no database to connect to."""
        async with self._slots:
            connection = self._free.pop() if self._free else await self.fresh()
            try:
                yield connection
            finally:
                if connection.closed or connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                    await connection.close()
                else:
                    self._free.append(connection)

    async def fresh(self) -> Connection:
        """A new connection. Raises StoreAway."""
        try:
            return await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
        except psycopg.OperationalError as error:
            raise StoreAway(f"The database cannot be reached: {str(error).strip()}") from error

    def plans(self, connection: Connection) -> Plans:
        return self._plans.setdefault(connection, Plans())

    async def close(self) -> None:
        for connection in self._free:
            await connection.close()
        self._free.clear()


def _with_settings(url: str) -> str:
    """The URL with our settings, beside options it may have."""
    given = conninfo_to_dict(url).get("options") or ""
    options = " ".join([str(given), *(f"-c {name}={value}" for name, value in SETTINGS.items())]).strip()
    return make_conninfo(url, options=options, application_name="textfirst engine", connect_timeout=CONNECT_TIMEOUT)
