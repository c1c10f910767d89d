"""`textfirst up` as a person meets it: real processes on a home of their own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

READY_LIMIT = 60  # seconds; this machine may be busy. What people wait for is measured by the bench
STOP_LIMIT = 5


class Installation:
    """One home, its ports and what was started on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port, self.smpp_port = free_port(), free_port()
        self.started: list[subprocess.Popen] = []

    def environment(self, **more):
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTFIRST_", "DJANGO_", "DATABASE_"))}
        binds = {"TEXTFIRST_BIND": f"127.0.0.1:{self.port}", "TEXTFIRST_SMPP_BIND": f"127.0.0.1:{self.smpp_port}"}
        return {**ours, "TEXTFIRST_HOME": str(self.home), **binds, **more}

    def run(self, *arguments, **more):
        """A command to its end."""
        command = [sys.executable, "-m", "textfirst.cli.main", *arguments]
        return subprocess.run(command, env=self.environment(**more), capture_output=True, text=True, timeout=READY_LIMIT, check=False)

    def up(self):
        command = [sys.executable, "-m", "textfirst.cli.main", "up"]
        process = subprocess.Popen(command, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.started.append(process)
        return process

    def up_and_ready(self):
        process = self.up()
        lines = []
        for line in process.stdout:
            lines.append(line)
            if line.startswith("Ready"):
                return process, lines
        raise AssertionError("".join(lines))

    def status(self):
        return json.loads(self.run("status", "--json").stdout)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as why:
            why.close()
            return why.code
        except OSError:
            return None

    def processes(self):
        """Everything that still lives for this home."""
        return [each for each in psutil.process_iter() if each.pid != os.getpid() and self.is_ours(each)]

    def is_ours(self, process):
        with contextlib.suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE:
                return process.environ().get("TEXTFIRST_HOME") == str(self.home) or str(self.home) in " ".join(process.cmdline())
        return False

    def nothing_left_within(self, seconds):
        deadline = time.monotonic() + seconds
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        return self.processes() == []

    def end(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
            process.stdout.close()
        assert self.nothing_left_within(10)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def made():
    """A home that was started once, for the tests that begin with a second start."""
    folder = Path(tempfile.mkdtemp(prefix="tf-"))
    folder.chmod(0o711)
    installation = Installation(folder / "home")
    yield installation
    installation.end()
    shutil.rmtree(folder)


@pytest.fixture
def empty():
    folder = Path(tempfile.mkdtemp(prefix="tf-"))
    folder.chmod(0o711)
    installation = Installation(folder / "home")
    yield installation
    installation.end()
    shutil.rmtree(folder)


@pytest.mark.slow
def test_it_starts_serves_refuses_a_second_and_stops_clean(made):
    process, lines = made.up_and_ready()
    assert f"http://localhost:{made.port}/setup" in lines[-1]
    assert made.get("/healthz") == 200
    assert made.get("/readyz") == 200

    second = made.run("up")
    assert second.returncode == 3
    assert second.stderr.startswith(f"Textfirst runs already on {made.home} (process {process.pid}")
    assert "Traceback" not in second.stdout + second.stderr

    facts = made.status()
    assert facts["state"]["ready"]
    assert {"postgres", "front", "nest", "console", "jobs", "engine", "phones"} <= facts["state"]["processes"].keys()
    assert facts["counts"]["workspaces"] == 0

    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(STOP_LIMIT + 5) == 0
    assert time.monotonic() - began < STOP_LIMIT
    assert made.processes() == []
    assert made.run("status").returncode == 1


@pytest.mark.slow
def test_what_dies_is_started_again_and_killing_the_supervisor_leaves_nothing(made):
    process, _ = made.up_and_ready()
    before = made.status()["state"]["processes"]
    for name in ("phones", "jobs", "postgres"):
        os.kill(before[name], signal.SIGKILL)
    assert within(20, lambda: all(alive_anew(made, before, name) for name in ("phones", "jobs", "postgres")))
    assert within(20, lambda: made.get("/readyz") == 200)

    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert made.nothing_left_within(STOP_LIMIT)

    again, _ = made.up_and_ready()  # the lock and the state file of the killed one stand in nobody's way
    again.send_signal(signal.SIGTERM)
    assert again.wait(STOP_LIMIT + 5) == 0
    assert made.nothing_left_within(1)


def within(seconds, true):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.2)
    return False


def alive_anew(installation, before, name):
    state = json.loads((installation.home / "run" / "state.json").read_text())
    return state["processes"].get(name, before[name]) != before[name]


def test_a_busy_port_is_named_and_another_offered(empty):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", empty.port))
        taken.listen()
        ended = empty.run("up")
    assert ended.returncode == 6
    assert f"Port {empty.port} on 127.0.0.1 is in use by another program" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_folder_that_cannot_be_written_is_named(empty):
    empty.home.write_text("a file stands where the folder should be")
    ended = empty.run("up")
    assert ended.returncode == 4
    assert ended.stderr.startswith("Textfirst cannot write to")
    assert "Traceback" not in ended.stderr


def test_data_of_a_newer_postgresql_is_refused(empty):
    data = empty.home / "pg" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("99\n")
    ended = empty.run("up")
    assert ended.returncode == 7
    assert "was made by PostgreSQL 99" in ended.stderr
    assert (data / "PG_VERSION").read_text() == "99\n"


def test_a_wrong_setting_names_its_variable(empty):
    ended = empty.run("up", TEXTFIRST_BIND="everywhere")
    assert ended.returncode == 2
    assert ended.stderr.startswith("TEXTFIRST_BIND is 'everywhere'")


def test_a_database_that_is_not_there_is_one_sentence(empty):
    ended = empty.run("up", DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_port()}/nothing")
    assert ended.returncode == 8
    assert ended.stderr.startswith("The database does not answer")
    assert "Traceback" not in ended.stderr
    assert empty.nothing_left_within(STOP_LIMIT)
