"""Commands that keep an installation safe: backup, restore, keys."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from textfirst.cli.database import opened
from textfirst.cli.output import json_option, settings, tell

if TYPE_CHECKING:
    from textfirst.consent.actions.carrying import KeptStop
    from textfirst.core.settings import Settings

STOPS_BEFORE = "stops-before-restore.jsonl"  # in the home: the stops of the data that a restore replaced


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--without-keys", is_flag=True, help="Leave the secret keys out, to be kept elsewhere.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@json_option
def backup(file: Path, *, without_keys: bool, force: bool, as_json: bool) -> None:
    """Write the whole installation to FILE: database, uploaded files and secret keys. It may run meanwhile.

    Whoever has the file has everything, so keep it where only you can read it, and on another machine.

    \b
    Example:  textfirst backup /safe/place/textfirst-$(date +%F).tar
    """
    from textfirst.database.backup import backup as save

    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already. Choose another name, or add --force to replace it.")
    given = settings()
    with opened(given) as database:
        manifest = save(given, database.url, file.absolute(), programs=database.programs, keys=not without_keys)
    size = file.stat().st_size
    lines = f"Saved to {file} ({size / 1_000_000:.1f} MB)."
    if without_keys:
        lines += f"\nThe secret keys are not in it. Keep a copy of {given.keys_file} too: without it, stored passwords cannot be read."
    tell({"file": str(file), "bytes": size, **asdict(manifest), "keys_file": str(given.keys_file)}, lines, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace the data that is there.")
@json_option
def restore(file: Path, *, force: bool, as_json: bool) -> None:
    """Bring an installation back from FILE, into an empty home or into DATABASE_URL. Textfirst must not run meanwhile.

    Over existing data only with --force; it then works whole, or changes nothing.

    \b
    Example:  TEXTFIRST_HOME=/var/lib/textfirst textfirst restore /safe/place/textfirst-2026-11-22.tar
    """
    from textfirst.consent.actions.carrying import write_stops
    from textfirst.database.backup import read_manifest
    from textfirst.database.backup import restore as bring_back

    given = settings()
    read_manifest(file)  # before anything is started for it
    with opened(given, alone=True) as database:
        stops = _stops_of(given, database.url)
        manifest = bring_back(given, database.url, file, programs=database.programs, force=force)
        carried = write_stops(database.url, stops) if stops else 0
    lines = f"Restored what was saved at {manifest.made_at} by Textfirst {manifest.textfirst}. Start it with `textfirst up`."
    if carried:
        lines += f"\n{carried} stops were newer than the backup and are in force again."
    if not manifest.keys:
        lines += f"\nThe backup has no keys: put your copy of secret.keys at {given.keys_file} before you start."
    tell({"file": str(file), **asdict(manifest), "stops_carried": carried}, lines, as_json=as_json)


def _stops_of(given: Settings, url: str) -> list[KeptStop]:
    """The stops of the data that is to be replaced; in a file too, should the machine die between."""
    from textfirst.consent.actions.carrying import read_stops, save_stops

    stops = read_stops(url)
    if stops:
        save_stops(given.home / STOPS_BEFORE, given.keys_file, stops)
    return stops


@click.group()
def keys() -> None:
    """The secret keys that encrypt stored passwords. Losing them means typing every carrier password again."""


@keys.command("show")
@json_option
def show_keys(*, as_json: bool) -> None:
    """Say where the keys are and whether they were ever saved; never what they are.

    \b
    Example:  textfirst keys show
    """
    from textfirst.database.backup import keys_were_saved
    from textfirst.database.keys import read_keys

    given = settings()
    count, saved = len(read_keys(given.keys_file)), keys_were_saved(given)
    said = "saved by `textfirst backup`" if saved else "never saved: run `textfirst backup FILE`"
    tell({"file": str(given.keys_file), "keys": count, "saved": saved}, f"{given.keys_file}: {count} keys, {said}", as_json=as_json)


@keys.command("rotate")
@json_option
def rotate_keys(*, as_json: bool) -> None:
    """Put a new key on top: what is stored from now on uses it, what is stored already stays readable with the old ones.

    Start Textfirst again afterwards, and make a new backup.

    \b
    Example:  textfirst keys rotate
    """
    from cryptography.fernet import Fernet

    from textfirst.database.keys import read_keys

    file = settings().keys_file
    lines = [Fernet.generate_key(), *read_keys(file)]
    fresh = file.with_name(f".{file.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(b"\n".join(lines) + b"\n")
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    tell(
        {"keys": len(lines)}, "A new key is on top. Start Textfirst again, then make a backup: the old one lacks this key.", as_json=as_json
    )
