"""Stops outlive a restore (O7): those of the data that a backup replaces are read before it and written again after it.

For commands, which have a database and no Django: tables may be of an older version than this program. Who started again after the backup was made
is stopped again by it, for the backup says so; they can write START once more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

import psycopg

from textfirst.core.errors import InvalidInput
from textfirst.core.ids import new_ids
from textfirst.database.keys import derived_key
from textfirst.database.named_sql import load

FORMAT = "textfirst-stops-1"


@dataclass(frozen=True, slots=True)
class KeptStop:
    """A stop as it stands; the address only by its HMAC."""

    workspace_id: str
    address_hash: str
    scope: str
    stopped_at: str


def read_stops(url: str) -> list[KeptStop]:
    """Every stop of every workspace; none where there is no table of them yet."""
    with psycopg.connect(url) as connection:
        if connection.execute("select to_regclass('suppression')").fetchone() == (None,):
            return []
        rows = connection.execute("select workspace_id, address_hash, scope, stopped_at from suppression order by stopped_at").fetchall()
    return [KeptStop(str(row[0]), bytes(row[1]).hex(), row[2], row[3].isoformat()) for row in rows]


def write_stops(url: str, stops: Iterable[KeptStop]) -> int:
    """Put in force those that are not, with an entry each; how many. Stops of workspaces that are not there are left out."""
    rows = list(stops)
    with psycopg.connect(url) as connection:
        added = connection.execute(load("textfirst.consent").replay_stops, {
            "entry_ids": new_ids(len(rows)), "workspace_ids": [UUID(row.workspace_id) for row in rows],
            "hashes": [bytes.fromhex(row.address_hash) for row in rows], "scopes": [row.scope for row in rows],
            "ats": [datetime.fromisoformat(row.stopped_at) for row in rows],
        }).fetchall()  # fmt: skip
        return len(added)


def save_stops(file: Path, keys_file: Path, stops: Iterable[KeptStop]) -> None:
    """A line of JSON for each, after one that says with which secret keys the addresses were made unreadable."""
    lines = [{"format": FORMAT, "keys": keys_mark(keys_file)}, *map(asdict, stops)]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")


def load_stops(file: Path, keys_file: Path) -> list[KeptStop]:
    """What `save_stops` wrote. Raises InvalidInput for another file, or one of other keys: its addresses would mean nobody here."""
    try:
        head, *rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        stops = [KeptStop(**row) for row in rows]
        if head["format"] != FORMAT:
            raise ValueError(head["format"])
    except (OSError, ValueError, KeyError, TypeError) as why:
        raise InvalidInput(f"{file} is no file of stops made by `textfirst consent export-stops`.", code="stops_unreadable") from why
    if head["keys"] != keys_mark(keys_file):
        raise InvalidInput(
            f"{file} was made with other secret keys than those at {keys_file}: it names nobody here.", code="stops_of_other_keys"
        )
    return stops


def keys_mark(keys_file: Path) -> str:
    """Tells whether two files of keys make the same of an address, and nothing else of them."""
    return hashlib.sha256(derived_key(keys_file, "address")).hexdigest()[:16]
