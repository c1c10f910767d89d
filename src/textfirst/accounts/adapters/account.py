"""What allauth asks of us: nobody signs up by themselves; people come by the setup page or an invitation."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from textfirst.accounts.adapters.mail import MailFailed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Site:
    """Who mails speak for."""

    name: str
    domain: str


def _site() -> Site:
    return Site("Textfirst", urlsplit(settings.PROCESS.url).netloc)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is not typed
    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's own shape
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Names our own address, never the Host a stranger sent: allauth would write that into the mail.

        A mail that cannot leave is an operator's matter: the answer must not tell a stranger whether the address is known.
        """
        try:
            super().send_mail(template_prefix, email, {**context, "current_site": _site()})
        except MailFailed as error:
            log.error("mail not sent", extra={"mail": template_prefix, "problem": error.detail})  # noqa: TRY400 - the words say it; no trace

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """A new password ends every other session at once, open streams too: whoever stole one must not go on listening."""
        super().set_password(user, password)
        request = current.request
        keys = UserSession.objects.filter(user_id=user.pk).exclude(session_key=request.session.session_key or "")
        Session.objects.filter(session_key__in=keys.values("session_key")).delete()
        keys.delete()
