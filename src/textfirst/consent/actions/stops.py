"""Stops that people of the team enter; those that customers write are the engine's, over the same SQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from textfirst.consent.queries import identities_of, run, sql
from textfirst.consent.types import Changed, Source, Word
from textfirst.core.errors import InvalidInput
from textfirst.core.ids import new_ids
from textfirst.events.actions import record_one

LONGEST_NOTE = 500  # characters


def stop_contact(*, workspace_id: UUID, contact_id: UUID, note: str, by_user_id: UUID | None, now: datetime) -> bool:
    """Somebody told us by another way that this contact wants no more texts: every address of theirs is stopped. Whether that changed anything.

    Only they can undo it, by writing START. Raises InvalidInput for a contact without any address.
    """
    with transaction.atomic():
        words = [Word(identity_id, words=note[:LONGEST_NOTE]) for identity_id in identities_of(workspace_id, contact_id)]
        if not words:
            raise InvalidInput("This contact has no address that could be stopped.", code="no_number")
        changed = stop(workspace_id, words, source=Source.PERSON, by_user_id=by_user_id, now=now)
        if any(one.changed for one in changed):
            record_one(workspace_id, "contact.updated", contact_id)
            return True
    return False


def stop(workspace_id: UUID, words: Sequence[Word], *, source: Source, scope: str = "all", by_user_id: UUID | None = None,
         channel_id: UUID | None = None, now: datetime) -> list[Changed]:  # fmt: skip
    """Suppress addresses in the caller's transaction; from its commit on no attempt is made at them for what `scope` says."""
    run(sql.lock, {"workspace_id": workspace_id})
    facts = said(workspace_id, words, scope=scope, source=source, by_user_id=by_user_id, channel_id=channel_id, now=now)
    return [Changed(*row) for row in run(sql.stop, facts)]


def start(workspace_id: UUID, words: Sequence[Word], *, source: Source, scope: str = "all", channel_id: UUID | None = None, now: datetime) -> list[Changed]:  # fmt: skip
    """They want what they stopped again; only they can say so. What they never gave they have not given by this."""
    run(sql.lock, {"workspace_id": workspace_id})
    facts = said(workspace_id, words, scope=scope, source=source, by_user_id=None, channel_id=channel_id, now=now)
    return [Changed(*row) for row in run(sql.start, facts)]


def said(workspace_id: UUID, words: Sequence[Word], *, scope: str, source: Source, by_user_id: UUID | None, channel_id: UUID | None,
         now: datetime) -> dict[str, Any]:  # fmt: skip
    """Parameters of `sql/stop.sql`, `start.sql` and `hold.sql`."""
    return {
        "workspace_id": workspace_id, "identity_ids": [word.identity_id for word in words], "entry_ids": new_ids(len(words)),
        "message_ids": [word.message_id for word in words], "words": [word.words for word in words], "keywords": [word.keyword for word in words],
        "scope": scope, "source": source.value, "by_user_id": by_user_id, "channel_id": channel_id, "at": now,
    }  # fmt: skip
