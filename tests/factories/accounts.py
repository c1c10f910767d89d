from __future__ import annotations

import itertools
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password

from textfirst.accounts.models import ApiKey, Invitation, Membership, User, Workspace
from textfirst.accounts.rules import KEY_BYTES, secret_hash, write_key
from textfirst.accounts.types import KeyKind, Role, Scope
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope

PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


@dataclass(frozen=True)
class MadeKey:
    row: ApiKey
    secret: str


def make_workspace(name: str = "", **fields) -> Workspace:
    workspace_id = new_id()
    facts = {"country": "GR", "time_zone": "Europe/Athens", "languages": ["en"], **fields}
    with workspace_scope(workspace_id):
        return Workspace.objects.create(id=workspace_id, name=name or f"Firm {next(_numbers)}", **facts)


def make_user(email: str = "", **fields) -> User:
    number = next(_numbers)
    return User.objects.create(
        email=email or f"person{number}@example.com", name=fields.pop("name", f"Person {number}"), password=_hashed(), **fields
    )


def make_member(workspace: Workspace, role: Role | str = Role.AGENT, user: User | None = None) -> Membership:
    with workspace_scope(workspace.id):
        return Membership.objects.create(workspace_id=workspace.id, user=user or make_user(), role=Role(role).value)


def make_key(workspace: Workspace, *scopes: Scope | str, kind: KeyKind | str = KeyKind.LIVE, name: str = "A program") -> MadeKey:
    secret = write_key(KeyKind(kind), secrets.token_bytes(KEY_BYTES))
    with workspace_scope(workspace.id):
        row = ApiKey.objects.create(
            workspace_id=workspace.id, name=name, kind=KeyKind(kind).value, hint=secret[-4:], secret_hash=secret_hash(secret), scopes=[Scope(scope).value for scope in scopes]
        )  # fmt: skip
    return MadeKey(row, secret)


def make_invitation(workspace: Workspace, email: str, role: Role | str = Role.AGENT, token: str = "", **fields) -> Invitation:
    facts = {"expires_at": datetime.now(UTC) + timedelta(days=7), **fields}
    with workspace_scope(workspace.id):
        return Invitation.objects.create(
            workspace_id=workspace.id, email=email, role=Role(role).value, token_hash=secret_hash(token or email), **facts
        )
