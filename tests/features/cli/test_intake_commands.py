"""`textfirst intake`: what could not be stored is listed without its words, and asked for again."""

from __future__ import annotations

from uuid import UUID

import psycopg
from tests.features.cli.test_commands import textfirst as textfirst  # noqa: PLC0414 - a fixture

from textfirst.core.ids import new_id
from textfirst.database.keys import make_keys

WORKSPACE, CHANNEL = UUID(int=7), UUID(int=8)


def test_what_was_put_aside_is_listed_and_asked_for(textfirst, fresh_database_url, tmp_path):
    make_keys(tmp_path / "home" / "secret.keys")
    ids = [new_id(), new_id()]
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute(
            "insert into workspace (id, name, country, time_zone, language, languages, retention_months, version, created_at)"
            " values (%s, 'Blue Door', 'GR', 'Europe/Athens', 'en', '{}', '{}', 1, now())",
            [WORKSPACE],
        )
        for id_ in ids:
            connection.execute(
                "insert into intake_rejected (workspace_id, id, channel_id, pdu, problem, received_at) values (%s, %s, %s, 'their words', 'KeyError', now())",
                [WORKSPACE, id_, CHANNEL],
            )
    listed = textfirst("intake", "rejected", "--json")
    assert [(one["id"], one["problem"], one["bytes"], one["state"]) for one in listed] == [
        (str(id_), "KeyError", 11, "waiting") for id_ in ids
    ]
    assert "their words" not in textfirst("intake", "rejected")
    assert textfirst("intake", "replay", str(ids[0]), "--json") == {"asked": 1}
    assert textfirst("intake", "replay", "--all", "--json") == {"asked": 1}
    assert {one["state"] for one in textfirst("intake", "rejected", "--json")} == {"asked"}
    textfirst("intake", "replay", code=2)
