"""The words of a message's life, and the shapes in which it is asked for."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, IntFlag
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from textfirst.core.purposes import Delivery, Lane, Purpose
from textfirst.decisions.types import Stamp, Verdict

LONGEST_TEXT = 4000  # characters; about 26 parts, more than any carrier joins
LONGEST_KEY = 255  # characters of an Idempotency-Key
MOST_AT_ONCE = 1000  # messages in one request


class Direction(IntEnum):
    IN = 1
    OUT = 2


class Status(IntEnum):
    """Where a message is. The number is its rank: a status only rises (D14)."""

    DEFERRED = 5
    QUEUED = 10
    CLAIMED = 20
    SUBMITTED = 30
    ACCEPTED = 40
    ENROUTE = 50
    UNKNOWN = 60
    FAILED = 61
    EXPIRED = 62
    REJECTED = 63
    UNDELIVERABLE = 64
    SUPPRESSED = 70
    CANCELLED = 71
    DELIVERED = 80
    READ = 90
    RECEIVED = 100

    @property
    def word(self) -> str:
        return self.name.lower()


STATUS_OF: Final = {
    Verdict.ALLOW: Status.QUEUED,
    Verdict.DEFER: Status.DEFERRED,
    Verdict.BLOCK: Status.SUPPRESSED,
}  # what a decision makes of a new message


class Shown(IntEnum):
    """What people see of a status."""

    WAITING = 1
    SENT = 2
    DELIVERED = 3
    READ = 4
    NOT_DELIVERED = 5
    NOT_SENT = 6
    RECEIVED = 7

    @property
    def word(self) -> str:
        return self.name.lower()


class Encoding(IntEnum):
    """How the text travels; SMPP's data_coding for the usual ones (3GPP TS 23.038)."""

    GSM7 = 0
    LATIN1 = 3
    BINARY = 4
    UCS2 = 8


class Flag(IntFlag):
    POSSIBLE_DUPLICATE = 1
    TEST = 2
    PART_MISSING = 4
    REPLACED = 8
    BEGUN = 16  # outbox only: some parts may have left already
    AUTOMATIC = 32  # a machine said that nobody is there (conversations/away.py)


class Outcome(IntEnum):
    """What became of an attempt that has no provider_ref."""

    OPEN = 0
    REFUSED = 1
    NO_ANSWER = 2
    NOT_SENT = 3  # committed, then taken back before a byte left
    THROTTLED = 4  # refused because we were too fast
    TROUBLE = 5  # refused for trouble of the carrier's own: what failover counts


class SendRequest(BaseModel):
    """POST /messages."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=False)

    to: Annotated[str, Field(max_length=64, description="A phone number, best as E.164 (+30…), or an urn such as tel:+30….")] | None = None
    contact_id: UUID | None = None
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT)]
    purpose: str = "notice"
    channel_id: UUID | None = None
    valid_for: Annotated[int, Field(ge=60, le=72 * 3600, description="Seconds after which it is not worth delivering.")] | None = None
    send_at: datetime | None = None
    anchor: Annotated[
        datetime | None,
        Field(
            description="The event it is about, with its zone: outside the hours it goes in the last allowed minute before, and not from then on."
        ),
    ] = None

    @model_validator(mode="after")
    def _one_target(self) -> SendRequest:
        if (self.to is None) == (self.contact_id is None):
            raise ValueError("give either to or contact_id")
        return self


class BatchItem(SendRequest):
    """One message of POST /messages/batch."""

    idempotency_key: Annotated[
        str | None,
        Field(description="Up to 255 characters. The same message with the same key is sent once and answered alike, for 48 hours."),
    ] = None


class Own(NamedTuple):
    """What one message of many has of its own; all else is as in `like`, whose own is the first one's of the sort."""

    id: UUID
    contact_id: UUID
    identity_id: UUID
    conversation_id: UUID | None
    consent_entry_id: UUID | None
    address: str
    body: str
    like: Outgoing


class Outgoing(NamedTuple):
    """A message about to be taken in, whole: what its row and its outbox row will say."""

    id: UUID
    contact_id: UUID
    identity_id: UUID
    channel_id: UUID
    conversation_id: UUID | None
    campaign_id: UUID | None
    author_id: UUID | None
    api_key_id: UUID | None
    purpose: Purpose
    status: Status  # queued and deferred go to the outbox; suppressed stays, with its reason
    flags: Flag
    segments: int
    encoding: Encoding
    reason: str | None
    address: str
    body: str
    lane: Lane
    delivery: Delivery
    not_before: datetime
    not_after: datetime
    stamp: Stamp
    send_by: datetime | None = None  # where the hours end that the decision found; the claim decides anew from then on
    arrive_by: datetime | None = None  # when nothing may arrive any more
    decision_id: UUID | None = None  # None: nobody was asked, as for an answer to somebody's STOP
    consent_entry_id: UUID | None = None

    @property
    def own(self) -> Own:
        return Own(self.id, self.contact_id, self.identity_id, self.conversation_id, self.consent_entry_id, self.address, self.body, self)
