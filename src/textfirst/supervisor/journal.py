"""Logs of all processes: one JSON object a line in `<home>/logs/<process>.log`, rotated; the important ones also on the screen."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

LARGEST = 5 * 1024 * 1024  # bytes of one log file
KEPT = 4  # older files of each process
SHOWN = {"WARNING", "ERROR", "CRITICAL"}

EXPECTED = (
    "the database system is starting up",
    "the database system is shutting down",
    "terminating connection due to administrator command",
)
PYTHON_ERROR = re.compile(
    r"([a-z_]\w*\.)*[A-Z]\w*(Error|Exception|Ready|Unavailable|Conflict|Invalid\w*)(: |$)"
)  # the last line of a traceback

Show = Callable[[str], None]


class Journal:
    """The log of one process. Lines that are no JSON (PostgreSQL's, a traceback's) are wrapped into it."""

    def __init__(self, folder: Path, process: str, show: Show) -> None:
        self.path = folder / f"{process}.log"
        self.process = process
        self.last = ""  # the last telling line, for the sentence that says why a process ended
        self._show = show
        self._rest = b""
        self._file: BinaryIO = _open(self.path)
        self._lost = 0  # lines since the disk became full

    def feed(self, data: bytes) -> None:
        """Take what the process wrote; whole lines are kept, the rest waits for its end."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.strip():
                self._keep(line)

    def note(self, message: str, level: str = "INFO") -> None:
        """A line of our own."""
        self._write(_wrapped(self.process, message, level))

    def close(self) -> None:
        if self._rest.strip():
            self._keep(self._rest)
        self._file.close()

    def _keep(self, line: bytes) -> None:
        try:
            facts = json.loads(line)
            level, message = facts["level"], facts["message"]
        except (ValueError, KeyError, TypeError):
            message = line.decode(errors="replace").rstrip()
            level = _guessed_level(message)
            line = _wrapped(self.process, message, level)
        self._write(line)
        if level in SHOWN:
            self.last = str(message)
            self._show(f"{self.process}: {message}")

    def _write(self, line: bytes) -> None:
        """A full disk costs lines of the log, never the process that they speak of (T11)."""
        if self._lost:
            told = _wrapped(self.process, f"{self._lost} lines before this one are missing: the disk was full.", "WARNING")
            line = b"\n" + told + b"\n" + line  # the last one may have been cut
        try:
            written = self._file.write(line + b"\n")
        except OSError as why:
            written = 0
            if not self._lost:
                self._show(f"! {self.path} cannot be written ({why.strerror}); what it would say is lost")
        if written <= len(line):
            self._lost += 1
            return
        self._lost = 0
        if self._file.tell() > LARGEST:
            self._turn_over()

    def _turn_over(self) -> None:
        self._file.close()
        _rotate(self.path)
        self._file = _open(self.path)


class Switch:
    """Sorts the lines of several processes that share one pipe into their journals, by the process each line names."""

    def __init__(self, journals: Mapping[str, Journal], default: Journal) -> None:
        self._journals = journals
        self._default = default
        self._rest = b""

    def feed(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._of(line).feed(line + b"\n")

    def _of(self, line: bytes) -> Journal:
        try:
            return self._journals.get(json.loads(line)["process"], self._default)
        except (ValueError, KeyError, TypeError):  # no JSON of ours
            return self._default


def _open(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0)


def _rotate(path: Path) -> None:
    for number in range(KEPT - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    path.replace(path.with_name(f"{path.name}.1"))


def _wrapped(process: str, message: str, level: str) -> bytes:
    facts = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "level": level, "process": process, "message": message}
    return json.dumps(facts, ensure_ascii=False).encode()


def _guessed_level(message: str) -> str:
    """PostgreSQL and Python's last words carry their level in the text."""
    if any(phrase in message for phrase in EXPECTED):
        return "INFO"
    if PYTHON_ERROR.match(message):
        return "ERROR"
    for word, level in (("FATAL", "ERROR"), ("PANIC", "CRITICAL"), ("ERROR", "ERROR"), ("WARNING", "WARNING")):
        if f"{word}:" in message:
            return level
    return "INFO"


def screen(line: str) -> None:
    """A line for the person who started us; gone screens (a closed terminal) are no reason to stop."""
    try:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    except (BrokenPipeError, OSError):
        pass  # the journal has it too
