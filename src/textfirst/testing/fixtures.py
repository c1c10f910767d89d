"""Fixtures that ship: a migrated database for every worker, and fresh ones for tests that run whole processes.

db, transactional_db     as pytest-django knows them, on this worker's copy of the template
database_url             URL of that copy, for tests without Django; what they commit there they remove
module_database_url      URL of a copy for this file alone; use it when its tests commit as they like
fresh_database_url       URL of a copy for this test alone; use it when other processes commit to it
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from textfirst.testing.postgres import SERVER, database_name
from textfirst.testing.server import TestServer

FILLED_BY_MIGRATIONS = ("django_migrations", "django_content_type", "auth_permission", "partitioned_table")
FILLED_BY_TESTS = """
select oid::regclass::text from pg_class
where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace and relname <> all (%s)
"""

SHARED = pytest.StashKey[str]()  # URL of the worker's database, once there is one

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def test_server(request: pytest.FixtureRequest, django_db_blocker: Any) -> TestServer:
    """The run's PostgreSQL, started and with a migrated template."""
    server = request.config.stash[SERVER]
    with django_db_blocker.unblock():
        server.ensure_template(_migrate)
    return server


@pytest.fixture(scope="session")
def database_url(test_server: TestServer, request: pytest.FixtureRequest) -> Iterator[str]:
    """The migrated database of this worker. Tests that commit to it clean up after themselves."""
    name = database_name(test_server)
    request.config.stash[SHARED] = url = test_server.clone(name)
    yield url
    del request.config.stash[SHARED]
    _close_django()
    test_server.drop(name)


@pytest.fixture(scope="module", autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Rows that a file leaves in the worker's database are an error there, rather than a riddle in the file after it."""
    yield
    if (url := request.config.stash.get(SHARED, None)) and (left := _tables_with_rows(url)):
        pytest.fail(f"{request.path.name} left rows behind in {', '.join(left)}: remove them, or use module_database_url")


@pytest.fixture(scope="module")
def module_database_url(test_server: TestServer) -> Iterator[str]:
    """A migrated database for the tests of one file: what they leave in it disturbs nobody else."""
    name = f"{database_name(test_server)}_{next(_numbers)}"
    yield test_server.clone(name)
    test_server.drop(name)


@pytest.fixture
def fresh_database_url(test_server: TestServer) -> Iterator[str]:
    """A migrated, empty database for one test."""
    name = f"{database_name(test_server)}_{next(_numbers)}"
    yield test_server.clone(name)
    test_server.drop(name)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any, request: pytest.FixtureRequest) -> Iterator[None]:  # noqa: ARG001 - the environment comes first
    """Stands in for pytest-django's: copying the template takes a tenth of a second, migrating takes several."""
    from django.test import TransactionTestCase

    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        request.getfixturevalue("database_url")
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_tables)
        yield


def _migrate(name: str) -> None:
    """Run the migrations in `name`, as owner, through this process's Django."""
    import django
    from django.apps import apps
    from django.core.management import call_command

    if not apps.ready:
        django.setup()
    from textfirst.database.owner import connected_as_owner

    with connected_as_owner(name):
        call_command("migrate", verbosity=0)


def _empty_tables(_: object) -> None:
    """After a transactional test, as the owner: Django's own flush may not truncate as the bound role, and is slower."""
    from django.db import connection

    connection.close()  # whatever the test left it in
    with connection.cursor() as cursor:
        cursor.execute("set role none; set session_replication_role = replica")  # past the triggers that keep the ledger append-only
        cursor.execute(FILLED_BY_TESTS, [list(FILLED_BY_MIGRATIONS)])
        cursor.execute(f"truncate {', '.join(row[0] for row in cursor.fetchall())} cascade")
    connection.close()


def _tables_with_rows(url: str) -> list[str]:
    """What a test filled and did not empty."""
    import psycopg

    with psycopg.connect(url) as connection:
        tables = [name for (name,) in connection.execute(FILLED_BY_TESTS, [list(FILLED_BY_MIGRATIONS)])]
        asked = " union all ".join(f"select '{name}' where exists (select from {name})" for name in tables)  # noqa: S608 - names from the catalogue
        return [name for (name,) in connection.execute(asked)]


def _close_django() -> None:
    import sys

    if "django.db" in sys.modules:
        sys.modules["django.db"].connections.close_all()
