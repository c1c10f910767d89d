"""The evidence pack of a contact, above any one feature: every consent entry with its proof, every message, and the check made before each.

Whoever has the JSON needs nothing of us to verify it: docs/reference/verify_evidence.py recomputes digests, paths and seals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from textfirst.accounts.models import User, Workspace
from textfirst.consent.models import ConsentEntry, ConsentSeal
from textfirst.consent.queries import Sides, entries_about, hashes_of, leaves_under, sides_of, standings_of
from textfirst.consent.rules import chain
from textfirst.consent.rules.scopes import stopped_words
from textfirst.consent.types import Deed, Kind
from textfirst.contacts.models import Contact, ContactIdentity
from textfirst.core.errors import NotFound
from textfirst.core.ids import id_time
from textfirst.core.purposes import Purpose
from textfirst.core.words import in_language
from textfirst.decisions.models import DecisionRecord, MessageDecision
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.record import FIELDS, decode
from textfirst.decisions.types import Decision, code_word
from textfirst.decisions.why import PERMISSIONS, explain
from textfirst.messages.models import Message
from textfirst.messages.types import Direction, Status

FORMAT = "textfirst-evidence-1"
KINDS = {
    **{kind.word: PERMISSIONS[kind] for kind in Kind},
    Deed.STOP: "they told us to stop",
    Deed.START: "they want our texts again",
    Deed.WITHDRAWAL: "they took their consent back",
    Deed.EXPIRY: "their consent ran out",
    Deed.HOLD: "they may have asked us to stop; advertising waits for a person",
    Deed.RELEASE: "somebody read it: it was no wish to leave, or was answered",
    Deed.ERASURE: "what is personal was erased",
    Deed.RETRACTION: "an admin no longer answers for their consent",
}  # what an entry says, in words
MOST_SEALS = 5000  # of the chain that are written out; beyond, those that the entries are under and the last one


def evidence(workspace_id: UUID, contact_id: UUID, now: datetime, language: str) -> dict[str, Any]:
    """All that is known of a contact's consent and what followed from it; decisions as codes, and beside them in the reader's words. Raises NotFound."""
    contact = Contact.objects.of(workspace_id).filter(id=contact_id).first()
    if contact is None:
        raise NotFound("There is no such contact in this workspace.")
    hashes = hashes_of(workspace_id, contact_id)
    entries = list(entries_about(workspace_id, hashes).order_by("id"))
    sides = sides_of(workspace_id, entries)
    return {
        "format": FORMAT,
        "made_at": _said(now),
        "language": language,
        "workspace": {"id": str(workspace_id), "name": Workspace.objects.get(id=workspace_id).name},
        "contact": {"id": str(contact.id), "name": f"{contact.first_name} {contact.last_name}".strip()},
        "addresses": _addresses(workspace_id, contact_id),
        "entries": _entries(workspace_id, entries, sides, language),
        "seals": _seals(workspace_id, {place.number for place in sides.sealed.values()}),
        "messages": _messages(workspace_id, contact_id, language),
    }


def _addresses(workspace_id: UUID, contact_id: UUID) -> list[dict[str, Any]]:
    identities = list(ContactIdentity.objects.of(workspace_id).filter(contact_id=contact_id).order_by("id"))
    standings = standings_of(workspace_id, [bytes(identity.address_hash) for identity in identities])
    return [
        {
            "address": f"{identity.scheme}:{identity.address}", "address_hash": bytes(identity.address_hash).hex(),
            "stopped": stopped_words(row.stopped) if (row := standings.get(bytes(identity.address_hash))) else [],
            "held": bool(row and row.held),
        }
        for identity in identities
    ]  # fmt: skip


def _entries(workspace_id: UUID, entries: Sequence[ConsentEntry], sides: Sides, language: str) -> list[dict[str, Any]]:
    batches = {number: leaves_under(workspace_id, number) for number in {place.number for place in sides.sealed.values()}}
    names = dict(User.objects.filter(id__in={entry.by_user_id for entry in entries if entry.by_user_id}).values_list("id", "name"))
    made = []
    for entry in entries:
        place, person = sides.sealed.get(entry.id), sides.people.get(entry.id)
        made.append({
            "fields": dict(zip(chain.FIELDS, _fields(entry), strict=True)),
            "personal": {"salt": bytes(person.salt).hex(), **{name: getattr(person, name) for name in chain.PERSONAL}} if person else None,
            "shown": sides.texts.get(bytes(entry.text_hash)) if entry.text_hash is not None else None,
            "words": in_language(told, language) if (told := KINDS.get(entry.kind)) else None,
            "by": names.get(entry.by_user_id) if entry.by_user_id else None,
            "proof": _proof(batches[place.number], place.number, place.place) if place else None,
        })  # fmt: skip
    return made


def _fields(entry: ConsentEntry) -> list[str | None]:
    """As `consent/sql/leaves.sql` writes them."""

    def plain(value: Any) -> str | None:
        if isinstance(value, bytes | memoryview):
            return bytes(value).hex()
        return str(chain.microseconds(value)) if isinstance(value, datetime) else None if value is None else str(value)

    return [plain(getattr(entry, name)) for name in chain.FIELDS]


def _proof(rows: Sequence[Sequence[str | None]], number: int, place: int) -> dict[str, Any]:
    steps = chain.path([chain.leaf(row) for row in rows], place)
    return {"seal": number, "place": place, "path": [{"side": side, "hash": beside.hex()} for side, beside in steps]}


def _seals(workspace_id: UUID, numbers: set[int]) -> list[dict[str, Any]]:
    """From the first that matters to the end of the chain, so that one can see that they hold on to each other."""
    if not numbers:
        return []
    rows = ConsentSeal.objects.of(workspace_id).filter(number__gte=min(numbers)).order_by("number")
    last = rows.last()
    if last is not None and last.number - min(numbers) >= MOST_SEALS:
        rows = rows.filter(number__in={*numbers, last.number})
    return [
        {
            "number": row.number, "entries": row.entries, "root": bytes(row.root).hex(), "previous": bytes(row.previous).hex(),
            "sealed_at": str(chain.microseconds(row.sealed_at)), "seal": bytes(row.seal).hex(),
        }
        for row in rows
    ]  # fmt: skip


def _messages(workspace_id: UUID, contact_id: UUID, language: str) -> list[dict[str, Any]]:
    rows = list(Message.objects.of(workspace_id).filter(contact_id=contact_id).order_by("id"))
    later: dict[UUID, list[MessageDecision]] = {}
    for one in MessageDecision.objects.of(workspace_id).filter(message_id__in=[row.id for row in rows]).order_by("id"):
        later.setdefault(one.message_id, []).append(one)
    wanted = {row.decision_id for row in rows if row.decision_id} | {one.decision_id for some in later.values() for one in some}
    kept = {id_: decode(body) for id_, body in DecisionRecord.objects.of(workspace_id).filter(id__in=wanted).values_list("id", "body")}
    return [_message(row, later.get(row.id, []), kept, language) for row in rows]


def _message(row: Message, later: Sequence[MessageDecision], kept: Mapping[UUID, Decision], language: str) -> dict[str, Any]:
    first = [(id_time(row.id), row.decision_id, row.consent_entry_id)] if row.decision_id else []
    decided = [*first, *((id_time(one.id), one.decision_id, one.consent_entry_id) for one in later)]
    return {
        "id": str(row.id), "at": _said(id_time(row.id)), "direction": Direction(row.direction).name.lower(), "purpose": Purpose(row.purpose).word,
        "address": row.address, "text": row.body, "status": Status(row.status).name.lower(), "reason": row.reason,
        "decisions": [_decision(at, decision_id, entry_id, kept.get(decision_id), language) for at, decision_id, entry_id in decided],
    }  # fmt: skip


def _decision(at: datetime, decision_id: UUID, entry_id: UUID | None, decision: Decision | None, language: str) -> dict[str, Any]:
    named = {"at": _said(at), "id": str(decision_id), "consent_entry": str(entry_id) if entry_id else None}
    if decision is None:  # its month was deleted
        return {**named, "verdict": None, "words": None, "reasons": []}
    told = explain(decision, at, shelf(), language)
    said: dict[str, list[str]] = {}
    for one in [*told["reasons"], *told["channel"]["reasons"]]:
        said.setdefault(one["code"], []).append(one["message"])
    reasons = [
        {
            "code": (code := code_word(because.code)),
            "facts": _facts(because.code, because.facts),
            "words": said[code].pop(0) if said.get(code) else None,
        }
        for because in decision.reasons
    ]
    return {**named, "verdict": told["verdict"], "words": told["headline"]["message"], "reasons": reasons}


def _facts(code: Any, values: Sequence[Any]) -> dict[str, Any]:
    names = FIELDS.get(code, ())
    return {names[at] if at < len(names) else f"fact_{at + 1}": value for at, value in enumerate(values)}


def _said(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
