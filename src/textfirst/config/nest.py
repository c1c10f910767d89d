"""`python -m textfirst.config.nest`: import Django once, then fork console and jobs from it.

Two processes that import for themselves take 74 MB each; forked from one, they share most of it. The nest talks to the
supervisor in lines of JSON: it reads one when the database answers, and writes what it is doing.
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
from pathlib import Path
from types import FrameType

from textfirst.core.errors import TextfirstError
from textfirst.core.logs import set_up_logs
from textfirst.core.settings import Settings, read
from textfirst.database.place import default_home
from textfirst.database.server import Binaries
from textfirst.database.server.process import die_with_parent

STOP_LIMIT = 2.0  # seconds for console and jobs to end
LONGEST_PAUSE = float(os.environ.get("TEXTFIRST_LONGEST_PAUSE", "30"))  # seconds between two starts of a process that keeps dying
GOOD_RUN = 60.0  # seconds after which a start counts as a success

log = logging.getLogger(__name__)


def main() -> None:
    """Wait for the database, migrate, fork, watch, stop."""
    set_up_logs("nest")
    settings = read(os.environ, default_home=default_home())
    _import_everything()
    programs = _wait_for_database()
    if not _migrate_apart(settings, programs):
        sys.exit(1)
    gc.collect()
    gc.freeze()  # the collector would otherwise touch, and so copy, every shared page
    Family({"console": lambda: _console(settings), "jobs": _jobs}).live()


def say(kind: str, **facts: object) -> None:
    """Tell the supervisor."""
    sys.stdout.write(json.dumps({"kind": kind, **facts}) + "\n")
    sys.stdout.flush()


@dataclass
class Member:
    name: str
    run: Callable[[], None]
    pid: int = 0
    since: float = 0.0
    pause: float = 0.5
    due: float = 0.0  # when to start it again


@dataclass
class Family:
    """The forked processes, started again when they die."""

    duties: dict[str, Callable[[], None]]
    members: list[Member] = field(default_factory=list)
    stopping: bool = False

    def live(self) -> None:
        """Until a stop signal: keep everybody running."""
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
                member.pause = 0.5 if time.monotonic() - member.since > GOOD_RUN else min(member.pause * 2, LONGEST_PAUSE)
                member.due, member.pid = time.monotonic() + member.pause, 0
                say("died", name=member.name, code=code, pause=member.pause)

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


def _import_everything() -> None:
    """What console and jobs both need; all of it before the fork."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textfirst.config.settings")
    import textfirst.config.wsgi  # noqa: I001 - first: it runs django.setup()
    import textfirst.config.console
    import textfirst.config.urls
    import textfirst.config.worker  # noqa: F401


def _wait_for_database() -> Binaries | None:
    """The supervisor's line; when it goes away instead, so do we. It names the programs of the embedded server, if that is what runs."""
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)
    facts = json.loads(line)
    return Binaries(Path(facts["folder"]), facts["version"]) if facts.get("folder") else None


def _migrate_apart(settings: Settings, programs: Binaries | None) -> bool:
    """Migrate in a fork of its own, whose memory goes with it."""
    pid = os.fork()
    if not pid:
        os._exit(_migrate(settings, programs))
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code == 0


def _migrate(settings: Settings, programs: Binaries | None) -> int:
    from textfirst.config.upgrade import bring_up_to_date, is_set_up

    try:
        bring_up_to_date(settings, say=lambda text: say("doing", text=text), programs=programs)
        say("migrated", set_up=is_set_up())
    except TextfirstError as why:
        say("refused", text=why.message, code=why.code)
        return 1
    except Exception as why:  # a migration may fail in any way; the supervisor must hear of it in one sentence
        log.exception("migration failed")
        say(
            "refused",
            text=f"The tables could not be changed: {str(why).strip().splitlines()[0]}. Nothing was lost: each change is whole or not at all.",
            code="migration_failed",
        )
        return 1
    return 0


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


def _console(settings: Settings) -> None:
    from textfirst.config.console import serve

    set_up_logs("console")
    serve(settings)


def _jobs() -> None:
    from textfirst.config.worker import work

    set_up_logs("jobs")
    work()


def _drain(bell: int) -> None:
    try:
        while os.read(bell, 512):
            pass
    except BlockingIOError:
        return


if __name__ == "__main__":
    main()
