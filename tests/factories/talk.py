"""A workspace to talk in: its channel and inbox, contacts with numbers. Made through the tables, so that a test may start anywhere."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from textfirst.accounts.models import Membership, User, Workspace
from textfirst.channels.models import Channel
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.conversations.models import Inbox, InboxChannel
from textfirst.database.scope import as_owner, enter_workspace

_numbers = itertools.count(2100000001)


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace with one channel in one inbox."""

    workspace: Workspace
    channel: Channel
    inbox: Inbox

    @property
    def id(self) -> UUID:
        return self.workspace.id


@dataclass(frozen=True, slots=True)
class Person:
    contact: Contact
    identity: ContactIdentity

    @property
    def id(self) -> UUID:
        return self.contact.id


def make_place(name: str = "Blue Door Bakery", **channel: Any) -> Place:
    """A workspace, entered: the connection is bound to it."""
    with as_owner():
        workspace = Workspace.objects.create(name=name, country="GR", time_zone="Europe/Athens")
    enter_workspace(workspace.id)
    facts = {"name": "Simulator", "kind": "simulator", "address": "+302100000000"} | channel
    made = Channel.objects.create(workspace_id=workspace.id, **facts)
    inbox = Inbox.objects.create(workspace_id=workspace.id, name="Main")
    InboxChannel.objects.create(workspace_id=workspace.id, inbox=inbox, channel=made)
    return Place(workspace, made, inbox)


def make_person(place: Place, first_name: str = "", *, phone: str | None = None, **facts: Any) -> Person:
    """A contact with one number."""
    number = phone or f"+30{next(_numbers)}"
    search = f"{first_name} {facts.get('last_name', '')} {number}".lower()
    contact = Contact.objects.create(workspace_id=place.id, first_name=first_name, search_text=search, **facts)
    identity = ContactIdentity.objects.create(workspace_id=place.id, contact=contact, address=number, address_hash=address_hash(number))
    return Person(contact, identity)


def address_hash(address: str) -> bytes:
    """Stands in for the HMAC of an address, which only has to agree with itself here."""
    return hashlib.sha256(address.encode()).digest()


def make_user(place: Place, name: str = "Eleni", role: str = "owner") -> User:
    """A member of the workspace."""
    user = User.objects.create(email=f"{name.lower()}-{next(_numbers)}@example.com", name=name, created_at=timezone.now())
    Membership.objects.create(workspace_id=place.id, user=user, role=role)
    return user
