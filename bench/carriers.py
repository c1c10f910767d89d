"""Carriers to measure against: a compiled sink that shares no code with Textfirst, a stopwatch of ours, or the bundled simulator.

`smsc_sink` is an SMPP carrier in C that answers over 400,000 submits a second, so it is never what is measured. Its source is no part of
this project; when it lies in `../shared/tools` beside the checkout and a C compiler is there, it is used, else the bundled simulator.
The stopwatch (`bench/stopwatch.py`) is slower, but notes when each text passed it, and keeps receipts back on request.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import httpx
from bench.installation import Api, Running, free_port, until

TOOLS = Path(__file__).resolve().parents[2] / "shared" / "tools"
WINDOW = 500  # parts in flight, as Kannel is given beside us
RECEIPTS_AFTER = 1  # seconds
DELIVER_WINDOW = 1000  # texts and receipts of a carrier on their way


class Counts(NamedTuple):
    """What a carrier counted since it was last asked to begin anew, and when (seconds since 1970)."""

    submitted: int
    receipts_sent: int
    receipts_acked: int
    at: float


class Carrier(Protocol):
    name: str
    channel_id: str

    def begin(self) -> None: ...
    def counts(self) -> Counts: ...


@contextmanager
def any_carrier(running: Running, api: Api, *, bundled: bool = False) -> Iterator[Carrier]:
    """The sink when it can be had, else the bundled simulator."""
    program = None if bundled else compiled("smsc_sink")
    if program is None:
        yield Bundled(running, api)
        return
    with sink(program) as carrier:
        carrier.connect(running, api)
        yield carrier


# ── the sink ────────────────────────────────────────────────────────────────────────────────────────────

_built: dict[str, Path] = {}
_folder = tempfile.TemporaryDirectory(prefix="textfirst-bench-tools-")


def compiled(name: str) -> Path | None:
    """One of the C programs, built into a temporary folder; None when its source or a compiler is missing."""
    source, compiler = TOOLS / f"{name}.c", shutil.which("gcc") or shutil.which("cc")
    if not source.is_file() or compiler is None:
        return None
    if name not in _built:
        program = Path(_folder.name) / name
        subprocess.run([compiler, "-O2", "-w", "-o", program, source], check=True)
        _built[name] = program
    return _built[name]


@contextmanager
def sink(program: Path) -> Iterator[Sink]:
    """The compiled sink, receipts for whoever asks for them after a second."""
    with tempfile.TemporaryDirectory(prefix="textfirst-bench-sink-") as folder:
        port, totals = free_port(), Path(folder) / "totals.json"
        options = ["-p", str(port), "-d", "-l", str(RECEIPTS_AFTER), "-q", "-j", str(totals)]
        process = subprocess.Popen([program, *options], stdout=subprocess.DEVNULL)
        try:
            until(totals.is_file, 5)
            yield Sink(process, port, totals)
        finally:
            process.terminate()
            process.wait(5)


class Sink:
    """smsc_sink, by the totals that it writes once a second."""

    name = f"smsc_sink -d -l {RECEIPTS_AFTER} (a C program; receipts after {RECEIPTS_AFTER} s)"

    def __init__(self, process: subprocess.Popen[bytes], port: int, totals: Path) -> None:
        self.port = port
        self.pid = process.pid
        self.channel_id = ""
        self._process = process
        self._totals = totals

    def connect(self, running: Running, api: Api) -> None:
        """A channel of ours to it."""
        self.channel_id = smpp_channel(api, "Sink", self.port)
        running.beside["sink"] = self.pid

    def begin(self) -> None:
        """Count from nothing."""
        self._process.send_signal(signal.SIGUSR1)
        until(lambda: self.counts().submitted == 0 and self.counts().receipts_sent == 0, 5)

    def counts(self) -> Counts:
        said = json.loads(self._totals.read_text())
        return Counts(said["submitted"], said["dlr_sent"], said["dlr_acked"], self._totals.stat().st_mtime)


class Bundled:
    """The simulator that comes with Textfirst, by its own counts."""

    name = f"the bundled simulator (its log of frames synced to disk; receipts after {RECEIPTS_AFTER} s)"

    def __init__(self, running: Running, api: Api) -> None:
        self.channel_id: str = next(one["id"] for one in api.get("/channels")["items"] if one["kind"] == "simulator")
        delay = RECEIPTS_AFTER * 1000
        api.put(f"/simulator/knobs?channel_id={self.channel_id}", {"receipt_delay_min_ms": delay, "receipt_delay_max_ms": delay})
        self._socket = running.home / "run" / "phones.sock"
        self._before = Counts(0, 0, 0, 0)

    def begin(self) -> None:
        self._before = self._all()

    def counts(self) -> Counts:
        now, before = self._all(), self._before
        return Counts(
            now.submitted - before.submitted, now.receipts_sent - before.receipts_sent, now.receipts_acked - before.receipts_acked, now.at
        )

    def _all(self) -> Counts:
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(self._socket))) as client:
            answer = client.get("http://phones/stats", timeout=10)
        said = answer.json()["channels"].get(self.channel_id, {})
        return Counts(said.get("accepted", 0), said.get("receipts", 0), said.get("receipts_acked", 0), time.time())


# ── the stopwatch ───────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def stopwatch(running: Running, api: Api) -> Iterator[Stopwatch]:
    """A carrier that notes times; see bench/stopwatch.py."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.stopwatch", str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).resolve().parents[1],
    )  # fmt: skip
    try:
        carrier = Stopwatch(process)
        carrier.channel_id = smpp_channel(api, "Stopwatch", port)
        running.beside["stopwatch"] = process.pid
        until(lambda: carrier.ask("counts")["bound"], 30)
        yield carrier
    finally:
        process.terminate()
        process.wait(5)


class Stopwatch:
    """The bench's own carrier, told what to do line by line."""

    name = f"the bench's stopwatch (bench/stopwatch.py; receipts after {RECEIPTS_AFTER} s)"

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.channel_id = ""
        self._process = process
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            sys.exit("the stopwatch did not start")

    def ask(self, word: str, **more: Any) -> Any:
        """Tell it something; what it answers."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": word, **more}) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def begin(self) -> None:
        self.ask("begin")

    def counts(self) -> Counts:
        said = self.ask("counts")
        return Counts(said["submitted"], said["receipts_sent"], said["receipts_acked"], said["at"])


def smpp_channel(api: Api, name: str, port: int) -> str:
    """A channel to a carrier on this machine that sets no limit of speed."""
    config = {"host": "127.0.0.1", "port": port, "system_id": "bench"}
    made = api.post(
        "/channels",
        {
            "name": name,
            "kind": "smpp",
            "address": "Riverside",
            "config": config,
            "secrets": {"password": "bench"},
            "window": WINDOW,
            "rate": 0,
        },
    )
    until(lambda: api.get(f"/channels/{made['id']}")["health"]["state"] == "bound", 30)
    return str(made["id"])
