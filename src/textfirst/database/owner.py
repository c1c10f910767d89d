"""Django's connection as the owner of the tables, for what the bound role may not do: migrations and emptying test tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from textfirst.database.roles import APP_ROLE


@contextmanager
def connected_as_owner(name: str | None = None) -> Iterator[BaseDatabaseWrapper]:
    """The default connection without the step down to the bound role, and to another database if `name` says so; then back."""
    connection = connections["default"]
    connection.close()
    before = dict(connection.settings_dict)
    options = str(before["OPTIONS"].get("options", "")).replace(f"-c role={APP_ROLE}", "")
    connection.settings_dict.update(NAME=name or before["NAME"], OPTIONS={**before["OPTIONS"], "options": options})
    try:
        yield connection
    finally:
        connection.close()
        connection.settings_dict.update(before)
