"""The front's connections: a small pool for queries, one connection that listens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from textfirst.core.errors import Unavailable
from textfirst.database.roles import APP_ROLE

POOL_SIZE = 4  # group commit needs few: each carries hundreds of requests
POOL_PATIENCE = 3.0  # seconds to wait for a connection before saying 503
SESSION_OPTIONS = f"-c role={APP_ROLE} -c idle_in_transaction_session_timeout=30s -c statement_timeout=20s -c timezone=UTC"


def make_pool(url: str) -> AsyncConnectionPool[AsyncConnection[TupleRow]]:
    """A pool that opens in the background and mends itself when the database comes back."""
    return AsyncConnectionPool(
        url, min_size=1, max_size=POOL_SIZE, timeout=POOL_PATIENCE, open=False, check=AsyncConnectionPool.check_connection,
        kwargs={"options": SESSION_OPTIONS, "autocommit": True}, reconnect_timeout=float("inf"), name="front",
    )  # fmt: skip


@asynccontextmanager
async def connection(pool: AsyncConnectionPool[AsyncConnection[TupleRow]]) -> AsyncIterator[AsyncConnection[TupleRow]]:
    """A connection in autocommit; raises Unavailable in a person's words when the database is away."""
    try:
        async with pool.connection() as connected:
            yield connected
    except (PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise Unavailable("The database cannot be reached just now. Nothing was accepted; try again shortly.") from error


async def bind_workspace(connected: AsyncConnection[TupleRow], workspace_id: UUID) -> None:
    """Let row-level security show one workspace until the end of the transaction."""
    await connected.execute("select set_config('textfirst.workspace', %s, true)", [str(workspace_id)])


async def as_owner(connected: AsyncConnection[TupleRow]) -> None:
    """Past row-level security until the end of the transaction; for lookups before a workspace is known."""
    await connected.execute("set local role none")
