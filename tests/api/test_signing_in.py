"""allauth's own addresses, as the web app uses them, in our installation: mail, limits, second factor, sessions."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client
from tests.api.conftest import Caller
from tests.factories import make_member
from tests.factories.accounts import PASSWORD

from textfirst.accounts.models import User

AUTH = "/_allauth/browser/v1"
SETUP = {
    "workspace_name": "Blue Door Dental", "country": "GR", "time_zone": "Europe/Athens", "name": "Eleni", "email": "eleni@example.com",
    "password": "a long enough one",
}  # fmt: skip


class Browser(Client):
    def call(self, method: str, path: str, body: dict | None = None, **headers: str):
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self, method)(f"{AUTH}{path}", headers=headers, **content)

    def login(self, email: str, password: str = PASSWORD):
        return self.call("post", "/auth/login", {"email": email, "password": password})


@pytest.fixture
def browser() -> Browser:
    return Browser()


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_signing_in_and_out(browser, workspace):
    user = make_member(workspace).user
    assert browser.login(user.email.upper()).status_code == 200
    assert browser.get("/api/v1/me").json()["user"]["email"] == user.email
    assert browser.call("delete", "/auth/session").status_code == 401  # allauth's way to say: nobody is signed in any more
    assert browser.get("/api/v1/me").status_code == 401


def test_a_wrong_password_and_an_unknown_address_get_one_answer(browser, workspace):
    user = make_member(workspace).user
    answers = [browser.login(email, "wrong password") for email in (user.email, "nobody@example.com")]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]


def test_guessing_is_stopped(browser, workspace):
    user = make_member(workspace).user
    answers = [browser.login(user.email, f"guess {number}") for number in range(6)]
    assert {answer.json()["errors"][0]["code"] for answer in answers[:5]} == {"email_password_mismatch"}
    assert answers[5].json()["errors"][0]["code"] == "too_many_login_attempts"
    assert browser.login(user.email).status_code == 400, "the right password does not help while the limit holds"


def test_nobody_signs_up_by_themselves(browser, db):
    answer = browser.call("post", "/auth/signup", {"email": "mallory@example.com", "password": "a long enough one"})
    assert (answer.status_code, User.objects.count()) == (403, 0)


def test_a_password_is_reset_by_mail(browser, workspace):
    user = make_member(workspace).user
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    browser.call("post", "/auth/password/request", {"email": user.email})
    message = mail.outbox[0]
    key = re.search(r"/password/reset/key/(\S+)", message.body)[1]
    assert message.body.count("http") == message.body.count("http://localhost:8000/password/reset/key/"), (
        "links lead to our own address whatever the Host said"
    )
    answer = browser.call("post", "/auth/password/reset", {"key": key, "password": "another good one"})
    assert answer.status_code == 401  # set, and nobody is signed in
    assert browser.login(user.email, "another good one").status_code == 200
    assert browser.call("post", "/auth/password/reset", {"key": key, "password": "yet another one"}).status_code != 200


def test_a_reset_link_ignores_a_forged_host(browser, workspace):
    user = make_member(workspace).user
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    browser.call("post", "/auth/password/request", {"email": user.email}, Host="mallory.example", X_Forwarded_Host="mallory.example")
    assert "mallory" not in mail.outbox[0].body + mail.outbox[0].subject


def test_a_weak_new_password_is_refused(browser, workspace):
    user = make_member(workspace).user
    browser.login(user.email)
    answer = browser.call("post", "/account/password/change", {"current_password": PASSWORD, "new_password": "short"})
    assert (answer.status_code, answer.json()["errors"][0]["param"]) == (400, "new_password")


def test_a_changed_password_ends_the_other_sessions(workspace):
    user = make_member(workspace).user
    here, there = Browser(), Browser()
    here.login(user.email), there.login(user.email)
    assert (
        here.call("post", "/account/password/change", {"current_password": PASSWORD, "new_password": "another good one"}).status_code == 200
    )
    assert (here.get("/api/v1/me").status_code, there.get("/api/v1/me").status_code) == (200, 401)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["change", "reset"])
def test_a_new_password_ends_open_streams(workspace, listen, way):
    """A stream asks nothing of the console any more, so its session must be seen to end."""
    user = make_member(workspace).user
    here, there = Browser(), Browser()
    here.login(user.email), there.login(user.email)
    theirs, mine = there.session.session_key, here.session.session_key
    if way == "reset":
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        here = Browser()
        here.call("post", "/auth/password/request", {"email": user.email})
        key = re.search(r"/password/reset/key/(\S+)", mail.outbox[-1].body)[1]
    heard = listen("textfirst_sessions")
    if way == "reset":
        here.call("post", "/auth/password/reset", {"key": key, "password": "another good one"})
    else:
        here.call("post", "/account/password/change", {"current_password": PASSWORD, "new_password": "another good one"})
    assert {theirs, mine} <= set(heard())
    assert here.get("/api/v1/me").status_code == (401 if way == "reset" else 200)


def test_the_owner_turns_on_a_second_factor_and_gets_in_with_it(db):
    owner = Caller()
    owner.post("/setup", SETUP)
    here = Browser()
    here.cookies = owner.client.cookies
    secret = here.call("get", "/account/authenticators/totp").json()["meta"]["secret"]
    assert here.call("post", "/account/authenticators/totp", {"code": code_for(secret)}).status_code == 401, "first be sure who sits there"
    assert here.call("post", "/auth/reauthenticate", {"password": "a long enough one"}).status_code == 200
    assert here.call("post", "/account/authenticators/totp", {"code": code_for(secret)}).status_code == 200
    recovery = here.call("get", "/account/authenticators/recovery-codes").json()["data"]["unused_codes"]
    assert len(recovery) == 10

    there = Browser()
    pending = there.login("eleni@example.com", "a long enough one")
    assert (pending.status_code, there.get("/api/v1/me").status_code) == (401, 401)
    assert there.call("post", "/auth/2fa/authenticate", {"code": "000000"}).status_code == 400
    assert there.call("post", "/auth/2fa/authenticate", {"code": recovery[0]}).status_code == 200
    assert there.get("/api/v1/me").status_code == 200

    again = Browser()
    again.login("eleni@example.com", "a long enough one")
    assert again.call("post", "/auth/2fa/authenticate", {"code": recovery[0]}).status_code == 400, "a recovery code works once"


def test_somebody_invited_may_turn_it_on_too(api, workspace):
    from tests.factories import make_invitation

    make_invitation(workspace, "new@example.com", token="t" * 32)
    guest = api.nobody
    guest.post(f"/invitations/{'t' * 32}", {"name": "Nikos", "password": "a long enough one"})
    here = Browser()
    here.cookies = guest.client.cookies
    secret = here.call("get", "/account/authenticators/totp").json()["meta"]["secret"]
    assert here.call("post", "/account/authenticators/totp", {"code": code_for(secret)}).status_code == 401, "first be sure who sits there"
    assert here.call("post", "/auth/reauthenticate", {"password": "a long enough one"}).status_code == 200
    assert here.call("post", "/account/authenticators/totp", {"code": code_for(secret)}).status_code == 200


def test_sessions_are_listed_and_ended(workspace):
    user = make_member(workspace).user
    here, there = Browser(), Browser()
    here.login(user.email), there.login(user.email)
    sessions = here.call("get", "/auth/sessions", X_Forwarded_For="192.0.2.7").json()["data"]
    assert sorted(session["is_current"] for session in sessions) == [False, True]
    other = [session["id"] for session in sessions if not session["is_current"]]
    here.call("delete", "/auth/sessions", {"sessions": other})
    assert (here.get("/api/v1/me").status_code, there.get("/api/v1/me").status_code) == (200, 401)


def test_the_address_of_a_session_is_the_one_the_front_saw(workspace):
    user = make_member(workspace).user
    here = Browser()
    here.call("post", "/auth/login", {"email": user.email, "password": PASSWORD}, X_Forwarded_For="198.51.100.9, 192.0.2.7")
    seen = here.call("get", "/auth/sessions", X_Forwarded_For="198.51.100.9, 192.0.2.7").json()["data"]
    assert {session["ip"] for session in seen} == {"192.0.2.7"}


def test_activity_is_noted_once_a_minute(workspace, django_assert_max_num_queries):
    user = make_member(workspace).user
    here = Browser()
    here.login(user.email)
    here.get("/api/v1/workspace")
    with django_assert_max_num_queries(14) as queries:
        here.get("/api/v1/workspace")
    assert not any("usersession" in query["sql"] for query in queries.captured_queries)
