"""Commands as scripts call them: on a database, with JSON out, exit codes that mean something and no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg
import pytest

from textfirst.database.keys import box, derived_key, make_keys, read_keys


@pytest.fixture
def textfirst(fresh_database_url, tmp_path):
    """Calls a command on a fresh database."""

    def call(*arguments, code=0, **more):
        environment = {**os.environ, "DATABASE_URL": fresh_database_url, "TEXTFIRST_HOME": str(tmp_path / "home"), **more}
        environment.pop("TEXTFIRST_TEST_FOLDER", None)
        command = [sys.executable, "-m", "textfirst.cli.main", *arguments]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=60)
        assert ran.returncode == code, ran.stdout + ran.stderr
        assert "Traceback" not in ran.stdout + ran.stderr
        return json.loads(ran.stdout) if "--json" in arguments else ran.stdout + ran.stderr

    return call


def test_help_answers_at_once():
    command = [sys.executable, "-m", "textfirst.cli.main", "--help"]
    took = []
    for _ in range(3):
        began = time.monotonic()
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        took.append(time.monotonic() - began)
    assert "textfirst up" in said
    assert min(took) < 0.3


def test_every_command_teaches_with_an_example_and_prints_json():
    from textfirst.cli.main import COMMANDS, cli

    def leaves(command, context, path):
        if hasattr(command, "list_commands"):
            for name in command.list_commands(context):
                yield from leaves(command.get_command(context, name), context, [*path, name])
        else:
            yield " ".join(path), command

    import click

    found = dict(leaves(cli, click.Context(cli), []))
    assert len(found) > len(COMMANDS)
    without = [name for name, command in found.items() if "Example:" not in (command.help or "")]
    silent = [name for name, command in found.items() if "--json" not in [option for each in command.params for option in each.opts]]
    assert (without, silent) == ([], [])


def test_from_nothing_to_a_key(textfirst, fresh_database_url):
    made = textfirst(
        "workspace", "create", "Blue Cafe", "--owner", "ana@example.com", "--country", "GR", "--time-zone", "Europe/Athens", "--json",
        TEXTFIRST_PASSWORD="correct-horse-battery",
    )  # fmt: skip
    key = textfirst("key", "create", "--workspace", "blue cafe", "--kind", "test", "--scope", "messages:send", "--json")
    assert key["secret"].startswith("tf_test_")
    with psycopg.connect(fresh_database_url) as connection:
        stored = connection.execute("select workspace_id::text, kind, scopes from api_key").fetchone()
        roles = connection.execute("select role from membership").fetchall()
        kinds = connection.execute("select kind from channel").fetchall()
    assert stored == (made["id"], "test", ["messages:send"])
    assert (roles, kinds) == ([("owner",)], [("simulator",)])


def test_a_list_is_imported_and_texted(textfirst, fresh_database_url, tmp_path):
    (tmp_path / "people.csv").write_text("Phone,First name\n+306912345678,Ana\n6912345679,Bo\nnope,Cy\n")
    textfirst(
        "workspace", "create", "Blue", "--owner", "ana@example.com", "--country", "GR", "--time-zone", "Europe/Athens",
        TEXTFIRST_PASSWORD="correct-horse-battery",
    )  # fmt: skip
    with working_jobs(fresh_database_url, tmp_path):
        done = textfirst("contacts", "import", str(tmp_path / "people.csv"), "--list", "Spring", "--json")
    assert (done["state"], done["created"], done["failed"]) == ("done", 2, 1)
    answer = textfirst("campaign", "send", "Hi", "--name", "x", "--list", "Autumn", "--purpose", "notice", "--yes", "--json", code=1)
    assert answer["error"]["message"] == "There is no list 'Autumn'. There is: 'Spring'."
    dry = textfirst("campaign", "dry-run", "Hi {{ contact.first_name }}", "--list", "spring", "--purpose", "notice", "--json")
    assert {name: dry[name] for name in ("total", "now", "later", "not", "segments")} == {
        "total": 2,
        "now": 2,
        "later": [],
        "not": {},
        "segments": 2,
    }
    sent = textfirst("campaign", "send", "Hi", "--name", "x", "--list", "spring", "--purpose", "notice", "--yes", "--json")
    assert (sent["people"], sent["state"]) == (2, "preparing")
    assert textfirst("campaign", "dry-run", "--campaign", sent["id"]) == "2 now\n"
    assert "Name a campaign" in textfirst("campaign", "dry-run", "Hi", code=2)


@contextmanager
def working_jobs(url, folder):
    environment = {**os.environ, "DATABASE_URL": url, "TEXTFIRST_HOME": str(folder / "home")}
    with (folder / "jobs.log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, "-m", "textfirst.config.worker"], env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(10)
    assert worker.returncode == 0


def test_what_is_wrong_is_said_in_json_too(textfirst):
    answer = textfirst("key", "create", "--workspace", "nobody's", "--kind", "live", "--json", code=1)
    assert answer["error"]["code"] == "not_found"
    assert "There is: none yet" in answer["error"]["message"]
    assert "Give the password" in textfirst(
        "workspace", "create", "X", "--owner", "a@example.com", "--country", "GR", "--time-zone", "Europe/Athens", code=2
    )


def test_a_migrated_database_needs_nothing(textfirst):
    assert textfirst("migrate", "--json") == {"migrated": 0}


def test_a_database_of_a_newer_version_is_refused(textfirst, fresh_database_url):
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute("insert into django_migrations (app, name, applied) values ('accounts', '9999_from_the_future', now())")
    said = textfirst("migrate", code=9)
    assert "changed by a newer Textfirst (accounts.9999_from_the_future)" in said


def test_a_change_of_tables_is_made_after_a_backup(textfirst, fresh_database_url, tmp_path):
    """As an upgrade meets it: data is there and a migration is missing."""
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute("delete from django_migrations where app = 'usersessions'")
        connection.execute("drop table usersessions_usersession cascade")
    assert textfirst("migrate", "--json")["migrated"] > 0
    [saved] = (tmp_path / "home" / "backups").iterdir()
    assert saved.name.startswith("automatic-")
    with psycopg.connect(fresh_database_url) as connection:
        assert connection.execute("select to_regclass('usersessions_usersession') is not null").fetchone() == (True,)


def test_backup_and_restore_on_the_command_line(textfirst, tmp_path):
    textfirst("keys", "show", code=2)  # none are made yet, and it says so
    make_keys(tmp_path / "home" / "secret.keys")
    file = str(tmp_path / "all.tar")
    assert textfirst("backup", file, "--json")["keys"] is True
    assert "is there already" in textfirst("backup", file, code=2)
    assert "Add --force" in textfirst("restore", file, code=1)
    assert textfirst("restore", file, "--force", "--json")["keys"] is True


def test_rotated_keys_still_open_what_the_old_ones_closed(textfirst, tmp_path):
    file = tmp_path / "home" / "secret.keys"
    make_keys(file)
    sealed, derived = box(file).encrypt(b"carrier password"), derived_key(file, "django")
    assert textfirst("keys", "rotate", "--json") == {"keys": 2}
    read_keys.cache_clear()
    derived_key.cache_clear()
    assert box(file).decrypt(sealed) == b"carrier password"
    assert derived_key(file, "django") == derived


def test_segments_come_from_the_code_that_sends(textfirst):
    counted = textfirst("sms", "segments", "Ready – come in", "--json")
    assert (counted["encoding"], counted["parts"], counted["units"]) == ("ucs2", 1, 15)
    assert counted["forced"] == [{"char": "–", "name": "EN DASH", "position": 6}]


def test_doctor_finds_what_must_be_mended(textfirst, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "secret.keys").write_text("x")
    (tmp_path / "home" / "secret.keys").chmod(0o644)
    findings = {each["what"]: each for each in textfirst("doctor", "--json", code=1)["findings"]}
    assert findings["Secret keys"]["state"] == "bad"
    assert findings["Secret keys"]["mend"] == f"chmod 600 {tmp_path}/home/secret.keys"
    assert findings["Database"]["state"] == "ok"


def test_the_unit_names_the_home_and_what_no_restart_can_mend(textfirst, tmp_path):
    unit = textfirst("service", "install", "--print")
    assert f'Environment="TEXTFIRST_HOME={tmp_path}/home"' in unit
    assert "RestartPreventExitStatus=2 3 4 6 7 9" in unit
