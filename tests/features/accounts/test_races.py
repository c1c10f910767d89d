"""What two people do at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection
from tests.factories import make_invitation, make_member, make_workspace

from textfirst.accounts.actions.invitations import accept_as_new
from textfirst.accounts.actions.team import change_role
from textfirst.accounts.models import Membership, User
from textfirst.accounts.types import Caller, Role
from textfirst.core.errors import TextfirstError
from textfirst.database.scope import enter_workspace, leave_workspace, workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """What came of each: `done`, or the code of its error."""
    outcomes: list[str] = []
    together = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> None:
        try:
            together.wait(5)
            deed()
            outcomes.append("done")
        except TextfirstError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return sorted(outcomes)


def test_two_owners_cannot_unmake_each_other():
    workspace = make_workspace()
    one, two = make_member(workspace, "owner"), make_member(workspace, "owner")

    def unmake(by: Membership, whom: Membership) -> None:
        enter_workspace(workspace.id)
        caller = Caller(workspace_id=workspace.id, user_id=by.user_id, role=Role.OWNER)
        change_role(caller=caller, membership_id=whom.id, role=Role.AGENT)
        leave_workspace()

    assert at_once(lambda: unmake(one, two), lambda: unmake(two, one)) == ["done", "last_owner"]
    with workspace_scope(workspace.id):
        assert sorted(Membership.objects.values_list("role", flat=True)) == ["agent", "owner"]


def test_an_invitation_opened_twice_lets_one_in():
    workspace = make_workspace()
    make_invitation(workspace, "new@example.com", token="t" * 32)

    def accept() -> None:
        accept_as_new(token="t" * 32, name="Nikos", password="a long enough one", language="en", now=datetime.now(UTC))

    assert at_once(accept, accept, accept) == ["done", "invitation_gone", "invitation_gone"]
    with workspace_scope(workspace.id):
        assert (User.objects.count(), Membership.objects.count()) == (1, 1)
