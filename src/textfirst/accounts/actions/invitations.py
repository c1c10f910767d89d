"""Inviting somebody, and coming in."""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import QuerySet

from textfirst.accounts.actions.people import clean_email, create_user
from textfirst.accounts.actions.team import OWNERS_ONLY
from textfirst.accounts.adapters.mail import MailFailed
from textfirst.accounts.models import Invitation, Membership, User, Workspace
from textfirst.accounts.queries import FoundInvitation, find_invitation, user_by_email
from textfirst.accounts.rules import may_give, secret_hash
from textfirst.accounts.types import Caller, Role
from textfirst.core.errors import Conflict, NotAllowed, NotFound
from textfirst.core.words import in_language, say
from textfirst.database.scope import workspace_scope
from textfirst.events.actions import record_one

log = logging.getLogger(__name__)

TOKEN_BYTES = 24  # 192 random bits
INVITATION_LIFE = timedelta(days=7)
GONE = "This invitation is used, withdrawn or too old. Ask for a new one."
MEMBER_ALREADY = "This person is in the workspace already."


@dataclass(frozen=True, slots=True)
class Invited:
    invitation: Invitation
    link: str  # the only time it can be read
    mailed: bool


def invite(*, caller: Caller, email: str, role: Role, now: datetime) -> Invited:
    """Offer a place by e-mail; an earlier offer to the same address ends. The mail leaves after the commit, and its failure is only told."""
    if caller.role is None or not may_give(caller.role, role):
        raise NotAllowed(OWNERS_ONLY)
    address = clean_email(email)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        if Membership.objects.of(caller.workspace_id).filter(user__email=address).exists():
            raise Conflict(MEMBER_ALREADY, code="member_exists", fields={"email": MEMBER_ALREADY})
        open_invitations(caller.workspace_id, now).filter(email=address).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            workspace_id=caller.workspace_id, email=address, role=role.value, token_hash=secret_hash(token),
            invited_by_id=caller.user_id, expires_at=now + INVITATION_LIFE,
        )  # fmt: skip
        record_one(caller.workspace_id, "team.updated", invitation.id)
    link = f"{settings.PROCESS.url}/invite/{token}"
    return Invited(invitation, link, _mail(caller, address, link))


def open_invitations(workspace_id: UUID, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.of(workspace_id).filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


def withdraw(*, workspace_id: UUID, invitation_id: UUID, now: datetime) -> None:
    """The link opens nothing any more."""
    with transaction.atomic():
        if not open_invitations(workspace_id, now).filter(id=invitation_id).update(withdrawn_at=now):
            raise NotFound("There is no such open invitation.")
        record_one(workspace_id, "team.updated", invitation_id)


def read_invitation(*, token: str, now: datetime) -> FoundInvitation:
    """The open invitation with this token; raises NotFound for every other, without saying which kind."""
    found = find_invitation(secret_hash(token), now)
    if found is None:
        raise NotFound(GONE, code="invitation_gone")
    return found


def accept_as_new(*, token: str, name: str, password: str, language: str, now: datetime) -> User:
    """Come in as somebody without an account. The token came by mail to the address, so the address counts as theirs."""
    found = read_invitation(token=token, now=now)
    with workspace_scope(found.workspace_id):
        _take(found, now)  # first, so that of two at once the slower finds it gone
        user = create_user(name=name, email=found.email, password=password, language=language, verified=True)
        _join(found, user)
    return user


def accept_as(*, token: str, user: User, now: datetime) -> None:
    """Come in with an account that has shown to be theirs; it must be the invited one."""
    found = read_invitation(token=token, now=now)
    if user != user_by_email(found.email):
        raise Conflict("This invitation is for another e-mail address. Sign out and open it again.", code="other_account")
    with workspace_scope(found.workspace_id):
        _take(found, now)
        _join(found, user)


def _take(found: FoundInvitation, now: datetime) -> None:
    """One use only: whoever updates the row has it."""
    if not open_invitations(found.workspace_id, now).filter(id=found.id).update(accepted_at=now):
        raise NotFound(GONE, code="invitation_gone")


def _join(found: FoundInvitation, user: User) -> None:
    """A member already keeps the role they have."""
    Membership.objects.get_or_create(workspace_id=found.workspace_id, user=user, defaults={"role": found.role.value})
    record_one(found.workspace_id, "team.updated", found.id)


def _mail(caller: Caller, address: str, link: str) -> bool:
    workspace = Workspace.objects.get(id=caller.workspace_id)
    inviter = User.objects.filter(id=caller.user_id).first() if caller.user_id else None
    who = (inviter.name or inviter.email) if inviter else workspace.name
    subject = say("{who} invites you to {workspace}", who=who, workspace=workspace.name)
    body = say(
        "{who} invites you to text with customers in {workspace}.\n\nOpen this link to come in. It works once, for seven days:\n{link}\n",
        who=who, workspace=workspace.name, link=link,
    )  # fmt: skip
    message = EmailMessage(_one_line(in_language(subject, workspace.language)), in_language(body, workspace.language), to=[address])
    try:
        message.send()
    except MailFailed as error:
        log.warning("invitation not mailed", extra={"problem": error.detail})
        return False
    return True


def _one_line(subject: str) -> str:
    """Names are what people typed; a header takes no line breaks."""
    return " ".join(subject.split())
