"""What the ledger says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, Sum

from textfirst.consent.models import (
    ConsentCheck,
    ConsentEntry,
    ConsentPerson,
    ConsentSeal,
    ConsentSealed,
    ConsentStanding,
    ConsentText,
    ConsentUnsealed,
)  # fmt: skip
from textfirst.consent.types import Suspect
from textfirst.contacts.models import ContactIdentity
from textfirst.contacts.queries.contacts import run_many
from textfirst.database.fields import WorkspaceQuerySet
from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner, workspace_scope

sql = load("textfirst.consent")


@dataclass(frozen=True, slots=True)
class Sides:
    """What is kept beside entries: the personal rows that are left, the words shown by their hash, the places in the chain."""

    people: Mapping[UUID, ConsentPerson]
    texts: Mapping[bytes, str]
    sealed: Mapping[UUID, ConsentSealed]


@dataclass(frozen=True, slots=True)
class ChainState:
    sealed: int  # entries
    waiting: int
    head: ConsentSeal | None
    check: ConsentCheck | None


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


def suspects(workspace_id: UUID, *, limit: int, after: UUID | None = None) -> list[Suspect]:
    """Suspected opt-outs nobody has answered, oldest first, from the one after `after`."""
    return [Suspect(*row) for row in run(sql.suspects, {"workspace_id": workspace_id, "limit": limit, "after": after})]


def workspaces() -> list[UUID]:
    """Every workspace, for jobs that go through all of them."""
    with as_owner():
        return [row[0] for row in run("select id from workspace order by id", {})]


def standings_of(workspace_id: UUID, hashes: Collection[bytes]) -> dict[bytes, ConsentStanding]:
    """What stands for each address; one of which nothing is known is not in it."""
    found = ConsentStanding.objects.of(workspace_id).filter(address_hash__in=list(hashes))
    return {bytes(row.address_hash): row for row in found}


def entries_about(workspace_id: UUID, hashes: Collection[bytes]) -> WorkspaceQuerySet[ConsentEntry]:
    """The ledger's entries about these addresses."""
    return ConsentEntry.objects.of(workspace_id).filter(address_hash__in=list(hashes))


def sides_of(workspace_id: UUID, entries: Collection[ConsentEntry]) -> Sides:
    """What belongs to some entries and is kept beside them."""
    ids = [entry.id for entry in entries]
    texts = {bytes(entry.text_hash) for entry in entries if entry.text_hash is not None}
    return Sides(
        people={row.id: row for row in ConsentPerson.objects.of(workspace_id).filter(id__in=ids)},
        texts={bytes(row.text_hash): row.words for row in ConsentText.objects.of(workspace_id).filter(text_hash__in=texts)},
        sealed={row.id: row for row in ConsentSealed.objects.of(workspace_id).filter(id__in=ids)},
    )


def leaves_under(workspace_id: UUID, number: int) -> list[tuple[str | None, ...]]:
    """The entries of one seal, in order, as their leaves are made of them."""
    return [tuple(row[2:]) for row in run(sql.leaves, {"workspace_id": workspace_id, "first": number, "last": number})]


def chain_state(workspace_id: UUID) -> ChainState:
    """How far the chain reaches, and when somebody last looked through it."""
    seals = ConsentSeal.objects.of(workspace_id)
    return ChainState(
        sealed=seals.aggregate(total=Sum("entries"))["total"] or 0,
        waiting=ConsentUnsealed.objects.of(workspace_id).count(),
        head=seals.order_by("-number").first(),
        check=ConsentCheck.objects.of(workspace_id).order_by("-at").first(),
    )


def primary_hash(workspace_id: UUID, contact_id: UUID) -> bytes | None:
    """The address a contact is texted at, as `conversations/sql/whom.sql` chooses it; None for who has no number."""
    order = (F("last_inbound_at").desc(nulls_last=True), "created_at", "id")
    rows = ContactIdentity.objects.of(workspace_id).filter(contact_id=contact_id, scheme="tel").order_by(*order)
    first = rows.values_list("address_hash", flat=True).first()
    return bytes(first) if first is not None else None


def head_of(workspace_id: UUID) -> str:
    """The last seal of the chain, in hexadecimal; empty when there is none."""
    with workspace_scope(workspace_id):
        last = run(sql.last_seal, {"workspace_id": workspace_id})
    return bytes(last[0][1]).hex() if last else ""
