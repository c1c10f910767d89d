"""One `textfirst up` on an empty home: real processes, real ports, nothing shared with the machine's own installation."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import psutil
import psycopg

from textfirst.core.errors import TextfirstError

READY_WITHIN: Final = 120.0  # seconds; the machine may be busy
STOP_WITHIN: Final = 15.0
ASK_WITHIN: Final = 30.0  # seconds for one answer
PLAIN: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # we speak no TLS; without it each client would read a file of certificates first

# Read last by the server that comes with us. With commit times the auditor knows which of two transactions was first.
DATABASE_SETTINGS: Final[Mapping[str, str]] = {"track_commit_timestamp": "on"}


class Broken(TextfirstError):
    """The drill itself cannot go on: what was to be shown could not be tried."""

    code = "drill_broken"


class Installation:
    """One home, its ports, its supervisor, and handles to break it by."""

    def __init__(self, home: Path, *, environment: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.bind, self.smpp_bind = f"127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}"
        self.more = dict(environment or {})
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.started: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        return f"http://{self.bind}"

    @property
    def frames(self) -> Path:
        """The carrier's log of frames."""
        return self.home / "phones"

    @property
    def output(self) -> Path:
        """What the supervisor said."""
        return self.home.parent / "up.log"

    def environment(self, **more: str) -> dict[str, str]:
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTFIRST_", "DJANGO_", "DATABASE_"))}
        return {
            **ours,
            "TEXTFIRST_HOME": str(self.home),
            "TEXTFIRST_BIND": self.bind,
            "TEXTFIRST_SMPP_BIND": self.smpp_bind,
            **self.more,
            **more,
        }

    # ── its life ────────────────────────────────────────────────────────────────────────────────────────

    def configure_database(self, **settings: str) -> None:
        """Settings of the embedded server, read at its next start."""
        path = self.home / "pg" / "postgresql.local.conf"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as file:
            file.write("".join(f"{name} = '{value}'\n" for name, value in {**DATABASE_SETTINGS, **settings}.items()))
            file.flush()
            os.fsync(file.fileno())

    def up(self) -> None:
        """Start everything and wait until it serves."""
        with self.output.open("ab") as output:
            self.supervisor = self.start("up", output=output)
        self.until(self.is_ready, READY_WITHIN, "it is ready")

    def start(self, *arguments: str, output: Any = subprocess.DEVNULL, **more: str) -> subprocess.Popen[bytes]:
        """A command of ours that goes on until it is stopped."""
        command = [sys.executable, "-m", "textfirst.cli.main", *arguments]
        process = subprocess.Popen(command, env=self.environment(**more), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.started.append(process)
        return process

    def stop(self) -> None:
        """End everything of this home, gently first."""
        for process in reversed(self.started):
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self.started:
            try:
                process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        left = self.processes()
        for each in left:
            with contextlib.suppress(psutil.Error):
                each.kill()
        psutil.wait_procs(left, timeout=5)

    def is_ready(self) -> bool:
        if self.supervisor is not None and self.supervisor.poll() is not None:
            raise Broken(
                f"`textfirst up` ended with {self.supervisor.returncode}; its last words are in {self.output}: {self.last_words()}"
            )
        return self.answers("/readyz") == httpx.codes.OK

    def answers(self, path: str) -> int | None:
        """The status a path answers with; None when nobody answers."""
        try:
            return httpx.get(f"{self.url}{path}", timeout=5, verify=PLAIN).status_code
        except httpx.HTTPError:
            return None

    def last_words(self, lines: int = 5) -> str:
        return " / ".join(self.output.read_text(errors="replace").splitlines()[-lines:]) if self.output.exists() else ""

    # ── its processes ───────────────────────────────────────────────────────────────────────────────────

    def pids(self) -> dict[str, int]:
        """The processes by name, as the supervisor last wrote them down."""
        try:
            found: dict[str, int] = json.loads((self.home / "run" / "state.json").read_text())["processes"]
        except (FileNotFoundError, ValueError, KeyError):
            return {}
        return found

    def process(self, name: str) -> psutil.Process | None:
        """The living process of that name."""
        pid = self.pids().get(name)
        try:
            found = psutil.Process(pid) if pid else None
            return found if found and found.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None

    def signal(self, name: str, number: signal.Signals = signal.SIGKILL) -> bool:
        """Send a signal to a process by its name; False when there is none at the moment."""
        found = self.process(name)
        if found is None:
            return False
        with contextlib.suppress(psutil.NoSuchProcess):
            found.send_signal(number)
            return True
        return False

    def processes(self) -> list[psutil.Process]:
        """Everything that lives for this home."""
        return [each for each in psutil.process_iter() if each.pid != os.getpid() and self._is_ours(each)]

    def _is_ours(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                return process.environ().get("TEXTFIRST_HOME") == str(self.home) or str(self.home) in " ".join(process.cmdline())
        return False

    # ── its database ────────────────────────────────────────────────────────────────────────────────────

    @property
    def database_url(self) -> str:
        """As the owner of the tables, whom row-level security does not bind."""
        return str(json.loads((self.home / "run" / "state.json").read_text())["database_url"])

    @contextmanager
    def database(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """A connection of the drill's own, autocommit."""
        with psycopg.connect(self.database_url, autocommit=True, connect_timeout=5, application_name="textfirst drill") as connection:
            yield connection

    def ask(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        with self.database() as connection:
            return connection.execute(sql, params).fetchall()

    # ── its carrier ─────────────────────────────────────────────────────────────────────────────────────

    @contextmanager
    def carrier(self) -> Iterator[httpx.Client]:
        """The simulator's own door, behind console and front, so that phones write whatever else is down."""
        transport = httpx.HTTPTransport(uds=str(self.home / "run" / "phones.sock"), verify=PLAIN)
        with httpx.Client(transport=transport, base_url="http://phones", timeout=ASK_WITHIN) as client:
            yield client

    def turn(self, channel_id: str, **knobs: Any) -> None:
        """Change how the carrier behaves for a channel."""
        with self.carrier() as carrier:
            carrier.put("/knobs", params={"channel_id": channel_id}, json=knobs).raise_for_status()

    def suffer(self, channel_id: str, fault: str, **more: Any) -> None:
        """Have the carrier do something to every connection of a channel now: `phones.faults.Fault`, or a storm of `count` receipts."""
        with self.carrier() as carrier:
            carrier.post("/faults", json={"channel_id": channel_id, "fault": fault, **more}).raise_for_status()

    def stats(self, channel_id: str) -> dict[str, Any]:
        """The carrier's own counters since it started."""
        with self.carrier() as carrier:
            found: dict[str, Any] = carrier.get("/stats").json()["channels"].get(channel_id, {})
            return found

    # ── waiting ─────────────────────────────────────────────────────────────────────────────────────────

    def until(self, holds: Callable[[], object], seconds: float, what: str, *, every: float = 0.1) -> None:
        """Wait until something holds. Raises Broken, naming it, when it does not in time."""
        if not within(seconds, holds, every=every):
            raise Broken(f"Within {seconds:.0f} s it did not happen that {what}. The logs are in {self.home / 'logs'}.")


@contextmanager
def new_installation(*, environment: Mapping[str, str] | None = None, keep: bool = False) -> Iterator[Installation]:
    """An installation on an empty home that any account may pass through; ended, and removed unless it is to be kept."""
    folder = Path(tempfile.mkdtemp(prefix="textfirst-drill-"))
    folder.chmod(0o711)
    installation = Installation(folder / "home", environment=environment)
    try:
        yield installation
    finally:
        installation.stop()
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def within(seconds: float, holds: Callable[[], object], *, every: float = 0.1) -> bool:
    """Whether something holds in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
