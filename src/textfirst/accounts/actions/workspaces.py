"""Making and changing workspaces, and the first of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from textfirst.accounts.actions.people import create_user
from textfirst.accounts.models import Membership, User, Workspace
from textfirst.accounts.queries import setup_needed
from textfirst.accounts.rules import place_problems
from textfirst.accounts.types import Role
from textfirst.core.errors import InvalidInput, NotFound
from textfirst.core.ids import new_id
from textfirst.database.scope import workspace_scope
from textfirst.events.actions import record_one

SETUP_DONE = "This installation is set up already. Sign in, or ask for an invitation."
# What changes the answer to "may we, and when" for everybody in the workspace.
DECIDING = frozenset({"country", "time_zone"})


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace about to be made."""

    name: str
    country: str
    time_zone: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Person:
    """Its owner to be."""

    name: str
    email: str
    password: str
    language: str = "en"


def set_up(*, place: Place, person: Person) -> tuple[User, Workspace]:
    """The first owner and the first workspace. Raises NotFound ever after, also for the slower of two at once."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended('textfirst.setup', 0))")
        if not setup_needed():
            raise NotFound(SETUP_DONE, code="setup_done")
        user = create_user(name=person.name, email=person.email, password=person.password, language=person.language, verified=True)
        return user, create_workspace(place=place, owner=user)


def create_workspace(*, place: Place, owner: User) -> Workspace:
    """A workspace with its owner. Raises InvalidInput for a country, time zone or language that is none."""
    problems = place_problems(country=place.country, time_zone=place.time_zone, language=place.language)
    if problems:
        raise InvalidInput("Some of this cannot be used.", fields=problems)
    workspace_id = new_id()
    with workspace_scope(workspace_id):
        workspace = Workspace.objects.create(
            id=workspace_id, name=place.name, country=place.country, time_zone=place.time_zone,
            language=place.language, languages=[place.language],
        )  # fmt: skip
        Membership.objects.create(workspace_id=workspace_id, user=owner, role=Role.OWNER.value)
    return workspace


def edit_workspace(*, workspace_id: UUID, changes: dict[str, Any]) -> Workspace:
    """Set what `changes` names: name, country, time_zone, language, languages, retention_months."""
    asked = {name: changes[name] for name in ("country", "time_zone", "language", "languages") if name in changes}
    problems = place_problems(**asked)
    if problems:
        raise InvalidInput("Some of this cannot be used.", fields=problems)
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(id=workspace_id)
        decides = any(getattr(workspace, name) != changes[name] for name in DECIDING & changes.keys())
        for name, value in changes.items():
            setattr(workspace, name, value)
        workspace.version += decides
        workspace.save(update_fields=[*changes, "version"])
        record_one(workspace_id, "workspace.updated", workspace_id)
    return workspace
