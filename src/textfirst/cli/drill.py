"""`textfirst drill`: break an installation on purpose and see what held."""

from __future__ import annotations

import json
import secrets
import signal
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from textfirst.cli.output import json_option
from textfirst.core.errors import SettingError

if TYPE_CHECKING:
    from textfirst.drill.harness import Result
    from textfirst.drill.scenario import Scenario

PAGE = Path("docs/reference/drills.md")


@click.command()
@click.option("--only", metavar="T1,T3", help="Only these drills.")
@click.option(
    "--seed", type=int, help="What everything random comes from; the same seed breaks the same things. Default: another each time."
)
@click.option("--short", is_flag=True, help="The short form of those that have one; T1, T2 and T3 together take less than two minutes.")
@click.option("--write", is_flag=True, help=f"Append the results to {PAGE} as a dated table.")
@click.option("--keep", is_flag=True, help="Keep each installation with its logs, and say where.")
@click.option("--list", "listed", is_flag=True, help="Say which drills there are, and what each is to show.")
@json_option
def drill(*, only: str | None, seed: int | None, short: bool, write: bool, keep: bool, listed: bool, as_json: bool) -> None:
    """Break a throw-away installation on purpose, and have an auditor judge what held.

    Processes are killed, databases stopped, disks filled, carriers misbehave, while campaigns, programs, people and phones go on. Nothing of
    yours is touched. Ends with 1 when a promise was broken.

    \b
    Example:  textfirst drill --only T1 --seed 7
    """
    if find_spec("smpplib") is None:
        raise SettingError('The auditor reads the carrier\'s log with smpplib, which is not installed: pip install "textfirst[drill]".')
    signal.signal(signal.SIGTERM, _stop)
    chosen = _chosen(only, short=short)
    if listed:
        click.echo("\n\n".join(f"{one.name}  {one.title}\n    {one.hypothesis}" for one in chosen))
        return
    results = _run(chosen, seed if seed is not None else secrets.randbelow(10**6), short=short, keep=keep, as_json=as_json)
    if write:
        _write(results)
    if not all(one.holds or one.missing for one in results):
        raise click.exceptions.Exit(1)


def _stop(number: int, _: FrameType | None) -> None:
    """What was started is ended on the way out."""
    raise click.exceptions.Exit(128 + number)


def _chosen(only: str | None, *, short: bool) -> list[Scenario]:
    from textfirst.drill.scenarios import programme

    known = programme()
    names = {name.strip().upper() for name in (only or "").split(",") if name.strip()}
    if unknown := names - {one.name for one in known}:
        raise click.BadParameter(
            f"There is no drill {', '.join(sorted(unknown))}. There are {', '.join(one.name for one in known)}.", param_hint="--only"
        )
    return [one for one in known if (not names or one.name in names) and (not short or one.short_load is not None)]


def _run(chosen: list[Scenario], seed: int, *, short: bool, keep: bool, as_json: bool) -> list[Result]:
    from textfirst.drill import report
    from textfirst.drill.harness import run

    results = []
    for scenario in chosen:
        click.echo(f"{scenario.name} {scenario.title} (seed {seed}; again: textfirst drill --only {scenario.name} --seed {seed})", err=True)
        result = run(scenario, seed=seed, short=short, keep=keep, say=lambda line: click.echo(line, err=True))
        results.append(result)
        click.echo(json.dumps(report.as_json(result)) if as_json else report.in_words(result))
    return results


def _write(results: list[Result]) -> None:
    import os
    import platform

    from textfirst.drill import report

    if not PAGE.exists():
        raise SettingError(f"{PAGE} is not here: --write is for a checkout of the code, in its folder.")
    report.append(PAGE, results, version=version("textfirst"), machine=f"{os.cpu_count()} cores, {platform.machine()}")
