"""Reading messages: one with its whole story, those of a contact or a campaign, and what a text can say of people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from textfirst.core.errors import NotFound
from textfirst.core.ids import id_time
from textfirst.core.purposes import PURPOSE_RULES, Purpose
from textfirst.database.fields import WorkspaceQuerySet
from textfirst.database.named_sql import load
from textfirst.decisions.models import MessageDecision
from textfirst.decisions.queries import decisions_of, facts_for, policy_of
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Code, Decision, Verdict, told
from textfirst.messages.models import Attempt, Message, Outbox, ProviderRef, Receipt
from textfirst.messages.rules.sending import SHOWN_COLUMNS, decided_by_reason, shown_message
from textfirst.messages.rules.templates import Person
from textfirst.messages.types import Direction, Outcome, Status

MOST_TRIES = 100  # attempts and receipts shown of one message


@dataclass(frozen=True, slots=True)
class Try:
    """An attempt as people see it."""

    id: UUID
    part: int
    at: datetime
    provider_id: str
    outcome: str  # accepted | open | refused | throttled | trouble | no_answer | not_sent


def message(workspace_id: UUID, message_id: UUID) -> Message:
    """Raises NotFound."""
    found = Message.objects.of(workspace_id).filter(id=message_id).first()
    if found is None:
        raise NotFound("There is no such message in this workspace.")
    return found


def shown(workspace_id: UUID, rows: Sequence[Message]) -> list[dict[str, Any]]:
    """Messages as the API writes them."""
    waiting = [row.id for row in rows if row.status == Status.DEFERRED]
    until = dict(Outbox.objects.of(workspace_id).filter(id__in=waiting).values_list("id", "not_before")) if waiting else {}
    return [shown_message(**{column: getattr(row, column) for column in SHOWN_COLUMNS}, until=until.get(row.id)) for row in rows]


def shown_by_id(workspace_id: UUID, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Messages as the API writes them, by id."""
    rows = list(Message.objects.of(workspace_id).filter(id__in=list(ids)))
    return {row.id: said for row, said in zip(rows, shown(workspace_id, rows), strict=True)}


def tries(workspace_id: UUID, message_id: UUID) -> list[Try]:
    """Every attempt at a message, oldest first."""
    refs = {
        row.id: row.provider_id
        for row in ProviderRef.objects.of(workspace_id).filter(
            id__in=Attempt.objects.of(workspace_id).filter(message_id=message_id).values("id")
        )
    }
    rows = Attempt.objects.of(workspace_id).filter(message_id=message_id).order_by("id")[:MOST_TRIES]
    return [Try(row.id, row.part, id_time(row.id), refs.get(row.id, ""), _outcome(row, refs)) for row in rows]


def receipts(workspace_id: UUID, message_id: UUID) -> list[Receipt]:
    """Every receipt of a message, oldest first."""
    return list(Receipt.objects.of(workspace_id).filter(message_id=message_id).order_by("id")[:MOST_TRIES])


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided about a message at one moment."""

    decision: Decision
    at: datetime
    consent_entry_id: UUID | None


def answers(workspace_id: UUID, message_id: UUID) -> list[Answer]:
    """The decision that made a message, then each later one. Raises NotFound for a message that came in: nobody decided about that."""
    row = message(workspace_id, message_id)
    if row.direction == Direction.IN:
        raise NotFound("This message came in: there was nothing to decide.")
    again = list(MessageDecision.objects.of(workspace_id).filter(message_id=message_id).order_by("id")[:MOST_TRIES])
    kept = decisions_of(workspace_id, [row.decision_id, *(one.decision_id for one in again)])
    first = kept.get(row.decision_id) or decided_by_reason(Status(row.status), row.reason)
    later = [Answer(kept[one.decision_id], id_time(one.id), one.consent_entry_id) for one in again if one.decision_id in kept]
    return [Answer(first, id_time(row.id), row.consent_entry_id), *later]


def answer_now(workspace_id: UUID, identity_id: UUID | None, purpose: Purpose, *, now: datetime) -> Answer:
    """What would be decided about a text to an address at `now`; without an address, that there is none."""
    facts = facts_for(workspace_id, [identity_id], [purpose], now).get(identity_id) if identity_id else None
    if facts is None:
        return Answer(told(Verdict.BLOCK, Code.NO_NUMBER), now, None)
    asked = Asked(purpose, now, not_after=now + PURPOSE_RULES[purpose].validity)
    entry = {Purpose.PROMOTION: facts.promotion_entry, Purpose.GREETING: facts.greeting_entry}.get(purpose)
    return Answer(decide(facts, asked, policy_of(workspace_id)), now, entry)


def of_contact(workspace_id: UUID, contact_id: UUID) -> WorkspaceQuerySet[Message]:
    """Everything said with one contact."""
    return Message.objects.of(workspace_id).filter(contact_id=contact_id)


def any_new_to_advertising(workspace_id: UUID, contact_ids: Iterable[UUID]) -> bool:
    """Whether advertising would be the first that some of these contacts hear of it from us."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").new_to_advertising, {"workspace_id": workspace_id, "contact_ids": list(contact_ids)})
        return bool(cursor.fetchone()[0])


def people(workspace_id: UUID, contact_ids: Iterable[UUID]) -> dict[UUID, Person]:
    """What a text can say of each contact, but for the phone: that depends on the identity it goes to."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").people, {"workspace_id": workspace_id, "contact_ids": list(contact_ids)})
        return {row[0]: _person(row) for row in cursor.fetchall()}


def _person(row: Any) -> Person:
    _, first_name, last_name, language, birthday, attributes = row
    said = json.loads(attributes) if isinstance(attributes, str) else attributes
    return Person(first_name, last_name, "", language, birthday, said)


def _outcome(row: Attempt, refs: dict[UUID, str]) -> str:
    if row.outcome == Outcome.OPEN:
        return "accepted" if row.id in refs else "open"
    return Outcome(row.outcome).name.lower()
