"""Logs: whole lines, JSON always, rotated, the important ones shown."""

from __future__ import annotations

import json
import stat

import pytest

from textfirst.supervisor import journal as module
from textfirst.supervisor.journal import Journal, Switch


@pytest.fixture
def shown():
    return []


@pytest.fixture
def journal(tmp_path, shown):
    made = Journal(tmp_path, "front", shown.append)
    yield made
    made.close()


def lines(journal):
    return [json.loads(line) for line in journal.path.read_text().splitlines()]


def test_a_line_in_two_pieces_is_one_line(journal, shown):
    journal.feed(b'{"level": "WARNING", "mess')
    assert shown == []
    journal.feed(b'age": "slow"}\n{"level": "INFO", "message": "fine"}\n')
    assert shown == ["front: slow"]
    assert [line["message"] for line in lines(journal)] == ["slow", "fine"]


@pytest.mark.parametrize(
    ("said", "level"),
    [
        (b"2026 [1] FATAL:  could not open file", "ERROR"),
        (b"2026 [1] PANIC:  could not write", "CRITICAL"),
        (b"2026 [1] FATAL:  the database system is starting up", "INFO"),
        (b"ModuleNotFoundError: No module named 'x'", "ERROR"),
        (b"psycopg.errors.UndefinedTable: no table", "INFO"),
        (b'  File "x.py", line 1, in <module>', "INFO"),
        (b"\xff\xfe", "INFO"),
    ],
)
def test_what_is_no_json_is_wrapped_with_its_level(journal, said, level):
    journal.feed(said + b"\n")
    [line] = lines(journal)
    assert (line["level"], line["process"]) == (level, "front")


def test_files_are_rotated_closed_to_others_and_few(journal, monkeypatch, tmp_path):
    monkeypatch.setattr(module, "LARGEST", 200)
    for number in range(40):
        journal.note(f"number {number}")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["front.log", "front.log.1", "front.log.2", "front.log.3", "front.log.4"]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())


def test_lines_of_processes_that_share_a_pipe_go_to_their_own_files(tmp_path, shown):
    nest, jobs = (Journal(tmp_path, name, shown.append) for name in ("nest", "jobs"))
    switch = Switch({"jobs": jobs}, nest)
    switch.feed(b'{"level": "INFO", "message": "one", "process": "jobs"}\nplain\n{"level": "INFO", "message": "two", "process": "?"}\n')
    assert [line["message"] for line in lines(jobs)] == ["one"]
    assert [line["message"] for line in lines(nest)] == ["plain", "two"]
    nest.close()
    jobs.close()


def test_a_full_disk_costs_lines_and_not_the_supervisor(journal, shown):
    """T11: with no room for logs everything else goes on, and the log says how many lines are missing."""

    class Full:
        def write(self, data):
            raise OSError(28, "No space left on device")

    real, journal._file = journal._file, Full()
    for number in range(3):
        journal.note(f"lost {number}")
    assert len(shown) == 1
    assert "No space left on device" in shown[0]
    journal._file = real
    journal.note("there is room again")
    journal.note("and more")
    said = [line["message"] for line in map(json.loads, filter(None, journal.path.read_text().splitlines()))]
    assert said == ["3 lines before this one are missing: the disk was full.", "there is room again", "and more"]
