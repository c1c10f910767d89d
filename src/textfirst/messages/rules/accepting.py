"""An `Outgoing` made, and many of them as the parameters of `sql/accept.sql` or the rows of a COPY."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from textfirst.messages.types import Direction, Outgoing

MESSAGE_COLUMNS = (
    "workspace_id", "id", "contact_id", "identity_id", "channel_id", "conversation_id", "campaign_id", "author_id", "api_key_id", "direction",
    "purpose", "status", "flags", "segments", "encoding", "reason", "address", "body",
    "decision_id", "consent_entry_id",
)  # fmt: skip
OUTBOX_COLUMNS = (
    "workspace_id", "id", "channel_id", "identity_id", "campaign_id", "lane", "delivery", "segments", "encoding", "attempts", "flags",
    "not_before", "not_after", "send_by", "arrive_by", "identity_version", "workspace_version", "address", "body",
)  # fmt: skip


def accept_params(workspace_id: UUID, messages: Sequence[Outgoing]) -> dict[str, Any]:
    """Parameters of `sql/accept.sql`."""
    return {
        "workspace_id": workspace_id,
        "ids": [m.id for m in messages],
        "contact_ids": [m.contact_id for m in messages],
        "identity_ids": [m.identity_id for m in messages],
        "channel_ids": [m.channel_id for m in messages],
        "conversation_ids": [m.conversation_id for m in messages],
        "campaign_ids": [m.campaign_id for m in messages],
        "author_ids": [m.author_id for m in messages],
        "api_key_ids": [m.api_key_id for m in messages],
        "purposes": [int(m.purpose) for m in messages],
        "statuses": [int(m.status) for m in messages],
        "flags": [int(m.flags) for m in messages],
        "segments": [m.segments for m in messages],
        "encodings": [int(m.encoding) for m in messages],
        "reasons": [m.reason for m in messages],
        "addresses": [m.address for m in messages],
        "bodies": [m.body for m in messages],
        "lanes": [int(m.lane) for m in messages],
        "deliveries": [int(m.delivery) for m in messages],
        "not_before": [m.not_before for m in messages],
        "not_after": [m.not_after for m in messages],
        "send_by": [m.send_by for m in messages],
        "arrive_by": [m.arrive_by for m in messages],
        "identity_versions": [m.stamp.identity_version for m in messages],
        "workspace_versions": [m.stamp.workspace_version for m in messages],
        "decision_ids": [m.decision_id for m in messages],
        "consent_entry_ids": [m.consent_entry_id for m in messages],
    }


def message_row(workspace_id: UUID, m: Outgoing) -> tuple[Any, ...]:
    """`MESSAGE_COLUMNS` of one message."""
    return (
        workspace_id, m.id, m.contact_id, m.identity_id, m.channel_id, m.conversation_id, m.campaign_id, m.author_id, m.api_key_id,
        int(Direction.OUT), int(m.purpose), int(m.status), int(m.flags), m.segments, int(m.encoding), m.reason, m.address, m.body,
        m.decision_id, m.consent_entry_id,
    )  # fmt: skip


def outbox_row(workspace_id: UUID, m: Outgoing) -> tuple[Any, ...]:
    """`OUTBOX_COLUMNS` of one message."""
    return (
        workspace_id, m.id, m.channel_id, m.identity_id, m.campaign_id, int(m.lane), int(m.delivery), m.segments, int(m.encoding), 0,
        int(m.flags), m.not_before, m.not_after, m.send_by, m.arrive_by, m.stamp.identity_version, m.stamp.workspace_version, m.address, m.body,
    )  # fmt: skip
