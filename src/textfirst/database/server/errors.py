"""What can go wrong with the embedded server, each with a sentence for a person and a stable code."""

from __future__ import annotations

from textfirst.core.errors import TextfirstError


class ServerError(TextfirstError):
    """The embedded PostgreSQL cannot be used.

    Codes: `postgres_missing`, `postgres_account`, `postgres_unreachable_folder`, `postgres_initdb`, `postgres_newer`,
    `postgres_older`, `postgres_upgrade`, `postgres_start`, `postgres_slow`, `postgres_dump`, `postgres_restore`.
    """

    code = "postgres"
