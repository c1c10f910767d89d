"""Forgetting a person: what is personal in the ledger goes, stops and entries stay. Whoever deletes a contact calls this in the same transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from textfirst.consent.actions.grants import change
from textfirst.consent.queries import run, sql
from textfirst.consent.types import Deed, Source


def erase(workspace_id: UUID, address_hashes: Collection[bytes], *, by_user_id: UUID | None, now: datetime) -> None:
    """Delete the personal rows of every entry about these addresses, and what stands but stops and holds.

    The addresses stay known by their HMAC alone: a stop goes on for whoever brings them back, and a permission given before does not.
    """
    if not address_hashes:
        return
    change(workspace_id, address_hashes, Deed.ERASURE, source=Source.PERSON, personal=False, now=now, by_user_id=by_user_id)
    run(sql.erase, {"workspace_id": workspace_id, "address_hashes": list(address_hashes), "at": now})
