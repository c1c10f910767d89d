"""`textfirst consent`: is the ledger whole, and stops that must outlive a restore."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from textfirst.cli.database import opened
from textfirst.cli.output import json_option, settings, tell


@click.group()
def consent() -> None:
    """The ledger of consent: verify it, carry stops over."""


@consent.command()
@click.option("--workspace", help="Only this one, by its name or id.")
@json_option
def verify(workspace: str | None, *, as_json: bool) -> None:
    """Look through the chain of every workspace: nothing was changed, removed, put in or moved. Ends with 1 when something was.

    Note the head down elsewhere: whoever can write the database can also write a new chain, and only an old head shows it.

    \b
    Example:  textfirst consent verify
    """
    from textfirst.cli.wired import django_ready, find_workspaces

    with django_ready():
        from textfirst.consent.actions.checking import check
        from textfirst.consent.queries import head_of
        from textfirst.consent.rules.problems import sentence
        from textfirst.consent.types import Problem

        found = [(each, check(each.id, datetime.now(UTC)), head_of(each.id)) for each in find_workspaces(workspace)]
        facts = [
            {
                "workspace": str(each.id), "name": each.name, "entries": done.entries, "seals": done.seals, "seconds": done.seconds, "head": head,
                "problems": [{**problem, "message": sentence(Problem(**problem))} for problem in done.problems],
            }
            for each, done, head in found
        ]  # fmt: skip
    lines = [
        f"{one['name']}: {one['entries']} entries under {one['seals']} seals, head {one['head'] or 'none'}: "
        + ("; ".join(problem["message"] for problem in one["problems"]) or "whole")  # type: ignore[attr-defined]
        for one in facts
    ]
    tell(facts, "\n".join(lines) or "There is no workspace yet.", as_json=as_json)
    if any(one["problems"] for one in facts):
        raise click.exceptions.Exit(1)


@consent.command("export-stops")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def export_stops(file: Path, *, as_json: bool) -> None:
    """Write every stop that stands to FILE, to be put in force again after a restore. It names nobody: addresses are in it only as HMAC.

    `textfirst restore --force` carries the stops of the data it replaces by itself; this is for a restore on another machine.

    \b
    Example:  textfirst consent export-stops stops.jsonl
    """
    from textfirst.consent.actions.carrying import read_stops, save_stops

    given = settings()
    with opened(given) as database:
        stops = read_stops(database.url)
    save_stops(file, given.keys_file, stops)
    tell({"file": str(file), "stops": len(stops)}, f"{len(stops)} stops are in {file}.", as_json=as_json)


@consent.command("replay-stops")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
def replay_stops(file: Path, *, as_json: bool) -> None:
    """Put the stops of FILE in force again, those that are not.

    \b
    Example:  textfirst consent replay-stops stops.jsonl
    """
    from textfirst.consent.actions.carrying import load_stops, write_stops

    given = settings()
    stops = load_stops(file, given.keys_file)
    with opened(given) as database:
        added = write_stops(database.url, stops)
    tell({"stops": len(stops), "added": added}, f"{added} of {len(stops)} stops were not in force, and are again.", as_json=as_json)
