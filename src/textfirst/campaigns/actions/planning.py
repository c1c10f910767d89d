"""Making and changing a campaign before it starts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from textfirst.campaigns.actions.waking import announce
from textfirst.campaigns.models import Campaign
from textfirst.campaigns.queries import locked
from textfirst.campaigns.rules import may, write_audience
from textfirst.campaigns.types import Move, State
from textfirst.channels.queries import channel
from textfirst.contacts.types import Audience
from textfirst.core.purposes import Purpose
from textfirst.messages.rules.templates import compile_template


def create(
    *, workspace_id: UUID, name: str, purpose: Purpose, channel_id: UUID | None, audience: Audience, text: str, created_by_id: UUID | None
) -> Campaign:
    """A draft. Raises InvalidInput for a text that cannot be read, NotFound for a channel that is none."""
    compile_template(text)
    if channel_id is not None:
        channel(workspace_id, channel_id)
    with transaction.atomic():
        row = Campaign.objects.create(
            workspace_id=workspace_id, name=name, purpose=purpose, channel_id=channel_id, audience=write_audience(audience), text=text,
            created_by_id=created_by_id,
        )  # fmt: skip
        announce(row)
    return row


def edit(*, workspace_id: UUID, campaign_id: UUID, changes: dict[str, Any]) -> Campaign:
    """Set what `changes` names: name (at any time), purpose, channel_id, audience, text. Raises Conflict once it has started."""
    if "text" in changes:
        compile_template(changes["text"])
    if changes.get("channel_id") is not None:
        channel(workspace_id, changes["channel_id"])
    if "audience" in changes:
        changes = {**changes, "audience": write_audience(changes["audience"])}
    with transaction.atomic():
        row = locked(workspace_id, campaign_id)
        if set(changes) - {"name"}:
            may(Move.EDIT, State(row.state))
        for name, value in changes.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*changes, "version"])
        announce(row)
    return row


def delete(*, workspace_id: UUID, campaign_id: UUID) -> None:
    """Raises Conflict once it has started: then it is the record of what was sent."""
    with transaction.atomic():
        row = locked(workspace_id, campaign_id)
        may(Move.DELETE, State(row.state))
        announce(row)
        row.delete()
