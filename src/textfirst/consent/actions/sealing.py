"""Chaining what the ledger holds: committed entries in batches, a seal each. Whoever writes an entry never waits for this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from textfirst.consent.queries import run, sql
from textfirst.consent.rules import chain
from textfirst.core.ids import new_id
from textfirst.database.scope import as_owner, workspace_scope

BATCH = 5000  # entries of a seal at most: a twentieth of a second


def seal_all(clock: Callable[[], datetime], until: datetime) -> int:
    """Seal what waits in every workspace, a batch each in turn, until nothing waits or the time is over; how many entries."""
    total = 0
    while clock() < until:
        with as_owner():
            waiting = [row[0] for row in run(sql.waiting_workspaces, {})]
        done = sum(seal_batch(workspace_id, clock()) for workspace_id in waiting)
        total += done
        if not done:
            break
    return total


def seal_batch(workspace_id: UUID, now: datetime) -> int:
    """Put the entries that wait longest under a seal; how many. 0 too when somebody else is at it."""
    with workspace_scope(workspace_id):
        if not run(sql.seal_lock, {"workspace_id": workspace_id})[0][0]:
            return 0
        rows = run(sql.take_unsealed, {"workspace_id": workspace_id, "most": BATCH})
        if rows:
            _write(workspace_id, [UUID(row[0]) for row in rows], chain.root([chain.leaf(row) for row in rows]), now)
        return len(rows)


def _write(workspace_id: UUID, entry_ids: list[UUID], root: bytes, now: datetime) -> None:
    last = run(sql.last_seal, {"workspace_id": workspace_id})
    number, previous = (last[0][0] + 1, bytes(last[0][1])) if last else (1, chain.NOTHING_BEFORE)
    link = chain.Link(workspace_id, number, len(entry_ids), root, previous, now)
    run(sql.write_seal, {**asdict(link), "id": new_id(), "seal": link.seal(), "entry_ids": entry_ids})
