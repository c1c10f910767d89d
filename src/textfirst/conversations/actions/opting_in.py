"""Joining by oneself, over the web: the question whether it was them is a text like any other, and so is the welcome.

By a word and YES the engine does the same, in the transaction of the text (`engine/joining.py`).
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from textfirst.accounts.models import Workspace
from textfirst.accounts.types import Caller
from textfirst.consent.actions.opting_in import confirm, open_request
from textfirst.consent.models import ConsentForm, ConsentRequest
from textfirst.consent.rules.opting_in import ANSWER_WITHIN, link_of, question, welcome, words_in
from textfirst.consent.types import Confirmed, Joiner
from textfirst.contacts.models import ContactIdentity
from textfirst.conversations.actions import send
from textfirst.core.addresses import TEL
from textfirst.core.errors import TextfirstError
from textfirst.events.actions import record_one
from textfirst.messages.types import SendRequest

log = logging.getLogger(__name__)


def ask_to_join(form: ConsentForm, address: str, joiner: Joiner, *, now: datetime) -> None:
    """Ask the number once whether it was them, or nobody, and nobody learns which. A number that is not asked makes no contact either."""
    token = open_request(form, joiner, now=now)
    if token is not None:
        language = joiner.language
        text = question(
            language, business=_business(form), about=words_in(form.texts, language)["about"], link=link_of(settings.PROCESS.url, token)
        )
        _send(Caller(form.workspace_id), SendRequest(to=f"{TEL}:{address}", text=text, valid_for=_VALID), now)


@transaction.atomic
def confirm_and_welcome(found: ConsentRequest, *, ip: str, user_agent: str, now: datetime) -> Confirmed | None:
    """It was them, by the link of the text: the permission, and one welcome that says what they get and how to leave. None: see `confirm`."""
    confirmed = confirm(found, ip=ip, user_agent=user_agent, now=now)
    if confirmed is None:
        return None
    identities = ContactIdentity.objects.of(found.workspace_id).filter(address_hash=confirmed.joiner.address_hash)
    person = identities.order_by("id").values_list("contact_id", "scheme", "address").first()
    if person is not None:
        contact_id, scheme, address = person
        record_one(found.workspace_id, "contact.updated", contact_id)
        language = confirmed.joiner.language
        text = welcome(language, business=_business(found), about=words_in(confirmed.form.texts, language)["about"])
        _send(Caller(found.workspace_id), SendRequest(to=f"{scheme}:{address}", text=text, valid_for=_VALID), now)
    return confirmed


_VALID = int(ANSWER_WITHIN.total_seconds())


def _send(caller: Caller, request: SendRequest, now: datetime) -> None:
    """A text that cannot go leaves the request, or the permission, as it is."""
    try:
        send(caller=caller, request=request, now=now)
    except TextfirstError as why:
        log.warning("a text about joining could not be sent", extra={"workspace": str(caller.workspace_id), "code": why.code})


def _business(row: ConsentForm | ConsentRequest) -> str:
    return Workspace.objects.get(id=row.workspace_id).name
