"""The second wall between workspaces: who the database believes is asking.

Connections log in as the owner of the tables and at once step down to the role `textfirst_app`, which row-level security binds.
Every table of ours has one policy: a row is visible when its `workspace_id` equals the setting `textfirst.workspace`. The first wall is
the query itself, which always names the workspace.

A few lookups come before a workspace is known (whose key is this, which workspaces does this person belong to, which channels shall this
node serve). They say so by `as_owner()`, and are few enough to read in one sitting: search for the word.

COPY into a table with row-level security is refused by PostgreSQL for a bound role, so the few bulk writers use `as_owner()` too, and take
the workspace as their first argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from textfirst.database.roles import APP_ROLE


def enter_workspace(workspace_id: UUID) -> None:
    """Bind this connection to one workspace until `leave_workspace`; used by the request cycle."""
    with connection.cursor() as cursor:
        cursor.execute("select set_config('textfirst.workspace', %s, false)", [str(workspace_id)])


def leave_workspace() -> None:
    """Let the connection see no workspace again; does nothing when no connection is open."""
    if connection.connection is not None:
        with connection.cursor() as cursor:
            cursor.execute("select set_config('textfirst.workspace', '', false)")


@contextmanager
def workspace_scope(workspace_id: UUID) -> Iterator[None]:
    """One transaction bound to one workspace; used by jobs and commands."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select set_config('textfirst.workspace', %s, true)", [str(workspace_id)])
        yield


@contextmanager
def as_owner() -> Iterator[None]:
    """One transaction as the owner of the tables, past row-level security. The query must name its workspace, or say why it cannot."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set local role none")
        try:
            yield
        finally:
            _step_down()


def rows_as_owner(statement: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """What one statement finds past row-level security, in one round trip where `as_owner` takes five: for look-ups of every request.

    Statements sent together are one transaction, whether or not one is open already, so the role lasts no longer than they do.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"set local role none; {statement}; set local role {APP_ROLE}", parameters)
        cursor.nextset()
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _step_down() -> None:
    """Back to the bound role, for the case that a caller's transaction goes on; a broken transaction resets by itself on rollback."""
    if not connection.needs_rollback:
        with connection.cursor() as cursor:
            cursor.execute(f"set local role {APP_ROLE}")
