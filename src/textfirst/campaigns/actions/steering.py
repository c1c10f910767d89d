"""Start, pause, resume, cancel. Each locks the campaign's row, so that it falls between two batches of the pump, never into one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from textfirst.accounts.models import Workspace
from textfirst.campaigns.actions.checking import check_content, could_be_forbidden, refuse_forbidden
from textfirst.campaigns.actions.tallying import Left, tally
from textfirst.campaigns.actions.waking import announce, plan_look, wake_pump
from textfirst.campaigns.models import Campaign
from textfirst.campaigns.queries import execute, locked, sql
from textfirst.campaigns.rules import WRONG_TIME, check_audience, check_event, may, read_audience
from textfirst.campaigns.types import Move, State
from textfirst.channels.models import Channel
from textfirst.channels.queries import SIMULATOR_KIND, channels, likely_channel, sender_name
from textfirst.contacts.queries.groups import has_anybody
from textfirst.contacts.types import Audience
from textfirst.core.errors import InvalidInput
from textfirst.core.purposes import PURPOSE_RULES, Lane, Purpose
from textfirst.messages.actions import wake
from textfirst.messages.rules.composing import check_template, draft
from textfirst.messages.rules.reasons import REASONS
from textfirst.messages.rules.sending import FURTHEST
from textfirst.messages.types import Status

SWEEP_AFTER = 30  # seconds: by then the engine has put back what it had taken but not sent


def start(*, workspace_id: UUID, campaign_id: UUID, at: datetime | None = None, test: bool = False, now: datetime) -> Campaign:
    """Send it now, or plan it for `at`. Started twice, it sends once. A `test` key sends through the simulator only.

    Raises InvalidInput for a campaign that cannot be sent as it is, Conflict for one that is over.
    """
    if at is not None and (at.tzinfo is None or at - now > FURTHEST):
        raise InvalidInput(WRONG_TIME, fields={"at": WRONG_TIME})
    with transaction.atomic():
        row = locked(workspace_id, campaign_id)
        if not may(Move.START, State(row.state)):
            return row
        check_event(row.anchor, at, now)
        row.channel = _sendable(row, test=test)
        if at is not None and at > now:
            row.scheduled_at = at
            plan_look(row)
            _move(row, State.SCHEDULED, scheduled_at=at, begin_at=row.begin_at)
        else:
            _move(row, State.PREPARING, scheduled_at=None, started_at=now)
            wake_pump(workspace_id)
    return row


def pause(*, workspace_id: UUID, campaign_id: UUID) -> Campaign:
    """Nothing more leaves; what already waits in the channel's queue is held back."""
    with transaction.atomic():
        row = locked(workspace_id, campaign_id)
        if may(Move.PAUSE, State(row.state)):
            _change_lane(row, lane_of(row), Lane.HELD)
            _move(row, State.PAUSED, resume_to=row.state)
    return row


def resume(*, workspace_id: UUID, campaign_id: UUID) -> Campaign:
    """Go on where it was paused."""
    with transaction.atomic():
        row = locked(workspace_id, campaign_id)
        if may(Move.RESUME, State(row.state)):
            _change_lane(row, Lane.HELD, lane_of(row))
            _move(row, State(row.resume_to), resume_to="")
            wake_pump(workspace_id, at=(row.begin_at or row.scheduled_at) if row.state == State.SCHEDULED else None)
            if row.channel_id:
                wake([row.channel_id])
    return row


def cancel(*, workspace_id: UUID, campaign_id: UUID, now: datetime) -> Campaign:
    """What has not left will not leave; what has, has."""
    with transaction.atomic():
        row = locked(workspace_id, campaign_id)
        if may(Move.CANCEL, State(row.state)):
            cancel_waiting(row, now)
            _move(row, State.CANCELLED, resume_to="", finished_at=now)
            wake_pump(workspace_id, wait=SWEEP_AFTER)
    return row


def lane_of(row: Campaign) -> Lane:
    """The queue its messages wait in."""
    return PURPOSE_RULES[Purpose(row.purpose)].lane


def cancel_waiting(row: Campaign, now: datetime) -> None:
    """Take everything of a campaign out of the outbox and say so on its messages."""
    lanes = [int(lane_of(row)), int(Lane.HELD)]
    where = {"workspace_id": row.workspace_id, "campaign_id": row.id, "channel_id": row.channel_id, "lanes": lanes, "now": now}
    gone = execute(sql.cancel_waiting, where)
    left = [Left(Status(status), "", -messages, -segments) for status, messages, segments in gone]
    came = [Left(Status.CANCELLED, "cancelled", messages, segments) for _, messages, segments in gone]
    tally(row.workspace_id, row.id, [*left, *came])


def _sendable(row: Campaign, *, test: bool) -> Channel:
    """The channel it will be sent with, once text, audience and channel have been found good."""
    check_template(row.text)
    audience = read_audience(row.audience)
    check_audience(audience)
    if not has_anybody(row.workspace_id, audience):
        sentence = "Nobody is in this audience at the moment."
        raise InvalidInput(sentence, code="audience_empty", fields={"audience": sentence})
    usable = likely_channel(row.workspace_id, row.channel_id, test=test)
    if usable is None:
        known = channels(row.workspace_id).filter(
            **({"id": row.channel_id} if row.channel_id else {}), **({"kind": SIMULATOR_KIND} if test else {})
        )
        problem = "channel_off" if known.exists() else "no_channel"
        raise InvalidInput(REASONS[problem], code=problem, fields={"channel_id": REASONS[problem]})
    _check_rules(row, audience, usable)
    return usable


def _check_rules(row: Campaign, audience: Audience, channel: Channel) -> None:
    """Raises InvalidInput (`content_refused`) for a text that the carriers of somebody's place would not take."""
    firm = Workspace.objects.values_list("name", flat=True).get(id=row.workspace_id)
    looked_at = draft(row.text, workspace=firm, sender=sender_name(channel))
    if could_be_forbidden(row.workspace_id, Purpose(row.purpose), looked_at):
        refuse_forbidden(check_content(row.workspace_id, audience, Purpose(row.purpose), looked_at))


def _change_lane(row: Campaign, origin: Lane, to: Lane) -> None:
    where = {"workspace_id": row.workspace_id, "campaign_id": row.id, "channel_id": row.channel_id}
    execute(sql.change_lane, {**where, "from": int(origin), "to": int(to)})


def _move(row: Campaign, state: State, **changes: object) -> None:
    row.state = state
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=["state", "version", "channel", *changes])
    announce(row)
