"""`python -m textfirst.phones`: the carrier on TCP and the wall on its socket, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
import uvloop

from textfirst.core import spare_memory
from textfirst.core.errors import SettingError
from textfirst.core.logs import set_up_logs
from textfirst.core.settings import Settings, read
from textfirst.database.place import default_home
from textfirst.phones.simulator import Simulator, running_simulator
from textfirst.phones.wall import wall

logger = logging.getLogger("textfirst.phones")


class _Server(uvicorn.Server):
    """uvicorn without its own signal handlers: one place decides when we stop."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def main() -> int:
    """Run until told to stop; 1 when it cannot start, with one sentence that says why."""
    set_up_logs("phones")
    try:
        settings = read(os.environ, default_home=default_home())
    except SettingError as error:
        logger.critical("%s", error)
        return 1
    try:
        uvloop.run(_run(settings))
    except OSError as error:
        logger.critical(
            "The carrier simulator cannot start: %s. Is %s free, and can %s be written?", error, settings.smpp_bind, settings.home
        )
        return 1
    return 0


async def _run(settings: Settings) -> None:
    spare_memory.watch()
    gc.freeze()
    gc.set_threshold(*spare_memory.SELDOM)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    host, _, port = settings.smpp_bind.rpartition(":")
    async with running_simulator(home=settings.frames, smpp_host=host.strip("[]"), smpp_port=int(port)) as simulator:
        logger.info("the carrier simulator listens", extra={"smpp": f"{host}:{simulator.port}", "socket": str(settings.phones_socket)})
        await _serve_wall(simulator, settings.phones_socket, stop)


async def _serve_wall(simulator: Simulator, path: Path, stop: asyncio.Event) -> None:
    listener = _listen(path)
    config = uvicorn.Config(wall(simulator), log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=1)
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="wall")
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        simulator.hub.close()  # ends the open event streams, for which the server would wait
        server.should_exit = True
        await serving
    finally:
        stopping.cancel()
        _remove(path)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _listen(path: Path) -> socket.socket:
    """A socket only its owner may use, in place of what an earlier run left behind."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove(path)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    return listener


if __name__ == "__main__":
    sys.exit(main())
