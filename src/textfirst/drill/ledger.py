"""The drill's own memory of what it asked for and what it was promised, one JSON object a line, on disk before anything else happens.

{"kind": "channel", "id", "window"}
{"kind": "campaign", "id", "addresses": [...]}                       every address must end with exactly one message
{"kind": "closing", "campaign", "closes"}                            none of its texts may leave from then on (ns since 1970)
{"kind": "asked", "key", "to", "text", "again": false}               before the first byte of the request; `again`: at least once
{"kind": "accepted", "key", "message_id"}                            after a 202: from here it must not be lost
{"kind": "refused", "key", "status"}                                 a final no: nothing may leave for it

It knows what the auditor needs and the database cannot be asked: what was promised.
"""

from __future__ import annotations

import json
import os
import threading
import time
from pathlib import Path
from typing import Any


class Ledger:
    """Appends from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab", buffering=0)
        self._lock = threading.Lock()

    def note(self, kind: str, **facts: Any) -> None:
        """Write a line and have it on disk."""
        line = json.dumps({"kind": kind, "at": time.time_ns(), **facts}, ensure_ascii=False).encode() + b"\n"
        with self._lock:
            self._file.write(line)
            os.fdatasync(self._file.fileno())

    def close(self) -> None:
        self._file.close()
