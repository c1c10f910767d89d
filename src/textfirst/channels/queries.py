"""Reads about channels."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from textfirst.channels.models import Channel, ChannelHealth, ChannelShare, ChannelShift
from textfirst.channels.registry import HOOKS
from textfirst.channels.rules.carriers import SIMULATOR, Sender
from textfirst.channels.rules.hooks import hook_path
from textfirst.core.errors import Conflict, NotFound
from textfirst.database.fields import WorkspaceQuerySet
from textfirst.database.keys import box, derived_key
from textfirst.database.named_sql import load

SIMULATOR_KIND = SIMULATOR
KEYS_GONE = "The channel's password was encrypted with keys that are not here. Enter it again, or restore the key file."


def channels(workspace_id: UUID) -> WorkspaceQuerySet[Channel]:
    """Those that are not removed."""
    return Channel.objects.of(workspace_id).filter(removed_at=None)


def channel(workspace_id: UUID, channel_id: UUID) -> Channel:
    """Raises NotFound for a removed one too."""
    found = channels(workspace_id).filter(id=channel_id).first()
    if found is None:
        raise NotFound("There is no such channel in this workspace.")
    return found


def likely_channel(workspace_id: UUID, channel_id: UUID | None, *, test: bool = False) -> Channel | None:
    """The channel that is chosen, or that suits where none is: the first that is on and no simulator. A `test` key has the simulator only."""
    known = channels(workspace_id).filter(id=channel_id) if channel_id else channels(workspace_id)
    if test:
        known = known.filter(kind=SIMULATOR_KIND)
    return min(known.filter(enabled=True), key=lambda found: (found.kind == SIMULATOR_KIND, found.id), default=None)


def sender_name(found: Channel | None) -> str:
    """What a text carries as its sender; empty when nobody knows yet, and for a simulator, whose number is nobody's."""
    return found.address if found is not None and found.kind != SIMULATOR_KIND else ""


def simulators(workspace_id: UUID) -> QuerySet[Channel]:
    return channels(workspace_id).filter(kind=SIMULATOR_KIND)


def is_live(workspace_id: UUID) -> bool:
    """Whether anything sent here can reach a real phone."""
    return channels(workspace_id).filter(enabled=True).exclude(kind=SIMULATOR_KIND).exists()


def senders(workspace_id: UUID) -> list[Sender]:
    """The channels to choose from, as `rules.carriers.route` wants them."""
    with connection.cursor() as cursor:
        cursor.execute(load("textfirst.channels").senders, {"workspace_id": workspace_id})
        return [Sender(*row) for row in cursor.fetchall()]


def health(workspace_id: UUID, channel_ids: Sequence[UUID]) -> dict[UUID, ChannelHealth]:
    """How channels are doing, as the engine that holds their bind says; one it has never touched is missing."""
    return {row.id: row for row in ChannelHealth.objects.of(workspace_id).filter(id__in=channel_ids)}


def shares(rows: Sequence[Channel]) -> dict[UUID, ChannelShare]:
    """How those of some channels do that others stand in for."""
    pools = {row.id: row.pool for row in rows if row.pool}
    found = ChannelShare.objects.of(rows[0].workspace_id).filter(id__in=pools) if pools else ()
    return {share.id: share for share in found if share.pool == pools[share.id]}


def shifts(row: Channel) -> list[ChannelShift]:
    """When points moved in the channel's pool, newest first."""
    return list(ChannelShift.objects.of(row.workspace_id).filter(pool=row.pool).order_by("-id")[:20]) if row.pool else []


def hook_urls(rows: Sequence[Channel]) -> dict[UUID, str]:
    """Where the providers of some channels call us, as far as they do."""
    key = derived_key(settings.PROCESS.keys_file, "hook")
    return {row.id: settings.PROCESS.url + hook_path(key, row.id) for row in rows if row.kind in HOOKS}


def open_secrets(row: Channel) -> dict[str, Any]:
    """The channel's secrets in the clear; never for an answer. Raises Conflict when the keys that sealed them are not here."""
    sealed = bytes(row.secrets)
    if not sealed:
        return {}
    try:
        secrets: dict[str, Any] = json.loads(box(settings.PROCESS.keys_file).decrypt(sealed))
    except InvalidToken:
        raise Conflict(KEYS_GONE, code="keys_gone") from None
    return secrets
