"""`textfirst up` as a person meets it: real processes on a home of their own."""

from __future__ import annotations

import os
import signal
import socket
import time

import pytest
from tests.e2e.installation import READY_LIMIT, STOP_LIMIT, free_port, new_installation, within


@pytest.fixture(scope="module")
def made():
    """A home that was started once, for the tests that begin with a second start."""
    with new_installation() as installation:
        yield installation


@pytest.fixture
def empty():
    with new_installation() as installation:
        yield installation


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
    assert {"postgres", "front", "nest", "light", "console", "jobs", "engine", "phones"} <= facts["state"]["processes"].keys()
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
    assert within(60, lambda: all(alive_anew(made, before, name) for name in ("phones", "jobs", "postgres")))
    assert within(60, lambda: made.get("/readyz") == 200)

    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert made.nothing_left_within(STOP_LIMIT)

    again, _ = made.up_and_ready()  # the lock and the state file of the killed one stand in nobody's way
    again.send_signal(signal.SIGTERM)
    assert again.wait(STOP_LIMIT + 5) == 0
    assert made.nothing_left_within(1)


def alive_anew(installation, before, name):
    return installation.pids().get(name, before[name]) != before[name]


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


def test_the_web_alone_serves_on_a_database_that_is_elsewhere(empty, fresh_database_url):
    process = empty.start("web", DATABASE_URL=fresh_database_url)
    assert within(READY_LIMIT, lambda: empty.get("/readyz") == 200)
    process.terminate()
    assert process.wait(STOP_LIMIT + 5) == 0
    assert empty.nothing_left_within(1)
    assert not (empty.home / "pg").exists()
