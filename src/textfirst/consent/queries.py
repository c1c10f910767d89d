"""Who has stopped."""

from __future__ import annotations

from uuid import UUID

from textfirst.consent.models import ConsentEntry
from textfirst.contacts.models import ContactIdentity


def identities_of(workspace_id: UUID, contact_id: UUID) -> list[UUID]:
    """Every address of a contact."""
    return list(ContactIdentity.objects.of(workspace_id).filter(contact_id=contact_id).order_by("id").values_list("id", flat=True))


def entries_of(workspace_id: UUID, contact_id: UUID) -> list[ConsentEntry]:
    """What happened to a contact's consent, oldest first."""
    return list(ConsentEntry.objects.of(workspace_id).filter(contact_id=contact_id).order_by("id"))
