"""What carriers and providers send over HTTP: receipts, and texts of customers. A part of `python -m bench front`.

Signed calls with one event each, over plain sockets, each answered after its own commit. The channel is of the kind HTTP and its provider is
nowhere, so that nothing is sent; the engine reads what was kept meanwhile, and its share is shown. A load is believed when every receipt is
stored and its message delivered, and every text stored once, in its sender's one conversation, in the order in which its calls were answered.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from bench.client import Load, load
from bench.installation import Api, Running, until

CONNECTIONS = 50
PHONES = 1000
WARM_UP = 1000  # calls: connections made, plans kept, contacts known
IN_A_BATCH = 1000
SECRET = b"a secret of the bench"
PATIENCE = 300.0  # seconds until the engine has read what was kept
TEXTS = """
with texts as (
  select contact_id, conversation_id, body, lag(body) over (partition by contact_id order by id) as before
  from message where direction = 1 and channel_id = %s
)
select count(*), count(distinct body), count(distinct contact_id), count(distinct conversation_id), count(*) filter (where body <= before)
from texts
"""
RECEIPTS = """
select count(*), count(distinct r.message_id), count(distinct m.id)
from receipt r left join message m on m.id = r.message_id and m.status = 80
where r.channel_id = %s
"""


class Provider:
    """Whoever calls the address of one channel."""

    def __init__(self, running: Running, api: Api) -> None:
        self._running = running
        self._api = api
        made = api.post(
            "/channels",
            {"name": "Web", "kind": "http", "address": "10002", "config": {"url": "https://127.0.0.1:9/"},
             "secrets": {"api_key": "none", "hook_secret": SECRET.decode()}},
        )  # fmt: skip
        self._channel = made["id"]
        self._path = urlsplit(made["hook_url"]).path
        self._port = urlsplit(running.url).port or 0
        self._call(_texts(0, WARM_UP))

    def texts(self, calls: int) -> Load:
        """A phone's calls are a thousand apart: never two of one under way at once."""
        taken = self._call(_texts(WARM_UP, calls))
        found, sent = self._running.rows(TEXTS, self._channel)[0], WARM_UP + calls
        if found != (sent, sent, PHONES, PHONES, 0):
            sys.exit(f"of {sent} texts from {PHONES} phones there are (stored, different, contacts, conversations, out of order) {found}")
        return taken

    def receipts(self, calls: int) -> Load:
        taken = self._call(_receipts(self._planned(calls)))
        found = self._running.rows(RECEIPTS, self._channel)[0]
        if found != (calls, calls, calls):
            sys.exit(f"of {calls} receipts there are (stored, messages, messages delivered) {found}")
        return taken

    def _call(self, events: Iterable[dict[str, Any]]) -> Load:
        taken = load(self._running, self._port, [self._signed(event) for event in events], CONNECTIONS, _kept)
        until(lambda: self._running.ask("select count(*) from hook_waiting") == 0, PATIENCE)
        return taken

    def _signed(self, event: dict[str, Any]) -> bytes:
        body, at = json.dumps(event).encode(), str(int(time.time()))
        signature = hmac.new(SECRET, at.encode() + b"." + body, hashlib.sha256).hexdigest()
        head = f"POST {self._path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Signature: t={at},v1={signature}\r\n"
        return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body

    def _planned(self, many: int) -> Iterator[tuple[str, str]]:
        """Messages of this channel, by id and address: planned for the day after tomorrow, so that only a receipt can move them meanwhile."""
        key = self._api.post("/keys", {"name": "hooks", "kind": "live", "scopes": ["messages:send"]})["secret"]
        at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
        for first in range(0, many, IN_A_BATCH):
            numbers = range(first, min(first + IN_A_BATCH, many))
            messages = [{"to": f"+4475{n:08d}", "text": "Hello", "send_at": at, "channel_id": self._channel} for n in numbers]
            answer = httpx.post(
                f"{self._running.url}/api/v1/messages/batch",
                json={"messages": messages},
                headers={"Authorization": f"Bearer {key}"},
                timeout=60,
            )
            for item in answer.raise_for_status().json()["items"]:
                yield item["message"]["id"], item["message"]["address"]


def _texts(first: int, count: int) -> Iterator[dict[str, Any]]:
    for number in range(first, first + count):
        yield {
            "type": "text", "id": f"t{number}", "from": f"+4476{number % PHONES:08d}", "to": "10002", "text": f"number {number:08d}"
        }  # fmt: skip


def _receipts(messages: Iterable[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for number, (message_id, address) in enumerate(messages):
        yield {"type": "receipt", "id": f"r{number}", "reference": message_id, "to": address, "status": "delivered", "error": ""}


def _kept(status: int, body: bytes) -> None:
    if status != httpx.codes.OK:
        sys.exit(f"a call was answered {status}: {body[:300].decode(errors='replace')}")
