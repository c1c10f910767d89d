"""From an older major version of PostgreSQL to ours, by pg_upgrade, after a dump.

The old programs come from the copy that `binaries.keep` left beside the data, or from the system. The old data stays beside
the new as `data.<major>` until a person deletes it.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO

from textfirst.database.server.binaries import Binaries, kept
from textfirst.database.server.cluster import DATABASE, SUPERUSER, Cluster, last_line
from textfirst.database.server.dump import dump
from textfirst.database.server.errors import ServerError
from textfirst.database.server.process import Progress, start

ROOM = 1.2  # how many times the size of the data must be free for a copy; else files are shared by hard links


def check_major(cluster: Cluster) -> bool:
    """Whether the data must be moved to our major first; raises ServerError when it was made by a newer PostgreSQL."""
    if not cluster.exists or cluster.major == cluster.binaries.major:
        return False
    if cluster.major > cluster.binaries.major:
        raise ServerError(
            f"The data in {cluster.data} was made by PostgreSQL {cluster.major}, and this Textfirst brings {cluster.binaries.major}. "
            "Install the newer Textfirst that made it; nothing was touched.",
            code="postgres_newer",
        )
    return True


def move(cluster: Cluster, shelf: Path, backup: Path, *, log: IO[bytes] | int, progress: Progress) -> None:
    """Move the data to our major version. `backup` is where the dump goes that is made first."""
    old = replace(cluster, binaries=_old_programs(cluster, shelf))
    progress(f"The data was made by PostgreSQL {old.major}; saving it to {backup} before moving it to {cluster.binaries.major}")
    _save(old, backup, log)
    fresh = replace(cluster, data=cluster.data.with_name("data.upgraded"))
    shutil.rmtree(fresh.data, ignore_errors=True)
    fresh.create()
    fresh.configure()
    progress(f"Moving the data to PostgreSQL {cluster.binaries.major}; this may take some minutes")
    _pg_upgrade(old, fresh)
    retired = cluster.data.with_name(f"data.{old.major}")
    shutil.rmtree(retired, ignore_errors=True)
    cluster.data.rename(retired)
    fresh.data.rename(cluster.data)
    progress(f"The data is PostgreSQL {cluster.binaries.major}'s now. The old files stay in {retired}; delete them when you are content")


def _old_programs(cluster: Cluster, shelf: Path) -> Binaries:
    found = kept(shelf, cluster.major)
    if found is None:
        raise ServerError(
            f"The data in {cluster.data} was made by PostgreSQL {cluster.major}, whose programs are needed once to move it and are "
            f"not on this machine. Install PostgreSQL {cluster.major} (on Debian: apt-get install postgresql-{cluster.major}) and start again.",
            code="postgres_older",
        )
    return found


def _save(old: Cluster, backup: Path, log: IO[bytes] | int) -> None:
    """A dump by the old server; its clean stop afterwards is also what pg_upgrade asks for."""
    running = start(old, log=log)
    try:
        dump(old.url(DATABASE), backup, old.binaries)
    finally:
        running.stop()


def _pg_upgrade(old: Cluster, fresh: Cluster) -> None:
    with _workplace(old) as folder:
        command = [
            fresh.binaries.program("pg_upgrade"), "-U", SUPERUSER, "-b", str(old.binaries.folder), "-B", str(fresh.binaries.folder),
            "-d", str(old.data), "-D", str(fresh.data), "--socketdir", str(old.socket), "--link" if _cramped(old.data) else "--copy",
        ]  # fmt: skip
        ran = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, env=old.environment(), **old.account.child_options()
        )
        if ran.returncode != 0:
            shutil.rmtree(fresh.data, ignore_errors=True)
            raise ServerError(f"The data could not be moved, and is as it was: {_reason(ran.stdout + ran.stderr)}", code="postgres_upgrade")


class _workplace:  # noqa: N801 - reads as a function where it is used
    """A folder of the account's own, where pg_upgrade leaves its notes."""

    def __init__(self, cluster: Cluster) -> None:
        self.folder = cluster.data.with_name("upgrading")
        self.own: Callable[[Path], None] = cluster.account.own

    def __enter__(self) -> Path:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.own(self.folder)
        return self.folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _cramped(data: Path) -> bool:
    used = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    return shutil.disk_usage(data).free < used * ROOM


def _reason(said: str) -> str:
    """pg_upgrade prints its checks and, after a blank line, why it stopped."""
    telling = [line.strip() for line in said.splitlines() if line.strip() and not line.rstrip().endswith("ok")]
    return " ".join(telling[-4:]) if telling else last_line(said)
