"""The console as a process: the WSGI application under granian on a local socket."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable
from typing import Any

from django.core.signals import request_finished, request_started
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from textfirst.core import spare_memory
from textfirst.core.logs import set_up_logs
from textfirst.core.settings import Settings, read
from textfirst.database.place import default_home
from textfirst.database.server.process import die_with_parent

THREADS = 8  # requests at once; each holds a database connection while it works
IDLE_THREAD = 20  # seconds; then a thread ends, and its database connection with it: each costs some 5 MB
STOP_LIMIT = 2  # seconds for requests to end

log = logging.getLogger(__name__)


def serve(settings: Settings) -> None:
    """Serve until told to stop. The worker forks from here, so whatever is imported already is shared with it."""
    settings.console_socket.unlink(missing_ok=True)
    server = Granian(
        "textfirst.config.wsgi:application", interface=Interfaces.WSGI, uds=settings.console_socket, uds_permissions=0o600,
        workers=1, blocking_threads=THREADS, blocking_threads_idle_timeout=IDLE_THREAD, backpressure=256, websockets=False, http=HTTPModes.http1,
        http1_settings=HTTP1Settings(keep_alive=True), workers_kill_timeout=STOP_LIMIT, log_enabled=True, log_level=LogLevels.error, log_dictconfig=_logs(), log_access=False,
    )  # fmt: skip
    server.serve(target_loader=_application_beside(os.getpid()))


def main() -> None:
    """`python -m textfirst.config.console`: the console alone, for `textfirst web`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "textfirst.config.settings")
    set_up_logs("console")
    serve(read(os.environ, default_home=default_home()))


def _application_beside(master: int) -> Callable[[str], Any]:
    """How the worker gets the application; first it asks to be stopped when granian's master dies."""

    def load(_: str) -> Any:
        if os.getpid() != master and (ask_kernel := die_with_parent(signal.SIGTERM, parent=master)):
            ask_kernel()
        from textfirst.config.wsgi import application

        spare_memory.watch(renew=_renewal(master))
        return application

    return load


def _renewal(master: int) -> Callable[[], None]:
    """What lets granian's master fork a fresh worker and then stop this one: an import or much surfing leaves 20 MB behind that only an end gives back."""
    under_way: list[None] = []  # one for each request, and for each download until it is through
    request_started.connect(lambda **_: under_way.append(None), weak=False)
    request_finished.connect(lambda **_: under_way.pop(), weak=False)

    def renew() -> None:
        if not under_way:
            log.info("the console begins afresh to give back memory")
            os.kill(master, signal.SIGHUP)

    return renew


def _logs() -> dict[str, Any]:
    """Granian's own loggers speak through ours; its words about starting workers are of no use to people."""
    quiet = {"handlers": [], "level": "ERROR", "propagate": True}
    return {"version": 1, "disable_existing_loggers": False, "loggers": {"_granian": quiet, "granian.access": quiet}}


if __name__ == "__main__":
    main()
