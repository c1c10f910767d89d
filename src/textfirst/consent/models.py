"""Who told us to stop, and the entries that prove it."""

from __future__ import annotations

from django.db import models

from textfirst.database.fields import WorkspaceModel


class Suppression(WorkspaceModel):
    """An address nobody in the workspace may text. Keyed by HMAC so that it survives erasure, re-import and merging."""

    address_hash = models.BinaryField()
    scope = models.TextField(default="all")
    source = models.TextField()  # keyword | person | import | provider
    entry_id = models.UUIDField()
    stopped_at = models.DateTimeField()

    class Meta:
        db_table = "suppression"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "address_hash", "scope"), name="suppression_once"),)


class ConsentEntry(WorkspaceModel):
    """One thing that happened to somebody's consent; the database refuses to change or delete it."""

    kind = models.TextField()  # stop | start
    scope = models.TextField(default="all")
    address_hash = models.BinaryField()
    contact_id = models.UUIDField(null=True)
    channel_id = models.UUIDField(null=True)
    message_id = models.UUIDField(null=True)
    source = models.TextField()
    words = models.TextField(default="")  # what they wrote
    keyword = models.TextField(default="")  # what we recognised
    by_user_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "consent_entry"
        indexes = (models.Index(fields=("workspace_id", "address_hash", "id"), name="consent_entry_address"),)
