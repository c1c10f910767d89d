"""`textfirst status`: what runs, and how much there is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from textfirst.cli.output import json_option, settings, tell
from textfirst.supervisor import home, state

# What an operator asks first. Counted as the owner: these are figures of the whole installation.
COUNTS = {
    "workspaces": "select count(*) from workspace",
    "people": "select count(*) from account_user",
    "contacts": "select count(*) from contact",
    "waiting to be sent": "select count(*) from outbox",
    "jobs waiting": "select count(*) from procrastinate_jobs where status = 'todo'",
    "jobs failed": "select count(*) from procrastinate_jobs where status = 'failed'",
}
SIZE = "select pg_database_size(current_database())"


@click.command()
@json_option
def status(*, as_json: bool) -> None:
    """What runs on this home, its memory, and how much is in the database. Exit code 1 when nothing runs.

    \b
    Example:  textfirst status --json | jq .counts
    """
    given = settings()
    found = state.running(given)
    url = given.database_url or (found.database_url if found else "")
    facts: dict[str, Any] = {
        "home": str(given.home), "running": home.is_running(given), "state": asdict(found) if found else None,
        "memory": _memory(found.processes if found else {}), "counts": _counts(url), "disk_free": home.room(given.home).free,
    }  # fmt: skip
    tell(facts, "\n".join(_lines(facts)), as_json=as_json)
    if not facts["running"] and not given.database_url:
        click.get_current_context().exit(1)


def _lines(facts: dict[str, Any]) -> list[str]:
    if not facts["running"]:
        lines = [f"Textfirst does not run on {facts['home']}. Start it with: textfirst up"]
    elif facts["state"] is None or not facts["state"]["ready"]:
        lines = [f"Textfirst is starting on {facts['home']}"]
    else:
        lines = [f"Textfirst runs at {facts['state']['url']} since {facts['state']['started_at']}, data in {facts['home']}"]
    lines += [f"  {name:<20} process {each['pid']:<8} {each['mb']:>5} MB" for name, each in facts["memory"].items()]
    lines += [f"  {name:<20} {value:,}" for name, value in facts["counts"].items()]
    return lines


def _memory(processes: dict[str, int]) -> dict[str, dict[str, int]]:
    """Proportional memory of each process and its children, in MB."""
    import psutil

    found = {}
    for name, pid in processes.items():
        try:
            process = psutil.Process(pid)
            family = [process] if name in {"nest", "light"} else [process, *process.children(recursive=True)]
            found[name] = {"pid": pid, "mb": sum(_share(each) for each in family) // 1_000_000}
        except psutil.Error:  # it ended a moment ago
            continue
    return found


def _share(process: Any) -> int:
    """PSS where the kernel tells it, else RSS."""
    import psutil

    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", full.rss))
    except psutil.Error:
        return 0


def _counts(url: str) -> dict[str, int]:
    """Empty when the database cannot be asked: `doctor` says why."""
    if not url:
        return {}
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=3, autocommit=True) as connection:
            counts = {name: int((connection.execute(query).fetchone() or [0])[0]) for name, query in COUNTS.items()}
            return {**counts, "database bytes": int((connection.execute(SIZE).fetchone() or [0])[0])}
    except psycopg.Error:
        return {}
