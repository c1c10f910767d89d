"""Forms: ways to join by oneself, on a public page or by a word."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from ninja import Query, Schema, Status
from pydantic import Field

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.paging import Page, Paging, page
from textfirst.api.router import Router
from textfirst.consent.models import ConsentForm
from textfirst.consent.rules.hearing import hear
from textfirst.consent.rules.opting_in import JoinWords
from textfirst.consent.rules.scopes import SCOPES, lifts_hours
from textfirst.consent.rules.words import normalised
from textfirst.core.errors import InvalidInput, NotFound
from textfirst.core.words import Sentence, say

router = Router(tags=["consent"])


class FormText(Schema, extra="forbid"):
    about: Annotated[str, Field(min_length=1, max_length=120, description="What is sent and how often: “offers, at most 4 texts a month”.")]
    words: Annotated[str, Field(min_length=1, max_length=1000, description="The words beside the box; kept exactly.")]
    any_hour: Annotated[
        str, Field(max_length=1000, description="The words beside a second box, for advertising at any hour; empty: there is none.")
    ] = ""


Texts = Annotated[
    dict[Annotated[str, Field(pattern="^[a-z]{2}$")], FormText], Field(min_length=1, max_length=20, description="Language → its words.")
]
Url = Annotated[str, Field(max_length=300, pattern="^(https://[^\\s\"'<>]+)?$")]


class FormIn(Schema, extra="forbid"):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    texts: Texts
    keyword: Annotated[str, Field(max_length=20, description="What people text to join; empty: no word.")] = ""
    scope: Annotated[str, Field(max_length=40, description="all, marketing or a purpose.")] = "marketing"
    privacy_url: Url = ""
    terms_url: Url = ""
    enabled: bool = True


class FormChange(Schema, extra="forbid"):
    name: Annotated[str | None, Field(min_length=1, max_length=100)] = None
    texts: Texts | None = None
    keyword: Annotated[str | None, Field(max_length=20)] = None
    privacy_url: Url | None = None
    terms_url: Url | None = None
    enabled: bool | None = None


class FormOut(Schema):
    id: UUID
    name: str
    url: Annotated[str, Field(description="The public page.")]
    texts: dict[str, FormText]
    keyword: str
    scope: str
    privacy_url: str
    terms_url: str
    enabled: bool
    created_at: datetime


@router.get("/consent/forms", response=Page[FormOut])
@needs(Role.VIEWER)
def list_consent_forms(request: Request, paging: Query[Paging]) -> dict[str, Any]:
    return page(ConsentForm.objects.of(request.caller.workspace_id), paging, shown=lambda rows: [_shown(row) for row in rows])


@router.post("/consent/forms", response={201: FormOut})
@needs(Role.ADMIN)
def create_consent_form(request: Request, payload: FormIn) -> Status[Any]:
    """A page where people join, and a word to text. Each confirms by an answer to one text before anything stands."""
    if payload.scope not in SCOPES or lifts_hours(payload.scope):
        raise _wrong("scope", say("The scope is one of: {known}.", known=", ".join(one for one in SCOPES if not lifts_hours(one))))
    made = ConsentForm.objects.create(
        workspace_id=request.caller.workspace_id, slug=secrets.token_hex(6), name=payload.name, scope=payload.scope, keyword=_keyword(payload.keyword),
        texts=_texts(payload.texts), privacy_url=payload.privacy_url, terms_url=payload.terms_url, enabled=payload.enabled,
    )  # fmt: skip
    return Status(201, _shown(made))


@router.patch("/consent/forms/{form_id}", response=FormOut)
@needs(Role.ADMIN)
def change_consent_form(request: Request, form_id: UUID, payload: FormChange) -> dict[str, Any]:
    """What people agreed to before stays as they read it."""
    found = ConsentForm.objects.of(request.caller.workspace_id).filter(id=form_id).first()
    if found is None:
        raise NotFound("There is no such form in this workspace.")
    for name, value in payload.model_dump(exclude_none=True, exclude={"texts", "keyword"}).items():
        setattr(found, name, value)
    if payload.texts is not None:
        found.texts = _texts(payload.texts)
    if payload.keyword is not None:
        found.keyword = _keyword(payload.keyword)
    found.save()
    return _shown(found)


def _texts(given: dict[str, FormText]) -> dict[str, dict[str, str]]:
    return {
        language: {"about": text.about.strip(), "words": text.words, "any_hour": text.any_hour.strip()} for language, text in given.items()
    }


def _keyword(given: str) -> str:
    """As texts are compared with it. Raises InvalidInput for a word that means something already."""
    word, heard = normalised(given), hear(given)
    if given.strip() and not (isinstance(heard, JoinWords) and not heard.yes):
        raise _wrong("keyword", say("Choose another word: this one means something already, such as stop or yes."))
    return word


def _shown(row: ConsentForm) -> dict[str, Any]:
    names = ("id", "name", "texts", "keyword", "scope", "privacy_url", "terms_url", "enabled", "created_at")
    return {**{name: getattr(row, name) for name in names}, "url": f"{settings.PROCESS.url}/join/{row.slug}"}


def _wrong(field: str, sentence: Sentence) -> InvalidInput:
    return InvalidInput(sentence, fields={field: sentence})
