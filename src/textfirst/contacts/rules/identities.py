"""Between addresses and the rows of `sql/find_or_make.sql`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from textfirst.contacts.types import IdentityFact
from textfirst.core.addresses import TEL, Address, address_hash
from textfirst.core.ids import new_ids


def find_or_make_params(workspace_id: UUID, addresses: Iterable[Address], key: bytes) -> dict[str, Any]:
    """Parameters for `addresses`, with fresh ids for those that are new; `key` is `derived_key(keys_file, "address")`."""
    listed = list(dict.fromkeys(addresses))
    return {
        "workspace_id": workspace_id,
        "schemes": [address.scheme for address in listed],
        "addresses": [address.address for address in listed],
        "hashes": [address_hash(key, workspace_id, address) for address in listed],
        "contact_ids": new_ids(len(listed)),
        "identity_ids": new_ids(len(listed)),
    }


def make_params(workspace_id: UUID, addresses: Iterable[Address], key: bytes) -> dict[str, Any]:
    """Parameters of `sql/make.sql` for telephone numbers that nobody has; the ids in it are whose they will be."""
    params = find_or_make_params(workspace_id, sorted(set(addresses)), key)
    return {name: column for name, column in params.items() if name != "schemes"} | {"scheme": TEL}


def identity_of(row: Sequence[Any]) -> IdentityFact:
    """A row of `sql/find_or_make.sql` as a fact."""
    scheme, address, contact_id, identity_id, version, created = row
    return IdentityFact(Address(scheme, address), contact_id, identity_id, version, created)
