from datetime import UTC, datetime

import pytest
from django.db import connection

from textfirst.accounts.models import Workspace
from textfirst.core.ids import earliest_id, id_time, new_id
from textfirst.database.partitions import create_partitions_sql, month_of, next_month
from textfirst.database.scope import as_owner
from textfirst.database.upkeep import apply_retention, make_partitions

NOW = datetime(2030, 3, 15, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def workspace(**retention):
    with as_owner():
        return Workspace.objects.create(name="Shop", country="GR", time_zone="Europe/Athens", retention_months=retention)


def add_event(workspace_id, month):
    with as_owner(), connection.cursor() as cursor:
        identifier = earliest_id(month)
        cursor.execute(
            "insert into event (workspace_id, id, kind, subject_id, data) values (%s, %s, 'contact.updated', %s, '{}')",
            [workspace_id, identifier, new_id()],
        )


def partitions(table="event"):
    with connection.cursor() as cursor:
        cursor.execute("select inhrelid::regclass::text from pg_inherits where inhparent = %s::regclass order by 1", [table])
        return [row[0] for row in cursor.fetchall()]


def events(workspace_id):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("select count(*) from event where workspace_id = %s", [workspace_id])
        return cursor.fetchone()[0]


def make_months(*months):
    with as_owner(), connection.cursor() as cursor:
        for month in months:
            for statement in create_partitions_sql("event", month, months_ahead=0):
                cursor.execute(statement)


def test_partitions_are_made_ahead_and_twice_is_once():
    make_partitions(NOW)
    made = partitions()
    assert {"event_2030_03", "event_2030_04", "event_2030_05", "event_2030_06", "event_default"} <= set(made)
    make_partitions(NOW)
    assert partitions() == made


def test_a_row_lands_in_the_month_of_its_id_and_a_strange_one_in_the_default():
    shop = workspace()
    make_partitions(NOW)
    add_event(shop.id, NOW)
    add_event(shop.id, datetime(1999, 1, 1, tzinfo=UTC))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("select tableoid::regclass::text from event where workspace_id = %s order by 1", [shop.id])
        assert [row[0] for row in cursor.fetchall()] == ["event_2030_03", "event_default"]


def test_a_month_is_dropped_when_everybody_has_let_go_of_it():
    make_months(datetime(2029, 10, 1, tzinfo=UTC), datetime(2030, 2, 1, tzinfo=UTC))
    workspace(events=2)
    workspace(events=3)
    done = apply_retention(NOW)
    assert "event_2029_10" in done.dropped
    assert "event_2030_02" not in done.dropped
    assert "event_2029_10" not in partitions()


def test_a_month_that_one_workspace_keeps_is_only_thinned():
    month = datetime(2029, 10, 1, tzinfo=UTC)
    make_months(month)
    short, long = workspace(events=2), workspace(events=60)
    add_event(short.id, month)
    add_event(long.id, month)
    done = apply_retention(NOW)
    assert "event_2029_10" in done.thinned
    assert (events(short.id), events(long.id)) == (0, 1)


def test_what_nobody_limits_is_kept_for_ever():
    with as_owner(), connection.cursor() as cursor:
        for statement in create_partitions_sql("message", datetime(2027, 6, 1, tzinfo=UTC), months_ahead=0):
            cursor.execute(statement)
    workspace()
    assert not [name for name in apply_retention(NOW).dropped if name.startswith("message")]


def test_months_run_on_over_the_year():
    assert next_month(datetime(2026, 12, 1, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
    assert month_of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == datetime(2026, 12, 1, tzinfo=UTC)
    assert id_time(earliest_id(NOW)) == NOW
