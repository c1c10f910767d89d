"""Who is in a workspace and as what."""

from __future__ import annotations

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import connection, transaction

from textfirst.accounts.models import Membership
from textfirst.accounts.rules import leaves_no_owner, may_give
from textfirst.accounts.types import Caller, Role
from textfirst.core.errors import Conflict, NotAllowed, NotFound
from textfirst.events.actions import record_one

LAST_OWNER = "A workspace needs an owner. Make somebody else an owner first."
OWNERS_ONLY = "Only an owner can make or unmake owners."


def change_role(*, caller: Caller, membership_id: UUID, role: Role) -> Membership:
    """Give a member another role. Raises NotAllowed when it is not the caller's to give, Conflict for the last owner."""
    with transaction.atomic():
        member, others = _locked(caller.workspace_id, membership_id)
        _check(caller, member, role)
        if leaves_no_owner(others, was=Role(member.role), becomes=role):
            raise Conflict(LAST_OWNER, code="last_owner")
        member.role = role.value
        member.save(update_fields=["role"])
        record_one(caller.workspace_id, "team.updated", member.id)
    return member


def remove_member(*, caller: Caller, membership_id: UUID) -> None:
    """Take a member out, or leave oneself; their open streams end at once. Raises NotAllowed and Conflict as `change_role`."""
    with transaction.atomic():
        member, others = _locked(caller.workspace_id, membership_id)
        if member.user_id != caller.user_id:
            _check(caller, member, Role.VIEWER)
        if leaves_no_owner(others, was=Role(member.role), becomes=None):
            raise Conflict(LAST_OWNER, code="last_owner")
        member.delete()
        _end_streams(member.user_id)
        record_one(caller.workspace_id, "team.updated", membership_id)


def _locked(workspace_id: UUID, membership_id: UUID) -> tuple[Membership, list[Role]]:
    """The member and the roles of all others, held still until the transaction ends: two owners cannot unmake each other."""
    members = {member.id: member for member in Membership.objects.of(workspace_id).order_by("id").select_for_update()}
    member = members.pop(membership_id, None)
    if member is None:
        raise NotFound("There is no such member in this workspace.")
    return member, [Role(other.role) for other in members.values()]


def _check(caller: Caller, member: Membership, role: Role) -> None:
    assert caller.role is not None  # operations on the team take no keys
    if not may_give(caller.role, role) or not may_give(caller.role, Role(member.role)):
        raise NotAllowed(OWNERS_ONLY)


def _end_streams(user_id: UUID) -> None:
    """The front asks for membership when a stream opens, so ending the streams is enough; those of other workspaces open anew."""
    keys = list(UserSession.objects.filter(user_id=user_id).values_list("session_key", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify('textfirst_sessions', key) from unnest(%s::text[]) as key", [keys])
