"""How mail leaves this installation. For the owners of its first workspace: whoever holds the mail server holds every password reset."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from textfirst.accounts.actions.mail import set_mail, try_mail
from textfirst.accounts.adapters.mail import MailSettings, read_mail_settings
from textfirst.accounts.queries import is_operator
from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.router import Router
from textfirst.core.errors import NotAllowed

router = Router(tags=["mail"])

Security = Literal["none", "starttls", "tls"]


class MailOut(Schema):
    host: str
    port: int
    security: Security
    username: str
    from_address: str
    has_password: bool
    configured: Annotated[bool, Field(description="False keeps mails as files in the mail folder.")]


class MailIn(Schema, extra="forbid"):
    host: Annotated[str, Field(max_length=253, description="Empty goes back to keeping mails as files.")]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Security = "starttls"
    username: Annotated[str, Field(max_length=254)] = ""
    password: Annotated[str | None, Field(max_length=1000, description="Never read back; leave it out to keep it.")] = None
    from_address: Annotated[str, Field(max_length=320, examples=["Blue Door Dental <texts@example.com>"])] = ""


class MailTestIn(Schema, extra="forbid"):
    to: Annotated[str, Field(max_length=254)]


class MailTestOut(Schema):
    ok: bool
    detail: Annotated[str, Field(description="The mail server's own words when it refused.")]


@router.get("/mail", response=MailOut)
@needs(Role.OWNER)
def read_mail(request: Request) -> dict[str, Any]:
    _operators_only(request)
    return _shown(read_mail_settings())


@router.put("/mail", response=MailOut)
@needs(Role.OWNER)
def change_mail(request: Request, payload: MailIn) -> dict[str, Any]:
    _operators_only(request)
    return _shown(set_mail(**payload.model_dump()))


@router.post("/mail/test", response=MailTestOut)
@needs(Role.OWNER)
def test_mail(request: Request, payload: MailTestIn) -> MailTestOut:
    """Sends a mail by the settings as they are kept."""
    _operators_only(request)
    tested = try_mail(to=payload.to)
    return MailTestOut(ok=tested.ok, detail=tested.detail)


def _operators_only(request: Request) -> None:
    if request.caller.user_id is None or not is_operator(request.caller.user_id):
        raise NotAllowed("Mail belongs to the whole installation: only an owner of its first workspace may see to it.")


def _shown(mail: MailSettings | None) -> dict[str, Any]:
    facts = mail or MailSettings(host="", port=587)
    return {
        "host": facts.host, "port": facts.port, "security": facts.security, "username": facts.username,
        "from_address": facts.from_address, "has_password": bool(facts.secret), "configured": mail is not None,
    }  # fmt: skip
