"""What happens around every request of the console."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from textfirst.api.problems import problem
from textfirst.database.scope import enter_workspace, leave_workspace

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Nothing the API answers is a page; only the documentation is, and it sets its own.
CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"


class ForwardedMiddleware:
    """The caller's address, scheme and host as the front saw them.

    Only the front can reach our socket, and it drops what clients send under these names, so they are believed. The right-most
    address is taken: it is the one the front itself wrote.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        address = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        request.META["REMOTE_ADDR"] = address or request.META.get("REMOTE_ADDR") or "127.0.0.1"
        if host := request.META.get("HTTP_X_FORWARDED_HOST"):
            request.META["HTTP_HOST"] = host
        return self.get_response(request)


class ActivityMiddleware:
    """Notes when each session was last seen, for the list of sessions. Once a minute each: a write per request would be the dearest part of it."""

    NOTED_EVERY = 60.0  # seconds
    MOST_REMEMBERED = 10_000  # sessions; then all are forgotten, which costs one write each

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._noted: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = request.session.session_key
        if key and request.user.is_authenticated and self._noted.get(key, 0.0) < time.monotonic() - self.NOTED_EVERY:
            UserSession.objects.create_from_request(request)
            if len(self._noted) >= self.MOST_REMEMBERED:
                self._noted.clear()
            self._noted[key] = time.monotonic()
        return self.get_response(request)


class WorkspaceMiddleware:
    """Takes the workspace off the connection when the request is over, however it ended.

    Connections outlive requests. One that cannot be cleaned is closed, so that it carries no workspace into the next request. A
    streamed answer is made after we return, so it is bound again while it runs.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            response = self.get_response(request)
        finally:
            _leave()
        caller = getattr(request, "caller", None)
        if response.streaming and caller is not None:
            response.streaming_content = _bound(caller.workspace_id, response.streaming_content)  # type: ignore[attr-defined]
        return response


class AnswerMiddleware:
    """Headers that every answer of ours carries, and our shape for what Django answers by itself."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.path.startswith("/api/"):
            response = _not_allowed(request, response)
        response.headers.setdefault("Content-Security-Policy", CLOSED_POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _not_allowed(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    response = problem(request, 405, "method_not_allowed", "This address does not answer that method.")
    response.headers["Allow"] = refused.headers["Allow"]
    return response


def _bound(workspace_id: UUID, content: Iterator[Any]) -> Iterator[Any]:
    try:
        enter_workspace(workspace_id)
        yield from content
    finally:
        _leave()


def _leave() -> None:
    try:
        leave_workspace()
    except DatabaseError:
        log.warning("connection closed, for its workspace could not be taken off")
        connection.close()
