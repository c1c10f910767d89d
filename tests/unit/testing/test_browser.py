"""Without Chromium the rest runs and the journeys are named; where a browser is required that is a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from textfirst.testing.browser import NAMES, REQUIRED

CHECKOUT = Path(__file__).parents[3]
JOURNEYS = """
import pytest

@pytest.mark.browser
def test_somebody_buys():
    pass

def test_the_rest():
    pass
"""
LEFT_OUT = "Browser journeys that did NOT run"


@pytest.fixture
def machine(tmp_path):
    """Runs a command with nothing to be found on the PATH but these programs; `id` says that we are nobody special."""

    def run(*command: str, programs: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        for name, script in {"id": "echo 1000", **programs}.items():
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        others = {name: value for name, value in os.environ.items() if name != REQUIRED and not name.startswith("PYTEST_")}
        return subprocess.run(
            command,
            env={**others, "PATH": str(folder), **environment},
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def suite(machine, tmp_path):
    """Runs a suite of one journey and one other test."""
    (tmp_path / "test_shop.py").write_text(JOURNEYS)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = -p textfirst.testing.browser -p xdist.plugin\nmarkers = browser\n")

    def run(*arguments: str, programs: dict[str, str], **environment: str) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "-m", "pytest", "-c", str(tmp_path / "pytest.ini"), *arguments, str(tmp_path / "test_shop.py"))
        return machine(*command, programs=programs, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1", **environment)  # importing them all takes a second

    return run


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one process", "two"])
@pytest.mark.parametrize(("required", "code"), [("", pytest.ExitCode.OK), ("1", pytest.ExitCode.TESTS_FAILED)])
def test_without_a_browser_the_journeys_are_named_at_the_end(suite, processes, required, code):
    ended = suite(*processes, programs={}, **{REQUIRED: required})
    assert ended.returncode == code, ended.stdout
    assert "1 passed, 1 skipped" in ended.stdout
    named = ended.stdout.partition(LEFT_OUT)[2]
    assert "test_shop.py::test_somebody_buys" in named
    assert "test_the_rest" not in named


def test_with_a_browser_they_run(suite):
    ended = suite(programs={"chromium": "exit 0"}, **{REQUIRED: "1"})
    assert (ended.returncode, LEFT_OUT in ended.stdout) == (pytest.ExitCode.OK, False), ended.stdout
    assert "2 passed" in ended.stdout


class TestBeforeTheSuite:
    """`tools/browser`, which `make test` asks first."""

    @pytest.mark.parametrize("name", NAMES)
    def test_a_browser_is_enough(self, machine, name):
        ended = machine("/bin/sh", "tools/browser", programs={name: "exit 0"}, **{REQUIRED: "1"})
        assert (ended.returncode, ended.stdout) == (0, "")

    @pytest.mark.parametrize(("required", "code"), [("", 0), ("1", 1)])
    def test_nobody_special_is_told_and_goes_on_unless_one_is_required(self, machine, required, code):
        ended = machine("/bin/sh", "tools/browser", programs={"apt-get": "exit 1", "dirname": "echo ."}, **{REQUIRED: required})
        assert ended.returncode == code
        assert "no right to install" in ended.stdout
