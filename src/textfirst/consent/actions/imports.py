"""What imported people agreed to: as the team says of the file, with its proof, or nothing that was proved (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from textfirst.consent.actions.grants import grant, note_numbers
from textfirst.consent.queries import run, sql
from textfirst.consent.rules import scopes
from textfirst.consent.rules.proof import OWN, runs_out
from textfirst.consent.types import Claim, Given, Kind, NumberFacts, Permission, Source
from textfirst.contacts.actions.identities import address_key
from textfirst.contacts.models import ContactImport
from textfirst.contacts.rules.headers import ANY_HOUR, CONSENT_AT, DNC_LISTED, REASSIGNED_ON
from textfirst.contacts.types import ReadRow
from textfirst.core.addresses import address_hash


def follow_import(found: ContactImport, rows: Sequence[ReadRow]) -> None:
    """A batch of an import has been written: its people's permissions and what registers say of their numbers, in the same transaction."""
    key, now = address_key(), datetime.now(UTC)
    claim = Claim.of(found.consent)
    addressed = [(row, address_hash(key, found.workspace_id, address)) for row in rows for address in row.addresses]
    if claim.kind is Kind.LEGACY_UNPROVEN:
        known = {
            bytes(row[0])
            for row in run(sql.permitted, {"workspace_id": found.workspace_id, "address_hashes": [hash_ for _, hash_ in addressed]})
        }
        given = [_given(found, claim, row, hash_) for row, hash_ in addressed if hash_ not in known]
    else:
        given = [_given(found, claim, row, hash_) for row, hash_ in addressed]
    permission = Permission(claim.kind, Source.IMPORT, claim.scope, shown=claim.shown, language=claim.language)
    grant(found.workspace_id, given, permission, now=now, by_user_id=found.created_by_id)
    if claim.kind in OWN:  # a wish of their own: of people without proof, or by the law, nobody knows it
        wishes = [replace(_given(found, claim, row, hash_), expires_at=None) for row, hash_ in addressed if row.facts.get(ANY_HOUR)]
        grant(found.workspace_id, wishes, replace(permission, scope=scopes.ANY_HOUR), now=now, by_user_id=found.created_by_id)
    facts = [
        NumberFacts(hash_, row.facts.get(DNC_LISTED), row.facts.get(REASSIGNED_ON))
        for row, hash_ in addressed
        if DNC_LISTED in row.facts or REASSIGNED_ON in row.facts
    ]
    note_numbers(found.workspace_id, facts, now.date())


def _given(found: ContactImport, claim: Claim, row: ReadRow, hash_: bytes) -> Given:
    at = _moment(row.facts.get(CONSENT_AT)) or claim.at or found.created_at
    return Given(hash_, at, runs_out(claim.kind, at, claim.expires_at), origin=f"{found.file_name}, {row.row}", note=claim.note)


def _moment(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
