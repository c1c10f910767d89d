"""What PostgreSQL itself says about our tables: workspace keys, composite foreign keys, row-level security. New tables are found by themselves."""

from __future__ import annotations

import fnmatch

import pytest
from django.apps import apps
from django.db import connection

from textfirst.database.fields import WorkspaceModel

# Tables of the whole installation, by docs/explain/contracts.md §1. A new one is a decision, not a habit.
GLOBAL = ("account_*", "mfa_*", "usersessions_*", "django_*", "auth_*", "procrastinate_*", "partitioned_table", "instance_setting")
FOUND_OTHERWISE = {
    "recipient": ["workspace_id", "campaign_id", "id"],  # by campaign and in order: a second key of its own would be one too many
    "idempotency_key": None,  # by workspace and key, which are unique; nobody asks for its id
}
BOUND_BY_ITSELF = "workspace"


def rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def tables() -> dict[str, bool]:
    """Every table that is no partition; whether it is partitioned."""
    found = rows(
        "select relname, relkind = 'p' from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace"
    )
    return dict(found)


def ours() -> set[str]:
    return {name for name in tables() if name != BOUND_BY_ITSELF and not any(fnmatch.fnmatch(name, pattern) for pattern in GLOBAL)}


def primary_keys() -> dict[str, list[str]]:
    return dict(
        rows(
            "select c.conrelid::regclass::text, array_agg(a.attname::text order by k.place) from pg_constraint c"
            " cross join unnest(c.conkey) with ordinality as k (attnum, place)"
            " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum where c.contype = 'p' group by c.conrelid, c.oid"
        )
    )


@pytest.fixture(autouse=True)
def _database(db):
    assert len(ours()) > 20, "tables of ours must be found for this test to mean anything"


def test_every_table_of_a_model_is_known_to_be_ours_or_global():
    models = {model._meta.db_table for model in apps.get_models() if issubclass(model, WorkspaceModel)}
    assert models == ours()


def test_every_table_of_ours_is_keyed_by_workspace_and_id():
    keys = primary_keys()
    assert {name: keys.get(name) for name in ours() if keys.get(name) != ["workspace_id", "id"]} == FOUND_OTHERWISE


def test_workspace_id_is_never_null():
    loose = rows("select attrelid::regclass::text from pg_attribute where attname = 'workspace_id' and not attnotnull and attnum > 0")
    assert {name for (name,) in loose} & ours() == set()


def test_every_unique_index_of_ours_begins_with_the_workspace():
    uniques = rows(
        "select i.indrelid::regclass::text, i.indexrelid::regclass::text, a.attname::text from pg_index i"
        " left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0] where i.indisunique"
    )
    assert {index: first for table, index, first in uniques if table in ours() and first != "workspace_id"} == {}


def test_every_foreign_key_between_tables_of_ours_stays_in_the_workspace():
    keys = rows(
        "select c.conrelid::regclass::text, c.confrelid::regclass::text,"
        " (select array_agg(a.attname::text order by k.place) from unnest(c.conkey) with ordinality as k (attnum, place)"
        "   join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum),"
        " (select array_agg(a.attname::text order by k.place) from unnest(c.confkey) with ordinality as k (attnum, place)"
        "   join pg_attribute a on a.attrelid = c.confrelid and a.attnum = k.attnum)"
        " from pg_constraint c where c.contype = 'f' and c.conparentid = 0"
    )
    between = [(table, target, columns, referred) for table, target, columns, referred in keys if {table, target} <= ours()]
    assert len(between) > 5
    assert [key for key in between if key[2][0] != "workspace_id" or key[3] != ["workspace_id", "id"]] == []


def test_every_workspace_key_of_a_model_is_a_foreign_key_of_the_database():
    from textfirst.database.fields import WorkspaceKey

    partitioned = {name for name, split in tables().items() if split}
    wanted = {
        (model._meta.db_table, field.column)
        for model in apps.get_models() if issubclass(model, WorkspaceModel)
        for field in model._meta.local_fields if isinstance(field, WorkspaceKey)
    }  # fmt: skip
    found = {
        (table, column)
        for table, column in rows(
            "select c.conrelid::regclass::text, a.attname::text from pg_constraint c"
            " join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[2] where c.contype = 'f' and c.conparentid = 0 and cardinality(c.conkey) = 2"
        )
    }
    assert {pair for pair in wanted if pair[0] not in partitioned} - found == set()


def test_every_table_of_ours_has_the_one_policy():
    secured = {name for (name,) in rows("select relname from pg_class where relrowsecurity")}
    assert (ours() | {BOUND_BY_ITSELF}) - secured == set()
    policies = rows("select tablename, policyname, cmd, qual, with_check from pg_policies where schemaname = 'public'")
    by_table = {table: (name, command, qual, check) for table, name, command, qual, check in policies}
    assert len(policies) == len(by_table)
    expected = "(workspace_id = ( SELECT textfirst_workspace() AS textfirst_workspace))"
    assert {table: by_table.get(table) for table in ours()} == dict.fromkeys(ours(), ("workspace", "ALL", expected, None))
    assert by_table[BOUND_BY_ITSELF][2] == expected.replace("workspace_id", "id", 1)


def test_partitions_are_closed_when_reached_directly():
    open_ones = rows(
        "select c.relname from pg_class c where c.relispartition and c.relkind = 'r' and not c.relrowsecurity and c.relnamespace = 'public'::regnamespace"
    )
    assert open_ones == []


def test_the_role_we_work_as_cannot_step_past_the_policies():
    assert rows("select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user") == [
        ("textfirst_app", False, False)
    ]
    owned = rows("select relname from pg_class where relkind in ('r', 'p') and relowner = 'textfirst_app'::regrole")
    assert owned == []
