"""Permissions: given one by one or by the hundred thousand, attested, withdrawn, run out. None of them lifts a stop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from textfirst.consent.queries import run, sql
from textfirst.consent.rules.granting import grant_params, text_params
from textfirst.consent.rules.scopes import covers, ends_any_hour
from textfirst.consent.types import Deed, Given, Kind, NumberFacts, Permission, Source
from textfirst.core.ids import new_ids
from textfirst.core.purposes import Purpose


@transaction.atomic
def grant(
    workspace_id: UUID,
    given: Sequence[Given],
    permission: Permission,
    *,
    now: datetime,
    by_user_id: UUID | None = None,
    channel_id: UUID | None = None,
) -> int:
    """Write down what was given, in the caller's transaction; how many addresses stand better for it. Give some thousands at a time."""
    if not given:
        return 0
    if permission.shown:
        run(sql.keep_text, text_params(workspace_id, permission))
    return len(run(sql.grant, grant_params(workspace_id, given, permission, now=now, by_user_id=by_user_id, channel_id=channel_id)))


@transaction.atomic
def withdraw(
    workspace_id: UUID, address_hashes: Collection[bytes], *, scope: str = "all", source: Source, note: str = "", now: datetime, by_user_id: UUID | None = None
) -> None:  # fmt: skip
    """Permissions of this scope end; what was given before does not count again, only what is given afresh."""
    change(workspace_id, address_hashes, Deed.WITHDRAWAL, scope=scope, source=source, note=note, now=now, by_user_id=by_user_id)
    run(sql.withdraw, {
        "workspace_id": workspace_id, "address_hashes": list(address_hashes), "at": now,
        "promotion": covers(scope, Purpose.PROMOTION), "greeting": covers(scope, Purpose.GREETING),
        "any_hour": ends_any_hour(scope),
    })  # fmt: skip


def change(
    workspace_id: UUID, address_hashes: Collection[bytes], deed: Deed, *, scope: str = "all", source: Source, words: str = "", origin: str = "",
    note: str = "", personal: bool = True, now: datetime, by_user_id: UUID | None = None, message_id: UUID | None = None,
) -> None:  # fmt: skip
    """An entry about each address, and their versions raised; what stands is the caller's to change."""
    hashes = sorted(address_hashes)
    run(sql.lock_identities, {"workspace_id": workspace_id, "address_hashes": hashes})
    run(sql.change, {
        "workspace_id": workspace_id, "address_hashes": hashes, "entry_ids": new_ids(len(hashes)), "kind": deed.value, "scope": scope,
        "source": source.value, "words": words, "origin": origin, "note": note, "personal": personal, "at": now, "by_user_id": by_user_id,
        "message_id": message_id,
    })  # fmt: skip


def note_numbers(workspace_id: UUID, facts: Sequence[NumberFacts], on: date) -> None:
    """What registers said on a day about numbers, in the caller's transaction."""
    if facts:
        run(sql.numbers, {
            "workspace_id": workspace_id, "on": on, "address_hashes": [fact.address_hash for fact in facts],
            "dnc": [fact.dnc_listed for fact in facts], "reassigned": [fact.reassigned_on for fact in facts],
        })  # fmt: skip


def expire(workspace_id: UUID, now: datetime) -> int:
    """Permissions that ran out are written down as such, and the best that is left stands; of how many addresses. In the caller's transaction."""
    hashes = [bytes(row[0]) for row in run(sql.expired, {"workspace_id": workspace_id, "now": now})]
    if hashes:
        change(workspace_id, hashes, Deed.EXPIRY, scope="marketing", source=Source.OURSELVES, personal=False, now=now)
        run(sql.best_left, {"workspace_id": workspace_id, "address_hashes": hashes, "now": now, "ranks": [kind.word for kind in Kind]})
    return len(hashes)
