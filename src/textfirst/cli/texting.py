"""Commands about texting: carriers, contacts."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from textfirst.cli.accounts import WORKSPACE
from textfirst.cli.output import json_option, tell
from textfirst.cli.wired import in_workspace, in_workspace_with_jobs
from textfirst.core.errors import InvalidInput, Unavailable

PIECE = 1024 * 1024  # bytes read at once
LOOK_EVERY = 0.3  # seconds between two looks at a running import
STANDSTILL = 60.0  # seconds without a row done
SECRET_VARIABLE = "TEXTFIRST_CHANNEL_PASSWORD"  # noqa: S105 - the name of a variable


@click.group()
def channel() -> None:
    """Connect carriers."""


@channel.group("add")
def add_channel() -> None:
    """Add a channel of a kind."""


@add_channel.command("smpp")
@click.option("--name", required=True, help="How people call it.")
@click.option("--address", required=True, help="The number, short code or name that customers see.")
@click.option("--host", required=True, help="The carrier's server.")
@click.option("--port", default=2775, show_default=True, type=int)
@click.option("--system-id", required=True, help="Your login at the carrier.")
@click.option("--rate", type=int, help="Segments a second that the carrier allows.")
@click.option("--window", type=int, help="Unanswered submits at once that the carrier allows.")
@click.option("--set", "more", multiple=True, metavar="KEY=VALUE", help="Any other setting of an SMPP channel, such as tls=on.")
@WORKSPACE
@json_option
def add_smpp(*, workspace: str | None, more: tuple[str, ...], as_json: bool, **given: Any) -> None:
    """Add an SMPP channel. Its password is read from TEXTFIRST_CHANNEL_PASSWORD or asked for.

    \b
    Example:  textfirst channel add smpp --name Carrier --address 15550100 --host smpp.example.com --system-id blue --rate 30
    """
    config = {"host": given["host"], "port": given["port"], "system_id": given["system_id"], **dict(map(_setting, more))}
    password = _secret(given["host"])
    with in_workspace(workspace) as found:
        from django.db import transaction

        from textfirst.api.provision import attach
        from textfirst.channels.actions import create_channel

        with transaction.atomic():
            made = create_channel(
                workspace_id=found.id, kind="smpp", name=given["name"], address=given["address"], config=config,
                secrets={"password": password}, rate=given["rate"], window=given["window"],
            )  # fmt: skip
            attach(found.id, made.id)
    tell(
        {"id": str(made.id), "name": made.name, "workspace_id": str(found.id)},
        f"Added the channel {made.name} ({made.id})",
        as_json=as_json,
    )


@click.group()
def contacts() -> None:
    """Import people."""


@contacts.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--list", "list_name", metavar="NAME", help="Put them on this new list.")
@click.option("--country", metavar="CODE", help="How local numbers are read; default: the workspace's country.")
@click.option(
    "--map", "mapping", multiple=True, metavar="COLUMN=FIELD", help="What a column (counted from 1) is, such as 3=attribute.city."
)
@WORKSPACE
@json_option
def import_contacts(
    *, file: Path, list_name: str | None, country: str | None, mapping: tuple[str, ...], workspace: str | None, as_json: bool
) -> None:
    """Import people from FILE (CSV or XLSX). Columns are recognised by their names and contents; --map says it where that is wrong.

    \b
    Example:  textfirst contacts import people.xlsx --list "Spring 2027" --country GR
    """
    with in_workspace_with_jobs(workspace) as (found, jobs_run):
        from textfirst.contacts.actions.importing import run_import
        from textfirst.contacts.actions.imports import change_import, create_import, start_import

        today = datetime.now(UTC).date()
        made = create_import(found.id, file_name=file.name, pieces=_pieces(file), today=today)
        wanted = {**made.mapping, **dict(map(_mapped, mapping))} if mapping else None
        change_import(found.id, made.id, today=today, country=country, new_list=list_name, mapping=wanted)
        start_import(found.id, made.id)
        if not jobs_run:
            run_import(found.id, made.id, today)
        done = _to_its_end(found.id, made.id, progress=lambda text: None if as_json else click.echo(text, err=True))
    facts = {name: getattr(done, name) for name in ("state", "rows_done", "created", "updated", "unchanged", "failed", "problem")}
    words = f"{done.rows_done:,} rows: {done.created:,} new, {done.updated:,} changed, {done.unchanged:,} as they were, {done.failed:,} not usable"
    if done.failed:
        words += "\nWhy, row by row: the import's page has a report to download."
    tell({"id": str(made.id), **facts}, words if not done.problem else f"{words}\nIt stopped: {done.problem}", as_json=as_json)
    if done.state != "done":
        click.get_current_context().exit(1)


def _to_its_end(workspace_id: UUID, import_id: UUID, *, progress: Callable[[str], None]) -> Any:
    """Wait for the import's job. Raises Unavailable when nobody works on it."""
    from textfirst.contacts.models import ContactImport

    rows, moved_at = -1, time.monotonic()
    while time.monotonic() - moved_at < STANDSTILL:
        found = ContactImport.objects.of(workspace_id).get(id=import_id)
        if found.state in {"done", "failed", "stopped"}:
            return found
        if found.rows_done != rows:
            rows, moved_at = found.rows_done, time.monotonic()
            progress(f"{rows:,} of {found.rows_total or '?'} rows")
        time.sleep(LOOK_EVERY)
    raise Unavailable(
        f"Nobody works on the import: are the background jobs running (`textfirst status`)? It goes on when they are. Its id is {import_id}."
    )


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece


def _mapped(text: str) -> tuple[str, str]:
    column, _, field = text.partition("=")
    if not column.isdecimal() or int(column) < 1 or not field:
        raise InvalidInput(f"{text!r} is not COLUMN=FIELD, such as 3=attribute.city; columns are counted from 1.")
    return str(int(column) - 1), field


def _setting(text: str) -> tuple[str, str | int | bool]:
    name, given, value = text.partition("=")
    if not given:
        raise InvalidInput(f"{text!r} is not KEY=VALUE, such as tls=on.")
    if value in {"true", "false"}:
        return name, value == "true"
    return name, int(value) if value.isdecimal() else value


def _secret(host: str) -> str:
    """Never an argument: those are seen by every user of the machine."""
    if given := os.environ.get(SECRET_VARIABLE):
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(f"Give the password for {host} in the variable {SECRET_VARIABLE}, or run this in a terminal.")
    asked: str = click.prompt(f"Password for {host}", hide_input=True, err=True)
    return asked
