"""The public port under load: `python -m bench front`.

Sends one by one from 50 connections, each answered after its own commit; sends by the thousand, each with its key; and, for the ratio, the same
send through the console, which commits each by itself. The client is this process, over plain sockets; its own CPU is counted. The channel is
held at one text a second, so that what is measured is the taking in and not the sending. Every answer is checked, and the rows are counted.
"""

from __future__ import annotations

import argparse
import json
import resource
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from bench import report
from bench.installation import Api, Running, installation
from bench.report import Row, percentile

CONNECTIONS = 50
IN_A_BATCH = 1000
AT_ONCE = 3  # batches under way: one read, one committed, one on its way
TEXT = "Your parcel {} comes today between 9 and 11."


Door = int | Path  # a port of this machine, or a socket


@dataclass(frozen=True)
class Load:
    """What a number of requests took."""

    count: int  # messages
    seconds: float
    waits: list[float]  # seconds from the first byte out to the last byte in, one each request
    cpu: dict[str, float]  # µs a message by process, the client's own among them

    @property
    def rate(self) -> float:
        return self.count / self.seconds


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    with installation() as running:
        api = Api(running.url)
        channel = api.get("/channels")["items"][0]["id"]
        api.patch(f"/channels/{channel}", {"rate": 1})
        key = api.post("/keys", {"name": "bench", "kind": "test", "scopes": ["messages:send"]})["secret"]
        report.write("front", _measure(running, key, options.requests), connections=CONNECTIONS, in_a_batch=IN_A_BATCH)


def _measure(running: Running, key: str, requests: int) -> list[Row]:
    port = urlsplit(running.url).port or 0
    head = f"Host: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
    numbers = iter(range(10**8))

    def load(path: str, count: int, size: int, connections: int, door: Door = port) -> Load:
        before = running.ask("select count(*) from message")
        found = _load(running, door, (_request(path, head, numbers, size) for _ in range(count)), connections, messages=size)
        stored = running.ask("select count(*) from message") - before
        if stored != found.count:
            sys.exit(f"{found.count} were answered as accepted and {stored} are stored")
        return found

    single, batches = "/api/v1/messages", "/api/v1/messages/batch"
    load(single, 1000, 1, CONNECTIONS)  # connections made, plans kept
    alone = load(single, requests, 1, CONNECTIONS)
    together = load(batches, max(requests // 250, AT_ONCE), IN_A_BATCH, AT_ONCE)
    console = load(single, requests // 10, 1, 8, running.home / "run" / "console.sock")
    return [
        *_rows("POST /messages", alone, ">= 2500"),
        *_rows("POST /messages/batch", together, ">= 15000"),
        *_ratios(alone, together, console),
    ]


def _rows(what: str, load: Load, want: str) -> list[Row]:
    waits = [wait * 1000 for wait in load.waits]
    shares = [
        Row(f"{what}: CPU a message, {name}", spent, "µs")
        for name, spent in sorted(load.cpu.items(), key=lambda each: -each[1])
        if spent >= 1
    ]
    return [
        Row(f"{what}: messages accepted and durable", load.rate, "a second", want),
        *(Row(f"{what}: answered within, p{int(part * 100)}", percentile(waits, part), "ms") for part in (0.5, 0.95, 0.99)),
        *shares,
    ]


def _ratios(alone: Load, together: Load, console: Load) -> list[Row]:
    return [
        Row("the console by itself: messages accepted and durable", console.rate, "a second"),
        Row("the console by itself: CPU a message, all processes", sum(console.cpu.values()), "µs"),
        Row("single sends to the console's", alone.rate / console.rate, "times"),
        Row("batched sends to single ones", together.rate / alone.rate, "times"),
    ]


# ── the client ──────────────────────────────────────────────────────────────────────────────────────────


def _request(path: str, head: str, numbers: Iterator[int], size: int) -> bytes:
    """A send as bytes; each message has a number and a key of its own."""
    messages = [{"to": f"+4479{number:08d}", "text": TEXT.format(number)} for number, _ in zip(numbers, range(size), strict=False)]
    if path.endswith("/batch"):
        body = json.dumps({"messages": [message | {"idempotency_key": uuid4().hex} for message in messages]})
        return f"POST {path} HTTP/1.1\r\n{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
    body = json.dumps(messages[0])
    return f"POST {path} HTTP/1.1\r\n{head}Idempotency-Key: {uuid4().hex}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


class _Connection:
    """One kept connection with one request under way."""

    def __init__(self, door: Door) -> None:
        if isinstance(door, Path):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(str(door))
        else:
            self.socket = socket.create_connection(("127.0.0.1", door))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.began = 0.0
        self._read = bytearray()

    def ask(self, request: bytes) -> None:
        self.began = time.monotonic()
        self.socket.sendall(request)

    def answer(self) -> tuple[int, bytes] | None:
        """Status and body once they are all here."""
        self._read += self.socket.recv(1 << 20) or sys.exit("the front closed a connection")
        end = self._read.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self._read[:end]).lower()
        body = bytes(self._read[end + 4 :])
        if b"transfer-encoding: chunked" in head:
            whole = body.endswith(b"0\r\n\r\n")
        else:
            whole = len(body) >= int(head.split(b"content-length:")[1].split(b"\r\n")[0])
        if not whole:
            return None
        self._read.clear()
        return int(head.split(b" ", 2)[1]), body


def _load(running: Running, door: Door, requests: Iterator[bytes], connections: int, *, messages: int) -> Load:
    """Every request answered, `connections` at a time."""
    before, own, began = running.cpu(), _own_cpu(), time.monotonic()
    waits = _drive(door, requests, connections, _checker(messages))
    seconds, count = time.monotonic() - began, len(waits) * messages
    spent = {name: now - before.get(name, 0.0) for name, now in running.cpu().items()} | {"this client": _own_cpu() - own}
    return Load(count, seconds, waits, {name: value / count * 1e6 for name, value in spent.items()})


def _drive(door: Door, requests: Iterator[bytes], connections: int, check: Callable[[int, bytes], None]) -> list[float]:
    waits: list[float] = []
    with selectors.DefaultSelector() as selector:
        for _, request in zip(range(connections), requests, strict=False):
            opened = _Connection(door)
            selector.register(opened.socket, selectors.EVENT_READ, opened)
            opened.ask(request)
        while selector.get_map():
            for ready, _ in selector.select():
                connection: _Connection = ready.data
                answered = connection.answer()
                if answered is None:
                    continue
                waits.append(time.monotonic() - connection.began)
                check(*answered)
                following = next(requests, None)
                if following is None:
                    selector.unregister(connection.socket)
                    connection.socket.close()
                else:
                    connection.ask(following)
    return waits


def _checker(messages: int) -> Callable[[int, bytes], None]:
    def check(status: int, body: bytes) -> None:
        whole = b'{"accepted":%d,' % messages
        if status not in {200, 202} or (messages > 1 and not body.startswith(whole)):
            sys.exit(f"answered {status}: {body[:300].decode(errors='replace')}")

    return check


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench front", description=__doc__)
    parser.add_argument("--requests", type=int, default=10_000, help="single sends; a batch for every 250 of them")
    return parser.parse_args(argv)
