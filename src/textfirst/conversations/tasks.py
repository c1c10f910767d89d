"""Joining by oneself: the question whether it was them is a text like any other, and the answer is one too."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from textfirst.accounts.models import Workspace
from textfirst.accounts.types import Caller
from textfirst.consent.actions.opting_in import confirm, find_by_address, first_language, open_request, words_of
from textfirst.consent.models import ConsentForm
from textfirst.consent.queries import forms_with_ears
from textfirst.consent.rules.opting_in import is_yes, question, welcome
from textfirst.consent.rules.words import normalised
from textfirst.contacts.actions.identities import find_or_make, hash_of
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.conversations.actions import send
from textfirst.core.addresses import TEL, Address
from textfirst.core.errors import TextfirstError
from textfirst.database.scope import workspace_scope
from textfirst.events.queries import events_after
from textfirst.events.types import Cursor
from textfirst.messages.models import Message
from textfirst.messages.types import SendRequest

log = logging.getLogger(__name__)
RETRY = RetryStrategy(max_attempts=3, exponential_wait=2)
AT_ONCE = 500  # events of one look


@app.task(name="consent.ask", retry=RETRY)
def ask(*, workspace_id: str, form_id: str, address: str, language: str, ip: str, user_agent: str, any_hour: bool = False) -> None:
    """Somebody filled in the form: ask the number, once, whether it was them; or nobody, and nobody learns which."""
    with workspace_scope(UUID(workspace_id)):
        form = ConsentForm.objects.of(UUID(workspace_id)).filter(id=form_id, enabled=True).first()
        if form is not None:
            _ask(form, address, language=language, ip=ip, user_agent=user_agent, any_hour=any_hour)


@app.periodic(cron="* * * * * */3")
@app.task(name="consent.hear", queueing_lock="consent.hear", lock="consent.hear")
def hear_joins(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's shape
    """Texts that say a form's word, or YES to whoever was asked."""
    for workspace_id in forms_with_ears():
        hear_workspace(workspace_id, datetime.now(UTC))


def hear_workspace(workspace_id: UUID, now: datetime) -> None:
    """What came since the last look, in the order of commits; each look is one transaction, so that nothing is heard twice or not at all."""
    with workspace_scope(workspace_id):
        forms = list(ConsentForm.objects.of(workspace_id).filter(enabled=True).select_for_update().order_by("id"))
        if not forms:
            return
        oldest = min(forms, key=lambda form: (form.heard_xid, form.heard_id or UUID(int=0)))
        events = events_after(workspace_id, Cursor(oldest.heard_xid, oldest.heard_id or UUID(int=0)), limit=AT_ONCE)
        ids = [UUID(event.data["message_id"]) for event in events if event.kind == "message.received"]
        texts = {row.id: row for row in Message.objects.of(workspace_id).filter(id__in=ids)}
        for each in ids:
            if each in texts:
                _hear(forms, texts[each], now)
        if events:
            last = events[-1].cursor
            ConsentForm.objects.of(workspace_id).filter(id__in=[form.id for form in forms]).update(heard_xid=last.xid, heard_id=last.id)


def _hear(forms: list[ConsentForm], text: Message, now: datetime) -> None:
    said = normalised(text.body)
    form = next((form for form in forms if form.keyword and form.keyword == said), None)
    if form is not None:
        _ask(form, text.address, language=_language(form, text.contact_id), words=text.body, message_id=text.id)
        return
    if is_yes(text.body):
        hashed = ContactIdentity.objects.of(text.workspace_id).filter(id=text.identity_id).values_list("address_hash", flat=True).first()
        asked = find_by_address(text.workspace_id, bytes(hashed), now) if hashed is not None else None
        if asked is not None and confirm(asked, words=text.body, message_id=text.id, now=now):
            joined = ConsentForm.objects.of(text.workspace_id).get(id=asked.form_id)
            greet(joined, text.contact_id, asked.language)


def _ask(form: ConsentForm, address: str, *, language: str, words: str = "", ip: str = "", user_agent: str = "", message_id: UUID | None = None, any_hour: bool = False) -> None:  # fmt: skip
    """A number that is not asked makes no contact either."""
    number = Address(TEL, address)
    token = open_request(
        form, address_hash=hash_of(form.workspace_id, number), language=language, words=words, ip=ip, user_agent=user_agent,
        message_id=message_id, any_hour=any_hour, now=datetime.now(UTC),
    )  # fmt: skip
    if token is not None:
        contact_id = find_or_make(form.workspace_id, [number])[number].contact_id
        text = question(
            language, business=_business(form), about=words_of(form, language)["about"], link=f"{settings.PROCESS.url}/join/c/{token}"
        )
        _send(form, contact_id, text)


def greet(form: ConsentForm, contact_id: UUID, language: str) -> None:
    """They are in, and know how to leave."""
    _send(form, contact_id, welcome(language, business=_business(form), about=words_of(form, language)["about"]))


def _send(form: ConsentForm, contact_id: UUID, text: str) -> None:
    """A text that cannot go leaves the request as it is: it was asked for, and ends by itself."""
    try:
        send(caller=Caller(form.workspace_id), request=SendRequest(contact_id=contact_id, text=text, purpose="notice", valid_for=3600), now=datetime.now(UTC))  # fmt: skip
    except TextfirstError as why:
        log.warning("a question to confirm could not be sent", extra={"form": str(form.id), "code": why.code})


def _business(form: ConsentForm) -> str:
    return Workspace.objects.get(id=form.workspace_id).name


def _language(form: ConsentForm, contact_id: UUID) -> str:
    """The contact's, else the workspace's, where the form speaks it."""
    known = Contact.objects.of(form.workspace_id).filter(id=contact_id).values_list("language", flat=True).first() or ""
    wanted = (known, Workspace.objects.get(id=form.workspace_id).language)
    return next((each for each in wanted if each in form.texts), first_language(form))
