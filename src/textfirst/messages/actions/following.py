"""A contact's messages, when the contact becomes another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection

from textfirst.database.named_sql import load

sql = load("textfirst.messages")


def follow_contact(
    workspace_id: UUID, kept_id: UUID, gone_id: UUID, conversations: Mapping[UUID, UUID], identity_ids: Sequence[UUID] | None = None
) -> None:
    """Messages of `gone_id` are `kept_id`'s from now on, in that one's conversations; only those of `identity_ids` when they are named."""
    params = {
        "workspace_id": workspace_id, "kept_id": kept_id, "gone_id": gone_id, "identity_ids": None if identity_ids is None else list(identity_ids),
        "from_conversations": list(conversations), "to_conversations": list(conversations.values()),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql.follow_contact, params)


def identities_of(workspace_id: UUID, contact_id: UUID) -> list[UUID]:
    """The addresses of a contact's messages, those it no longer has included."""
    with connection.cursor() as cursor:
        cursor.execute(sql.identities_of, {"workspace_id": workspace_id, "contact_id": contact_id})
        return [row[0] for row in cursor.fetchall()]
