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
REASON = "no Chromium on this machine"


def find_browser() -> str | None:
    """The path of an installed Chromium, for playwright's `executable_path`."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch_arguments() -> list[str]:
    """What Chromium needs on this machine: its sandbox refuses root, and containers have little /dev/shm."""
    return ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if find_browser() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=REASON))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out = _left_out(terminalreporter)
    if not left_out:
        return
    terminalreporter.section(f"Browser journeys that did NOT run: {REASON}")
    for name in left_out:
        terminalreporter.line(name)
    terminalreporter.line("Install it (on Debian: apt-get install chromium fonts-noto-core) and run `make test` again.")


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if exitstatus == pytest.ExitCode.OK and os.environ.get(REQUIRED) == "1" and reporter is not None and _left_out(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _left_out(reporter: pytest.TerminalReporter) -> list[str]:
    """From the reports, because under xdist the tests are collected elsewhere."""
    return [report.nodeid for report in reporter.stats.get("skipped", []) if REASON in str(report.longrepr)]
