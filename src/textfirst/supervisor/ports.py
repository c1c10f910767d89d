"""Whether the addresses we want are free. The public address is the person's choice and never moves; the simulator's may."""

from __future__ import annotations

import errno
import socket

from textfirst.supervisor.trouble import Exit, Trouble

READY_PATIENCE = 3.0  # seconds for one answer


def check_public(bind: str) -> None:
    """Raise Trouble when the front could not listen on `bind`."""
    if why := _refusal(bind):
        raise Trouble(f"{why} {_advice(bind)}", Exit.PORT_BUSY)


def serves(bind: str) -> bool:
    """Whether the front that listens on `bind` says it is ready: GET /readyz gives 200."""
    host, port = split(bind)
    target = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))  # noqa: S104 - compared, not bound
    try:
        with socket.create_connection((target, port), timeout=READY_PATIENCE) as connection:
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def simulator_bind(bind: str) -> str:
    """`bind` if it is free, else the same host with a port that is."""
    host, _ = split(bind)
    return f"{host}:{free_port(host)}" if _refusal(bind) else bind


def split(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    return host, int(port)


def free_port(host: str) -> int:
    """A port that is free now."""
    with _socket_for(host) as probe:
        probe.bind((host.strip("[]"), 0))
        return int(probe.getsockname()[1])


def _advice(bind: str) -> str:
    host, _ = split(bind)
    try:
        return f"Choose another: TEXTFIRST_BIND={host}:{free_port(host)} textfirst up"
    except OSError:  # no port of that address is ours
        return "Choose another: TEXTFIRST_BIND=127.0.0.1:8000 textfirst up"


def _refusal(bind: str) -> str:
    """Why one cannot listen there, as a sentence; empty when one can."""
    host, port = split(bind)
    try:
        with _socket_for(host) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host.strip("[]"), port))
    except OSError as why:
        if why.errno == errno.EADDRINUSE:
            return f"Port {port} on {host} is in use by another program."
        if why.errno == errno.EACCES:
            return f"Port {port} on {host} is not ours to use: ports below 1024 need root, or a proxy before Textfirst."
        if why.errno == errno.EADDRNOTAVAIL:
            return f"{host} is not an address of this machine."
        return f"{bind} cannot be used ({why.strerror})."
    return ""


def _socket_for(host: str) -> socket.socket:
    return socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
