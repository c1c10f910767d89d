"""Partitions made ahead and dropped when their time has passed; run daily by a job and at each migration.

How long each kind of data is kept is a choice of each workspace. A month's partition is dropped when every workspace has let go of that month;
while some still keep it, the rows of the others are deleted from that month in one statement a workspace.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from textfirst.database.partitions import create_partitions_sql, drop_partition_sql, month_of, partition_name
from textfirst.database.scope import as_owner

MONTHS_AHEAD = 3
KIND_OF_TABLE = {
    "message": "messages",
    "attempt": "messages",
    "provider_ref": "messages",
    "decision": "messages",
    "message_decision": "messages",
    "receipt": "receipts",
    "hook": "receipts",
    "event": "events",
}
DEFAULT_MONTHS: Mapping[str, int | None] = {"messages": None, "receipts": 13, "events": 3}  # None keeps for ever


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What was done, for the log."""

    dropped: list[str]
    thinned: list[str]


def make_partitions(now: datetime) -> None:
    """Partitions of every partitioned table for the month and those ahead; does nothing where they are there."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("select name, fillfactor from partitioned_table")
        for table, fillfactor in cursor.fetchall():
            for statement in create_partitions_sql(table, now, months_ahead=MONTHS_AHEAD, fillfactor=fillfactor):
                cursor.execute(statement)


def apply_retention(now: datetime) -> Upkeep:
    """Drop the months that every workspace has let go of; delete from those that only some have."""
    dropped: list[str] = []
    thinned: list[str] = []
    kept = _months_kept()
    for table, month in _past_partitions(now):
        expired = {
            workspace for workspace, months in kept[KIND_OF_TABLE[table]].items() if months is not None and _age(month, now) > months
        }
        if expired == kept[KIND_OF_TABLE[table]].keys() and expired:
            _drop(table, month)
            dropped.append(partition_name(table, month))
        elif expired and _thin(table, month, expired):
            thinned.append(partition_name(table, month))
    return Upkeep(dropped, thinned)


def _months_kept() -> dict[str, dict[UUID, int | None]]:
    """Kind of data → workspace → months it is kept."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("select id, retention_months::text from workspace")  # of the whole installation: partitions are shared
        chosen = {workspace: json.loads(months) for workspace, months in cursor.fetchall()}
    return {
        kind: {workspace: months.get(kind, default) for workspace, months in chosen.items()} for kind, default in DEFAULT_MONTHS.items()
    }


def _past_partitions(now: datetime) -> list[tuple[str, datetime]]:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "select p.name, c.relname from partitioned_table p join pg_inherits i on i.inhparent = p.name::regclass join pg_class c on c.oid = i.inhrelid "
            "where c.relname <> p.name || '_default' and p.name = any(%s)",
            [list(KIND_OF_TABLE)],
        )
        named = [(table, _month_in(name, table)) for table, name in cursor.fetchall()]
    return [(table, month) for table, month in named if month < month_of(now)]


def _month_in(name: str, table: str) -> datetime:
    year, month = name.removeprefix(f"{table}_").split("_")
    return datetime(int(year), int(month), 1, tzinfo=UTC)


def _age(month: datetime, now: datetime) -> int:
    """Whole months between the end of `month` and now, at least 1."""
    return (now.year - month.year) * 12 + now.month - month.month


def _drop(table: str, month: datetime) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("set local lock_timeout = '2s'")  # rather fail and come back tomorrow than make everybody wait
        cursor.execute(drop_partition_sql(table, month))


def _thin(table: str, month: datetime, workspaces: Iterable[UUID]) -> int:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f'delete from "{partition_name(table, month)}" where workspace_id = any(%s)', [list(workspaces)])  # noqa: S608 - our own name
        return int(cursor.rowcount)
