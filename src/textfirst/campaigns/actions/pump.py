"""The pump: from an audience to messages in the outbox, in batches, never far ahead of the carrier.

    scheduled ──its time──▶ preparing ──everybody written down──▶ running ──everybody made into a message, nothing waits──▶ done

A step is one transaction. It locks the campaign's row (`for update skip locked`), does one batch, and moves the cursor in that same row: whatever
dies, whatever runs twice, a batch is there whole with its cursor or not at all. A person who pauses or cancels takes the same lock, and so falls
between two batches. A slice is as many steps as fit in twenty seconds; then the job calls itself anew, so that a worker can stop and others get
their turn. Two workers never spin on one campaign: a slice holds an advisory lock, which its death releases.

Recipients get their ids in the order of contacts, and the messages take the ids over: where a campaign has got to is one number.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F

from textfirst.accounts.models import Workspace
from textfirst.campaigns.actions.steering import cancel_waiting, lane_of
from textfirst.campaigns.actions.tallying import Left, fold, recount, tally
from textfirst.campaigns.actions.waking import announce
from textfirst.campaigns.models import Campaign, CampaignTally
from textfirst.campaigns.queries import FIRST_ID, counted, execute, sql
from textfirst.campaigns.rules import read_audience, room, still_waiting, wait_for_room
from textfirst.campaigns.types import State, Step, Waiting
from textfirst.channels.models import Channel
from textfirst.contacts.queries.groups import audience as audience_of
from textfirst.core.errors import InvalidInput
from textfirst.core.ids import id_time, new_id
from textfirst.core.purposes import PURPOSE_RULES, Lane, Purpose
from textfirst.database.scope import workspace_scope
from textfirst.decisions.queries import facts_for
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Decision, Facts, Stamp, Verdict
from textfirst.messages.actions import accept_many
from textfirst.messages.queries import people
from textfirst.messages.rules.composing import Composed, compose
from textfirst.messages.rules.sending import outgoing
from textfirst.messages.rules.templates import NOBODY, Around, Person, compile_template
from textfirst.messages.types import Encoding, Outgoing, Status

log = logging.getLogger(__name__)

BATCH = 1_000  # messages in one transaction: about a tenth of a second, so a pause never waits longer
PAGE = 20_000  # recipients written down in one transaction
SLICE = 20.0  # seconds of work before the job calls itself anew
SHORT_WAIT = 1.0  # seconds worth waiting in place; anything longer gives the worker back
BETWEEN_EVENTS = timedelta(seconds=1)
CHANNEL_OFF_WAIT = 5.0  # seconds between two looks at a channel that is switched off
FINISH_WAITS = (0.5,) * 10 + (5.0,)  # seconds between looks whether the last answers have come: a small campaign is done within the first
RECOUNT_AFTER = timedelta(minutes=1)  # of silence, when the count says that something waits and the outbox says nothing does
MOST_TALLIES = 2_000  # rows of a count before it is folded

NOTHING = Composed("", Encoding.GSM7, 1, ())
GONE = Facts(UUID(int=0), UUID(int=0), "tel", "", 0, 0, stopped=False, blocked=False)  # a recipient whose contact was erased meanwhile


@dataclass(slots=True)
class Run:
    """What one slice remembers between its steps."""

    workspace_id: UUID
    campaign_id: UUID
    room: int = 0  # messages that may still be added before the queue is counted again
    announced_at: datetime | None = None
    around: Around | None = None
    looks: int = 0  # whether it is done


def run_slice(
    workspace_id: UUID, campaign_id: UUID, *, clock: Callable[[], datetime], stop: Callable[[], bool], sleep: Callable[[float], None] = time.sleep,
    seconds: float = SLICE,
) -> float | None:  # fmt: skip
    """Work on a campaign for at most `seconds`, or until `stop` says so. Seconds until it wants to be called again; None when it needs no more."""
    with _only_here(campaign_id) as ours:
        if not ours:
            return None
        run, end = Run(workspace_id, campaign_id), clock() + timedelta(seconds=seconds)
        _tidy(run)
        while True:
            step = take_step(run, clock())
            if step.wait is None or step.wait > SHORT_WAIT or clock() >= end or stop():
                return step.wait
            if step.wait:
                sleep(step.wait)


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
                return _write_down(row)
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
    if row.scheduled_at is not None and row.scheduled_at > now:
        return Step(None)  # its own job will call
    _save(row, state=State.PREPARING, started_at=now)
    announce(row)
    return Step(0)


def _write_down(row: Campaign) -> Step:
    """The next page of the audience, in the order of contacts. People without a number cannot be recipients."""
    fragment = audience_of(row.workspace_id, read_audience(row.audience))
    place = {"place": row.audience_cursor or FIRST_ID, "page": PAGE}
    statement = f"select contact_id, identity_id from ({fragment.sql}) a where contact_id > %(place)s order by contact_id limit %(page)s"  # noqa: S608 - our own fragments
    page = execute(statement, {**fragment.params, **place})
    reachable = [(contact_id, identity_id) for contact_id, identity_id in page if identity_id is not None]
    columns = {
        "ids": [new_id() for _ in reachable],
        "contact_ids": [one[0] for one in reachable],
        "identity_ids": [one[1] for one in reachable],
    }
    written = execute(sql.write_recipients, {"workspace_id": row.workspace_id, "campaign_id": row.id, **columns})[0][0]
    over = len(page) < PAGE
    _save(
        row, recipients=F("recipients") + written, audience_cursor=page[-1][0] if page else row.audience_cursor,
        state=State.RUNNING if over else State.PREPARING,
    )  # fmt: skip
    announce(row)
    return Step(0, written)


def _send(run: Run, row: Campaign, now: datetime) -> Step:
    """The next batch, if the channel's queue has room for it."""
    channel = _channel(row)
    if not channel.enabled:
        return _channel_is_off(row, channel)
    if row.problem:
        _save(row, problem="")
    if run.room < BATCH:
        run.room = room(channel.rate, _ahead(row, channel))
    if run.room < BATCH:
        return Step(wait_for_room(channel.rate, BATCH - run.room))
    batch = _next(row)
    if not batch:
        return _finish(run, row, now)
    messages = _made(run, row, channel, batch, now)
    accept_many(row.workspace_id, messages)
    tally(row.workspace_id, row.id, _sorted(messages))
    run.room -= len(messages)
    _save(row, cursor=batch[-1].id)
    if run.announced_at is None or now - run.announced_at >= BETWEEN_EVENTS:
        run.announced_at = now
        announce(row)
    return Step(0, len(messages))


def _finish(run: Run, row: Campaign, now: datetime) -> Step:
    """Everybody has a message. It is done when none of them waits any more; the count is then taken from the messages themselves."""
    run.looks += 1
    not_yet = Step(FINISH_WAITS[min(run.looks, len(FINISH_WAITS)) - 1])
    lanes = [int(lane_of(row)), int(Lane.HELD)]
    where = {"workspace_id": row.workspace_id, "campaign_id": row.id, "channel_id": row.channel_id, "lanes": lanes}
    if execute(sql.in_outbox, where)[0][0] or (_waiting(row) and not _is_quiet(row, now)):
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


def _next(row: Campaign) -> list[Waiting]:
    where = {"workspace_id": row.workspace_id, "campaign_id": row.id, "cursor": row.cursor or FIRST_ID, "limit": BATCH}
    return [Waiting(*found) for found in execute(sql.next_recipients, where)]


def _made(run: Run, row: Campaign, channel: Channel, batch: list[Waiting], now: datetime) -> list[Outgoing]:
    """A message per recipient: decided, rendered, measured. Those who may not be texted get one too, which says why."""
    purpose = Purpose(row.purpose)
    not_after = now + PURPOSE_RULES[purpose].validity
    facts = facts_for(row.workspace_id, [one.identity_id for one in batch])
    named = people(row.workspace_id, [one.contact_id for one in batch]) if compile_template(row.text).fields else {}
    around = run.around = run.around or Around(Workspace.objects.values_list("name", flat=True).get(id=row.workspace_id))
    made: list[Outgoing] = []
    for one in batch:
        known = facts.get(one.identity_id, GONE)
        decision = decide(known, purpose, now, not_after=not_after) if known is not GONE else _blocked("no_number")
        composed, problem = _composed(row.text, named.get(one.contact_id, NOBODY), known.address, around)
        if problem and decision.allowed:
            decision = _blocked(problem, decision.stamp)
        made.append(
            outgoing(
                one.id, facts=known, decision=decision, composed=composed, channel_id=channel.id, purpose=purpose, not_before=now,
                not_after=not_after, campaign_id=row.id, to=(one.contact_id, one.identity_id),
            )
        )  # fmt: skip
    return made


def _composed(text: str, person: Person, phone: str, around: Around) -> tuple[Composed, str]:
    """The text for one person, or why there is none: what is in their record can make it too long, empty or impossible."""
    try:
        return compose(text, person.at(phone), around), ""
    except InvalidInput as error:
        return NOTHING, {"text_too_long": "too_long", "empty": "empty"}.get(error.code, "text_failed")


def _blocked(reason: str, stamp: Stamp | None = None) -> Decision:
    return Decision(Verdict.BLOCK, stamp or Stamp(0, 0), reason)


def _sorted(messages: Iterable[Outgoing]) -> list[Left]:
    """The batch as the tally counts it."""
    many: Counter[tuple[Status, str]] = Counter()
    segments: Counter[tuple[Status, str]] = Counter()
    for message in messages:
        sort = (message.status, message.reason or "")
        many[sort] += 1
        segments[sort] += message.segments
    return [Left(status, reason, number, segments[status, reason]) for (status, reason), number in many.items()]


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


def _ahead(row: Campaign, channel: Channel) -> int:
    """How many messages wait in our lane of the channel, counted as far as matters."""
    most = room(channel.rate, 0) + 1
    where = {"workspace_id": row.workspace_id, "channel_id": channel.id, "lane": int(lane_of(row)), "most": most}
    return int(execute(sql.ahead, where)[0][0])


def _waiting(row: Campaign) -> int:
    """Messages whose answer has not come, by the count."""
    return still_waiting(counted(row.workspace_id, [row.id])[row.id])


def _is_quiet(row: Campaign, now: datetime) -> bool:
    """Whether the count has not moved for a while."""
    newest = CampaignTally.objects.of(row.workspace_id).filter(campaign_id=row.id).order_by("-id").values_list("id", flat=True).first()
    return newest is None or now - id_time(newest) > RECOUNT_AFTER


def _tidy(run: Run) -> None:
    """Fold a count that has grown long."""
    with workspace_scope(run.workspace_id):
        if CampaignTally.objects.of(run.workspace_id).filter(campaign_id=run.campaign_id).count() > MOST_TALLIES:
            fold(run.workspace_id, run.campaign_id)


class _only_here(AbstractContextManager[bool]):  # noqa: N801 - reads as a function where it is used
    """An advisory lock for the length of a slice, given back by the server when the worker dies."""

    def __init__(self, campaign_id: UUID) -> None:
        self._params = [str(campaign_id)]

    def __enter__(self) -> bool:
        self._ours = bool(execute_plain("select pg_try_advisory_lock(hashtextextended(%s, 7302))", self._params))
        return self._ours

    def __exit__(self, *_: object) -> None:
        if self._ours and connection.connection is not None and not connection.connection.closed:
            execute_plain("select pg_advisory_unlock(hashtextextended(%s, 7302))", self._params)


def execute_plain(statement: str, params: list[str]) -> Any:
    """The one value of one statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found = cursor.fetchone()
    return found[0] if found else None
