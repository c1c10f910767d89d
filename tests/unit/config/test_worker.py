"""However a run of the jobs' worker ends, the process goes on until it is told to stop, and then ends without an error."""

import asyncio
import contextlib
import os
import signal

import pytest

from textfirst.config import worker


class Runs:
    """Stands for procrastinate's worker: each run ends as it is told, the last one when it is cancelled."""

    def __init__(self, *ends):
        self.ends = list(ends)
        self.begun = 0
        self.last = asyncio.Event()

    @contextlib.asynccontextmanager
    async def open_async(self):
        yield

    async def run_worker_async(self, **_):
        self.begun += 1
        if len(self.ends) > 1:
            raise self.ends.pop(0)
        self.last.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise self.ends.pop() from None


@pytest.mark.parametrize(
    "at_last", [asyncio.CancelledError(), OSError("the database went away while it stopped")], ids=["cancelled", "error"]
)
async def test_the_process_outlives_every_end_of_a_run(monkeypatch, caplog, at_last):
    monkeypatch.setattr(worker, "BEGIN_AGAIN", 0.01)
    runs = Runs(OSError("no database"), asyncio.CancelledError(), at_last)
    process = asyncio.create_task(worker._until_stopped(runs))
    async with asyncio.timeout(5):
        await runs.last.wait()
        assert runs.begun == 3
        os.kill(os.getpid(), signal.SIGTERM)
        await process
    assert [line for line in caplog.messages if "no database" in line or "by itself" in line] == [
        "the worker ended by an error: no database", "the worker stopped by itself and begins again",
    ]  # fmt: skip
