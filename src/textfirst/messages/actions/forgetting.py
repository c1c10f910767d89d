"""A contact's messages, when the contact is forgotten."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from textfirst.database.named_sql import load


def forget_contact(workspace_id: UUID, contact_id: UUID) -> None:
    """What they said and to whom goes; that they were, and how they ended, stays for the counts. In the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.messages").forget_contact, {"workspace_id": workspace_id, "contact_id": contact_id})
