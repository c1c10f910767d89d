"""Monthly partitions on a UUIDv7 `id`: names, bounds, and the SQL that makes and drops them.

A month's partition holds the ids made in that month in UTC. A default partition catches ids outside every month (a clock far off),
so that no insert is ever refused; `doctor` says when it is not empty.
"""

from __future__ import annotations

from datetime import UTC, datetime

from textfirst.core.ids import earliest_id

# Rows are found by key or by contact, whatever is known of the table, and come by the hundred thousand: counted at every twentieth, the
# counting alone cost a campaign as much as a step of its own. Vacuumed for what dies in them, and for the rest in big steps.
UPKEEP = (
    "autovacuum_analyze_threshold = 100000, autovacuum_analyze_scale_factor = 0.5, "
    "autovacuum_vacuum_insert_threshold = 500000, autovacuum_vacuum_insert_scale_factor = 0.5"
)


def month_of(moment: datetime) -> datetime:
    """The first instant of the month in UTC."""
    return moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def next_month(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def partition_name(table: str, month: datetime) -> str:
    return f"{table}_{month:%Y_%m}"


def create_partitions_sql(table: str, now: datetime, *, months_ahead: int, fillfactor: int = 100) -> list[str]:
    """Statements that make this month's partition, those ahead and the default; each does nothing when it is there."""
    months = [month_of(now)]
    for _ in range(months_ahead):
        months.append(next_month(months[-1]))
    storage = f" WITH (fillfactor = {fillfactor}, {UPKEEP})"
    bounds = {f"{table}_default": "DEFAULT"} | {
        partition_name(table, month): f"FOR VALUES FROM ('{earliest_id(month)}') TO ('{earliest_id(next_month(month))}')"
        for month in months
    }
    return [statement for name, bound in bounds.items() for statement in _partition_sql(table, name, f"{bound}{storage}")]


def _partition_sql(table: str, name: str, bound: str) -> list[str]:
    """Rows are reached through the parent, whose policy binds; reached directly, a partition shows the bound role nothing."""
    return [
        f'CREATE TABLE IF NOT EXISTS "{name}" PARTITION OF "{table}" {bound}',
        f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY',
    ]


def drop_partition_sql(table: str, month: datetime) -> str:
    return f'DROP TABLE IF EXISTS "{partition_name(table, month)}"'
