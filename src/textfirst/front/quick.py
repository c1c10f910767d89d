"""The few requests that come by the thousand: read and answered without the framework, whose routing and middleware cost more than they do.

Each is a POST with a body that fits in memory. Whatever a quick route does not want goes on to the application as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, NamedTuple

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from textfirst.core.errors import TextfirstError
from textfirst.core.words import say
from textfirst.front.errors import problem_in


class TooLarge(TextfirstError):
    status = 413
    code = "too_large"


class Call(NamedTuple):
    """A request, read."""

    path: str
    body: bytes
    headers: Mapping[bytes, bytes]
    query: bytes = b""

    def header(self, name: bytes) -> str:
        """Empty when it was not sent."""
        return self.headers.get(name, b"").decode("latin-1")


class Route(NamedTuple):
    answer: Callable[[Call], Awaitable[Response]]
    longest: int  # bytes of body
    needs: bytes | None = None  # a header without which the request is not for this route


class Quick:
    """An ASGI application before the application. `routes` by path; one whose path ends in `/` takes everything below it."""

    def __init__(self, app: ASGIApp, routes: Mapping[str, Route]) -> None:
        self._app = app
        self._routes: Final = {path: route for path, route in routes.items() if not path.endswith("/")}
        self._below: Final = {path: route for path, route in routes.items() if path.endswith("/")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._route(scope)
        if route is None:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if route.needs is not None and route.needs not in headers:
            await self._app(scope, receive, send)
            return
        body = await _body(receive, route.longest)
        if body is not None:
            answer = await _answer(route, Call(scope["path"], body, headers, scope["query_string"]))
            await answer(scope, receive, send)

    def _route(self, scope: Scope) -> Route | None:
        if scope["type"] != "http" or scope["method"] != "POST":
            return None
        path = scope["path"]
        found = self._routes.get(path)
        return found or next((route for start, route in self._below.items() if path.startswith(start)), None)


async def _answer(route: Route, call: Call) -> Response:
    try:
        if len(call.body) > route.longest:
            raise TooLarge(say("This is larger than {most} kB. Split it and send the parts.", most=route.longest // 1024))
        return await route.answer(call)
    except Exception as error:  # noqa: BLE001 - answered in the API's shape; what nobody foresaw is logged there
        return problem_in(call.header(b"accept-language") or "en", error)


async def _body(receive: Receive, longest: int) -> bytes | None:
    """The whole body, or as much of it as shows that it is too long; None when the caller went away."""
    message: Message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        return body
    parts, size = [], 0
    while True:
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > longest or not message.get("more_body", False):
            return b"".join(parts)
        message = await receive()
