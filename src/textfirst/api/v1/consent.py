"""Consent: what a contact allowed and stopped, with the proof of it, and the chain that holds it together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Query, Schema
from pydantic import Field

from textfirst.accounts.models import User
from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Request, needs
from textfirst.api.evidence import evidence
from textfirst.api.paging import Page, Paging, page
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.consent.actions.grants import grant, withdraw
from textfirst.consent.actions.stops import LONGEST_NOTE, stop_contact
from textfirst.consent.models import ConsentEntry, ConsentStanding
from textfirst.consent.queries import chain_state, entries_about, hashes_of, primary_hash, sides_of, standings_of
from textfirst.consent.rules.problems import sentence
from textfirst.consent.rules.proof import checked, runs_out
from textfirst.consent.rules.scopes import stopped_words
from textfirst.consent.types import Given, Kind, Permission, Problem, Source
from textfirst.conversations.queries import whom
from textfirst.core.errors import InvalidInput, NotAllowed, NotFound
from textfirst.core.words import in_language, say
from textfirst.events.actions import record_one

router = Router(tags=["contacts"])

EARLIEST, LATEST = 1970, 2200  # years
LONGEST_WORDS = 2000  # characters of what somebody was shown or wrote


class StopIn(Schema, extra="forbid"):
    note: Annotated[str, Field(max_length=LONGEST_NOTE, description="How they told us; kept as evidence.")] = ""


class StopOut(Schema):
    stopped: bool
    changed: Annotated[bool, Field(description="False when they had stopped before.")]


class AllowedOut(Schema):
    kind: str
    until: datetime | None
    entry_id: UUID | None


class StandingOut(Schema):
    stopped: Annotated[list[str], Field(description="`all`, or the purposes that are stopped.")]
    held: Annotated[bool, Field(description="A suspected opt-out waits for somebody to look.")]
    purposes: dict[str, AllowedOut | None]
    any_hour: Annotated[bool, Field(description="They wish to get advertising at any hour, also at night.")]
    dnc_listed: Annotated[bool | None, Field(description="On a do-not-call list; null: not known.")]
    dnc_checked_on: date | None
    reassigned_on: Annotated[date | None, Field(description="Since when the number is somebody else's; null: not known.")]
    reassigned_checked_on: date | None


class ByOut(Schema):
    id: UUID
    name: str


class EntryOut(Schema):
    id: UUID
    kind: str
    scope: str
    channels: list[str]
    at: datetime
    source: str
    keyword: str
    language: str
    shown: Annotated[str | None, Field(description="The exact words they were shown.")]
    words: Annotated[str | None, Field(description="What they wrote; null after an erasure.")]
    origin: str | None
    note: str | None
    address: str | None
    expires_at: datetime | None
    by: ByOut | None
    message_id: UUID | None
    sealed: Annotated[int | None, Field(description="The seal it stands under; null for some seconds.")]


class ConsentOut(Schema):
    standing: StandingOut
    entries: Page[EntryOut]


class ConsentIn(Schema, extra="forbid"):
    kind: Annotated[
        str, Field(max_length=40, description="express_written, double_opt_in, …, attested (admins, with a note), or withdrawal.")
    ]
    scope: Annotated[
        str,
        Field(
            max_length=40,
            description="all, marketing or a purpose; `any_hour`: that advertising may come at any hour, which opens no advertising by itself.",
        ),
    ] = "marketing"
    channels: Annotated[
        list[Annotated[str, Field(max_length=20)]], Field(max_length=10, default_factory=list, description="Kinds of channel; none: any.")
    ]
    at: Annotated[datetime | None, Field(description="When they gave it; now when left out.")] = None
    expires_at: datetime | None = None
    shown: Annotated[str, Field(max_length=LONGEST_WORDS, description="The exact words they were shown.")] = ""
    language: Annotated[str, Field(max_length=8)] = ""
    words: Annotated[str, Field(max_length=LONGEST_WORDS, description="What they wrote.")] = ""
    origin: Annotated[str, Field(max_length=500, description="The page, file or program it comes from.")] = ""
    ip: Annotated[str, Field(max_length=45, description="Where they sent it from.")] = ""
    user_agent: Annotated[str, Field(max_length=500)] = ""
    note: Annotated[str, Field(max_length=LONGEST_NOTE)] = ""


class ChainOut(Schema):
    entries: int
    sealed: int
    last_sealed_at: datetime | None
    head: Annotated[str | None, Field(description="The last seal. Noted elsewhere, it shows later that nothing before it was changed.")]
    verified_at: datetime | None
    ok: Annotated[bool | None, Field(description="What the last look through the chain found; null before the first.")]
    problems: list[str]


class Format(StrEnum):
    JSON = "json"
    PDF = "pdf"


@router.post("/contacts/{contact_id}/stop", response=StopOut)
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def stop_texting_contact(request: Request, contact_id: UUID, payload: StopIn) -> StopOut:
    """They want no more texts: nobody can text any of their numbers from now on. Only they can undo it, by writing START."""
    caller = request.caller
    _known(caller.workspace_id, contact_id)
    changed = stop_contact(
        workspace_id=caller.workspace_id, contact_id=contact_id, note=payload.note, by_user_id=caller.user_id, now=datetime.now(UTC)
    )
    return StopOut(stopped=True, changed=changed)


@router.get("/contacts/{contact_id}/consent", response=ConsentOut)
@needs(Role.VIEWER, scope=Scope.CONTACTS_READ)
def get_contact_consent(request: Request, contact_id: UUID, paging: Query[Paging]) -> dict[str, Any]:
    """What stands for the number they are texted at, and every entry about their numbers, newest first."""
    return _shown(request.caller.workspace_id, contact_id, paging)


@router.post("/contacts/{contact_id}/consent", response=ConsentOut)
@needs(Role.AGENT, scope=Scope.CONTACTS_WRITE)
def record_contact_consent(request: Request, contact_id: UUID, payload: ConsentIn) -> dict[str, Any]:
    """Write down a permission with its proof, or that they took it back. It lifts no stop: only they can, by writing START.

    `attested` is for admins: a permission without proof for which somebody answers, with a reason in `note`.
    """
    caller, now = request.caller, datetime.now(UTC)
    _known(caller.workspace_id, contact_id)
    at = aware(payload.at, "at") or now
    proof = any((payload.shown.strip(), payload.words.strip(), payload.origin.strip(), payload.note.strip()))
    kind = checked(payload.kind, payload.scope, at=at, now=now, proof=proof, reason=payload.note, ends=payload.expires_at is not None)
    if kind is Kind.ATTESTED and (caller.role is None or not caller.role.covers(Role.ADMIN)):
        raise NotAllowed("Only an admin can answer for a permission without proof.")
    hash_ = primary_hash(caller.workspace_id, contact_id)
    if hash_ is None:
        raise InvalidInput("This contact has no phone number.", code="no_number")
    if kind is None:
        withdraw(
            caller.workspace_id,
            [hash_],
            scope=payload.scope,
            source=_source(caller.user_id),
            note=payload.note,
            now=at,
            by_user_id=caller.user_id,
        )
    else:
        _grant(caller.workspace_id, hash_, kind, payload, at=at, now=now, by_user_id=caller.user_id)
    record_one(caller.workspace_id, "contact.updated", contact_id)
    return _shown(caller.workspace_id, contact_id, Paging())


@router.get("/contacts/{contact_id}/evidence", response={200: Any})
@needs(Role.AGENT, scope=Scope.CONTACTS_READ)
def get_contact_evidence(request: Request, contact_id: UUID, format: Format = Format.JSON) -> HttpResponse:  # noqa: A002 - the parameter's name
    """Every consent entry with its proof, every message, and the check made before each: as JSON that can be verified without us, or as PDF."""
    language = reader_language(request)
    pack = evidence(request.caller.workspace_id, contact_id, datetime.now(UTC), language)
    name = f"evidence-{contact_id}.{format.value}"
    if format is Format.PDF:
        from textfirst.api.evidence_pdf import as_pdf  # 20 MB with what it brings, for a page that few ever ask for

        answer = HttpResponse(as_pdf(pack, language), content_type="application/pdf")
    else:
        answer = JsonResponse(pack, json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@router.get("/consent/chain", response=ChainOut)
@needs(Role.VIEWER)
def get_consent_chain(request: Request) -> ChainOut:
    """How far the ledger is sealed, and what the last look through it found."""
    state, language = chain_state(request.caller.workspace_id), reader_language(request)
    check, head = state.check, state.head
    return ChainOut(
        entries=state.sealed + state.waiting, sealed=state.sealed, last_sealed_at=head.sealed_at if head else None,
        head=bytes(head.seal).hex() if head else None, verified_at=check.at if check else None, ok=not check.problems if check else None,
        problems=[in_language(sentence(Problem(**problem)), language) for problem in (check.problems if check else [])],
    )  # fmt: skip


def _known(workspace_id: UUID, contact_id: UUID) -> None:
    if contact_id not in whom(workspace_id, [contact_id]):
        raise NotFound("There is no such contact in this workspace.")


def _source(user_id: UUID | None) -> Source:
    return Source.PERSON if user_id else Source.API


def aware(given: datetime | None, field: str) -> datetime | None:
    """A moment as it was given. Raises InvalidInput for one that does not say in which time zone."""
    if given is not None and given.tzinfo is None:
        sentence_ = say("Write the moment with its time zone, such as 2026-11-22T10:00:00Z.")
        raise InvalidInput(sentence_, fields={field: sentence_})
    if given is not None and not EARLIEST <= given.year <= LATEST:
        raise InvalidInput("This moment cannot be meant.", fields={field: "This moment cannot be meant."})
    return given


def _grant(
    workspace_id: UUID, hash_: bytes, kind: Kind, payload: ConsentIn, *, at: datetime, now: datetime, by_user_id: UUID | None
) -> None:
    permission = Permission(kind, _source(by_user_id), payload.scope, tuple(payload.channels), payload.shown, payload.language)
    given = Given(
        hash_,
        at,
        runs_out(kind, at, aware(payload.expires_at, "expires_at")),
        payload.words,
        payload.origin,
        payload.ip,
        payload.user_agent,
        payload.note,
    )
    grant(workspace_id, [given], permission, now=now, by_user_id=by_user_id)


def _shown(workspace_id: UUID, contact_id: UUID, paging: Paging) -> dict[str, Any]:
    _known(workspace_id, contact_id)
    hashes = hashes_of(workspace_id, contact_id)
    primary = primary_hash(workspace_id, contact_id)
    standing = standings_of(workspace_id, [primary]).get(primary) if primary else None
    rows = entries_about(workspace_id, hashes)
    return {"standing": _standing(standing), "entries": page(rows, paging, shown=lambda some: _entries(workspace_id, some))}


def _standing(row: ConsentStanding | None) -> dict[str, Any]:
    row = row or ConsentStanding(stopped=0, held=False)
    return {
        "stopped": stopped_words(row.stopped), "held": row.held,
        "purposes": {name: _allowed(row, name) for name in ("promotion", "greeting")},
        "any_hour": row.any_hour_entry is not None, "dnc_listed": row.dnc_listed, "dnc_checked_on": row.dnc_checked_on,
        "reassigned_on": row.reassigned_on, "reassigned_checked_on": row.reassigned_checked_on,
    }  # fmt: skip


def _allowed(row: ConsentStanding, purpose: str) -> dict[str, Any] | None:
    kind = getattr(row, f"{purpose}_kind")
    if kind is None:
        return None
    return {"kind": Kind(kind).word, "until": getattr(row, f"{purpose}_until"), "entry_id": getattr(row, f"{purpose}_entry")}


def _entries(workspace_id: UUID, rows: Sequence[ConsentEntry]) -> list[dict[str, Any]]:
    sides = sides_of(workspace_id, rows)
    names = dict(User.objects.filter(id__in={row.by_user_id for row in rows if row.by_user_id}).values_list("id", "name"))
    made = []
    for row in rows:
        person, place = sides.people.get(row.id), sides.sealed.get(row.id)
        personal = {name: getattr(person, name) if person else None for name in ("words", "origin", "note", "address")}
        made.append({
            **{name: getattr(row, name) for name in ("id", "kind", "scope", "at", "source", "keyword", "language", "expires_at", "message_id")},
            **personal, "channels": row.channels.split(",") if row.channels else [],
            "shown": sides.texts.get(bytes(row.text_hash)) if row.text_hash is not None else None,
            "by": {"id": row.by_user_id, "name": names.get(row.by_user_id, "")} if row.by_user_id else None,
            "sealed": place.number if place else None,
        })  # fmt: skip
    return made
