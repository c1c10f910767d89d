"""What keeps an installation in order, run by a real worker on a real database."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from procrastinate.contrib.django import app

from textfirst.database import tasks
from textfirst.database.scope import as_owner
from textfirst.testing.jobs import run_jobs


def statuses():
    with connection.cursor() as cursor:
        cursor.execute("select task_name, status from procrastinate_jobs order by id")
        return dict(cursor.fetchall())


def job_of_a_worker(name, *, silent_for):
    """A job that a worker took and has not finished."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("insert into procrastinate_workers (last_heartbeat) values (now() - %s) returning id", [silent_for])
        worker = cursor.fetchone()[0]
        cursor.execute(
            "insert into procrastinate_jobs (queue_name, task_name, status, worker_id) values ('default', %s, 'doing', %s)", [name, worker]
        )


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_dead_worker_is_taken_up_and_that_of_a_living_one_is_not():
    job_of_a_worker("of the dead", silent_for=timedelta(minutes=5))
    job_of_a_worker("of the living", silent_for=timedelta(seconds=5))
    tasks.take_up_jobs.defer(timestamp=0)
    run_jobs()
    after = statuses()
    assert after["of the living"] == "doing"
    assert after["of the dead"] != "doing"


@pytest.mark.django_db
def test_the_daily_job_makes_partitions_and_forgets_sessions_that_are_over():
    now = datetime(2031, 5, 4, tzinfo=UTC)
    Session.objects.create(session_key="over", session_data="", expire_date=datetime.now(UTC) - timedelta(minutes=1))
    Session.objects.create(session_key="alive", session_data="", expire_date=datetime.now(UTC) + timedelta(minutes=1))
    tasks.daily(timestamp=int(now.timestamp()))
    assert list(Session.objects.values_list("session_key", flat=True)) == ["alive"]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_class where relname = 'message_2031_05'")
        assert cursor.fetchone() == (1,)


def test_procrastinate_knows_every_job_of_the_installation():
    assert {"upkeep.daily", "upkeep.take_up_jobs", "upkeep.old_jobs"} <= app.tasks.keys()
