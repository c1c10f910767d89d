"""A few connections to PostgreSQL, kept open and replaced when they break.

No pool with waiting threads and back-off of its own: when the database is away, asking fails at once with StoreAway, and each
loop of the engine decides for itself when to ask again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from textfirst.database.roles import APP_ROLE
from textfirst.engine.ports import StoreAway

log = logging.getLogger(__name__)

MOST: Final = 4  # connections beside the listening one
CONNECT_TIMEOUT: Final = 5  # seconds

# Everything the engine asks is a handful of rows by key. Plans are made once, and never by scanning or hashing a table whose
# statistics happen to be old.
SETTINGS: Final = {
    "role": APP_ROLE,
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "jit": "off",
    "statement_timeout": "15s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


class Connections:
    """Hands out connections, at most `MOST` at a time."""

    def __init__(self, url: str) -> None:
        self._conninfo = _with_settings(url)
        self._free: list[Connection] = []
        self._slots = asyncio.Semaphore(MOST)

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

    async def close(self) -> None:
        for connection in self._free:
            await connection.close()
        self._free.clear()


def _with_settings(url: str) -> str:
    """The URL with our settings, beside options it may have."""
    given = conninfo_to_dict(url).get("options") or ""
    options = " ".join([str(given), *(f"-c {name}={value}" for name, value in SETTINGS.items())]).strip()
    return make_conninfo(url, options=options, application_name="textfirst engine", connect_timeout=CONNECT_TIMEOUT)
