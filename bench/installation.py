"""One installation for a measurement: `textfirst up` as it ships on a home of its own, its API, and what each process pays."""

from __future__ import annotations

import csv
import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg
from bench.places import open_block

READY_WITHIN = 120.0  # seconds; a busy machine takes long to import everything
NAMES = ("Margaret", "", "Omar", "Eleni", "Agnieszka")  # one in five has none and falls back
GROWING = ("message", "outbox", "attempt", "provider_ref", "receipt", "event", "recipient", "campaign_tally", "conversation")
OWNER = {
    "workspace_name": "Bench",
    "country": "GB",
    "time_zone": "Europe/London",
    "name": "Bench",
    "email": "bench@example.com",
    "password": "correct-horse-battery",
}


class Running:
    """`textfirst up` and its processes by name. `beside` are other processes worth a line, such as the carrier."""

    def __init__(self, home: Path, port: int, process: subprocess.Popen[str]) -> None:
        self.url = f"http://127.0.0.1:{port}"  # the cookie jar cannot do with a host without a dot
        self.home = home
        self.beside: dict[str, int] = {}
        self._process = process
        self._connection: psycopg.Connection[Any] | None = None

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU by process, children that have ended included."""
        spent: dict[str, float] = {}
        for name, process in self._processes():
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                spent[name] = spent.get(name, 0.0) + times.user + times.system + times.children_user + times.children_system
        return spent

    def memory(self) -> dict[str, float]:
        """Proportional memory in MB."""
        held: dict[str, float] = {}
        for name, process in self._processes():
            with suppress(psutil.NoSuchProcess):
                held[name] = held.get(name, 0.0) + process.memory_full_info().pss / 1e6
        return held

    def memory_parts(self) -> list[dict[str, Any]]:
        """What each process holds, by kind in MB: its own and shared data, files, and (PostgreSQL) shared buffers. The largest first."""
        sessions = {pid: f"{name or 'textfirst'}" for pid, name in self.rows("select pid, application_name from pg_stat_activity")}
        self.hang_up()
        parts = []
        for name, process in self._processes():
            with suppress(psutil.NoSuchProcess, FileNotFoundError):
                title = sessions.get(process.pid) or " ".join(process.cmdline()[:4])[:60]
                parts.append({"process": name, "pid": process.pid, "what": title, **_rollup(process.pid)})
        return sorted(parts, key=lambda each: -float(each["all"]))

    def hang_up(self) -> None:
        """Let go of our own session, whose server process would be counted."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def wal(self) -> int:
        """Bytes of write-ahead log since the server was made."""
        return int(self.ask("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"))

    def disk(self) -> int:
        """Bytes of the tables and indexes that grow with messages."""
        kind = f"({'|'.join(GROWING)})(_20%|_default)?"
        return int(self.ask("select sum(pg_total_relation_size(oid)) from pg_class where relkind = 'r' and relname similar to %s", kind))

    def dead(self) -> dict[str, int]:
        """Dead rows that vacuum has not cleaned yet, by hot table, as PostgreSQL counts them."""
        kind = f"({'|'.join(GROWING)})(_20%|_default)?"
        found = self.rows("select relname, n_dead_tup from pg_stat_user_tables where relname similar to %s and n_dead_tup > 0", kind)
        return {str(name): int(count) for name, count in found}

    def ask(self, sql: str, *params: Any) -> Any:
        return self.rows(sql, *params)[0][0]

    def rows(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = psycopg.connect(self.database, autocommit=True)
        return self._connection.execute(sql, params).fetchall()

    @property
    def database(self) -> str:
        return psutil.Process(self.named()["engine"]).environ()["DATABASE_URL"]

    def named(self) -> Mapping[str, int]:
        """Process ids by the names that the supervisor gives."""
        named: Mapping[str, int] = json.loads((self.home / "run" / "state.json").read_text())["processes"]
        return named

    def pids(self) -> dict[str, int]:
        """Processes by name, several of one name numbered; PostgreSQL's own left out."""
        found: dict[str, int] = {}
        for name, process in self._processes():
            if name != "postgres":
                found[name if name not in found else f"{name}-{process.pid}"] = process.pid
        return found

    def processes_of(self, name: str) -> list[psutil.Process]:
        return [process for each, process in self._processes() if each == name]

    def metrics(self) -> str:
        return httpx.get(f"{self.url}/metrics", timeout=10).text

    def _processes(self) -> Iterator[tuple[str, psutil.Process]]:
        names = {pid: name for name, pid in self.named().items()}
        supervisor = psutil.Process(self._process.pid)
        yield "supervisor", supervisor
        for process in supervisor.children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                yield _name(process, names), process
        for name, pid in self.beside.items():
            with suppress(psutil.NoSuchProcess):
                yield name, psutil.Process(pid)


def _rollup(pid: int) -> dict[str, float]:
    """Proportional set size in MB by kind, as Linux adds it up."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    kinds = {"all": "Pss", "data": "Pss_Anon", "files": "Pss_File", "shared": "Pss_Shmem", "own": "Private_Dirty"}
    return {kind: round(int(fields[name].split()[0]) * 1024 / 1e6, 1) for kind, name in kinds.items()}


def _name(process: psutil.Process, names: Mapping[int, str]) -> str:
    """A process by its own name or that of the nearest named parent."""
    if "postgres" in process.name():
        return "postgres"
    for one in (process, *process.parents()):
        if one.pid in names:
            return names[one.pid]
    return "nest"


@contextmanager
def installation(*, server_settings: str = "") -> Iterator[Running]:
    """Started, ready, and gone at the end. `server_settings` is for profiling only: lines for PostgreSQL that no user would have."""
    with tempfile.TemporaryDirectory(prefix="textfirst-bench-") as folder:
        home = Path(folder) / "home"
        port = free_port()
        ours = {"TEXTFIRST_HOME": str(home), "TEXTFIRST_BIND": f"127.0.0.1:{port}", "TEXTFIRST_SMPP_BIND": f"127.0.0.1:{free_port()}"}
        Path(folder).chmod(0o755)  # the database's account must be able to pass
        if server_settings:
            _settings_of_its_own(home, server_settings)
        environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TEXTFIRST_URL", "TEXTFIRST_DEV"}}
        command = [sys.executable, "-m", "textfirst.cli.main", "up"]
        with (Path(folder) / "up.log").open("w") as log:
            process = subprocess.Popen(command, env={**environment, **ours}, stdout=log, stderr=subprocess.STDOUT, text=True)
            try:
                until(lambda: _answers(f"{ours['TEXTFIRST_BIND']}") or _ended(process, folder), READY_WITHIN)
                yield Running(home, port, process)
            finally:
                process.terminate()
                process.wait(20)


def _settings_of_its_own(home: Path, lines: str) -> None:
    shelf = home / "pg"
    shelf.mkdir(parents=True, mode=0o711)
    for folder in (home, shelf):
        folder.chmod(0o711)
    (shelf / "postgresql.local.conf").write_text(lines)
    (shelf / "postgresql.local.conf").chmod(0o644)


def _answers(where: str) -> bool:
    try:
        return httpx.get(f"http://{where}/readyz", timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _ended(process: subprocess.Popen[str], folder: str) -> bool:
    if process.poll() is not None:
        sys.exit(f"textfirst up ended:\n{(Path(folder) / 'up.log').read_text()[-2000:]}")
    return False


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def until(holds: Callable[[], Any], seconds: float, *, every: float = 0.1) -> Any:
    """What `holds` found, once it is true. Raises TimeoutError, whose traceback says what was waited for."""
    end = time.monotonic() + seconds
    while not (found := holds()):
        if time.monotonic() > end:
            raise TimeoutError(f"it did not happen within {seconds:.0f} s")
        time.sleep(every)
    return found


# ── the API ─────────────────────────────────────────────────────────────────────────────────────────────


class Api:
    """The public API as the signed-in owner of a fresh workspace."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=60)
        self._client.get(f"{url}/_allauth/browser/v1/config")  # hands out the token of the session
        self.post("/setup", OWNER)

    def get(self, path: str) -> Any:
        return self._done(self._client.get(path))

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        return self._done(self._client.post(path, json=body, headers=self._token(), **more))

    def put(self, path: str, body: Any) -> Any:
        return self._done(self._client.put(path, json=body, headers=self._token()))

    def patch(self, path: str, body: Any) -> Any:
        return self._done(self._client.patch(path, json=body, headers=self._token()))

    def upload(self, path: str, name: str, content: bytes) -> Any:
        return self._done(self._client.post(path, files={"file": (name, content, "text/csv")}, headers=self._token()))

    def _token(self) -> dict[str, str]:
        return {"X-CSRFToken": self._client.cookies.get("csrftoken", ""), "Referer": str(self._client.base_url)}

    @staticmethod
    def _done(answer: httpx.Response) -> Any:
        if answer.is_error:
            sys.exit(f"{answer.request.method} {answer.request.url} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json() if answer.content else None


AGREED = {
    "kind": "express_written",
    "scope": "marketing",
    "shown": "Yes, text me offers.",
    "language": "en",
    "note": "made for a measurement",
}


def import_contacts(api: Api, name: str, numbers: range) -> str:
    """Contacts who have agreed to advertising, by a CSV file into a new list; the list's id. Their numbers are of a country where it may leave now."""
    country, block = open_block()
    table = io.StringIO()
    rows = csv.writer(table)
    rows.writerow(("phone", "first_name"))
    rows.writerows((f"{block}{number:08d}", NAMES[number % len(NAMES)]) for number in numbers)
    made = api.upload("/imports", f"{name}.csv", table.getvalue().encode())
    api.patch(
        f"/imports/{made['id']}", {"mapping": {"0": "phone", "1": "first_name"}, "country": country, "new_list": name, "consent": AGREED}
    )
    api.post(f"/imports/{made['id']}/start", {})
    done = until(lambda: _imported(api.get(f"/imports/{made['id']}")), 60 + len(numbers) / 500, every=0.5)
    if done["created"] + done["updated"] + done["unchanged"] != len(numbers):
        sys.exit(f"the import made {done['created']} contacts of {len(numbers)}")
    return next(one["id"] for one in api.get("/lists")["items"] if one["name"] == name)


def _imported(one: dict[str, Any]) -> dict[str, Any] | None:
    if one["state"] == "failed":
        sys.exit(f"the import failed: {one['problem']}")
    return one if one["state"] == "done" else None
