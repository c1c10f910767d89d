"""`textfirst doctor`: check the machine, say what to mend."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from textfirst.cli.output import json_option, settings, tell
from textfirst.core.errors import TextfirstError
from textfirst.core.settings import Settings
from textfirst.supervisor import home, ports, state
from textfirst.supervisor.trouble import Trouble

MARKS = {"ok": "✓", "warn": "!", "bad": "✗"}
LEAST_MEMORY = 1_000_000_000  # bytes for a comfortable start
OLDEST_SERVER = 150000  # server_version_num


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `mend` says what to do unless it is well."""

    what: str
    state: str  # ok, warn, bad
    detail: str
    mend: str = ""


@click.command()
@click.option("--dev", is_flag=True, help="Also what only contributors need: Node, a browser, fonts.")
@json_option
def doctor(*, dev: bool, as_json: bool) -> None:
    """Check this machine and say what to mend. Exit code 1 when something must be mended before Textfirst can run.

    \b
    Example:  textfirst doctor
    """
    given = settings()
    findings = [finding for check in (*CHECKS, *(CHECKS_DEV if dev else ())) for finding in check(given)]
    bad = [finding for finding in findings if finding.state == "bad"]
    warned = sum(finding.state == "warn" for finding in findings)
    closing = f"{len(bad)} to mend, {warned} to look at" if bad or warned else "All is well"
    tell(
        {"ok": not bad, "findings": [asdict(finding) for finding in findings]}, "\n".join([*map(_line, findings), closing]), as_json=as_json
    )
    if bad:
        click.get_current_context().exit(1)


def _line(finding: Finding) -> str:
    mend = f"\n    → {finding.mend}" if finding.mend and finding.state != "ok" else ""
    return f"{MARKS[finding.state]} {finding.what}: {finding.detail}{mend}"


def _python(_: Settings) -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    good = sys.version_info >= (3, 11)
    yield Finding("Python", "ok" if good else "bad", version, "Install Python 3.11 or newer.")


def _memory(_: Settings) -> Iterator[Finding]:
    import psutil

    total = psutil.virtual_memory().total
    yield Finding(
        "Memory", "ok" if total >= LEAST_MEMORY else "warn", f"{total / 1e9:.1f} GB", "1 GB is the least for a busy installation."
    )


def _disk(given: Settings) -> Iterator[Finding]:
    left = home.room(given.home)
    level = "bad" if left.none else "warn" if left.low else "ok"
    yield Finding("Disk", level, f"{left} free at {given.home}", "Free some room, or move TEXTFIRST_HOME to a larger disk.")


def _folder(given: Settings) -> Iterator[Finding]:
    if not given.home.exists():
        parent = next(folder for folder in given.home.parents if folder.exists())
        good = os.access(parent, os.W_OK)
        yield Finding(
            "Home",
            "ok" if good else "bad",
            f"{given.home} will be made at the first start",
            f"This user may not write to {parent}: set TEXTFIRST_HOME.",
        )
        return
    good = os.access(given.home, os.W_OK | os.X_OK)
    yield Finding(
        "Home", "ok" if good else "bad", f"{given.home}", "This user may not write there: set TEXTFIRST_HOME, or mend the rights."
    )


def _ports(given: Settings) -> Iterator[Finding]:
    if home.is_running(given):
        yield Finding("Ports", "ok", f"in use by the Textfirst that runs here ({given.bind})")
        return
    try:
        ports.check_public(given.bind)
        yield Finding("Port", "ok", f"{given.bind} is free")
    except Trouble as why:
        yield Finding("Port", "bad", f"{given.bind} cannot be used", why.message)
    if ports.simulator_bind(given.smpp_bind) != given.smpp_bind:
        yield Finding(
            "Simulator's port", "warn", f"{given.smpp_bind} is in use", "The simulator will take a free one; or set TEXTFIRST_SMPP_BIND."
        )


def _programs(given: Settings) -> Iterator[Finding]:
    if given.database_url:
        return
    from textfirst.database import server

    try:
        found, account = server.find(), server.running_account()
        yield Finding("PostgreSQL", "ok", f"{found.version} from {found.folder}, run as {account.name}")
    except TextfirstError as why:
        yield Finding("PostgreSQL", "bad", "cannot be run", why.message)


def _database(given: Settings) -> Iterator[Finding]:
    found = state.running(given)
    url = given.database_url or (found.database_url if found else "")
    if not url:
        yield Finding("Database", "ok", "the embedded one, started by `textfirst up`")
        return
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            yield from _asked(connection)
    except psycopg.Error as why:
        yield Finding("Database", "bad", "does not answer", f"{str(why).strip().splitlines()[0]}. Check DATABASE_URL.")


def _asked(connection: Any) -> Iterator[Finding]:
    version = int(connection.execute("show server_version_num").fetchone()[0])
    yield Finding(
        "Database",
        "ok" if version >= OLDEST_SERVER else "bad",
        f"PostgreSQL {version // 10000} answers",
        "Textfirst needs PostgreSQL 15 or newer.",
    )
    role, superuser, bypass, may_create = connection.execute(
        "select current_user, rolsuper, rolbypassrls, has_database_privilege(current_database(), 'CREATE') from pg_roles where rolname = current_user"
    ).fetchone()
    if not may_create:
        yield Finding("Database role", "bad", f"{role} may not make tables", f"As a superuser: ALTER DATABASE … OWNER TO {role}")
    elif superuser or bypass:
        yield Finding(
            "Database role",
            "warn",
            f"{role} is a superuser or passes row security",
            "An ordinary role that owns the database is enough and safer.",
        )
    else:
        yield Finding("Database role", "ok", f"{role} owns what it needs and no more")


def _keys(given: Settings) -> Iterator[Finding]:
    from textfirst.database.backup import keys_were_saved

    if not given.keys_file.exists():
        yield Finding("Secret keys", "ok", "will be made at the first start")
        return
    mode = stat.S_IMODE(given.keys_file.stat().st_mode)
    if mode & 0o077:
        yield Finding("Secret keys", "bad", f"others can read {given.keys_file}", f"chmod 600 {given.keys_file}")
    elif not keys_were_saved(given):
        yield Finding("Secret keys", "warn", "were never saved", "Run `textfirst backup FILE` and keep the file on another machine.")
    else:
        yield Finding("Secret keys", "ok", f"{given.keys_file}, saved")


def _pages(_: Settings) -> Iterator[Finding]:
    spec = importlib.util.find_spec("textfirst.front")
    built = Path(spec.origin).parent / "app" / "index.html" if spec and spec.origin else None
    good = built is not None and built.is_file()
    yield Finding("Web pages", "ok" if good else "bad", "built" if good else "are not built", "In a checkout: make web")


def _address(given: Settings) -> Iterator[Finding]:
    host, _ = ports.split(given.bind)
    open_to_all = host not in {"127.0.0.1", "[::1]", "localhost"}
    if open_to_all and not given.secure:
        yield Finding(
            "Address",
            "warn",
            f"{given.bind} can be reached from outside without TLS",
            "Put a TLS proxy before it and set TEXTFIRST_URL (docs/guides/proxy-and-tls.md).",
        )
    else:
        yield Finding("Address", "ok", f"people open {given.url}")


def _node(_: Settings) -> Iterator[Finding]:
    node = shutil.which("node")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip() if node else "none"
    good = node is not None and int(version.lstrip("v").split(".")[0] or 0) >= 20
    yield Finding("Node", "ok" if good else "warn", version, "`make` then takes Node from the PyPI wheel; nothing to do.")


def _browser(_: Settings) -> Iterator[Finding]:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    yield Finding(
        "Browser", "ok" if found else "warn", found or "none", "apt-get install chromium, for the browser journeys of `make test`."
    )


def _fonts(_: Settings) -> Iterator[Finding]:
    program = shutil.which("fc-list")
    arabic = subprocess.run([program, ":lang=ar"], capture_output=True, text=True, check=False).stdout if program else ""
    yield Finding(
        "Arabic font",
        "ok" if arabic else "warn",
        "found" if arabic else "none",
        "apt-get install fonts-noto-core, for pictures of the Arabic pages.",
    )


CHECKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _python, _memory, _disk, _folder, _ports, _programs, _database, _keys, _pages, _address,
)  # fmt: skip
CHECKS_DEV: tuple[Callable[[Settings], Iterator[Finding]], ...] = (_node, _browser, _fonts)
