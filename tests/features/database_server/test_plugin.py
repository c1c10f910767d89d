"""The test database itself: a migrated copy per worker, bound by row-level security like production."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg
import pytest

LEAVES_A_ROW = """
import psycopg

def test_commits(database_url):
    with psycopg.connect(database_url) as connection:
        connection.execute("insert into django_session values ('left', '', now())")
"""


@pytest.mark.django_db
def test_django_is_on_this_workers_copy_as_the_bound_role():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select current_user, session_user <> current_user, to_regclass('contact') is not null")
        assert cursor.fetchone() == ("textfirst_app", True, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_a_transactional_test_leaves_nothing_behind(round_):
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    assert Session.objects.count() == 0
    Session.objects.create(session_key=f"left-{round_}", session_data="", expire_date=timezone.now())


def test_a_fresh_database_is_migrated_and_empty(fresh_database_url):
    with psycopg.connect(fresh_database_url) as connection:
        assert connection.execute("select count(*) from workspace").fetchone() == (0,)
        connection.execute("create table only_here ()")


def test_and_really_fresh(fresh_database_url):
    with psycopg.connect(fresh_database_url) as connection:
        assert connection.execute("select to_regclass('only_here')").fetchone() == (None,)


def test_rows_left_behind_are_an_error_where_they_are_left(test_server, tmp_path):
    file = tmp_path / "test_careless.py"
    file.write_text(LEAVES_A_ROW)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p pytest_django.plugin -p textfirst.testing.postgres\n")
    command = [sys.executable, "-m", "pytest", "-c", str(tmp_path / "pytest.ini"), str(file)]
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_XDIST_WORKER": f"inside_{os.getpid()}"}  # a database of its own on this server
    elsewhere = {**os.environ, "DJANGO_SETTINGS_MODULE": "textfirst.config.settings", **alone}
    ended = subprocess.run(command, env=elsewhere, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == pytest.ExitCode.TESTS_FAILED
    assert "1 passed, 1 error" in ended.stdout, ended.stdout
    assert "test_careless.py left rows behind in django_session" in ended.stdout
