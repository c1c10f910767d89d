"""Messages that wait, asked again after a change of settings: who may go sooner need not wait for the moment that was found before.

Only the moment is moved. The claim decides anew, as it does with everything that was decided by older settings; so nothing leaves by what is found here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from textfirst.core.ids import id_time
from textfirst.core.purposes import Purpose
from textfirst.database.named_sql import load
from textfirst.decisions.asking import InForce, stamped
from textfirst.decisions.queries import facts_for, settings_of
from textfirst.decisions.record import decode
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Code, Facts, Verdict
from textfirst.messages.actions import wake

sql = load("textfirst.messages")
AT_ONCE: Final = 1_000  # messages of one transaction
SOON: Final = timedelta(minutes=1)  # what leaves by then need not be asked
FIRST: Final = UUID(int=0)


class Waiting(NamedTuple):
    """A row of `sql/waiting.sql`."""

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
    settings = settings_of(workspace_id)  # before the facts: asking.stamped
    purposes = {Purpose(one.purpose) for one in found}
    facts = facts_for(workspace_id, {one.identity_id for one in found}, purposes, now)
    sooner = _sooner(found, facts, settings, now)
    if sooner:
        moments = [moment for _, moment in sooner]
        _run("sooner", workspace_id, {"ids": [one.id for one, _ in sooner], "not_before": moments})
        wake({one.channel_id for one, moment in sooner if moment <= now})
    return found[-1].id


def _sooner(found: Sequence[Waiting], facts: dict[UUID, Facts], settings: InForce, now: datetime) -> list[tuple[Waiting, datetime]]:
    sooner = []
    for one in found:
        known = facts.get(one.identity_id)
        if known is None:
            continue  # the claim says what is wrong
        asked = Asked(Purpose(one.purpose), now, not_before=_planned(one.body), not_after=one.not_after, made=id_time(one.id))
        decision = decide(stamped(known, settings.version), asked, settings.policy)
        moment = decision.until or now
        if decision.verdict is not Verdict.BLOCK and moment < one.not_before - SOON:
            sooner.append((one, moment))
    return sooner


def _planned(body: str | None) -> datetime | None:
    """For when somebody planned it: no settings bring it forward."""
    reasons = decode(body).reasons if body else ()
    minutes = [int(one.facts[0]) for one in reasons if one.code == Code.SCHEDULED and one.facts]
    return datetime.fromtimestamp(minutes[0] * 60, UTC) if minutes else None


def _run(name: str, workspace_id: UUID, params: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(getattr(sql, name), {"workspace_id": workspace_id, **params})
        return cursor.fetchall() if cursor.description else []
