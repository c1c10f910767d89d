from __future__ import annotations

import itertools
from hashlib import sha256

from textfirst.accounts.models import Workspace
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.database.scope import workspace_scope

_numbers = itertools.count(1)


def make_contact(workspace: Workspace, address: str | None = "", **fields) -> Contact:
    """A contact with one phone number; `address=None` for one without. The address's hash is a stand-in, not the installation's HMAC."""
    number = next(_numbers)
    phone = address or f"+30698{number:07d}"  # tests that name numbers begin otherwise
    facts = {"first_name": f"Anna{number}", "search_text": f"anna{number} {phone}", **fields}
    with workspace_scope(workspace.id):
        contact = Contact.objects.create(workspace_id=workspace.id, **facts)
        if address is not None:
            ContactIdentity.objects.create(
                workspace_id=workspace.id, contact=contact, address=phone, address_hash=sha256(phone.encode()).digest()
            )
    return contact
