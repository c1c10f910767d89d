"""The team: members, their roles, invitations."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from textfirst.accounts.actions.invitations import accept_as, accept_as_new, invite, open_invitations, read_invitation, withdraw
from textfirst.accounts.actions.team import change_role, remove_member
from textfirst.accounts.models import Invitation, Membership, User
from textfirst.accounts.queries import last_seen, members, user_by_email
from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs, public
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.api.signing_in import check_password, sign_in, wants_second_factor
from textfirst.core.errors import InvalidInput

router = Router(tags=["team"])


class MemberOut(Schema):
    id: UUID
    user_id: UUID
    name: str
    email: str
    role: Role
    last_seen_at: datetime | None


class InvitationOut(Schema):
    id: UUID
    email: str
    role: Role
    expires_at: datetime


class TeamOut(Schema):
    members: list[MemberOut]
    invitations: list[InvitationOut]


class RoleIn(Schema, extra="forbid"):
    role: Role


class InvitationIn(Schema, extra="forbid"):
    email: Annotated[str, Field(max_length=254)]
    role: Role = Role.AGENT


class InvitedOut(InvitationOut):
    link: Annotated[str, Field(description="Opens the invitation; shown this once.")]
    mailed: Annotated[bool, Field(description="False when the mail could not be sent: hand the link over yourself.")]


class OpenInvitationOut(Schema):
    workspace_name: str
    email: str
    role: Role
    has_account: Annotated[bool, Field(description="Then the account's password opens it, and no name is asked.")]


class AcceptIn(Schema, extra="forbid"):
    name: Annotated[str, Field(max_length=100)] = ""
    password: Annotated[str, Field(max_length=1000)] = ""


class AcceptedOut(Schema):
    signed_in: Annotated[bool, Field(description="False when the account has a second factor: sign in with it.")]


@router.get("/team", response=TeamOut)
@needs(Role.VIEWER)
def read_team(request: Request) -> dict[str, Any]:
    """Everybody in the workspace; open invitations too, for those who may invite."""
    caller = request.caller
    team = list(members(caller.workspace_id))
    seen = last_seen([member.user_id for member in team])
    invited = (
        open_invitations(caller.workspace_id, datetime.now(UTC)).order_by("-id") if caller.role and caller.role.covers(Role.ADMIN) else []
    )
    return {"members": [_member(member, seen) for member in team], "invitations": [_invitation(invitation) for invitation in invited]}


@router.patch("/team/members/{member_id}", response=MemberOut)
@needs(Role.ADMIN)
def change_member(request: Request, member_id: UUID, payload: RoleIn) -> MemberOut:
    """Only owners make and unmake owners; the last owner stays one (409 `last_owner`)."""
    member = change_role(caller=request.caller, membership_id=member_id, role=payload.role)
    return _member(member, last_seen([member.user_id]))


@router.delete("/team/members/{member_id}", response={204: None})
@needs(Role.VIEWER)
def remove_team_member(request: Request, member_id: UUID) -> Status[None]:
    """Anybody may leave; admins take others out."""
    remove_member(caller=request.caller, membership_id=member_id)
    return Status(204, None)


@router.post("/team/invitations", response={201: InvitedOut})
@needs(Role.ADMIN)
def create_invitation(request: Request, payload: InvitationIn) -> Status[InvitedOut]:
    """Mails a link that works once, for seven days; an earlier one to the same address ends."""
    invited = invite(caller=request.caller, email=payload.email, role=payload.role, now=datetime.now(UTC))
    facts = _invitation(invited.invitation).model_dump()
    return Status(201, InvitedOut(**facts, link=invited.link, mailed=invited.mailed))


@router.delete("/team/invitations/{invitation_id}", response={204: None})
@needs(Role.ADMIN)
def withdraw_invitation(request: Request, invitation_id: UUID) -> Status[None]:
    withdraw(workspace_id=request.caller.workspace_id, invitation_id=invitation_id, now=datetime.now(UTC))
    return Status(204, None)


@router.get("/invitations/{token}", response=OpenInvitationOut)
@public
def read_open_invitation(request: HttpRequest, token: str) -> OpenInvitationOut:  # noqa: ARG001 - ninja's shape
    """What the link offers; 404 `invitation_gone` when it is used, withdrawn or too old."""
    found = read_invitation(token=token, now=datetime.now(UTC))
    return OpenInvitationOut(
        workspace_name=found.workspace_name, email=found.email, role=found.role, has_account=user_by_email(found.email) is not None
    )


@router.post("/invitations/{token}", response=AcceptedOut)
@public
def accept_invitation(request: HttpRequest, token: str, payload: AcceptIn) -> dict[str, bool]:
    """Joins the workspace and signs in: with a new account (`name`, `password`), the account's password, or as who is signed in already."""
    now = datetime.now(UTC)
    found = read_invitation(token=token, now=now)
    account = user_by_email(found.email)
    if account is None:
        sign_in(
            request,
            accept_as_new(token=token, name=_name(payload.name), password=payload.password, language=reader_language(request), now=now),
        )
    elif request.user.is_authenticated:
        accept_as(token=token, user=request.user, now=now)
    else:
        accept_as(token=token, user=check_password(request, email=account.email, password=payload.password), now=now)
        if not wants_second_factor(account):
            sign_in(request, account)
    return {"signed_in": request.user.is_authenticated}


def _name(text: str) -> str:
    if not text.strip():
        raise InvalidInput("Some of this cannot be used.", fields={"name": "Write your name, so that your team knows you."})
    return text.strip()


def _member(member: Membership, seen: dict[UUID, datetime]) -> MemberOut:
    user: User = member.user
    return MemberOut(
        id=member.id, user_id=user.id, name=user.name, email=user.email, role=Role(member.role), last_seen_at=seen.get(user.id)
    )


def _invitation(invitation: Invitation) -> InvitationOut:
    return InvitationOut(id=invitation.id, email=invitation.email, role=Role(invitation.role), expires_at=invitation.expires_at)
