"""Conversations: the shared inbox."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Schema, Status
from pydantic import Field, model_validator

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging, page
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.api.v1.messages import IdempotencyKey, MessageOut, ReasonOut, translated
from textfirst.conversations import actions, queries
from textfirst.conversations.models import Conversation
from textfirst.conversations.types import ConversationStatus
from textfirst.core.errors import InvalidInput
from textfirst.core.words import in_language
from textfirst.messages.queries import shown
from textfirst.messages.rules.reasons import REASONS
from textfirst.messages.rules.sending import check_key
from textfirst.messages.types import LONGEST_TEXT

router = Router(tags=["conversations"])


class StatusWord(StrEnum):
    OPEN = "open"
    PENDING = "pending"
    SNOOZED = "snoozed"
    CLOSED = "closed"

    @property
    def value_of(self) -> ConversationStatus:
        return ConversationStatus[self.name]


class ConversationContactOut(Schema):
    id: UUID
    name: str
    address: str | None
    stopped: bool


class AssigneeOut(Schema):
    id: UUID
    name: str


class LastMessageOut(Schema):
    id: UUID
    direction: str
    text: str
    status: str
    shown: str
    at: datetime


class ConversationOut(Schema):
    id: UUID
    inbox_id: UUID
    contact: ConversationContactOut
    status: StatusWord
    assignee: AssigneeOut | None
    unread: int
    last_message: LastMessageOut | None
    last_at: datetime
    version: int


class ConversationFilters(Schema):
    status: StatusWord | None = None
    inbox: UUID | None = None
    assignee: Annotated[str | None, Field(max_length=40, description="me, none, or a person's id.")] = None
    unread: bool | None = None
    contact_id: UUID | None = None
    search: Annotated[str, Field(max_length=200, description="A name or a number.")] = ""


class ConversationIn(Schema, extra="forbid"):
    contact_id: UUID | None = None
    to: Annotated[str | None, Field(max_length=64)] = None
    inbox_id: UUID | None = None

    @model_validator(mode="after")
    def _one_target(self) -> ConversationIn:
        if (self.to is None) == (self.contact_id is None):
            raise ValueError("give either to or contact_id")
        return self


class ConversationChange(Schema, extra="forbid"):
    status: StatusWord | None = None
    assignee_id: Annotated[UUID | None, Field(description="Null takes it from whoever has it.")] = None


class ReplyIn(Schema, extra="forbid"):
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]


class ThreadIn(Schema):
    before: Annotated[UUID | None, Field(description="Messages older than this one.")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class ThreadOut(Schema):
    items: list[MessageOut]
    next: Annotated[UUID | None, Field(description="`before` of the next page.")]


class ComposerChannelOut(Schema):
    id: UUID
    name: str
    address: str


class ComposerOut(Schema):
    can_send: bool
    reason: Annotated[ReasonOut | None, Field(description="Why nothing can be sent.")]
    channel: Annotated[ComposerChannelOut | None, Field(description="What a reply would be sent with.")]
    expects_simulator: Annotated[bool, Field(description="A reply reaches a fake phone only.")]


@router.get("/conversations", response=Page[ConversationOut])
@needs(Role.VIEWER, scope=Scope.CONVERSATIONS_READ)
def list_conversations(request: Request, paging: Query[Paging], wanted: Query[ConversationFilters]) -> dict[str, Any]:
    """Newest first. A search looks for people by name or number."""
    workspace_id = request.caller.workspace_id
    rows = queries.conversations(
        workspace_id, status=wanted.status.value_of if wanted.status else None, inbox_id=wanted.inbox, unread=wanted.unread,
        contact_id=wanted.contact_id, search=wanted.search, **_assignee(request, wanted.assignee),
    )  # fmt: skip
    return page(rows, paging, by=queries.NEWEST_FIRST, shown=lambda found: queries.cards(workspace_id, found))


@router.post("/conversations", response=ConversationOut)
@needs(Role.AGENT, scope=Scope.CONVERSATIONS_WRITE)
def start_conversation(request: Request, payload: ConversationIn) -> dict[str, Any]:
    """The conversation with a contact or number: the one there is, or a new one. Nothing is sent."""
    return _card(request, actions.start_conversation(caller=request.caller, **payload.model_dump(), now=datetime.now(UTC)))


@router.get("/conversations/{conversation_id}", response=ConversationOut)
@needs(Role.VIEWER, scope=Scope.CONVERSATIONS_READ)
def read_conversation(request: Request, conversation_id: UUID) -> dict[str, Any]:
    return _card(request, queries.conversation(request.caller.workspace_id, conversation_id))


@router.patch("/conversations/{conversation_id}", response=ConversationOut)
@needs(Role.AGENT, scope=Scope.CONVERSATIONS_WRITE)
def change_conversation(request: Request, conversation_id: UUID, payload: ConversationChange) -> dict[str, Any]:
    """Set how it stands and who has it; what is left out stays."""
    unassign = "assignee_id" in payload.model_fields_set and payload.assignee_id is None
    row = actions.change(
        workspace_id=request.caller.workspace_id, conversation_id=conversation_id, status=payload.status.value_of if payload.status else None,
        assignee_id=payload.assignee_id, unassign=unassign,
    )  # fmt: skip
    return _card(request, row)


@router.post("/conversations/{conversation_id}/read", response=ConversationOut)
@needs(Role.AGENT, scope=Scope.CONVERSATIONS_WRITE)
def mark_conversation_read(request: Request, conversation_id: UUID) -> dict[str, Any]:
    return _card(request, actions.mark(workspace_id=request.caller.workspace_id, conversation_id=conversation_id, unread=False))


@router.post("/conversations/{conversation_id}/unread", response=ConversationOut)
@needs(Role.AGENT, scope=Scope.CONVERSATIONS_WRITE)
def mark_conversation_unread(request: Request, conversation_id: UUID) -> dict[str, Any]:
    return _card(request, actions.mark(workspace_id=request.caller.workspace_id, conversation_id=conversation_id, unread=True))


@router.get("/conversations/{conversation_id}/messages", response=ThreadOut)
@needs(Role.VIEWER, scope=Scope.CONVERSATIONS_READ)
def read_thread(request: Request, conversation_id: UUID, wanted: Query[ThreadIn]) -> dict[str, Any]:
    """What was said, newest first, campaigns included."""
    workspace_id, language = request.caller.workspace_id, reader_language(request)
    found = queries.conversation(workspace_id, conversation_id)
    rows = queries.thread(workspace_id, found, before=wanted.before, limit=wanted.limit + 1)
    following = rows[wanted.limit - 1].id if len(rows) > wanted.limit else None
    return {"items": [translated(one, language) for one in shown(workspace_id, rows[: wanted.limit])], "next": following}


@router.post("/conversations/{conversation_id}/messages", response={202: MessageOut})
@needs(Role.AGENT, scope=Scope.CONVERSATIONS_WRITE)
def reply(request: Request, conversation_id: UUID, payload: ReplyIn, idempotency_key: IdempotencyKey = None) -> Status[dict[str, Any]]:
    """Answers in the conversation. 422 with `stopped`, `blocked`, `no_number`, `no_channel` or `channel_off` when that cannot be."""
    answer = actions.reply(
        caller=request.caller, conversation_id=conversation_id, text=payload.text, key=check_key(idempotency_key), now=datetime.now(UTC)
    )
    return Status(202, translated(answer, reader_language(request)))


@router.get("/conversations/{conversation_id}/composer", response=ComposerOut)
@needs(Role.VIEWER, scope=Scope.CONVERSATIONS_READ)
def read_composer(request: Request, conversation_id: UUID) -> dict[str, Any]:
    """Whether one can write here, by which channel, and why not."""
    workspace_id = request.caller.workspace_id
    state = queries.composer(workspace_id, queries.conversation(workspace_id, conversation_id), test=request.caller.test)
    why = {"code": state.reason, "message": in_language(REASONS[state.reason], reader_language(request))} if state.reason else None
    return {"can_send": state.can_send, "reason": why, "channel": state.channel, "expects_simulator": state.expects_simulator}


def _card(request: Request, row: Conversation) -> dict[str, Any]:
    return queries.cards(request.caller.workspace_id, [row])[0]


def _assignee(request: Request, wanted: str | None) -> dict[str, Any]:
    if not wanted:
        return {}
    if wanted in {"me", "none"}:
        return {"assigned": False} if wanted == "none" else {"assignee_id": request.caller.user_id or request.caller.key_id}
    try:
        return {"assignee_id": UUID(wanted)}
    except ValueError:
        sentence = "Write me, none, or a person's id."
        raise InvalidInput(sentence, fields={"assignee": sentence}) from None
