"""One process: started, heard, started again with growing pauses."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from textfirst.database.server.process import die_with_parent
from textfirst.supervisor.journal import Journal

FIRST_PAUSE = 0.5  # seconds before a process that died is started again
LONGEST_PAUSE = float(os.environ.get("TEXTFIRST_LONGEST_PAUSE", "30"))  # seconds; drills, which kill on purpose, make it shorter
GOOD_RUN = 60.0  # seconds after which a start counts as a success


@dataclass
class Child:
    """A process of ours. `talks` means that its standard output carries lines for us, and its input takes some."""

    name: str
    module: str
    journal: Journal
    environment: Mapping[str, str]
    talks: bool = False
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = field(default=float("inf"))  # when to start it again
    deaths: int = 0

    @property
    def alive(self) -> bool:
        return self.process is not None

    def start(self) -> None:
        """Start the process. It sits in a session of its own: Ctrl-C is for us, and we stop it in order."""
        self.process = subprocess.Popen(
            [sys.executable, *self._guarded()], env=dict(self.environment), cwd="/",
            stdin=subprocess.PIPE if self.talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE if self.talks else subprocess.STDOUT,
            start_new_session=True, preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - we have no threads
        )  # fmt: skip
        self.since, self.due = time.monotonic(), float("inf")

    def bury(self) -> int | None:
        """The exit code when the process has ended since the last look; plans the next start."""
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.pause = FIRST_PAUSE if time.monotonic() - self.since > GOOD_RUN else min(self.pause * 2, LONGEST_PAUSE)
        self.due = time.monotonic() + self.pause
        self.deaths += 1
        self._close()
        return code

    def signal(self, number: signal.Signals) -> None:
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(number)

    def tell(self, line: str) -> None:
        """Write a line to the process."""
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it has died; the next look buries it
                self.process.stdin.write(line.encode() + b"\n")
                self.process.stdin.flush()

    def _guarded(self) -> list[str]:
        """Where the kernel does not tell children of their parent's death, a small wrapper watches for it."""
        if sys.platform.startswith("linux"):
            return ["-m", self.module]
        return ["-m", "textfirst.supervisor.guarded", str(os.getpid()), self.module]

    def _close(self) -> None:
        assert self.process is not None
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        self.process = None


def ending(code: int | None) -> str:
    """How a process ended, in words."""
    if code is None:
        return "it is gone"
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
