"""Many statements, one journey: what the driver would have answered, and no connection left in between."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest

from textfirst.database.round_trip import RoundTrips, pack


@pytest.fixture
async def connected(database_url):
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connected:
        yield connected


@pytest.fixture
def trips(connected):
    return RoundTrips(connected)


LISTS = {
    "uuid": [uuid.uuid4(), None, uuid.UUID(int=0)],
    "text": ["Ελένη 🎉", "", None, 'a "quoted" {brace}, \\ NULL'],
    "smallint": [0, -1, 32767, -32768, None],
    "bigint": [0, None, 2**40, -5],
    "bytea": [b"\x00\xff", b"", None],
    "timestamptz": [datetime(2026, 11, 22, tzinfo=UTC), None],
    "bigint[] of large ones": [2**62, -(2**40), 1],
    "bytea[] without null": [b"\x00\xff", b""],
    "timestamptz[] of another zone": [datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=2)))],
    "boolean": [True, False, None],
}


@pytest.mark.parametrize("kind", LISTS)
async def test_arrays_arrive_as_they_left(trips, kind):
    for values in (LISTS[kind], [], [None, None]):
        [rows] = await trips.ask([(f"select v from unnest(%(values)b::{kind.split('[')[0]}[]) v", {"values": values})])
        assert [value for (value,) in rows] == values


@pytest.mark.parametrize("kind", sorted(LISTS.keys() - {"boolean"}))
async def test_what_comes_most_is_packed_here_as_what_the_statement_names(connected, kind):
    """Made of another type, an array would be made anew for each row that reads it."""
    named = kind.split("[")[0]
    for values in (LISTS[kind], [], [None]):
        packed = pack(values, named)
        assert packed is not None
        assert await (await connected.execute("select %s::oid = %s::regtype", [packed[1], f"{named}[]"])).fetchone() == (True,)


@pytest.mark.parametrize(("values", "kind"), [([1], "integer"), ([1], "text"), (["a"], "uuid"), ([True], "boolean")])
def test_the_rest_is_the_drivers(values, kind):
    assert pack(values, kind) is None


async def test_each_statement_has_its_own_answer(trips):
    answers = await trips.ask([("begin", None), ("select %(a)s::int + 1, '%%'", {"a": 1}), ("select 1 where false", {}), ("commit", None)])
    assert answers == [[], [(2, "%")], [], []]


async def test_an_error_undoes_the_transaction_and_spares_the_connection(trips, connected):
    with pytest.raises(psycopg.errors.DivisionByZero):
        await trips.ask([("begin", None), ("create table gone ()", None), ("select 1 / %(n)s::int", {"n": 0}), ("commit", None)])
    await connected.execute("rollback")
    assert await trips.ask([("select to_regclass('gone') is null, 1 / %(n)s::int", {"n": 1})]) == [[(True, 1)]]


async def test_a_rollback_by_the_driver_leaves_the_statements(connected):
    """Of what it has prepared itself the driver lets the server forget everything after a rollback, and ours with it."""
    trips = RoundTrips(connected)
    await trips.ask([("select %(n)s::int", {"n": 1})])
    for _ in range(10):
        await connected.execute("select %s::int", [1])
    await connected.execute("begin")
    await connected.execute("rollback")
    await connected.execute("select 1")
    assert await trips.ask([("select %(n)s::int", {"n": 2})]) == [[(2,)]]


async def test_statements_that_the_server_forgot_are_prepared_anew(trips, connected):
    await trips.ask([("select %(n)s::int", {"n": 1})])
    await connected.execute("deallocate all")
    with pytest.raises(psycopg.errors.InvalidSqlStatementName):
        await trips.ask([("select %(n)s::int", {"n": 2})])
    assert await trips.ask([("select %(n)s::int", {"n": 3})]) == [[(3,)]]


async def test_more_than_the_sockets_hold_goes_both_ways_at_once(trips):
    """Neither side may wait for the other to read first."""
    ids = [uuid.uuid4() for _ in range(50_000)]
    first, second = await trips.ask([("select unnest(%(ids)b::uuid[])", {"ids": ids})] * 2)
    assert [value for (value,) in first] == [value for (value,) in second] == ids


async def test_a_server_that_goes_away_closes_the_connection(trips, connected, database_url):
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [connected.info.backend_pid])
    with pytest.raises(psycopg.OperationalError):
        await trips.ask([("select 1", None)])
    assert connected.closed
