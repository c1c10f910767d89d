"""Channels: provider accounts with a number, how they are doing, and whether they can log in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.db import transaction
from ninja import Query, Schema, Status
from pydantic import Field

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging, page
from textfirst.api.problems import reader_language
from textfirst.api.provision import attach
from textfirst.api.router import Router
from textfirst.api.v1.me import Name
from textfirst.channels import actions, queries
from textfirst.channels.models import Channel, ChannelHealth, ChannelShare
from textfirst.channels.registry import DECLARATIONS
from textfirst.channels.rules.forms import FASTEST, MOST_BINDS, WIDEST
from textfirst.channels.rules.health import in_words
from textfirst.channels.types import Declaration, FieldSpec, FieldType
from textfirst.conversations.models import InboxChannel
from textfirst.core.errors import InvalidInput
from textfirst.core.ids import id_time
from textfirst.core.words import in_language

router = Router(tags=["channels"])

Rate = Annotated[int, Field(ge=0, le=FASTEST, description="Segments a second; 0 is as fast as the window allows.")]
Window = Annotated[int, Field(ge=1, le=WIDEST, description="Unanswered submits at once.")]
Binds = Annotated[int, Field(ge=1, le=MOST_BINDS, description="Connections at a time; they share rate and window.")]
Pool = Annotated[str, Field(max_length=40, description="Channels of one pool stand in for one another; empty: for nobody.")]
Weight = Annotated[int, Field(ge=1, le=100, description="Its part of the pool's messages, compared with the others'.")]
Kind = Annotated[str, Field(max_length=40, examples=["smpp"])]
Address = Annotated[str, Field(max_length=40, description="The number, short code or name customers see.")]
Config = Annotated[dict[str, str | int | bool | None], Field(max_length=50, description="As `GET /channels/kinds` declares.")]
Secrets = Annotated[dict[str, str], Field(max_length=10, description="Kept encrypted, never read back.")]


class HealthOut(Schema):
    state: Annotated[str, Field(description="off, connecting, bound, refused, lost or waiting.")]
    detail: Annotated[str, Field(description="In a person's words, in the reader's language.")]
    code: Annotated[str, Field(description="Stable: what the sentence says, such as bound, wrong_password, unreachable or lost.")]
    since: datetime | None


class CarrierOut(Schema):
    """How a channel that others stand in for does, by a sample of its texts; looked at once a minute."""

    share: Annotated[int, Field(description="Of the pool's 100 points, which it carries now; by weight while all are well.")]
    sent: Annotated[int, Field(description="Texts of ten minutes that ended five minutes ago.")]
    slow: Annotated[int, Field(description="Of those, not delivered within five minutes.")]
    tried: Annotated[int, Field(description="Attempts of the last two minutes.")]
    errors: Annotated[int, Field(description="Of those, refused for the carrier's own trouble or not answered.")]
    median_seconds: Annotated[float | None, Field(description="From submit to receipt.")]
    p95_seconds: float | None
    looked_at: datetime


class ShiftOut(Schema):
    """Points that moved from one channel of a pool to another."""

    at: datetime
    from_id: UUID
    to_id: UUID
    points: int
    reason: Annotated[str, Field(description="slow, errors or back.")]
    facts: dict[str, int]


class ChannelOut(Schema):
    id: UUID
    name: str
    kind: str
    address: str
    config: dict[str, str | int | bool | None]
    has_secret: bool
    hook_url: Annotated[
        str | None, Field(description="Where its provider calls us; null for a kind that does not, and for who may not change channels.")
    ]
    rate: int
    window: int
    enabled: bool
    binds: int
    pool: str
    weight: int
    health: HealthOut
    inbox_id: UUID | None
    carrier: Annotated[CarrierOut | None, Field(description="Null for a channel that stands alone.")]


class ShiftsOut(Schema):
    items: list[ShiftOut]


class ChannelIn(Schema, extra="forbid"):
    name: Name
    kind: Kind
    address: Address
    config: Annotated[Config, Field(default_factory=dict)]
    secrets: Annotated[Secrets, Field(default_factory=dict)]
    rate: Rate | None = None
    window: Window | None = None
    binds: Binds = 1
    pool: Pool = ""
    weight: Weight = 50
    enabled: bool = True
    inbox_id: UUID | None = None


class ChannelChange(Schema, extra="forbid"):
    name: Name | None = None
    address: Address | None = None
    config: Config | None = None
    secrets: Secrets | None = None
    rate: Rate | None = None
    window: Window | None = None
    binds: Binds | None = None
    pool: Pool | None = None
    weight: Weight | None = None
    enabled: bool | None = None
    inbox_id: UUID | None = None


class ChannelTestIn(Schema, extra="forbid"):
    """A form (`kind`, `config`, `secrets`), or a stored channel with what the form changes about it."""

    channel_id: UUID | None = None
    kind: Kind | None = None
    config: Config | None = None
    secrets: Annotated[Secrets, Field(default_factory=dict)]


class ChannelTestOut(Schema):
    ok: bool
    code: Annotated[
        str,
        Field(
            description="bound, or as a channel's health says: wrong_password, bound_already, refused, unreachable, tls_untrusted, no_answer…"
        ),
    ]
    detail: Annotated[str, Field(description="In a person's words.")]


class ChoiceOut(Schema):
    value: str
    label: str


class FieldOut(Schema):
    name: str
    type: FieldType
    label: str
    help: str
    default: str | int | bool | None
    required: bool
    advanced: bool
    least: int | None
    most: Annotated[int | None, Field(description="Of a number; of a text, its length.")]
    choices: list[ChoiceOut]


class KindOut(Schema):
    kind: str
    label: str
    help: str
    fields: list[FieldOut]
    rate: int
    window: int


class KindsOut(Schema):
    items: list[KindOut]


@router.get("/channels/kinds", response=KindsOut)
@needs(Role.VIEWER)
def list_channel_kinds(request: Request) -> KindsOut:
    """What each kind of channel asks: the form, its defaults and limits, in the reader's language."""
    language = reader_language(request)
    return KindsOut(items=[_kind(declaration, language) for declaration in DECLARATIONS.values()])


@router.post("/channels/test", response=ChannelTestOut)
@needs(Role.ADMIN)
def test_channel(request: Request, payload: ChannelTestIn) -> ChannelTestOut:
    """Connects and logs in at the carrier, within ten seconds, and says what came of it."""
    if payload.channel_id is None and payload.kind is None:
        raise InvalidInput("Name a channel or a kind of channel.", fields={"kind": "This is needed."})
    tested = actions.try_channel(workspace_id=request.caller.workspace_id, **payload.model_dump())
    return ChannelTestOut(ok=tested.ok, code=tested.code, detail=in_language(tested.detail, reader_language(request)))


@router.get("/channels", response=Page[ChannelOut])
@needs(Role.VIEWER)
def list_channels(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    workspace_id = request.caller.workspace_id
    return page(queries.channels(workspace_id), paging, by=("id",), shown=lambda rows: _shown(request, rows))


@router.post("/channels", response={201: ChannelOut})
@needs(Role.ADMIN)
def create_channel(request: Request, payload: ChannelIn) -> Status[ChannelOut]:
    """Its texts come to `inbox_id`, or to the workspace's first inbox."""
    workspace_id = request.caller.workspace_id
    with transaction.atomic():
        row = actions.create_channel(workspace_id=workspace_id, **payload.model_dump(exclude={"inbox_id"}))
        attach(workspace_id, row.id, payload.inbox_id)
    return Status(201, _shown(request, [row])[0])


@router.get("/channels/{channel_id}", response=ChannelOut)
@needs(Role.VIEWER)
def read_channel(request: Request, channel_id: UUID) -> ChannelOut:
    return _shown(request, [queries.channel(request.caller.workspace_id, channel_id)])[0]


@router.patch("/channels/{channel_id}", response=ChannelOut)
@needs(Role.ADMIN)
def change_channel(request: Request, channel_id: UUID, payload: ChannelChange) -> ChannelOut:
    """`config` replaces all settings; of `secrets` only those given. The engine connects anew."""
    workspace_id = request.caller.workspace_id
    with transaction.atomic():
        changes = payload.model_dump(exclude={"inbox_id"}, exclude_none=True)
        row = actions.edit_channel(workspace_id=workspace_id, channel_id=channel_id, changes=changes)
        if payload.inbox_id is not None:
            attach(workspace_id, row.id, payload.inbox_id)
    return _shown(request, [row])[0]


@router.delete("/channels/{channel_id}", response={204: None})
@needs(Role.ADMIN)
def remove_channel(request: Request, channel_id: UUID) -> Status[None]:
    """Its messages stay; what still waits is not sent."""
    actions.remove_channel(workspace_id=request.caller.workspace_id, channel_id=channel_id, now=datetime.now(UTC))
    return Status(204, None)


@router.get("/channels/{channel_id}/shifts", response=ShiftsOut)
@needs(Role.VIEWER)
def list_channel_shifts(request: Request, channel_id: UUID) -> ShiftsOut:
    """The last twenty times that points moved in the channel's pool, newest first, and why."""
    workspace_id = request.caller.workspace_id
    found = queries.shifts(queries.channel(workspace_id, channel_id))
    return ShiftsOut(
        items=[
            ShiftOut(at=id_time(row.id), from_id=row.source, to_id=row.target, points=row.points, reason=row.reason, facts=row.facts)
            for row in found
        ]
    )


def _shown(request: Request, rows: list[Channel]) -> list[ChannelOut]:
    workspace_id, language = request.caller.workspace_id, reader_language(request)
    ids = [row.id for row in rows]
    healths, carriers = queries.health(workspace_id, ids), queries.shares(rows)
    inboxes = dict(InboxChannel.objects.of(workspace_id).filter(channel_id__in=ids).values_list("channel_id", "inbox_id"))
    role = request.caller.role
    hooks = queries.hook_urls(rows) if role is not None and role.covers(Role.ADMIN) else {}
    return [
        _channel(row, healths.get(row.id), inboxes.get(row.id), carriers.get(row.id), language, hook_url=hooks.get(row.id)) for row in rows
    ]


def _channel(row: Channel, health: ChannelHealth | None, inbox_id: UUID | None, share: ChannelShare | None, language: str, *,
             hook_url: str | None) -> ChannelOut:  # fmt: skip
    state = HealthOut(state="off", detail="", code="", since=None)
    if health is not None and row.enabled:
        detail = in_words(health.code, health.facts, language)
        state = HealthOut(state=health.state, detail=detail, code=health.code, since=health.since)
    return ChannelOut(
        id=row.id, name=row.name, kind=row.kind, address=row.address, config=row.config, has_secret=bool(bytes(row.secrets)), hook_url=hook_url,
        rate=row.rate, window=row.window, enabled=row.enabled, health=state, inbox_id=inbox_id, binds=row.binds,
        pool=row.pool, weight=row.weight, carrier=_carrier(share),
    )  # fmt: skip


def _carrier(row: ChannelShare | None) -> CarrierOut | None:
    if row is None:
        return None
    return CarrierOut(
        share=row.share, sent=row.sent, slow=row.slow, tried=row.tried, errors=row.errors, median_seconds=row.seconds_half,
        p95_seconds=row.seconds_most, looked_at=row.looked_at,
    )  # fmt: skip


def _kind(declaration: Declaration, language: str) -> KindOut:
    words = {name: in_language(getattr(declaration, name), language) for name in ("label", "help")}
    fields = [_field(spec, language) for spec in declaration.fields]
    return KindOut(kind=declaration.kind, fields=fields, rate=declaration.rate, window=declaration.window, **words)


def _field(spec: FieldSpec, language: str) -> FieldOut:
    choices = [ChoiceOut(value=choice.value, label=in_language(choice.label, language)) for choice in spec.choices]
    return FieldOut(
        name=spec.name, type=spec.type, label=in_language(spec.label, language), help=in_language(spec.help, language), default=spec.default,
        required=spec.required, advanced=spec.advanced, least=spec.least, most=spec.most, choices=choices,
    )  # fmt: skip
