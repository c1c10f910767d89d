"""Requests by the thousand over plain sockets, and what they took: the client of `bench front`, which is this process and whose CPU is counted."""

from __future__ import annotations

import resource
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bench.installation import Running

Door = int | Path  # a port of this machine, or a socket
Check = Callable[[int, bytes], None]  # ends the run when an answer is not as it must be

CLIENT = "this client"


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

    @property
    def ours(self) -> float:
        """µs of CPU a message over all our processes and PostgreSQL."""
        return sum(cost for name, cost in self.cpu.items() if name != CLIENT)


def load(running: Running, door: Door, requests: Iterable[bytes], connections: int, check: Check, *, messages: int = 1) -> Load:
    """Every request answered, `connections` at a time; each brings so many `messages`."""
    before, own, began = running.cpu(), _own_cpu(), time.monotonic()
    waits = _drive(door, iter(requests), connections, check)
    seconds, count = time.monotonic() - began, len(waits) * messages
    spent = {name: now - before.get(name, 0.0) for name, now in running.cpu().items()} | {CLIENT: _own_cpu() - own}
    return Load(count, seconds, waits, {name: value / count * 1e6 for name, value in spent.items()})


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


def _drive(door: Door, requests: Iterator[bytes], connections: int, check: Check) -> list[float]:
    waits: list[float] = []
    with selectors.DefaultSelector() as selector:
        for request in islice(requests, connections):
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


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
