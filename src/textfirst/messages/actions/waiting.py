"""Messages that wait, asked again after a change of settings, of the rule packs or of what is known of somebody: who may go sooner need not wait for the
moment that was found before. What was moved before an event (X1) goes back to the moment it was planned for, once that is allowed.

Only the moment is moved. The claim decides anew, as it does with everything that was decided by older settings; so nothing leaves by what is found here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from textfirst.core.ids import id_time
from textfirst.core.purposes import Purpose
from textfirst.database.named_sql import load
from textfirst.decisions.actions import ask_waiting
from textfirst.decisions.asking import InForce, stamped
from textfirst.decisions.queries import facts_for, settings_of
from textfirst.decisions.record import wishes_of
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Decision, Facts, Verdict
from textfirst.messages.actions import wake

sql = load("textfirst.messages")
AT_ONCE: Final = 1_000  # messages of one transaction
SOON: Final = timedelta(minutes=1)  # what leaves by then need not be asked
FIRST: Final = UUID(int=0)
FEW: Final = 100  # contacts whose messages are looked for one by one; of more, a job looks at all that waits


class Waiting(NamedTuple):
    """A row of `sql/waiting.sql` and `sql/waiting_of.sql`."""

    id: UUID
    channel_id: UUID
    identity_id: UUID
    purpose: int
    not_before: datetime
    not_after: datetime
    body: str | None


def ask_again(workspace_id: UUID, after: UUID, now: datetime) -> UUID | None:
    """The next of those that wait, in the caller's transaction; up to which it came, None when there are no more."""
    found = [Waiting(*row) for row in _run("waiting", workspace_id, {"after": after, "soon": now + SOON, "limit": AT_ONCE})]
    if not found:
        return None
    _ask(workspace_id, found, now)
    return found[-1].id


def ask_again_of(workspace_id: UUID, contact_ids: Collection[UUID]) -> None:
    """What waits for some contacts of whom something has changed, in the caller's transaction; of many, a job asks soon."""
    if len(contact_ids) > FEW:
        ask_waiting(workspace_id)
        return
    now = datetime.now(UTC)
    found = [Waiting(*row) for row in _run("waiting_of", workspace_id, {"contact_ids": list(contact_ids), "soon": now + SOON})]
    if found:
        _ask(workspace_id, found, now)


def _ask(workspace_id: UUID, found: Sequence[Waiting], now: datetime) -> None:
    settings = settings_of(workspace_id)  # before the facts: asking.stamped
    purposes = {Purpose(one.purpose) for one in found}
    facts = facts_for(workspace_id, {one.identity_id for one in found}, purposes, now)
    moved = _moved(found, facts, settings, now)
    if moved:
        before, after = [one.not_before for one, _ in moved], [moment for _, moment in moved]
        _run("replan", workspace_id, {"ids": [one.id for one, _ in moved], "before": before, "not_before": after})
        wake({one.channel_id for one, moment in moved if moment <= now})


def _moved(found: Sequence[Waiting], facts: dict[UUID, Facts], settings: InForce, now: datetime) -> list[tuple[Waiting, datetime]]:
    moved = []
    for one in found:
        known = facts.get(one.identity_id)
        if known is None:
            continue  # the claim says what is wrong
        planned, anchor = wishes_of(one.body)
        asked = Asked(Purpose(one.purpose), now, not_before=planned, not_after=one.not_after, anchor=anchor, made=id_time(one.id))
        decision = decide(stamped(known, settings.version), asked, settings.policy)
        moment = decision.until or now
        if decision.verdict is not Verdict.BLOCK and (
            moment < one.not_before - SOON or (moment > one.not_before and _as_planned(asked, decision))
        ):
            moved.append((one, moment))
    return moved


def _as_planned(asked: Asked, decision: Decision) -> bool:
    """Whether something about an event may go when it was planned for."""
    return asked.anchor is not None and asked.not_before is not None and decision.until == asked.not_before > asked.now


def _run(name: str, workspace_id: UUID, params: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(getattr(sql, name), {"workspace_id": workspace_id, **params})
        return cursor.fetchall() if cursor.description else []
