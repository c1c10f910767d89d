"""Jobs that keep an installation in order: partitions, retention, what has expired, what a dead worker left behind."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from django.contrib.sessions.backends.db import SessionStore
from procrastinate import JobContext
from procrastinate.contrib.django import app

from textfirst.database.upkeep import apply_retention, make_partitions

log = logging.getLogger(__name__)

DEAD_AFTER = 30.0  # seconds without a heartbeat after which a worker is dead
LONGEST_MEMORY_OF_JOBS = 14 * 24  # hours that failed jobs are kept to be looked at


@app.periodic(cron="* * * * *")
@app.task(name="upkeep.take_up_jobs", queueing_lock="upkeep.take_up_jobs", pass_context=True)
async def take_up_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - procrastinate passes the minute it is for
    """Give the jobs of a worker that died to one that lives."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        log.warning("taking up the job of a dead worker", extra={"job": job.id, "task": job.task_name})
        await context.app.job_manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="upkeep.daily", queueing_lock="upkeep.daily")
def daily(timestamp: int) -> None:
    """Partitions ahead, retention, sessions that are over."""
    now = datetime.fromtimestamp(timestamp, UTC)
    make_partitions(now)
    done = apply_retention(now)
    SessionStore.clear_expired()
    log.info("daily upkeep", extra={"dropped": done.dropped, "thinned": done.thinned})


@app.periodic(cron="37 * * * *")
@app.task(name="upkeep.old_jobs", queueing_lock="upkeep.old_jobs", pass_context=True)
async def old_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
    """Failed jobs are kept for two weeks, finished ones not at all."""
    await context.app.job_manager.delete_old_jobs(nb_hours=LONGEST_MEMORY_OF_JOBS, include_failed=True, include_cancelled=True)
