"""Writing messages in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from textfirst.core.ids import new_id
from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner
from textfirst.messages.rules.accepting import MESSAGE_COLUMNS, OUTBOX_COLUMNS, accept_params, message_row, outbox_row
from textfirst.messages.rules.sending import answered, kept_of, repeated
from textfirst.messages.types import Outgoing, Status

sql = load("textfirst.messages")
WAITING = (Status.QUEUED, Status.DEFERRED)


def accept(workspace_id: UUID, messages: Sequence[Outgoing]) -> None:
    """Take in a few messages; nothing accepted is lost from the commit on."""
    with connection.cursor() as cursor:
        cursor.execute(sql.accept, accept_params(workspace_id, messages))
    wake(message.channel_id for message in messages if message.status in WAITING)


def accept_many(workspace_id: UUID, messages: Sequence[Outgoing]) -> None:
    """`accept` by COPY, for hundreds and more. Row-level security refuses COPY, so it runs as the owner; every row names its workspace here."""
    with as_owner(), connection.cursor() as cursor:
        _copy(cursor, "message", MESSAGE_COLUMNS, (message_row(workspace_id, message) for message in messages))
        _copy(cursor, "outbox", OUTBOX_COLUMNS, (outbox_row(workspace_id, message) for message in messages if message.status in WAITING))
    wake(message.channel_id for message in messages if message.status in WAITING)


def wake(channel_ids: Iterable[UUID]) -> None:
    """Tell the engine, once per channel, that something waits there; it hears of it when the transaction commits."""
    with connection.cursor() as cursor:
        for channel_id in set(channel_ids):
            cursor.execute("select pg_notify('textfirst_outbox', %s)", [str(channel_id)])


def reserve_key(workspace_id: UUID, key: str, fingerprint: bytes, message_id: UUID) -> dict[str, Any] | None:
    """Take an Idempotency-Key for this transaction (D1), waiting for another one that has it: None when it is ours now, else what was answered.

    Raises InvalidInput when it was used for another request, Conflict while that is under way.
    """
    with connection.cursor() as cursor:
        row: dict[str, Any] = {
            "ids": [new_id()],
            "keys": [key],
            "fingerprints": [fingerprint],
            "message_ids": [message_id],
            "responses": [None],
        }
        cursor.execute(sql.keep_key, row | {"workspace_id": workspace_id})
        if cursor.fetchone():
            return None
        cursor.execute(sql.key, {"workspace_id": workspace_id, "keys": [key]})
        found = cursor.fetchone()
    assert found is not None
    _, stored, kept, *message = found
    return repeated(stored, answered(kept, message), fingerprint)


def answer_key(workspace_id: UUID, key: str, message: Outgoing) -> None:
    """Keep what is answered to the request that reserved the key."""
    with connection.cursor() as cursor:
        cursor.execute(sql.answer_key, {"workspace_id": workspace_id, "key": key, "response": kept_of(message)})


def _copy(cursor: Any, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
