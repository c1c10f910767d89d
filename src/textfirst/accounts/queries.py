"""Reads about people, workspaces and keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from textfirst.accounts.rules import is_key, secret_hash
from textfirst.accounts.types import Role, Scope
from textfirst.database.named_sql import load
from textfirst.database.scope import as_owner

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


def find_key(secret: str) -> FoundKey | None:
    """The living key with this secret, noted as used now; None for anything else. Before a workspace is known, so as the owner."""
    if not is_key(secret):
        return None
    with as_owner():
        row = _one(sql.find_key, {"secret_hash": secret_hash(secret)})
        if row is None:
            return None
        _run(sql.touch_key, {"workspace_id": row["workspace_id"], "key_id": row["key_id"]})
    known = frozenset(Scope(scope) for scope in row["scopes"] if scope in list(Scope))
    return FoundKey(row["key_id"], row["workspace_id"], not row["live"], known)


def find_membership(user_id: UUID, workspace_id: UUID | None) -> FoundMembership | None:
    """What `user_id` is in `workspace_id`, or in their first workspace when none is named. As the owner: it decides which workspace to enter."""
    with as_owner():
        row = _one(
            "select workspace_id, role from membership where user_id = %(user_id)s"
            " and (%(workspace_id)s::uuid is null or workspace_id = %(workspace_id)s) order by created_at, id limit 1",
            {"user_id": user_id, "workspace_id": workspace_id},
        )
    return FoundMembership(row["workspace_id"], Role(row["role"])) if row else None


def _run(statement: str, parameters: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _one(statement: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
        return dict(zip((column.name for column in cursor.description), row, strict=True)) if row else None
