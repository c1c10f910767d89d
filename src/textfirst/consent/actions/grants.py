"""Permissions: given one by one or by the hundred thousand, attested, withdrawn, run out. None of them lifts a stop."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from textfirst.consent.models import ConsentText
from textfirst.consent.queries import run, sql
from textfirst.consent.rules import chain
from textfirst.consent.rules.scopes import covers, ends_any_hour, lifts_hours
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
    params: dict[str, Any] = {
        "workspace_id": workspace_id, "kind": permission.kind.word, "rank": int(permission.kind), "scope": permission.scope,
        "channels": ",".join(permission.channels), "source": permission.source.value, "keyword": permission.keyword,
        "text_hash": _text(workspace_id, permission), "language": permission.language, "by_user_id": by_user_id, "channel_id": channel_id, "now": now,
        "promotion": covers(permission.scope, Purpose.PROMOTION), "greeting": covers(permission.scope, Purpose.GREETING),
        "any_hour": lifts_hours(permission.scope), **_columns(given),
    }  # fmt: skip
    return len(run(sql.grant, params))


@transaction.atomic
def withdraw(
    workspace_id: UUID, address_hashes: Collection[bytes], *, scope: str = "all", source: Source, note: str = "", now: datetime, by_user_id: UUID | None = None
) -> None:  # fmt: skip
    """Permissions of this scope end; what was given before does not count again, only what is given afresh."""
    change(workspace_id, address_hashes, Deed.WITHDRAWAL, scope=scope, source=source, note=note, now=now, by_user_id=by_user_id)
    run(sql.withdraw, {
        "workspace_id": workspace_id, "address_hashes": list(address_hashes), "at": now,
        "promotion": covers(scope, Purpose.PROMOTION), "greeting": covers(scope, Purpose.GREETING),
        "any_hour": ends_any_hour(scope), "permissions": not lifts_hours(scope),
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


def _text(workspace_id: UUID, permission: Permission) -> bytes | None:
    """The hash of the words shown; the words are kept once."""
    if not permission.shown:
        return None
    hashed = chain.text_hash(permission.shown)
    text = ConsentText(workspace_id=workspace_id, text_hash=hashed, language=permission.language, words=permission.shown)
    ConsentText.objects.bulk_create([text], ignore_conflicts=True)
    return hashed


def _columns(given: Sequence[Given]) -> dict[str, list[Any]]:
    return {
        "entry_ids": new_ids(len(given)), "address_hashes": [one.address_hash for one in given], "ats": [one.at for one in given],
        "expires": [one.expires_at for one in given], "words": [one.words for one in given], "origins": [one.origin for one in given],
        "ips": [one.ip for one in given], "user_agents": [one.user_agent for one in given], "notes": [one.note for one in given],
        "message_ids": [one.message_id for one in given],
    }  # fmt: skip
