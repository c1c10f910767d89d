"""Early pytest plugin (`-p textfirst.testing.postgres`): where the database is, before anybody reads Django's settings.

It only chooses names. The server starts with the first test that asks for a database, so `pytest tests/unit` never starts
one; and because rules need no Django, a run that is given nothing but `tests/unit` does not import it either.
"""

from __future__ import annotations

import atexit
import os
import signal
from collections.abc import Generator
from pathlib import Path
from types import FrameType

import pytest

from textfirst.testing.server import TestServer, for_this_run

PURE = Path("tests/unit")
SERVER = pytest.StashKey[TestServer]()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    """Runs around pytest-django's hook of this name, which imports the settings."""
    server, ours = for_this_run()
    early_config.stash[SERVER] = server
    os.environ["TEXTFIRST_HOME"] = str(server.home)
    os.environ["DATABASE_URL"] = server.url(database_name(server))
    if ours:
        _stop_at_the_end(server)
    if _only_pure(early_config.known_args_namespace.file_or_dir, early_config.invocation_params.dir):
        os.environ["DJANGO_SETTINGS_MODULE"] = ""  # pytest-django then leaves Django alone
    yield


def pytest_configure(config: pytest.Config) -> None:
    from textfirst.testing import browser, fixtures

    config.pluginmanager.register(browser, "textfirst-browser")
    config.pluginmanager.register(fixtures, "textfirst-fixtures")  # after pytest-django, whose django_db_setup it replaces


def database_name(server: TestServer) -> str:
    return server.name(f"textfirst_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")


def _only_pure(arguments: list[str], folder: Path) -> bool:
    pure = folder / PURE
    paths = [Path(folder, argument.split("::")[0]).resolve() for argument in arguments]
    return bool(paths) and all(path == pure or pure in path.parents for path in paths)


def _stop_at_the_end(server: TestServer) -> None:
    """Also on SIGTERM; Ctrl-C already ends in atexit, and the guard covers kill -9."""
    owner = os.getpid()

    def stop() -> None:
        if os.getpid() == owner:  # a forked child of a test must not stop the server of all
            server.stop()

    def end(signum: int, _: FrameType | None) -> None:
        raise SystemExit(128 + signum)

    atexit.register(stop)
    signal.signal(signal.SIGTERM, end)
