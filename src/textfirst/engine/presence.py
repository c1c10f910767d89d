"""The name of a node, which says enough to prove it dead: its successor then need not wait for its lease.

A process is one of a boot, of the namespaces that count its number and its time, and of a moment at which it began; the name has all of
these, and the home. Only who shares everything but the number and the moment can tell, and only that the process is gone: one that is stopped
(SIGSTOP), hangs or has not been buried by its parent still counts as alive, and so does everything on another machine.
"""

from __future__ import annotations

import os
import secrets
import socket
from base64 import urlsafe_b64encode
from hashlib import blake2b
from pathlib import Path

PROC = Path("/proc")


def node_name(home: Path) -> str:
    """`host:place:process:began` of this process; short, for it stands on every attempt."""
    pid = os.getpid()
    began = began_at(pid)
    place = _place(home) if began is not None else None
    return f"{_host()}:{place or secrets.token_hex(4)}:{pid}:{began or 0}"


def is_gone(holder: str, node: str) -> bool:
    """Whether `node`, which is us, knows for certain that the process called `holder` has ended."""
    theirs, ours = holder.rsplit(":", 2), node.rsplit(":", 2)
    if len(theirs) != 3 or theirs[0] != ours[0] or not (theirs[1].isdecimal() and theirs[2].isdecimal()):
        return False
    pid = int(theirs[1])
    try:
        os.kill(pid, 0)  # asks only; unlike /proc, nobody can hide the answer from us
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    began = began_at(pid)
    return began is not None and began != int(theirs[2])


def began_at(pid: int) -> int | None:
    """When a process began, in the kernel's ticks since the boot: field 22 of proc_pid_stat(5). None where nobody tells."""
    try:
        return int((PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[19])
    except (OSError, ValueError, IndexError):
        return None


def _place(home: Path) -> str | None:
    """All that two processes must share for one to know of the other, in a few characters; None where the kernel does not say."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text()
        spaces = [str((PROC / "self/ns" / kind).readlink()) for kind in ("pid", "time") if (PROC / "self/ns" / kind).is_symlink()]
    except OSError:
        return None
    said = "\0".join((boot, *spaces, str(home.resolve())))
    return urlsafe_b64encode(blake2b(said.encode(), digest_size=6).digest()).decode()


def _host() -> str:
    return socket.gethostname()[:20]
