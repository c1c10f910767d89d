"""The running server: started as a child of ours, waited for with patience, stopped in order.

A server that recovers after a crash may need minutes. That is not a failure: as long as the process lives we wait and say so.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from textfirst.database.server.cluster import PORT, SUPERUSER, Cluster
from textfirst.database.server.errors import ServerError

READY_POLL = 0.03  # seconds between looks at a starting server
TELL_EVERY = 3.0  # seconds between words to the person who waits
RECOVERY_LIMIT = 3600.0  # seconds; replaying the largest WAL we allow takes minutes on a slow disk
FAST_STOP_LIMIT = 2.2  # seconds for open transactions to be rolled back and a checkpoint written
IMMEDIATE_STOP_LIMIT = 1.0  # seconds; after it the process is killed, and the next start recovers
PR_SET_PDEATHSIG = 1

Progress = Callable[[str], None]
Wait = Callable[[float], None]


@dataclass(slots=True)
class Running:
    cluster: Cluster
    process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> None:
        """Roll back what is open, write a checkpoint, end; harder when that takes too long."""
        for sign, limit in ((signal.SIGINT, FAST_STOP_LIMIT), (signal.SIGQUIT, IMMEDIATE_STOP_LIMIT), (signal.SIGKILL, None)):
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(sign)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(limit)
                return


def start(
    cluster: Cluster, *, log: IO[bytes] | int, progress: Progress = lambda _: None, wait: Wait = time.sleep, outlive_us: bool = False
) -> Running:
    """Start the server and return once it answers.

    `log` receives what the server says; `wait` is called with the seconds between two looks. `outlive_us` is for test servers shared by processes; otherwise the kernel stops
    the server when we die. Raises ServerError with the server's own reason when it ends instead of answering.
    """
    stop_leftover(cluster)
    cluster.configure()
    process = subprocess.Popen(
        [cluster.binaries.program("postgres"), "-D", str(cluster.data)],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", env=cluster.environment(),
        start_new_session=True,  # Ctrl-C in the terminal is for us; we then stop the server in order
        preexec_fn=None if outlive_us else die_with_parent(signal.SIGINT),  # noqa: PLW1509 - we have no threads
        **cluster.account.child_options(),
    )  # fmt: skip
    running = Running(cluster, process)
    try:
        _wait_until_ready(running, progress, wait)
    except BaseException:  # Ctrl-C as well: no server of ours without somebody who stops it
        running.stop()
        raise
    return running


def is_ready(cluster: Cluster) -> bool:
    command = [cluster.binaries.program("pg_isready"), "-q", "-h", str(cluster.socket), "-p", str(PORT), "-U", SUPERUSER, "-d", "postgres"]
    return subprocess.run(command, check=False, env=cluster.environment(), stderr=subprocess.DEVNULL).returncode == 0


def stop_leftover(cluster: Cluster) -> None:
    """Stop a server on our data that outlived an earlier supervisor. Only called by the holder of the home's lock."""
    pid = leftover_pid(cluster.data)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + FAST_STOP_LIMIT
    while leftover_pid(cluster.data) is not None:
        if time.monotonic() > deadline:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
            deadline += FAST_STOP_LIMIT
        time.sleep(READY_POLL)


def leftover_pid(data: Path) -> int | None:
    """The process that postmaster.pid names, if it lives and is a PostgreSQL on this data directory."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    import psutil  # only when there is a pid to look at: the supervisor stays small

    try:
        process = psutil.Process(pid)
        command, owner = " ".join(process.cmdline()), process.uids().real
    except psutil.Error:
        return None
    return pid if "postgres" in command and str(data) in command and owner == data.stat().st_uid else None


def die_with_parent(sign: signal.Signals, *, parent: int | None = None) -> Callable[[], None] | None:
    """What a child runs before exec so that the kernel sends it `sign` when its parent dies (Linux; prctl(2)).

    `parent` is the process that forked, when this is called in the child already.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = parent or os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask_kernel


def _wait_until_ready(running: Running, progress: Progress, wait: Wait) -> None:
    began = time.monotonic()
    tell_at = began + TELL_EVERY
    while not is_ready(running.cluster):
        now = time.monotonic()
        if running.process.poll() is not None:
            raise ServerError(
                f"PostgreSQL ended while starting (exit code {running.process.returncode}). Its own words are in its log.",
                code="postgres_start",
            )
        if now - began > RECOVERY_LIMIT:
            raise ServerError(f"PostgreSQL was not ready after {RECOVERY_LIMIT / 60:.0f} minutes.", code="postgres_slow")
        if now > tell_at:
            tell_at = now + TELL_EVERY
            progress(f"PostgreSQL is putting its data in order after an unclean stop ({now - began:.0f} s so far; leave it running)")
        wait(READY_POLL)
