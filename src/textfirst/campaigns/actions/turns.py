"""Whose turn it is: workers go from workspace to workspace, a workspace's worker from campaign to campaign.

A job is a workspace's turn. It holds an advisory lock, so a workspace with fifty campaigns has one worker and not all of them; its death releases the lock. Within a turn
every campaign that has something to do makes a step, then the next one; those that wait for room or for answers are passed over until it is time. A campaign that is
started meanwhile joins within a second. A turn lasts twenty seconds, or two when somebody else waits for a worker; then the job calls itself anew, behind the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from textfirst.campaigns.actions.pump import SHORT_WAIT, Run, take_step, tidy
from textfirst.campaigns.actions.waking import JOB
from textfirst.campaigns.queries import execute, sql
from textfirst.database.scope import workspace_scope

TURN = 20.0  # seconds of work before the job calls itself anew
SHORT_TURN = 2.0  # seconds, when others wait
LOOK_AROUND = timedelta(seconds=1)  # between two looks for campaigns that have come
SWEEP_FOR = timedelta(minutes=2)  # after a cancelling; by then the engine has long put back what it had taken but not sent


def take_turn(
    workspace_id: UUID, *, clock: Callable[[], datetime], stop: Callable[[], bool], sleep: Callable[[float], None] = time.sleep,
    seconds: float = TURN,
) -> float | None:  # fmt: skip
    """Work on a workspace's campaigns for at most `seconds`, or until `stop` says so. Seconds until it wants to be called again; None when it need not be."""
    with _only_here(workspace_id) as ours:
        if not ours:
            return SHORT_WAIT  # somebody is at it, and may just be about to leave
        turn = Turn(workspace_id, began=clock())
        while True:
            now = clock()
            turn.look_around(now)
            wait = turn.step(now)
            if wait is None or wait > SHORT_WAIT or turn.is_over(clock(), seconds) or stop():
                return wait
            if wait:
                sleep(wait)


@dataclass(slots=True)
class Turn:
    """The campaigns that take part, each with when it is due."""

    workspace_id: UUID
    began: datetime
    due: dict[UUID, datetime] = field(default_factory=dict)
    runs: dict[UUID, Run] = field(default_factory=dict)
    swept: set[UUID] = field(default_factory=set)
    looked_at: datetime | None = None
    others_wait: bool = False

    def look_around(self, now: datetime) -> None:
        """Let those join that have come, and see whether somebody else waits for a worker."""
        if self.looked_at is not None and now - self.looked_at < LOOK_AROUND:
            return
        self.looked_at = now
        where = {"workspace_id": self.workspace_id, "now": now, "swept_since": now - SWEEP_FOR}
        with workspace_scope(self.workspace_id):
            found = execute(sql.turns, where)
            self.others_wait = execute(sql.others_wait, {"job": JOB, "workspace": str(self.workspace_id)})[0][0]
        for campaign_id, cancelled in found:
            if campaign_id not in self.runs and campaign_id not in self.swept:
                self._join(campaign_id, now)
            if cancelled:
                self.swept.add(campaign_id)

    def step(self, now: datetime) -> float | None:
        """Let the one go on that has been due longest. Seconds until anybody is due; None when nobody is left."""
        if not self.due:
            return None
        campaign_id = min(self.due, key=self.due.__getitem__)
        if self.due[campaign_id] <= now:
            self._step(campaign_id, now)
        return max(0.0, (min(self.due.values()) - now).total_seconds()) if self.due else None

    def is_over(self, now: datetime, seconds: float) -> bool:
        return (now - self.began).total_seconds() >= (min(seconds, SHORT_TURN) if self.others_wait else seconds)

    def _step(self, campaign_id: UUID, now: datetime) -> None:
        run = self.runs[campaign_id]
        run.sharing = sum(other.sends_to == run.sends_to for other in self.runs.values() if other.sends_to) or 1
        wait = take_step(run, now).wait
        if wait is None:
            del self.runs[campaign_id], self.due[campaign_id]
            return
        del self.due[campaign_id]  # and to the end: of those due at one moment, the one that has waited longest comes first
        self.due[campaign_id] = now + timedelta(seconds=wait)

    def _join(self, campaign_id: UUID, now: datetime) -> None:
        tidy(self.workspace_id, campaign_id)
        self.runs[campaign_id] = Run(self.workspace_id, campaign_id)
        self.due[campaign_id] = now


class _only_here(AbstractContextManager[bool]):  # noqa: N801 - reads as a function where it is used
    """An advisory lock for the length of a turn, given back by the server when the worker dies."""

    def __init__(self, workspace_id: UUID) -> None:
        self._params = [str(workspace_id)]

    def __enter__(self) -> bool:
        self._ours = bool(_one("select pg_try_advisory_lock(hashtextextended(%s, 7302))", self._params))
        return self._ours

    def __exit__(self, *_: object) -> None:
        if self._ours and connection.connection is not None and not connection.connection.closed:
            _one("select pg_advisory_unlock(hashtextextended(%s, 7302))", self._params)


def _one(statement: str, params: list[str]) -> Any:
    """The one value of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found = cursor.fetchone()
    return found[0] if found else None
