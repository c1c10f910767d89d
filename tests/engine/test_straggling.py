"""Claims that end while their line does: broken off in the middle of a commit, or just when nobody reads the line any longer."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engine.carrier import running_carrier
from tests.engine.conftest import until
from tests.engine.world import World

from textfirst.engine import leases

SLOW = """
create table slow (seconds int);
create function be_slow() returns trigger language plpgsql as $$
  begin perform pg_sleep(seconds) from slow; return null; end $$;
create constraint trigger be_slow after insert on attempt deferrable initially deferred for each row execute function be_slow();
insert into slow values (2);
grant select on slow to public;
"""
SLOW_TO_HEAR = """
create function hear_slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(1.5); return null; end $$;
create trigger hear_slowly after insert on message for each row when (new.direction = 1) execute function hear_slowly();
"""
FAST_TO_HEAR = "drop trigger hear_slowly on message; drop function hear_slowly"
FAST = "drop trigger be_slow on attempt; drop function be_slow; drop table slow"


async def test_what_a_late_commit_claimed_is_sent_all_the_same(world: World, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leases, "STRAGGLE", 3.5)
    async with running_carrier() as carrier:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester"})
        async with engine():
            await until(lambda: carrier.sessions)
            await world.alter(SLOW)
            try:
                world.queue(world.contacts(1), "late")
                await until(lambda: world.rows("select 1 from pg_stat_activity where wait_event = 'PgSleep'"))
                carrier.drop()
                world.connection.execute("delete from slow")
                await until(lambda: world.rows("select 1 from attempt"))
                assert carrier.submits == [], "the commit came after the line had gone"
            finally:
                await world.alter(FAST)
            await until(lambda: world.statuses() == {"delivered": 1})
    assert len(carrier.submits) == 1


async def test_what_is_claimed_for_a_line_that_has_just_gone_is_sent_by_the_next(world: World, engine: Any) -> None:
    async with running_carrier() as carrier:
        world.make(kind="smpp", config={"host": "127.0.0.1", "port": carrier.port, "system_id": "tester"})
        async with engine():
            await until(lambda: carrier.sessions)
            await world.alter(SLOW_TO_HEAR)
            try:
                carrier.session.deliver("447700900123", b"hello")
                await until(lambda: world.rows("select 1 from pg_stat_activity where wait_event = 'PgSleep'"))
                carrier.drop()  # what it said last is still being stored
                world.queue(world.contacts(1), "next")
                await until(lambda: world.rows("select 1 from message where direction = 1"))
            finally:
                await world.alter(FAST_TO_HEAR)
            await until(lambda: world.statuses() == {"delivered": 1})
    assert len(carrier.submits) == 1
