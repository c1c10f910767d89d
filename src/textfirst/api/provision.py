"""What a new workspace begins with, above any one feature: the simulator and an inbox."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from textfirst.accounts.models import Workspace
from textfirst.channels.actions import create_simulator
from textfirst.conversations.models import Inbox, InboxChannel
from textfirst.core.errors import NotFound
from textfirst.core.words import in_language
from textfirst.database.scope import workspace_scope


def provision(workspace: Workspace) -> None:
    """The simulator channel, and the inbox its texts come to."""
    with workspace_scope(workspace.id):
        inbox = Inbox.objects.create(workspace_id=workspace.id, name=in_language("Inbox", workspace.language))
        channel = create_simulator(workspace_id=workspace.id, name=in_language("Simulator", workspace.language))
        attach(workspace.id, channel.id, inbox.id)


def attach(workspace_id: UUID, channel_id: UUID, inbox_id: UUID | None = None) -> UUID:
    """Let a channel's texts come to an inbox, the workspace's first when none is named; says which."""
    inboxes = Inbox.objects.of(workspace_id)
    inbox = inboxes.filter(id=inbox_id).first() if inbox_id else inboxes.order_by("created_at", "id").first()
    if inbox is None:
        raise NotFound("There is no such inbox in this workspace.")
    with transaction.atomic():
        InboxChannel.objects.update_or_create(workspace_id=workspace_id, channel_id=channel_id, defaults={"inbox_id": inbox.id})
    return inbox.id
