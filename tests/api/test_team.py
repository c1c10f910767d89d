from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from tests.api.conftest import Caller
from tests.factories import make_invitation, make_member, make_user
from tests.factories.accounts import PASSWORD

from textfirst.accounts.models import Invitation, Membership
from textfirst.database.scope import workspace_scope


def members(caller: Caller) -> dict[str, str]:
    return {member["email"]: member["role"] for member in caller.get("/team").json()["members"]}


def test_the_team_is_seen_by_all_invitations_by_those_who_invite(api, workspace):
    owner, viewer = api("owner"), api("viewer")
    make_invitation(workspace, "new@example.com")
    assert [entry["email"] for entry in owner.get("/team").json()["invitations"]] == ["new@example.com"]
    seen = viewer.get("/team").json()
    assert (seen["invitations"], {entry["role"] for entry in seen["members"]}) == ([], {"owner", "viewer"})


@pytest.mark.parametrize(
    ("caller_role", "member_role", "new_role", "status"),
    [
        ("owner", "agent", "admin", 200),
        ("owner", "admin", "owner", 200),
        ("owner", "owner", "agent", 200),
        ("admin", "agent", "admin", 200),
        ("admin", "agent", "owner", 403),
        ("admin", "owner", "agent", 403),
        ("agent", "agent", "viewer", 403),
    ],
)
def test_who_may_give_which_role(api, workspace, caller_role, member_role, new_role, status):
    make_member(workspace, "owner")
    member = make_member(workspace, member_role)
    assert api(caller_role).patch(f"/team/members/{member.id}", {"role": new_role}).status_code == status


def test_the_last_owner_stays(api, workspace):
    owner = api("owner")
    own = next(entry for entry in owner.get("/team").json()["members"] if entry["role"] == "owner")
    for answer in (owner.patch(f"/team/members/{own['id']}", {"role": "admin"}), owner.delete(f"/team/members/{own['id']}")):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")
    make_member(workspace, "owner")
    assert owner.delete(f"/team/members/{own['id']}").status_code == 204


def test_anybody_may_leave_but_an_agent_cannot_take_others_out(api, workspace):
    agent = api("agent")
    other = make_member(workspace, "viewer")
    mine = next(entry for entry in agent.get("/team").json()["members"] if entry["user_id"] == str(agent.user.id))
    assert agent.delete(f"/team/members/{other.id}").status_code == 403
    assert agent.delete(f"/team/members/{mine['id']}").status_code == 204
    assert agent.get("/me").status_code == 404


def test_a_member_of_another_workspace_is_not_there(api, other_workspace):
    stranger = make_member(other_workspace, "agent")
    owner = api("owner")
    assert owner.delete(f"/team/members/{stranger.id}").status_code == 404
    assert owner.patch(f"/team/members/{stranger.id}", {"role": "admin"}).status_code == 404


def test_an_invitation_is_mailed_and_its_link_shown_once(api):
    answer = api("admin").post("/team/invitations", {"email": " New@Example.com ", "role": "agent"})
    invited = answer.json()
    assert (answer.status_code, invited["email"], invited["mailed"]) == (201, "new@example.com", True)
    assert invited["link"] in mail.outbox[0].body
    with workspace_scope(api.workspace.id):
        stored = Invitation.objects.get()
    assert invited["link"].rpartition("/")[2] not in str(vars(stored))


def test_an_admin_cannot_invite_an_owner(api):
    assert api("admin").post("/team/invitations", {"email": "new@example.com", "role": "owner"}).status_code == 403


def test_a_second_invitation_ends_the_first(api):
    admin = api("admin")
    links = [admin.post("/team/invitations", {"email": "new@example.com", "role": "agent"}).json()["link"] for _ in range(2)]
    tokens = [link.rpartition("/")[2] for link in links]
    assert [api.nobody.get(f"/invitations/{token}").status_code for token in tokens] == [404, 200]


def test_a_member_is_not_invited(api, workspace):
    member = make_member(workspace, "agent")
    assert api("admin").post("/team/invitations", {"email": member.user.email, "role": "agent"}).json()["code"] == "member_exists"


def test_somebody_new_comes_in(api, workspace):
    make_invitation(workspace, "new@example.com", "agent", token="t" * 32)
    guest = api.nobody
    assert guest.get(f"/invitations/{'t' * 32}").json() == {
        "workspace_name": "Blue Door Dental", "email": "new@example.com", "role": "agent", "has_account": False,
    }  # fmt: skip
    assert guest.post(f"/invitations/{'t' * 32}", {"name": "Nikos", "password": "a long enough one"}).json() == {"signed_in": True}
    assert guest.get("/me").json()["role"] == "agent"
    assert api.nobody.post(f"/invitations/{'t' * 32}", {"name": "Again", "password": "a long enough one"}).status_code == 404


def test_somebody_with_an_account_comes_in_with_its_password(api, workspace):
    user = make_user("known@example.com")
    make_invitation(workspace, "known@example.com", "viewer", token="t" * 32)
    guest = api.nobody
    assert guest.get(f"/invitations/{'t' * 32}").json()["has_account"] is True
    assert guest.post(f"/invitations/{'t' * 32}", {"password": "wrong"}).json()["code"] == "password_wrong"
    assert guest.post(f"/invitations/{'t' * 32}", {"password": PASSWORD}).json() == {"signed_in": True}
    with workspace_scope(workspace.id):
        assert Membership.objects.get(user=user).role == "viewer"


def test_guessing_the_password_is_stopped(api, workspace):
    make_user("known@example.com")
    make_invitation(workspace, "known@example.com", token="t" * 32)
    guest = api.nobody
    statuses = [guest.post(f"/invitations/{'t' * 32}", {"password": f"guess {number}"}).status_code for number in range(7)]
    assert (statuses[0], statuses[-1]) == (422, 429)


def test_a_second_factor_is_not_skipped(api, workspace):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = make_user("known@example.com")
    TOTP.activate(user, generate_totp_secret())
    make_invitation(workspace, "known@example.com", token="t" * 32)
    guest = api.nobody
    assert guest.post(f"/invitations/{'t' * 32}", {"password": PASSWORD}).json() == {"signed_in": False}
    assert guest.get("/me").status_code == 401


def test_an_invitation_is_for_its_address(api, workspace, other_workspace):
    make_user("known@example.com")
    make_invitation(workspace, "known@example.com", token="t" * 32)
    stranger = api("owner", workspace=other_workspace)
    assert stranger.post(f"/invitations/{'t' * 32}", {}).json()["code"] == "other_account"


@pytest.mark.parametrize("ended", ["expires_at", "withdrawn_at", "accepted_at"])
def test_an_ended_invitation_opens_nothing(api, workspace, ended):
    make_invitation(workspace, "new@example.com", token="t" * 32, **{ended: datetime.now(UTC) - timedelta(minutes=1)})
    assert api.nobody.get(f"/invitations/{'t' * 32}").json()["code"] == "invitation_gone"


def test_a_withdrawn_invitation(api, workspace, other_workspace):
    mine, foreign = make_invitation(workspace, "a@example.com", token="t" * 32), make_invitation(other_workspace, "b@example.com")
    admin = api("admin")
    assert admin.delete(f"/team/invitations/{foreign.id}").status_code == 404
    assert admin.delete(f"/team/invitations/{mine.id}").status_code == 204
    assert api.nobody.get(f"/invitations/{'t' * 32}").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_taking_somebody_out_ends_their_streams(api, listen):
    owner, agent = api("owner"), api("agent")
    agent.get("/me")
    member = next(entry for entry in owner.get("/team").json()["members"] if entry["role"] == "agent")
    heard = listen("textfirst_sessions")
    owner.delete(f"/team/members/{member['id']}")
    assert heard() == [agent.client.session.session_key]


@pytest.mark.django_db(transaction=True)
def test_signing_out_ends_streams(api, listen):
    agent = api("agent")
    key = agent.client.session.session_key
    heard = listen("textfirst_sessions")
    agent.client.delete("/_allauth/browser/v1/auth/session")
    assert heard() == [key]
    assert connection.connection is not None
