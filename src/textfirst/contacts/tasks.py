"""Jobs about contacts."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from textfirst.contacts.actions.importing import give_up, run_import
from textfirst.contacts.actions.imports import JOB

MOST_ATTEMPTS = 6
RETRY = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=2)  # the database may be away for a moment


@app.task(name=JOB, retry=RETRY, pass_context=True)
def import_contacts(context: JobContext, workspace_id: str, import_id: str) -> None:
    """Run an import, or go on with one. What cannot be helped by trying again is said in the import, so that it does not seem to run for ever."""
    try:
        run_import(UUID(workspace_id), UUID(import_id), datetime.now(UTC).date())
    except Exception:  # whatever it was: procrastinate logs it and tries again, and after the last time people must be told
        if context.job.attempts + 1 >= MOST_ATTEMPTS:
            give_up(UUID(workspace_id), UUID(import_id))
        raise
