"""A person of the team says what a doubtful message meant: a wish to leave, or not."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from textfirst.consent.actions.holds import hold, release
from textfirst.consent.actions.stops import start, stop
from textfirst.consent.models import ConsentEntry, ConsentStanding
from textfirst.consent.types import Answer, Deed, Source, Word
from textfirst.contacts.models import ContactIdentity
from textfirst.core.errors import Conflict, NotFound
from textfirst.events.actions import record_one


@transaction.atomic
def settle_suspect(*, workspace_id: UUID, entry_id: UUID, answer: Answer, by_user_id: UUID | None, now: datetime) -> None:
    """Let marketing go on, or stop everything. Raises NotFound; Conflict when it was settled before."""
    entry = _suspect(workspace_id, entry_id)
    identity = _identity(entry)
    if not _is_held(entry):
        raise Conflict("Somebody has decided this already.", code="decided")
    word = [Word(identity.id, entry.message_id)]
    if answer is Answer.STOP:
        stop(workspace_id, word, source=Source.PERSON, by_user_id=by_user_id, now=now)
    release(workspace_id, word, by_user_id=by_user_id, now=now)
    record_one(workspace_id, "contact.updated", identity.contact_id)


@transaction.atomic
def undo_suspect(*, workspace_id: UUID, entry_id: UUID, by_user_id: UUID | None, now: datetime) -> None:
    """As before the answer: marketing is held, and the question is open. What the person has said themselves since then is never undone.

    Raises NotFound; Conflict when there is nothing to undo, or when they have stopped themselves.
    """
    entry = _suspect(workspace_id, entry_id)
    identity = _identity(entry)
    since = _entries(entry).filter(kind=Deed.HOLD).latest("id").id  # it may have been answered and undone before
    later = list(_entries(entry).filter(id__gt=since).order_by("id"))
    if _is_held(entry) or not any(one.kind == Deed.RELEASE for one in later):
        raise Conflict("There is nothing to undo: nobody has decided this yet.", code="not_decided")
    ours = [one for one in later if one.kind == Deed.STOP and one.source == Source.PERSON and one.message_id == entry.message_id]
    if any(one.kind == Deed.STOP and one not in ours for one in later):
        raise Conflict("They have stopped themselves since then; that stays.", code="stopped")
    if ours:
        start(workspace_id, [Word(identity.id)], source=Source.PERSON, now=now)
    again = Word(identity.id, entry.message_id, keyword=entry.keyword)
    hold(workspace_id, [again], source=Source.PERSON, by_user_id=by_user_id, now=now)
    record_one(workspace_id, "contact.updated", identity.contact_id)


def _suspect(workspace_id: UUID, entry_id: UUID) -> ConsentEntry:
    entry = ConsentEntry.objects.of(workspace_id).filter(id=entry_id, kind=Deed.HOLD).first()
    if entry is None:
        raise NotFound("There is no such suspected opt-out in this workspace.")
    return entry


def _identity(entry: ConsentEntry) -> ContactIdentity:
    found = ContactIdentity.objects.of(entry.workspace_id).select_for_update(no_key=True).filter(address_hash=entry.address_hash).first()
    if found is None:
        raise NotFound("The contact was deleted; nobody is texted there.")
    return found


def _is_held(entry: ConsentEntry) -> bool:
    return ConsentStanding.objects.of(entry.workspace_id).filter(address_hash=entry.address_hash, held=True).exists()


def _entries(entry: ConsentEntry) -> QuerySet[ConsentEntry]:
    return ConsentEntry.objects.of(entry.workspace_id).filter(address_hash=entry.address_hash)
