"""`python -m textfirst.engine`: talk to carriers until told to stop."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import sys
from typing import Any

import uvloop
from cryptography.fernet import InvalidToken

from textfirst.core import spare_memory
from textfirst.core.errors import SettingError
from textfirst.core.logs import set_up_logs
from textfirst.core.settings import Settings, read
from textfirst.database.keys import box, derived_key
from textfirst.database.place import default_home
from textfirst.engine.bind import Engine
from textfirst.engine.presence import node_name
from textfirst.engine.service import Service
from textfirst.engine.store import PostgresStore

log = logging.getLogger("textfirst.engine")


def main() -> int:
    """Run until SIGTERM or Ctrl-C; 1 when it cannot start, with one sentence that says why."""
    set_up_logs("engine")
    try:
        settings = read(os.environ, default_home=default_home())
        service = build(settings)
    except SettingError as error:
        log.critical("%s", error)
        return 1
    spare_memory.watch()
    gc.freeze()  # what is loaded by now stays: the collector need not look at it again
    gc.set_threshold(*spare_memory.SELDOM)
    uvloop.run(_run(service))
    return 0


def build(settings: Settings) -> Service:
    """The engine of this process. Raises SettingError."""
    if not settings.database_url:
        raise SettingError("DATABASE_URL is not set. `textfirst up` sets it for the processes it starts.")
    sealed = box(settings.keys_file)

    def open_secrets(value: bytes) -> dict[str, Any] | None:
        try:
            opened: dict[str, Any] = json.loads(sealed.decrypt(value)) if value else {}
        except InvalidToken:
            return None
        return opened

    node = node_name(settings.home)
    store = PostgresStore(
        settings.database_url, address_key=derived_key(settings.keys_file, "address"), open_secrets=open_secrets, node=node
    )
    return Service(
        Engine(store, node, settings.url),
        smpp_bind=settings.smpp_bind,
        metrics_file=settings.run / "engine.prom",
        private_providers=settings.private_providers,
    )


async def _run(service: Service) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, service.stop)
    log.info("the engine runs")
    await service.run()
    log.info("the engine has stopped")


if __name__ == "__main__":
    sys.exit(main())
