"""A STOP while a million permissions are imported: `python -m bench consent --people 1000000` (eight minutes).

Its own PostgreSQL with the shipped settings (fsync on). Three processes write at once, each over the code that ships: this one grants permissions as an import
does, 2,000 a transaction; one seals every three seconds, as the job does; one says STOP for somebody of them twenty times a second, as the engine does, and
notes how long each took to its commit. Afterwards a fourth looks through the whole chain. Wanted: 95 of 100 STOPs within a second.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psutil
import psycopg
from bench import report
from bench.places import open_block
from bench.pump import CONTACTS, IDENTITIES, database
from bench.report import Row

from textfirst.core.ids import id_time, new_id
from textfirst.database import server

AT_ONCE = 2000  # permissions of a transaction, as contacts.actions.importing has them
EVERY = 0.05  # seconds between two STOPs
IDENTITY = 0x01900000_0001_7000_8000_000000000000  # as IDENTITIES numbers them


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    if options.role:
        ROLES[options.role](UUID(options.workspace), options.people)
        return
    with database() as url:
        workspace_id = new_id()
        _furnish(url, workspace_id, options.people)
        before = _size(url)
        stops, sealer = _child("stops", workspace_id, options.people), _child("seal", workspace_id, options.people)
        try:
            imported = _import(workspace_id, options.people)
        finally:
            said, sealed = _told(stops), _told(sealer)
        checked = _told(_child("verify", workspace_id, options.people), end=False)
        _report(options.people, imported, said, sealed, checked, (_size(url) - before) / options.people)


def _report(
    people: int, imported: dict[str, Any], said: dict[str, Any], sealed: dict[str, Any], checked: dict[str, Any], disk: float
) -> None:
    took, ages = sorted(said["took"]), sorted(said["ages"])
    rows = [
        Row("STOPs beside the import", len(took), ""),
        Row("a STOP to its commit, p50", round(_at(took, 0.5) * 1e3, 1), "ms"),
        Row("a STOP to its commit, p95", round(_at(took, 0.95) * 1e3, 1), "ms", "<= 1000"),
        Row("a STOP to its commit, the worst", round(took[-1] * 1e3, 1), "ms"),
        Row("oldest entry without a seal, p95", round(_at(ages, 0.95), 1), "s", "<= 5"),
        Row("oldest entry without a seal, the worst", round(ages[-1], 1), "s"),
        Row("permissions a second", round(people / imported["seconds"]), ""),
        Row("Python of a permission", round(imported["cpu"] / people * 1e6, 1), "µs"),
        Row("disk of a permission", round(disk), "bytes"),
        Row("memory of the import", imported["memory"], "MB"),
        Row("memory of the sealer", sealed["memory"], "MB"),
        Row("looking through the chain", round(checked["seconds"], 1), "s"),
        Row("CPU of it in Python, an entry", round(checked["cpu"] / checked["entries"] * 1e6, 1), "µs"),
        Row("memory of it", checked["memory"], "MB"),
        Row("problems it found", len(checked["problems"]), "", "<= 0"),
    ]
    report.write("consent", rows, people=people, load=os.getloadavg(), imported=imported, sealed=sealed, checked=checked)


# ---- what runs beside each other


def _import(workspace_id: UUID, people: int) -> dict[str, Any]:
    from textfirst.consent.actions.grants import grant
    from textfirst.consent.types import Given, Kind, Permission, Source
    from textfirst.database.scope import workspace_scope

    permission = Permission(Kind.EXPRESS_WRITTEN, Source.IMPORT, shown="Yes, text me offers of Bench, at most 4 a month.", language="en")
    at, began, cpu = datetime.now(UTC) - timedelta(days=30), time.monotonic(), time.process_time()
    for first in range(1, people + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, people + 1))
        given = [Given(hashlib.sha256(str(n).encode()).digest(), at, origin=f"customers.csv, {n}") for n in numbers]
        with workspace_scope(workspace_id):
            grant(workspace_id, given, permission, now=datetime.now(UTC))
    return {"seconds": time.monotonic() - began, "cpu": time.process_time() - cpu, "memory": _memory()}


def _stops(workspace_id: UUID, people: int) -> None:
    """Until told to end; then what it noted, as JSON."""
    asyncio.run(_say_stop(workspace_id, people))


async def _say_stop(workspace_id: UUID, people: int) -> None:
    from textfirst.consent.types import Word
    from textfirst.engine.store import PostgresStore

    store = PostgresStore(os.environ["DATABASE_URL"], address_key=b"k" * 32, open_secrets=lambda _: {})
    took: list[float] = []
    ages: list[float] = []
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as looking:
        while not ENDED:
            began, person = time.perf_counter(), UUID(int=IDENTITY + random.randint(1, people))
            async with store.begin(workspace_id) as work:
                await work.lock()
                await work.stop([Word(person, new_id(), "STOP", "stop")], new_id(), datetime.now(UTC))
            took.append(time.perf_counter() - began)
            if len(took) % 20 == 0:
                oldest = looking.execute("select id from consent_unsealed order by workspace_id, id limit 1").fetchone()
                ages.append((datetime.now(UTC) - id_time(oldest[0])).total_seconds() if oldest else 0.0)
            await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - began)))
    await store.close()
    print(json.dumps({"took": took[1:], "ages": ages or [0.0]}))  # the first one connects


def _seal(workspace_id: UUID, people: int) -> None:  # noqa: ARG001 - roles have one shape
    _django()
    from textfirst.consent.actions.sealing import seal_all

    sealed, cpu = 0, time.process_time()
    while not ENDED:
        sealed += seal_all(lambda: datetime.now(UTC), datetime.now(UTC) + timedelta(seconds=20))
        time.sleep(3)
    sealed += seal_all(lambda: datetime.now(UTC), datetime.now(UTC) + timedelta(minutes=5))
    print(json.dumps({"sealed": sealed, "cpu": time.process_time() - cpu, "memory": _memory()}))


def _verify(workspace_id: UUID, people: int) -> None:  # noqa: ARG001
    _django()
    from textfirst.consent.actions.checking import check

    cpu = time.process_time()
    found = check(workspace_id, datetime.now(UTC))
    print(json.dumps({
        "seconds": found.seconds, "entries": found.entries, "problems": found.problems, "cpu": time.process_time() - cpu, "memory": _memory(),
    }))  # fmt: skip


ROLES = {"stops": _stops, "seal": _seal, "verify": _verify}
ENDED: list[int] = []  # the signals that told us to end


def _child(role: str, workspace_id: UUID, people: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bench.consent", "--people", str(people), "--role", role, "--workspace", str(workspace_id)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _told(child: subprocess.Popen[str], *, end: bool = True) -> dict[str, Any]:
    """What it prints at its end."""
    if end:
        child.send_signal(signal.SIGTERM)
    said, _ = child.communicate(timeout=900)
    told: dict[str, Any] = json.loads(said)
    return told


# ---- the place


def _furnish(url: str, workspace_id: UUID, people: int) -> None:
    """A workspace with people of whom nothing is known."""
    with psycopg.connect(url.replace(f"//{server.cluster.ROLE}@", f"//{server.cluster.SUPERUSER}@"), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")  # millions of rows in a minute: their keys need no looking up
        connection.execute(
            "insert into workspace (id, name, country, time_zone, language, languages, version, created_at, retention_months)"
            " values (%s, 'Bench', 'GB', 'Europe/London', 'en', '[]', 1, now(), '{}')",
            [workspace_id],
        )
        for statement in (CONTACTS, IDENTITIES):
            connection.execute(statement, {"workspace_id": workspace_id, "contacts": people, "block": open_block()[1]})
        connection.execute("vacuum analyze")


def _size(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("select pg_database_size(current_database())").fetchone()
    assert row is not None
    return int(row[0])


def _django() -> None:
    import django

    django.setup()


def _memory() -> int:
    """The most that this process held, in MB; what it shares with others counted whole."""
    return round(max(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, psutil.Process().memory_info().rss) / 1e6)


def _at(ordered: Sequence[float], share: float) -> float:
    return statistics.quantiles(ordered, n=100, method="inclusive")[round(share * 100) - 1] if len(ordered) > 1 else ordered[0]


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.consent", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--role", choices=sorted(ROLES), help=argparse.SUPPRESS)
    parser.add_argument("--workspace", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda number, _: ENDED.append(number))
    main()
