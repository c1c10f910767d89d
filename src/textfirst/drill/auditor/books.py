"""What the database says of itself: rows of the few tables that the auditor judges by, read in one snapshot.

Commit times are PostgreSQL's own (`track_commit_timestamp`). A row that was changed since belongs to the transaction that changed it; who
first wrote an attempt is therefore noted by the witness (drill/witness.py), a trigger of the drill's own.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

OUT, IN = 2, 1  # message.direction
AT_LEAST_ONCE = (9, 10)  # purposes: code, urgent
MARKETING = (1, 2)  # promotion, greeting
SUPPORT = 7
POSSIBLE_DUPLICATE = 1  # message.flags


@dataclass(slots=True)
class Message:
    id: UUID
    direction: int
    address: str  # digits
    body: str
    raw: bytes
    status: int
    flags: int
    segments: int
    purpose: int
    campaign_id: UUID | None
    conversation_id: UUID | None
    by_hand: bool  # written by a person or a program, not by ourselves
    time_zone: str = ""  # as the contact's card says, if it does

    @property
    def marketing(self) -> bool:
        """Whether it must keep to the hours of whoever is texted."""
        return self.purpose in MARKETING

    @property
    def again(self) -> bool:
        """Whether it may be sent again when nobody knows what became of it."""
        return self.purpose in AT_LEAST_ONCE

    @property
    def made_at(self) -> int:
        """Nanoseconds since 1970, from its UUIDv7."""
        return (self.id.int >> 80) * 1_000_000


@dataclass(slots=True)
class Attempt:
    message_id: UUID
    committed_at: int | None  # ns; None when PostgreSQL cannot say


@dataclass(slots=True)
class Stop:
    address: str
    committed_at: int


@dataclass(slots=True)
class Books:
    """The database at rest."""

    messages: dict[UUID, Message] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    provider_ids: set[str] = field(default_factory=set)  # that were stored with an answer
    receipts: list[bytes] = field(default_factory=list)  # as they came
    rejected: list[bytes] = field(default_factory=list)  # inbound PDUs that could not be stored and were put aside
    parts: list[bytes] = field(default_factory=list)  # of long texts that wait for their siblings
    waiting: set[UUID] = field(default_factory=set)  # in the outbox
    conversations: set[UUID] = field(default_factory=set)
    fell: int = 0  # statuses that went down in rank, by the witness


@dataclass(slots=True)
class Promises:
    """The drill's ledger."""

    window: int = 1
    campaigns: dict[UUID, list[str]] = field(default_factory=dict)  # addresses, as digits
    closings: dict[UUID, int] = field(default_factory=dict)  # campaign → ns: when its hours ended
    asked: dict[str, tuple[str, str]] = field(default_factory=dict)  # key → address, text
    accepted: dict[str, set[UUID]] = field(default_factory=lambda: defaultdict(set))  # key → message
    refused: set[str] = field(default_factory=set)


def read_promises(path: Path) -> Promises:
    """A line cut short is the last one of a drill that was itself killed."""
    found = Promises()
    for line in path.read_text().splitlines():
        fact = json.loads(line)
        match fact["kind"]:
            case "channel":
                found.window = int(fact["window"])
            case "campaign":
                found.campaigns[UUID(fact["id"])] = [address.lstrip("+") for address in fact["addresses"]]
            case "closing":
                found.closings[UUID(fact["campaign"])] = int(fact["closes"])
            case "asked":
                found.asked[fact["key"]] = (fact["to"].lstrip("+"), fact["text"])
            case "accepted":
                found.accepted[fact["key"]].add(UUID(fact["message_id"]))
            case "refused":
                found.refused.add(fact["key"])
    return found


def read_books(url: str) -> Books:
    """All that is judged. Raises psycopg.Error, and RuntimeError when the server keeps no commit times."""
    with psycopg.connect(url) as connection:
        connection.read_only, connection.isolation_level = True, psycopg.IsolationLevel.REPEATABLE_READ
        if _one(connection, "select current_setting('track_commit_timestamp')") != "on":
            raise RuntimeError("The server keeps no commit times: set track_commit_timestamp = on and start it again.")
        witnessed = _one(connection, "select to_regclass('drill.attempt') is not null")
        books = Books(messages={row[0]: _message(row) for row in _rows(connection, _MESSAGES)})
        books.attempts = [Attempt(*row) for row in _rows(connection, _ATTEMPTS_WITNESSED if witnessed else _ATTEMPTS)]
        books.stops = [Stop(str(address).lstrip("+"), at) for address, at in _rows(connection, _STOPS)]
        books.provider_ids = {row[0] for row in _rows(connection, "select provider_id from provider_ref")}
        books.receipts = [bytes(row[0]) for row in _rows(connection, "select pdu from receipt")]
        books.rejected = [bytes(row[0]) for row in _rows(connection, "select pdu from intake_rejected")]
        books.parts = [bytes(row[0]) for row in _rows(connection, "select body from inbound_part")]
        books.waiting = {row[0] for row in _rows(connection, "select id from outbox")}
        books.conversations = {row[0] for row in _rows(connection, "select id from conversation")}
        books.fell = _one(connection, "select count(*) from drill.fell") if witnessed else 0
    return books


_MESSAGES = """
select m.id, direction, address, body, raw, status, flags, segments, purpose, campaign_id, conversation_id,
  campaign_id is not null or author_id is not null or api_key_id is not null, coalesce(c.time_zone, '')
from message m left join contact c on c.workspace_id = m.workspace_id and c.id = m.contact_id
"""
_NANOSECONDS = "(extract(epoch from {}) * 1000000)::bigint * 1000"
_ATTEMPTS = f"select message_id, {_NANOSECONDS.format('pg_xact_commit_timestamp(xmin)')} from attempt"  # noqa: S608 - our own words
_ATTEMPTS_WITNESSED = f"""
select a.message_id, {_NANOSECONDS.format("pg_xact_commit_timestamp(w.xid)")}
from attempt a join drill.attempt w on w.id = a.id
"""  # noqa: S608 - our own words
_STOPS = f"""
select i.address, {_NANOSECONDS.format("pg_xact_commit_timestamp(e.xmin)")}
from consent_entry e join contact_identity i on i.workspace_id = e.workspace_id and i.address_hash = e.address_hash
where e.kind = 'stop' and pg_xact_commit_timestamp(e.xmin) is not null and not exists (
  select from consent_entry s
  where s.workspace_id = e.workspace_id and s.address_hash = e.address_hash and s.kind = 'start' and s.id > e.id
)
"""  # noqa: S608 - our own words


def _message(row: tuple[Any, ...]) -> Message:
    identifier, direction, address, body, raw, *rest = row
    return Message(identifier, direction, str(address).lstrip("+"), body, bytes(raw or b""), *rest)


def _rows(connection: psycopg.Connection[tuple[Any, ...]], sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


def _one(connection: psycopg.Connection[tuple[Any, ...]], sql: str) -> Any:
    return _rows(connection, sql)[0][0]
