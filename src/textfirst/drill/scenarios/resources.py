"""T11: a disk is full. T25: descriptors, connections, processor time and processes run out."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import ClassVar, Final

import httpx
import psutil
import psycopg

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import PLAIN, within
from textfirst.drill.scenario import Drill, Load, Scenario

DATABASE_ROOM: Final = "700m"  # programs, data and WAL of a small drill, and not much more
LOG_ROOM: Final = "2m"
FULL_FOR: Final = 8.0  # seconds
RESUME_WITHIN: Final = 30.0  # seconds after there is room again: the server may have to recover


class FullDisk(Scenario):
    """The database's disk and the logs' disk, each on a small one of its own, fill up in turn."""

    name: ClassVar[str] = "T11"
    title: ClassVar[str] = "the disk of the database full, then that of the logs"
    hypothesis: ClassVar[str] = (
        "With no room for the database programs are told 503 and carriers keep what they have; when there is room again everything flows without "
        "hands. With no room for logs everything flows all the time."
    )
    load: ClassVar[Load] = Load(recipients=3_000, rate=60, seconds=40, quiet_within=240)

    def missing(self) -> str:
        if not sys.platform.startswith("linux") or os.geteuid() != 0:
            return "Only root can give a drill small disks of its own (tmpfs)."
        return ""

    def before(self, home: Path) -> None:
        """Small disks under the places that fill up."""
        self._mounted: list[Path] = []
        for place, size in ((home / "pg", DATABASE_ROOM), (home / "logs", LOG_ROOM)):
            place.mkdir(parents=True, exist_ok=True)
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "tmpfs", str(place)], check=True)
            self._mounted.append(place)

    def after(self) -> None:
        for place in self._mounted:
            subprocess.run(["umount", "--lazy", str(place)], check=False)

    def faults(self, drill: Drill) -> None:
        drill.wait(3)
        self._broken: list[str] = []
        home = drill.installation.home
        with full(home / "pg"):
            drill.note("the database's disk is full")
            drill.wait(FULL_FOR)
        drill.note("there is room again")
        accepted, began = drill.loader.accepted, time.monotonic()
        if not within(RESUME_WITHIN, lambda: drill.loader.accepted > accepted):
            self._broken.append(f"Within {RESUME_WITHIN:.0f} s after there was room again the API accepted nothing.")
        drill.facts["accepting again after"] = f"{time.monotonic() - began:.1f} s"
        drill.wait(5)
        self._fill_logs(drill)

    def _fill_logs(self, drill: Drill) -> None:
        with full(drill.installation.home / "logs"):
            drill.note("the logs' disk is full")
            accepted = drill.loader.accepted
            drill.wait(FULL_FOR)
            if drill.loader.accepted <= accepted:
                self._broken.append("Nothing was accepted while the logs' disk was full.")

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        yield from self._broken
        answers = drill.loader.answers
        odd = {status: count for status, count in answers.items() if status.startswith("5") and status != "503"}
        if odd:
            yield f"Programs were told {odd} instead of 503 with Retry-After."
        if not answers["503"]:
            yield "No program was ever told 503: the disk was not full enough to show anything."


@contextmanager
def full(place: Path) -> Iterator[None]:
    """Not a byte of room; given back at the end."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        for block in (1 << 20, 4096, 1):
            with suppress(OSError):
                while file.write(b"\0" * block):
                    pass
    try:
        yield
    finally:
        filler.unlink()


class OutOfEverything(Scenario):
    """Descriptors of front and engine, connections of the database, processor time, and a process that stands still."""

    name: ClassVar[str] = "T25"
    title: ClassVar[str] = "descriptors, connections, processor time run out"
    hypothesis: ClassVar[str] = (
        "Whatever runs out, things slow down or are refused honestly, nothing promised is lost, and no carrier's connection is dropped because a "
        "heartbeat came late."
    )
    load: ClassVar[Load] = Load(recipients=4_000, rate=100, seconds=70, quiet_within=240)

    def faults(self, drill: Drill) -> None:
        self._broken: list[str] = []
        drill.wait(3)
        for name in ("front", "engine"):
            self._without_descriptors(drill, name)
            self._flows(drill, f"the descriptors of {name} were given back")
        self._without_connections(drill)
        self._flows(drill, "the connections of the database were given back")
        self._without_processor(drill)
        self._flows(drill, "the processor was given back")
        self._standing_still(drill)
        self._flows(drill, "the engine goes on", within_seconds=60)

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        return self._broken

    def _without_descriptors(self, drill: Drill, name: str) -> None:
        """As many as it has now and not one more, with fifty callers at the door."""
        process = drill.installation.process(name)
        assert process is not None
        limits = process.rlimit(psutil.RLIMIT_NOFILE)
        drill.note(f"{name} has {process.num_fds()} descriptors and gets no more")
        process.rlimit(psutil.RLIMIT_NOFILE, (process.num_fds(), limits[1]))
        callers = [_caller(drill) for _ in range(50)]
        try:
            drill.wait(5)
            if not process.is_running():
                self._broken.append(f"The process {name} ended for want of descriptors.")
        finally:
            for caller in callers:
                caller.close()
            with suppress(psutil.NoSuchProcess):
                process.rlimit(psutil.RLIMIT_NOFILE, limits)

    def _without_connections(self, drill: Drill) -> None:
        """Everything that the database still takes, taken."""
        held: list[psycopg.Connection[tuple[object, ...]]] = []
        try:
            with suppress(psycopg.OperationalError):
                while len(held) < 200:
                    held.append(psycopg.connect(drill.installation.database_url, autocommit=True))
            drill.note(f"{len(held)} connections of the database are taken, and there are no more")
            drill.wait(6)
        finally:
            for one in held:
                one.close()

    def _without_processor(self, drill: Drill) -> None:
        """Two loops at a better priority for each core; nobody may lose a carrier for it."""
        before = self._sessions(drill)
        busy = [sys.executable, "-c", "while True: pass"]
        loops = [subprocess.Popen(busy, preexec_fn=_favoured) for _ in range(2 * (os.cpu_count() or 1))]  # noqa: PLW1509 - it only asks for niceness
        drill.note(f"{len(loops)} loops take the processor")
        try:
            drill.wait(15)
        finally:
            for loop in loops:
                loop.kill()
                loop.wait()
        if self._sessions(drill) != before:
            self._broken.append("A carrier's connection was lost because the processor was taken.")

    def _standing_still(self, drill: Drill) -> None:
        """Longer than a lease lasts: when it goes on, it must find that out before it writes."""
        drill.note("the engine stands still for 18 s")
        drill.installation.signal("engine", signal.SIGSTOP)
        try:
            drill.wait(18)
        finally:
            drill.installation.signal("engine", signal.SIGCONT)

    def _sessions(self, drill: Drill) -> list[tuple[str, int]]:
        """Leases with their epochs: one is taken anew when its holder lost it."""
        return [
            (str(channel), int(epoch)) for channel, epoch in drill.installation.ask("select channel_id, epoch from bind_lease order by 1")
        ]

    def _flows(self, drill: Drill, since: str, *, within_seconds: float = RESUME_WITHIN) -> None:
        accepted = drill.loader.accepted
        sent = self._sent(drill)
        if not within(within_seconds, lambda: drill.loader.accepted > accepted and self._sent(drill) > sent):
            self._broken.append(f"Within {within_seconds:.0f} s since {since}, nothing was accepted and sent.")

    def _sent(self, drill: Drill) -> int:
        with suppress(psycopg.Error):
            return int(drill.installation.ask("select count(*) from provider_ref")[0][0])
        return 1 << 60


def _caller(drill: Drill) -> httpx.Client:
    """A connection that is opened and then kept open; one that is not taken is the point."""
    client = httpx.Client(base_url=drill.installation.url, timeout=0.2, verify=PLAIN)
    with suppress(httpx.HTTPError):
        client.get("/healthz")
    return client


def _favoured() -> None:
    with suppress(OSError):
        os.nice(-5)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


SCENARIOS = (FullDisk, OutOfEverything)
