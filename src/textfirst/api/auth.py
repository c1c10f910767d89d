"""Who asks, and whether they may: session cookie with CSRF token, or Bearer key.

Each operation says what it needs in one line, and the router refuses an operation that does not:

    @router.get("/labels")
    @needs(Role.VIEWER, scope=Scope.CONTACTS_READ)     # people from viewer up, keys with that scope
    def list_labels(request: Request): ...

Without `scope` no key may call it; `@public` is for the few operations before anybody can sign in. Either way the connection is bound to the
caller's workspace before the operation runs; `WorkspaceMiddleware` takes the binding off.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from textfirst.accounts.queries import find_key, find_membership
from textfirst.accounts.types import Caller, Role, Scope
from textfirst.api.problems import reader_language
from textfirst.core.errors import NotAllowed, NotFound, TextfirstError
from textfirst.core.words import say
from textfirst.database.scope import enter_workspace

WORKSPACE_HEADER = "X-Workspace"
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})

F = TypeVar("F", bound=Callable[..., Any])


class Request(HttpRequest):
    """A request whose caller is known; for annotations only."""

    caller: Caller


class NotSignedIn(TextfirstError):
    status = 401
    code = "not_signed_in"


@dataclass(frozen=True, slots=True)
class Need:
    """What an operation asks of its caller; `role` None for a public one."""

    role: Role | None
    scope: Scope | None


def needs(role: Role, *, scope: Scope | str | None = None) -> Callable[[F], F]:
    """People with `role` or more; keys with `scope`, or none."""
    return _marked(Need(role, Scope(scope) if scope else None))


def public(view: F) -> F:
    """Anybody, signed in or not; browsers still send the CSRF token."""
    return _marked(Need(None, None))(view)


def _marked(need: Need) -> Callable[[F], F]:
    def mark(view: F) -> F:
        view.need = need  # type: ignore[attr-defined]
        return view

    return mark


def guards(need: Need) -> list[AuthBase]:
    """What ninja asks, in turn, before the operation."""
    if need.role is None:
        return [Anybody()]
    return [ApiKey(need), Session(need)]


class ApiKey(AuthBase):
    """`Authorization: Bearer tf_live_…`"""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "An API key, made under Settings, API keys. A test key's messages go to the simulator only."

    def __init__(self, need: Need) -> None:
        self.need = need
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller | None:
        """None when no key was sent; raises NotSignedIn for a wrong one, NotAllowed for one without the scope."""
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, secret = header.partition(" ")
        key = find_key(secret.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise NotSignedIn("This API key is not valid, or it was revoked. Make one under Settings, API keys.")
        caller = Caller(
            workspace_id=key.workspace_id, key_id=key.id, scopes=key.scopes, test=key.test, language=reader_language(request)
        )  # fmt: skip
        self._check(caller)
        return enter(request, caller)

    def _check(self, caller: Caller) -> None:
        if self.need.scope is None:
            raise NotAllowed("This is for people who are signed in; no API key can do it.")
        if self.need.scope not in caller.scopes:
            raise NotAllowed(say("This API key lacks the scope {scope}.", scope=self.need.scope.value), code="scope_missing")


class Session(AuthBase):
    """The session cookie of a signed-in person; changes also need the CSRF token in `X-CSRFToken`."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME
    openapi_description = "A signed-in person. Changes need the cookie `csrftoken` repeated in the header `X-CSRFToken`."

    def __init__(self, need: Need) -> None:
        self.need = need
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller | None:
        """None when nobody is signed in; raises NotFound for a foreign workspace, NotAllowed below the role."""
        if not request.user.is_authenticated:
            return None
        refuse_forgery(request)
        membership = find_membership(request.user.id, _chosen_workspace(request))
        if membership is None:
            raise NotFound("There is no such workspace, or you do not belong to it.", code="workspace_not_found")
        caller = Caller(
            workspace_id=membership.workspace_id, user_id=request.user.id, role=membership.role,
            language=request.user.language, session_key=request.session.session_key or "",
        )  # fmt: skip
        if self.need.role is not None and not membership.role.covers(self.need.role):
            enter(request, caller)
            raise NotAllowed(say("Your role here ({role}) does not allow this. Ask an owner or admin.", role=membership.role.value))
        return enter(request, caller)


class Anybody(AuthBase):
    """No caller, yet no forged form either. Says nothing in the API's description."""

    openapi_type = "none"

    def __init__(self) -> None:
        super().__init__()
        del self.openapi_security_schema

    def __call__(self, request: HttpRequest) -> bool:
        refuse_forgery(request)
        return True


def refuse_forgery(request: HttpRequest) -> None:
    if request.method in UNSAFE and check_csrf(request) is not None:
        raise NotAllowed("This request did not carry the protection token of your session. Load the page again.", code="csrf_failed")


def enter(request: HttpRequest, caller: Caller) -> Caller:
    """From here on the request, and its connection, are in this workspace."""
    request.caller = caller  # type: ignore[attr-defined]
    enter_workspace(caller.workspace_id)
    return caller


def _chosen_workspace(request: HttpRequest) -> UUID | None:
    text = request.headers.get(WORKSPACE_HEADER) or (
        request.GET.get("workspace") if request.method == "GET" else None
    )  # a download sends no headers
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such workspace, or you do not belong to it.", code="workspace_not_found") from None
