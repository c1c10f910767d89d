"""Where the microseconds of a campaign go: `python -m bench costs` (for those who make it faster; no figure from here is a result).

Runs the campaign of `bench campaign` on a server that also keeps `pg_stat_statements`, and lists PostgreSQL's statements by their cost a
message; with `py-spy` on the path, or named by `--py-spy`, also the functions of engine and jobs by their own time and with what they call.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from bench.campaign import Run, send
from bench.carriers import any_carrier
from bench.installation import Api, Running, import_contacts, installation

SERVER = """
shared_preload_libraries = 'pg_stat_statements'
pg_stat_statements.track = all
pg_stat_statements.track_planning = on
pg_stat_statements.max = 2000
"""
WARM_UP = 5_000  # messages
SAMPLES = 250  # a second
WATCHED = ("engine", "jobs")
WAITS = (
    "Condition.wait ",
    "_worker (concurrent",
    "EpollSelector.select",
    "Popen.poll",
    "Connection.wait (psycopg/connection.py",
)  # no work of ours
STATEMENTS = """
select calls, rows, total_exec_time * 1000, total_plan_time * 1000, wal_bytes, shared_blks_hit, regexp_replace(query, '\\s+', ' ', 'g')
from pg_stat_statements order by total_exec_time + total_plan_time desc limit %s
"""


def main(argv: Sequence[str]) -> None:
    options = _options(argv)
    with installation(server_settings=SERVER) as running:
        api = Api(running.url)
        with any_carrier(running, api) as carrier, _superuser(running) as server:
            server.execute("create extension if not exists pg_stat_statements")
            for name, numbers in (("warm", range(WARM_UP)), ("hot", range(WARM_UP, WARM_UP + options.recipients))):
                audience = import_contacts(api, name, numbers)
                server.execute("select pg_stat_statements_reset()")
                before = _backends(server, running)
                with _samples(running, options.py_spy if name == "hot" else "") as stacks:
                    run = send(running, api, carrier, audience, len(numbers))
            spent = {each: (now - before.get(each, 0.0)) / run.recipients * 1e6 for each, now in _backends(server, running).items()}
            print("\nPostgreSQL's processes, µs of CPU a message: " + _costs(spent))
            _show(run, server.execute(STATEMENTS, (options.top,)).fetchall(), stacks, options)


def _show(run: Run, statements: list[tuple], stacks: Path, options: argparse.Namespace) -> None:
    n = run.recipients
    print(f"\n{n:,} messages, {run.rate:,.0f} a second, {run.ours:.0f} µs of CPU a message: " + _costs(run.cpu))
    print(f"{run.wal:,.0f} bytes of WAL, {run.disk:,.0f} of disk a message; memory MB: " + _costs(run.memory))
    print("\nPostgreSQL's statements (µs of the clock a message: run + plan; they wait for the processor too)")
    print(f"{'run':>8} {'plan':>7} {'WAL B':>7} {'blocks':>7} {'calls':>8} {'rows':>9}  statement")
    for calls, rows, took, planned, wal, blocks, query in statements:
        print(f"{took / n:8.2f} {planned / n:7.2f} {float(wal) / n:7.0f} {blocks / n:7.1f} {calls:8} {rows:9}  {query[: options.width]}")
    for path in sorted(stacks.glob("*.txt")):
        _functions(path, run.cpu.get(path.stem.partition("-")[0], 0.0), options.top)


def _costs(costs: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.0f}" for name, value in sorted(costs.items(), key=lambda each: -each[1]) if value >= 1)


def _functions(path: Path, cost: float, top: int) -> None:
    """Functions of one process: microseconds a message by themselves and with what they call, from the samples' shares."""
    own: Counter[str] = Counter()
    within: Counter[str] = Counter()
    for line in path.read_text().splitlines():
        stack, _, count = line.rpartition(" ")
        frames = stack.split(";")
        if frames[-1].startswith(WAITS):
            continue
        own[frames[-1]] += int(count)
        within.update(dict.fromkeys(frames, int(count)))
    total = sum(own.values()) or 1
    print(f"\n{path.stem}: {total} samples, {cost:.0f} µs a message in the process")
    for title, counted in (("by themselves", own), ("with what they call", within)):
        print(f"  {title}")
        for frame, count in counted.most_common(top):
            print(f"  {count / total * cost:8.2f} µs {count / total:6.1%}  {frame}")


@contextmanager
def _samples(running: Running, program: str) -> Iterator[Path]:
    """Stacks of the watched processes while the block runs, one file each."""
    with tempfile.TemporaryDirectory(prefix="textfirst-bench-stacks-") as folder:
        samplers = [
            subprocess.Popen(
                [program, "record", "-p", str(pid), "-r", str(SAMPLES), "-f", "raw", "-F", "-d", "600", "-o", f"{folder}/{name}.txt"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for name, pid in running.pids().items() if program and name.partition("-")[0] in WATCHED
        ]  # fmt: skip
        keep = Path(tempfile.mkdtemp(prefix="textfirst-bench-kept-"))
        try:
            yield keep
        finally:
            for sampler in samplers:
                sampler.send_signal(signal.SIGINT)
            for sampler in samplers:
                sampler.wait(30)
            for path in Path(folder).glob("*.txt"):
                shutil.copy(path, keep)


def _backends(server: psycopg.Connection, running: Running) -> dict[str, float]:
    """Seconds of CPU by what each process of the server is for."""
    kinds = dict(server.execute("select pid, coalesce(nullif(application_name, ''), backend_type) from pg_stat_activity").fetchall())
    spent: Counter[str] = Counter()
    for process in running.processes_of("postgres"):
        times = process.cpu_times()
        if process.pid not in kinds and process.children():
            spent["ended (autovacuum, closed connections)"] += times.children_user + times.children_system
        spent[kinds.get(process.pid, "postmaster and others")] += times.user + times.system
    return dict(spent)


@contextmanager
def _superuser(running: Running) -> Iterator[psycopg.Connection]:
    with psycopg.connect(running.database, user="postgres", autocommit=True) as connection:
        yield connection


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench costs", description=__doc__)
    parser.add_argument("--recipients", type=int, default=100_000)
    parser.add_argument("--top", type=int, default=25)
    parser.add_argument("--width", type=int, default=150, help="characters of each statement")
    parser.add_argument("--py-spy", default=shutil.which("py-spy") or "")
    return parser.parse_args(argv)
