"""One file that brings everything back."""

from __future__ import annotations

import stat
import tarfile
from datetime import UTC, datetime

import psycopg
import pytest

from textfirst.core.errors import Conflict, InvalidInput
from textfirst.core.settings import read
from textfirst.database.backup import automatic, backup, keys_were_saved, read_manifest, restore
from textfirst.database.keys import make_keys
from textfirst.database.server import find


@pytest.fixture
def installation(tmp_path):
    settings = read({}, default_home=tmp_path / "home")
    make_keys(settings.keys_file)
    settings.uploads.mkdir()
    (settings.uploads / "people.csv").write_text("phone\n")
    return settings


def fill(url):
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("insert into instance_setting (key, value) values ('mail', '{\"host\": \"mail.example.com\"}')")


def settings_in(url):
    with psycopg.connect(url) as connection:
        return connection.execute("select key, value->>'host' from instance_setting").fetchall()


def test_a_backup_restores_rows_rights_keys_and_files(installation, fresh_database_url, test_server, tmp_path):
    fill(fresh_database_url)
    keys = installation.keys_file.read_bytes()
    file = tmp_path / "all.tar"
    backup(installation, fresh_database_url, file, programs=find())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

    other = read({}, default_home=tmp_path / "other")
    test_server.admin("drop database if exists emptied", "create database emptied")
    restore(other, test_server.url("emptied"), file, programs=find(), force=False)

    assert settings_in(test_server.url("emptied")) == [("mail", "mail.example.com")]
    assert other.keys_file.read_bytes() == keys
    assert stat.S_IMODE(other.keys_file.stat().st_mode) == 0o600
    assert (other.uploads / "people.csv").read_text() == "phone\n"
    with psycopg.connect(test_server.url("emptied"), options="-c role=textfirst_app") as connection:
        assert connection.execute("select count(*) from contact").fetchone() == (0,)
    test_server.drop("emptied")


def test_a_restore_over_data_needs_force_and_then_keeps_the_old_keys_aside(installation, fresh_database_url, tmp_path):
    file = tmp_path / "all.tar"
    fill(fresh_database_url)
    backup(installation, fresh_database_url, file, programs=find())
    with psycopg.connect(fresh_database_url, autocommit=True) as connection:
        connection.execute("delete from instance_setting")
    with pytest.raises(Conflict, match="--force"):
        restore(installation, fresh_database_url, file, programs=find(), force=False)
    assert settings_in(fresh_database_url) == []
    restore(installation, fresh_database_url, file, programs=find(), force=True)
    assert settings_in(fresh_database_url) == [("mail", "mail.example.com")]
    assert installation.keys_file.with_name("secret.keys.before-restore").is_file()


def test_a_broken_dump_changes_nothing(installation, fresh_database_url, tmp_path):
    fill(fresh_database_url)
    file, broken = tmp_path / "all.tar", tmp_path / "broken.tar"
    backup(installation, fresh_database_url, file, programs=find())
    broken.write_bytes(file.read_bytes()[:20_000])
    with pytest.raises(InvalidInput, match="damaged"):
        restore(installation, fresh_database_url, broken, programs=find(), force=True)
    assert settings_in(fresh_database_url) == [("mail", "mail.example.com")]


def test_without_keys_the_manifest_says_so_and_the_keys_count_as_unsaved(installation, fresh_database_url, tmp_path):
    assert not keys_were_saved(installation)
    backup(installation, fresh_database_url, tmp_path / "no.tar", programs=find(), keys=False)
    assert not keys_were_saved(installation)
    assert not read_manifest(tmp_path / "no.tar").keys
    with tarfile.open(tmp_path / "no.tar") as tar:
        assert "secret.keys" not in tar.getnames()
    backup(installation, fresh_database_url, tmp_path / "yes.tar", programs=find())
    assert keys_were_saved(installation)


def test_automatic_backups_make_room_and_do_not_count_as_saving_the_keys(installation, fresh_database_url):
    for minute in range(7):
        automatic(installation, fresh_database_url, programs=find(), reason="test", at=datetime(2026, 1, 1, 0, minute, tzinfo=UTC))
    names = sorted(path.name for path in installation.backups.iterdir())
    assert names == [f"automatic-20260101-000{minute}00.tar" for minute in range(2, 7)]
    assert not keys_were_saved(installation)


@pytest.mark.parametrize("content", [b"", b"not a tar", b"\0" * 2048])
def test_a_file_that_is_no_backup_is_named_so(tmp_path, content):
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(InvalidInput, match="no backup"):
        read_manifest(tmp_path / "x.tar")


@pytest.mark.parametrize(
    "strange",
    [
        {"name": "../outside"},
        {"name": "/tmp/outside"},
        {"name": "uploads", "type": tarfile.SYMTYPE, "linkname": "/etc"},
        {"name": "manifest.json"},
    ],
    ids=lambda facts: facts["name"],
)
def test_a_backup_that_leads_elsewhere_is_refused(installation, fresh_database_url, tmp_path, strange):
    backup(installation, fresh_database_url, tmp_path / "b.tar", programs=find())
    with tarfile.open(tmp_path / "b.tar", "a") as tar:
        member = tarfile.TarInfo()
        for field, value in strange.items():
            setattr(member, field, value)
        tar.addfile(member)
    with pytest.raises(InvalidInput, match="damaged"):
        restore(installation, fresh_database_url, tmp_path / "b.tar", programs=find(), force=True)
    assert not (tmp_path / "outside").exists()
