"""Talking: one text to one person, a reply, and the state of a conversation. What the front does in batches, over the same SQL and rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Case, F, SmallIntegerField, Value, When
from django.db.models.functions import Greatest

from textfirst.accounts.models import User, Workspace
from textfirst.accounts.types import Caller
from textfirst.channels.models import Channel
from textfirst.channels.queries import SIMULATOR_KIND
from textfirst.channels.queries import channel as find_channel
from textfirst.contacts.rules.identities import find_or_make_params, identity_of
from textfirst.conversations.models import Conversation, Inbox
from textfirst.conversations.queries import channel_for, composer, conversation, is_member, whom
from textfirst.conversations.rules import TALKING, open_params, threads_of
from textfirst.conversations.types import ConversationStatus, Said, Thread
from textfirst.core.addresses import NumberInvalid, read_number, read_urn
from textfirst.core.errors import InvalidInput, NotFound
from textfirst.core.ids import new_id
from textfirst.core.purposes import Purpose
from textfirst.database.keys import derived_key
from textfirst.database.named_sql import load
from textfirst.decisions.actions import keep_decisions, take_turns
from textfirst.decisions.asking import stamped, topics_of
from textfirst.decisions.caps import is_near
from textfirst.decisions.queries import facts_for, settings_of
from textfirst.decisions.record import Records
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Decision, Facts
from textfirst.events.actions import record_one
from textfirst.messages.actions import accept, answer_key, reserve_key
from textfirst.messages.actions.replacing import replace_waiting
from textfirst.messages.queries import people
from textfirst.messages.rules.composing import compose
from textfirst.messages.rules.reasons import REASONS
from textfirst.messages.rules.sending import asked_of, bounds, fingerprint, outgoing, read_anchor, read_purpose, refusal, shown_outgoing
from textfirst.messages.rules.templates import NOBODY, Around, Person, compile_template
from textfirst.messages.types import Flag, Outgoing, SendRequest


@dataclass(frozen=True, slots=True)
class _Aim:
    """Where one text goes."""

    contact_id: UUID
    identity_id: UUID
    channel: Channel


def send(*, caller: Caller, request: SendRequest, key: str | None = None, now: datetime) -> dict[str, Any]:
    """One text to a contact or a number; answers the message as the API writes it. With an Idempotency-Key `key` (D1), the same answer again.

    Raises InvalidInput (what was asked, or the decision against it: `stopped`, `blocked`, …), NotFound, Conflict.
    """
    purpose = read_purpose(request.purpose)
    anchor = read_anchor(request.anchor)
    within = bounds(purpose, now, valid_for=request.valid_for, send_at=request.send_at, anchor=anchor)
    message_id = new_id()
    with transaction.atomic():
        if key is not None:
            answered = reserve_key(caller.workspace_id, key, fingerprint(asked_of(request)), message_id)
            if answered is not None:
                return answered
        aim = _aim(caller, request)
        opens = caller.user_id is not None or purpose in TALKING
        message = _deliver(caller, aim, message_id, request.text, purpose, now=now, within=within, opens=opens, anchor=anchor)
        if key is not None:
            answer_key(caller.workspace_id, key, message)
    return shown_outgoing(message)


def reply(*, caller: Caller, conversation_id: UUID, text: str, key: str | None = None, now: datetime) -> dict[str, Any]:
    """Answer in a conversation, by the channel the composer shows. What is unread and who has it stay as they are. Raises as `send`."""
    message_id = new_id()
    with transaction.atomic():
        if key is not None:
            asked = fingerprint({"conversation_id": conversation_id, "text": text})
            answered = reserve_key(caller.workspace_id, key, asked, message_id)
            if answered is not None:
                return answered
        found = conversation(caller.workspace_id, conversation_id)
        state = composer(caller.workspace_id, found, test=caller.test)
        if state.reason or state.channel is None or state.whom.identity_id is None:
            raise InvalidInput(REASONS[state.reason], code=state.reason)
        aim = _Aim(found.contact_id, state.whom.identity_id, state.channel)
        message = _deliver(caller, aim, message_id, text, Purpose.SUPPORT, now=now, within=bounds(Purpose.SUPPORT, now), into=found)
        if key is not None:
            answer_key(caller.workspace_id, key, message)
    return shown_outgoing(message)


def start_conversation(*, caller: Caller, contact_id: UUID | None, to: str | None, inbox_id: UUID | None, now: datetime) -> Conversation:
    """The conversation with a contact or a number, opened; it is there already when they have talked before."""
    workspace_id = caller.workspace_id
    inboxes = Inbox.objects.of(workspace_id)
    inbox = inboxes.filter(id=inbox_id).first() if inbox_id else inboxes.order_by("id").first()
    if inbox is None:
        raise NotFound("There is no such inbox in this workspace.")
    with transaction.atomic():
        contact_id = contact_id if contact_id is not None else _find_or_make(workspace_id, to or "")[0]
        if contact_id not in whom(workspace_id, [contact_id]):
            raise NotFound("There is no such contact in this workspace.")
        found, made = Conversation.objects.get_or_create(
            workspace_id=workspace_id, inbox=inbox, contact_id=contact_id, defaults={"last_at": now, "status": ConversationStatus.OPEN}
        )
        if made:
            record_one(workspace_id, "conversation.updated", found.id, version=found.version)
    return found


def mark(*, workspace_id: UUID, conversation_id: UUID, unread: bool) -> Conversation:
    """Somebody read it, or wants it to look unread. Nothing happens when it is so already."""
    with transaction.atomic():
        row = _locked(workspace_id, conversation_id)
        wanted = max(row.unread, 1) if unread else 0
        if wanted != row.unread:
            row.unread = wanted
            _save(row)
    return row


def change(*, workspace_id: UUID, conversation_id: UUID, status: ConversationStatus | None = None, assignee_id: UUID | None = None,
           unassign: bool = False) -> Conversation:  # fmt: skip
    """Set who has it and how it stands. Raises InvalidInput for somebody who is not in the workspace."""
    if assignee_id is not None and not is_member(workspace_id, assignee_id):
        sentence = "This person does not belong to the workspace."
        raise InvalidInput(sentence, fields={"assignee_id": sentence})
    with transaction.atomic():
        row = _locked(workspace_id, conversation_id)
        before = (row.status, row.assignee_id)
        row.status = status or row.status
        row.assignee_id = None if unassign else assignee_id or row.assignee_id
        if (row.status, row.assignee_id) != before:
            _save(row)
    return row


# ---- the way of one text


def _aim(caller: Caller, request: SendRequest) -> _Aim:
    """Whom and by what, from the request; makes the contact of a number we do not know."""
    workspace_id = caller.workspace_id
    if request.contact_id is not None:
        person = whom(workspace_id, [request.contact_id]).get(request.contact_id)
        if person is None:
            raise NotFound("There is no such contact in this workspace.")
        if person.identity_id is None:
            raise InvalidInput(REASONS["no_number"], code="no_number", fields={"contact_id": REASONS["no_number"]})
        contact_id, identity_id = person.id, person.identity_id
    else:
        contact_id, identity_id = _find_or_make(workspace_id, request.to or "")
    return _Aim(contact_id, identity_id, _channel(caller, contact_id, request.channel_id))


def _channel(caller: Caller, contact_id: UUID, wanted: UUID | None) -> Channel:
    """The channel asked for, else the one that suits; a test key reaches the simulator only."""
    if wanted is None:
        chosen, problem = channel_for(caller.workspace_id, contact_id, test=caller.test)
        if chosen is None:
            raise InvalidInput(REASONS[problem], code=problem)
        return chosen
    chosen = find_channel(caller.workspace_id, wanted)
    if caller.test and chosen.kind != SIMULATOR_KIND:
        sentence = "A test key sends through the simulator only. Leave channel_id out, or use a live key."
        raise InvalidInput(sentence, code="test_key", fields={"channel_id": sentence})
    if not chosen.enabled:
        raise InvalidInput(REASONS["channel_off"], code="channel_off", fields={"channel_id": REASONS["channel_off"]})
    return chosen


def _deliver(
    caller: Caller, aim: _Aim, message_id: UUID, text: str, purpose: Purpose, *, now: datetime, within: tuple[datetime, datetime],
    opens: bool = True, into: Conversation | None = None, anchor: datetime | None = None,
) -> Outgoing:  # fmt: skip
    """Decide, compose, and take the message in with its conversation and its event."""
    workspace_id = caller.workspace_id
    asked = Asked(purpose, now, not_before=within[0], not_after=within[1], anchor=anchor, topics=topics_of(text, purpose))
    facts, decision = _decide(workspace_id, aim, asked)
    if refused := refusal(decision):
        raise refused
    composed = compose(text, *_values(caller, aim.contact_id, facts.address, text))
    said = Said(aim.contact_id, aim.channel.id, message_id, now)
    conversation_id = _into(workspace_id, into, said) if into else _open(workspace_id, said) if opens else _joined(workspace_id, said)
    records = Records(workspace_id, now)
    decision_id = records.of(decision)
    keep_decisions(workspace_id, records)
    if decision.replaces:
        replace_waiting(workspace_id, [aim.contact_id], now)
    message = outgoing(
        message_id, facts=facts, decision=decision, composed=composed, channel_id=aim.channel.id, purpose=purpose, not_before=within[0],
        not_after=within[1], conversation_id=conversation_id, author_id=caller.user_id, api_key_id=caller.key_id,
        flags=Flag.TEST if caller.test else Flag(0), decision_id=decision_id,
    )  # fmt: skip
    accept(workspace_id, [message])
    if conversation_id:
        record_one(workspace_id, "message.sent", conversation_id, message_id=message_id, contact_id=aim.contact_id)
    return message


def _decide(workspace_id: UUID, aim: _Aim, asked: Asked) -> tuple[Facts, Decision]:
    """May we; asked again in turn when others at this moment could take the same room of a cap."""
    settings = settings_of(workspace_id)

    def answer() -> tuple[Facts, Decision]:
        facts = stamped(facts_for(workspace_id, [aim.identity_id], [asked.purpose], asked.now)[aim.identity_id], settings.version)
        return facts, decide(facts, asked, settings.policy)

    facts, decision = answer()
    if not is_near(decision):
        return facts, decision
    take_turns(workspace_id, [aim.contact_id])
    return answer()


def _values(caller: Caller, contact_id: UUID, phone: str, text: str) -> tuple[Person, Around]:
    """What the text may say of both sides; nothing is looked up for one without merge fields, as people write them."""
    if not compile_template(text).fields:
        return NOBODY, Around()
    person = people(caller.workspace_id, [contact_id])[contact_id]
    agent = User.objects.filter(id=caller.user_id).values_list("name", flat=True).first() if caller.user_id else None
    workspace = Workspace.objects.values_list("name", flat=True).get(id=caller.workspace_id)
    return person.at(phone), Around(workspace, agent or "")


def _open(workspace_id: UUID, said: Said) -> UUID | None:
    """The conversation of a text, opened or moved; None in a workspace without an inbox."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.conversations").open, open_params(workspace_id, [said]))
        thread: Thread | None = threads_of(cursor.fetchall(), [said])[0]
    return thread.conversation_id if thread else None


def _joined(workspace_id: UUID, said: Said) -> UUID | None:
    """The conversation that a text joins which neither opens nor moves one; None where there is none."""
    sql, where = load("textfirst.conversations"), {"workspace_id": workspace_id}
    with connection.cursor() as cursor:
        cursor.execute(sql.inboxes, where)
        inbox_id = dict(cursor.fetchall())[said.channel_id]
        cursor.execute(sql.threads, where | {"contact_ids": [said.contact_id]})
        return {inbox: identifier for _, inbox, identifier in cursor.fetchall()}.get(inbox_id)


def _into(workspace_id: UUID, into: Conversation, said: Said) -> UUID:
    """A reply stays in its conversation, whichever inbox the channel belongs to."""
    closed = When(status=ConversationStatus.CLOSED, then=Value(int(ConversationStatus.OPEN), SmallIntegerField()))
    moved = Conversation.objects.of(workspace_id).filter(id=into.id).update(
        status=Case(closed, default=F("status")), last_message_id=Greatest(F("last_message_id"), said.message_id),
        last_at=Greatest(F("last_at"), said.at), version=F("version") + 1,
    )  # fmt: skip
    if not moved:
        raise _no_conversation()
    return into.id


def _find_or_make(workspace_id: UUID, to: str) -> tuple[UUID, UUID]:
    """Contact and identity of a number, made when it is new. Raises InvalidInput naming the field `to`."""
    country = Workspace.objects.values_list("country", flat=True).get(id=workspace_id)
    try:
        address = read_urn(to, country) if ":" in to else read_number(to, country)
    except NumberInvalid as error:
        raise InvalidInput(error.message, code=error.code, fields={"to": error.message}) from None
    params = find_or_make_params(workspace_id, [address], derived_key(settings.PROCESS.keys_file, "address"))
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.contacts").find_or_make, params)
        identity = identity_of(cursor.fetchone())
    if identity.created:
        record_one(workspace_id, "contact.updated", identity.contact_id)
    return identity.contact_id, identity.identity_id


def _locked(workspace_id: UUID, conversation_id: UUID) -> Conversation:
    row = Conversation.objects.of(workspace_id).select_for_update().filter(id=conversation_id).first()
    if row is None:
        raise _no_conversation()
    return row


def _no_conversation() -> NotFound:
    return NotFound("There is no such conversation in this workspace.")


def _save(row: Conversation) -> None:
    row.version += 1
    row.save(update_fields=["status", "assignee_id", "unread", "version"])
    record_one(row.workspace_id, "conversation.updated", row.id, version=row.version)


def join_threads(workspace_id: UUID, kept_id: UUID, gone_id: UUID) -> list[dict[str, Any]]:
    """Threads of `gone_id` become `kept_id`'s; where both talked in one inbox they become one thread. Says what an undo needs."""
    threads = Conversation.objects.of(workspace_id).select_for_update()
    kept = {thread.inbox_id: thread for thread in threads.filter(contact_id=kept_id)}
    facts = []
    for gone in threads.filter(contact_id=gone_id).order_by("id"):
        into = kept.get(gone.inbox_id)
        facts.append(_thread_facts(gone, into))
        if into is None:
            Conversation.objects.of(workspace_id).filter(id=gone.id).update(contact_id=kept_id, version=gone.version + 1)
        else:
            _join_thread(into, gone)
            Conversation.objects.of(workspace_id).filter(id=gone.id).delete()
        record_one(workspace_id, "conversation.updated", gone.id, contact_id=str(kept_id), joined_into=str(into.id) if into else None)
    return facts


def part_threads(workspace_id: UUID, kept_id: UUID, gone_id: UUID, facts: list[dict[str, Any]]) -> None:
    """Undo `join_threads`: a thread that was joined is there again as it was; the other keeps what has happened to it since."""
    for thread in facts:
        if thread["into"] is None:
            Conversation.objects.of(workspace_id).filter(id=thread["id"], contact_id=kept_id).update(
                contact_id=gone_id, version=F("version") + 1
            )
        else:
            row = {name: thread[name] for name in _THREAD}
            Conversation.objects.create(
                workspace_id=workspace_id, id=thread["id"], contact_id=gone_id, version=thread["version"] + 1, **row
            )
            into = Conversation.objects.of(workspace_id).filter(id=thread["into"])
            into.update(unread=Greatest(F("unread") - thread["unread"], 0), version=F("version") + 1)
            record_one(workspace_id, "conversation.updated", UUID(thread["into"]), contact_id=str(kept_id))
        record_one(workspace_id, "conversation.updated", UUID(thread["id"]), contact_id=str(gone_id))


def note_last_said(workspace_id: UUID, conversation_ids: list[UUID]) -> None:
    """After messages have moved: what each of these conversations ends with."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.conversations").last_said, {"workspace_id": workspace_id, "conversation_ids": conversation_ids})


_THREAD = ("inbox_id", "status", "assignee_id", "unread", "last_message_id", "last_at")


def _thread_facts(gone: Conversation, into: Conversation | None) -> dict[str, Any]:
    row = {name: value if isinstance(value := getattr(gone, name), int) or value is None else str(value) for name in _THREAD}
    return {"id": str(gone.id), "into": str(into.id) if into else None, "version": gone.version, **row}


def _join_thread(into: Conversation, gone: Conversation) -> None:
    """Open where either is open; nobody loses an unread text or the person who looks after it."""
    into.status = min(into.status, gone.status)
    into.assignee_id = into.assignee_id or gone.assignee_id
    into.unread += gone.unread
    into.last_at = max(into.last_at, gone.last_at)
    into.last_message_id = max(filter(None, (into.last_message_id, gone.last_message_id)), default=None)
    into.version += 1
    into.save(update_fields=["status", "assignee_id", "unread", "last_at", "last_message_id", "version"])
    record_one(into.workspace_id, "conversation.updated", into.id, contact_id=str(into.contact_id))
