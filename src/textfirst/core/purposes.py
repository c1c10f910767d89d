"""Why a message is sent, and what follows from it (DESIGN: purposes decide, not channels).

The numbers are stored; they are never reused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum


class Purpose(IntEnum):
    """What a message is for; the word people and the API use is the lower-case name."""

    PROMOTION = 1
    GREETING = 2
    FEEDBACK = 3
    REMINDER = 4
    APPOINTMENT = 5
    NOTICE = 6
    SUPPORT = 7
    STAFF = 8
    CODE = 9
    URGENT = 10

    @property
    def word(self) -> str:
        return self.name.lower()


class Lane(IntEnum):
    """Which queue a message waits in at its channel; a lower lane is always served first."""

    URGENT = 0
    CONVERSATION = 1
    TRANSACTIONAL = 2
    BULK = 3
    HELD = 9  # of a paused campaign: never claimed


class Delivery(IntEnum):
    """What to do about an attempt whose answer never came: it may have reached the phone."""

    AT_MOST_ONCE = 1  # say `unknown`, never send again by ourselves
    AT_LEAST_ONCE = 2  # send again, flagged as a possible duplicate


@dataclass(frozen=True, slots=True)
class PurposeRule:
    lane: Lane
    delivery: Delivery
    validity: timedelta  # how long a text is worth delivering when nobody says otherwise
    marketing: bool


PURPOSE_RULES: dict[Purpose, PurposeRule] = {
    Purpose.PROMOTION: PurposeRule(Lane.BULK, Delivery.AT_MOST_ONCE, timedelta(hours=72), marketing=True),
    Purpose.GREETING: PurposeRule(Lane.BULK, Delivery.AT_MOST_ONCE, timedelta(hours=24), marketing=True),
    Purpose.FEEDBACK: PurposeRule(Lane.TRANSACTIONAL, Delivery.AT_MOST_ONCE, timedelta(hours=24), marketing=False),
    Purpose.REMINDER: PurposeRule(Lane.TRANSACTIONAL, Delivery.AT_MOST_ONCE, timedelta(hours=24), marketing=False),
    Purpose.APPOINTMENT: PurposeRule(Lane.TRANSACTIONAL, Delivery.AT_MOST_ONCE, timedelta(hours=24), marketing=False),
    Purpose.NOTICE: PurposeRule(Lane.TRANSACTIONAL, Delivery.AT_MOST_ONCE, timedelta(hours=24), marketing=False),
    Purpose.SUPPORT: PurposeRule(Lane.CONVERSATION, Delivery.AT_MOST_ONCE, timedelta(hours=24), marketing=False),
    Purpose.STAFF: PurposeRule(Lane.CONVERSATION, Delivery.AT_MOST_ONCE, timedelta(hours=24), marketing=False),
    Purpose.CODE: PurposeRule(Lane.URGENT, Delivery.AT_LEAST_ONCE, timedelta(minutes=10), marketing=False),
    Purpose.URGENT: PurposeRule(Lane.URGENT, Delivery.AT_LEAST_ONCE, timedelta(hours=72), marketing=False),
}
