"""The plan of `textfirst up`: start everything in order, watch it, stop it in order.

    database ──► migrations ──► console, jobs (forked by the nest) ──► ready ──► watch ──► stop
    nests import meanwhile ┘      └► front, engine, phones (forked by the light nest)

Signals raise `StopAsked` wherever we are; the `finally` of the plan stops whatever was started by then. When we are killed
outright the kernel tells our children (child.py), and the next start finds the database in need of nothing but its own recovery.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import FrameType

from textfirst.core.settings import Settings
from textfirst.database import server
from textfirst.supervisor import home, ports, postgres, state
from textfirst.supervisor.child import FIRST_PAUSE, LONGEST_PAUSE, Child, ending
from textfirst.supervisor.journal import Journal, Switch, screen
from textfirst.supervisor.trouble import Exit, Trouble, code_for

NEST = "textfirst.config.nest"
LIGHT = "textfirst.config.light_nest"
FORKED = ("console", "jobs", "front", "engine", "phones")  # what the nests start
NEEDED = ("nest", "light", "front")  # without them there is no page
STOP_LIMIT = 2.3  # seconds for our children to end; the database gets as long again, and all is over within five
READY_LIMIT = 90.0  # seconds from the first process to a served page, on a slow machine
DEATHS_AT_START = 3  # a process that dies so often before we are ready will not live
LOOK_EVERY = 0.05  # seconds while starting
ROOM_EVERY = 60.0  # seconds between looks at the disk
ROOM_AGAIN = 3600.0  # seconds between two warnings about it

Show = Callable[[str], None]
Changed = Callable[[], bool]


class StopAsked(BaseException):
    """Ctrl-C or SIGTERM. No Exception: nothing on the way may swallow it."""


def up(settings: Settings, *, show: Show = screen, changed: Changed | None = None) -> None:
    """Run everything until told to stop. Raises Trouble or ServerError when it cannot start.

    `changed` says that the code is another now, and our processes are started again (`textfirst dev`).
    """
    account = None if settings.database_url else server.running_account()
    home.prepare(settings, account)
    with home.locked(settings):
        Up(settings, show, changed=changed).live()


class Up:
    """One run of a whole installation."""

    modules: Mapping[str, str] = {}  # what we start ourselves, besides the nests
    own_processes: tuple[str, ...] = ("postgres", "nest", "light", *FORKED)

    def __init__(self, settings: Settings, show: Show, *, changed: Changed | None = None) -> None:
        self.settings = settings
        self.show = show
        self.changed = changed
        self.began = time.monotonic()
        self.journals = {name: Journal(settings.logs, name, self._show_child) for name in (*self.own_processes, *self.modules)}
        self.journal = Journal(settings.logs, "textfirst", lambda _: None)
        self.selector = selectors.DefaultSelector()
        self.cluster: server.Cluster | None = None
        self.database: server.Running | None = None
        self.database_due, self.database_pause = 0.0, FIRST_PAUSE
        self.smpp_bind = settings.smpp_bind
        self.nest: Child | None = None
        self.light: Child | None = None
        self.children: list[Child] = []
        self.forked: dict[str, int] = {}
        self.migrated = self.set_up = self.ready = False
        self.refused: Trouble | None = None
        self.look_at_room = 0.0

    # -- the plan ---------------------------------------------------------------------------------------------

    def live(self) -> None:
        """Start, watch, stop."""
        self._catch_signals()
        try:
            self._start()
            self._tell_ready()
            self._watch()
        except StopAsked:
            self.say("Stopping")
        finally:
            self._stop()
            self.say("Stopped")
            self._close_journals()

    def _start(self) -> None:
        self._greet()
        ports.check_public(self.settings.bind)
        self.smpp_bind = ports.simulator_bind(self.settings.smpp_bind)
        if self.smpp_bind != self.settings.smpp_bind:
            self.say(f"Port {self.settings.smpp_bind} is in use, so the carrier simulator listens on {self.smpp_bind}")
        url = self.settings.database_url or self._embedded()
        self.nest, self.light = self._child("nest", NEST, url, talks=True), self._child("light", LIGHT, url, talks=True)
        self._launch(self.nest)  # they import while the database starts
        self._launch(self.light)
        if self.cluster is not None:
            self._open_database()
        self._let_begin(self.nest)
        self._until(lambda: self.migrated, "the tables")
        self._let_begin(self.light)
        self._start_children(url)

    def _start_children(self, url: str) -> None:
        self.children = [self._child(name, module, url) for name, module in self.modules.items()]
        for child in self.children:
            self._launch(child)
        self._until(lambda: ports.serves(self.settings.bind), "the first page")
        self.ready = True

    def _watch(self) -> None:
        while True:
            self._turn(self._next_due())
            self._bury_and_restart()
            self._mind_database()
            self._mind_room()
            if self.changed is not None and self.changed():
                self._start_anew()

    def _stop(self) -> None:
        """The children first, all at once; then the database they speak to."""
        self._stop_harder_on_signal()
        self._stop_children()
        if self.database is not None:
            self.database.stop()
        self._forget_state()
        self._turn(0)

    def _close_journals(self) -> None:
        for journal in (*self.journals.values(), self.journal):
            journal.close()

    def _stop_children(self) -> None:
        for child in self._everybody():
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_LIMIT
        while any(child.alive for child in self._everybody()) and time.monotonic() < deadline:
            self._turn(LOOK_EVERY)
            for child in self._everybody():
                child.bury()
        for child in self._everybody():
            if child.alive:
                self.say(f"The process {child.name} did not stop in time and was killed")
                child.signal(signal.SIGKILL)

    def _start_anew(self) -> None:
        """The code has changed: every process of ours again, the database as it is."""
        self.say("The code has changed; starting again")
        self._stop_children()
        for child in self._everybody():
            child.bury()
            child.due = child.deaths = 0

    def _everybody(self) -> list[Child]:
        return [child for child in (*self.children, self.light, self.nest) if child is not None]

    # -- starting ---------------------------------------------------------------------------------------------

    def _greet(self) -> None:
        left = home.room(self.settings.home)
        self.say(f"Textfirst starts; its data is in {self.settings.home}")
        if left.low:
            self._warn_of_room(left)

    def _embedded(self) -> str:
        if not (self.settings.home / "pg").exists():
            self.say("Copying PostgreSQL's programs (only the first time)")
        self.cluster = postgres.cluster(self.settings)
        return self.cluster.url()

    def _open_database(self) -> None:
        assert self.cluster is not None
        read, write = os.pipe()
        self._listen(read, self.journals["postgres"].feed)
        try:
            self.database = postgres.open_database(self.cluster, self.settings, log=write, say=self.say, wait=self._pause)
        except server.ServerError as why:
            self._turn(0)
            raise Trouble(f"{why.message}{self._last_words('postgres')}", code_for(why.code)) from why
        finally:
            os.close(write)

    def _let_begin(self, nest: Child) -> None:
        """A nest waits for this line: there is a database. It names the programs of the embedded one."""
        binaries = self.cluster.binaries if self.cluster is not None else None
        nest.tell(json.dumps({"folder": str(binaries.folder), "version": binaries.version} if binaries is not None else {}))

    def _child(self, name: str, module: str, url: str, *, talks: bool = False) -> Child:
        environment = {
            **os.environ,
            "TEXTFIRST_HOME": str(self.settings.home),
            "TEXTFIRST_SMPP_BIND": self.smpp_bind,
            "DATABASE_URL": url,
            "MALLOC_ARENA_MAX": "2",  # glibc's arenas per thread cost more memory than they save time here
            "PYTHONUNBUFFERED": "1",
        }
        return Child(name, module, self.journals[name], environment, talks=talks)

    def _launch(self, child: Child) -> None:
        child.start()
        assert child.process is not None
        if child.talks:
            assert child.process.stdout is not None
            assert child.process.stderr is not None
            self._listen(os.dup(child.process.stdout.fileno()), self._ear(child))
            self._listen(os.dup(child.process.stderr.fileno()), Switch(self.journals, child.journal).feed)
        else:
            assert child.process.stdout is not None
            self._listen(os.dup(child.process.stdout.fileno()), child.journal.feed)
        self._write_state()

    def _until(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + READY_LIMIT
        while not done():
            self._turn(LOOK_EVERY)
            self._bury_and_restart()
            if self.refused is not None:
                raise self.refused
            if what == "the tables":
                deadline = time.monotonic() + READY_LIMIT  # migrations may take as long as they need
            elif time.monotonic() > deadline:
                raise Trouble(
                    f"Textfirst did not get to {what} within {READY_LIMIT:.0f} s. The logs in {self.settings.logs} say more.", Exit.PROCESS
                )

    def _tell_ready(self) -> None:
        self._write_state()
        took = time.monotonic() - self.began
        if not self.set_up:
            self.say(
                f"Ready after {took:.1f} s. Open {self.settings.url}/setup in your browser to make your account and log in. Ctrl-C stops everything."
            )
        else:
            self.say(
                f"Ready after {took:.1f} s. Open {self.settings.url} and log in with your e-mail address and password. Ctrl-C stops everything."
            )

    # -- watching ---------------------------------------------------------------------------------------------

    def _turn(self, seconds: float) -> None:
        """Hear what the processes say, for at most so long."""
        for key, _ in self.selector.select(seconds):
            data = os.read(key.fd, 65536)
            if data:
                key.data(data)
            else:
                self.selector.unregister(key.fd)
                os.close(key.fd)

    def _pause(self, seconds: float) -> None:
        """So long, hearing whatever they say meanwhile: PostgreSQL writes a line each time that it is asked too early."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._turn(left)

    def _listen(self, descriptor: int, feed: Callable[[bytes], None]) -> None:
        self.selector.register(descriptor, selectors.EVENT_READ, feed)

    def _ear(self, nest: Child) -> Callable[[bytes], None]:
        """What hears a nest tell us something, in whole lines."""
        rest = b""

        def hear(data: bytes) -> None:
            nonlocal rest
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                self._hear(nest, line)

        return hear

    def _hear(self, nest: Child, line: bytes) -> None:
        try:
            facts = json.loads(line)
        except ValueError:  # a library that prints
            nest.journal.feed(line + b"\n")
        else:
            self._heard(facts)

    def _heard(self, facts: dict[str, object]) -> None:
        match facts:
            case {"kind": "doing", "text": text}:
                self.say(str(text))
            case {"kind": "migrated", "set_up": set_up}:
                self.migrated, self.set_up = True, bool(set_up)
            case {"kind": "refused", "text": text, "code": code}:
                self.refused = Trouble(str(text), code_for(str(code)))
            case {"kind": "started", "name": name, "pid": pid}:
                self.forked[str(name)] = int(str(pid))
                self._write_state()
            case {"kind": "died", "name": name, "code": code, "pause": pause, "deaths": deaths}:
                self.forked.pop(str(name), None)
                self._died(str(name), int(str(code)), float(str(pause)), int(str(deaths)))

    def _bury_and_restart(self) -> None:
        for child in self._everybody():
            code = child.bury()
            if code is not None:
                self._turn(0)
                self._died(child.name, code, child.pause, child.deaths)
            if time.monotonic() >= child.due:
                self._launch(child)
                if child.talks:
                    self._let_begin(child)

    def _died(self, name: str, code: int, pause: float, deaths: int) -> None:
        if self.refused is not None:
            return
        if not self.ready and name in NEEDED and (deaths >= DEATHS_AT_START or not self.migrated):
            raise Trouble(
                f"The process {name} ends while starting ({ending(code)}){self._last_words(name)} Its log is {self.journals[name].path}.",
                Exit.PROCESS,
            )
        self._tell_death(name, code, pause)

    def _tell_death(self, name: str, code: int, pause: float) -> None:
        self.say(
            f"The process {name} ended ({ending(code)}) and is started again in {pause:.0f} s. Its log is {self.journals[name].path}",
            "WARNING",
        )

    def _mind_database(self) -> None:
        if self.cluster is None or (self.database is not None and self.database.process.poll() is None):
            return
        if self.database is not None:
            self.say(f"PostgreSQL ended ({ending(self.database.process.returncode)}) and is started again", "ERROR")
            self.database, self.database_due = None, 0.0
        if time.monotonic() >= self.database_due:
            self._reopen_database()

    def _reopen_database(self) -> None:
        """Try, and when it cannot be started (what is left of the one before may still hold its memory), again after a pause that grows."""
        try:
            self._open_database()
        except (Trouble, OSError) as why:  # an OSError: its settings are written anew, and the disk may be full
            self.database_pause = min(self.database_pause * 2, LONGEST_PAUSE)
            self.database_due = time.monotonic() + self.database_pause
            told = why.message if isinstance(why, Trouble) else f"PostgreSQL cannot be started: {why.strerror} ({why.filename})."
            self.say(f"{told} Trying again in {self.database_pause:.0f} s.", "ERROR")
        else:
            self.database_pause = FIRST_PAUSE
            self._write_state()

    def _mind_room(self) -> None:
        if time.monotonic() < self.look_at_room:
            return
        left = home.room(self.settings.home)
        self.look_at_room = time.monotonic() + ROOM_EVERY
        if left.low:
            self._warn_of_room(left)
            self.look_at_room = time.monotonic() + ROOM_AGAIN

    def _warn_of_room(self, left: home.Room) -> None:
        self.say(
            f"The disk is filling: {left} are left at {self.settings.home}. Free some room; when nothing is left, texts wait.", "WARNING"
        )

    def _next_due(self) -> float:
        """Seconds until something has to be started again; otherwise a look every second, for processes that end without a word."""
        due = min((child.due for child in self._everybody()), default=float("inf"))
        return max(0.0, min(1.0, due - time.monotonic()))

    # -- telling ----------------------------------------------------------------------------------------------

    def say(self, message: str, level: str = "INFO") -> None:
        """A line for the person and for the log."""
        self.journal.note(message, level)
        self.show(message if level == "INFO" else f"! {message}")

    def _show_child(self, message: str) -> None:
        self.show(f"  {message}")

    def _last_words(self, name: str) -> str:
        last = self.journals[name].last
        return f": {last}" if last else "."

    def _write_state(self) -> None:
        processes = {child.name: child.process.pid for child in self._everybody() if child.process is not None}
        if self.database is not None:
            processes["postgres"] = self.database.pid
        url = self.settings.database_url or (self.cluster.url() if self.cluster else "")
        facts = state.State(
            pid=os.getpid(), url=self.settings.url, bind=self.settings.bind, smpp_bind=self.smpp_bind, database_url=url,
            started_at=datetime.now(UTC).isoformat(timespec="seconds"), ready=self.ready, processes={**processes, **self.forked},
        )  # fmt: skip
        try:
            state.write(self.settings, facts)
        except OSError as why:  # a full disk, say: `textfirst status` knows less then, and everything runs on
            self.say(f"What runs here cannot be written down for `textfirst status`: {why.strerror} ({why.filename}).", "WARNING")

    def _forget_state(self) -> None:
        state.remove(self.settings)

    # -- signals ----------------------------------------------------------------------------------------------

    def _catch_signals(self) -> None:
        def stop(_: int, __: FrameType | None) -> None:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            raise StopAsked

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, stop)

    def _stop_harder_on_signal(self) -> None:
        """A second Ctrl-C: kill what does not want to stop; the database recovers at the next start."""

        def kill(_: int, __: FrameType | None) -> None:
            for child in self._everybody():
                child.signal(signal.SIGKILL)
            if self.database is not None:
                self.database.process.send_signal(signal.SIGQUIT)

        signal.signal(signal.SIGINT, kill)
