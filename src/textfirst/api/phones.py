"""The phones process, over its socket on this machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from textfirst.core.errors import Unavailable

if TYPE_CHECKING:
    import httpx  # 4 MB with what it brings, and most consoles never speak to a simulator

PATIENCE = 5.0  # seconds; the process is on this machine
AWAY = "The simulator is not running. It starts with `textfirst up`, or by `textfirst phones`."


def ask_phones(method: str, path: str, *, query: dict[str, Any], body: dict[str, Any] | None = None) -> httpx.Response:
    """Its answer, as it is. It trusts whoever reaches its socket: who may ask for which channel is checked before. Raises Unavailable."""
    from httpx import TransportError

    socket = settings.PROCESS.phones_socket
    if not socket.exists():
        raise Unavailable(AWAY, code="simulator_away")
    try:
        return client(socket).request(method, path, params=query, json=body)
    except TransportError as error:
        raise Unavailable(AWAY, code="simulator_away") from error


@cache
def client(socket: Path) -> httpx.Client:
    """One per process, made at first use: after the fork, for sockets are not shared."""
    from httpx import Client, HTTPTransport

    return Client(transport=HTTPTransport(uds=str(socket), verify=False), base_url="http://phones", timeout=PATIENCE)
