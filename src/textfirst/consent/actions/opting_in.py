"""Joining by oneself, confirmed (C3): one request, one confirmation, single use, 48 hours at most.

Whoever stopped is asked nothing, and whoever asks for them learns nothing of it: the page's answer is made before anybody looks. The engine does the
same over the same statements when somebody texts a form's word or YES.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from textfirst.consent.actions.grants import grant
from textfirst.consent.models import ConsentForm, ConsentRequest
from textfirst.consent.queries import run, sql
from textfirst.consent.rules.opting_in import confirmed_of, hash_of_token, new_token, permissions_of, request_params
from textfirst.consent.types import Confirmed, Joiner, JoinForm
from textfirst.database.scope import as_owner


@transaction.atomic
def open_request(form: ConsentForm, joiner: Joiner, *, now: datetime) -> str | None:
    """The token to confirm with; None when this address is to be asked nothing: it stopped, or was asked within the last 48 hours."""
    token = new_token()
    run(sql.lock, {"workspace_id": form.workspace_id})
    opened = run(sql.open_request, request_params(form.workspace_id, facts_of(form), joiner, token, now))
    return token if opened else None


@transaction.atomic
def confirm(found: ConsentRequest, *, ip: str = "", user_agent: str = "", now: datetime) -> Confirmed | None:
    """It was them: the permission stands from now on. None when this was confirmed before, is too old, or they stopped meanwhile."""
    asked = {"workspace_id": found.workspace_id, "id": found.id, "address_hash": bytes(found.address_hash), "now": now}
    run(sql.lock, {"workspace_id": found.workspace_id})
    rows = run(sql.confirm_request, asked)
    if not rows:
        return None
    confirmed = confirmed_of(rows[0])
    for permission, given in permissions_of(confirmed, Joiner(confirmed.joiner.address_hash, "", ip=ip, user_agent=user_agent), now):
        grant(found.workspace_id, [given], permission, now=now)
    return confirmed


def facts_of(form: ConsentForm) -> JoinForm:
    return JoinForm(form.id, form.slug, form.keyword, form.scope, form.texts)


def find_by_token(token: str, now: datetime) -> ConsentRequest | None:
    """The request that waits for this token, of whatever workspace."""
    with as_owner():
        return ConsentRequest.objects.filter(token_hash=hash_of_token(token), ended_at=None, expires_at__gt=now).first()


def find_form(slug: str) -> ConsentForm | None:
    """The form at a public address, of whatever workspace."""
    with as_owner():
        return ConsentForm.objects.filter(slug=slug, enabled=True).first()
