"""Campaigns: one text to many people."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from time import perf_counter
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from ninja import Query, Schema, Status
from pydantic import Field

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.findings import FindingOut, shown_findings
from textfirst.api.paging import Page, Paging, page
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.api.v1.messages import ForcedOut, ReasonOut, around, shown_preview
from textfirst.api.v1.why import HeadlineOut
from textfirst.campaigns import queries
from textfirst.campaigns.actions import planning, steering
from textfirst.campaigns.actions.checking import check_content
from textfirst.campaigns.actions.dry_run import dry_run, moment_of
from textfirst.campaigns.actions.events import plan_event
from textfirst.campaigns.models import Campaign
from textfirst.campaigns.queries import RecipientCard, Sample
from textfirst.campaigns.rules import MOST_NAMED, check_event, read_audience, starts, told, write_audience
from textfirst.campaigns.types import DryRun, Progress, State
from textfirst.channels.queries import channel as find_channel
from textfirst.channels.queries import sender_name
from textfirst.contacts.types import Audience
from textfirst.core.errors import InvalidInput
from textfirst.core.purposes import Purpose
from textfirst.core.words import in_language
from textfirst.decisions.packs.content import unanswered
from textfirst.decisions.queries import policy_of
from textfirst.messages.rules.composing import draft
from textfirst.messages.rules.reasons import REASONS, UNKNOWN_REASON, read_reason
from textfirst.messages.rules.sending import read_anchor, read_purpose
from textfirst.messages.types import LONGEST_TEXT, Shown

router = Router(tags=["campaigns"])

Name = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT, description='With merge fields: {{ contact.first_name | default: "there" }}.')]
PurposeWord = Annotated[
    str, Field(max_length=40, description="promotion, greeting, feedback, reminder, appointment, notice, support, staff, code or urgent.")
]

Anchor = Annotated[
    datetime | None,
    Field(
        description="The event it is about, with its zone, as a sale that begins at midnight. Whoever's hours do not allow the planned time gets it in the last allowed minute before, and nobody from the event on."
    ),
]


class AudienceIO(Schema, extra="forbid"):
    """Everyone, or the union of lists, segments and contacts; each contact once."""

    everyone: bool = False
    lists: Annotated[list[UUID], Field(max_length=1000, default_factory=list)]
    segments: Annotated[list[UUID], Field(max_length=100, default_factory=list)]
    contacts: Annotated[list[UUID], Field(max_length=MOST_NAMED, default_factory=list)]

    def as_audience(self) -> Audience:
        return Audience(self.everyone, tuple(self.lists), tuple(self.segments), tuple(self.contacts))


class CountsOut(Schema):
    waiting: int
    sent: int
    delivered: int
    read: int
    not_delivered: int
    not_sent: int


class ReasonCountOut(Schema):
    code: str
    message: str
    count: int


class CampaignOut(Schema):
    id: UUID
    name: str
    purpose: str
    channel_id: UUID | None
    audience: AudienceIO
    text: str
    state: State
    scheduled_at: datetime | None
    anchor: Annotated[datetime | None, Field(description="The event it is about.")]
    started_at: datetime | None
    finished_at: datetime | None
    recipients: Annotated[int, Field(description="Written down so far; final once running.")]
    counts: CountsOut
    reasons: Annotated[list[ReasonCountOut], Field(description="Why some were not sent or not delivered, the most frequent first.")]
    segments: Annotated[int, Field(description="Of all messages that left or will.")]
    problem: Annotated[ReasonOut | None, Field(description="What keeps it from going on.")]
    created_at: datetime
    version: int


class CampaignIn(Schema, extra="forbid"):
    name: Name
    purpose: PurposeWord = "promotion"
    channel_id: UUID | None = None
    audience: Annotated[AudienceIO, Field(default_factory=AudienceIO)]
    text: Text = ""
    anchor: Anchor = None


class CampaignChange(Schema, extra="forbid"):
    name: Name | None = None
    purpose: PurposeWord | None = None
    channel_id: Annotated[UUID | None, Field(description="Null: the channel that suits at the start.")] = None
    audience: AudienceIO | None = None
    text: Text | None = None
    anchor: Anchor = None


class StartIn(Schema, extra="forbid"):
    at: Annotated[datetime | None, Field(description="With its zone; left out, it starts now.")] = None


class CampaignPreviewIn(Schema, extra="forbid"):
    text: Text
    audience: AudienceIO
    purpose: PurposeWord = "promotion"
    channel_id: UUID | None = None


class MissingOut(Schema):
    field: str
    contacts: int


class SampleContactOut(Schema):
    id: UUID
    name: str
    address: str


class SampleOut(Schema):
    contact: SampleContactOut
    text: str
    segments: int
    encoding: str


class CampaignPreviewOut(Schema):
    recipients: Annotated[int, Field(description="Contacts with a number, stopped and blocked ones included.")]
    stopped: int
    blocked: int
    no_number: int
    estimated: Annotated[bool, Field(description="The audience is so large that the counts were scaled from its first 50,000 contacts.")]
    segments: Annotated[int, Field(description="Of the dearest text among the first 200 recipients.")]
    encoding: str
    units: int
    units_left: int
    forced: list[ForcedOut]
    missing: Annotated[list[MissingOut], Field(description="Fields without default, and how many have no value.")]
    unknown: list[str]
    samples: list[SampleOut]
    findings: Annotated[list[FindingOut], Field(description="What the rules of the audience's places find in the text.")]


class DryRunIn(Schema, extra="forbid"):
    audience: AudienceIO
    purpose: PurposeWord = "promotion"
    text: Text
    channel_id: UUID | None = None
    at: Annotated[datetime | None, Field(description="With its zone; left out, now.")] = None
    anchor: Anchor = None


class LaterOut(Schema):
    from_: Annotated[datetime, Field(alias="from", serialization_alias="from")]
    local: Annotated[
        str, Field(description="The time on these people's own clocks; empty where it differs or is not known.", examples=["09:00"])
    ]
    count: int
    headline: HeadlineOut


class DryRunOut(Schema):
    at: datetime
    total: Annotated[int, Field(description="Everybody in the audience, those without a number too.")]
    now: int
    later: Annotated[list[LaterOut], Field(description="By when they would begin; beyond a hundred moments, by the hour.")]
    not_: Annotated[list[ReasonCountOut], Field(alias="not", serialization_alias="not", description="The most frequent reason first.")]
    segments: Annotated[int, Field(description="Of all texts that would leave.")]
    sentence: Annotated[str, Field(examples=["12,401 now, 320 at 09:00 their time, 98 not: 61 no consent, 30 stopped, 7 capped"])]
    seconds: Annotated[float, Field(description="What it took to find out.")]


class ShownWord(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    NOT_DELIVERED = "not_delivered"
    NOT_SENT = "not_sent"


class RecipientFilters(Schema):
    shown: ShownWord | None = None
    reason: Annotated[str, Field(max_length=60, description="A reason's code, as the campaign's `reasons` have it.")] = ""
    search: Annotated[str, Field(max_length=200, description="A name or a number.")] = ""


class RecipientContactOut(Schema):
    id: UUID
    name: str


class RecipientOut(Schema):
    id: Annotated[UUID, Field(description="Also the message's.")]
    contact: RecipientContactOut
    address: str
    status: str
    shown: str
    reason: ReasonOut | None
    until: Annotated[datetime | None, Field(description="Of a message that waits: not before.")]
    status_at: datetime | None


@router.get("/campaigns", response=Page[CampaignOut])
@needs(Role.VIEWER, scope=Scope.CAMPAIGNS_READ)
def list_campaigns(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    """Newest first."""
    return page(queries.campaigns(request.caller.workspace_id), paging, by=("-id",), shown=lambda rows: _shown(request, rows))


@router.post("/campaigns", response={201: CampaignOut})
@needs(Role.ADMIN, scope=Scope.CAMPAIGNS_WRITE)
def create_campaign(request: Request, payload: CampaignIn) -> Status[CampaignOut]:
    """Makes a draft; nothing is sent before it is started."""
    row = planning.create(
        workspace_id=request.caller.workspace_id, name=payload.name, purpose=read_purpose(payload.purpose), channel_id=payload.channel_id,
        audience=payload.audience.as_audience(), text=payload.text, created_by_id=request.caller.user_id, anchor=payload.anchor,
    )  # fmt: skip
    return Status(201, _one(request, row))


@router.post("/campaigns/preview", response=CampaignPreviewOut)
@needs(Role.VIEWER, scope=Scope.CAMPAIGNS_READ)
def preview_campaign(request: Request, payload: CampaignPreviewIn) -> CampaignPreviewOut:
    """What a campaign would do if it started now: whom it reaches, what they get, what it takes."""
    workspace_id, audience, sender = request.caller.workspace_id, payload.audience.as_audience(), around(request)
    channel = find_channel(workspace_id, payload.channel_id) if payload.channel_id else None
    looked_at = draft(payload.text, workspace=sender.workspace, sender=sender_name(channel))
    policy = policy_of(workspace_id)
    found_in_text = check_content(workspace_id, audience, read_purpose(payload.purpose), looked_at, policy.relies_on)
    findings = unanswered(found_in_text, policy.answers_for)
    found = queries.plan(workspace_id, audience, payload.text, sender)
    dearest = shown_preview(found.dearest)
    return CampaignPreviewOut(
        recipients=found.recipients, stopped=found.stopped, blocked=found.blocked, no_number=found.no_number, estimated=found.estimated,
        missing=[MissingOut(field=field, contacts=contacts) for field, contacts in found.missing.items()], unknown=list(found.unknown),
        samples=[_sample(sample) for sample in found.samples], findings=shown_findings(findings, reader_language(request)),
        **{name: dearest[name] for name in ("segments", "encoding", "units", "units_left", "forced")},
    )  # fmt: skip


@router.post("/campaigns/dry-run", response=DryRunOut, by_alias=True)
@needs(Role.VIEWER, scope=Scope.CAMPAIGNS_READ)
def dry_run_plan(request: Request, payload: DryRunIn) -> dict[str, Any]:
    """Whom a text would reach now or later, and whom not and why, by the decisions that would make its messages. Nothing is sent."""
    workspace_id = request.caller.workspace_id
    if payload.channel_id is not None:
        find_channel(workspace_id, payload.channel_id)
    tried = _Tried(
        payload.audience.as_audience(), read_purpose(payload.purpose), payload.text, payload.channel_id, payload.at, payload.anchor
    )
    return _dry_run(request, tried)


@router.post("/campaigns/{campaign_id}/dry-run", response=DryRunOut, by_alias=True)
@needs(Role.VIEWER, scope=Scope.CAMPAIGNS_READ)
def dry_run_campaign(request: Request, campaign_id: UUID, payload: StartIn | None = None) -> dict[str, Any]:
    """The same for a campaign: at `at`, else when it is planned for, else now."""
    row = queries.campaign(request.caller.workspace_id, campaign_id)
    at = payload.at if payload and payload.at else row.scheduled_at
    return _dry_run(request, _Tried(read_audience(row.audience), Purpose(row.purpose), row.text, row.channel_id, at, row.anchor))


@router.get("/campaigns/{campaign_id}", response=CampaignOut)
@needs(Role.VIEWER, scope=Scope.CAMPAIGNS_READ)
def read_campaign(request: Request, campaign_id: UUID) -> CampaignOut:
    return _one(request, queries.campaign(request.caller.workspace_id, campaign_id))


@router.patch("/campaigns/{campaign_id}", response=CampaignOut)
@needs(Role.ADMIN, scope=Scope.CAMPAIGNS_WRITE)
def change_campaign(request: Request, campaign_id: UUID, payload: CampaignChange) -> CampaignOut:
    """Before it starts everything can be changed, afterwards the name. What is left out stays."""
    given = payload.model_fields_set
    missing = [name for name in given - {"channel_id", "anchor"} if getattr(payload, name) is None]
    if missing:
        sentence = "This cannot be empty."
        raise InvalidInput(sentence, fields=dict.fromkeys(missing, sentence))
    changes: dict[str, Any] = {name: getattr(payload, name) for name in given}
    if payload.purpose is not None:
        changes["purpose"] = read_purpose(payload.purpose)
    if payload.audience is not None:
        changes["audience"] = payload.audience.as_audience()
    return _one(request, planning.edit(workspace_id=request.caller.workspace_id, campaign_id=campaign_id, changes=changes))


@router.delete("/campaigns/{campaign_id}", response={204: None})
@needs(Role.ADMIN, scope=Scope.CAMPAIGNS_WRITE)
def delete_campaign(request: Request, campaign_id: UUID) -> Status[None]:
    """Only before it has started: afterwards it is the record of what was sent."""
    planning.delete(workspace_id=request.caller.workspace_id, campaign_id=campaign_id)
    return Status(204, None)


@router.post("/campaigns/{campaign_id}/start", response=CampaignOut)
@needs(Role.ADMIN, scope=Scope.CAMPAIGNS_WRITE)
def start_campaign(request: Request, campaign_id: UUID, payload: StartIn | None = None) -> CampaignOut:
    """Sends it now, or plans it for `at`. Started twice, it is sent once."""
    caller = request.caller
    at = payload.at if payload else None
    return _one(
        request, steering.start(workspace_id=caller.workspace_id, campaign_id=campaign_id, at=at, test=caller.test, now=datetime.now(UTC))
    )


@router.post("/campaigns/{campaign_id}/pause", response=CampaignOut)
@needs(Role.ADMIN, scope=Scope.CAMPAIGNS_WRITE)
def pause_campaign(request: Request, campaign_id: UUID) -> CampaignOut:
    """Nothing more leaves until it is resumed."""
    return _one(request, steering.pause(workspace_id=request.caller.workspace_id, campaign_id=campaign_id))


@router.post("/campaigns/{campaign_id}/resume", response=CampaignOut)
@needs(Role.ADMIN, scope=Scope.CAMPAIGNS_WRITE)
def resume_campaign(request: Request, campaign_id: UUID) -> CampaignOut:
    return _one(request, steering.resume(workspace_id=request.caller.workspace_id, campaign_id=campaign_id))


@router.post("/campaigns/{campaign_id}/cancel", response=CampaignOut)
@needs(Role.ADMIN, scope=Scope.CAMPAIGNS_WRITE)
def cancel_campaign(request: Request, campaign_id: UUID) -> CampaignOut:
    """What has not left is not sent. This cannot be undone."""
    return _one(request, steering.cancel(workspace_id=request.caller.workspace_id, campaign_id=campaign_id, now=datetime.now(UTC)))


@router.get("/campaigns/{campaign_id}/recipients", response=Page[RecipientOut])
@needs(Role.VIEWER, scope=Scope.CAMPAIGNS_READ)
def list_recipients(request: Request, campaign_id: UUID, paging: Query[Paging], wanted: Query[RecipientFilters]) -> dict[str, Any]:
    """Every recipient with what became of their message. With a filter, a page may hold fewer than `limit` and still have a `next`."""
    workspace_id, language = request.caller.workspace_id, reader_language(request)
    seen = Shown[wanted.shown.name] if wanted.shown else None
    found, following = queries.recipients(
        workspace_id,
        queries.campaign(workspace_id, campaign_id),
        after=_place(paging.after),
        limit=paging.limit,
        seen=seen,
        reason=wanted.reason.replace("\x00", ""),
        search=wanted.search,
    )
    return {"items": [_recipient(one, language) for one in found], "next": str(following) if following else None}


class _Tried(NamedTuple):
    """A campaign as it would be."""

    audience: Audience
    purpose: Purpose
    text: str
    channel_id: UUID | None
    at: datetime | None
    anchor: datetime | None


def _found(workspace_id: UUID, tried: _Tried, now: datetime) -> DryRun:
    audience, purpose, text, channel_id, at, anchor = tried._replace(anchor=read_anchor(tried.anchor))
    planned = moment_of(at, now)
    if anchor is None:
        return dry_run(workspace_id=workspace_id, audience=audience, purpose=purpose, text=text, now=planned)
    check_event(anchor, planned, now)
    plan = plan_event(workspace_id, audience, purpose, text, anchor=anchor, planned=at, channel_id=channel_id, now=now)
    return dry_run(workspace_id=workspace_id, audience=audience, purpose=purpose, text=text, now=plan.begins, event=plan.event)


def _dry_run(request: Request, tried: _Tried) -> dict[str, Any]:
    began, language = perf_counter(), reader_language(request)
    found = _found(request.caller.workspace_id, tried, datetime.now(UTC))
    later = [
        {
            "from": start.at,
            "local": start.local.partition("T")[2],
            "count": many,
            "headline": {"code": start.reason, "message": _words(start.reason, language)},
        }
        for start, many in starts(found)
    ]
    refused = [{"code": code, "message": _words(code, language), "count": many} for code, many in found.refused.most_common()]
    return {
        "at": found.at, "total": found.total, "now": found.now, "later": later, "not": refused, "segments": found.segments,
        "sentence": told(found, language), "seconds": round(perf_counter() - began, 3),
    }  # fmt: skip


def _shown(request: Request, rows: list[Campaign]) -> list[CampaignOut]:
    far, language = queries.progress_of(request.caller.workspace_id, rows), reader_language(request)
    return [_campaign(row, far[row.id], language) for row in rows]


def _one(request: Request, row: Campaign) -> CampaignOut:
    return _shown(request, [row])[0]


def _campaign(row: Campaign, far: Progress, language: str) -> CampaignOut:
    reasons = [ReasonCountOut(code=code, message=_words(code, language), count=count) for code, count in far.reasons.items()]
    return CampaignOut(
        id=row.id, name=row.name, purpose=Purpose(row.purpose).word, channel_id=row.channel_id,
        audience=AudienceIO(**write_audience(read_audience(row.audience))), text=row.text, state=State(row.state), scheduled_at=row.scheduled_at, anchor=row.anchor,
        started_at=row.started_at, finished_at=row.finished_at, recipients=row.recipients, counts=CountsOut(**far.shown), reasons=reasons,
        segments=far.segments, problem=ReasonOut(code=row.problem, message=_words(row.problem, language)) if row.problem else None,
        created_at=row.created_at, version=row.version,
    )  # fmt: skip


def _recipient(one: RecipientCard, language: str) -> RecipientOut:
    why = read_reason(one.reason)
    return RecipientOut(
        id=one.id, contact=RecipientContactOut(id=one.contact_id, name=one.name), address=one.address, status=one.status.word,
        shown=queries.seen_as(one.status), status_at=one.status_at, until=one.until,
        reason=ReasonOut(code=why.code, message=in_language(why.text, language), detail=why.detail) if why else None,
    )  # fmt: skip


def _sample(one: Sample) -> SampleOut:
    return SampleOut(
        contact=SampleContactOut(id=one.contact_id, name=one.name, address=one.address), text=one.preview.text,
        segments=one.preview.measure.parts, encoding=one.preview.encoding.name.lower(),
    )  # fmt: skip


def _words(code: str, language: str) -> str:
    return in_language(REASONS.get(code, UNKNOWN_REASON), language)


def _place(after: str | None) -> UUID | None:
    try:
        return UUID(after) if after else None
    except ValueError:
        raise InvalidInput(
            "This is not a place in this list.", code="cursor_invalid", fields={"after": "Use `next` of the page before."}
        ) from None
