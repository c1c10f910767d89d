"""Commands that run processes in the foreground."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from textfirst.cli.database import opened, url_of_running
from textfirst.cli.output import json_option, settings, tell

LOOK_EVERY = 1.0  # seconds between looks at the code in `textfirst dev`


@click.command()
@json_option
def up(*, as_json: bool) -> None:
    """Start everything on this machine: database, web, engine, jobs and the carrier simulator.

    Runs until Ctrl-C or SIGTERM, and stops everything it started. The first start makes the database; after an update it is saved and
    brought up to date first.

    \b
    Example:  TEXTFIRST_BIND=0.0.0.0:8000 TEXTFIRST_URL=https://texts.example.com textfirst up
    """
    from textfirst.supervisor.up import up as run

    run(settings(), show=_show(as_json=as_json))


@click.command()
@json_option
def web(*, as_json: bool) -> None:
    """Start the front and the console only. Run as many as you like on as many machines, on one database.

    \b
    Example:  DATABASE_URL=postgresql://textfirst@db/textfirst textfirst web
    """
    from textfirst.supervisor.web import web as run

    given = settings()
    run(replace(given, database_url=url_of_running(given)), show=_show(as_json=as_json))


@click.command()
@json_option
def engine(*, as_json: bool) -> None:
    """Start only the engine. Several may run; each carrier connection is held by one of them.

    \b
    Example:  DATABASE_URL=postgresql://textfirst@db/textfirst textfirst engine
    """
    _become("textfirst.engine", as_json=as_json)


@click.command()
@json_option
def jobs(*, as_json: bool) -> None:
    """Start only the background jobs: imports, campaigns, mail. Several may run.

    \b
    Example:  DATABASE_URL=postgresql://textfirst@db/textfirst textfirst jobs
    """
    _become("textfirst.config.worker", as_json=as_json)


@click.command()
@json_option
def phones(*, as_json: bool) -> None:
    """Start only the carrier simulator: an SMPP carrier and a wall of fake phones.

    \b
    Example:  TEXTFIRST_SMPP_BIND=127.0.0.1:2775 textfirst phones
    """
    _become("textfirst.phones", as_json=as_json)


@click.command()
@json_option
def dev(*, as_json: bool) -> None:
    """Start everything, and start our processes again whenever a Python or SQL file changes.

    \b
    Example:  textfirst dev      (and `npm run dev` in web/ for the pages)
    """
    from textfirst.supervisor.up import up as run

    os.environ["TEXTFIRST_DEV"] = "1"
    run(settings(), show=_show(as_json=as_json), changed=_watcher(Path(__file__).parents[1]))


@click.command()
@json_option
def migrate(*, as_json: bool) -> None:
    """Bring the database up to this version, after a backup. `textfirst up` does it by itself.

    \b
    Example:  DATABASE_URL=postgresql://textfirst@db/textfirst textfirst migrate
    """
    given = settings()
    with opened(given) as database:
        os.environ["DATABASE_URL"] = database.url
        os.environ["DJANGO_SETTINGS_MODULE"] = "textfirst.config.settings"
        import django

        django.setup()
        from textfirst.config.upgrade import bring_up_to_date

        show = (lambda _: None) if as_json else click.echo
        count = bring_up_to_date(replace(given, database_url=database.url), say=show, programs=database.programs)
    tell({"migrated": count}, f"{count} changes made" if count else "The database is up to date", as_json=as_json)


def _show(*, as_json: bool) -> Callable[[str], None]:
    from textfirst.supervisor.journal import screen

    return (lambda line: screen(json.dumps({"message": line}, ensure_ascii=False))) if as_json else screen


def _become(module: str, *, as_json: bool) -> None:
    """Turn into the process: it logs JSON to standard error and stops on SIGTERM, as systemd or a container wants it."""
    given = settings()
    url = url_of_running(given)
    tell({"starting": module}, f"Starting {module}. Ctrl-C stops it.", as_json=as_json)
    sys.stdout.flush()
    environment = {**os.environ, "DATABASE_URL": url, "TEXTFIRST_HOME": str(given.home)}
    os.execve(sys.executable, [sys.executable, "-m", module], environment)  # noqa: S606 - our own interpreter


def _watcher(folder: Path) -> Callable[[], bool]:
    """Says whether a source file has changed since the last time it was asked."""
    seen = _newest(folder)
    looked = time.monotonic()

    def changed() -> bool:
        nonlocal seen, looked
        if time.monotonic() - looked < LOOK_EVERY:
            return False
        looked, before, seen = time.monotonic(), seen, _newest(folder)
        return before != seen

    return changed


def _newest(folder: Path) -> tuple[float, int]:
    times = [path.stat().st_mtime for pattern in ("*.py", "*.sql") for path in folder.rglob(pattern)]
    return max(times), len(times)
