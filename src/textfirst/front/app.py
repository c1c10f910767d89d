"""The front's routes, and what starts and stops with it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

import httpcore
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from textfirst.channels.rules.hooks import LONGEST_BODY as LONGEST_HOOK
from textfirst.core.errors import TextfirstError
from textfirst.core.settings import Settings
from textfirst.core.tickets import Ticket, read_ticket
from textfirst.database.keys import derived_key
from textfirst.front import notices, sessions
from textfirst.front.accept import LONGEST_BODY, Accept
from textfirst.front.callers import Callers
from textfirst.front.database import Database
from textfirst.front.errors import problem, problem_from
from textfirst.front.health import Health
from textfirst.front.hooks import Hooks
from textfirst.front.live import Hub
from textfirst.front.pages import page
from textfirst.front.passthrough import Passthrough
from textfirst.front.quick import Call, Quick
from textfirst.front.quick import Route as QuickRoute
from textfirst.messages.rules.batches import LONGEST_BATCH

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
STREAM_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
MOST_SEEN = 1000  # host headers remembered
LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


class Front:
    """Everything the public port answers."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database_url)
        self.hub = Hub(self.database)
        self.callers = Callers(self.database)
        self.console = Passthrough(settings.console_socket)
        self.registry = CollectorRegistry()
        self.accept = Accept(settings.database_url, settings.keys_file, self.registry)
        self.hooks = Hooks(settings.database_url, self.database, settings.keys_file, self.registry)
        self.health = Health(settings, self.database, self.registry)
        self._ticket_key = derived_key(settings.keys_file, "ticket")

    def app(self) -> ASGIApp:
        routes = [
            Route("/healthz", self.health.healthz),
            Route("/readyz", self.health.readyz),
            Route("/metrics", self.health.metrics),
            Route("/hooks/{rest:path}", self.hooks.greet),
            Route("/api/v1/events", self.events),
            Route("/api/v1/simulator/events", self.simulator_events),
            *(
                Route(prefix + "{rest:path}", self.console.answer, methods=METHODS)
                for prefix in ("/api/", "/_allauth/", "/static/", "/join/")
            ),
            Route("/{path:path}", page),
        ]
        quick = {
            "/api/v1/messages": QuickRoute(self.message, LONGEST_BODY, needs=b"authorization"),
            "/hooks/": QuickRoute(self.hooks.take, LONGEST_HOOK),
            "/api/v1/messages/batch": QuickRoute(self.batch, LONGEST_BATCH, needs=b"authorization"),
        }
        whole = Starlette(routes=routes, lifespan=self.lifespan, exception_handlers={TextfirstError: _as_answer})
        return HostCheck(Quick(whole, quick), self.settings)

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Loops with a name each; a loop that dies by a fault of ours ends the process, and the supervisor starts it anew."""
        handlers = {
            "textfirst_events": self._news,
            "textfirst_keys": self._key_revoked,
            "textfirst_channels": self._channel_changed,
            "textfirst_sessions": self.hub.end_session,
        }
        loops = [
            asyncio.create_task(notices.listen(self.database.url, handlers, after_gap=self.hub.wake_all), name="notices"),
            asyncio.create_task(sessions.watch(self.database, self.hub), name="sessions"),
            asyncio.create_task(self.accept.run(), name="group commit"),
            asyncio.create_task(self.hooks.run(), name="hooks"),
        ]
        for loop in loops:
            loop.add_done_callback(_end_with)
        yield
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
        await self.console.close()
        await self.database.close()

    async def message(self, call: Call) -> Response:
        """A send with a key is accepted here, by group commit; everything else about messages is the console's."""
        caller = await self.callers.find(call.header(b"authorization"))
        return await self.accept.one(call.body, caller, call.headers.get(b"idempotency-key", b"").decode("latin-1") or None)

    async def batch(self, call: Call) -> Response:
        """Many sends with a key, each with its own answer."""
        caller = await self.callers.find(call.header(b"authorization"))
        return await self.accept.batch(call.body, caller, call.header(b"accept-language") or "en")

    async def events(self, request: Request) -> Response:
        ticket = await self._ticket(request)
        last = request.headers.get("last-event-id") or request.query_params.get("last_event_id")
        return StreamingResponse(self.hub.listen(ticket, last), media_type="text/event-stream", headers=STREAM_HEADERS)

    async def simulator_events(self, request: Request) -> Response:
        """What happens on the wall of phones, from the phones process."""
        ticket = await self._ticket(request)
        channel_id = await sessions.simulator_channel(self.database, ticket, request.query_params.get("channel_id", ""))
        stream = _phones_stream(self.settings, channel_id)
        return StreamingResponse(stream, media_type="text/event-stream", headers=STREAM_HEADERS)

    async def _ticket(self, request: Request) -> Ticket:
        ticket = read_ticket(request.query_params.get("ticket", ""), key=self._ticket_key, now=datetime.now(UTC))
        await sessions.confirm(self.database, ticket)
        return ticket

    def _news(self, payload: str) -> None:
        self.hub.wake(UUID(payload))

    def _channel_changed(self, _: str) -> None:
        self.hooks.forget()

    def _key_revoked(self, _: str) -> None:
        self.callers.forget()


class HostCheck:
    """Answers only for the names it is known by, so that a foreign page cannot rebind its own name to this machine."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._url = settings.url
        self._seen: set[bytes] = set()  # host headers found good, ports and all
        self._names = LOCAL_NAMES | {urlsplit(settings.url).hostname or "", settings.bind.rpartition(":")[0].strip("[]")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._known(scope):
            await self._refusal()(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _known(self, scope: Scope) -> bool:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"")
        if host in self._seen:
            return True
        known = (urlsplit(f"//{host.decode('latin-1')}").hostname or "") in self._names
        if known and len(self._seen) < MOST_SEEN:
            self._seen.add(host)
        return known

    def _refusal(self) -> Response:
        return problem(
            421, "wrong_host", f"Textfirst answers at {self._url}. To use another name, start it with TEXTFIRST_URL set to that address."
        )


async def _as_answer(request: Request, error: Exception) -> Response:
    assert isinstance(error, TextfirstError)
    return problem_from(request, error)


async def _phones_stream(settings: Settings, channel_id: UUID) -> AsyncIterator[bytes]:
    """The phones process's own stream for one channel; ends quietly when that process is not there, and the page comes back."""
    query = f"?channel_id={channel_id}".encode()
    async with httpcore.AsyncConnectionPool(uds=str(settings.phones_socket)) as pool:
        url = httpcore.URL(scheme=b"http", host=b"phones", port=80, target=b"/events" + query)
        try:
            async with pool.stream("GET", url) as answer:
                async for chunk in answer.aiter_stream():
                    yield chunk
        except (httpcore.NetworkError, httpcore.ProtocolError):
            yield b"event: away\ndata: {}\n\n"


def _end_with(loop: asyncio.Task[None]) -> None:
    if not loop.cancelled() and loop.exception() is not None:
        raise SystemExit(1) from loop.exception()
