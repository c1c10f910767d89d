"""Joining by oneself, confirmed (C3): one request, one confirmation, single use, 48 hours at most.

Whoever stopped is asked nothing, and whoever asks for them learns nothing of it: the page's answer is made before anybody looks.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from textfirst.consent.actions.grants import grant
from textfirst.consent.models import ConsentForm, ConsentRequest, Suppression
from textfirst.consent.queries import run, sql
from textfirst.consent.rules.opting_in import COUNTS_FOR, TOKEN_BYTES
from textfirst.consent.rules.scopes import ANY_HOUR
from textfirst.consent.types import Given, Kind, Permission, Source
from textfirst.database.scope import as_owner


@transaction.atomic
def open_request(form: ConsentForm, *, address_hash: bytes, language: str, words: str = "", ip: str = "", user_agent: str = "",
                 message_id: UUID | None = None, any_hour: bool = False, now: datetime) -> str | None:  # fmt: skip
    """The token to confirm with; None when this address is to be asked nothing: it stopped, or was asked within the last 48 hours."""
    run(sql.lock, {"workspace_id": form.workspace_id})  # two requests at once ask once
    if Suppression.objects.of(form.workspace_id).filter(address_hash=address_hash).exists():
        return None
    if ConsentRequest.objects.of(form.workspace_id).filter(address_hash=address_hash, expires_at__gt=now).exists():
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ConsentRequest.objects.create(
        workspace_id=form.workspace_id, form_id=form.id, address_hash=address_hash, token_hash=hash_of_token(token),
        language=language, shown=words_of(form, language)["words"], words=words, ip=ip, user_agent=user_agent[:500], message_id=message_id,
        expires_at=now + COUNTS_FOR, shown_any_hour=words_of(form, language).get("any_hour", "") if any_hour else "",
    )  # fmt: skip
    return token


@transaction.atomic
def confirm(found: ConsentRequest, *, words: str = "", ip: str = "", user_agent: str = "", message_id: UUID | None = None, now: datetime) -> bool:  # fmt: skip
    """It was them: the permission stands from now on. False when this was confirmed before, is too old, or they stopped meanwhile."""
    row = ConsentRequest.objects.of(found.workspace_id).select_for_update().get(id=found.id)
    stopped = Suppression.objects.of(row.workspace_id).filter(address_hash=bytes(row.address_hash)).exists()
    if row.ended_at is not None or row.expires_at <= now or stopped:
        return False
    form = ConsentForm.objects.of(row.workspace_id).get(id=row.form_id)
    keyword = bool(row.words)
    permission = Permission(
        Kind.DOUBLE_OPT_IN, Source.KEYWORD if keyword else Source.FORM, form.scope, shown=row.shown, language=row.language, keyword=form.keyword if keyword else "",
    )  # fmt: skip
    note = f"asked {row.id}; {row.ip} {row.user_agent}".strip()[:500]
    given = Given(
        bytes(row.address_hash), now, words=words or row.words, origin=f"/join/{form.slug}", ip=ip, user_agent=user_agent[:500], note=note,
        message_id=message_id,
    )  # fmt: skip
    grant(row.workspace_id, [given], permission, now=now)
    if row.shown_any_hour:  # the second box, with words of its own
        grant(row.workspace_id, [given], replace(permission, scope=ANY_HOUR, shown=row.shown_any_hour), now=now)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    return True


def find_by_token(token: str, now: datetime) -> ConsentRequest | None:
    """The request that waits for this token, of whatever workspace."""
    with as_owner():
        return ConsentRequest.objects.filter(token_hash=hash_of_token(token), ended_at=None, expires_at__gt=now).first()


def find_by_address(workspace_id: UUID, address_hash: bytes, now: datetime) -> ConsentRequest | None:
    """The request of this address that waits for its YES."""
    return ConsentRequest.objects.of(workspace_id).filter(address_hash=address_hash, ended_at=None, expires_at__gt=now).first()


def find_form(slug: str) -> ConsentForm | None:
    """The form at a public address, of whatever workspace."""
    with as_owner():
        return ConsentForm.objects.filter(slug=slug, enabled=True).first()


def words_of(form: ConsentForm, language: str) -> dict[str, str]:
    """The form's words in a language it has, else in its first."""
    found: dict[str, str] = form.texts.get(language) or form.texts[first_language(form)]
    return found


def first_language(form: ConsentForm) -> str:
    """For whoever speaks none of its languages: English where it has it."""
    return "en" if "en" in form.texts else min(form.texts)


def hash_of_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
