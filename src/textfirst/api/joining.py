"""Two contacts become one and two again, above any one feature: addresses, groups, threads, messages and recipients in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from textfirst.campaigns.actions.following import follow_contact as recipients_follow
from textfirst.contacts.actions import joining
from textfirst.conversations.actions import join_threads, note_last_said, part_threads
from textfirst.messages.actions.following import follow_contact as messages_follow
from textfirst.messages.actions.following import identities_of


@transaction.atomic
def join(workspace_id: UUID, kept_id: UUID, gone_id: UUID, *, by_user_id: UUID | None, now: datetime) -> UUID:
    """`gone_id` becomes part of `kept_id`; its history comes along. Says what names the undo."""
    facts = joining.take_over(workspace_id, kept_id, gone_id)
    identity_ids = [*map(UUID, facts["identities"]), *identities_of(workspace_id, gone_id)]
    facts["identity_ids"] = sorted({str(id_) for id_ in identity_ids})
    facts["threads"] = threads = join_threads(workspace_id, kept_id, gone_id)
    messages_follow(workspace_id, kept_id, gone_id, _places(threads))
    recipients_follow(workspace_id, kept_id, identity_ids)
    return joining.close(workspace_id, kept_id, gone_id, facts, by_user_id=by_user_id, now=now)


@transaction.atomic
def part(workspace_id: UUID, joining_id: UUID, *, now: datetime) -> UUID:
    """The contact that was joined is back with what its addresses said and heard, also since. Says which it is."""
    found = joining.part(workspace_id, joining_id, now=now)
    identity_ids = list(map(UUID, found.facts["identity_ids"]))
    back = {later: earlier for earlier, later in _places(found.facts["threads"]).items()}
    part_threads(workspace_id, found.kept_id, found.gone_id, found.facts["threads"])
    messages_follow(workspace_id, found.gone_id, found.kept_id, back, identity_ids)
    note_last_said(workspace_id, [*back, *back.values()])
    recipients_follow(workspace_id, found.gone_id, identity_ids)
    return found.gone_id


def _places(threads: list[dict[str, Any]]) -> dict[UUID, UUID]:
    """Where messages of a thread that was joined to another go."""
    return {UUID(thread["id"]): UUID(thread["into"]) for thread in threads if thread["into"]}
