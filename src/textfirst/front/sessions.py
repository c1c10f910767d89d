"""A stream ends with the session that opened it: one look every few seconds for all of them, and at once when a sign-out is announced."""

from __future__ import annotations

import asyncio
import logging
from uuid import UUID

from textfirst.core.errors import NotAllowed, NotFound, Unavailable
from textfirst.core.tickets import Ticket
from textfirst.front.database import Database, bind_workspace
from textfirst.front.live import Hub

log = logging.getLogger(__name__)

LOOK_EVERY = 5.0  # seconds

LIVING = "select session_key from django_session where session_key = any(%s) and expire_date > now()"
SIMULATOR = "select id from channel where workspace_id = %s and kind = 'simulator' and id::text = %s and removed_at is null"
MEMBER = "select 1 from membership where workspace_id = %s and user_id = %s"


async def confirm(database: Database, ticket: Ticket) -> None:
    """Raises NotAllowed unless the ticket's session is alive and its user still belongs to the workspace."""
    async with database.one() as connected, connected.transaction():
        await bind_workspace(connected, ticket.workspace_id)
        alive = await (await connected.execute(LIVING, [[ticket.session_key]])).fetchone()
        member = await (await connected.execute(MEMBER, [ticket.workspace_id, ticket.user_id])).fetchone()
    if alive is None or member is None:
        raise NotAllowed("This session has ended. Sign in again.", code="session_ended")


async def simulator_channel(database: Database, ticket: Ticket, channel_id: str) -> UUID:
    """The simulator channel of the ticket's workspace that goes by this id; raises NotFound when it has none such."""
    async with database.one() as connected, connected.transaction():
        await bind_workspace(connected, ticket.workspace_id)
        row = await (await connected.execute(SIMULATOR, [ticket.workspace_id, channel_id])).fetchone()
    if row is None:
        raise NotFound("There is no such simulator channel in this workspace.")
    return UUID(str(row[0]))


async def watch(database: Database, hub: Hub) -> None:
    """End the streams of sessions that are gone, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY)
        watched = {stream.ticket.session_key for stream in hub.streams}
        if not watched:
            continue
        try:
            async with database.one() as connected:
                living = {row[0] async for row in await connected.execute(LIVING, [list(watched)])}
        except Unavailable:
            log.warning("sessions wait for the database")
            continue
        for gone in watched - living:
            hub.end_session(gone)
