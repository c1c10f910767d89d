"""The pump: from an audience to messages in the outbox, in batches, never far ahead of the carrier.

    scheduled ──its time──▶ preparing ──everybody written down──▶ running ──everybody made into a message, nothing waits──▶ done

The first texts leave while the rest of the audience is still being written down: a page is written whenever nobody is left to make a message for, or
the queue is full.

A step is one transaction. It locks the campaign's row (`for update skip locked`), does one batch, and moves the cursor in that same row: whatever
dies, whatever runs twice, a batch is there whole with its cursor or not at all. A person who pauses or cancels takes the same lock, and so falls
between two batches. Who steps when is in turns.py.

A campaign keeps a bounded stretch of messages ahead of the carrier, and campaigns that send through one lane share that stretch equally. The lane is
first come, first served; whoever has as much waiting there as the others, gets as much through it.

Recipients get their ids in the order of contacts, and the messages take the ids over: where a campaign has got to is one number.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from textfirst.accounts.models import Workspace
from textfirst.campaigns.actions.events import LOOKS_AGAIN, Event, Plan, plan_event
from textfirst.campaigns.actions.making import Batch, Letter, letter, make
from textfirst.campaigns.actions.steering import cancel_waiting, lane_of
from textfirst.campaigns.actions.tallying import Left, fold, recount, tally
from textfirst.campaigns.actions.waking import announce, wake_pump
from textfirst.campaigns.actions.writing_down import write_page
from textfirst.campaigns.models import Campaign, CampaignTally
from textfirst.campaigns.queries import FIRST_ID, counted, execute, sql
from textfirst.campaigns.rules import most_ahead, read_audience, still_waiting, wait_for_room
from textfirst.campaigns.types import State, Step
from textfirst.channels.models import Channel
from textfirst.channels.queries import senders
from textfirst.channels.rules.carriers import route, stand_ins
from textfirst.core import failpoints
from textfirst.core.ids import id_time
from textfirst.core.purposes import PURPOSE_RULES, Lane, Purpose
from textfirst.database.scope import workspace_scope
from textfirst.messages.actions import wake
from textfirst.messages.rules.copying import Sender
from textfirst.messages.rules.templates import Around
from textfirst.messages.types import Flag

log = logging.getLogger(__name__)

BATCH = 2_000  # messages in one transaction: about a tenth of a second, so a pause never waits longer
PAGE = 20_000  # recipients written down in one transaction
FIRST_PAGE = 2_000  # of an audience: so that texts leave at once
SHORT_WAIT = 1.0  # seconds worth waiting in place; anything longer gives the worker back
BETWEEN_EVENTS = timedelta(seconds=1)
CHANNEL_OFF_WAIT = 5.0  # seconds between two looks at a channel that is switched off
FINISH_WAITS = (0.5,) * 10 + (5.0,)  # seconds between looks whether the last answers have come: a small campaign is done within the first
DEFERRED_WAIT = 60.0  # seconds between looks when all that is left waits for its hour
SOON = timedelta(minutes=1)  # what may leave by then is ahead of the carrier; what waits longer waits for its hour
RECOUNT_AFTER = timedelta(minutes=1)  # of silence, when the count says that something waits and the outbox says nothing does
MOST_TALLIES = 2_000  # rows of a count before it is folded


@dataclass(slots=True)
class Run:
    """What one turn remembers of a campaign between its steps."""

    workspace_id: UUID
    campaign_id: UUID
    room: int = 0  # messages that may still be added before the queue is counted again
    announced_at: datetime | None = None
    letter: Letter | None = None
    looks: int = 0  # whether it is done
    sharing: int = 1  # campaigns that send through its lane, itself among them
    sends_to: tuple[UUID, Lane] | None = None  # channel and lane while it still has messages to make
    event: Event | None = None  # that it is about


def take_step(run: Run, now: datetime) -> Step:
    """One transaction's worth of the campaign."""
    with workspace_scope(run.workspace_id):
        row = _lock(run)
        if row is None:
            return Step(SHORT_WAIT)
        match State(row.state):
            case State.SCHEDULED:
                return _begin(row, now)
            case State.PREPARING:
                return _prepare(run, row, now)
            case State.RUNNING:
                return _send(run, row, now)
            case State.CANCELLED:
                cancel_waiting(row, now)  # what the engine had taken and put back after the cancelling
                return Step(None)
            case _:
                return Step(None)


# ---- the steps


def _begin(row: Campaign, now: datetime) -> Step:
    """Its time may have come."""
    begins = row.begin_at or row.scheduled_at
    if begins is not None and begins <= now:
        begins = _begins(row, now)
    if begins is not None and begins > now:
        return Step(None)  # its own job will call
    _save(row, state=State.PREPARING, started_at=now)
    announce(row)
    return Step(0)


def _begins(row: Campaign, now: datetime) -> datetime | None:
    """When it is to be made into messages: for one about an event, sooner than it is planned for where somebody sleeps then. Looked for again meanwhile."""
    if row.begin_at is None or row.scheduled_at is None or row.scheduled_at <= now:
        return row.scheduled_at
    begins = _plan(row, now).begins
    if begins > now:
        _save(row, begin_at=min(begins, now + LOOKS_AGAIN))
        wake_pump(row.workspace_id, at=row.begin_at)
    return begins


def _plan(row: Campaign, now: datetime) -> Plan:
    assert row.anchor is not None
    return plan_event(
        row.workspace_id, read_audience(row.audience), Purpose(row.purpose), row.text, anchor=row.anchor, planned=row.scheduled_at,
        channel_id=row.channel_id, now=now,
    )  # fmt: skip


def _prepare(run: Run, row: Campaign, now: datetime) -> Step:
    """The next batch of those who are written down already, if it can leave; else the next page of the audience."""
    carriers = _carriers(_channel(row))
    if row.recipients and carriers.ids and not _lacks(run, row, carriers, now):
        batch = _make(run, row, carriers, now)
        if batch is not None:
            return Step(0, batch.messages)
    return _write_down(row)


def _write_down(row: Campaign) -> Step:
    """The next page of the audience, in the order of contacts. People without a number cannot be recipients."""
    size = PAGE if row.audience_cursor else min(FIRST_PAGE, PAGE)
    page = write_page(row, size)
    over = page.contacts < size
    _save(
        row, recipients=F("recipients") + page.written, audience_cursor=page.last or row.audience_cursor,
        state=State.RUNNING if over else State.PREPARING,
    )  # fmt: skip
    announce(row)
    if failpoints.armed:
        failpoints.reach("campaign.page")
    return Step(0, page.written)


def _send(run: Run, row: Campaign, now: datetime) -> Step:
    """The next batch, if the channel's queue has room for it."""
    channel = _channel(row)
    carriers = _carriers(channel)
    if not carriers.ids:
        return _channel_is_off(row, channel)
    if row.problem:
        _save(row, problem="")
    if lacking := _lacks(run, row, carriers, now):
        return Step(wait_for_room(carriers.rate, lacking))
    batch = _make(run, row, carriers, now)
    return Step(0, batch.messages) if batch else _finish(run, row, now)


def _lacks(run: Run, row: Campaign, carriers: Carriers, now: datetime) -> int:
    """How many messages must leave before there is room for a batch worth a transaction; 0 when there is."""
    run.sends_to = min(carriers.ids), lane_of(row)
    most = most_ahead(carriers.rate) // run.sharing
    wanted = min(BATCH, max(1, most // 4))  # fewer are not worth a transaction
    if run.room < wanted:
        run.room = _room(row, carriers, most, now)
    return max(0, wanted - run.room)


def _make(run: Run, row: Campaign, carriers: Carriers, now: datetime) -> Batch | None:
    """As many messages as there is room for, at most a batch; None when all that is written down has been made."""
    if row.anchor is not None and run.event is None:
        run.event = _plan(row, now).event
    batch = make(
        _sender(row, now, run.event), _letter(run, row), event=run.event, after=row.cursor or FIRST_ID, limit=min(BATCH, run.room), now=now,
        channel_of=carriers.channel_of,
    )  # fmt: skip
    if batch is None:
        return None
    wake(batch.channels)
    tally(row.workspace_id, row.id, _left(batch))
    run.room -= batch.messages
    _save(row, cursor=batch.last)
    if failpoints.armed:
        failpoints.reach("campaign.batch")
    if run.announced_at is None or now - run.announced_at >= BETWEEN_EVENTS:
        run.announced_at = now
        announce(row)
    return batch


def _finish(run: Run, row: Campaign, now: datetime) -> Step:
    """Everybody has a message. It is done when none of them waits any more; the count is then taken from the messages themselves."""
    run.looks += 1
    run.sends_to = None
    not_yet = Step(FINISH_WAITS[min(run.looks, len(FINISH_WAITS)) - 1])
    lanes = [int(lane_of(row)), int(Lane.HELD)]
    where = {"workspace_id": row.workspace_id, "campaign_id": row.id, "soon": now + SOON, "lanes": lanes}
    waits, soon = execute(sql.in_outbox, where)[0]
    if waits and not soon:
        return Step(DEFERRED_WAIT)
    if waits or (_waiting(row) and not _is_quiet(row, now)):
        return not_yet
    recount(row.workspace_id, row.id)
    if _waiting(row):
        return not_yet
    _save(row, state=State.DONE, finished_at=now)
    announce(row)
    return Step(None)


def _channel_is_off(row: Campaign, channel: Channel) -> Step:
    """Wait for it to be switched on again; a removed one never will be, so the campaign pauses and says why."""
    if channel.removed_at is not None:
        _save(row, state=State.PAUSED, resume_to=State.RUNNING, problem="no_channel")
        announce(row)
        return Step(None)
    if row.problem != "channel_off":
        _save(row, problem="channel_off")
        announce(row)
    return Step(CHANNEL_OFF_WAIT)


# ---- making messages


def _sender(row: Campaign, now: datetime, event: Event | None) -> Sender:
    purpose = Purpose(row.purpose)
    rule = PURPOSE_RULES[purpose]
    assert row.channel_id is not None  # the start settled on one
    last = now + rule.validity if event is None else event.last(purpose, now)
    return Sender(row.workspace_id, row.channel_id, row.id, purpose, Flag(0), rule.lane, rule.delivery, not_after=last)


def _letter(run: Run, row: Campaign) -> Letter:
    run.letter = run.letter or letter(row.text, Around(Workspace.objects.values_list("name", flat=True).get(id=row.workspace_id)))
    return run.letter


def _left(batch: Batch) -> list[Left]:
    """The batch as the tally counts it."""
    return [Left(sort.status, sort.reason, sort.messages, sort.messages * sort.segments) for sort in batch.sorts]


# ---- around the steps


def _lock(run: Run) -> Campaign | None:
    """The campaign's row, ours until the step ends; None when somebody is just changing it.

    `no_key`: the engine, putting messages back, must see that nobody is pausing (messages/sql/requeue.sql), yet need not wait for us.
    """
    return Campaign.objects.of(run.workspace_id).select_for_update(skip_locked=True, no_key=True).filter(id=run.campaign_id).first()


def _save(row: Campaign, **changes: Any) -> None:
    """Set columns and raise the version, so that open pages know theirs is old."""
    for name, value in changes.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changes, "version"])


def _channel(row: Campaign) -> Channel:
    """The one the start settled on."""
    assert row.channel_id is not None
    return Channel.objects.of(row.workspace_id).get(id=row.channel_id)


@dataclass(frozen=True, slots=True)
class Carriers:
    """What a campaign's messages go out by: its channel, or those of its pool that can take some now. `rate` is theirs together, 0 for no limit."""

    ids: list[UUID]
    rate: int
    channel_of: Callable[[UUID], UUID] | None = None  # by the recipient's identity


def _carriers(channel: Channel) -> Carriers:
    if not channel.pool or channel.removed_at is not None:
        return Carriers([channel.id] if channel.enabled else [], channel.rate)
    known = senders(channel.workspace_id)
    own = next(one for one in known if one.id == channel.id)
    ids = [one.id for one in stand_ins(own, known)]
    rates = Channel.objects.of(channel.workspace_id).filter(id__in=ids).values_list("rate", flat=True)
    return Carriers(ids, sum(rates) if all(rates) else 0, lambda recipient: route(own, recipient, known, known=False))


def _room(row: Campaign, carriers: Carriers, share: int, now: datetime) -> int:
    """How many messages may be added to the carriers' lane: up to our share of it, and never beyond what all together may have."""
    most = most_ahead(carriers.rate)
    where = {"workspace_id": row.workspace_id, "channel_ids": carriers.ids, "campaign_id": row.id, "lane": int(lane_of(row)), "most": most, "soon": now + SOON}  # fmt: skip
    waiting, own = execute(sql.ahead, where)[0]
    return max(0, min(share - int(own), most - int(waiting)))


def _waiting(row: Campaign) -> int:
    """Messages whose answer has not come, by the count."""
    return still_waiting(counted(row.workspace_id, [row.id])[row.id])


def _is_quiet(row: Campaign, now: datetime) -> bool:
    """Whether the count has not moved for a while."""
    newest = CampaignTally.objects.of(row.workspace_id).filter(campaign_id=row.id).order_by("-id").values_list("id", flat=True).first()
    return newest is None or now - id_time(newest) > RECOUNT_AFTER


def tidy(workspace_id: UUID, campaign_id: UUID) -> None:
    """Fold a count that has grown long."""
    with workspace_scope(workspace_id):
        if CampaignTally.objects.of(workspace_id).filter(campaign_id=campaign_id).count() > MOST_TALLIES:
            fold(workspace_id, campaign_id)
