"""Why a message was sent, not sent, or sent by this channel; and what would be decided about somebody now."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Schema
from pydantic import Field

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.conversations.queries import whom
from textfirst.core.errors import NotFound
from textfirst.core.purposes import Purpose
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.why import explain
from textfirst.messages.queries import Answer, answer_now, answers
from textfirst.messages.rules.sending import read_purpose

router = Router(tags=["why"])


class VerdictWord(StrEnum):
    ALLOW = "allow"
    DEFER = "defer"
    BLOCK = "block"


class HeadlineOut(Schema):
    code: Annotated[str, Field(description="Stable: allowed, stopped, no_permission, quiet_hours, capped, …")]
    message: str


class BecauseOut(Schema):
    code: str
    message: Annotated[str, Field(description="In the reader's language.")]
    facts: Annotated[dict[str, Any], Field(description="What it was taken from: rule and version, source, counters, zone, …")]


class ChannelWhyOut(Schema):
    reasons: Annotated[list[BecauseOut], Field(description="Why by this channel.")]


class LocalTimeOut(Schema):
    zone: str
    at: datetime


class DecidedOut(Schema):
    verdict: VerdictWord
    at: Annotated[datetime, Field(description="When it was decided.")]
    headline: HeadlineOut
    reasons: Annotated[list[BecauseOut], Field(description="All that was looked at, the headline first; also when it was allowed.")]
    channel: ChannelWhyOut
    until: Annotated[datetime | None, Field(description="Not before; null when it may go, or never.")]
    local_times: Annotated[list[LocalTimeOut], Field(description="What the clocks say in every zone the person may be in.")]
    consent_entry_id: Annotated[UUID | None, Field(description="The entry of the ledger that it rests on.")]


class WhyOut(DecidedOut):
    later: Annotated[list[DecidedOut], Field(description="Decided again before it left, oldest first.")]


class PurposeQuery(Schema):
    purpose: Annotated[str, Field(max_length=40)] = Purpose.PROMOTION.word


@router.get("/messages/{message_id}/why", response=WhyOut)
@needs(Role.VIEWER, scope=Scope.MESSAGES_READ)
def read_message_why(request: Request, message_id: UUID) -> dict[str, Any]:
    """Why it was sent, planned or not sent, as it was decided when it was made, and each time it was decided again."""
    first, *later = answers(request.caller.workspace_id, message_id)
    language = reader_language(request)
    return {**_decided(first, language), "later": [_decided(one, language) for one in later]}


@router.get("/contacts/{contact_id}/why", response=WhyOut)
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def read_contact_why(request: Request, contact_id: UUID, asked: Query[PurposeQuery]) -> dict[str, Any]:
    """Whether a text could be sent to somebody now, and why. Nothing is sent."""
    workspace_id, purpose = request.caller.workspace_id, read_purpose(asked.purpose)
    person = whom(workspace_id, [contact_id]).get(contact_id)
    if person is None:
        raise NotFound("There is no such contact in this workspace.")
    return {**_decided(answer_now(workspace_id, person.identity_id, purpose, now=datetime.now(UTC)), reader_language(request)), "later": []}


def _decided(one: Answer, language: str) -> dict[str, Any]:
    return {**explain(one.decision, one.at, shelf(), language), "consent_entry_id": one.consent_entry_id}
