"""What was decided, and by what settings of the workspace."""

from __future__ import annotations

from django.db import models

from textfirst.database.fields import WorkspaceModel


class DecisionPolicy(WorkspaceModel):
    """A workspace's own settings, at most one row; without one it has the defaults. Whoever writes it raises the workspace's version."""

    body = models.JSONField()  # policy.Policy

    class Meta:
        db_table = "decision_policy"
        constraints = (models.UniqueConstraint(fields=("workspace_id",), name="decision_policy_once"),)


class DecisionRecord(WorkspaceModel):
    """An answer that many messages share: the `id` follows from month and body, so that each is written once a month."""

    body = models.TextField()  # codes and numbers (record.py); words are made when read

    class Meta:
        db_table = "decision"


class MessageDecision(WorkspaceModel):
    """A later answer about a message, given at the claim; the first one stands in the message itself. When is in the `id`."""

    message_id = models.UUIDField()
    decision_id = models.UUIDField()
    consent_entry_id = models.UUIDField(null=True)

    class Meta:
        db_table = "message_decision"
        indexes = (models.Index(fields=("workspace_id", "message_id"), name="message_decision_message"),)


class TopicAnswer(WorkspaceModel):
    """Somebody answered for what texts speak of (P5), or took that back: a row each, which the database refuses to change or delete. What stands is in
    `Policy.answers_for`.
    """

    rule = models.TextField()  # US.topics
    version = models.IntegerField()  # of its pack
    topic = models.TextField()  # alcohol
    words = models.TextField()  # exactly what they were shown and put their name to
    language = models.TextField()
    reason = models.TextField()  # in their own words
    by_user_id = models.UUIDField()
    at = models.DateTimeField()
    undoes_id = models.UUIDField(null=True)  # the answer this one takes back

    class Meta:
        db_table = "topic_answer"
        constraints = (models.UniqueConstraint(fields=("workspace_id", "undoes_id"), name="topic_answer_undone_once"),)
