"""Who am I, and where."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from ninja import Schema, Status
from pydantic import Field, StringConstraints

from textfirst.accounts.actions.people import edit_user
from textfirst.accounts.actions.workspaces import Place, create_workspace, edit_workspace
from textfirst.accounts.models import User, Workspace
from textfirst.accounts.queries import workspaces_of
from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.provision import provision
from textfirst.api.router import Router
from textfirst.channels.queries import is_live

router = Router(tags=["account"])

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Country = Annotated[str, Field(max_length=2, description="ISO 3166, two letters: how local numbers are read.", examples=["GR"])]
TimeZone = Annotated[str, Field(max_length=64, description="IANA name.", examples=["Europe/Athens"])]
Language = Annotated[str, Field(max_length=8, examples=["en"])]
Months = Annotated[int, Field(ge=1, le=120)]


class UserOut(Schema):
    id: UUID
    email: str
    name: str
    language: str


class RetentionOut(Schema):
    """Months each kind of data is kept; null keeps it for ever."""

    messages: int | None = None
    events: int | None = None
    receipts: int | None = None


class WorkspaceOut(Schema):
    id: UUID
    name: str
    country: str
    time_zone: str
    language: str
    languages: list[str]
    retention_months: RetentionOut


class MyWorkspaceOut(Schema):
    id: UUID
    name: str
    role: Role


class MeOut(Schema):
    user: UserOut
    workspace: WorkspaceOut
    role: Role
    workspaces: list[MyWorkspaceOut]
    live: Annotated[bool, Field(description="Whether a real channel is connected; otherwise everything goes to the simulator.")]


class MeIn(Schema, extra="forbid"):
    name: Name | None = None
    language: Language | None = None


class WorkspaceIn(Schema, extra="forbid"):
    name: Name
    country: Country
    time_zone: TimeZone
    language: Language = "en"


class RetentionIn(Schema, extra="forbid"):
    messages: Months | None = None
    events: Months | None = None
    receipts: Months | None = None


class WorkspaceChange(Schema, extra="forbid"):
    name: Name | None = None
    country: Country | None = None
    time_zone: TimeZone | None = None
    language: Language | None = None
    languages: Annotated[list[Language], Field(max_length=20)] | None = None
    retention_months: RetentionIn | None = None


@router.get("/me", response=MeOut)
@needs(Role.VIEWER)
def read_me(request: Request) -> dict[str, Any]:
    """The signed-in person, the workspace they are in (`X-Workspace`, else their first), and the others."""
    return _me(request)


@router.patch("/me", response=MeOut)
@needs(Role.VIEWER)
def edit_me(request: Request, payload: MeIn) -> dict[str, Any]:
    assert request.caller.user_id is not None
    edit_user(user_id=request.caller.user_id, changes=payload.model_dump(exclude_none=True))
    return {**_me(request), "user": User.objects.get(id=request.caller.user_id)}


@router.post("/workspaces", response={201: MyWorkspaceOut})
@needs(Role.VIEWER)
def add_workspace(request: Request, payload: WorkspaceIn) -> Status[MyWorkspaceOut]:
    """Another workspace, owned by you, with a simulator channel and an inbox."""
    assert request.caller.user_id is not None
    owner = User.objects.get(id=request.caller.user_id)
    workspace = create_workspace(place=Place(payload.name, payload.country, payload.time_zone, payload.language), owner=owner)
    provision(workspace)
    return Status(201, MyWorkspaceOut(id=workspace.id, name=workspace.name, role=Role.OWNER))


@router.get("/workspace", response=WorkspaceOut)
@needs(Role.VIEWER)
def read_workspace(request: Request) -> Workspace:
    return Workspace.objects.get(id=request.caller.workspace_id)


@router.patch("/workspace", response=WorkspaceOut)
@needs(Role.ADMIN)
def change_workspace(request: Request, payload: WorkspaceChange) -> Workspace:
    """`retention_months` replaces what was set."""
    changes = payload.model_dump(exclude_none=True)
    return edit_workspace(workspace_id=request.caller.workspace_id, changes=changes)


def _me(request: Request) -> dict[str, Any]:
    caller = request.caller
    assert caller.user_id is not None
    return {
        "user": request.user,
        "workspace": Workspace.objects.get(id=caller.workspace_id),
        "role": caller.role,
        "workspaces": [MyWorkspaceOut(id=found.id, name=found.name, role=found.role) for found in workspaces_of(caller.user_id)],
        "live": is_live(caller.workspace_id),
    }
