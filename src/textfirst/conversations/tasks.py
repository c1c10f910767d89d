"""Joining by oneself over the web: the page answers before anybody looks, so that it tells nobody anything."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from textfirst.consent.models import ConsentForm
from textfirst.consent.types import Joiner
from textfirst.contacts.actions.identities import hash_of
from textfirst.conversations.actions.opting_in import ask_to_join
from textfirst.core.addresses import TEL, Address
from textfirst.database.scope import workspace_scope

RETRY = RetryStrategy(max_attempts=3, exponential_wait=2)


@app.task(name="consent.ask", retry=RETRY)
def ask(*, workspace_id: str, form_id: str, address: str, language: str, ip: str, user_agent: str, any_hour: bool = False) -> None:
    """Somebody filled in the form: ask the number, once, whether it was them."""
    with workspace_scope(UUID(workspace_id)):
        form = ConsentForm.objects.of(UUID(workspace_id)).filter(id=form_id, enabled=True).first()
        if form is not None:
            joiner = Joiner(hash_of(form.workspace_id, Address(TEL, address)), language, ip=ip, user_agent=user_agent, any_hour=any_hour)
            ask_to_join(form, address, joiner, now=datetime.now(UTC))
