"""Two contacts become one, and two again. What hangs on them elsewhere follows in the same transaction: `api/joining.py` knows who does.

Stops need no care: they are keyed by the address, and addresses move as they are. Waiting messages are decided again, for the block of
either counts from now on.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models.functions import Now

from textfirst.contacts.actions.contacts import MOST_ADDRESSES
from textfirst.contacts.actions.groups import add_labels, add_to_lists
from textfirst.contacts.actions.identities import bump
from textfirst.contacts.models import Contact, ContactIdentity, ContactJoining, ContactLabel, ContactListMember
from textfirst.contacts.rules.joining import FIELDS, given_back, joined
from textfirst.contacts.rules.names import MOST_ATTRIBUTES, search_text
from textfirst.core.errors import Conflict, InvalidInput, NotFound
from textfirst.core.words import say
from textfirst.events.actions import record_one

GONE = "This can no longer be undone: one of the contacts was deleted or joined again."


def take_over(workspace_id: UUID, kept_id: UUID, gone_id: UUID) -> dict[str, Any]:
    """Fields, addresses, labels and lists of `gone` come to `kept`; says what an undo needs. Raises NotFound, and InvalidInput when it is too much."""
    if kept_id == gone_id:
        raise _wrong("Choose another contact: this is the same one.")
    kept, gone = _both(workspace_id, kept_id, gone_id)
    before, changes = _facts(kept), joined(_facts(kept), _facts(gone))
    labels, lists = _groups(workspace_id, gone_id), _lists(workspace_id, gone_id)
    facts = {
        "gone": _plain({**_facts(gone), "created_at": gone.created_at}), "before": _plain(before), "changes": _plain(changes),
        "identities": [str(id_) for id_ in _identity_ids(workspace_id, gone_id)],
        "labels": labels, "lists": lists,
        "new_labels": sorted(set(labels) - set(_groups(workspace_id, kept_id))), "new_lists": sorted(set(lists) - set(_lists(workspace_id, kept_id))),
    }  # fmt: skip
    ContactIdentity.objects.of(workspace_id).filter(contact_id=gone_id).update(contact_id=kept_id)
    add_labels(workspace_id, [kept_id], [UUID(id_) for id_ in labels])
    add_to_lists(workspace_id, [kept_id], [UUID(id_) for id_ in lists])
    _write(kept, changes)
    return facts


def close(workspace_id: UUID, kept_id: UUID, gone_id: UUID, facts: dict[str, Any], *, by_user_id: UUID | None, now: datetime) -> UUID:
    """When everything has moved: the other contact is gone, the joining is written down. Its id is what an undo names."""
    Contact.objects.of(workspace_id).filter(id=gone_id)._raw_delete(using="default")  # noqa: SLF001 - the database cascades, by its composite keys
    made = ContactJoining.objects.create(
        workspace_id=workspace_id, kept_id=kept_id, gone_id=gone_id, facts=facts, by_user_id=by_user_id, at=now
    )
    bump(workspace_id, [kept_id])
    record_one(workspace_id, "contact.updated", gone_id, deleted=True, joined_into=str(kept_id), by=str(by_user_id or ""))
    record_one(workspace_id, "contact.updated", kept_id, joined=str(gone_id), by=str(by_user_id or ""))
    return made.id


def part(workspace_id: UUID, joining_id: UUID, *, now: datetime) -> ContactJoining:
    """The contact that was gone is back, with its addresses, labels and lists; what was changed since stays changed. Raises NotFound, Conflict."""
    found = ContactJoining.objects.of(workspace_id).select_for_update().filter(id=joining_id, undone_at=None).first()
    if found is None:
        raise NotFound("There is no such joining of contacts, or it is undone already.")
    kept = Contact.objects.of(workspace_id).select_for_update().filter(id=found.kept_id).first()
    if kept is None:
        raise Conflict(GONE, code="cannot_undo")
    facts = found.facts
    _give_back(kept, facts)
    _bring_back(workspace_id, found)
    _write(kept, given_back(_plain(_facts(kept)), facts["before"], facts["changes"]))
    found.undone_at = now
    found.save(update_fields=["undone_at"])
    bump(workspace_id, [found.kept_id, found.gone_id])
    for contact_id in (found.kept_id, found.gone_id):
        record_one(workspace_id, "contact.updated", contact_id, parted=str(joining_id))
    return found


def _both(workspace_id: UUID, kept_id: UUID, gone_id: UUID) -> tuple[Contact, Contact]:
    """Locked in one order, so that two who join the same pair do not wait in a circle."""
    rows = {row.id: row for row in Contact.objects.of(workspace_id).select_for_update().filter(id__in=[kept_id, gone_id]).order_by("id")}
    if len(rows) < 2:
        raise NotFound("There is no such contact.", code="contact_not_found")
    if len(_identity_ids(workspace_id, kept_id)) + len(_identity_ids(workspace_id, gone_id)) > MOST_ADDRESSES:
        raise _wrong(say("A contact can have at most {most} addresses.", most=MOST_ADDRESSES))
    if len({**rows[kept_id].attributes, **rows[gone_id].attributes}) > MOST_ATTRIBUTES:
        raise _wrong(say("A contact can have at most {most} attributes.", most=MOST_ATTRIBUTES))
    return rows[kept_id], rows[gone_id]


def _give_back(kept: Contact, facts: dict[str, Any]) -> None:
    ContactLabel.objects.of(kept.workspace_id).filter(contact=kept, label_id__in=facts["new_labels"]).delete()
    ContactListMember.objects.of(kept.workspace_id).filter(contact=kept, contact_list_id__in=facts["new_lists"]).delete()


def _bring_back(workspace_id: UUID, found: ContactJoining) -> None:
    gone = found.facts["gone"]
    row = Contact(workspace_id=workspace_id, id=found.gone_id, **{**gone, "birthday": _date(gone["birthday"])})
    row.save(force_insert=True)
    moved = ContactIdentity.objects.of(workspace_id).filter(id__in=found.facts["identities"], contact_id=found.kept_id)
    moved.update(contact_id=found.gone_id)
    add_labels(workspace_id, [found.gone_id], _still(found, "labels"))
    add_to_lists(workspace_id, [found.gone_id], _still(found, "lists"))
    _write(row, {})


def _still(found: ContactJoining, what: str) -> list[UUID]:
    """Labels or lists that were not deleted meanwhile."""
    from textfirst.contacts.models import ContactList, Label

    model = Label if what == "labels" else ContactList
    return list(model.objects.of(found.workspace_id).filter(id__in=found.facts[what]).values_list("id", flat=True))


def _write(contact: Contact, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(contact, name, _date(value) if name == "birthday" else value)
    addresses = ContactIdentity.objects.of(contact.workspace_id).filter(contact=contact).values_list("address", flat=True)
    contact.search_text = search_text(contact.first_name, contact.last_name, addresses)
    contact.updated_at = Now()
    contact.save(update_fields=[*FIELDS, "attributes", "blocked", "search_text", "updated_at"])


def _facts(contact: Contact) -> dict[str, Any]:
    return {name: getattr(contact, name) for name in (*FIELDS, "attributes", "blocked")}


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """As JSON keeps it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}


def _date(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _identity_ids(workspace_id: UUID, contact_id: UUID) -> list[UUID]:
    return list(ContactIdentity.objects.of(workspace_id).filter(contact_id=contact_id).values_list("id", flat=True))


def _groups(workspace_id: UUID, contact_id: UUID) -> list[str]:
    return [str(id_) for id_ in ContactLabel.objects.of(workspace_id).filter(contact_id=contact_id).values_list("label_id", flat=True)]


def _lists(workspace_id: UUID, contact_id: UUID) -> list[str]:
    rows = ContactListMember.objects.of(workspace_id).filter(contact_id=contact_id)
    return [str(id_) for id_ in rows.values_list("contact_list_id", flat=True)]


def _wrong(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, fields={"other_id": sentence})
