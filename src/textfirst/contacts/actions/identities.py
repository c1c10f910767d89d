"""Addresses and whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction

from textfirst.contacts.queries.contacts import run, run_many, sql
from textfirst.contacts.registry import change_followers
from textfirst.contacts.rules.identities import find_or_make_params, identity_of
from textfirst.contacts.types import IdentityFact
from textfirst.core.addresses import Address, address_hash
from textfirst.database.keys import derived_key


def address_key() -> bytes:
    """The key of every `address_hash` of this installation."""
    return derived_key(settings.PROCESS.keys_file, "address")


def hash_of(workspace_id: UUID, address: Address) -> bytes:
    return address_hash(address_key(), workspace_id, address)


@transaction.atomic
def find_or_make(workspace_id: UUID, addresses: Iterable[Address]) -> dict[Address, IdentityFact]:
    """The identity of each address, made with its contact when new. Contacts found are kept from being deleted until the transaction ends."""
    params = find_or_make_params(workspace_id, addresses, address_key())
    facts = map(identity_of, run_many(sql.find_or_make, params)) if params["addresses"] else ()
    return {fact.address: fact for fact in facts}


def bump(workspace_id: UUID, contact_ids: Sequence[UUID]) -> None:
    """Something that decides about these contacts has changed, and is written: messages that wait for them are decided again, and go sooner if they may."""
    run(sql.bump, {"workspace_id": workspace_id, "contact_ids": list(contact_ids)})
    for follow in change_followers:
        follow(workspace_id, contact_ids)
