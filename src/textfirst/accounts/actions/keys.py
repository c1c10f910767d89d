"""Keys for programs."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from textfirst.accounts.models import ApiKey
from textfirst.accounts.rules import KEY_BYTES, secret_hash, write_key
from textfirst.accounts.types import KeyKind, Scope
from textfirst.core.errors import InvalidInput, NotFound

NO_SCOPE = "Choose at least one thing this key may do."


def create_key(*, workspace_id: UUID, name: str, kind: KeyKind, scopes: Iterable[Scope], created_by: UUID | None) -> tuple[ApiKey, str]:
    """A key and its secret, which nobody can read again."""
    wanted = sorted({scope.value for scope in scopes})
    if not wanted:
        raise InvalidInput(NO_SCOPE, fields={"scopes": NO_SCOPE})
    secret = write_key(kind, secrets.token_bytes(KEY_BYTES))
    key = ApiKey.objects.create(
        workspace_id=workspace_id,
        name=name,
        kind=kind.value,
        hint=secret[-4:],
        secret_hash=secret_hash(secret),
        scopes=wanted,
        created_by_id=created_by,
    )
    return key, secret


def revoke_key(*, workspace_id: UUID, key_id: UUID, now: datetime) -> None:
    """From the commit on no console takes it; fronts forget it on the notification. Doing it twice changes nothing."""
    with transaction.atomic():
        key = ApiKey.objects.of(workspace_id).select_for_update().filter(id=key_id).first()
        if key is None:
            raise NotFound("There is no such key in this workspace.")
        if key.revoked_at is None:
            key.revoked_at = now
            key.save(update_fields=["revoked_at"])
            with connection.cursor() as cursor:
                cursor.execute("select pg_notify('textfirst_keys', %s)", [str(key_id)])
