"""One connection that listens, for the whole process, and comes back by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import psycopg

log = logging.getLogger(__name__)

COME_BACK = 0.5  # seconds between tries to reach the database


async def listen(url: str, handlers: dict[str, Callable[[str], None]], *, after_gap: Callable[[], None]) -> None:
    """Call `handlers[channel](payload)` for each notification, until cancelled; `after_gap` whenever some may have been missed."""
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connected:
                for channel in handlers:
                    await connected.execute(f"listen {channel}")
                after_gap()
                async for notice in connected.notifies():
                    handlers[notice.channel](notice.payload)
        except psycopg.Error as error:
            log.warning("listening connection lost", extra={"problem": type(error).__name__})
        await asyncio.sleep(COME_BACK)
