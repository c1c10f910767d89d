"""Messages of one sender as bytes: the rows of `message` and `outbox` in the form that PostgreSQL's binary COPY reads.

Thousands of messages of a campaign differ in few things: who, which text, and a handful of sorts (sent or not and why, encoding, parts). What a sort has in common is
framed once; a row is then four or five pieces of bytes put one behind the other. Written out as values, a row costs ten times as much.

    file   signature, then rows, then -1            (PostgreSQL: "COPY", file formats, binary)
    row    number of columns (int16), then columns
    column length in bytes (int32; -1: null), then the value as the type's send function writes it
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from textfirst.core.purposes import Delivery, Lane, Purpose
from textfirst.decisions.types import Decision
from textfirst.messages.types import STATUS_OF, Direction, Encoding, Flag, Status

# The columns that differ from row to row stand first and last, those of a sort between them. What is not named is null.
MESSAGE = (
    "id", "contact_id", "identity_id", "consent_entry_id",
    "workspace_id", "channel_id", "campaign_id", "direction", "purpose", "status", "flags", "segments", "encoding", "reason", "decision_id",
    "address", "body",
)  # fmt: skip
OUTBOX = (
    "id", "identity_id",
    "workspace_id", "channel_id", "campaign_id", "lane", "delivery", "segments", "encoding", "attempts", "flags", "not_before", "not_after",
    "send_by", "arrive_by", "identity_version", "workspace_version",
    "address", "body",
)  # fmt: skip

_SIGNATURE = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_NULL = b"\xff\xff\xff\xff"
_UUID = struct.pack(">i", 16)
_MESSAGE_BEGINS = struct.pack(">hi", len(MESSAGE), 16)
_OUTBOX_BEGINS = struct.pack(">hi", len(OUTBOX), 16)
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
_MICROSECOND = timedelta(microseconds=1)


class _Lengths(dict[int, bytes]):
    """Lengths as they are framed, each packed once."""

    def __missing__(self, length: int) -> bytes:
        packed = self[length] = struct.pack(">i", length)
        return packed


_LENGTHS = _Lengths()


@dataclass(frozen=True, slots=True)
class Sender:
    """What all messages of a batch share."""

    workspace_id: UUID
    channel_id: UUID
    campaign_id: UUID
    purpose: Purpose
    flags: Flag
    lane: Lane
    delivery: Delivery
    not_after: datetime


@dataclass(slots=True)
class Sort:
    """What some messages of a batch share. `framed` for the outbox is empty when they do not go there; `messages` counts them."""

    status: Status
    reason: str
    encoding: Encoding
    segments: int
    message: bytes
    outbox: bytes
    messages: int = 0


def sort_of(sender: Sender, decision: Decision, *, decision_id: UUID, encoding: Encoding, segments: int, not_before: datetime) -> Sort:
    """What a decision makes of messages of one measure: its columns framed. `not_before` is when those may leave that need not wait."""
    status, reason = STATUS_OF[decision.verdict], decision.reason
    ids = _uuid(sender.workspace_id), _uuid(sender.channel_id), _uuid(sender.campaign_id)
    told: tuple[int, ...] = (Direction.OUT, sender.purpose, status, sender.flags, segments, encoding)
    message = [*ids, *map(_small, told), _text(reason) if reason else _NULL, _uuid(decision_id)]
    outbox: list[bytes] = []
    if status in (Status.QUEUED, Status.DEFERRED):
        outbox += [
            *ids,
            *map(_small, (sender.lane, sender.delivery, segments, encoding, 0, sender.flags)),
            *map(_moment, (decision.until or not_before, sender.not_after, decision.send_by, decision.not_after)),
            *map(_big, decision.stamp),
        ]
    return Sort(status, reason, encoding, segments, b"".join(message), b"".join(outbox))


class Rows:
    """The rows of a batch as they grow, then as what COPY is fed."""

    def __init__(self) -> None:
        self._messages: list[bytes] = [_SIGNATURE]
        self._outbox: list[bytes] = [_SIGNATURE]

    def add(self, ids: Sequence[bytes], entry: bytes | None, sort: Sort, address: str, text: str) -> None:
        """One message; `ids` are its own, its contact's and its identity's, sixteen bytes each; `entry` is the consent it rests on, if any."""
        identifier, contact_id, identity_id = ids
        where, said = address.encode(), text.encode()
        end = _LENGTHS[len(where)] + where + _LENGTHS[len(said)] + said
        self._messages += (
            _MESSAGE_BEGINS,
            identifier,
            _UUID,
            contact_id,
            _UUID,
            identity_id,
            _UUID + entry if entry else _NULL,
            sort.message,
            end,
        )
        if sort.outbox:
            self._outbox += (_OUTBOX_BEGINS, identifier, _UUID, identity_id, sort.outbox, end)
        sort.messages += 1

    @property
    def messages(self) -> bytes:
        return b"".join([*self._messages, _END])

    @property
    def outbox(self) -> bytes:
        """Empty when nothing goes there."""
        return b"".join([*self._outbox, _END]) if len(self._outbox) > 1 else b""


def copy_into(table: str, columns: Sequence[str]) -> str:
    """The statement that reads it."""
    return f"copy {table} ({', '.join(columns)}) from stdin (format binary)"


def _text(value: str) -> bytes:
    octets = value.encode()
    return _LENGTHS[len(octets)] + octets


def _uuid(value: UUID) -> bytes:
    return _UUID + value.bytes


def _small(value: int) -> bytes:
    return struct.pack(">ih", 2, value)


def _big(value: int) -> bytes:
    return struct.pack(">iq", 8, value)


def _moment(value: datetime | None) -> bytes:
    return _NULL if value is None else _big((value - _EPOCH) // _MICROSECOND)
