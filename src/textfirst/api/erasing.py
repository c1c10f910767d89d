"""A contact is forgotten, above any one feature: contact, threads and addresses, the words of its messages, the personal side of its consent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from textfirst.consent.actions.erasing import erase
from textfirst.consent.queries import hashes_of
from textfirst.contacts.actions.contacts import delete_contact
from textfirst.messages.actions.forgetting import forget_contact


@transaction.atomic
def erase_contact(workspace_id: UUID, contact_id: UUID, *, by_user_id: UUID | None, now: datetime) -> None:
    """Stops stay, known by the HMAC of the address alone. Raises NotFound."""
    erase(workspace_id, hashes_of(workspace_id, contact_id), by_user_id=by_user_id, now=now)
    forget_contact(workspace_id, contact_id)
    delete_contact(workspace_id, contact_id)
