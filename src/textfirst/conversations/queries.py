"""The shared inbox as it is read: the list, one thread, and what the composer may do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from textfirst.accounts.models import Membership, User
from textfirst.channels.models import Channel
from textfirst.channels.queries import SIMULATOR_KIND, channels, senders
from textfirst.channels.rules.carriers import route
from textfirst.contacts.queries.contacts import contact_ids
from textfirst.contacts.types import Filter
from textfirst.conversations.models import Conversation, Inbox, InboxChannel
from textfirst.conversations.types import ConversationStatus, Whom
from textfirst.core.errors import NotFound
from textfirst.database.fields import WorkspaceQuerySet
from textfirst.database.named_sql import load
from textfirst.messages.models import Message
from textfirst.messages.queries import shown_by_id

MOST_FOUND = 1000  # contacts a search looks for conversations of
NEWEST_FIRST = ("-last_at", "-id")


def conversation(workspace_id: UUID, conversation_id: UUID) -> Conversation:
    """Raises NotFound."""
    found = Conversation.objects.of(workspace_id).filter(id=conversation_id).first()
    if found is None:
        raise NotFound("There is no such conversation in this workspace.")
    return found


def conversations(
    workspace_id: UUID,
    *,
    status: ConversationStatus | None = None,
    inbox_id: UUID | None = None,
    assigned: bool | None = None,
    assignee_id: UUID | None = None,
    unread: bool | None = None,
    contact_id: UUID | None = None,
    search: str = "",
) -> WorkspaceQuerySet[Conversation]:
    """Those that fit every filter given; order them by NEWEST_FIRST, for which each filter has its index.

    A search finds people by name or number; of very many it looks at the newest thousand.
    """
    rows = Conversation.objects.of(workspace_id)
    wanted = {"status": status, "inbox_id": inbox_id, "assignee_id": assignee_id, "contact_id": contact_id}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    if assigned is not None:
        rows = rows.filter(assignee_id__isnull=not assigned)
    if unread is not None:
        rows = rows.filter(unread__gt=0) if unread else rows.filter(unread=0)
    if search.strip():
        rows = rows.filter(contact_id__in=contact_ids(workspace_id, Filter(search=search), limit=MOST_FOUND))
    return rows


def cards(workspace_id: UUID, rows: Sequence[Conversation]) -> list[dict[str, Any]]:
    """Conversations with all that a list shows of them, in a fixed number of statements."""
    people = whom(workspace_id, [row.contact_id for row in rows])
    names = dict(User.objects.filter(id__in=[row.assignee_id for row in rows if row.assignee_id]).values_list("id", "name"))
    last = shown_by_id(workspace_id, [row.last_message_id for row in rows if row.last_message_id])
    return [_card(row, people[row.contact_id], names, last.get(row.last_message_id or row.id)) for row in rows if row.contact_id in people]


def whom(workspace_id: UUID, ids: Iterable[UUID]) -> dict[UUID, Whom]:
    """Contacts by id, with the number each is texted at."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.conversations").whom, {"workspace_id": workspace_id, "contact_ids": list(ids)})
        return {row[0]: Whom(*row) for row in cursor.fetchall()}


def thread(workspace_id: UUID, of: Conversation, *, before: UUID | None = None, limit: int = 50) -> list[Message]:
    """Messages, newest first, from the one before `before`: those of the conversation, and what was sent to this contact through its inbox without
    one (campaigns, and notices from before it was opened).
    """
    inside = Q(conversation_id=of.id) | Q(conversation_id=None, channel_id__in=_channels_of(workspace_id, of.inbox_id))
    rows = Message.objects.of(workspace_id).filter(inside, contact_id=of.contact_id)
    return list((rows.filter(id__lt=before) if before else rows).order_by("-id")[:limit])


def inboxes(workspace_id: UUID) -> list[dict[str, Any]]:
    """Every inbox with its channels and how many conversations have something unread."""
    unread = dict(
        Conversation.objects.of(workspace_id)
        .filter(unread__gt=0)
        .values("inbox_id")
        .annotate(many=Count("id"))
        .values_list("inbox_id", "many")
    )
    attached: dict[UUID, list[UUID]] = {}
    living = channels(workspace_id).values("id")
    for inbox_id, channel_id in (
        InboxChannel.objects.of(workspace_id).filter(channel_id__in=living).order_by("id").values_list("inbox_id", "channel_id")
    ):
        attached.setdefault(inbox_id, []).append(channel_id)
    rows = Inbox.objects.of(workspace_id).order_by("id")
    return [{"id": row.id, "name": row.name, "channels": attached.get(row.id, []), "unread": unread.get(row.id, 0)} for row in rows]


def is_member(workspace_id: UUID, user_id: UUID) -> bool:
    return Membership.objects.of(workspace_id).filter(user_id=user_id).exists()


# ---- what the composer may do


@dataclass(frozen=True, slots=True)
class Composer:
    """Whether somebody can write here, by which channel, and if not, why (a code of messages/rules/reasons)."""

    whom: Whom
    channel: Channel | None
    reason: str

    @property
    def can_send(self) -> bool:
        return not self.reason

    @property
    def expects_simulator(self) -> bool:
        """A text from here reaches a fake phone only."""
        return self.channel is not None and self.channel.kind == SIMULATOR_KIND


def composer(workspace_id: UUID, of: Conversation, *, test: bool = False) -> Composer:
    """What the composer of a conversation may do; a `test` key writes through the simulator only. Raises NotFound when the contact is gone."""
    person = whom(workspace_id, [of.contact_id]).get(of.contact_id)
    if person is None:
        raise NotFound("This contact is gone.")
    channel, problem = channel_for(workspace_id, of.contact_id, inbox_id=of.inbox_id, test=test)
    reason = "no_number" if person.identity_id is None else "stopped" if person.stopped else "blocked" if person.blocked else problem
    return Composer(person, channel, reason)


def channel_for(workspace_id: UUID, contact_id: UUID, *, inbox_id: UUID | None = None, test: bool = False) -> tuple[Channel | None, str]:
    """The channel to write to a contact with, and why there is none: the one last used with them, else a live one, else the simulator.

    Or who stands in for it (channels.rules.carriers).
    """
    rows = channels(workspace_id).filter(kind=SIMULATOR_KIND) if test else channels(workspace_id)
    if inbox_id is not None and not test:
        rows = rows.filter(id__in=_channel_ids(workspace_id, inbox_id))
    known = sorted(rows, key=lambda row: (row.kind == SIMULATOR_KIND, row.id))
    usable = {row.id: row for row in known if row.enabled}
    if not usable:
        return None, "channel_off" if known else "no_channel"
    last = (
        Message.objects.of(workspace_id)
        .filter(contact_id=contact_id, channel_id__in=list(usable))
        .order_by("-id")
        .values_list("channel_id", flat=True)
        .first()
    )
    preferred = usable[last] if last else next(iter(usable.values()))
    return _routed(preferred, contact_id, usable, known=bool(last)), ""


def _routed(preferred: Channel, contact_id: UUID, usable: dict[UUID, Channel], *, known: bool) -> Channel:
    """By the contact's number, as the front and campaigns do."""
    person = whom(preferred.workspace_id, [contact_id]).get(contact_id) if preferred.pool else None
    if person is None or person.identity_id is None:
        return preferred
    able = [one for one in senders(preferred.workspace_id) if one.id in usable]
    return usable[route(next(one for one in able if one.id == preferred.id), person.identity_id, able, known=known)]


def _channel_ids(workspace_id: UUID, inbox_id: UUID) -> list[UUID]:
    return list(InboxChannel.objects.of(workspace_id).filter(inbox_id=inbox_id).values_list("channel_id", flat=True))


def _channels_of(workspace_id: UUID, inbox_id: UUID) -> list[UUID]:
    """The channels of an inbox; the first has those that nobody has put anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.conversations").inboxes, {"workspace_id": workspace_id})
        return [channel_id for channel_id, inbox in cursor.fetchall() if inbox == inbox_id]


def _card(row: Conversation, person: Whom, names: dict[UUID, str], last: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "id": row.id,
        "inbox_id": row.inbox_id,
        "contact": {"id": person.id, "name": person.name, "address": person.address, "stopped": person.stopped},
        "status": ConversationStatus(row.status).word,
        "assignee": {"id": row.assignee_id, "name": names.get(row.assignee_id, "")} if row.assignee_id else None,
        "unread": row.unread,
        "last_message": last and {key: last[key] for key in ("id", "direction", "text", "status", "shown")} | {"at": last["created_at"]},
        "last_at": row.last_at,
        "version": row.version,
    }
