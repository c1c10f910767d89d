"""What campaigns remember of a contact, when its addresses become another's."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from textfirst.database.named_sql import load

sql = load("textfirst.campaigns")


def follow_contact(workspace_id: UUID, contact_id: UUID, identity_ids: Sequence[UUID]) -> None:
    """Recipients with these addresses are `contact_id` from now on."""
    with connection.cursor() as cursor:
        cursor.execute(sql.follow_contact, {"workspace_id": workspace_id, "contact_id": contact_id, "identity_ids": list(identity_ids)})
