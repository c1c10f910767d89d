"""Which user runs the server: ourselves, or an existing unprivileged account when we are root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textfirst.database.server.errors import ServerError
from textfirst.database.server.flushing import flush

CANDIDATES = ("postgres", "nobody")  # initdb needs a passwd entry, and both exist on nearly every machine


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    uid: int
    gid: int
    drops: bool  # True when we are root and children must become this account

    def child_options(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that make the child run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drops else {}

    def own(self, folder: Path) -> None:
        """Make `folder` (0700) for this account alone. Its parents keep their permissions."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.drops:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def passage(self, folder: Path) -> None:
        """Make `folder`, ours, which this account may pass through but not read."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o711 if self.drops else 0o700)

    def write(self, path: Path, text: str) -> None:
        """Replace a file that this account reads. Its folder belongs to the account, so a link planted there is not followed."""
        fresh = path.with_name(f".{path.name}.new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            if self.drops:
                os.fchown(file.fileno(), self.uid, self.gid)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        flush(path.parent)

    def check_reach(self, folder: Path) -> None:
        """Raise ServerError when this account cannot enter `folder`, naming the first parent that stands in the way."""
        if not self.drops:
            return
        for step in [*reversed(folder.parents), folder]:
            entered = subprocess.run(["test", "-x", str(step)], check=False, **self.child_options())
            if entered.returncode != 0:
                raise ServerError(
                    f"PostgreSQL runs as the user {self.name!r}, who may not enter {step}. "
                    "Choose another TEXTFIRST_HOME, for example /var/lib/textfirst, or run Textfirst as an ordinary user.",
                    code="postgres_unreachable_folder",
                )


def running_account() -> Account:
    """The account that the server runs as; raises ServerError when there is none that PostgreSQL accepts."""
    uid = os.geteuid()
    if uid != 0:
        return Account(_own_name(uid), uid, os.getegid(), drops=False)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid, drops=True)
    raise ServerError(
        "PostgreSQL does not run as root, and this machine has neither a user 'postgres' nor 'nobody'. "
        "Create one, or run Textfirst as an ordinary user.",
        code="postgres_account",
    )


def _own_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise ServerError(
            f"The user id {uid} has no name on this machine, and PostgreSQL needs one. "
            "Add it to /etc/passwd, or point DATABASE_URL at a PostgreSQL 15 or newer.",
            code="postgres_account",
        ) from None
