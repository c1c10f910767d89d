from __future__ import annotations

import contextlib
import json
import logging
import socketserver
import threading

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from tests.factories import make_member

from textfirst.accounts.adapters.mail import MailBackend, MailFailed, MailSettings, keep, send

WANTED = {
    "host": "127.0.0.1",
    "port": 2525,
    "security": "none",
    "username": "texts",
    "password": "very secret",
    "from_address": "Blue Door <texts@example.com>",
}


class SmtpServer(socketserver.ThreadingTCPServer):
    """As much of RFC 5321 as a mail takes; `answers` replaces what is said to a command."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.mails: list[str] = []
        super().__init__(("127.0.0.1", 0), _Session)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # a client that was refused just goes
            self.talk()

    def talk(self) -> None:
        self.say("220 stub")
        while line := self.rfile.readline().decode().strip():
            command = line.split(" ")[0].upper().split(":")[0]
            if command == "EHLO":
                self.say("250-stub\r\n250 AUTH PLAIN")
            elif command == "QUIT":
                return
            else:
                self.say(self.server.answers.get(command, {"AUTH": "235 ok", "DATA": "354 go on"}.get(command, "250 ok")))
                if command == "DATA":
                    self.server.mails.append(self.body())
                    self.say("250 taken")

    def body(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        return "\n".join(lines)

    def say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def smtp():
    opened = []

    def start(**answers: str) -> SmtpServer:
        server = SmtpServer(**answers)
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        opened.append(server)
        return server

    yield start
    for server in opened:
        server.shutdown()
        server.server_close()


def test_settings_are_kept_and_the_password_is_not_read_back(api):
    owner = api("owner")
    assert owner.get("/mail").json()["configured"] is False
    shown = owner.put("/mail", WANTED).json()
    assert shown == {**{k: v for k, v in WANTED.items() if k != "password"}, "has_password": True, "configured": True}
    with connection.cursor() as cursor:
        cursor.execute("select value::text from instance_setting where key = 'mail'")
        assert "very secret" not in cursor.fetchone()[0]


def test_the_password_stays_unless_it_would_go_elsewhere(api):
    owner = api("owner")
    owner.put("/mail", WANTED)
    without = {k: v for k, v in WANTED.items() if k != "password"}
    assert owner.put("/mail", {**without, "username": "other"}).json()["has_password"] is True
    moved = owner.put("/mail", {**without, "host": "mail.mallory.example"})
    assert (moved.status_code, list(moved.json()["fields"])) == (422, ["password"])


def test_an_empty_host_goes_back_to_files(api):
    owner = api("owner")
    owner.put("/mail", WANTED)
    assert owner.put("/mail", {"host": ""}).json()["configured"] is False


@pytest.mark.parametrize(
    ("change", "field"),
    [({"host": "a b"}, "host"), ({"port": 0}, "port"), ({"security": "ssl"}, "security"), ({"from_address": "me"}, "from_address")],
)
def test_what_is_no_setting(api, change, field):
    answer = api("owner").put("/mail", {**WANTED, **change})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_only_owners_of_the_first_workspace_see_to_mail(api, workspace, other_workspace):
    make_member(workspace, "owner")
    other_owner = api("owner", workspace=other_workspace)
    assert (api("admin").get("/mail").status_code, other_owner.get("/mail").status_code, other_owner.put("/mail", WANTED).status_code) == (
        403,
        403,
        403,
    )


def test_a_test_mail_arrives(api, smtp):
    server, owner = smtp(), api("owner")
    owner.put("/mail", {**WANTED, "port": server.server_address[1]})
    assert owner.post("/mail/test", {"to": "eleni@example.com"}).json() == {"ok": True, "detail": ""}
    assert "From: Blue Door <texts@example.com>" in server.mails[0]


@pytest.mark.parametrize(
    ("answers", "detail"),
    [
        ({"AUTH": "535 5.7.8 wrong password"}, "535 5.7.8 wrong password"),
        ({"RCPT": "550 no such mailbox"}, "eleni@example.com: 550 no such mailbox"),
        ({"MAIL": "553 not your address"}, "553 not your address"),
    ],
)
def test_a_refusal_is_told_in_the_servers_own_words(api, smtp, answers, detail):
    server, owner = smtp(**answers), api("owner")
    owner.put("/mail", {**WANTED, "port": server.server_address[1]})
    assert owner.post("/mail/test", {"to": "eleni@example.com"}).json() == {"ok": False, "detail": detail}


def test_a_server_that_is_not_there(api):
    owner = api("owner")
    owner.put("/mail", {**WANTED, "port": 9})
    assert "refused" in owner.post("/mail/test", {"to": "eleni@example.com"}).json()["detail"]


def test_a_test_without_settings(api):
    assert api("owner").post("/mail/test", {"to": "eleni@example.com"}).json()["code"] == "mail_not_set"


def test_without_a_server_mails_become_files(db, settings, tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        keep([EmailMessage("Subject", "the secret link", to=["eleni@example.com"])], tmp_path / "mail")
    (path,) = (tmp_path / "mail").iterdir()
    assert (path.stat().st_mode & 0o777, (tmp_path / "mail").stat().st_mode & 0o777) == (0o600, 0o700)
    assert "the secret link" in path.read_text()
    assert not any("secret link" in json.dumps(vars(record), default=str) for record in caplog.records)


def test_an_invitation_stands_though_its_mail_fails(api, settings, smtp):
    settings.EMAIL_BACKEND = "textfirst.accounts.adapters.mail.MailBackend"
    server, owner = smtp(MAIL="451 later"), api("owner")
    owner.put("/mail", {**WANTED, "port": server.server_address[1]})
    invited = owner.post("/team/invitations", {"email": "new@example.com", "role": "agent"})
    assert (invited.status_code, invited.json()["mailed"]) == (201, False)


def test_a_reset_answers_the_same_though_its_mail_fails(api, settings, smtp, client):
    settings.EMAIL_BACKEND = "textfirst.accounts.adapters.mail.MailBackend"
    server, owner = smtp(MAIL="451 later"), api("owner")
    owner.put("/mail", {**WANTED, "port": server.server_address[1]})
    answers = {
        client.post("/_allauth/browser/v1/auth/password/request", {"email": email}, content_type="application/json").status_code
        for email in (owner.user.email, "nobody@example.com")
    }
    assert answers == {200}


def test_a_failure_carries_the_cause(smtp):
    server = smtp(MAIL="451 later")
    with pytest.raises(MailFailed) as failed:
        send([EmailMessage("s", "b", to=["eleni@example.com"])], MailSettings("127.0.0.1", server.server_address[1], "none"))
    assert failed.value.detail == "451 later"


def test_the_backend_keeps_files_while_nothing_is_set(db, settings, tmp_path):
    from dataclasses import replace

    settings.PROCESS = replace(settings.PROCESS, home=tmp_path)
    assert MailBackend().send_messages([EmailMessage("s", "b", to=["eleni@example.com"])]) == 1
    assert len(list((tmp_path / "mail").iterdir())) == 1


def test_a_password_whose_keys_are_gone_is_told(api):
    owner = api("owner")
    owner.put("/mail", WANTED)
    with connection.cursor() as cursor:
        cursor.execute("update instance_setting set value = jsonb_set(value, '{secret}', '\"sealed elsewhere\"') where key = 'mail'")
    said = owner.post("/mail/test", {"to": "eleni@example.com"}).json()
    assert (said["ok"], "restore the key file" in said["detail"]) == (False, True)
