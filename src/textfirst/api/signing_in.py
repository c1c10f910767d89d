"""Signing in outside allauth's own addresses: after the setup and after an invitation."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import RateLimited
from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from textfirst.accounts.models import User
from textfirst.core.errors import InvalidInput, TooMany

WRONG = "This password does not fit the account."


def sign_in(request: HttpRequest, user: User) -> None:
    """A session for somebody who has just proved who they are, kept in allauth's books as any other."""
    get_adapter().login(request, user)
    record_authentication(request, user, method="password", email=user.email)


def wants_second_factor(user: User) -> bool:
    return bool(is_mfa_enabled(user))


def check_password(request: HttpRequest, *, email: str, password: str) -> User:
    """The account behind address and password, under allauth's own limit of attempts. Raises InvalidInput or TooMany."""
    try:
        user: User | None = get_adapter().authenticate(request, email=email, password=password)
    except (RateLimited, ValidationError):
        raise TooMany("Too many attempts. Wait a few minutes.") from None
    if user is None:
        raise InvalidInput(WRONG, code="password_wrong", fields={"password": WRONG})
    return user
