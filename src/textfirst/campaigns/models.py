"""One text to many people."""

from __future__ import annotations

from django.db import models

from textfirst.channels.models import Channel
from textfirst.database.fields import WorkspaceKey, WorkspaceModel


class Campaign(WorkspaceModel):
    """What a person plans and watches. The pump reads `state` and `cursor`: both change in the transaction of each batch."""

    name = models.TextField()
    purpose = models.SmallIntegerField()
    channel = WorkspaceKey(Channel, on_delete=models.RESTRICT, null=True)
    audience = models.JSONField(default=dict)  # {"lists": [...], "segments": [...], "contacts": [...], "everyone": false}
    text = models.TextField(default="")
    state = models.TextField(default="draft")  # draft | scheduled | preparing | running | paused | cancelled | done
    resume_to = models.TextField(default="")  # what a paused campaign goes back to
    scheduled_at = models.DateTimeField(null=True)
    anchor = models.DateTimeField(null=True)  # the event that it is about (X1), a whole minute; null: none
    begin_at = models.DateTimeField(
        null=True
    )  # of one planned and about an event: when the pump looks at it next, before its time; null: at its time
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    audience_cursor = models.UUIDField(null=True)  # last contact looked at for a recipient
    cursor = models.UUIDField(null=True)  # last recipient made into a message
    recipients = models.IntegerField(default=0)
    problem = models.TextField(default="")
    created_by_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    version = models.BigIntegerField(default=1)

    class Meta:
        db_table = "campaign"
        indexes = (
            models.Index(
                fields=("state", "workspace_id"),
                condition=models.Q(state__in=["scheduled", "preparing", "running"]),
                name="campaign_active",
            ),
        )


class Recipient(WorkspaceModel):
    """One person of a campaign; its id becomes the message's. Without foreign keys: docs/adr/0003.

    The database's key is `(workspace_id, campaign_id, id)`: the next of a campaign are found in order, and no other index fits as well.
    """

    campaign_id = models.UUIDField()
    contact_id = models.UUIDField()
    identity_id = models.UUIDField()

    class Meta:
        db_table = "recipient"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "campaign_id", "identity_id"), name="recipient_once"),)


class CampaignTally(WorkspaceModel):
    """So many messages of a campaign reached a status (or left it, when negative); append-only, summed when read, folded when idle."""

    campaign_id = models.UUIDField()
    status = models.SmallIntegerField()
    reason = models.TextField(default="")
    messages = models.IntegerField()
    segments = models.IntegerField(default=0)

    class Meta:
        db_table = "campaign_tally"
        indexes = (models.Index(fields=("workspace_id", "campaign_id", "status"), name="campaign_tally_sum"),)
