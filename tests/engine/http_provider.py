"""A provider that speaks what docs/reference/http-carrier.md describes: a small web server in the test's own process."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SECRET = "a secret of the river"
API_KEY = "key-of-the-shop"
Before = Callable[[dict[str, Any]], Awaitable[Response | None]]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def signed(body: bytes, *, secret: str = SECRET, at: int | None = None) -> dict[str, str]:
    """The header of a call, by the standard library alone."""
    when = str(int(time.time()) if at is None else at)
    right = hmac.new(secret.encode(), f"{when}.".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Signature": f"t={when},v1={right}"}


class Provider:
    """`before` is asked before a text is answered, and may answer in our place. `taken` are the texts as they came."""

    def __init__(self, port: int, client: httpx.AsyncClient, hook: str) -> None:
        self.port = port
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.asked = 0
        self.before: Before | None = None
        self._client = client
        self._hook = hook
        self._events = 0

    async def call(self, *events: dict[str, Any], body: bytes | None = None, **signing: Any) -> httpx.Response:
        said = json.dumps({"events": events} if len(events) != 1 else events[0]).encode() if body is None else body
        return await self._client.post(self._hook, content=said, headers=signed(said, **signing))

    def receipt(self, text: dict[str, Any], status: str = "delivered") -> dict[str, Any]:
        self._events += 1
        return {"type": "receipt", "id": f"r{self._events}", "reference": text["reference"], "to": text["to"], "status": status}

    def text(self, source: str, text: str, *, event_id: str | None = None) -> dict[str, Any]:
        self._events += 1
        return {"type": "text", "id": event_id or f"t{self._events}", "from": source, "to": "10001", "text": text}

    async def _take(self, request: Request) -> Response:
        self.asked += 1
        if request.headers["authorization"] != f"Bearer {API_KEY}":
            return JSONResponse({"error": "who_are_you"}, 401)
        if request.method == "GET":
            return Response(status_code=405)
        text = json.loads(await request.body())
        self.headers.append(dict(request.headers))
        self.taken.append(text)
        answer = await self.before(text) if self.before else None
        return answer or JSONResponse({"id": "ours"}, 202)

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/v1/texts", self._take, methods=["GET", "POST"])])

    @asynccontextmanager
    async def running(self, **more: Any) -> AsyncIterator[None]:
        """`more` is uvicorn's: `ssl_certfile` makes it speak TLS."""
        server = uvicorn.Server(uvicorn.Config(self.app(), host="127.0.0.1", port=self.port, log_level="error", lifespan="off", **more))
        server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
        task = asyncio.create_task(server._serve())
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield
        finally:
            server.should_exit = server.force_exit = True
            await task
