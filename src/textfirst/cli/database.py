"""Which database a command means: DATABASE_URL, or the embedded one, started for as long as the command needs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from textfirst.core.settings import Settings
from textfirst.database.server import Binaries, running_account
from textfirst.database.server.dump import programs_for
from textfirst.supervisor import home, postgres, state
from textfirst.supervisor.trouble import Exit, Trouble


@dataclass(frozen=True, slots=True)
class Database:
    url: str
    programs: Binaries
    started_here: bool = False  # nothing of ours runs on it: no jobs, no engine


@contextmanager
def opened(settings: Settings, *, alone: bool = False) -> Iterator[Database]:
    """The database, reachable. `alone` insists that no Textfirst runs on this home meanwhile."""
    running = state.running(settings)
    if home.is_running(settings) and alone:
        raise Trouble(f"Textfirst runs on {settings.home}. Stop it first, then try again.", Exit.ALREADY_RUNNING)
    if settings.database_url:
        yield Database(settings.database_url, programs_for(settings.database_url))
    elif running is not None:
        yield Database(running.database_url, postgres.cluster(settings).binaries)
    else:
        with _started(settings) as database:
            yield database


def url_of_running(settings: Settings) -> str:
    """Where the database is, for a process that runs beside others; raises Trouble when there is none."""
    running = state.running(settings)
    if settings.database_url or (running is not None and running.database_url):
        return settings.database_url or running.database_url  # type: ignore[union-attr]  # one of them is there
    raise Trouble(
        "There is no database to work with: set DATABASE_URL to a PostgreSQL 15 or newer, or run `textfirst up`, which brings one.",
        Exit.DATABASE,
    )


@contextmanager
def _started(settings: Settings) -> Iterator[Database]:
    home.prepare(settings, running_account())
    with home.locked(settings), (settings.logs / "postgres.log").open("ab") as log:
        cluster = postgres.cluster(settings)
        running = postgres.open_database(cluster, settings, log=log, say=lambda _: None, wait=_wait)
        try:
            yield Database(cluster.url(), cluster.binaries, started_here=True)
        finally:
            running.stop()


def _wait(seconds: float) -> None:
    import time

    time.sleep(seconds)
