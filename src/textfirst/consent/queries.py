"""What the ledger says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from textfirst.consent.models import ConsentEntry
from textfirst.contacts.models import ContactIdentity
from textfirst.contacts.queries.contacts import run_many
from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner

sql = load("textfirst.consent")
from textfirst.consent.types import Suspect


def run(statement: str, params: dict[str, Any]) -> list[Any]:
    """One of `sql`, with arrays of thousands if need be."""
    return run_many(statement, params)


def identities_of(workspace_id: UUID, contact_id: UUID) -> list[UUID]:
    """Every address of a contact."""
    return list(ContactIdentity.objects.of(workspace_id).filter(contact_id=contact_id).order_by("id").values_list("id", flat=True))


def hashes_of(workspace_id: UUID, contact_id: UUID) -> set[bytes]:
    """What a contact's addresses are known by in the ledger: those it has, and those it had when an entry was made."""
    has = ContactIdentity.objects.of(workspace_id).filter(contact_id=contact_id).values_list("address_hash", flat=True)
    had = ConsentEntry.objects.of(workspace_id).filter(contact_id=contact_id).values_list("address_hash", flat=True)
    others = ContactIdentity.objects.of(workspace_id).exclude(contact_id=contact_id).filter(address_hash__in=list(had))
    return {bytes(each) for each in (*has, *had)} - {bytes(each) for each in others.values_list("address_hash", flat=True)}


def entries_of(workspace_id: UUID, contact_id: UUID) -> list[ConsentEntry]:
    """What happened to a contact's consent, oldest first."""
    return list(ConsentEntry.objects.of(workspace_id).filter(contact_id=contact_id).order_by("id"))


def suspects(workspace_id: UUID, *, limit: int, after: UUID | None = None) -> list[Suspect]:
    """Suspected opt-outs nobody has answered, oldest first, from the one after `after`."""
    return [Suspect(*row) for row in run(sql.suspects, {"workspace_id": workspace_id, "limit": limit, "after": after})]


def workspaces() -> list[UUID]:
    """Every workspace, for jobs that go through all of them."""
    with as_owner():
        return [row[0] for row in run("select id from workspace order by id", {})]
