"""The public port under load: `python -m bench front`.

Sends one by one from 50 connections, each answered after its own commit, and by the thousand, each message with its key: notices to people we
know (contacts with a conversation, the usual case), notices to new numbers, and, by the thousand, answers to new numbers, which open a
conversation each. Then what carriers and providers send by HTTP (`bench/hooks.py`), and for the ratio the same send through the console, which
commits each by itself. The channel is held at one text a second, so that what is measured is the taking in and not the sending. Every answer is
checked, and the rows are counted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import count, islice
from urllib.parse import urlsplit
from uuid import uuid4

from bench import hooks, report
from bench.client import Check, Door, Load, load
from bench.installation import Api, Running, installation
from bench.report import Row, percentile

CONNECTIONS = 50
IN_A_BATCH = 1000
AT_ONCE = 3  # batches under way: one read, one committed, one on its way
TEXT = "Your parcel {} comes today between 9 and 11."
SINGLE, BATCH = "/api/v1/messages", "/api/v1/messages/batch"


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    with installation() as running:
        api = Api(running.url)
        channel = api.get("/channels")["items"][0]["id"]
        api.patch(f"/channels/{channel}", {"rate": 1})
        found = [*_sends(running, api, options.requests), *_calls(running, api, options.requests)]
        report.write("front", found, connections=CONNECTIONS, in_a_batch=IN_A_BATCH)


def _sends(running: Running, api: Api, requests: int) -> list[Row]:
    client = Client(running, api)
    batches = max(requests // 250, AT_ONCE)
    client.singles(client.strangers(1000))  # connections made, plans kept
    talks = client.batches(client.strangers(batches * IN_A_BATCH + requests), purpose="support")
    known = iter(client.talked)
    alone = client.singles(islice(known, requests))
    together = client.batches(islice(known, batches * IN_A_BATCH))
    new_alone = client.singles(client.strangers(requests))
    new_together = client.batches(client.strangers(batches * IN_A_BATCH))
    console = client.singles(client.strangers(requests // 10), connections=8, door=running.home / "run" / "console.sock")
    return [
        *_rows("POST /messages to people we know", alone, ">= 2500"),
        *_rows("POST /messages to new numbers", new_alone, ">= 2500"),
        *_rows("POST /messages/batch to people we know", together, ">= 15000"),
        *_rows("POST /messages/batch to new numbers", new_together),
        *_rows("POST /messages/batch to new numbers, opening conversations", talks),
        *_ratios(new_alone, new_together, console),
    ]


def _calls(running: Running, api: Api, requests: int) -> list[Row]:
    provider = hooks.Provider(running, api)
    return [
        *_rows("POST /hooks, texts of customers", provider.texts(requests), ">= 2500"),
        *_rows("POST /hooks, receipts", provider.receipts(requests), ">= 2500"),
    ]


def _rows(what: str, taken: Load, want: str = "") -> list[Row]:
    """Rate, waits and CPU of one load."""
    waits = [wait * 1000 for wait in taken.waits]
    shares = sorted(taken.cpu.items(), key=lambda each: -each[1])
    return [
        Row(f"{what}: accepted and durable", taken.rate, "a second", want),
        *(Row(f"    answered within, p{int(part * 100)}", percentile(waits, part), "ms") for part in (0.5, 0.95, 0.99)),
        Row("    CPU each, all our processes and PostgreSQL", taken.ours, "µs"),
        *(Row(f"        {name}", spent, "µs") for name, spent in shares if spent >= 1),
    ]


def _ratios(alone: Load, together: Load, console: Load) -> list[Row]:
    return [
        Row("the console by itself, to new numbers: accepted and durable", console.rate, "a second"),
        Row("    CPU each, all our processes and PostgreSQL", console.ours, "µs"),
        Row("single sends to the console's", alone.rate / console.rate, "times"),
        Row("batched sends to single ones", together.rate / alone.rate, "times"),
    ]


class Client:
    """A program that sends with a key of its own; each message has a number and an Idempotency-Key of its own."""

    def __init__(self, running: Running, api: Api) -> None:
        self._running = running
        self._port = urlsplit(running.url).port or 0
        key = api.post("/keys", {"name": "bench", "kind": "test", "scopes": ["messages:send"]})["secret"]
        self._head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        self._fresh = count()
        self.talked: list[int] = []  # whom a conversation was opened with

    def strangers(self, many: int) -> list[int]:
        """Numbers nobody has texted."""
        return list(islice(self._fresh, many))

    def singles(self, numbers: Iterator[int] | list[int], *, connections: int = CONNECTIONS, door: Door | None = None) -> Load:
        """A request each."""
        return self._load([self._single(number) for number in numbers], connections, 1, door)

    def batches(self, numbers: Iterator[int] | list[int], *, purpose: str = "notice") -> Load:
        """A thousand in a request."""
        given, requests = iter(numbers), []
        while batch := list(islice(given, IN_A_BATCH)):
            requests.append(self._batch(batch, purpose))
            if purpose == "support":
                self.talked += batch
        return self._load(requests, AT_ONCE, IN_A_BATCH, None)

    def _single(self, number: int) -> bytes:
        return _post(SINGLE, f"{self._head}Idempotency-Key: {uuid4().hex}\r\n", _message(number))

    def _batch(self, numbers: list[int], purpose: str) -> bytes:
        messages = [_message(number) | {"idempotency_key": uuid4().hex, "purpose": purpose} for number in numbers]
        return _post(BATCH, self._head, {"messages": messages})

    def _load(self, requests: list[bytes], connections: int, messages: int, door: Door | None) -> Load:
        """Believed when as many are stored as were answered."""
        before = self._running.ask("select count(*) from message")
        taken = load(self._running, door or self._port, requests, connections, _accepted(messages), messages=messages)
        stored = self._running.ask("select count(*) from message") - before
        if stored != taken.count:
            sys.exit(f"{taken.count} were answered as accepted and {stored} are stored")
        return taken


def _message(number: int) -> dict[str, str]:
    return {"to": f"+4479{number:08d}", "text": TEXT.format(number)}


def _post(path: str, head: str, content: object) -> bytes:
    body = json.dumps(content)
    return f"POST {path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def _accepted(messages: int) -> Check:
    whole = b'{"accepted":%d,' % messages

    def check(status: int, body: bytes) -> None:
        if status not in {200, 202} or (messages > 1 and not body.startswith(whole)):
            sys.exit(f"answered {status}: {body[:300].decode(errors='replace')}")

    return check


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench front", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="single sends and calls; a batch for every 250 of them")
    return parser.parse_args(argv)
