"""The embedded server made ready: found, kept, moved to a newer major when need be, started, its database made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from textfirst.core.settings import Settings
from textfirst.database import server
from textfirst.database.server.process import Wait
from textfirst.database.server.upgrade import check_major, move

Say = Callable[[str], None]


def cluster(settings: Settings) -> server.Cluster:
    """Where the embedded server of this home is and what runs it; copies the programs when they are not there yet."""
    account = server.running_account()
    shelf = shelf_of(settings)
    account.passage(shelf)
    programs = server.keep(server.find(), shelf)
    return server.Cluster(programs, account, shelf / "data", settings.run / "pg")


def shelf_of(settings: Settings) -> Path:
    return settings.home / "pg"


def open_database(which: server.Cluster, settings: Settings, *, log: IO[bytes] | int, say: Say, wait: Wait) -> server.Running:
    """Start the server with its database there; raises ServerError with what to do when that cannot be."""
    if check_major(which):
        saved = settings.backups / f"before-postgres-{which.binaries.major}-{datetime.now(UTC):%Y%m%d-%H%M%S}.dump"
        move(which, shelf_of(settings), saved, log=log, progress=say)
    fresh = not which.exists
    if fresh:
        say("Making the database (only the first time)")
        which.create()
    running = server.start(which, log=log, progress=say, wait=wait)
    which.make_database()
    return running
