"""An open page's view of what comes in: when each inbound text was announced at the front, and how that compares with the wire."""

from __future__ import annotations

import json
import threading
import time
from typing import Any, NamedTuple

import httpx
from bench.carriers import Stopwatch
from bench.installation import Api, Running


class Came(NamedTuple):
    """One inbound text: monotonic seconds of the wire, and milliseconds from there until stored and acknowledged, and until announced."""

    written: float
    stored: float
    announced: float


class Page:
    """Listens to live events as an open inbox does, in a thread of its own."""

    def __init__(self, api: Api) -> None:
        self._seen: dict[str, int] = {}
        self._open = threading.Event()
        self._ended = False
        self._ticket = api.post("/events/ticket")["ticket"]
        self._url = api.url
        threading.Thread(target=self._listen, daemon=True).start()
        self._open.wait(10)

    def close(self) -> None:
        self._ended = True

    def seen(self) -> dict[str, int]:
        """Monotonic nanoseconds by message id."""
        return dict(self._seen)

    def _listen(self) -> None:
        with httpx.stream("GET", f"{self._url}/api/v1/events", params={"ticket": self._ticket}, timeout=60) as answer:
            answer.raise_for_status()
            self._open.set()
            for line in answer.iter_lines():
                if line.startswith("data:"):
                    self._note(json.loads(line.removeprefix("data:")))
                if self._ended:
                    return

    def _note(self, event: dict[str, Any]) -> None:
        if event.get("kind") == "message.received":
            self._seen[event["message_id"]] = time.monotonic_ns()


def came(running: Running, carrier: Stopwatch, page: Page) -> list[Came]:
    """Every inbound text so far, one from each number, with when it was stored and announced; announced is endless if it never was."""
    found = running.rows("select address, id::text from message where direction = 1")
    messages = {str(address): str(message) for address, message in found}
    seen = page.seen()
    return [
        Came(
            written / 1e9,
            (acked - written) / 1e6 if acked else float("inf"),
            (seen[message] - written) / 1e6 if (message := messages.get(f"+4478{number:08d}")) in seen else float("inf"),
        )
        for number, _, written, acked in carrier.ask("texts")
    ]  # fmt: skip
