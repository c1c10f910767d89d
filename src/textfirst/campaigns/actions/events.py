"""A campaign about an event, as a sale that begins at midnight (X1): whoever sleeps when it is planned for gets it in the last allowed minute before.

So it is made into messages sooner than it is planned for: by the earliest moment that `decide` gives anybody in its audience who had agreed to everything. That is
looked for some days ahead, and once more whenever that moment comes near, for audiences grow.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Final, NamedTuple
from uuid import UUID

from textfirst.campaigns.queries import execute, sql
from textfirst.channels.queries import likely_channel
from textfirst.contacts.queries.groups import condition
from textfirst.contacts.types import Audience
from textfirst.core.errors import InvalidInput
from textfirst.core.purposes import PURPOSE_RULES, Purpose
from textfirst.decisions.meaning import agreed
from textfirst.decisions.queries import policy_of
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Verdict
from textfirst.messages.rules.composing import measured

LOOKS_AGAIN: Final = timedelta(hours=6)  # between two looks at an audience
MADE_A_SECOND: Final = 2_000  # recipients made into messages, when the machine is busy
SENT_A_SECOND: Final = 200  # parts, by a channel that has no limit of its own, beside everything else
MINUTE: Final = timedelta(minutes=1)


class Event(NamedTuple):
    """What a campaign is about, and for when it is planned (None: it goes at once)."""

    anchor: datetime
    planned: datetime | None
    drain: timedelta  # how long the whole batch takes to leave, in minutes

    def asked(self, purpose: Purpose, now: datetime) -> Asked:
        """The question about each recipient, asked at `now`."""
        return Asked(purpose, now, not_before=self.planned, not_after=self.last(purpose, now), anchor=self.anchor, drain=self.drain)

    def last(self, purpose: Purpose, now: datetime) -> datetime:
        """From when on it is worth nothing."""
        begins = now if self.planned is None else max(now, self.planned)
        return min(self.anchor, begins + PURPOSE_RULES[purpose].validity)


class Plan(NamedTuple):
    """An event, and when a campaign about it has to be made into messages."""

    event: Event
    begins: datetime


def plan_event(
    workspace_id: UUID, audience: Audience, purpose: Purpose, text: str, *, anchor: datetime, planned: datetime | None, channel_id: UUID | None, now: datetime
) -> Plan:  # fmt: skip
    """What becomes of a campaign about an event that is planned now."""
    wanted = condition(workspace_id, audience)
    clocks = execute(sql.clocks.replace("{condition}", wanted.sql), wanted.params)
    people = sum(row[-1] for row in clocks)
    event = Event(anchor, planned, _drain(workspace_id, people, text, channel_id))
    if planned is None or planned <= now:
        return Plan(event, now)
    policy, asked = policy_of(workspace_id), event.asked(purpose, now)
    begins = planned
    for prefix, country, region, zone, _ in clocks:
        answer = decide(agreed({"number": prefix, "country": country, "region": region, "zone": zone}), asked, policy)
        if answer.verdict is not Verdict.BLOCK:
            begins = min(begins, answer.until or now)
    making = MINUTE + timedelta(seconds=ceil(people / MADE_A_SECOND))
    return Plan(event, max(now, begins - making))


def _drain(workspace_id: UUID, people: int, text: str, channel_id: UUID | None) -> timedelta:
    """How long so many texts take to leave, in whole minutes: by the channel's rate, in parts."""
    channel = likely_channel(workspace_id, channel_id)
    rate = (channel.rate if channel else 0) or SENT_A_SECOND
    try:
        _, parts = measured(text)
    except InvalidInput:  # it will be refused, or it fails for each recipient
        parts = 1
    return MINUTE * ceil(people * parts / rate / 60)
