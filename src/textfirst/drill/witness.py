"""Two triggers of the drill's own, in a schema of its own: what the tables alone cannot say afterwards.

Which transaction committed an attempt: the row itself later belongs to whoever noted its outcome. And whether a status ever went down.
"""

from __future__ import annotations

from typing import Any

import psycopg

_STATEMENTS = (
    "create schema drill",
    "create table drill.attempt (id uuid primary key, xid xid not null)",
    "create table drill.fell (message_id uuid not null, before smallint not null, after smallint not null)",
    """
    create function drill.note_attempts() returns trigger language plpgsql security definer as $$
    begin
      insert into drill.attempt select id, pg_current_xact_id()::xid from fresh on conflict do nothing;
      return null;
    end $$
    """,
    """
    create trigger drill_attempt after insert on attempt referencing new table as fresh
    for each statement execute function drill.note_attempts()
    """,
    """
    create function drill.note_fall() returns trigger language plpgsql security definer as $$
    begin
      insert into drill.fell values (new.id, old.status, new.status);
      return null;
    end $$
    """,
    """
    create trigger drill_fell after update on message
    for each row when (new.status < old.status) execute function drill.note_fall()
    """,
)


def install(connection: psycopg.Connection[Any]) -> None:
    """As the owner of the tables, before the load begins."""
    with connection.transaction():
        for statement in _STATEMENTS:
            connection.execute(statement)
