"""Who watches which channel's phones, and telling them what changed: gathered, so that a campaign does not flood a browser."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from textfirst.phones.handset import Handset, Text

__all__ = ["Hub"]

GATHER = 0.1  # seconds
PHONES_PER_NOTE = 50  # a busier moment is told as "many": the watcher reads the list again
NOTES_WAITING = 100  # of a watcher that does not read; then it is told to read everything again


class Hub:
    """Costs nothing for a channel that nobody watches."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._watchers: dict[str, set[asyncio.Queue[dict[str, Any] | None]]] = {}
        self._changed: dict[str, dict[str, tuple[Handset, dict[int, Text]]]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    def changed(self, channel: str, phone: Handset, text: Text) -> None:
        """Something happened to `text` on `phone`."""
        if channel not in self._watchers:
            return
        phones = self._changed.setdefault(channel, {})
        phones.setdefault(phone.address, (phone, {}))[1][text.number] = text
        if self._timer is None:
            self._timer = self._loop.call_later(GATHER, self._tell)

    async def watch(self, channel: str) -> AsyncIterator[dict[str, Any]]:
        """Notes for one watcher, until the hub closes."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(NOTES_WAITING)
        self._watchers.setdefault(channel, set()).add(queue)
        try:
            while not self._closed and (note := await queue.get()) is not None:
                yield note
        finally:
            self._watchers[channel].discard(queue)
            if not self._watchers[channel]:
                del self._watchers[channel]

    def close(self) -> None:
        """End every watcher's stream."""
        self._closed = True
        for queue in [queue for queues in self._watchers.values() for queue in queues]:
            _put(queue, None)
        if self._timer:
            self._timer.cancel()

    def _tell(self) -> None:
        self._timer = None
        changed, self._changed = self._changed, {}
        for channel, phones in changed.items():
            note = _note(channel, phones)
            for queue in self._watchers.get(channel, ()):
                _put(queue, note)


def _note(channel: str, phones: dict[str, tuple[Handset, dict[int, Text]]]) -> dict[str, Any]:
    if len(phones) > PHONES_PER_NOTE:
        return {"kind": "phones.many", "channel_id": channel, "phones": []}
    changed = [phone.summary() | {"changed": [text.as_json() for text in texts.values()]} for phone, texts in phones.values()]
    return {"kind": "phones.changed", "channel_id": channel, "phones": changed}


def _put(queue: asyncio.Queue[dict[str, Any] | None], note: dict[str, Any] | None) -> None:
    """A watcher that is too slow loses its notes and is told to read again."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        if note is not None:
            note = {"kind": "phones.many", "channel_id": note["channel_id"], "phones": []}
    queue.put_nowait(note)
