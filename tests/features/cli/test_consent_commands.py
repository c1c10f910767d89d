"""`textfirst consent`, and stops that a restore would have undone."""

from __future__ import annotations

from uuid import UUID

import psycopg
import pytest
from tests.features.cli.test_commands import textfirst as textfirst  # noqa: PLC0414 - a fixture

from textfirst.consent.actions.carrying import load_stops, read_stops, save_stops, write_stops
from textfirst.core.errors import InvalidInput
from textfirst.core.ids import new_id
from textfirst.database.keys import make_keys

WORKSPACE = UUID(int=7)
ENTRY = """insert into consent_entry (workspace_id, id, kind, scope, address_hash, source, keyword, at) values (%s, %s, 'express', 'all', %s, 'api', '', now())"""
STOP = """insert into suppression (workspace_id, id, address_hash, scope, source, entry_id, stopped_at) values (%s, %s, %s, 'all', 'keyword', %s, now())"""


def stop(url: str, address: bytes) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into workspace (id, name, country, time_zone, language, languages, retention_months, version, created_at)"
            " values (%s, 'Blue Door', 'GR', 'Europe/Athens', 'en', '{}', '{}', 1, now()) on conflict do nothing",
            [WORKSPACE],
        )
        connection.execute(STOP, [WORKSPACE, new_id(), address, new_id()])


def stopped(url: str) -> list[bytes]:
    with psycopg.connect(url) as connection:
        rows = connection.execute("select address_hash from consent_standing where stopped = 1 order by address_hash").fetchall()
        return [bytes(row[0]) for row in rows]


def test_o7_a_restore_over_data_leaves_stops_that_are_newer_than_the_backup(textfirst, fresh_database_url, tmp_path):
    make_keys(tmp_path / "home" / "secret.keys")
    stop(fresh_database_url, b"one")
    file = str(tmp_path / "all.tar")
    textfirst("backup", file)
    stop(fresh_database_url, b"two")
    assert textfirst("restore", file, "--force", "--json")["stops_carried"] == 1
    assert stopped(fresh_database_url) == [b"one", b"two"]
    with psycopg.connect(fresh_database_url) as connection:
        assert connection.execute("select kind, source, address_hash from consent_entry").fetchall() == [("stop", "restore", b"two")]


def test_o7_stops_are_carried_to_another_machine_by_a_file(fresh_database_url, tmp_path):
    keys, others, file = tmp_path / "secret.keys", tmp_path / "other.keys", tmp_path / "stops.jsonl"
    make_keys(keys)
    make_keys(others)
    stop(fresh_database_url, b"one")
    save_stops(file, keys, read_stops(fresh_database_url))
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute("delete from suppression")
    assert stopped(fresh_database_url) == []
    assert [write_stops(fresh_database_url, load_stops(file, keys)) for _ in range(2)] == [1, 0]
    assert stopped(fresh_database_url) == [b"one"]
    with pytest.raises(InvalidInput, match="other secret keys"):
        load_stops(file, others)
    file.write_text("no such thing")
    with pytest.raises(InvalidInput, match="is no file of stops"):
        load_stops(file, keys)


def test_stops_are_exported_and_replayed_by_command(textfirst, fresh_database_url, tmp_path):
    make_keys(tmp_path / "home" / "secret.keys")
    stop(fresh_database_url, b"one")
    file = str(tmp_path / "stops.jsonl")
    assert textfirst("consent", "export-stops", file, "--json")["stops"] == 1
    assert textfirst("consent", "replay-stops", file, "--json") == {"stops": 1, "added": 0}


def test_verify_says_whether_the_ledger_is_whole(textfirst, fresh_database_url, tmp_path):
    make_keys(tmp_path / "home" / "secret.keys")
    stop(fresh_database_url, b"one")
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute(ENTRY, [WORKSPACE, new_id(), b"one"])
    assert "0 entries under 0 seals, head none: whole" in textfirst("consent", "verify")
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute("delete from consent_unsealed")
    [found] = textfirst("consent", "verify", "--workspace", "Blue Door", "--json", code=1)
    assert [problem["code"] for problem in found["problems"]] == ["entry_inserted"]
