"""Reads about people, workspaces and keys."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Max, QuerySet

from textfirst.accounts.models import ApiKey, Membership, User
from textfirst.accounts.rules import is_key, secret_hash
from textfirst.accounts.types import Role, Scope
from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner, rows_as_owner

sql = load("textfirst.accounts")


@dataclass(frozen=True, slots=True)
class FoundKey:
    id: UUID
    workspace_id: UUID
    test: bool
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class FoundMembership:
    workspace_id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class FoundWorkspace:
    id: UUID
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class FoundInvitation:
    id: UUID
    workspace_id: UUID
    workspace_name: str
    email: str
    role: Role


def find_key(secret: str) -> FoundKey | None:
    """The living key with this secret, noted as used now; None for anything else. Before a workspace is known, so as the owner."""
    if not is_key(secret):
        return None
    with as_owner():
        row = _one(sql.find_key, {"secret_hash": secret_hash(secret)})
        if row is None:
            return None
        _run(sql.touch_key, {"workspace_id": row["workspace_id"], "key_id": row["key_id"]})
    known = frozenset(Scope(scope) for scope in json.loads(row["scopes"]) if scope in list(Scope))
    return FoundKey(row["key_id"], row["workspace_id"], not row["live"], known)


def find_membership(user_id: UUID, workspace_id: UUID | None) -> FoundMembership | None:
    """What `user_id` is in `workspace_id`, or in their first workspace when none is named. As the owner: it decides which workspace to enter."""
    row = _one_as_owner(
        "select workspace_id, role from membership where user_id = %(user_id)s"
        " and (%(workspace_id)s::uuid is null or workspace_id = %(workspace_id)s) order by created_at, id limit 1",
        {"user_id": user_id, "workspace_id": workspace_id},
    )
    return FoundMembership(row["workspace_id"], Role(row["role"])) if row else None


def workspaces_of(user_id: UUID) -> list[FoundWorkspace]:
    """Every workspace somebody belongs to, oldest first. As the owner: it reaches over workspaces, for the user's own eyes."""
    rows = rows_as_owner(
        "select w.id, w.name, m.role from membership m join workspace w on w.id = m.workspace_id where m.user_id = %(user_id)s"
        " order by m.created_at, m.id",
        {"user_id": user_id},
    )
    return [FoundWorkspace(row["id"], row["name"], Role(row["role"])) for row in rows]


def find_invitation(token_hash: bytes, now: datetime) -> FoundInvitation | None:
    """The open invitation with this token. As the owner: who opens the link belongs to no workspace yet."""
    row = _one_as_owner(
        "select i.id, i.workspace_id, w.name, i.email, i.role from invitation i join workspace w on w.id = i.workspace_id"
        " where i.token_hash = %(token_hash)s and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > %(now)s",
        {"token_hash": token_hash, "now": now},
    )
    return FoundInvitation(row["id"], row["workspace_id"], row["name"], row["email"], Role(row["role"])) if row else None


def setup_needed() -> bool:
    """Whether there is no workspace at all. As the owner, for it looks over all of them."""
    row = _one_as_owner("select exists (select from workspace) as made", {})
    return row is None or not row["made"]


def is_operator(user_id: UUID) -> bool:
    """Whether somebody runs this installation: an owner of its first workspace. As the owner of the tables, to find which that is."""
    row = _one_as_owner(
        "select exists (select from membership m where m.user_id = %(user_id)s and m.role = 'owner'"
        " and m.workspace_id = (select id from workspace order by created_at, id limit 1)) as operator",
        {"user_id": user_id},
    )
    return bool(row and row["operator"])


def user_by_email(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def members(workspace_id: UUID) -> QuerySet[Membership]:
    return Membership.objects.of(workspace_id).select_related("user").order_by("created_at", "id")


def last_seen(user_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each was last here, in any workspace; to the minute."""
    seen = UserSession.objects.filter(user_id__in=user_ids).values("user_id").annotate(last=Max("last_seen_at"))
    return {row["user_id"]: row["last"] for row in seen}


def keys(workspace_id: UUID) -> QuerySet[ApiKey]:
    return ApiKey.objects.of(workspace_id)


def _run(statement: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _one(statement: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        names = [column.name for column in cursor.description]
        row = cursor.fetchone()
    return dict(zip(names, row, strict=True)) if row else None


def _one_as_owner(statement: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
    return next(iter(rows_as_owner(statement, parameters)), None)
