"""One `textfirst up` on a home of its own: real processes, real ports, nothing shared with the machine's own installation."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil

READY_LIMIT = 60  # seconds; this machine may be busy. What people wait for is measured by the bench
STOP_LIMIT = 5


class Installation:
    """One home, its ports and what was started on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port, self.smpp_port = free_port(), free_port()
        self.started: list[subprocess.Popen[str]] = []

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTFIRST_", "DJANGO_", "DATABASE_"))}
        binds = {"TEXTFIRST_BIND": f"127.0.0.1:{self.port}", "TEXTFIRST_SMPP_BIND": f"127.0.0.1:{self.smpp_port}"}
        return {**ours, "TEXTFIRST_HOME": str(self.home), **binds, **more}

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A command to its end."""
        command = [sys.executable, "-m", "textfirst.cli.main", *arguments]
        return subprocess.run(command, env=self.environment(**more), capture_output=True, text=True, timeout=READY_LIMIT, check=False)

    def up(self) -> subprocess.Popen[str]:
        return self.start("up")

    def start(self, *arguments: str, **more: str) -> subprocess.Popen[str]:
        """A command that goes on until it is stopped."""
        command = [sys.executable, "-m", "textfirst.cli.main", *arguments]
        process = subprocess.Popen(command, env=self.environment(**more), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.started.append(process)
        return process

    def up_and_ready(self) -> tuple[subprocess.Popen[str], list[str]]:
        process = self.up()
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ready"):
                return process, lines
        raise AssertionError("".join(lines))

    def status(self) -> dict[str, Any]:
        facts: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return facts

    def pids(self) -> dict[str, int]:
        """The processes by name, as the supervisor wrote them down."""
        state = json.loads((self.home / "run" / "state.json").read_text())
        found: dict[str, int] = state["processes"]
        return found

    def get(self, path: str) -> int | None:
        """The status a path answers with; None when nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as why:
            why.close()
            return why.code
        except OSError:
            return None

    def processes(self) -> list[psutil.Process]:
        """Everything that still lives for this home."""
        return [each for each in psutil.process_iter() if each.pid != os.getpid() and self.is_ours(each)]

    def is_ours(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                return process.environ().get("TEXTFIRST_HOME") == str(self.home) or str(self.home) in " ".join(process.cmdline())
        return False

    def memory(self) -> int:
        """Proportional memory in bytes of the running supervisor and all below it, PostgreSQL included."""
        supervisor = psutil.Process(self.started[-1].pid)
        total = 0
        for process in (supervisor, *supervisor.children(recursive=True)):
            with contextlib.suppress(psutil.Error):  # it ended a moment ago
                total += process.memory_full_info().pss
        return total

    def nothing_left_within(self, seconds: float) -> bool:
        return within(seconds, lambda: self.processes() == [])

    def end(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        assert self.nothing_left_within(10)


@contextlib.contextmanager
def new_installation() -> Iterator[Installation]:
    """An installation on an empty home that any account may pass through; ended and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="tf-"))
    folder.chmod(0o711)
    installation = Installation(folder / "home")
    try:
        yield installation
    finally:
        installation.end()
        shutil.rmtree(folder)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def within(seconds: float, true: Callable[[], bool], *, every: float = 0.05) -> bool:
    """Whether something becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(every)
    return true()
