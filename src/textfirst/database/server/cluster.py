"""A data directory: made once, its settings written anew at each start.

Roles: `postgres` is the bootstrap superuser, for our own housekeeping; `textfirst` owns the database and is what every
process logs in as. It is no superuser, because row-level security does not bind superusers.
Login is by socket and operating-system user (`peer`), so there is no password to lose.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from textfirst.database.server.account import Account
from textfirst.database.server.binaries import Binaries
from textfirst.database.server.errors import ServerError
from textfirst.database.server.flushing import flush

SUPERUSER = "postgres"
ROLE = "textfirst"
DATABASE = "textfirst"
PORT = 5432  # only part of the socket's name
CONF = "textfirst.conf"
FIRST_WITH_BUILTIN_LOCALE = 17
FIRST_WITH_IO_METHOD = 18
FIRST_WITH_CHECKSUMS_BY_DEFAULT = 18

# A laptop first: about 150 MB for the whole server under load, far less when idle. What a bigger machine wants goes into
# `postgresql.local.conf` beside the data, which is read last.
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "60",  # front 8, console 8, jobs 8, engine 12, and room for a person with psql
    "shared_buffers": "32MB",  # every page of it that was ever used stays in memory; the system caches the rest
    "effective_cache_size": "512MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "temp_buffers": "4MB",
    "max_worker_processes": "3",
    "max_parallel_workers": "0",  # two cores are busy enough
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "jit": "off",  # costs more than it saves on short statements
    "fsync": "on",
    "synchronous_commit": "on",  # an SMS is an external action
    "wal_buffers": "4MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",  # bursts of ten thousand rows a second without a checkpoint each few seconds
    "min_wal_size": "96MB",
    "checkpoint_timeout": "10min",
    "checkpoint_completion_target": "0.9",
    "max_wal_senders": "2",
    "max_replication_slots": "2",
    "max_slot_wal_keep_size": "4GB",
    "autovacuum_max_workers": "2",
    "autovacuum_naptime": "20s",
    "autovacuum_vacuum_scale_factor": "0.05",
    "autovacuum_analyze_scale_factor": "0.05",
    "autovacuum_vacuum_cost_limit": "1000",
    "random_page_cost": "1.1",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "logging_collector": "off",  # the supervisor keeps and rotates the log
    "log_min_messages": "warning",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "log_min_error_statement": "panic",  # a failed statement may hold a customer's words
    "log_error_verbosity": "terse",  # so may the detail of a broken constraint
    "cluster_name": "textfirst",
    "update_process_title": "on",
}
FORGETFUL: Mapping[str, str] = {
    # For servers that die with the test run.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_connections": "100",
    "max_prepared_transactions": "0",
    "idle_in_transaction_session_timeout": "0",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data directory with the programs and the account that run it.

    `data` is PGDATA, `socket` the folder of its unix socket. `throwaway` gives up durability and a little speed of
    inspection for a start in under a second; never for data that anyone wants back.
    """

    binaries: Binaries
    account: Account
    data: Path
    socket: Path
    throwaway: bool = False
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").is_file()

    @property
    def major(self) -> int:
        """The major version that made the data; raises OSError when there is none."""
        return int((self.data / "PG_VERSION").read_text().strip())

    def url(self, database: str = DATABASE, role: str = ROLE) -> str:
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket), safe='')}"

    def create(self) -> None:
        """Make the data directory; on failure nothing is left that looks like one."""
        self.account.passage(self.data.parent)
        self.account.check_reach(self.data.parent)
        unfinished = self.data.with_name(f"{self.data.name}.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.account.own(unfinished)
        self._initdb(unfinished)
        given = (unfinished / "postgresql.conf").read_text()
        self.account.write(unfinished / "postgresql.conf", f"{given}\ninclude '{CONF}'\ninclude_if_exists '../postgresql.local.conf'\n")
        unfinished.rename(self.data)
        flush(self.data.parent)

    def configure(self) -> None:
        """Write our settings and who may log in; done before each start, so that a new version's settings arrive."""
        self.account.own(self.socket)
        self.account.write(self.data / CONF, "".join(f"{name} = '{_quoted(value)}'\n" for name, value in self._settings().items()))
        self.account.write(self.data / "pg_hba.conf", "local all all peer map=textfirst\n")
        users = {self.account.name, pwd.getpwuid(os.geteuid()).pw_name}
        pairs = [f'textfirst "{user}" {role}\n' for user in sorted(users) for role in (SUPERUSER, ROLE)]
        self.account.write(self.data / "pg_ident.conf", "".join(pairs))

    def sql(self, statements: str, *, database: str = "postgres") -> str:
        """Run housekeeping statements as the superuser; returns what they select, unaligned."""
        command = [self.binaries.program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.socket), "-p", str(PORT)]
        ran = subprocess.run(
            [*command, "-U", SUPERUSER, "-d", database],
            input=statements, capture_output=True, text=True, check=False, env=self.environment(),
        )  # fmt: skip
        if ran.returncode != 0:
            raise ServerError(f"PostgreSQL refused our housekeeping: {last_line(ran.stderr)}", code="postgres_start")
        return ran.stdout.strip()

    def make_database(self) -> None:
        """Make the role and the database of the product when they are missing."""
        rights = "LOGIN CREATEROLE" + (" CREATEDB" if self.throwaway else "")  # migrations make the bound role textfirst_app
        if not self.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):  # noqa: S608 - our own constant
            self.sql(f"CREATE ROLE {ROLE} {rights}")
        if self.throwaway:
            self.sql(f"GRANT SET ON PARAMETER session_replication_role TO {ROLE}")  # tests empty append-only tables
        if not self.sql(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):  # noqa: S608 - our own constant
            self.sql(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")

    def environment(self) -> dict[str, str]:
        """A clean environment for PostgreSQL's programs: PGHOST and friends of the person who starts us mean another server."""
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ}
        return {**keep, "LC_ALL": "C", "TZ": "UTC"}

    def _initdb(self, target: Path) -> None:
        options = ["-D", str(target), "-U", SUPERUSER, "--auth=peer", "--encoding=UTF8", *self._locale()]
        options += ["--no-sync", *self._no_checksums()] if self.throwaway else ["--data-checksums"]
        ran = subprocess.run(
            [self.binaries.program("initdb"), *options],
            capture_output=True, text=True, check=False, env=self.environment(), cwd="/", **self.account.child_options(),
        )  # fmt: skip
        if ran.returncode != 0:
            shutil.rmtree(target, ignore_errors=True)
            raise ServerError(f"PostgreSQL could not make its data folder {self.data}: {last_line(ran.stderr)}", code="postgres_initdb")

    def _locale(self) -> list[str]:
        """Sorting that no update of the machine's C library can change, hence no index that it corrupts."""
        if self.binaries.major >= FIRST_WITH_BUILTIN_LOCALE:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        return ["--locale=C.UTF-8"]

    def _no_checksums(self) -> list[str]:
        return ["--no-data-checksums"] if self.binaries.major >= FIRST_WITH_CHECKSUMS_BY_DEFAULT else []

    def _settings(self) -> dict[str, str]:
        settings = {**SETTINGS, "unix_socket_directories": str(self.socket), "unix_socket_permissions": "0700"}
        if self.binaries.major >= FIRST_WITH_IO_METHOD:
            settings["io_method"] = "sync"  # three helper processes fewer
        return {**settings, **(FORGETFUL if self.throwaway else {}), **self.extra}


def last_line(text: str) -> str:
    """The line of a program's complaint that says why."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "error:" in line.lower() or "fatal:" in line.lower()]
    return (telling or lines or ["it gave no reason"])[-1]


def _quoted(value: str) -> str:
    return value.replace("'", "''")
