"""The shared inbox: one thread per contact and inbox."""

from __future__ import annotations

from django.db import models

from textfirst.channels.models import Channel
from textfirst.contacts.models import Contact
from textfirst.database.fields import WorkspaceKey, WorkspaceModel


class Inbox(WorkspaceModel):
    """A team's view over channels."""

    name = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "inbox"


class InboxChannel(WorkspaceModel):
    inbox = WorkspaceKey(Inbox, on_delete=models.CASCADE)
    channel = WorkspaceKey(Channel, on_delete=models.CASCADE)

    class Meta:
        db_table = "inbox_channel"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "channel"), name="inbox_channel_once"),)


class Conversation(WorkspaceModel):
    """Everything said with one contact in one inbox; it reopens rather than starting anew."""

    inbox = WorkspaceKey(Inbox, on_delete=models.CASCADE)
    contact = WorkspaceKey(Contact, on_delete=models.CASCADE)
    status = models.SmallIntegerField(default=1)  # types.ConversationStatus
    assignee_id = models.UUIDField(null=True)
    unread = models.IntegerField(default=0)
    last_message_id = models.UUIDField(null=True)
    last_at = models.DateTimeField()
    version = models.BigIntegerField(default=1)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "conversation"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "inbox", "contact"), name="conversation_once"),)
        indexes = (
            models.Index(fields=("workspace_id", "status", "last_at", "id"), name="conversation_list"),
            models.Index(fields=("workspace_id", "contact"), name="conversation_contact"),
            models.Index(fields=("workspace_id", "last_at", "id"), name="conversation_recent"),
            models.Index(fields=("workspace_id", "last_at", "id"), condition=models.Q(unread__gt=0), name="conversation_unread"),
            models.Index(
                fields=("workspace_id", "assignee_id", "last_at", "id"),
                condition=models.Q(assignee_id__isnull=False),
                name="conversation_assigned",
            ),
        )
