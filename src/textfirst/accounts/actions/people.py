"""Users: global, for one person may work in several workspaces."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from textfirst.accounts.models import User
from textfirst.accounts.queries import user_by_email
from textfirst.accounts.rules import place_problems
from textfirst.core.errors import Conflict, InvalidInput

NO_ADDRESS = "This is not an e-mail address."


def create_user(*, name: str, email: str, password: str, language: str = "en", verified: bool) -> User:
    """A person with a password. `verified` says that the address has shown to be theirs, which a second factor asks for.

    Raises InvalidInput for an address or password that cannot be used, Conflict when the address has an account.
    """
    address = clean_email(email)
    if user_by_email(address) is not None:
        raise Conflict(
            "This e-mail address has an account already.",
            code="user_exists",
            fields={"email": "This e-mail address has an account already."},
        )
    user = User(email=address, name=name, language=language)
    check_password(password, user)
    with transaction.atomic():
        user.set_password(password)
        user.save()
        EmailAddress.objects.create(user=user, email=address, primary=True, verified=verified)
    return user


def edit_user(*, user_id: UUID, changes: dict[str, Any]) -> User:
    """Set name or language of a person."""
    problems = place_problems(language=changes.get("language"))
    if problems:
        raise InvalidInput("Some of this cannot be used.", fields=problems)
    user = User.objects.get(id=user_id)
    for name, value in changes.items():
        setattr(user, name, value)
    user.save(update_fields=list(changes))
    return user


def clean_email(text: str) -> str:
    """The address in the form it is kept; raises InvalidInput when it cannot be one."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise InvalidInput(NO_ADDRESS, code="email_invalid", fields={"email": NO_ADDRESS}) from None
    return address


def check_password(password: str, user: User) -> None:
    """Raises InvalidInput with Django's own words, which come in the reader's language."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        words = " ".join(error.messages)
        raise InvalidInput(words, code="password_weak", fields={"password": words}) from None
