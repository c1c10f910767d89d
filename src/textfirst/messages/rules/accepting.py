"""An `Outgoing` made, and many of them as the parameters of `sql/accept.sql` or the rows of a COPY."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from textfirst.messages.types import Direction, Outgoing, Own

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
    """Parameters of `sql/accept.sql`, each message a sort of its own."""
    return own_params(workspace_id, [message.own for message in messages])


def own_params(workspace_id: UUID, messages: Sequence[Own]) -> dict[str, Any]:
    """Parameters of `sql/accept.sql`: a column for each thing that messages have of their own, and one for each thing that a sort of them shares."""
    sorts = {id(like): like for *_, like in messages}
    places = {identity: place for place, identity in enumerate(sorts, 1)}
    ids, contact_ids, identity_ids, conversation_ids, consent_entry_ids, addresses, bodies, likes = zip(*messages, strict=True)
    return {
        "workspace_id": workspace_id,
        "ids": list(ids),
        "contact_ids": list(contact_ids),
        "identity_ids": list(identity_ids),
        "conversation_ids": list(conversation_ids),
        "consent_entry_ids": list(consent_entry_ids),
        "addresses": list(addresses),
        "bodies": list(bodies),
        "sorts": [places[id(like)] for like in likes],
        **_shared([*sorts.values()]),
    }


def _shared(sorts: list[Outgoing]) -> dict[str, list[Any]]:
    return {
        "channel_ids": [m.channel_id for m in sorts],
        "campaign_ids": [m.campaign_id for m in sorts],
        "author_ids": [m.author_id for m in sorts],
        "api_key_ids": [m.api_key_id for m in sorts],
        "purposes": [int(m.purpose) for m in sorts],
        "statuses": [int(m.status) for m in sorts],
        "flags": [int(m.flags) for m in sorts],
        "segments": [m.segments for m in sorts],
        "encodings": [int(m.encoding) for m in sorts],
        "reasons": [m.reason for m in sorts],
        "lanes": [int(m.lane) for m in sorts],
        "deliveries": [int(m.delivery) for m in sorts],
        "not_before": [m.not_before for m in sorts],
        "not_after": [m.not_after for m in sorts],
        "send_by": [m.send_by for m in sorts],
        "arrive_by": [m.arrive_by for m in sorts],
        "identity_versions": [m.stamp.identity_version for m in sorts],
        "workspace_versions": [m.stamp.workspace_version for m in sorts],
        "decision_ids": [m.decision_id for m in sorts],
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
