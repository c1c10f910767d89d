"""Somebody answers with their name for people without proof (C4): those of a list, of one import, or all; and may take it back.

The act is a row, and an entry of the ledger for each address. Taking it back is an entry each as well: what was sent meanwhile was sent, and what stands is the
best that is left without it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.contrib.django import app as jobs

from textfirst.consent.actions.grants import change, grant
from textfirst.consent.models import ConsentAttestation
from textfirst.consent.queries import run, sql
from textfirst.consent.types import Claim, Deed, Given, Kind, Permission, Source
from textfirst.contacts.queries.imports import find_import
from textfirst.contacts.rules.headers import CONSENT_AT
from textfirst.core.errors import Conflict, NotFound
from textfirst.core.ids import earliest_id, new_id

ATTEST, RETRACT = "consent.attest", "consent.retract"
AT_ONCE = 2000  # addresses of one transaction
_CLOCKS_DIFFER = timedelta(seconds=5)  # of machines that made the ids


@transaction.atomic
def attest_later(
    workspace_id: UUID, *, list_id: UUID | None = None, import_id: UUID | None = None, reason: str, by_user_id: UUID, now: datetime
) -> ConsentAttestation:
    """Somebody answers for the people without proof; a job writes it down, one batch after the other. Raises NotFound for an import that is none."""
    by_import, whose = _whose(workspace_id, list_id, import_id, now)
    number = run(sql.count_unproven_of_import if by_import else sql.count_unproven, whose)[0][0]
    made = ConsentAttestation.objects.create(
        workspace_id=workspace_id,
        id=new_id(),
        reason=reason,
        by_user_id=by_user_id,
        list_id=list_id,
        import_id=import_id,
        addresses=number,
        at=now,
    )
    _defer(ATTEST, made)
    return made


@transaction.atomic
def attest_some(workspace_id: UUID, attestation_id: UUID, now: datetime) -> int:
    """The next of those without proof; how many. 0: none is left, or it was taken back."""
    row = _locked(workspace_id, attestation_id)
    if row.undone_at is not None:
        return 0
    by_import, whose = _whose(workspace_id, row.list_id, row.import_id, now)
    rows = run(sql.unproven_of_import if by_import else sql.unproven, {**whose, "most": AT_ONCE})
    given = [Given(bytes(found[0]), now, origin=_origin(row), note=row.reason) for found in rows]
    return grant(workspace_id, given, Permission(Kind.ATTESTED, Source.PERSON, "marketing"), now=now, by_user_id=row.by_user_id)


@transaction.atomic
def retract_later(workspace_id: UUID, attestation_id: UUID, *, by_user_id: UUID | None, now: datetime) -> None:
    """They no longer answer for it. From now on nobody is added, and a job takes it back of who was. Raises NotFound; Conflict when it was done before."""
    row = _locked(workspace_id, attestation_id)
    if row.undone_at is not None:
        raise Conflict("This was taken back already.", code="undone")
    row.undone_at, row.undone_by_id = now, by_user_id
    row.save(update_fields=["undone_at", "undone_by_id"])
    _defer(RETRACT, row)


@transaction.atomic
def retract_some(workspace_id: UUID, attestation_id: UUID, after: UUID | None, now: datetime) -> UUID | None:
    """The next of those it was about, after an entry (None: from the beginning); the last one's entry, None when none is left."""
    row = _locked(workspace_id, attestation_id)
    place = after or earliest_id(row.at - _CLOCKS_DIFFER)
    rows = run(sql.attested, {"workspace_id": workspace_id, "origin": _origin(row), "after": place, "most": AT_ONCE})
    if not rows:
        return None
    hashes = list({bytes(found[1]) for found in rows})
    change(
        workspace_id,
        hashes,
        Deed.RETRACTION,
        scope="marketing",
        source=Source.PERSON,
        origin=_origin(row),
        now=now,
        by_user_id=row.undone_by_id,
    )
    run(sql.best_left, {"workspace_id": workspace_id, "address_hashes": hashes, "now": now, "ranks": [kind.word for kind in Kind]})
    last: UUID = rows[-1][0]
    return last


def _whose(workspace_id: UUID, list_id: UUID | None, import_id: UUID | None, now: datetime) -> tuple[bool, dict[str, Any]]:
    """Whether it is about an import, and the parameters that say who is meant."""
    if import_id is None:
        return False, {"workspace_id": workspace_id, "list_id": list_id}
    found = find_import(workspace_id, import_id)
    ended = found.finished_at or now
    bounds = {"first": earliest_id(found.created_at - _CLOCKS_DIFFER), "last": earliest_id(ended + _CLOCKS_DIFFER)}
    said_when = CONSENT_AT in found.mapping.values() or Claim.of(found.consent).at is not None
    return True, {"workspace_id": workspace_id, "file_name": found.file_name, "at": None if said_when else found.created_at, **bounds}


def _origin(row: ConsentAttestation) -> str:
    """As the evidence of each entry names the act."""
    return f"attestation {row.id}"


def _defer(job: str, row: ConsentAttestation) -> None:
    jobs.configure_task(job, allow_unknown=True).defer(workspace_id=str(row.workspace_id), attestation_id=str(row.id))


def _locked(workspace_id: UUID, attestation_id: UUID) -> ConsentAttestation:
    """Whoever adds to it and whoever takes it back take turns."""
    row = ConsentAttestation.objects.of(workspace_id).select_for_update().filter(id=attestation_id).first()
    if row is None:
        raise NotFound("There is no such answer in this workspace.")
    return row
