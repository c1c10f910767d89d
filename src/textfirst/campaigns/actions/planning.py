"""Making and changing a campaign before it starts."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from textfirst.campaigns.actions.waking import announce, plan_look
from textfirst.campaigns.models import Campaign
from textfirst.campaigns.queries import locked
from textfirst.campaigns.rules import check_event, may, write_audience
from textfirst.campaigns.types import Move, State
from textfirst.channels.queries import channel
from textfirst.contacts.types import Audience
from textfirst.core.purposes import Purpose
from textfirst.messages.rules.sending import read_anchor
from textfirst.messages.rules.templates import compile_template


def create(
    *,
    workspace_id: UUID,
    name: str,
    purpose: Purpose,
    channel_id: UUID | None,
    audience: Audience,
    text: str,
    created_by_id: UUID | None,
    anchor: datetime | None = None,
) -> Campaign:
    """A draft. Raises InvalidInput for a text that cannot be read or an event at no moment, NotFound for a channel that is none."""
    compile_template(text)
    anchor = read_anchor(anchor)
    if channel_id is not None:
        channel(workspace_id, channel_id)
    with transaction.atomic():
        row = Campaign.objects.create(
            workspace_id=workspace_id, name=name, purpose=purpose, channel_id=channel_id, audience=write_audience(audience), text=text,
            created_by_id=created_by_id, anchor=anchor,
        )  # fmt: skip
        announce(row)
    return row


def edit(*, workspace_id: UUID, campaign_id: UUID, changes: dict[str, Any]) -> Campaign:
    """Set what `changes` names: name (at any time), purpose, channel_id, audience, text, anchor. Raises Conflict once it has started."""
    if "text" in changes:
        compile_template(changes["text"])
    if changes.get("channel_id") is not None:
        channel(workspace_id, changes["channel_id"])
    if "audience" in changes:
        changes = {**changes, "audience": write_audience(changes["audience"])}
    if "anchor" in changes:
        changes = {**changes, "anchor": read_anchor(changes["anchor"])}
    with transaction.atomic():
        row = locked(workspace_id, campaign_id)
        if set(changes) - {"name"}:
            may(Move.EDIT, State(row.state))
        for name, value in changes.items():
            setattr(row, name, value)
        row.version += 1
        if row.state == State.SCHEDULED and row.scheduled_at is not None:
            check_event(row.anchor, row.scheduled_at, row.scheduled_at)
            plan_look(row)
        row.save(update_fields=[*changes, "version", "begin_at"])
        announce(row)
    return row


def delete(*, workspace_id: UUID, campaign_id: UUID) -> None:
    """Raises Conflict once it has started: then it is the record of what was sent."""
    with transaction.atomic():
        row = locked(workspace_id, campaign_id)
        may(Move.DELETE, State(row.state))
        announce(row)
        row.delete()
