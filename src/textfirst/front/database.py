"""The front's connections to PostgreSQL: a few, kept open, replaced when they break.

No pool with back-off of its own: when the database is away, asking fails at once, and the first request after it is back gets through. A
connection that broke while it lay idle is noticed before it is handed out, without asking the server: an idle one has nothing to read, so one
that has was closed from the other side.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow

from textfirst.core.errors import TextfirstError, Unavailable
from textfirst.database.roles import APP_ROLE

MOST = 4  # connections at once: group commit needs few, each carries hundreds of requests
PATIENCE = 3.0  # seconds to wait for one of them before saying 503
CONNECT_TIMEOUT = 3  # seconds

SETTINGS = {"role": APP_ROLE, "idle_in_transaction_session_timeout": "30s", "statement_timeout": "10s", "timezone": "UTC"}

RACES = (LockNotAvailable, DeadlockDetected, SerializationFailure)  # the database is there; somebody else was first

Connection = AsyncConnection[TupleRow]


class Database:
    """Hands out connections in autocommit, at most `most` at a time; `settings` are beside `SETTINGS`."""

    def __init__(self, url: str, *, most: int = MOST, settings: dict[str, str] | None = None) -> None:
        self.url = _with_settings(url, SETTINGS | (settings or {}))
        self._free: list[Connection] = []
        self._slots = asyncio.Semaphore(most)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Connection]:
        """A connection for the length of the block. Raises Unavailable, in a person's words, when the database is or goes away; `RACES` are passed on."""
        try:
            async with self._slot():
                connected = self._lively() or await psycopg.AsyncConnection.connect(self.url, autocommit=True, prepare_threshold=None)
                try:
                    yield connected
                finally:
                    await self._put_back(connected)
        except (TextfirstError, *RACES):
            raise
        except (TimeoutError, psycopg.OperationalError, psycopg.InterfaceError) as error:
            raise Unavailable("The database cannot be reached just now. Nothing was accepted; try again shortly.") from error

    async def close(self) -> None:
        for connected in self._free:
            await connected.close()
        self._free.clear()

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        async with asyncio.timeout(PATIENCE):
            await self._slots.acquire()
        try:
            yield
        finally:
            self._slots.release()

    def _lively(self) -> Connection | None:
        """A free connection whose other end is there."""
        while self._free:
            connected = self._free.pop()
            if not connected.closed and not _readable(connected.pgconn.socket):
                return connected
            connected.pgconn.finish()
        return None

    async def _put_back(self, connected: Connection) -> None:
        if connected.closed or connected.info.transaction_status != TransactionStatus.IDLE:
            with suppress(psycopg.Error):
                await connected.close()
        else:
            self._free.append(connected)


async def bind_workspace(connected: Connection, workspace_id: UUID) -> None:
    """Let row-level security show one workspace until the end of the transaction."""
    await connected.execute("select set_config('textfirst.workspace', %s, true)", [str(workspace_id)])


async def as_owner(connected: Connection) -> None:
    """Past row-level security until the end of the transaction; for lookups before a workspace is known."""
    await connected.execute("set local role none")


def _readable(socket: int) -> bool:
    poll = select.poll()
    poll.register(socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


def _with_settings(url: str, settings: dict[str, str]) -> str:
    """The URL with our settings, beside options it may have."""
    given = conninfo_to_dict(url).get("options") or ""
    options = " ".join([str(given), *(f"-c {name}={value}" for name, value in settings.items())]).strip()
    return make_conninfo(url, options=options, application_name="textfirst front", connect_timeout=CONNECT_TIMEOUT)
