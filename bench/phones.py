"""CPU of the carrier simulator a message, in a process of its own: `python bench/phones.py`.

A client sends at a steady rate, as an engine does, and acknowledges every receipt. Counted is the CPU of `python -m textfirst.phones`
alone, once all receipts are acknowledged; `--rate 0` sends as fast as the window allows.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from struct import Struct

import psutil
import uvloop

from textfirst.protocols.smpp import build
from textfirst.protocols.smpp.pdus import Address

TEXT = b"Hi Margaret, your order is ready at Riverside Dental in Leeds. Reply YES to confirm, STOP to opt out. Thanks!"
HEADER = Struct(">IIII")
SUBMIT_RESP, DELIVER = 0x80000004, 5
EVERY = 0.005  # seconds between two writes of a paced client


class Client(asyncio.Protocol):
    """Frames by hand: what it costs is not counted, but it must keep up."""

    def __init__(self, messages: int, window: int) -> None:
        self.left, self.window, self.flight, self.receipts = messages, window, 0, 0
        self.frames = (
            build.submit_sm(n % 0x7FFFFFFF + 1, source=Address(5, 0, "Riverside"), destination=Address(1, 1, f"4479{n % 10**8:08d}"),
                            short_message=TEXT, registered_delivery=1)
            for n in range(messages)
        )  # fmt: skip
        self.rest = b""
        self.messages = messages
        self.done = asyncio.Event()
        self.flat_out = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.transport.write(build.bind(1, system_id="bench", password="simulator"))

    def send(self, most: int) -> None:
        count = min(most, self.left, self.window - self.flight)
        if count > 0:
            self.left -= count
            self.flight += count
            self.transport.write(b"".join(islice(self.frames, count)))

    def data_received(self, data: bytes) -> None:
        data = self.rest + data
        at, acks = 0, []
        while len(data) - at >= 16:
            length, command, _, sequence = HEADER.unpack_from(data, at)
            if len(data) - at < length:
                break
            if command == SUBMIT_RESP:
                self.flight -= 1
            elif command == DELIVER:
                acks.append(sequence)
            at += length
        self.rest = data[at:]
        if acks:
            self.receipts += len(acks)
            self.transport.write(build.deliver_sm_resps(acks))
        if self.flat_out:
            self.send(self.window)
        if self.receipts >= self.messages:
            self.done.set()


async def drive(port: int, messages: int, rate: int, window: int) -> None:
    _, client = await asyncio.get_running_loop().create_connection(lambda: Client(messages, window), "127.0.0.1", port)
    client.flat_out = not rate
    client.send(window if not rate else 1)
    began, sent = time.monotonic(), 0
    while rate and client.left:
        await asyncio.sleep(EVERY)
        due = int((time.monotonic() - began) * rate)
        client.send(due - sent)
        sent = messages - client.left
    await asyncio.wait_for(client.done.wait(), 120)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python bench/phones.py", description=__doc__)
    parser.add_argument("--messages", type=int, default=30_000)
    parser.add_argument("--rate", type=int, default=4000)
    parser.add_argument("--window", type=int, default=500)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="textfirst-phones-") as home:
        port = 29_000 + os.getpid() % 2000
        ours = {"TEXTFIRST_HOME": home, "TEXTFIRST_SMPP_BIND": f"127.0.0.1:{port}"}
        phones = subprocess.Popen([sys.executable, "-m", "textfirst.phones"], env={**os.environ, **ours}, stderr=subprocess.DEVNULL)
        try:
            until_ready(Path(home), phones)
            for _ in range(options.times):
                measure(psutil.Process(phones.pid), port, options)
        finally:
            phones.terminate()
            phones.wait(10)


def until_ready(home: Path, phones: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 20
    while not (home / "run" / "phones.sock").exists():
        if phones.poll() is not None or time.monotonic() > end:
            sys.exit("the simulator did not start")
        time.sleep(0.05)


def measure(phones: psutil.Process, port: int, options: argparse.Namespace) -> None:
    before, began = phones.cpu_times(), time.monotonic()
    uvloop.run(drive(port, options.messages, options.rate, options.window))
    after, took = phones.cpu_times(), time.monotonic() - began
    user, system = ((getattr(after, name) - getattr(before, name)) / options.messages * 1e6 for name in ("user", "system"))
    print(f"{options.messages / took:8,.0f} a second   {user + system:6.1f} µs of CPU a message ({user:.1f} user, {system:.1f} system)")


if __name__ == "__main__":
    main()
