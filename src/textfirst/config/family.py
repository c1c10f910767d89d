"""Processes forked from one that has imported what they need: started, watched, started again, stopped.

Whoever imports for himself has a copy of his own; what was there before the fork is shared until somebody writes to it. A family talks to the
supervisor in lines of JSON on its standard output, and begins when the supervisor has said so on its standard input.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from textfirst.database.server.process import die_with_parent

STOP_LIMIT = 2.0  # seconds for the processes to end
LONGEST_PAUSE = float(os.environ.get("TEXTFIRST_LONGEST_PAUSE", "30"))  # seconds between two starts of a process that keeps dying
AFRESH = 75  # exit code of a process that wants to be forked again, to give back memory
GOOD_RUN = 60.0  # seconds after which a start counts as a success

log = logging.getLogger(__name__)


def say(kind: str, **facts: object) -> None:
    """Tell the supervisor."""
    sys.stdout.write(json.dumps({"kind": kind, **facts}) + "\n")
    sys.stdout.flush()


def told_to_begin() -> dict[str, Any]:
    """Wait for the supervisor's line, and return the facts in it; when it goes away instead, so do we."""
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    facts: dict[str, Any] = json.loads(line)
    return facts


@dataclass
class Member:
    name: str
    run: Callable[[], None]
    pid: int = 0
    since: float = 0.0
    pause: float = 0.5
    due: float = 0.0  # when to start it again
    deaths: int = 0


@dataclass
class Family:
    """The forked processes, started again when they die."""

    duties: dict[str, Callable[[], None]]
    members: list[Member] = field(default_factory=list)
    stopping: bool = False

    def live(self) -> None:
        """Until a stop signal: keep everybody running."""
        gc.collect()
        gc.freeze()  # the collector would otherwise touch, and so copy, every shared page
        bell, rope = os.pipe()  # every signal pulls the rope, and select() hears the bell
        os.set_blocking(bell, False)
        os.set_blocking(rope, False)
        signal.set_wakeup_fd(rope, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.members = [Member(name, run) for name, run in self.duties.items()]
        while not self.stopping:
            self._start_due()
            select.select([bell], [], [], self._next_due())
            _drain(bell)
            self._reap()
        self._stop_all()

    def _stop(self, _: int, __: FrameType | None) -> None:
        self.stopping = True

    def _start_due(self) -> None:
        for member in self.members:
            if not member.pid and time.monotonic() >= member.due:
                member.pid, member.since = _fork(member.run), time.monotonic()
                say("started", name=member.name, pid=member.pid)

    def _next_due(self) -> float | None:
        waits = [member.due - time.monotonic() for member in self.members if not member.pid]
        return max(0.0, min(waits)) if waits else None

    def _reap(self) -> None:
        for member in self.members:
            if member.pid and (ended := os.waitpid(member.pid, os.WNOHANG))[0]:
                if self.stopping:
                    member.pid = 0
                    continue
                code = os.waitstatus_to_exitcode(ended[1])
                if code == AFRESH:
                    member.pid, member.due = 0, time.monotonic()
                    continue
                member.pause = 0.5 if time.monotonic() - member.since > GOOD_RUN else min(member.pause * 2, LONGEST_PAUSE)
                member.due, member.pid = time.monotonic() + member.pause, 0
                member.deaths += 1
                say("died", name=member.name, code=code, pause=member.pause, deaths=member.deaths)

    def _stop_all(self) -> None:
        self._signal_all(signal.SIGTERM)
        deadline = time.monotonic() + STOP_LIMIT
        while any(member.pid for member in self.members) and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.02)
        self._signal_all(signal.SIGKILL)
        sys.exit(0)

    def _signal_all(self, number: signal.Signals) -> None:
        for member in self.members:
            if member.pid:
                os.kill(member.pid, number)


def _fork(run: Callable[[], None]) -> int:
    parent = os.getpid()
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    if ask_kernel := die_with_parent(signal.SIGTERM, parent=parent):
        ask_kernel()
    try:
        run()
    except SystemExit as end:
        os._exit(end.code if isinstance(end.code, int) else 1)
    except BaseException:  # nothing of the parent, whose stack this is, may go on in the child
        log.exception("ended by an error")
        os._exit(1)
    os._exit(0)


def _drain(bell: int) -> None:
    try:
        while os.read(bell, 512):
            pass
    except BlockingIOError:
        return
