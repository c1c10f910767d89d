"""The folder we live in: made, checked, locked.

The lock is the kernel's (flock): it goes with the process that holds it, so a lock file left by a crash never stands in the way.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from textfirst.core.settings import LONGEST_SOCKET_NAME, SOCKET_PATH_LIMIT, Settings
from textfirst.database.server import Account
from textfirst.supervisor.trouble import Exit, Trouble

MB = 1024 * 1024
ROOM_TO_START = 200 * MB  # PostgreSQL needs room for its log of changes even to start after a crash
ROOM_TO_BE_EASY = 1024 * MB
MODE_PASSAGE, MODE_OURS = 0o711, 0o700


@dataclass(frozen=True, slots=True)
class Room:
    """What the disk has left."""

    free: int  # bytes
    total: int

    @property
    def low(self) -> bool:
        return self.free < max(ROOM_TO_BE_EASY, self.total // 50)

    @property
    def none(self) -> bool:
        return self.free < ROOM_TO_START

    def __str__(self) -> str:
        return f"{self.free // MB:,} MB"


def room(folder: Path) -> Room:
    """Room on the disk of `folder`, or of its nearest parent that exists."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return Room(usage.free, usage.total)


def prepare(settings: Settings, account: Account | None) -> None:
    """Make our folders and check that we can live there; raises Trouble with what to do otherwise.

    `account` runs the embedded database (None without one): as root it must be able to pass through, but never to read.
    """
    left = room(settings.home)
    if left.none:
        raise Trouble(
            f"The disk is nearly full: {left} are left at {settings.home}, and Textfirst needs {ROOM_TO_START // MB} MB to start safely. "
            "Free some room and start again; your data is unharmed.",
            Exit.DISK_FULL,
        )
    mode = MODE_PASSAGE if account and account.drops else MODE_OURS
    try:
        _make(settings.home, mode)
        _make(settings.run, mode)
        for folder in (settings.logs, settings.backups, settings.mail, settings.uploads, settings.frames):
            _make(folder, MODE_OURS)
        _check_writable(settings.home)
    except OSError as why:
        raise Trouble(
            f"Textfirst cannot write to {why.filename or settings.home} ({why.strerror}). "
            "Give this user the right to write there, or choose another folder with TEXTFIRST_HOME.",
            Exit.FOLDER,
        ) from why
    _check_socket_length(settings.run)


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Hold the home's lock; raises Trouble when another Textfirst runs on it."""
    descriptor = os.open(settings.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(_already(settings), Exit.ALREADY_RUNNING) from None
        yield


def is_running(settings: Settings) -> bool:
    """Whether somebody holds the home's lock."""
    try:
        with settings.lock_file.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # no lock file, or none that we may open: nobody of ours runs here
        return False
    return False


def _already(settings: Settings) -> str:
    try:
        facts = json.loads((settings.run / "state.json").read_text())
        who = f" (process {facts['pid']}, at {facts['url']})"
    except (OSError, ValueError, KeyError):  # it may be starting and have written nothing yet
        who = ""
    return f"Textfirst runs already on {settings.home}{who}. Stop that one first, or give this one a home of its own with TEXTFIRST_HOME."


def _make(folder: Path, mode: int) -> None:
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        if folder.parent.resolve() == Path("/tmp").resolve():  # noqa: S108 - that is the point: others write there too
            raise PermissionError(1, "it belongs to another user", str(folder))
        return
    folder.chmod(mode)


def _check_writable(home: Path) -> None:
    probe = home / ".writable"
    probe.write_text("")
    probe.unlink()


def _check_socket_length(run: Path) -> None:
    if len(str(run)) + LONGEST_SOCKET_NAME > SOCKET_PATH_LIMIT:
        raise Trouble(f"The path {run} is too long for a socket. Choose a shorter TEXTFIRST_HOME.", Exit.FOLDER)
