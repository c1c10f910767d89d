"""The test database itself: a migrated copy per worker, bound by row-level security like production."""

from __future__ import annotations

import psycopg
import pytest


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
