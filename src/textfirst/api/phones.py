"""The phones process, over its socket on this machine."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings

from textfirst.core.errors import Unavailable

PATIENCE = 5.0  # seconds; the process is on this machine
AWAY = "The simulator is not running. It starts with `textfirst up`, or by `textfirst phones`."


class Said(NamedTuple):
    """What it answered: an HTTP status and a body of JSON."""

    status: int
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask_phones(method: str, path: str, *, query: dict[str, Any], body: dict[str, Any] | None = None) -> Said:
    """Its answer, as it is. It trusts whoever reaches its socket: who may ask for which channel is checked before. Raises Unavailable."""
    connection = _Local(settings.PROCESS.phones_socket)
    sent = None if body is None else json.dumps(body).encode()
    try:
        connection.request(method, f"{path}?{urlencode(query)}", sent, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return Said(answer.status, answer.read())
    except (OSError, HTTPException) as error:
        raise Unavailable(AWAY, code="simulator_away") from error
    finally:
        connection.close()


class _Local(HTTPConnection):
    """Python's own client over a socket of this machine. A library would bring 4 to 9 MB with it, for one question at a time."""

    def __init__(self, path: Path) -> None:
        super().__init__("phones", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(str(self._path))
