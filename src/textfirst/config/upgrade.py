"""Bring the database up to this version: under a lock, after a backup when there is something to lose.

Several nodes may start at once; the first migrates, the others wait for the lock and find nothing to do.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from textfirst.core.errors import Conflict, Unavailable
from textfirst.core.settings import Settings
from textfirst.database.backup import automatic
from textfirst.database.owner import connected_as_owner
from textfirst.database.server import Binaries
from textfirst.database.server.dump import programs_for
from textfirst.decisions.actions import note_packs

MIGRATION_LOCK = 7302  # an advisory lock of ours; see docs/explain/contracts.md for the others
OLDEST_SERVER = 150000  # server_version_num of PostgreSQL 15
LOCK_TIMEOUT = "15s"  # a migration that waits longer for a table would stop everybody else behind it

Say = Callable[[str], None]


def pending() -> list[str]:
    """The migrations that this database still lacks, oldest first."""
    with connected_as_owner() as connection:
        return [f"{migration.app_label}.{migration.name}" for migration in _plan(connection)]


def bring_up_to_date(settings: Settings, *, say: Say, programs: Binaries | None = None) -> int:
    """Apply what is missing; returns how many migrations that were.

    Raises Conflict when a newer Textfirst was here, Unavailable when the database cannot be reached or is too old.
    """
    with _reached() as connection, _alone(connection, say):
        _refuse_old_server(connection)
        plan = _plan(connection)
        if not plan:
            note_packs()
            return 0
        if _has_data(connection):
            say(f"Saving the database before {len(plan)} changes to its tables")
            say(f"Saved to {_save(settings, programs)}")
        say("Making the tables" if not _has_data(connection) else "Changing the tables")
        with connection.cursor() as cursor:
            cursor.execute(f"set lock_timeout = '{LOCK_TIMEOUT}'")
        call_command("migrate", verbosity=0, interactive=False)
        note_packs()
        return len(plan)


def is_set_up() -> bool:
    """Whether the first visit has happened: there is an owner who can log in."""
    from textfirst.accounts.models import User

    with connected_as_owner():
        return User.objects.exists()


@contextmanager
def _reached() -> Iterator[BaseDatabaseWrapper]:
    with connected_as_owner() as connection:
        try:
            connection.ensure_connection()
        except DatabaseError as why:  # Django wraps the driver's errors in its own; all of them mean the same to the reader
            raise Unavailable(f"The database does not answer: {str(why).strip().splitlines()[-1]}", code="database_unreachable") from why
        yield connection


@contextmanager
def _alone(connection: BaseDatabaseWrapper, say: Say) -> Iterator[None]:
    """Hold the migration lock on a connection of its own, so that nothing a migration does can lose it."""
    params = connection.get_connection_params()
    with psycopg.connect(
        **{key: value for key, value in params.items() if key in {"dbname", "user", "password", "host", "port"}}, autocommit=True
    ) as lock:
        row = lock.execute("select pg_try_advisory_lock(%s)", [MIGRATION_LOCK]).fetchone()
        if not row or not row[0]:
            say("Another node is changing the tables; waiting for it")
            lock.execute("select pg_advisory_lock(%s)", [MIGRATION_LOCK])
        yield


def _refuse_old_server(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("show server_version_num")
        version = int(cursor.fetchone()[0])
    if version < OLDEST_SERVER:
        raise Unavailable(f"The database is PostgreSQL {version // 10000}; Textfirst needs 15 or newer.", code="database_too_old")


def _plan(connection: BaseDatabaseWrapper) -> list:  # type: ignore[type-arg]  # Django's migrations carry no types
    executor = MigrationExecutor(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("textfirst.")}
    unknown = sorted(key for key in executor.loader.applied_migrations if key[0] in ours and key not in executor.loader.disk_migrations)
    if unknown:
        raise Conflict(
            f"The database was changed by a newer Textfirst ({'.'.join(unknown[-1])}). Install that version again, or restore the backup "
            "that was made before; nothing was touched.",
            code="database_newer",
        )
    return [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def _has_data(connection: BaseDatabaseWrapper) -> bool:
    return "workspace" in connection.introspection.table_names()


def _save(settings: Settings, programs: Binaries | None) -> Path | str:
    if os.environ.get("TEXTFIRST_SKIP_BACKUP") == "1":
        return "nowhere: TEXTFIRST_SKIP_BACKUP is set"
    url = settings.database_url
    return automatic(settings, url, programs=programs_for(url, programs), reason="before an upgrade", at=datetime.now(UTC))
