"""Making, changing and deleting contacts, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from textfirst.contacts.actions.groups import check_labels, check_lists, set_labels, set_lists
from textfirst.contacts.actions.identities import bump, find_or_make, hash_of
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.contacts.rules.merging import DECIDING, FIELDS
from textfirst.contacts.rules.names import LONGEST_NAME, LONGEST_VALUE, MOST_ATTRIBUTES, clean, clean_name, is_attribute_key, search_text
from textfirst.contacts.rules.places import read_country, read_region
from textfirst.contacts.rules.rows import MOST_A_WEEK, SENTENCES, read_language, time_zones
from textfirst.contacts.types import ContactFields
from textfirst.core.addresses import TEL, Address
from textfirst.core.errors import Conflict, InvalidInput, NotFound
from textfirst.core.words import say
from textfirst.events.actions import record_one

MOST_ADDRESSES = 20  # of one contact


@transaction.atomic
def create_contact(
    workspace_id: UUID,
    addresses: Sequence[Address],
    fields: ContactFields,
    *,
    labels: Sequence[UUID] = (),
    lists: Sequence[UUID] = (),
) -> UUID:
    """A new contact. Raises Conflict `contact_exists`, with its `contact_id`, when somebody has one of the addresses already."""
    _check_addresses(addresses)
    values = _values(fields)
    check_labels(workspace_id, labels)
    check_lists(workspace_id, lists)
    contact = _make(workspace_id, addresses)
    _write(contact, values)
    set_labels(workspace_id, contact.id, labels)
    set_lists(workspace_id, contact.id, lists)
    record_one(workspace_id, "contact.updated", contact.id)
    return contact.id


@transaction.atomic
def update_contact(
    workspace_id: UUID,
    contact_id: UUID,
    fields: ContactFields,
    *,
    addresses: Sequence[Address] | None = None,
    phone: Address | None = None,
    labels: Sequence[UUID] | None = None,
    lists: Sequence[UUID] | None = None,
) -> None:
    """Change what is given; None leaves as it is. `addresses` are all there are to be; `phone` changes the number that is texted.

    Raises NotFound, and Conflict `contact_exists` when an address is somebody else's.
    """
    values = _values(fields)
    contact = _locked(workspace_id, contact_id)
    before = _deciding(contact)
    if addresses is not None:
        _check_addresses(addresses)
        _set_addresses(contact, addresses)
    if phone is not None:
        _set_phone(contact, phone)
    _write(contact, values)
    if labels is not None:
        set_labels(workspace_id, contact_id, labels)
    if lists is not None:
        set_lists(workspace_id, contact_id, lists)
    if before != _deciding(contact):
        bump(workspace_id, [contact_id])
    record_one(workspace_id, "contact.updated", contact_id)


@transaction.atomic
def delete_contact(workspace_id: UUID, contact_id: UUID) -> None:
    """Contact, addresses and conversations go; a suppression is keyed by the address's hash and stays. Raises NotFound."""
    contact = _locked(workspace_id, contact_id)
    Contact.objects.of(workspace_id).filter(id=contact.id)._raw_delete(using="default")  # noqa: SLF001 - the database cascades, by its composite keys
    record_one(workspace_id, "contact.updated", contact_id, deleted=True)


def _deciding(contact: Contact) -> list[Any]:
    """What decides whether, when and by what they are reached."""
    return [contact.blocked, *(getattr(contact, name) for name in sorted(DECIDING))]


def _locked(workspace_id: UUID, contact_id: UUID) -> Contact:
    contact = Contact.objects.of(workspace_id).select_for_update().filter(id=contact_id).first()
    if contact is None:
        raise NotFound("There is no such contact.", code="contact_not_found")
    return contact


def _make(workspace_id: UUID, addresses: Sequence[Address]) -> Contact:
    """Through the same statement as everybody, so that a text arriving at this moment finds this contact or we find its."""
    facts = find_or_make(workspace_id, addresses[:1])
    first = next(iter(facts.values()), None)
    if first is None:
        return Contact.objects.create(workspace_id=workspace_id)
    if not first.created:
        raise _taken(first.contact_id, first.address)
    contact = _locked(workspace_id, first.contact_id)
    for address in addresses[1:]:
        _add(contact, address)
    return contact


def _set_addresses(contact: Contact, addresses: Sequence[Address]) -> None:
    has = {Address(i.scheme, i.address): i for i in _identities(contact)}
    for address in addresses:
        if address not in has:
            _add(contact, address)
    gone = [identity.id for address, identity in has.items() if address not in addresses]
    ContactIdentity.objects.of(contact.workspace_id).filter(id__in=gone)._raw_delete(using="default")  # noqa: SLF001 - as in delete_contact


def _set_phone(contact: Contact, phone: Address) -> None:
    """The number that is texted becomes `phone`. What was sent to the old one stays where it is; a stop belongs to the old number."""
    identities = [identity for identity in _identities(contact) if identity.scheme == TEL]
    if any(identity.address == phone.address for identity in identities):
        return
    if not identities:
        _add(contact, phone)
        return
    _refuse_taken(contact, phone)
    first = identities[0]
    ContactIdentity.objects.of(contact.workspace_id).filter(id=first.id).update(
        address=phone.address, address_hash=hash_of(contact.workspace_id, phone), version=first.version + 1, last_inbound_at=None
    )


def _add(contact: Contact, address: Address) -> None:
    _refuse_taken(contact, address)
    ContactIdentity.objects.create(
        workspace_id=contact.workspace_id, contact=contact, scheme=address.scheme, address=address.address,
        address_hash=hash_of(contact.workspace_id, address),
    )  # fmt: skip


def _refuse_taken(contact: Contact, address: Address) -> None:
    """The unique key is the judge; this look before it makes the sentence. Whoever is faster by a hair gets the address (`database_conflict`)."""
    owner = (
        ContactIdentity.objects.of(contact.workspace_id)
        .filter(scheme=address.scheme, address=address.address)
        .values_list("contact_id", flat=True)
        .first()
    )
    if owner is not None and owner != contact.id:
        raise _taken(owner, address)


def _taken(owner: UUID, address: Address) -> Conflict:
    sentence = say("There is a contact with {address} already.", address=address.address)
    return Conflict(sentence, code="contact_exists", fields={"contact_id": str(owner), "phone": sentence})


def _identities(contact: Contact) -> list[ContactIdentity]:
    """The one that is texted first, as everywhere."""
    order = (F("last_inbound_at").desc(nulls_last=True), "created_at", "id")
    return list(ContactIdentity.objects.of(contact.workspace_id).filter(contact=contact).order_by(*order))


def _write(contact: Contact, values: dict[str, Any]) -> None:
    attributes = values.pop("attributes", None)
    if attributes is not None:
        contact.attributes = _merged(contact.attributes, attributes)
    for name, value in values.items():
        setattr(contact, name, value)
    addresses = ContactIdentity.objects.of(contact.workspace_id).filter(contact=contact).values_list("address", flat=True)
    contact.search_text = search_text(contact.first_name, contact.last_name, addresses)
    contact.updated_at = Now()
    contact.save(update_fields=[*FIELDS, "blocked", "attributes", "search_text", "updated_at"])


def _merged(before: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
    after = {key: value for key, value in {**before, **changes}.items() if value}
    if len(after) > MOST_ATTRIBUTES:
        raise _wrong("attributes", say("A contact can have at most {most} attributes.", most=MOST_ATTRIBUTES))
    return after


def _check_addresses(addresses: Sequence[Address]) -> None:
    if len(addresses) > MOST_ADDRESSES:
        raise _wrong("identities", say("A contact can have at most {most} addresses.", most=MOST_ADDRESSES))


def _values(fields: ContactFields) -> dict[str, Any]:
    """What is given, cleaned. Raises InvalidInput naming the field."""
    values: dict[str, Any] = {}
    for name in ("first_name", "last_name"):
        given = getattr(fields, name)
        if given is not None:
            values[name] = _short(clean_name(given), name)
    if fields.language is not None:
        values["language"] = _language(fields.language)
    if fields.time_zone is not None:
        values["time_zone"] = _time_zone(fields.time_zone)
    if fields.birthday is not None or fields.clear_birthday:
        values["birthday"] = fields.birthday
    values |= _reached(fields)
    if fields.blocked is not None:
        values["blocked"] = fields.blocked
    if fields.attributes is not None:
        values["attributes"] = {key: _attribute(key, value) for key, value in fields.attributes.items()}
    return values


def _reached(fields: ContactFields) -> dict[str, Any]:
    """What decides how they are reached."""
    values: dict[str, Any] = {}
    if fields.country is not None:
        values["country"] = _code("country", fields.country, read_country)
    if fields.region is not None:
        values["region"] = _code("region", fields.region, read_region)
    if fields.prefers is not None:
        values["prefers"] = int(fields.prefers)
    if fields.own_cap is not None or fields.clear_own_cap:
        values["own_cap"] = _own_cap(fields.own_cap)
    return values


def _code(field: str, given: str, read: Callable[[str], str]) -> str:
    code = read(given) if given else ""
    if given and not code:
        raise _wrong(field, say(SENTENCES[f"{field}_unknown"], value=given[:60]))
    return code


def _own_cap(given: int | None) -> int | None:
    if given is not None and not 0 <= given <= MOST_A_WEEK:
        raise _wrong("own_cap", say(SENTENCES["own_cap_unreadable"], value=given, most=MOST_A_WEEK))
    return given


def _short(text: str, name: str) -> str:
    if len(text) > LONGEST_NAME:
        raise _wrong(name, say("The value is longer than {most} characters.", most=LONGEST_NAME))
    return text


def _language(given: str) -> str:
    code = read_language(given) if given else ""
    if given and not code:
        raise _wrong("language", say("“{value}” is not a language we know. Write its code, such as en or ar.", value=given[:60]))
    return code


def _time_zone(given: str) -> str:
    if given and given not in time_zones():
        raise _wrong("time_zone", say("“{value}” is not a time zone. Write it as Europe/Athens.", value=given[:60]))
    return given


def _attribute(key: str, value: str | None) -> str:
    text = clean(value or "")
    if not is_attribute_key(key):
        raise _wrong(
            "attributes", say("“{key}” cannot name an attribute: use letters, digits and _, and begin with a letter.", key=key[:60])
        )
    if len(text) > LONGEST_VALUE:
        raise _wrong("attributes", say("The value is longer than {most} characters.", most=LONGEST_VALUE))
    return text


def _wrong(field: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={field: sentence})
