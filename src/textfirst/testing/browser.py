"""The browser of the journeys: found on the machine, never downloaded; and an honest end when there is none.

Tests marked `browser` run when a Chromium is installed. Without one they are skipped and named at the end of the run; with
TEXTFIRST_BROWSER_REQUIRED=1 (as in .ci/run) the run fails instead.
"""

from __future__ import annotations

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = "TEXTFIRST_BROWSER_REQUIRED"
LEFT_OUT = pytest.StashKey[list[str]]()


def find_browser() -> str | None:
    """The path of an installed Chromium, for playwright's `executable_path`."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch_arguments() -> list[str]:
    """What Chromium needs on this machine: its sandbox refuses root, and containers have little /dev/shm."""
    return ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if find_browser() is not None:
        return
    journeys = [item for item in items if item.get_closest_marker("browser")]
    config.stash[LEFT_OUT] = [item.nodeid for item in journeys]
    for item in journeys:
        item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left_out = config.stash.get(LEFT_OUT, [])
    if not left_out:
        return
    terminalreporter.section("Browser journeys that did NOT run: no Chromium on this machine")
    for name in left_out:
        terminalreporter.line(name)
    terminalreporter.line("Install it (on Debian: apt-get install chromium fonts-noto-core) and run `make test` again.")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if session.config.stash.get(LEFT_OUT, []) and os.environ.get(REQUIRED) == "1" and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
