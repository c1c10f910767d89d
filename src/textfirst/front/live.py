"""Live events: each workspace's event rows, in commit order, to every open page.

Theory of operation. An event row is visible in order only below the oldest running transaction, so a feed reads rows after its cursor
`(xid, id)` and below `pg_snapshot_xmin`. A notification says that a workspace has news; the feed of that workspace reads once for all its
listeners and hands the rows on. Rows held back by a slower transaction are asked for again after a moment. A page that comes back with
Last-Event-ID reads its own backlog first; one whose cursor is too old, or who reads too slowly, is told to `reset` and fetches afresh.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import orjson

from textfirst.core.errors import Unavailable
from textfirst.core.tickets import Ticket
from textfirst.database.named_sql import load
from textfirst.events.rules import cursor_text, first_cursor, is_too_old, read_cursor
from textfirst.events.types import Cursor
from textfirst.front.database import Connection, Database, bind_workspace

log = logging.getLogger(__name__)

SLOWEST_READER = 1000  # events waiting for one page before it is told to start afresh
LONGEST_BACKLOG = 1000  # events sent to a page that comes back; beyond, a fresh start is cheaper
HEARTBEAT = 15.0  # seconds of silence after which a comment keeps proxies from closing the stream
HELD_BACK = (0.02, 0.05, 0.1, 0.2, 0.5)  # seconds between looks for rows that a slower transaction holds back
SLOW_LOOK = 1.0  # seconds between looks when nothing was announced: a lost notification costs at most this

RESET = b"event: reset\ndata: {}\n\n"


class Stream:
    """One open page. While it catches up on what it missed, what happens meanwhile is held."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(SLOWEST_READER + LONGEST_BACKLOG)
        self._held: list[tuple[Cursor, bytes]] | None = []
        self._last: Cursor | None = None  # what it read by itself; the feed may still be behind that

    def push(self, cursor: Cursor, block: bytes) -> None:
        """Hand on a block; a page that does not keep up loses its queue and gets a reset."""
        if self._held is not None:
            self._held.append((cursor, block))
        elif self._last is None or cursor > self._last:
            self._queue(block)

    def caught_up(self, missed: list[tuple[Cursor, bytes]], last: Cursor | None) -> None:
        """First what was missed, then what happened since `last`, from now on everything as it comes."""
        held, self._held, self._last = self._held or [], None, last
        for _, block in missed:
            self._queue(block)
        for cursor, block in held:
            self.push(cursor, block)

    def start_afresh(self) -> None:
        self._held = None
        self._queue(RESET)

    def end(self) -> None:
        self._empty()
        self.queue.put_nowait(None)

    def _queue(self, block: bytes) -> None:
        try:
            self.queue.put_nowait(block)
        except asyncio.QueueFull:
            self._empty()
            self.queue.put_nowait(RESET)

    def _empty(self) -> None:
        while not self.queue.empty():
            self.queue.get_nowait()


class Feed:
    """What happens in one workspace, read once for all who watch it."""

    def __init__(self, workspace_id: UUID, database: Database) -> None:
        self.workspace_id = workspace_id
        self.streams: set[Stream] = set()
        self.news = asyncio.Event()
        self.cursor: Cursor | None = None
        self._database = database

    async def run(self) -> None:
        """Read and hand on until cancelled."""
        looks = iter(HELD_BACK)
        while True:
            try:
                found = await self._read_on()
            except Unavailable:
                log.warning("live events wait for the database")
                found = False
            if found or self.news.is_set():
                looks = iter(HELD_BACK)
            self.news.clear()
            await self._rest(next(looks, SLOW_LOOK))

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):  # not wait_for: in Python 3.11 it forgets a cancellation that comes together with the news
                await self.news.wait()
        except TimeoutError:
            return

    async def _read_on(self) -> bool:
        """Rows after the cursor to every stream; says whether there were any."""
        async with self._database.one() as connected, connected.transaction():
            await bind_workspace(connected, self.workspace_id)
            if self.cursor is None:
                self.cursor = await _head(connected)
            rows = await _after(connected, self.workspace_id, self.cursor, LONGEST_BACKLOG)
        for cursor, block in rows:
            self.cursor = cursor
            for stream in self.streams:
                stream.push(cursor, block)
        return bool(rows)

    async def join(self, stream: Stream, since: Cursor | None) -> None:
        """Let a page listen; with a cursor it first gets what it missed, or a reset when that is too much."""
        self.streams.add(stream)
        async with self._database.one() as connected, connected.transaction():
            await bind_workspace(connected, self.workspace_id)
            self.cursor = self.cursor or await _head(connected)
            missed = [] if since is None else await _after(connected, self.workspace_id, since, LONGEST_BACKLOG + 1)
        if since is not None and (is_too_old(since, datetime.now(UTC)) or len(missed) > LONGEST_BACKLOG):
            stream.start_afresh()
        else:
            stream.caught_up(missed, missed[-1][0] if missed else since)


async def _head(connected: Connection) -> Cursor:
    row = await (await connected.execute(load("textfirst.events").horizon)).fetchone()
    assert row is not None
    return first_cursor(row[0])


async def _after(connected: Connection, workspace_id: UUID, cursor: Cursor, limit: int) -> list[tuple[Cursor, bytes]]:
    sql = load("textfirst.events").after
    rows = await connected.execute(sql, {"workspace_id": workspace_id, "xid": cursor.xid, "id": cursor.id, "limit": limit})
    return [_block(*row) async for row in rows]


def _block(xid: int, identifier: UUID, kind: str, subject_id: UUID, data: dict[str, object]) -> tuple[Cursor, bytes]:
    cursor = Cursor(xid, identifier)
    body = orjson.dumps({**data, "kind": kind, "subject_id": subject_id})
    return cursor, b"id: %s\nevent: %s\ndata: %s\n\n" % (cursor_text(cursor).encode(), kind.encode(), body)


class Hub:
    """Every feed that somebody watches; a feed lives while it has listeners."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._feeds: dict[UUID, tuple[Feed, asyncio.Task[None]]] = {}

    def wake(self, workspace_id: UUID) -> None:
        if workspace_id in self._feeds:
            self._feeds[workspace_id][0].news.set()

    def wake_all(self) -> None:
        """After the listening connection was lost: anything may have happened."""
        for feed, _ in self._feeds.values():
            feed.news.set()

    @property
    def streams(self) -> list[Stream]:
        return [stream for feed, _ in self._feeds.values() for stream in feed.streams]

    def end_session(self, session_key: str) -> None:
        for stream in self.streams:
            if stream.ticket.session_key == session_key:
                stream.end()

    def end_all(self) -> None:
        """At stop: pages reconnect with Last-Event-ID and miss nothing."""
        for stream in self.streams:
            stream.end()

    async def listen(self, ticket: Ticket, last_event_id: str | None) -> AsyncIterator[bytes]:
        """The blocks of one page's stream, until its session or this process ends."""
        since = read_cursor(last_event_id) if last_event_id else None
        feed, stream = self._feed(ticket.workspace_id), Stream(ticket)
        try:
            await feed.join(stream, since)
            yield b"retry: 1000\n: connected\n\n"
            async for block in _blocks(stream):
                yield block
        finally:
            feed.streams.discard(stream)
            self._let_go(feed)

    def _feed(self, workspace_id: UUID) -> Feed:
        if workspace_id not in self._feeds:
            feed = Feed(workspace_id, self._database)
            self._feeds[workspace_id] = (feed, asyncio.create_task(feed.run(), name=f"feed {workspace_id}"))
        return self._feeds[workspace_id][0]

    def _let_go(self, feed: Feed) -> None:
        if not feed.streams and feed.workspace_id in self._feeds:
            self._feeds.pop(feed.workspace_id)[1].cancel()


async def _blocks(stream: Stream) -> AsyncIterator[bytes]:
    while True:
        try:
            async with asyncio.timeout(HEARTBEAT):
                block = await stream.queue.get()
        except TimeoutError:
            yield b": still here\n\n"
            continue
        if block is None:
            return
        yield block
