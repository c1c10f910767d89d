"""The folder we live in: room, rights, lock, length."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

import pytest

from textfirst.core.errors import SettingError
from textfirst.core.settings import read
from textfirst.supervisor import home
from textfirst.supervisor.trouble import Exit, Trouble, exit_code, sentence

GB = 1024**3


def settings(folder, **environ):
    return read(environ, default_home=folder)


@pytest.mark.parametrize(
    ("free", "total", "low", "none"),
    [
        (100 * GB, 500 * GB, False, False),
        (5 * GB, 500 * GB, True, False),  # one part in a hundred
        (2 * GB, 20 * GB, False, False),
        (GB // 2, 20 * GB, True, False),
        (100 * 1024**2, 20 * GB, True, True),
    ],
)
def test_room(free, total, low, none):
    room = home.Room(free, total)
    assert (room.low, room.none) == (low, none)


def test_a_full_disk_is_refused_before_anything_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(home, "room", lambda _: home.Room(free=50 * 1024**2, total=GB))
    with pytest.raises(Trouble, match="disk is nearly full: 50 MB") as raised:
        home.prepare(settings(tmp_path / "home"), None)
    assert raised.value.exit_code is Exit.DISK_FULL
    assert not (tmp_path / "home").exists()


def test_folders_are_ours_alone(tmp_path):
    given = settings(tmp_path / "home")
    home.prepare(given, None)
    for folder in (given.home, given.run, given.logs, given.backups, given.mail, given.uploads):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_parent_keeps_its_rights(tmp_path):
    tmp_path.chmod(0o750)
    home.prepare(settings(tmp_path / "home"), None)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o750


def test_a_long_home_gets_its_sockets_elsewhere(tmp_path):
    given = settings(tmp_path / ("x" * 90))
    home.prepare(given, None)
    assert given.run.parent == Path("/tmp")
    assert stat.S_IMODE(given.run.stat().st_mode) == 0o700
    given.run.rmdir()


def test_one_at_a_time_and_a_lock_file_left_behind_is_nothing(tmp_path):
    given = settings(tmp_path / "home")
    home.prepare(given, None)
    given.lock_file.write_text("left by a crash")
    assert not home.is_running(given)
    with home.locked(given):
        assert home.is_running(given)
        with pytest.raises(Trouble, match="runs already") as raised, home.locked(given):
            pass
        assert raised.value.exit_code is Exit.ALREADY_RUNNING
    assert not home.is_running(given)


@pytest.mark.parametrize(
    ("why", "code", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x"), Exit.DISK_FULL, "The disk is full (/x)"),
        (PermissionError(errno.EACCES, "Permission denied", "/x"), Exit.FOLDER, "Permission denied: /x"),
        (SettingError("TEXTFIRST_BIND is wrong"), Exit.USAGE, "TEXTFIRST_BIND is wrong"),
        (Trouble("busy", Exit.PORT_BUSY), Exit.PORT_BUSY, "busy"),
        (ValueError("odd"), Exit.UNEXPECTED, "did not foresee: ValueError: odd"),
    ],
)
def test_every_error_has_a_sentence_and_a_code(why, code, words):
    assert exit_code(why) is code
    assert words in sentence(why)
