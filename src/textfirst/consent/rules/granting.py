"""Permissions as the parameters of `sql/grant.sql` and `sql/keep_text.sql`, for whichever driver runs them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from textfirst.consent.rules import chain
from textfirst.consent.rules.scopes import covers, lifts_hours
from textfirst.consent.types import Given, Permission
from textfirst.core.ids import new_id, new_ids
from textfirst.core.purposes import Purpose


def grant_params(
    workspace_id: UUID, given: Sequence[Given], permission: Permission, *, now: datetime, by_user_id: UUID | None = None, channel_id: UUID | None = None
) -> dict[str, Any]:  # fmt: skip
    """Of `sql/grant.sql`; the words shown are kept by `sql/keep_text.sql` before."""
    return {
        "workspace_id": workspace_id, "kind": permission.kind.word, "rank": int(permission.kind), "scope": permission.scope,
        "channels": ",".join(permission.channels), "source": permission.source.value, "keyword": permission.keyword,
        "text_hash": chain.text_hash(permission.shown) if permission.shown else None, "language": permission.language, "by_user_id": by_user_id,
        "channel_id": channel_id, "now": now,
        "promotion": covers(permission.scope, Purpose.PROMOTION), "greeting": covers(permission.scope, Purpose.GREETING),
        "any_hour": lifts_hours(permission.scope), **_columns(given),
    }  # fmt: skip


def text_params(workspace_id: UUID, permission: Permission) -> dict[str, Any]:
    """Of `sql/keep_text.sql`."""
    hashed = chain.text_hash(permission.shown)
    return {"workspace_id": workspace_id, "id": new_id(), "text_hash": hashed, "language": permission.language, "words": permission.shown}


def _columns(given: Sequence[Given]) -> dict[str, list[Any]]:
    return {
        "entry_ids": new_ids(len(given)), "address_hashes": [one.address_hash for one in given], "ats": [one.at for one in given],
        "expires": [one.expires_at for one in given], "words": [one.words for one in given], "origins": [one.origin for one in given],
        "ips": [one.ip for one in given], "user_agents": [one.user_agent for one in given], "notes": [one.note for one in given],
        "message_ids": [one.message_id for one in given],
    }  # fmt: skip
