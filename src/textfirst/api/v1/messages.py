"""Messages: send one, look at one with its whole story, list those of a contact or campaign, preview a text."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from ninja import Header, Query, Schema, Status
from pydantic import Field

from textfirst.accounts.models import User, Workspace
from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.findings import FindingOut, shown_findings
from textfirst.api.paging import Page, Paging, page
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.channels.queries import channel as find_channel
from textfirst.channels.queries import sender_name
from textfirst.contacts.queries.contacts import card, country_of_workspace
from textfirst.contacts.queries.groups import merge_fields
from textfirst.conversations.actions import send
from textfirst.conversations.queries import whom
from textfirst.core.addresses import read_number
from textfirst.core.errors import InvalidInput, NotFound, TextfirstError
from textfirst.core.ids import id_time
from textfirst.core.words import in_language
from textfirst.decisions.hours import CLASSES, asked
from textfirst.decisions.packs.content import Finding, exempt_findings, findings, unanswered
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.types import Kind
from textfirst.decisions.queries import policy_of
from textfirst.messages import queries
from textfirst.messages.models import Message
from textfirst.messages.queries import any_new_to_advertising
from textfirst.messages.rules.batches import problem_at, read_body, read_list, read_one
from textfirst.messages.rules.composing import Preview, draft, preview
from textfirst.messages.rules.sending import check_key, read_purpose
from textfirst.messages.rules.templates import ATTRIBUTES, NOBODY, Around, Person
from textfirst.messages.types import LONGEST_TEXT, MOST_AT_ONCE, BatchItem, SendRequest
from textfirst.messages.types import Status as MessageStatus

router = Router(tags=["messages"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Up to 255 characters. The same request with the same key is sent once and answered alike, for 48 hours.",
    ),
]


# Described here, read one by one: a message that cannot be used must not stop the others.
BATCH_BODY = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["messages"],
                "additionalProperties": False,
                "properties": {
                    "messages": {"type": "array", "minItems": 1, "maxItems": MOST_AT_ONCE, "items": BatchItem.model_json_schema()},
                },
            }
        }
    },
}


class ReasonOut(Schema):
    code: Annotated[str, Field(description="Stable: stopped, blocked, number_refused, carrier_refused, undeliverable, …")]
    message: Annotated[str, Field(description="In the reader's language.")]
    detail: Annotated[str, Field(description="The carrier's own code, when there is one.")] = ""


class MessageOut(Schema):
    id: UUID
    direction: Annotated[str, Field(description="in or out.")]
    address: Annotated[str, Field(description="The customer's number.")]
    contact_id: UUID
    conversation_id: UUID | None
    campaign_id: UUID | None
    channel_id: UUID
    purpose: str
    text: str
    status: Annotated[
        str,
        Field(
            description="deferred, queued, accepted, enroute, unknown, failed, expired, rejected, undeliverable, suppressed, cancelled, delivered, read; received."
        ),
    ]
    shown: Annotated[str, Field(description="waiting, sent, delivered, read, not_delivered, not_sent or received.")]
    reason: Annotated[ReasonOut | None, Field(description="Why it waits, or why not. Its full story: `GET /messages/{id}/why`.")]
    until: Annotated[datetime | None, Field(description="When a deferred message may leave; unless what is known changes meanwhile.")]
    segments: int
    encoding: Annotated[str, Field(description="gsm7, ucs2, latin1 or binary.")]
    flags: Annotated[list[str], Field(description="possible_duplicate, test, part_missing, replaced, automatic.")]
    author_id: Annotated[UUID | None, Field(description="Who wrote it; none for programs, campaigns and customers.")]
    created_at: datetime
    status_at: datetime


class TryOut(Schema):
    id: UUID
    part: int
    at: datetime
    provider_id: str
    outcome: Annotated[str, Field(description="accepted, open, refused, no_answer or not_sent.")]


class ReceiptOut(Schema):
    at: datetime
    part: int
    status: str
    error: str | None


class MessageDetailOut(MessageOut):
    attempts: list[TryOut]
    receipts: list[ReceiptOut]


class ProblemOut(Schema):
    code: str
    message: str
    fields: Annotated[dict[str, str], Field(description="By place, as `messages[3].to`.")]


class BatchItemOut(Schema):
    status: Annotated[int, Field(description="What the message alone would have been answered with: 202, 422, 404, 409 or 503.")]
    message: MessageOut | None
    error: ProblemOut | None


class BatchOut(Schema):
    accepted: int
    refused: int
    items: Annotated[list[BatchItemOut], Field(description="What became of each message, in the order they were given.")]


class MessagesOf(Schema):
    contact_id: UUID | None = None
    campaign_id: UUID | None = None


class PreviewIn(Schema, extra="forbid"):
    text: Annotated[str, Field(max_length=LONGEST_TEXT)]
    contact_id: UUID | None = None
    to: Annotated[
        str | None, Field(max_length=200, description="A number, instead of a contact: whose rules the text is looked at by.")
    ] = None
    purpose: Annotated[str, Field(max_length=40)] = "notice"
    channel_id: Annotated[UUID | None, Field(description="Whose name or number it would carry.")] = None


class ForcedOut(Schema):
    char: str
    name: str
    position: int


class PreviewOut(Schema):
    text: Annotated[str, Field(description="As the contact gets it.")]
    encoding: str
    segments: int
    units: Annotated[int, Field(description="Septets or UTF-16 units used in all parts.")]
    units_left: Annotated[int, Field(description="Still free in the last part.")]
    forced: Annotated[list[ForcedOut], Field(description="Characters that made it Unicode.")]
    missing: Annotated[list[str], Field(description="Fields without value or default for this contact.")]
    unknown: Annotated[list[str], Field(description="Fields that nobody has.")]
    findings: Annotated[list[FindingOut], Field(description="What the rules of the person's place find in it.")]


@router.post("/messages", response={202: MessageOut})
@needs(Role.AGENT, scope=Scope.MESSAGES_SEND)
def send_message(request: Request, payload: SendRequest, idempotency_key: IdempotencyKey = None) -> Status[dict[str, Any]]:
    """Sends one text to a number or a contact. The answer carries the decision: 202, or 422 with `stopped`, `blocked`, `no_number`, …"""
    answer = send(caller=request.caller, request=payload, key=check_key(idempotency_key), now=datetime.now(UTC))
    return Status(202, translated(answer, reader_language(request)))


@router.post("/messages/batch", response=BatchOut, openapi_extra={"requestBody": BATCH_BODY})
@needs(Role.AGENT, scope=Scope.MESSAGES_SEND)
def send_messages(request: Request) -> dict[str, Any]:
    """Sends up to 1,000 texts, each with its own `idempotency_key`. A message that cannot be sent gets its error and does not stop the others."""
    language, now = reader_language(request), datetime.now(UTC)
    listed = read_list(read_body(request.body))
    items = [_sent(request, place, item, language, now) for place, item in enumerate(listed)]
    accepted = sum(item["message"] is not None for item in items)
    return {"accepted": accepted, "refused": len(items) - accepted, "items": items}


@router.post("/messages/preview", response=PreviewOut)
@needs(Role.VIEWER, scope=Scope.MESSAGES_SEND)
def preview_message(request: Request, payload: PreviewIn) -> dict[str, Any]:
    """What a text becomes: rendered for a contact, measured, with what is wrong with it. Nothing is sent."""
    workspace_id, sender = request.caller.workspace_id, around(request)
    person = _person(workspace_id, payload.contact_id) if payload.contact_id else NOBODY
    found = _findings(workspace_id, payload, person.phone, sender.workspace)
    shown = shown_preview(preview(payload.text, person, sender, attributes=attributes_in_use(workspace_id)))
    return {**shown, "findings": shown_findings(found, reader_language(request))}


@router.get("/messages", response=Page[MessageOut])
@needs(Role.VIEWER, scope=Scope.MESSAGES_READ)
def list_messages(request: Request, paging: Query[Paging], wanted: Query[MessagesOf]) -> dict[str, Any]:
    """Messages of one contact, newest first; those of a campaign are under `GET /campaigns/{id}/recipients`."""
    workspace_id, language = request.caller.workspace_id, reader_language(request)
    rows = _listed(workspace_id, wanted)
    return page(rows, paging, by=("-id",), shown=lambda found: [translated(one, language) for one in queries.shown(workspace_id, found)])


@router.get("/messages/{message_id}", response=MessageDetailOut)
@needs(Role.VIEWER, scope=Scope.MESSAGES_READ)
def read_message(request: Request, message_id: UUID) -> dict[str, Any]:
    """A message with every attempt to send it and every receipt that came."""
    workspace_id = request.caller.workspace_id
    [found] = queries.shown(workspace_id, [queries.message(workspace_id, message_id)])
    shown = translated(found, reader_language(request))
    receipts = [
        {"at": id_time(row.id), "part": row.part, "status": MessageStatus(row.status).word, "error": row.error}
        for row in queries.receipts(workspace_id, message_id)
    ]
    return {**shown, "attempts": queries.tries(workspace_id, message_id), "receipts": receipts}


def translated(message: dict[str, Any], language: str) -> dict[str, Any]:
    """A message with its reason in the reader's language."""
    reason = message["reason"]
    return {**message, "reason": {**reason, "message": in_language(reason["message"], language)}} if reason else message


def around(request: Request) -> Around:
    """What a text may say of its sender."""
    caller = request.caller
    agent = User.objects.filter(id=caller.user_id).values_list("name", flat=True).first() if caller.user_id else None
    return Around(Workspace.objects.values_list("name", flat=True).get(id=caller.workspace_id), agent or "")


def attributes_in_use(workspace_id: UUID) -> frozenset[str]:
    """Attribute keys that contacts have."""
    return frozenset(field.key.removeprefix(ATTRIBUTES) for field in merge_fields(workspace_id) if field.key.startswith(ATTRIBUTES))


def shown_preview(found: Preview) -> dict[str, Any]:
    forced = [{"char": one.character, "name": one.name, "position": one.position} for one in found.measure.foreign]
    return {
        "text": found.text, "encoding": found.encoding.name.lower(), "segments": found.measure.parts, "units": found.measure.used,
        "units_left": found.measure.left, "forced": forced, "missing": found.missing, "unknown": found.unknown,
    }  # fmt: skip


def _person(workspace_id: UUID, contact_id: UUID) -> Person:
    known, reached = queries.people(workspace_id, [contact_id]), whom(workspace_id, [contact_id])
    if contact_id not in known or contact_id not in reached:
        raise NotFound("There is no such contact in this workspace.")
    person = known[contact_id]
    return person.at(reached[contact_id].address or "")


def _findings(workspace_id: UUID, given: PreviewIn, phone: str, firm: str) -> list[Finding]:
    """By the rules of wherever the contact, or the number, may be."""
    legal = CLASSES[read_purpose(given.purpose)]
    number = phone or (read_number(given.to, country_of_workspace(workspace_id)).address if given.to else "")
    known = card(workspace_id, given.contact_id) if given.contact_id else None
    if not number and known is None:
        return []
    where = {"country": known.country, "region": known.region, "zone": known.time_zone} if known else {}
    first = known is not None and any_new_to_advertising(workspace_id, [known.id])
    channel = find_channel(workspace_id, given.channel_id) if given.channel_id else None
    looked_at = draft(given.text, workspace=firm, sender=sender_name(channel), first=first)
    policy, there = policy_of(workspace_id), asked(legal, Kind.TEXT, shelf(), number=number, **where).jurisdictions
    found = unanswered(findings(looked_at, shelf(), there, legal, Kind.TEXT), policy.answers_for)
    return [*found, *exempt_findings(looked_at, shelf(), there, legal, Kind.TEXT, relied=policy.relies_on)]


def _sent(request: Request, place: int, given: dict[str, Any], language: str, now: datetime) -> dict[str, Any]:
    """One message of a batch, sent by itself."""
    try:
        item = read_one(BatchItem, given)
        answer = send(caller=request.caller, request=item, key=check_key(item.idempotency_key), now=now)
    except TextfirstError as error:
        return {"status": error.status, "message": None, "error": problem_at(place, error, language)}
    return {"status": 202, "message": translated(answer, language), "error": None}


def _listed(workspace_id: UUID, wanted: MessagesOf) -> QuerySet[Message]:
    if wanted.contact_id is None:
        sentence = "Name a contact."
        raise InvalidInput(sentence, fields={"contact_id": sentence})
    rows = queries.of_contact(workspace_id, wanted.contact_id)
    return rows.filter(campaign_id=wanted.campaign_id) if wanted.campaign_id else rows
