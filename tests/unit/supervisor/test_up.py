"""What the supervisor does when the database cannot be opened again."""

import errno

import pytest

from textfirst.core.settings import Settings
from textfirst.supervisor import postgres
from textfirst.supervisor.child import LONGEST_PAUSE
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
    up, opened, answers = Up(settings, shown.append), object(), [why]
    up.cluster = object()

    def open_database(*_, **__):
        if answers:
            raise answers.pop()
        return opened

    monkeypatch.setattr(postgres, "open_database", open_database)
    up._mind_database()
    assert shown[-1].endswith(f"Trying again in {LONGEST_PAUSE:.0f} s.")
    assert "No space left on device (postgresql.conf)" in shown[-1] or "does not answer" in shown[-1]
    up._mind_database()
    assert up.database is None  # not yet
    up.database_due = 0.0
    up._mind_database()
    assert up.database is opened
