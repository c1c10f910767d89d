"""Suspected opt-outs: marketing to a person waits until somebody of the team has looked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from textfirst.consent.actions.stops import said
from textfirst.consent.queries import run, sql
from textfirst.consent.types import Changed, Source, Word


@transaction.atomic
def hold(workspace_id: UUID, words: Sequence[Word], *, source: Source = Source.KEYWORD, channel_id: UUID | None = None,
         by_user_id: UUID | None = None, now: datetime) -> list[Changed]:  # fmt: skip
    """Marketing to these addresses is shut from the commit of the caller's transaction on."""
    return _set(workspace_id, words, held=True, source=source, channel_id=channel_id, by_user_id=by_user_id, now=now)


@transaction.atomic
def release(workspace_id: UUID, words: Sequence[Word], *, by_user_id: UUID | None, now: datetime) -> list[Changed]:
    """Somebody looked: it was none."""
    return _set(workspace_id, words, held=False, source=Source.PERSON, channel_id=None, by_user_id=by_user_id, now=now)


def _set(workspace_id: UUID, words: Sequence[Word], *, held: bool, source: Source, channel_id: UUID | None, by_user_id: UUID | None, now: datetime) -> list[Changed]:  # fmt: skip
    run(sql.lock, {"workspace_id": workspace_id})
    facts = said(workspace_id, words, scope="marketing", source=source, by_user_id=by_user_id, channel_id=channel_id, now=now)
    return [Changed(*row) for row in run(sql.hold, {**facts, "held": held})]
