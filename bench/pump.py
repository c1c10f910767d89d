"""What the campaign pump pays for a recipient: `python -m bench.pump --recipients 100000`.

Its own PostgreSQL with the shipped settings (fsync on) and our tables, contacts made by SQL, one campaign pumped step by step as the job does it. The engine is
stood in for by a connection that empties the outbox; neither its Python nor its backend is counted. Per phase: recipients a second, microseconds of Python
(this process), of PostgreSQL (the pump's own backend), bytes of WAL, and how the last tenth compares with the second.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psutil
import psycopg
from bench.places import open_block

from textfirst.core.ids import new_id
from textfirst.database import server
from textfirst.testing.permission import PERMIT

if TYPE_CHECKING:
    from textfirst.campaigns.actions.pump import Run

TEXT = 'Hi {{ contact.first_name | default: "there" }}, your order is ready at Riverside Dental in Leeds. Reply YES to confirm, STOP to opt out. Thanks!'
TICKS = os.sysconf("SC_CLK_TCK")
CONTACTS = """
insert into contact (workspace_id, id, first_name, last_name, language, search_text, attributes, blocked, created_at, updated_at, time_zone)
select %(workspace_id)s, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, (array['Margaret', '', 'Omar', 'Eleni', 'Agnieszka'])[1 + n %% 5], 'Papadopoulou', 'en',
  '', jsonb_build_object('city', 'Leeds', 'reference', 'R' || n), false, now(), now(), ''
from generate_series(1, %(contacts)s) n
"""
IDENTITIES = """
insert into contact_identity (workspace_id, id, contact_id, scheme, address, address_hash, version, created_at)
select %(workspace_id)s, ('01900000-0001-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'tel',
  %(block)s || lpad(n::text, 8, '0'), sha256(n::text::bytea), 1, now()
from generate_series(1, %(contacts)s) n
"""
STOPPED = """
insert into suppression (workspace_id, id, address_hash, scope, source, entry_id, stopped_at)
select %(workspace_id)s, gen_random_uuid(), sha256(n::text::bytea), 'all', 'keyword', gen_random_uuid(), now() from generate_series(1, %(contacts)s, 50) n
"""
MEMBERS = """
insert into contact_list_member (workspace_id, id, contact_list_id, contact_id)
select %(workspace_id)s, gen_random_uuid(), %(list_id)s, id from contact where workspace_id = %(workspace_id)s
"""


def main(argv: Sequence[str] | None = None) -> None:
    options = _options(argv)
    with database() as url:
        print(json.dumps(measure(url, options), indent=2))


def measure(url: str, options: argparse.Namespace) -> dict[str, Any]:
    """One campaign from its start to its last message."""
    place = _furnish(url, options)
    from textfirst.campaigns.actions.pump import Run

    meter = Meter(url, Run(place.workspace_id, place.campaign_id))
    return {"at": datetime.now(UTC).isoformat(), "recipients": options.recipients, "audience": options.audience, **meter.watch()}


@dataclass
class Phase:
    """What the steps of one phase came to: recipients, and seconds or bytes at the end of each step."""

    recipients: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    python: float = 0.0
    backend: float = 0.0
    wal: int = 0

    def told(self) -> dict[str, Any]:
        done = sum(self.recipients)
        tenth = max(1, len(self.seconds) // 10)
        speeds = [
            sum(self.recipients[at : at + tenth]) / max(1e-9, sum(self.seconds[at : at + tenth]))
            for at in (tenth, len(self.seconds) - tenth)
        ]
        return {
            "recipients": done,
            "a_second": round(done / sum(self.seconds)),
            "python_us": round(self.python / done * 1e6, 2),
            "postgresql_us": round(self.backend / done * 1e6, 2),
            "wal_bytes": round(self.wal / done),
            "last_tenth_to_second_tenth": round(speeds[1] / speeds[0], 2),
        }


class Meter:
    """Steps of the pump with a watch on them."""

    def __init__(self, url: str, run: Run) -> None:
        from django.db import connection

        self._run = run
        self._engine = psycopg.connect(url, autocommit=True)
        connection.ensure_connection()
        self._backend = connection.connection.info.backend_pid
        self._postmaster = psutil.Process(self._backend).parent()

    def watch(self) -> dict[str, Any]:
        phases = {"write_down": Phase(), "send": Phase()}
        memory, dead, whole = [psutil.Process().memory_info().rss], [0], self._server_cpu()
        while True:
            moved, wait = self._step(phases)
            memory.append(psutil.Process().memory_info().rss)
            if not moved and wait:
                if not self._drain():
                    break
                dead.append(self._dead())
        done = sum(phases["send"].recipients)
        return {
            **{name: one.told() for name, one in phases.items()},
            "postgresql_all_processes_us": round((self._server_cpu() - whole) / done * 1e6, 1),
            "memory_mb": {"first": memory[0] // 2**20, "most": max(memory) // 2**20, "last": memory[-1] // 2**20},
            "outbox_dead_tuples_most": max(dead),
            "progress_ms": round(self._progress() * 1e3, 2),
            "last_wait": wait,
        }

    def _step(self, phases: Mapping[str, Phase]) -> tuple[int, float | None]:
        """One step, counted where it belongs: the audience is written down in turns with the first messages."""
        from textfirst.campaigns.actions.pump import take_step

        looked_at = self._asked("select audience_cursor from campaign")
        wal, backend, python, began = self._wal(), processor_seconds(self._backend), time.process_time(), time.perf_counter()
        step = take_step(self._run, datetime.now(UTC))
        seconds = time.perf_counter() - began
        phase = phases["send" if self._asked("select audience_cursor from campaign") == looked_at else "write_down"]
        if step.recipients:
            phase.recipients.append(step.recipients)
            phase.seconds.append(seconds)
        phase.python += time.process_time() - python
        phase.backend += processor_seconds(self._backend) - backend
        phase.wal += self._wal() - wal
        return step.recipients, step.wait

    def _drain(self) -> int:
        """The engine's part; room comes back."""
        return self._engine.execute("delete from outbox").rowcount

    def _wal(self) -> int:
        return int(self._asked("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"))

    def _dead(self) -> int:
        return int(self._asked("select n_dead_tup from pg_stat_user_tables where relname = 'outbox'"))

    def _asked(self, sql: str) -> Any:
        return self._engine.execute(sql).fetchone()[0]  # type: ignore[index]  # one row

    def _server_cpu(self) -> float:
        """Seconds of all of PostgreSQL's processes that live, and those that ended."""
        times = self._postmaster.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system) + sum(
            processor_seconds(child.pid) for child in self._postmaster.children()
        )

    def _progress(self) -> float:
        """Seconds of one look at how the campaign stands, as the page asks for it."""
        from textfirst.campaigns.queries import campaign, progress_of
        from textfirst.database.scope import workspace_scope

        began = time.perf_counter()
        with workspace_scope(self._run.workspace_id):
            progress_of(self._run.workspace_id, [campaign(self._run.workspace_id, self._run.campaign_id)])
        return time.perf_counter() - began


def processor_seconds(pid: int) -> float:
    """Seconds of user and system of one process; 0 once it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


# ---- the place


@dataclass(frozen=True, slots=True)
class Place:
    workspace_id: UUID
    campaign_id: UUID


@contextmanager
def database() -> Iterator[str]:
    """A server of our own with the shipped settings, migrated, gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="textfirst-pump-", dir="/var/tmp"))  # on a disk, unlike /tmp here and there
    folder.chmod(0o755)
    account = server.running_account()
    binaries = server.keep(server.find(), folder / "postgresql")
    cluster = server.Cluster(binaries, account, folder / "pg" / "data", folder / "run")
    os.environ |= {
        "TEXTFIRST_HOME": str(folder / "home"),
        "DATABASE_URL": cluster.url(),
        "DJANGO_SETTINGS_MODULE": "textfirst.config.settings",
    }
    cluster.create()
    log = (folder / "postgres.log").open("wb")
    running = server.start(cluster, log=log.fileno())
    try:
        cluster.make_database()
        _migrate()
        yield cluster.url()
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    from textfirst.database.owner import connected_as_owner

    with connected_as_owner():
        call_command("migrate", verbosity=0)


def _furnish(url: str, options: argparse.Namespace) -> Place:
    """A workspace with contacts and a campaign that has just been started."""
    place, channel_id, list_id = Place(new_id(), new_id()), new_id(), new_id()
    audience = {"everyone": True} if options.audience == "everyone" else {"lists": [str(list_id)]}
    if options.audience == "segment":
        audience = {"segments": [str(list_id)]}
    with psycopg.connect(url.replace(f"//{server.cluster.ROLE}@", f"//{server.cluster.SUPERUSER}@"), autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")  # millions of rows in a minute: their keys need no looking up
        given = {"workspace_id": place.workspace_id, "contacts": options.recipients, "list_id": list_id, "block": open_block()[1]}
        connection.execute(
            "insert into workspace (id, name, country, time_zone, language, languages, version, created_at, retention_months) values (%s, 'Bench', 'GB', 'Europe/London', 'en', '[]', 1, now(), '{}')",
            [place.workspace_id],
        )
        for statement in (CONTACTS, IDENTITIES, PERMIT):
            connection.execute(statement, given)
        connection.execute("set session_replication_role = origin")  # a stop is mirrored by a trigger
        connection.execute(STOPPED, given)
        connection.execute(
            "insert into contact_list (workspace_id, id, name, created_at) values (%(workspace_id)s, %(list_id)s, 'All', now())", given
        )
        rule = {"field": "language", "op": "is", "value": "en"}
        connection.execute(
            "insert into segment (workspace_id, id, name, rule, created_at) values (%s, %s, 'English', %s, now())",
            [place.workspace_id, list_id, json.dumps(rule)],
        )
        if options.audience == "list":
            connection.execute(MEMBERS, given)
        if options.try_out:
            connection.execute(options.try_out)
        connection.execute("vacuum analyze")
    _campaign(place, channel_id, audience, options.text)
    return place


def _campaign(place: Place, channel_id: UUID, audience: dict[str, Any], text: str) -> None:
    from textfirst.campaigns.models import Campaign
    from textfirst.channels.models import Channel
    from textfirst.core.purposes import Purpose
    from textfirst.database.scope import workspace_scope

    with workspace_scope(place.workspace_id):
        Channel.objects.create(workspace_id=place.workspace_id, id=channel_id, name="Carrier", kind="simulator", address="Riverside")
        Campaign.objects.create(
            workspace_id=place.workspace_id, id=place.campaign_id, name="Bench", purpose=Purpose.PROMOTION, channel_id=channel_id, audience=audience, text=text,
            state="preparing", started_at=datetime.now(UTC),
        )  # fmt: skip


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.pump", description=__doc__)
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--audience", choices=("everyone", "list", "segment"), default="everyone")
    parser.add_argument("--text", default=TEXT)
    parser.add_argument("--try-out", help="statements run on the tables first, to see what a change of them would bring")
    return parser.parse_args(argv)


if __name__ == "__main__":
    main()
