"""The ledger's jobs."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from textfirst.consent.actions.attesting import ATTEST, RETRACT, attest_later, attest_some, retract_some
from textfirst.consent.actions.checking import check
from textfirst.consent.actions.grants import expire
from textfirst.consent.actions.sealing import seal_all
from textfirst.consent.queries import workspaces
from textfirst.database.scope import workspace_scope

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * * */3")
@app.task(name="consent.seal", queueing_lock="consent.seal", lock="consent.seal")
def seal(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's shape
    """Chain what was written: every three seconds, so that nothing waits five."""
    seal_all(lambda: datetime.now(UTC), datetime.now(UTC) + timedelta(seconds=20))


@app.periodic(cron="41 2 * * *")
@app.task(name="consent.nightly", queueing_lock="consent.nightly")
def nightly(timestamp: int) -> None:
    """Permissions that ran out, then a look through every chain."""
    now = datetime.fromtimestamp(timestamp, UTC)
    for workspace_id in workspaces():
        while True:
            with workspace_scope(workspace_id):
                if not expire(workspace_id, now):
                    break
        found = check(workspace_id, datetime.now(UTC))
        log.log(logging.ERROR if found.problems else logging.INFO, "consent ledger checked", extra={
            "workspace_id": str(workspace_id), "entries": found.entries, "problems": found.problems,
        })  # fmt: skip


@app.task(name=ATTEST, retry=RetryStrategy(max_attempts=6, exponential_wait=2))
def attest(workspace_id: str, attestation_id: str = "", list_id: str | None = None, reason: str = "", by_user_id: str = "") -> None:
    """Batch after batch, each whole; who has been attested is not found again, so it may begin anew after any interruption.

    Jobs of older versions name no act but whom it is about, why and by whom: of those the act is written down first.
    """
    workspace = UUID(workspace_id)
    if not attestation_id:
        with workspace_scope(workspace):
            attest_later(
                workspace, list_id=UUID(list_id) if list_id else None, reason=reason, by_user_id=UUID(by_user_id), now=datetime.now(UTC)
            )
        return
    while True:
        with workspace_scope(workspace):
            if not attest_some(workspace, UUID(attestation_id), datetime.now(UTC)):
                return


@app.task(name=RETRACT, retry=RetryStrategy(max_attempts=6, exponential_wait=2))
def retract(workspace_id: str, attestation_id: str) -> None:
    """Batch after batch; taken back twice, after an interruption, is taken back."""
    after: UUID | None = None
    while True:
        with workspace_scope(UUID(workspace_id)):
            after = retract_some(UUID(workspace_id), UUID(attestation_id), after, datetime.now(UTC))
        if after is None:
            return
