"""The jobs as a process: procrastinate's worker on Django's database."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from typing import TYPE_CHECKING

from textfirst.core import spare_memory
from textfirst.core.logs import set_up_logs

if TYPE_CHECKING:
    from procrastinate import App

CONCURRENCY = 6  # jobs at once; most wait for the database
BOOKKEEPING = 2  # connections at most for taking and finishing jobs, 5 MB of the server each; the jobs themselves have their own
STOP_LIMIT = 1.5  # seconds for jobs to end; what does not is taken up again at the next start
BEGIN_AGAIN = 1.0  # seconds after the database went away from under the worker

log = logging.getLogger(__name__)


def work(*, renewable: bool = False) -> bool:
    """Work until told to stop. Returns whether we told ourselves, being `renewable`: an import leaves 15 MB behind that only an end gives back."""
    from django.db import connections
    from procrastinate import PsycopgConnector
    from procrastinate.contrib.django import app, connector_params

    connections.settings["default"]["CONN_MAX_AGE"] = 0  # jobs are few, and each of their threads would keep a server process of 5 MB
    ours: list[bool] = []

    def renew() -> None:
        log.info("the jobs begin afresh to give back memory")
        ours.append(True)
        os.kill(os.getpid(), signal.SIGTERM)

    spare_memory.watch(renew=renew if renewable else None)
    gc.set_threshold(*spare_memory.SELDOM)
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=BOOKKEEPING, max_idle=15)
    with app.replace_connector(connector) as worker:
        asyncio.run(_until_stopped(worker))
    return bool(ours)


async def _until_stopped(worker: App) -> None:
    """A worker stops when one of its loops loses the database; we stop only when we are told to."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        await _one_run(worker, stopping)
        await asyncio.wait({stopping}, timeout=BEGIN_AGAIN)


async def _one_run(worker: App, stopping: asyncio.Task[bool]) -> None:
    """Until the worker ends, or is to be stopped."""
    running = asyncio.create_task(_run(worker))
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if stopping.done():
        running.cancel()
        await asyncio.wait({running})
    _tell(running, asked=stopping.done())


def _tell(ended: asyncio.Task[None], *, asked: bool) -> None:
    """How a run ended. One that lost the database ends by an error or cancels itself, and may do so while it is stopped; none of it ends the process."""
    if not ended.cancelled() and (error := ended.exception()):
        log.warning("the worker ended by an error: %s", error)
    elif not asked:
        log.warning("the worker stopped by itself and begins again")


async def _run(worker: App) -> None:
    async with worker.open_async():
        await worker.run_worker_async(
            concurrency=CONCURRENCY, shutdown_graceful_timeout=STOP_LIMIT, delete_jobs="successful", name="textfirst", install_signal_handlers=False
        )  # fmt: skip


def main() -> None:
    """`python -m textfirst.config.worker`: the jobs alone, for `textfirst jobs`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textfirst.config.settings")
    import django

    set_up_logs("jobs")
    django.setup()
    work()


if __name__ == "__main__":
    main()
