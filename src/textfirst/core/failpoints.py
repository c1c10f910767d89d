"""Named places at which a drill may stop a process dead, hold it up, or make it fail: `docs/reference/drills.md` lists them.

    TEXTFIRST_FAILPOINTS=claim.committed:exit@3                       the third time it gets there, the process dies as by kill -9
    TEXTFIRST_FAILPOINTS=answer.before_commit:raise@1,seed=7,front.committed:sleep=0.5@0.1
    TEXTFIRST_FAILPOINTS=@/tmp/points                                 read from a file, again whenever it changes; used up by one failure

`@N` is the N-th passing, and only that one; a number with a point is the chance of each passing, drawn from the seed. Without the variable
nothing is armed, and a place costs one look at a module's name: `if failpoints.armed: failpoints.reach("claim.committed")`.
"""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from textfirst.core.errors import SettingError

__all__ = ["NAMES", "Armed", "Failure", "armed", "reach", "read"]

VARIABLE: Final = "TEXTFIRST_FAILPOINTS"

NAMES: Final = (
    "claim.before_commit",  # engine: attempts are written, nothing is committed
    "claim.committed",  # engine: attempts are committed, no byte has left
    "submit.written",  # engine: the bytes are with the system, no answer can have come
    "answer.arrived",  # engine: answers were read, nothing is stored
    "answer.before_commit",  # engine: stored, not committed
    "answer.committed",  # engine: committed, nobody was told
    "receipt.before_commit",  # engine: receipts stored, not committed
    "receipt.committed",  # engine: receipts committed
    "text.before_commit",  # engine: texts from phones stored, not committed
    "inbound.before_ack",  # engine: committed, and the carrier has no deliver_sm_resp
    "front.before_commit",  # front: a group of sends stored, not committed
    "front.committed",  # front: committed, no caller was answered
    "campaign.page",  # jobs: recipients written down, not committed
    "campaign.batch",  # jobs: recipients made into messages, not committed
    "import.batch",  # jobs: rows of a file laid on contacts, not committed
    "migration.table",  # nest: a table made, its policies not yet
)


class Failure(RuntimeError):
    """What `raise` raises: an error nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Point:
    """What happens at one name, and when: the N-th passing, or by chance at each."""

    action: str  # exit | raise | sleep
    seconds: float
    nth: int
    chance: float


def read(text: str) -> dict[str, Point]:
    """The points of `TEXTFIRST_FAILPOINTS`. Raises SettingError naming what is wrong."""
    return dict(_point(item) for item in _items(text) if not item.startswith("seed="))


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def _point(item: str) -> tuple[str, Point]:
    name, _, rest = item.partition(":")
    action, _, when = rest.partition("@")
    action, _, seconds = action.partition("=")
    if name not in NAMES:
        raise SettingError(f"{VARIABLE} names {name!r}; there are {', '.join(NAMES)}.")
    if action not in {"exit", "raise", "sleep"} or (action == "sleep") != bool(seconds):
        raise SettingError(f"{VARIABLE} says {rest!r}; write exit, raise or sleep=<seconds>, then @ and which passing.")
    try:
        chance = float(when) if "." in when else 0.0
        return name, Point(action, float(seconds or 0), 0 if chance else int(when or 1), chance)
    except ValueError as error:
        raise SettingError(f"{VARIABLE} says {rest!r}; after @ comes a number.") from error


def _seed(text: str) -> str:
    return next((item for item in _items(text) if item.startswith("seed=")), "seed=0")


class Armed:
    """Points, and how often each was passed by this process."""

    def __init__(self, text: str) -> None:
        self._file = Path(text[1:]) if text.startswith("@") else None
        self._changed = 0
        self._arm("" if self._file else text)

    def reach(self, name: str) -> None:
        """Pass a place: nothing happens, or what was armed there does."""
        self._look()
        point = self._points.get(name)
        if point is None:
            return
        self._passed[name] += 1
        hit = self._random.random() < point.chance if point.chance else self._passed[name] == point.nth
        if hit and self._used_up():
            _do(point, name)

    def _arm(self, text: str) -> None:
        self._points = read(text)
        self._passed: Counter[str] = Counter()
        self._random = Random(_seed(text))  # noqa: S311 - faults, not secrets

    def _look(self) -> None:
        """Read the file again if it is another; without it nothing is armed."""
        if self._file is None:
            return
        try:
            changed = self._file.stat().st_mtime_ns
            if changed != self._changed:
                self._arm(self._file.read_text())
                self._changed = changed
        except FileNotFoundError:
            self._points, self._changed = {}, 0

    def _used_up(self) -> bool:
        """Of a file only one failure is made, whichever process is there first; the name it leaves says so."""
        if self._file is None:
            return True
        try:
            self._file.rename(self._file.with_suffix(".fired"))
        except FileNotFoundError:
            return False
        return True


def _do(point: Point, name: str) -> None:
    if point.action == "exit":
        os.kill(os.getpid(), signal.SIGKILL)
    elif point.action == "sleep":
        time.sleep(point.seconds)  # the whole process stands still, as on a machine that is out of breath
    else:
        raise Failure(f"The failpoint {name} was reached.")


armed: Final = Armed(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


def reach(name: str) -> None:
    """Pass a place of this process; only called when `armed`."""
    if armed is not None:
        armed.reach(name)
