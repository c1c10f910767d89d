"""Connected senders, how they are doing, and which node holds each bind."""

from __future__ import annotations

from django.db import models
from django.db.models import Value

from textfirst.channels.rules.forms import MOST_BINDS
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
    binds = models.SmallIntegerField(default=1, db_default=1)  # connections at a time, which share rate and window
    pool = models.TextField(default="", db_default="")  # channels of one pool stand in for one another; empty: for nobody
    weight = models.SmallIntegerField(default=50, db_default=50)  # its part of the pool's messages while all are well
    enabled = models.BooleanField(default=True)
    version = models.BigIntegerField(default=1)  # bumped on every edit: the engine reconnects
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "channel"
        constraints = (
            models.CheckConstraint(condition=models.Q(rate__gte=0), name="channel_rate"),
            models.CheckConstraint(condition=models.Q(window__gte=1), name="channel_window"),
            models.CheckConstraint(condition=models.Q(binds__gte=1, binds__lte=MOST_BINDS), name="channel_binds"),
            models.CheckConstraint(condition=models.Q(weight__gte=1, weight__lte=100), name="channel_weight"),
        )


class ChannelHealth(WorkspaceModel):
    """How a channel is doing; its id is the channel's. Written by the engine that holds the bind."""

    state = models.TextField(default="off")  # off | connecting | bound | refused | lost | waiting
    code = models.TextField(default="")  # of rules.health: what to say, and with which facts
    facts = models.JSONField(default=dict, db_default=Value({}, models.JSONField()))
    since = models.DateTimeField(db_default=models.functions.Now())
    checked_at = models.DateTimeField(db_default=models.functions.Now())
    segments_per_second = models.FloatField(default=0)
    bound_at = models.DateTimeField(null=True)  # when a bind of it was last known to be well

    class Meta:
        db_table = "channel_health"


class ChannelShare(WorkspaceModel):
    """How many of a pool's 100 points a channel carries now, and how it does; its id is the channel's. Written by `messages.actions.carriers`."""

    pool = models.TextField()
    share = models.SmallIntegerField()
    sent = models.IntegerField(default=0)  # of a sample: texts that the carrier has had five minutes for
    slow = models.IntegerField(default=0)  # and has not delivered within them
    tried = models.IntegerField(default=0)  # of a sample of the last minutes
    errors = models.IntegerField(default=0)  # and refused for the carrier's own trouble, or left unanswered
    seconds_half = models.FloatField(null=True)  # from submit to receipt: the median of the sample
    seconds_most = models.FloatField(null=True)  # 95 of 100 took no longer
    looked_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "channel_share"


class ChannelShift(WorkspaceModel):
    """Points went from one channel of a pool to another, and why. Append-only; its id says when."""

    pool = models.TextField()
    source = models.UUIDField()
    target = models.UUIDField()
    points = models.SmallIntegerField()
    reason = models.TextField()  # rules.carriers.Why
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "channel_shift"
        indexes = (models.Index(fields=("workspace_id", "pool", "id"), name="channel_shift_pool"),)


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


class Hook(WorkspaceModel):
    """What a provider sent us over HTTP, byte for byte, kept before it was answered (D11). When it came is in its `id`. Append-only."""

    channel_id = models.UUIDField()
    headers = models.JSONField()  # those that say something of the body; never credentials
    query = models.TextField()
    body = models.BinaryField()

    class Meta:
        db_table = "hook"
        indexes = (models.Index(fields=("workspace_id", "channel_id", "id"), name="hook_channel"),)


class HookWaiting(WorkspaceModel):
    """A call of a provider that is kept and not yet read; its id is the hook's. Deleted by the transaction that stores what it said."""

    channel_id = models.UUIDField()

    class Meta:
        db_table = "hook_waiting"
        indexes = (models.Index(fields=("workspace_id", "channel_id", "id"), name="hook_waiting_channel"),)


class HookEvent(WorkspaceModel):
    """Which events of a provider are stored, by its own ids, so that what it sends twice is stored once (D32). When is in its `id`; kept a week."""

    channel_id = models.UUIDField()
    event_id = models.TextField()

    class Meta:
        db_table = "hook_event"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "channel_id", "event_id"), name="hook_event_once"),)
