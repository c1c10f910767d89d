"""The jobs that are due, run as `textfirst jobs` runs them, and back."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import connections
from procrastinate.contrib.django import app


def run_jobs() -> None:
    """Work until nothing is due. One thread, so that its connection can be closed."""
    asyncio.run(_until_idle())


async def _until_idle() -> None:
    loop, threads = asyncio.get_running_loop(), ThreadPoolExecutor(1)
    loop.set_default_executor(threads)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]  # the Django connector has it
        async with worker.open_async():
            await worker.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="never")
    await loop.run_in_executor(threads, connections.close_all)
