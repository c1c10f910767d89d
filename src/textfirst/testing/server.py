"""The throw-away PostgreSQL of one test run: shared by its processes, started on first use, gone with the run.

The run's first process picks a folder and hands it to the others in the environment. Whoever needs the database first starts
the server under a lock; a small shell guard stops it and removes the folder when the run's first process is gone, however it
went. The migrated template database is made once, and every worker's database is a copy of it.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from textfirst.database import server

FOLDER_VARIABLE = "TEXTFIRST_TEST_FOLDER"  # set by the first process for the others
URL_VARIABLE = "TEXTFIRST_TEST_DATABASE_URL"  # another server to test against: any database on it, a superuser
BINARIES_VARIABLE = "TEXTFIRST_TEST_PG_BIN"  # other programs for the throw-away server, such as /usr/lib/postgresql/15/bin
MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 - a tmpfs; the folder inside is made 0700 by mkdtemp
MEMORY_NEEDED = 2 * 1024**3  # bytes free; containers often have 64 MB there
TEMPLATE = "textfirst_template"

_children: list[subprocess.Popen[bytes]] = []  # they outlive the objects that Python would warn about

GUARD = """
while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
pid=$(head -n 1 "$2/pg/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
sleep 0.2
rm -rf "$2"
"""


@dataclass(frozen=True, slots=True)
class TestServer:
    """Where the run keeps its things, and the server once it is needed."""

    __test__ = False  # it is no test class

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def url(self, database: str) -> str:
        """How to reach `database`, known before the server runs."""
        if other := os.environ.get(URL_VARIABLE):
            return urlsplit(other)._replace(path=f"/{database}").geturl()
        return f"postgresql://{server.cluster.ROLE}@/{database}?host={self.folder}/run"

    def ensure(self) -> None:
        """Start the server unless it runs."""
        if os.environ.get(URL_VARIABLE) or (self.folder / "started").exists():
            return
        with self._only_one("server"):
            if not (self.folder / "started").exists():
                self._start()
                (self.folder / "started").touch()

    def ensure_template(self, migrate: Callable[[str], None]) -> None:
        """Make the template database by `migrate(name)` unless it is there."""
        self.ensure()
        with self._only_one("template"):
            note = self.folder / "template"
            if note.exists():
                return
            self.admin(f'DROP DATABASE IF EXISTS "{self.name(TEMPLATE)}"', f'CREATE DATABASE "{self.name(TEMPLATE)}"')
            migrate(self.name(TEMPLATE))
            note.touch()

    def clone(self, name: str) -> str:
        """A fresh copy of the template under `name`; returns its URL."""
        with self._only_one("clone"):  # a template must have no visitors while it is copied
            self.admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{self.name(TEMPLATE)}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        self.admin(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def name(self, base: str) -> str:
        """A database name of this run: another run may use the same foreign server at the same time."""
        return f"{base}_{self.folder.name[-8:]}" if os.environ.get(URL_VARIABLE) else base

    def admin(self, *statements: str) -> None:
        """Run statements outside any transaction, as the role that owns the databases."""
        import psycopg

        visited = os.environ.get(URL_VARIABLE) or self.url("postgres")
        with psycopg.connect(visited, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # names are made here, not given

    def stop(self) -> None:
        """Stop the server at once and remove everything; it holds nothing that anyone wants back."""
        pid = server.process.leftover_pid(self.folder / "pg" / "data")
        if pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGQUIT)
        if os.environ.get(URL_VARIABLE) and (self.folder / "template").exists():
            self.drop(self.name(TEMPLATE))
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        account = server.running_account()
        found = server.binaries.at(Path(os.environ[BINARIES_VARIABLE])) if os.environ.get(BINARIES_VARIABLE) else server.find()
        if account.drops:  # the account may not be able to enter our virtual environment
            found = server.keep(found, Path(tempfile.gettempdir()) / f"textfirst-test-{os.getuid()}")
        account.passage(self.folder)
        more = {"track_commit_timestamp": "on"}  # the auditor of drills judges by them
        cluster = server.Cluster(found, account, self.folder / "pg" / "data", self.folder / "run", throwaway=True, extra=more)
        cluster.create()
        with (self.folder / "postgres.log").open("wb") as log:
            _children.append(server.start(cluster, log=log, outlive_us=True).process)
        cluster.make_database()

    @contextlib.contextmanager
    def _only_one(self, what: str) -> Iterator[None]:
        with (self.folder / f"{what}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def for_this_run() -> tuple[TestServer, bool]:
    """The run's server, and whether this process is the one that must stop it."""
    if folder := os.environ.get(FOLDER_VARIABLE):
        return TestServer(Path(folder)), False
    made = TestServer(Path(tempfile.mkdtemp(prefix="textfirst-", dir=_roomy_folder())))
    os.environ[FOLDER_VARIABLE] = str(made.folder)
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", str(os.getpid()), str(made.folder)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    _children.append(guard)
    return made, True


def _roomy_folder() -> str | None:
    """Memory when there is enough of it, else the usual place for temporary files."""
    with contextlib.suppress(OSError):
        if os.access(MEMORY_FOLDER, os.W_OK) and shutil.disk_usage(MEMORY_FOLDER).free > MEMORY_NEEDED:
            return str(MEMORY_FOLDER)
    return None
