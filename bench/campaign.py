"""Messages a second end to end, and what each process pays for one: `make bench`, or `python -m bench --recipients 100000`.

Starts `textfirst up` with the shipped defaults on a home of its own, makes the owner, imports the contacts, and sends one campaign with
a merge field through SMPP to the bundled simulator (or to another carrier: `--carrier host:port`), receipts on. It ends when every
message has its final status. The carrier's own count must agree before a rate is printed. Results go to bench/results/.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

RESULTS = Path(__file__).parent / "results"
READY_WITHIN = 60.0  # seconds
TEXT = 'Hi {{ contact.first_name | default: "there" }}, your order is ready at Riverside Dental in Leeds. Reply YES to confirm, STOP to opt out. Thanks!'
NAMES = ("Margaret", "", "Omar", "Eleni", "Agnieszka")  # one in five has none and falls back
OWNER = {
    "workspace_name": "Bench",
    "country": "GB",
    "time_zone": "Europe/London",
    "name": "Bench",
    "email": "bench@example.com",
    "password": "correct-horse-battery",
}


def main() -> None:
    options = _options()
    with installation() as running:
        found = run(running, options)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"campaign-{found['at'][:19].replace(':', '')}.json"
    path.write_text(json.dumps(found, indent=2) + "\n")
    print(f"\nwritten to {path}")


def run(running: Running, options: argparse.Namespace) -> dict[str, Any]:
    """One campaign, measured; prints as it goes."""
    api = Api(running.url)
    api.post("/setup", OWNER)
    channel_id = api.post("/channels", _other_carrier(options.carrier))["id"] if options.carrier else api.get("/channels")["items"][0]["id"]
    if not options.carrier:
        api.put(f"/simulator/knobs?channel_id={channel_id}", {"receipt_delay_min_ms": 500, "receipt_delay_max_ms": 1500})
    imported = _timed(lambda: _import(api, options.recipients))
    print(f"{options.recipients:,} contacts imported in {imported:.1f} s")
    campaign = api.post(
        "/campaigns",
        {
            "name": "Bench",
            "channel_id": channel_id,
            "audience": {"everyone": True, "lists": [], "segments": [], "contacts": []},
            "text": TEXT,
        },
    )
    before, wal_before = running.cpu(), running.wal()
    began = time.monotonic()
    api.post(f"/campaigns/{campaign['id']}/start", {})
    counts = _until_final(api, campaign["id"], options.recipients)
    took = time.monotonic() - began
    spent = {name: (seconds - before.get(name, 0)) / options.recipients * 1e6 for name, seconds in running.cpu().items()}
    found = {
        "at": datetime.now(UTC).isoformat(),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "processor": platform.machine()},
        "carrier": options.carrier or "the bundled simulator",
        "recipients": options.recipients,
        "seconds": round(took, 2),
        "messages_per_second": round(options.recipients / took),
        "cpu_us_per_message": {name: round(value, 1) for name, value in sorted(spent.items(), key=lambda each: -each[1]) if value >= 0.5},
        "cpu_us_per_message_in_all": round(sum(spent.values()), 1),
        "wal_bytes_per_message": round((running.wal() - wal_before) / options.recipients),
        "disk_bytes_per_message": round(running.disk() / options.recipients),
        "memory_mb": {name: round(value) for name, value in running.memory().items()},
        "counts": counts,
    }
    if not options.carrier:
        _agree(running.carrier(channel_id), options.recipients)
    _show(found)
    return found


# ── the installation ────────────────────────────────────────────────────────────────────────────────────


class Running:
    """`textfirst up` and its processes by name."""

    def __init__(self, home: Path, port: int, process: subprocess.Popen[str]) -> None:
        self.url = f"http://127.0.0.1:{port}"  # the cookie jar cannot do with a host without a dot
        self._home = home
        self._process = process

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU by process, children that have ended included."""
        spent: dict[str, float] = {}
        for name, process in self._processes():
            times = process.cpu_times()
            own = times.user + times.system
            ended = times.children_user + times.children_system if name == "postgres" else 0.0
            spent[name] = spent.get(name, 0.0) + own + ended
        return spent

    def memory(self) -> dict[str, float]:
        """Proportional memory in MB."""
        held: dict[str, float] = {}
        for name, process in self._processes():
            held[name] = held.get(name, 0.0) + process.memory_full_info().pss / 1e6
        return held

    def wal(self) -> int:
        return int(self._ask("select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"))

    def disk(self) -> int:
        """Bytes of the tables and indexes that grow with messages."""
        tables = ("message", "outbox", "attempt", "provider_ref", "receipt", "event", "recipient", "campaign_tally")
        return int(
            self._ask(
                "select sum(pg_total_relation_size(oid)) from pg_class where relkind = 'r' and relname similar to %s",
                f"({'|'.join(tables)})(_20%|_default)?",
            )
        )

    def carrier(self, channel_id: str) -> dict[str, int]:
        """What the bundled simulator counted for a channel."""
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(self._home / "run" / "phones.sock"))) as client:
            counts: dict[str, int] = client.get("http://phones/stats").json()["channels"][channel_id]
            return counts

    def _ask(self, sql: str, *params: Any) -> Any:
        with psycopg.connect(self._database) as connection:
            row = connection.execute(sql, params).fetchone()
            assert row is not None
            return row[0]

    @property
    def _database(self) -> str:
        return psutil.Process(self._named()["engine"]).environ()["DATABASE_URL"]

    def _named(self) -> Mapping[str, int]:
        named: Mapping[str, int] = json.loads((self._home / "run" / "state.json").read_text())["processes"]
        return named

    def _processes(self) -> Iterator[tuple[str, psutil.Process]]:
        names = {pid: name for name, pid in self._named().items()}
        supervisor = psutil.Process(self._process.pid)
        yield "supervisor", supervisor
        for process in supervisor.children(recursive=True):
            try:
                yield names.get(process.pid) or ("postgres" if "postgres" in process.name() else "nest"), process
            except psutil.NoSuchProcess:
                continue


@contextmanager
def installation() -> Iterator[Running]:
    """Started, ready, and gone at the end."""
    with tempfile.TemporaryDirectory(prefix="textfirst-bench-") as folder:
        home = Path(folder) / "home"
        port = _free_port()
        ours = {"TEXTFIRST_HOME": str(home), "TEXTFIRST_BIND": f"127.0.0.1:{port}", "TEXTFIRST_SMPP_BIND": f"127.0.0.1:{_free_port()}"}
        Path(folder).chmod(0o755)  # the database's account must be able to pass
        command = [sys.executable, "-m", "textfirst.cli.main", "up"]
        process = subprocess.Popen(command, env={**os.environ, **ours}, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, text=True)
        try:
            running = Running(home, port, process)
            _until(lambda: _answers(f"{running.url}/readyz"), READY_WITHIN)
            yield running
        finally:
            process.terminate()
            process.wait(10)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


# ── the campaign ────────────────────────────────────────────────────────────────────────────────────────


class Api:
    """The public API as a signed-in owner."""

    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=f"{url}/api/v1", timeout=60)
        self._client.get(f"{url}/_allauth/browser/v1/config")  # hands out the token of the session

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


def _import(api: Api, recipients: int) -> None:
    rows = "".join(f"+4479{number:08d},{NAMES[number % len(NAMES)]}\n" for number in range(recipients))
    made = api.upload("/imports", "contacts.csv", f"phone,first_name\n{rows}".encode())
    api.patch(f"/imports/{made['id']}", {"mapping": {"0": "phone", "1": "first_name"}, "country": "GB"})
    api.post(f"/imports/{made['id']}/start", {})
    _until(lambda: _ended(api.get(f"/imports/{made['id']}")), 600)


def _ended(one: Mapping[str, Any]) -> bool:
    if one["state"] == "failed":
        sys.exit(f"the import failed: {one['problem']}")
    return bool(one["state"] == "done")


def _until_final(api: Api, campaign_id: str, recipients: int) -> dict[str, int]:
    """The counts once nobody waits and nobody is merely sent."""

    def look() -> dict[str, int] | None:
        counts: dict[str, int] = api.get(f"/campaigns/{campaign_id}")["counts"]
        return counts if sum(counts.values()) == recipients and not counts["waiting"] and not counts["sent"] else None

    found = _until(look, 60 + recipients / 100, every=0.2)
    assert isinstance(found, dict)
    return found


def _other_carrier(where: str) -> dict[str, Any]:
    host, _, port = where.rpartition(":")
    config = {"host": host, "port": int(port), "system_id": "bench"}
    return {
        "name": "Carrier",
        "kind": "smpp",
        "address": "Riverside",
        "config": config,
        "secrets": {"password": "bench"},
        "window": 500,
        "rate": 0,
    }


def _agree(carrier: Mapping[str, int], recipients: int) -> None:
    """The carrier's own counts, before any rate is believed."""
    for count in ("accepted", "receipts_acked"):
        if carrier[count] != recipients:
            sys.exit(f"the carrier's own count of {count} is {carrier[count]}, not {recipients}")


def _until(holds: Callable[[], Any], seconds: float, *, every: float = 0.1) -> Any:
    end = time.monotonic() + seconds
    while not (found := holds()):
        if time.monotonic() > end:
            sys.exit(f"it did not happen within {seconds:.0f} s")
        time.sleep(every)
    return found


def _timed(work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began


def _show(found: Mapping[str, Any]) -> None:
    print(f"\n{found['recipients']:,} recipients through {found['carrier']}, receipts recorded: {found['seconds']} s")
    print(f"  {found['messages_per_second']:,} messages a second end to end, the receipts' own delay included")
    print(f"  {found['cpu_us_per_message_in_all']} µs of CPU a message:")
    for name, value in found["cpu_us_per_message"].items():
        print(f"    {name:<12}{value:>8} µs")
    print(f"  {found['wal_bytes_per_message']:,} bytes of WAL and {found['disk_bytes_per_message']:,} of disk a message")
    print(f"  {sum(found['memory_mb'].values()):.0f} MB in all processes together")
    print(f"  {found['counts']}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--recipients", type=int, default=20_000)
    parser.add_argument("--carrier", help="host:port of an SMPP carrier other than the bundled simulator")
    return parser.parse_args()
