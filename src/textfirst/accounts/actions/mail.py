"""How mail leaves this installation: one setting for all workspaces."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.mail import EmailMessage

from textfirst.accounts.actions.people import clean_email
from textfirst.accounts.adapters.mail import MailFailed, MailSettings, read_mail_settings, seal_password, send, write_mail_settings
from textfirst.core.errors import InvalidInput

ASK_AGAIN = "Enter the password again: it would now be sent to another place."
NO_HOST = "Write the name of your mail server, such as smtp.example.com."


@dataclass(frozen=True, slots=True)
class Tested:
    ok: bool
    detail: str  # the server's own words when it refused


def set_mail(*, host: str, port: int, security: str, username: str, password: str | None, from_address: str) -> MailSettings | None:
    """Keep the settings; `password` None keeps the one there is, an empty host goes back to keeping mails as files."""
    if not host:
        write_mail_settings(None)
        return None
    if any(character.isspace() for character in host):
        raise InvalidInput(NO_HOST, fields={"host": NO_HOST})
    mail = MailSettings(host, port, security, username, _secret(host, port, security, password), _clean_from(from_address))
    write_mail_settings(mail)
    return mail


def _secret(host: str, port: int, security: str, password: str | None) -> str:
    """The password to keep. Whoever sends it elsewhere, or in the clear, must know it: or it could be drawn out."""
    if password is not None:
        return seal_password(password)
    before = read_mail_settings()
    if before is None or not before.secret:
        return ""
    if (before.host, before.port, before.security) != (host, port, security):
        raise InvalidInput(ASK_AGAIN, fields={"password": ASK_AGAIN})
    return before.secret


def _clean_from(text: str) -> str:
    """Empty, or an address; `Name <address>` is an address with a name."""
    name, bracket, rest = text.partition("<")
    if not text.strip():
        return ""
    if not bracket:
        return _email(text)
    return f"{' '.join(name.split())} <{_email(rest.rstrip().removesuffix('>'))}>"


def _email(text: str) -> str:
    try:
        return clean_email(text)
    except InvalidInput as error:
        raise InvalidInput(error.message, code=error.code, fields={"from_address": error.message}) from None


def try_mail(*, to: str) -> Tested:
    """Send a mail by the settings as they are and say what came of it."""
    address = clean_email(to)
    mail = read_mail_settings()
    if mail is None:
        raise InvalidInput("Set a mail server first.", code="mail_not_set")
    message = EmailMessage("A test from Textfirst", "If you can read this, mail leaves Textfirst as it should.", to=[address])
    try:
        send([message], mail)
    except MailFailed as error:
        return Tested(ok=False, detail=error.detail)
    return Tested(ok=True, detail="")
