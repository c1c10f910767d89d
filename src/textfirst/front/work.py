"""One transaction in as few round trips as its questions need: what is told travels with the next question or with the commit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from psycopg.pq import TransactionStatus

from textfirst.core.errors import TextfirstError, Unavailable
from textfirst.database.round_trip import RoundTrips, Rows, Statement
from textfirst.front.database import Connection, Database

PLANS_LIVE = 2.0  # seconds: plans are kept, for they cost more than the statements, but a table may have grown out of them
PATIENCE = 10.0  # seconds for a whole transaction: a database that has frozen answers nobody
ROLLBACK_PATIENCE = 2.0  # seconds

# Everything asked here is a handful of rows by key, so no plan may scan, hash, sort or keep a whole table, however small it seems.
SETTINGS = {
    "plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
    "enable_material": "off", "random_page_cost": "1.1", "jit": "off", "lock_timeout": "2s",
}  # fmt: skip

UNSURE = "The database went away while this was being saved, and may have kept it. Ask again with the same Idempotency-Key: nothing is sent twice."


class Work:
    """Statements of one transaction, in the order told; `workspace_id` is handed to each by itself."""

    def __init__(self, trips: RoundTrips, *, discard_plans: bool) -> None:
        self._trips = trips
        self._workspace_id: UUID | None = None
        self._waiting: list[Statement] = [("discard plans", None)] if discard_plans else []
        self._waiting.append(("begin", None))
        self.committing = False

    def enter(self, workspace_id: UUID) -> None:
        """What follows is about this workspace, and row-level security sees to it."""
        self._workspace_id = workspace_id
        self.tell("select set_config('textfirst.workspace', %(workspace_id)s::text, true)")

    def tell(self, sql: str, **params: Any) -> None:
        """Send `sql` with the next question or the commit."""
        self._waiting.append((sql, {"workspace_id": self._workspace_id, **params}))

    async def ask(self, sql: str, **params: Any) -> Rows:
        """The rows of `sql`, after everything told before it."""
        [rows] = await self.ask_all((sql, params))
        return rows

    async def ask_all(self, *questions: tuple[str, dict[str, Any]] | None) -> list[Rows]:
        """The rows of each statement, in one round trip; none for a question that need not be asked."""
        asked = [question for question in questions if question]
        for sql, params in asked:
            self.tell(sql, **params)
        answers = iter((await self._send())[-len(asked) :] if asked else ())
        return [next(answers) if question else [] for question in questions]

    async def commit(self) -> None:
        self._waiting.append(("commit", None))
        self.committing = True
        await self._send()

    async def _send(self) -> list[Rows]:
        waiting, self._waiting = self._waiting, []
        return await self._trips.ask(waiting)


class Works:
    """Transactions over connections of their own, whose plans are kept for a moment."""

    def __init__(self, url: str, *, most: int) -> None:
        self._database = Database(url, most=most, settings=SETTINGS)
        self._trips: WeakKeyDictionary[Connection, RoundTrips] = WeakKeyDictionary()
        self._planned: WeakKeyDictionary[Connection, float] = WeakKeyDictionary()  # when a connection's plans were last made anew

    async def close(self) -> None:
        await self._database.close()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Work]:
        """Committed at the end of the block, else undone. Raises Unavailable, with `UNSURE` when nobody can say whether it was committed."""
        work = None
        try:
            async with self._database.one() as connected:
                work = Work(self._trips.setdefault(connected, RoundTrips(connected)), discard_plans=self._plans_are_old(connected))
                try:
                    async with asyncio.timeout(PATIENCE):
                        yield work
                        await work.commit()
                except BaseException:  # cancelled as well: the connection goes back with no transaction open
                    await _roll_back(connected)
                    raise
        except Unavailable as away:
            raise Unavailable(UNSURE, code="unsure") if work is not None and work.committing else away from away.__cause__

    def _plans_are_old(self, connected: Connection) -> bool:
        now = time.monotonic()
        if now - self._planned.get(connected, 0.0) < PLANS_LIVE:
            return False
        self._planned[connected] = now
        return True


async def _roll_back(connected: Connection) -> None:
    """Forget everything; a connection that cannot even do that is thrown away."""
    if connected.closed or connected.info.transaction_status == TransactionStatus.IDLE:
        return
    try:
        async with asyncio.timeout(ROLLBACK_PATIENCE):
            await connected.execute("rollback")
    except (psycopg.Error, TimeoutError, TextfirstError):
        await connected.close()
