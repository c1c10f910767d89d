"""Kannel beside us: `python -m bench kannel`, when `bearerbox` and `smsbox` are there (`apt-get install kannel`).

Kannel gets the same texts, receipts and carrier as our campaign in the same run: one HTTP request a message over 20 connections, as its
users send, kept in memory only (its fastest store), window 500. A message counts as done when Kannel has called back with its receipt.
The load and the callback's target are C programs (`../shared/tools`), so that neither slows it. Its clock is rounded down in its favour.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import httpx
import psutil
from bench import campaign, report
from bench.carriers import WINDOW, Sink, any_carrier, compiled, sink
from bench.installation import Api, free_port, installation, until
from bench.report import Row, median

TEXT = "Hi Margaret, your order is ready at Riverside Dental in Leeds. Reply YES to confirm, STOP to opt out. Thanks!"
CONNECTIONS = 20
TARGET_LOOKS = 0.5  # seconds between two writes of the callback's counts
CONFIG = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = bench
status-password = bench
smsbox-port = {inner}
smsbox-interface = 127.0.0.1
log-file = bearerbox.log
log-level = 3
dlr-storage = internal
sms-incoming-queue-limit = 1000000
sms-outgoing-queue-limit = 1000000

group = smsc
smsc = smpp
smsc-id = sink
host = 127.0.0.1
port = {sink}
transceiver-mode = true
smsc-username = kannel
smsc-password = kannel
system-type = ""
max-pending-submits = {window}
enquire-link-interval = 30
source-addr-ton = 5
source-addr-npi = 0
dest-addr-ton = 1
dest-addr-npi = 1
reconnect-delay = 2

group = smsbox
bearerbox-host = 127.0.0.1
bearerbox-port = {inner}
sendsms-port = {http}
sendsms-interface = 127.0.0.1
log-file = smsbox.log
log-level = 3
max-pending-requests = 512

group = sendsms-user
username = bench
password = bench
max-messages = 10
concatenation = true
"""


class Run(NamedTuple):
    """One run of Kannel; CPU in microseconds a message."""

    messages: int
    rate: float
    cpu: dict[str, float]


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    if why := missing():
        print(f"\nkannel: left out. {why}")
        return
    theirs = [_told(measure(options.messages)) for _ in range(options.runs)]
    with installation() as running:
        api = Api(running.url)
        with any_carrier(running, api) as carrier:
            ours = campaign.measure(running, api, carrier, runs=options.runs, recipients=options.messages)
    tell(theirs, ours)


def missing() -> str:
    """What is needed to measure Kannel here and is not there, with how to get it; empty when all is."""
    if not (shutil.which("bearerbox", path=_path()) and shutil.which("smsbox", path=_path())):
        return "Kannel is not installed; on Debian: apt-get install kannel"
    if not all(compiled(name) for name in ("smsc_sink", "http_load", "http_sink")):
        return "Its load and carrier are C programs in ../shared/tools beside the checkout, and need a C compiler"
    return ""


def tell(theirs: Sequence[Run], ours: Sequence[campaign.Run]) -> None:
    """The ratio of the medians."""
    kannel, textfirst = median(run.rate for run in theirs), median(run.rate for run in ours)
    rows = [
        Row("Kannel, receipts called back, in memory only", kannel, "a second"),
        Row("Textfirst, receipts recorded, everything durable", textfirst, "a second"),
        Row("Textfirst to Kannel", textfirst / kannel, "×", ">= 3"),
        Row("Kannel, CPU a message (bearerbox, smsbox)", median(sum(run.cpu.values()) for run in theirs), "µs"),
        Row("Textfirst, CPU a message (all processes, PostgreSQL)", median(run.ours for run in ours), "µs"),
    ]
    report.write("kannel", rows, carrier=Sink.name, kannel=[run._asdict() for run in theirs], textfirst=[asdict(run) for run in ours])


def measure(messages: int) -> Run:
    """Kannel started, loaded, and stopped."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="textfirst-bench-kannel-")))
        carrier = stack.enter_context(sink(_built("smsc_sink")))
        ports = {name: free_port() for name in ("admin", "inner", "http", "target")}
        (folder / "kannel.conf").write_text(CONFIG.format(**ports, sink=carrier.port, window=WINDOW))
        called = folder / "called.json"
        stack.enter_context(_process([_built("http_sink"), str(ports["target"]), str(called)], folder))
        boxes = {"bearerbox": stack.enter_context(_process([_box("bearerbox"), "kannel.conf"], folder))}
        until(lambda: "online" in _status(ports["admin"]), 30)
        boxes["smsbox"] = stack.enter_context(_process([_box("smsbox"), "kannel.conf"], folder))
        until(lambda: "smsbox:" in _status(ports["admin"]), 30)
        return _load(messages, ports, boxes, carrier, called)


def _load(messages: int, ports: dict[str, int], boxes: dict[str, subprocess.Popen[bytes]], carrier: Sink, called: Path) -> Run:
    target = quote(f"http://127.0.0.1:{ports['target']}/receipt?state=%d", safe="")
    path = f"/cgi-bin/sendsms?username=bench&password=bench&from=Riverside&to=4479{{n}}&text={quote(TEXT)}&dlr-mask=3&dlr-url={target}"
    load = [_built("http_load"), "-p", str(ports["http"]), "-c", str(CONNECTIONS), "-n", str(messages), "-u", path]
    before = {name: _cpu(process.pid) for name, process in boxes.items()}
    began = time.monotonic()
    said = json.loads(subprocess.run(load, capture_output=True, check=True, text=True).stdout)
    until(lambda: _called(called) >= messages, 60 + messages / 200, every=0.05)
    seconds = time.monotonic() - began - TARGET_LOOKS
    spent = {name: (_cpu(process.pid) - before[name]) / messages * 1e6 for name, process in boxes.items()}
    time.sleep(1.2)  # the sink writes its totals once a second
    counts = carrier.counts()
    if counts[:3] != (messages,) * 3 or said["ok"] != messages:
        sys.exit(f"Kannel took {said['ok']} of {messages}, and the carrier counted {counts}")
    return Run(messages, messages / seconds, spent)


def _told(run: Run) -> Run:
    print(f"  Kannel: {run.rate:,.0f} a second, {sum(run.cpu.values()):.0f} µs of CPU a message", flush=True)
    return run


def _called(path: Path) -> int:
    try:
        return int(json.loads(path.read_text())["reqs"])
    except (OSError, ValueError):  # not yet, or being written
        return 0


def _status(port: int) -> str:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/status.txt?password=bench", timeout=2).text
    except httpx.HTTPError:
        return ""


def _cpu(pid: int) -> float:
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


@contextmanager
def _process(command: Sequence[str | Path], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def _built(name: str) -> Path:
    program = compiled(name)
    assert program is not None
    return program


def _box(name: str) -> str:
    found = shutil.which(name, path=_path())
    assert found is not None
    return found


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench kannel", description=__doc__)
    parser.add_argument("--messages", type=int, default=50_000)
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args(argv)
