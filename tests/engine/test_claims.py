"""Claims while somebody holds an old snapshot, so that claimed rows cannot be vacuumed (T19)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import tuple_row
from tests.engine.world import World

from textfirst.core.ids import new_id, new_ids
from textfirst.core.purposes import Purpose
from textfirst.database.named_sql import load
from textfirst.engine.looks import EVERYWHERE

DEAD = 10_000


def explained(world: World, after: dict[int, Any], since: UUID) -> dict[str, Any]:
    """What PostgreSQL did for a claim of a hundred, which is undone."""
    params = {
        "workspace_id": world.workspace_id, "channel_id": world.channel_id, "slot": 0, "node": "node", "epoch": 64, "limit": 100, "few": 3,
        "lanes": list(after), "moments": [at for at, _ in after.values()], "places": [one for _, one in after.values()], "since": since,
    }  # fmt: skip
    with world.connection.transaction(force_rollback=True), world.connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("explain (analyze, buffers, format json) " + load("textfirst.messages").claim, params)
        [(plan,)] = cursor.fetchall()
    assert plan[0]["Plan"]["Actual Rows"] == 100
    return dict(plan[0]["Plan"])


def blocks(world: World, after: dict[int, Any]) -> int:
    """How many blocks a claim of a hundred looks at to find them, as PostgreSQL counts."""
    [looking] = [node for node in nodes(explained(world, after, since=new_id())) if node.get("Index Name") == "outbox_ready"]
    assert "ROW(not_before, id) >" in looking["Index Cond"]
    return int(looking["Shared Hit Blocks"] + looking["Shared Read Blocks"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A plan's node and all below it."""
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def test_a_claim_does_not_walk_over_what_was_claimed(world: World) -> None:
    world.make()
    world.connection.execute(
        "insert into bind_lease (workspace_id, id, channel_id, slot, node, epoch, held_until) values (%s, %s, %s, 0, 'node', 64, 'infinity')",
        [world.workspace_id, new_id(), world.channel_id],
    )
    people = world.contacts(1) * (DEAD + 200)
    ids = sorted(world.queue(people, "Hello", purpose=Purpose.PROMOTION))
    with psycopg.connect(world.url) as old:
        old.execute("set transaction isolation level repeatable read")
        old.execute("select 1 from outbox limit 1")
        world.connection.execute("delete from outbox where id <= %s", [ids[DEAD - 1]])
        before = blocks(world, dict(EVERYWHERE))
        [(lane, at)] = world.rows("select distinct lane, not_before from outbox")
        after = blocks(world, dict(EVERYWHERE) | {lane: (at, ids[DEAD - 1])})
    assert before > DEAD / 100
    assert after < before / 10, (before, after)


@pytest.mark.parametrize("counted", ["never", "while it was empty", "before the last of it came", "now"])
def test_the_velocity_fuse_looks_at_each_persons_own_texts_only(world: World, counted: str) -> None:
    world.make()
    world.connection.execute(
        "insert into bind_lease (workspace_id, id, channel_id, slot, node, epoch, held_until) values (%s, %s, %s, 0, 'node', 64, 'infinity')",
        [world.workspace_id, new_id(), world.channel_id],
    )
    with world.connection.transaction(force_rollback=True):
        if counted == "while it was empty":
            world.connection.execute("analyze message")
        others(world, 3000)
        if counted == "before the last of it came":
            world.connection.execute("analyze message")
        since = new_id()
        others(world, 3000)
        world.queue(world.contacts(200), "Hello", purpose=Purpose.PROMOTION, not_before=datetime.now(UTC) - timedelta(minutes=1))
        if counted == "now":
            world.connection.execute("analyze message")
        plan = explained(world, dict(EVERYWHERE), since=since)
    looks = [node for node in nodes(plan) if node.get("Relation Name", "").startswith("message") and node["Actual Loops"]]
    assert sum(node["Actual Loops"] * node["Actual Rows"] for node in looks) == 100  # the one that is being sent, of each
    assert [node for node in looks if node.get("Rows Removed by Filter")] == []


def others(world: World, count: int) -> None:
    """So many texts to other people."""
    ids, people = new_ids(count), new_ids(count)
    world.connection.execute(
        "insert into message (workspace_id, id, contact_id, identity_id, channel_id, direction, purpose, status, flags, segments, encoding, address, body)"
        " select %s, t.id, t.contact, t.contact, %s, 2, 1, 80, 0, 1, 0, '', 'Hello there, and a good day' from unnest(%s::uuid[], %s::uuid[]) t (id, contact)",
        [world.workspace_id, world.channel_id, ids, people],
    )
