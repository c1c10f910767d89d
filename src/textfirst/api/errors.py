"""One place that turns whatever went wrong into HTTP."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from textfirst.api.problems import problem, problem_from
from textfirst.core.errors import TextfirstError
from textfirst.core.faults import INVALID, sentence
from textfirst.core.ids import new_id
from textfirst.core.strict_json import UNREADABLE
from textfirst.core.words import say

Handler = Callable[[HttpRequest, Any], HttpResponse]

log = logging.getLogger(__name__)

NOT_SIGNED_IN = "Sign in, or send an API key."
NOT_FOUND = "There is no such thing in this workspace."
CLASH = "This clashes with something that is there already. Load it again and look."
UNUSABLE = "Something in this request cannot be stored: a number too large, or a character that is no text."
AWAY = "The database is not answering at the moment. Try again shortly."
TOO_LARGE = "This is larger than what is taken here. Split it and send the parts."

_HTTP = {
    400: ("bad_request", UNREADABLE),
    401: ("not_signed_in", NOT_SIGNED_IN),
    403: ("not_allowed", "This request did not carry the protection token of your session. Load the page again."),
    404: ("not_found", NOT_FOUND),
    405: ("method_not_allowed", "This address does not answer that method."),
    413: ("too_large", TOO_LARGE),
    429: ("too_many_requests", "Too many requests. Wait a little."),
}


def install(api: NinjaAPI) -> None:
    """Make `api` answer every failure in our one shape."""
    handlers: dict[type[Exception], Handler] = {
        TextfirstError: problem_from,
        ValidationError: _invalid,
        AuthenticationError: lambda request, _: _http(request, 401),
        HttpError: lambda request, error: _http(request, error.status_code),
        Http404: lambda request, _: _http(request, 404),
        RequestDataTooBig: lambda request, _: _http(request, 413),
        IntegrityError: _clash,
        DataError: _unusable,
        OperationalError: _away,
        Exception: _unexpected,
    }
    for malformed in (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        handlers[malformed] = lambda request, _: _http(request, 400)
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)


def _http(request: HttpRequest, status: int) -> HttpResponse:
    code, message = _HTTP.get(status, ("error", "This was not possible."))
    return problem(request, status, code, message)


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """422 with a sentence per field; an id in the address that cannot be one names nothing, so that is a 404."""
    if any(fault["loc"][0] == "path" for fault in error.errors):
        return _http(request, 404)
    fields = {_field(fault["loc"]): sentence(fault) for fault in error.errors}
    return problem(request, 422, "invalid", INVALID, fields)


def _field(location: tuple[Any, ...]) -> str:
    """`("body", "payload", "contacts", 0, "phone")` → `contacts.0.phone`: where it is in what was sent."""
    inside = location[2:] if location[0] in {"body", "form"} else location[1:]
    return ".".join(str(step) for step in inside) or "body"


def _clash(request: HttpRequest, error: IntegrityError) -> HttpResponse:
    """A promise that the database kept. The action should have said it better, so it is logged."""
    log.warning("constraint refused a write", extra={"constraint": _constraint(error), "path": request.path})
    return problem(request, 409, "conflict", CLASH)


def _constraint(error: IntegrityError) -> str:
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "")


def _unusable(request: HttpRequest, error: DataError) -> HttpResponse:
    log.warning("database refused a value", extra={"path": request.path, "sqlstate": getattr(error.__cause__, "sqlstate", None)})
    return problem(request, 422, "invalid", UNUSABLE)


def _away(request: HttpRequest, error: OperationalError) -> HttpResponse:
    log.error("database not answering", extra={"path": request.path, "problem": type(error.__cause__).__name__})
    return problem(request, 503, "unavailable", AWAY)


def _unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """Logged under an id; the answer carries the id and nothing else, for details may hold anything."""
    number = str(new_id())
    log.error("request failed", exc_info=error, extra={"error_id": number, "path": request.path, "method": request.method})
    got_request_exception.send(sender=None, request=request)  # Django's test client raises it again
    return problem(
        request, 500, "error", say("Something went wrong on our side. Give your administrator this number: {number}.", number=number)
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's shape
    """handler404: no such address at all."""
    return problem(request, 404, "not_found", "There is nothing at this address.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400"""
    return _http(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """handler403, and CSRF_FAILURE_VIEW."""
    return _http(request, 403)


def broken(request: HttpRequest) -> HttpResponse:
    """handler500: what failed outside the API (allauth, middleware); Django has sent the signal."""
    import sys

    number = str(new_id())
    log.error("request failed", exc_info=sys.exc_info(), extra={"error_id": number, "path": request.path, "method": request.method})
    return problem(
        request, 500, "error", say("Something went wrong on our side. Give your administrator this number: {number}.", number=number)
    )
