"""A message and what became of it. The hot tables: written in batches by the named SQL in `sql/`, never row by row."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from textfirst.database.fields import WorkspaceModel


class Message(WorkspaceModel):
    """A text in or out. When it was made is in its `id` (UUIDv7). No index mentions a column that changes, so updates stay HOT."""

    contact_id = models.UUIDField()
    identity_id = models.UUIDField()
    channel_id = models.UUIDField()
    conversation_id = models.UUIDField(null=True)
    campaign_id = models.UUIDField(null=True)
    author_id = models.UUIDField(null=True)  # the user who wrote it
    api_key_id = models.UUIDField(null=True)
    direction = models.SmallIntegerField()  # types.Direction
    purpose = models.SmallIntegerField()
    status = models.SmallIntegerField()  # types.Status: the number is the rank
    flags = models.SmallIntegerField(default=0)  # types.Flag
    segments = models.SmallIntegerField(default=1)
    encoding = models.SmallIntegerField(default=0)  # types.Encoding
    status_at = models.DateTimeField(null=True)
    reason = models.TextField(null=True)  # a stable code: why not sent, or why not delivered
    part_status = ArrayField(models.SmallIntegerField(), null=True)  # only when cut into several parts
    address = models.TextField()  # the customer's
    body = models.TextField()
    raw = models.BinaryField(null=True)  # what an inbound text carried, byte for byte
    decision_id = models.UUIDField(
        null=True
    )  # why it was sent, planned or not sent (decisions); later answers are rows of message_decision
    consent_entry_id = models.UUIDField(null=True)  # the permission it rests on

    class Meta:
        db_table = "message"
        indexes = (models.Index(fields=("workspace_id", "contact_id", "id"), name="message_contact"),)


class Outbox(WorkspaceModel):
    """A message waiting to be sent; its id is the message's. Narrow, claimed by DELETE … RETURNING."""

    channel_id = models.UUIDField()
    identity_id = models.UUIDField()
    campaign_id = models.UUIDField(null=True)
    lane = models.SmallIntegerField()
    delivery = models.SmallIntegerField()
    segments = models.SmallIntegerField()
    encoding = models.SmallIntegerField()
    attempts = models.SmallIntegerField(default=0)
    flags = models.SmallIntegerField(default=0)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    send_by = models.DateTimeField(
        null=True
    )  # it is begun before this, or decided anew: the hours that the decision found, less their margin
    arrive_by = models.DateTimeField(null=True)  # where those hours end: the carrier is told not to deliver from then on (H2)
    identity_version = models.BigIntegerField()  # the decision's stamp: what was true when it was taken
    workspace_version = models.BigIntegerField()
    address = models.TextField()
    body = models.TextField()

    class Meta:
        db_table = "outbox"
        indexes = (models.Index(fields=("workspace_id", "channel_id", "lane", "not_before", "id"), name="outbox_ready"),)


class Attempt(WorkspaceModel):
    """Bytes that are about to leave, committed before they do. Append-only but for `outcome`."""

    message_id = models.UUIDField()
    channel_id = models.UUIDField()
    part = models.SmallIntegerField(default=1)
    epoch = models.BigIntegerField()
    outcome = models.SmallIntegerField(default=0)  # 0 open or accepted (then provider_ref has it), else types.Outcome
    node = models.TextField()

    class Meta:
        db_table = "attempt"
        indexes = (models.Index(fields=("workspace_id", "message_id"), name="attempt_message"),)


class ProviderRef(WorkspaceModel):
    """The provider took it: its id for one attempt (`id` is the attempt's). Not unique: carriers reuse ids."""

    message_id = models.UUIDField()
    channel_id = models.UUIDField()
    part = models.SmallIntegerField(default=1)
    provider_id = models.TextField()

    class Meta:
        db_table = "provider_ref"
        indexes = (models.Index(fields=("workspace_id", "channel_id", "provider_id"), name="provider_ref_lookup"),)


class Receipt(WorkspaceModel):
    """A delivery receipt as it came. Without `message_id` it waits for its message for 72 hours (D12)."""

    channel_id = models.UUIDField()
    message_id = models.UUIDField(null=True)
    part = models.SmallIntegerField(default=1)
    status = models.SmallIntegerField()  # types.Status
    provider_id = models.TextField()
    error = models.TextField(null=True)
    address = models.TextField()  # the phone it speaks of
    pdu = models.BinaryField()

    class Meta:
        db_table = "receipt"
        indexes = (
            models.Index(fields=("workspace_id", "channel_id", "provider_id"), condition=models.Q(message_id=None), name="receipt_orphan"),
            models.Index(fields=("workspace_id", "message_id"), condition=models.Q(message_id__isnull=False), name="receipt_message"),
        )


class InboundPart(WorkspaceModel):
    """A part of a long inbound text that waits for its siblings; joined as bytes, in any order (D31)."""

    channel_id = models.UUIDField()
    source = models.TextField()
    destination = models.TextField()
    reference = models.IntegerField()
    reference_bits = models.SmallIntegerField()  # 8 | 16
    total = models.SmallIntegerField()
    seq = models.SmallIntegerField()
    data_coding = models.SmallIntegerField()
    body = models.BinaryField()
    received_at = models.DateTimeField()

    class Meta:
        db_table = "inbound_part"
        constraints = (
            models.UniqueConstraint(
                fields=("workspace_id", "channel_id", "source", "destination", "reference", "reference_bits", "total", "seq"),
                name="inbound_part_once",
            ),
        )


class IntakeRejected(WorkspaceModel):
    """An inbound PDU that could not be stored as a message; kept whole, shown, and taken in again when somebody asks for it."""

    channel_id = models.UUIDField()
    pdu = models.BinaryField()
    problem = models.TextField()
    received_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)  # somebody asked to take it in again; null once that failed as well
    replayed_at = models.DateTimeField(null=True)  # it was taken in after all

    class Meta:
        db_table = "intake_rejected"


class IdempotencyKey(WorkspaceModel):
    """What was answered to a request that carried an Idempotency-Key (D1); kept 48 hours."""

    key = models.TextField()
    fingerprint = models.BinaryField()
    message_id = models.UUIDField(null=True)
    response = models.JSONField(null=True)  # null while in flight
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        db_table = "idempotency_key"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "key"), name="idempotency_key_once"),)
