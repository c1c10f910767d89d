"""The mail seam: every mail of ours leaves here.

With mail settings it goes to their SMTP server. Without, it is kept as an `.eml` file in the mail folder, and the log says so without
its content: that is how a fresh installation resets a password. Other transports (anymail's) take this backend's place in `EMAIL_BACKEND`.
"""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection

from textfirst.core.errors import TextfirstError
from textfirst.core.ids import new_id
from textfirst.database.keys import box

log = logging.getLogger(__name__)

PATIENCE = 10  # seconds for each step with the server
SETTING = "mail"  # its key in instance_setting


class MailFailed(TextfirstError):
    """The server did not take a mail; `detail` is what it said, in its own words."""

    status = 502
    code = "mail_failed"

    def __init__(self, detail: str) -> None:
        super().__init__("The mail server did not take the message.")
        self.detail = detail


@dataclass(frozen=True, slots=True)
class MailSettings:
    """How mail leaves this installation. `secret` is the password, encrypted."""

    host: str
    port: int
    security: str = "starttls"  # none | starttls | tls
    username: str = ""
    secret: str = ""
    from_address: str = ""


def read_mail_settings() -> MailSettings | None:
    """None while nobody has set mail up."""
    with connection.cursor() as cursor:
        cursor.execute("select value from instance_setting where key = %s", [SETTING])
        row = cursor.fetchone()
    return MailSettings(**json.loads(row[0])) if row else None


def write_mail_settings(mail: MailSettings | None) -> None:
    """None goes back to keeping mails as files."""
    with connection.cursor() as cursor:
        if mail is None:
            cursor.execute("delete from instance_setting where key = %s", [SETTING])
        else:
            cursor.execute(
                "insert into instance_setting (key, value) values (%s, %s)"
                " on conflict (key) do update set value = excluded.value, updated_at = now()",
                [SETTING, json.dumps(asdict(mail))],
            )  # fmt: skip


def seal_password(password: str) -> str:
    return box(settings.PROCESS.keys_file).encrypt(password.encode()).decode() if password else ""


def open_password(secret: str) -> str:
    """Raises MailFailed when the keys that sealed it are not here."""
    try:
        return box(settings.PROCESS.keys_file).decrypt(secret.encode()).decode() if secret else ""
    except InvalidToken:
        raise MailFailed("The password was encrypted with keys that are not here. Enter it again, or restore the key file.") from None


class MailBackend(BaseEmailBackend):
    """Django's mail backend: the configured server, else the folder. Raises MailFailed."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        mail = read_mail_settings()
        if mail is None:
            return keep(email_messages, settings.PROCESS.mail)
        return send(email_messages, mail)


def send(messages: Sequence[EmailMessage], mail: MailSettings) -> int:
    """Hand messages to the SMTP server; raises MailFailed with the server's own words."""
    for message in messages:
        if mail.from_address and message.from_email == settings.DEFAULT_FROM_EMAIL:
            message.from_email = mail.from_address
    try:
        with closing(_smtp(mail)) as server:  # Django leaves the connection open when the login is refused
            return server.send_messages(messages) or 0
    except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
        raise MailFailed(_said(error)) from error


def _smtp(mail: MailSettings) -> EmailBackend:
    return EmailBackend(
        host=mail.host, port=mail.port, username=mail.username, password=open_password(mail.secret),
        use_tls=mail.security == "starttls", use_ssl=mail.security == "tls", timeout=PATIENCE,
    )  # fmt: skip


def _said(error: Exception) -> str:
    """The server's words: `535 5.7.8 Authentication failed`, or the network's when it said nothing."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{address}: {code} {_text(words)}" for address, (code, words) in error.recipients.items())
    if isinstance(error, TimeoutError):
        return f"No answer within {PATIENCE} seconds."
    return str(error) or type(error).__name__


def _text(words: Any) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def keep(messages: Sequence[EmailMessage], folder: Path) -> int:
    """Write messages as files only we can read: they carry links that open accounts."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for message in messages:
        path = folder / f"{new_id()}.eml"
        path.touch(mode=0o600)
        path.write_bytes(message.message().as_bytes())
        log.info("mail kept as a file, for no mail server is set", extra={"file": str(path)})
    return len(messages)
