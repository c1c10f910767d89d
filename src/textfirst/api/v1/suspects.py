"""Suspected opt-outs: messages that perhaps ask us to stop, for a person to say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpResponse
from ninja import Query, Schema
from pydantic import Field

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.paging import CountedPage, Paging, capped_count
from textfirst.api.router import Router
from textfirst.consent.actions.suspects import settle_suspect, undo_suspect
from textfirst.consent.models import ConsentStanding
from textfirst.consent.queries import suspects
from textfirst.consent.rules.optout import read_optout
from textfirst.consent.types import Answer, Suspect
from textfirst.conversations.queries import whom
from textfirst.conversations.types import Whom
from textfirst.core.errors import InvalidInput
from textfirst.messages.models import Message

router = Router(tags=["consent"])


class WhoseOut(Schema):
    id: UUID
    name: str
    address: str


class SignOut(Schema):
    language: str
    rule: Annotated[str, Field(description="What was recognised, in the matcher's words.")]
    words: Annotated[str, Field(description="The words it was recognised in, as they were read.")]
    score: float


class SuspectOut(Schema):
    id: UUID
    at: datetime
    contact: Annotated[WhoseOut | None, Field(description="Null once the contact is gone.")]
    conversation_id: UUID | None
    message_id: UUID | None
    text: Annotated[str, Field(description="What they wrote; empty once it was erased.")]
    score: Annotated[float, Field(description="0 to 1; a stop from 0.7.")]
    evidence: list[SignOut]


class AnswerIn(Schema, extra="forbid"):
    decision: Annotated[
        Answer, Field(description="stop: they want no more texts; ordinary: they wanted something else, marketing goes on.")
    ]


@router.get("/consent/suspects", response=CountedPage[SuspectOut])
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def list_suspects(request: Request, paging: Query[Paging]) -> dict[str, object]:
    """Messages that perhaps ask us to stop and that nobody has answered for, oldest first. Until then marketing to these people is held."""
    workspace_id = request.caller.workspace_id
    found = suspects(workspace_id, limit=paging.limit + 1, after=_place(paging.after))
    kept = found[: paging.limit]
    return {
        "items": _shown(workspace_id, kept),
        "next": str(kept[-1].id) if len(found) > paging.limit else None,
        "total": capped_count(ConsentStanding.objects.of(workspace_id).filter(held=True)),
    }


@router.post("/consent/suspects/{suspect_id}", response={204: None})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def decide_suspect(request: Request, suspect_id: UUID, payload: AnswerIn) -> HttpResponse:
    """Say what it was. It takes effect at once, and can be undone."""
    caller = request.caller
    settle_suspect(
        workspace_id=caller.workspace_id, entry_id=suspect_id, answer=payload.decision, by_user_id=caller.user_id, now=datetime.now(UTC)
    )
    return HttpResponse(status=204)


@router.post("/consent/suspects/{suspect_id}/undo", response={204: None})
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def undo_suspect_decision(request: Request, suspect_id: UUID) -> HttpResponse:
    """Ask again: marketing is held as before. Not possible once they have stopped themselves."""
    caller = request.caller
    undo_suspect(workspace_id=caller.workspace_id, entry_id=suspect_id, by_user_id=caller.user_id, now=datetime.now(UTC))
    return HttpResponse(status=204)


def _place(cursor: str | None) -> UUID | None:
    try:
        return UUID(cursor) if cursor else None
    except ValueError:
        raise InvalidInput(
            "This is not a place in this list.", code="cursor_invalid", fields={"after": "Use `next` of the page before."}
        ) from None


def _shown(workspace_id: UUID, found: list[Suspect]) -> list[SuspectOut]:
    people = whom(workspace_id, {one.contact_id for one in found if one.contact_id})
    message_ids = [one.message_id for one in found if one.message_id]
    threads = dict(Message.objects.of(workspace_id).filter(id__in=message_ids).values_list("id", "conversation_id"))
    return [_one(one, people, threads) for one in found]


def _one(one: Suspect, people: dict[UUID, Whom], threads: dict[UUID, UUID | None]) -> SuspectOut:
    whose = people.get(one.contact_id) if one.contact_id else None
    verdict = read_optout(one.words)
    return SuspectOut(
        id=one.id, at=one.at, message_id=one.message_id, conversation_id=threads.get(one.message_id) if one.message_id else None, text=one.words,
        contact=WhoseOut(id=whose.id, name=whose.name, address=whose.address or "") if whose else None, score=verdict.score,
        evidence=[SignOut(language=each.language, rule=each.rule, words=each.words, score=each.score) for each in verdict.evidence],
    )  # fmt: skip
