"""What the supervisor does when the database cannot be opened again."""

import errno
import json
from types import SimpleNamespace

import pytest

from textfirst.core.settings import Settings
from textfirst.supervisor import postgres
from textfirst.supervisor.trouble import Exit, Trouble
from textfirst.supervisor.up import Up


@pytest.mark.parametrize(
    "why",
    [
        OSError(errno.ENOSPC, "No space left on device", "postgresql.conf"),
        Trouble("PostgreSQL does not answer.", Exit.DATABASE),
    ],
)
def test_a_database_that_cannot_be_opened_now_is_tried_again_later(tmp_path, monkeypatch, why):
    """T11: after the disk was full it recovers without hands."""
    settings = Settings(
        home=tmp_path, database_url="", url="http://localhost:8000", bind="127.0.0.1:8000", smpp_bind="127.0.0.1:2775", development=False
    )
    settings.logs.mkdir()
    shown: list[str] = []
    up, opened, answers = Up(settings, shown.append), SimpleNamespace(pid=4711), [why, why]
    up.cluster = SimpleNamespace(url=lambda: "postgresql://")
    settings.run.mkdir()

    def open_database(*_, **__):
        if answers:
            raise answers.pop()
        return opened

    monkeypatch.setattr(postgres, "open_database", open_database)
    up._mind_database()
    assert shown[-1].endswith("Trying again in 1 s.")
    assert "No space left on device (postgresql.conf)" in shown[-1] or "does not answer" in shown[-1]
    up._mind_database()
    assert up.database is None  # not yet
    up.database_due = 0.0
    up._mind_database()
    assert shown[-1].endswith("Trying again in 2 s.")
    up.database_due = 0.0
    up._mind_database()
    assert up.database is opened
    assert json.loads((settings.run / "state.json").read_text())["processes"]["postgres"] == opened.pid, (
        "who asks for its number hears the new one"
    )
    up._close_journals()


def test_a_state_that_cannot_be_written_ends_nothing(tmp_path):
    settings = Settings(
        home=tmp_path, database_url="postgresql://", url="http://localhost:8000", bind="127.0.0.1:8000", smpp_bind="", development=False
    )
    settings.logs.mkdir()
    settings.run.write_text("no folder")
    shown: list[str] = []
    up = Up(settings, shown.append)
    up._heard({"kind": "started", "name": "jobs", "pid": 4711})
    up._close_journals()
    assert "cannot be written" in shown[-1]
