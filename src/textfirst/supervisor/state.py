"""What a running supervisor tells `textfirst status`: a small file beside the lock, replaced whole at each change."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Any

from textfirst.core.settings import Settings
from textfirst.supervisor.home import is_running

NAME = "state.json"


@dataclass(frozen=True, slots=True)
class State:
    pid: int
    url: str
    bind: str
    smpp_bind: str
    database_url: str
    started_at: str
    ready: bool
    processes: dict[str, int]  # name → process id


def write(settings: Settings, state: State) -> None:
    fresh = settings.run / f".{NAME}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(state), file)
    fresh.replace(settings.run / NAME)


def remove(settings: Settings) -> None:
    (settings.run / NAME).unlink(missing_ok=True)


def running(settings: Settings) -> State | None:
    """The state of the Textfirst that runs on this home, if one does."""
    if not is_running(settings):
        return None
    try:
        facts: dict[str, Any] = json.loads((settings.run / NAME).read_text())
    except (OSError, ValueError):  # it is starting and has written nothing yet
        return None
    return State(**facts)
