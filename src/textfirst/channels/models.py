"""Connected senders, how they are doing, and which node holds each bind."""

from __future__ import annotations

from django.db import models
from django.db.models import Value

from textfirst.database.fields import WorkspaceKey, WorkspaceModel


class Channel(WorkspaceModel):
    """A provider account with a number. `kind` names the adapter's folder; `config` is checked by its declaration."""

    name = models.TextField()
    kind = models.TextField()  # smpp | simulator
    address = models.TextField()  # the number or name the customer sees
    config = models.JSONField(default=dict)
    secrets = models.BinaryField(default=b"")  # encrypted JSON (MultiFernet)
    rate = models.IntegerField(default=0)  # segments per second, 0 = as fast as the window allows
    window = models.IntegerField(default=10)  # unanswered submits at once
    enabled = models.BooleanField(default=True)
    version = models.BigIntegerField(default=1)  # bumped on every edit: the engine reconnects
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "channel"
        constraints = (
            models.CheckConstraint(condition=models.Q(rate__gte=0), name="channel_rate"),
            models.CheckConstraint(condition=models.Q(window__gte=1), name="channel_window"),
        )


class ChannelHealth(WorkspaceModel):
    """How a channel is doing; its id is the channel's. Written by the engine that holds the bind."""

    state = models.TextField(default="off")  # off | connecting | bound | refused | lost | waiting
    code = models.TextField(default="")  # of rules.health: what to say, and with which facts
    facts = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    since = models.DateTimeField(db_default=models.functions.Now())
    checked_at = models.DateTimeField(db_default=models.functions.Now())
    segments_per_second = models.FloatField(default=0)

    class Meta:
        db_table = "channel_health"


class BindLease(WorkspaceModel):
    """Which node may hold a bind. `epoch` rises at every taking and is written on attempts; `settled_id` is the newest id
    below which every attempt of this bind has its answer.
    """

    channel = WorkspaceKey(Channel, on_delete=models.CASCADE)
    slot = models.SmallIntegerField(default=0)
    node = models.TextField(default="")
    epoch = models.BigIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    settled_id = models.UUIDField(null=True)

    class Meta:
        db_table = "bind_lease"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "channel", "slot"), name="bind_lease_slot"),)
