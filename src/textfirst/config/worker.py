"""The jobs as a process: procrastinate's worker on Django's database."""

from __future__ import annotations

import os

from textfirst.core.logs import set_up_logs

CONCURRENCY = 6  # jobs at once; most wait for the database
STOP_LIMIT = 1.5  # seconds for jobs to end; what does not is taken up again at the next start


def work() -> None:
    """Work until told to stop."""
    from procrastinate.contrib.django import app

    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # procrastinate.contrib.django sets one that has it
    with app.replace_connector(connector) as worker:
        worker.run_worker(concurrency=CONCURRENCY, shutdown_graceful_timeout=STOP_LIMIT, delete_jobs="successful", name="textfirst")


def main() -> None:
    """`python -m textfirst.config.worker`: the jobs alone, for `textfirst jobs`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textfirst.config.settings")
    import django

    set_up_logs("jobs")
    django.setup()
    work()


if __name__ == "__main__":
    main()
