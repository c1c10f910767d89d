"""What the front does not answer itself streams through to the console, and back, without being held in memory.

The console believes the forwarded headers because only this process can reach its socket; whatever a client sent under those names is
thrown away first.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpcore
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse

from textfirst.front.errors import problem

CONNECTIONS = 64  # at once to the console; its threads are fewer, so requests queue here rather than there
CONSOLE_PATIENCE = 60.0  # seconds without a byte before we give up on an answer
CONNECT_PATIENCE = 2.0  # seconds; the socket is local, so longer means that the console is not there
SMALL_BODY = 2 * 1024 * 1024  # bytes any request may carry
LARGE_BODY = 512 * 1024 * 1024  # bytes an uploaded file may have
UPLOADS = "/api/v1/imports"

# RFC 9110 §7.6.1: these speak of one connection only
HOP_BY_HOP = {
    b"connection",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"te",
    b"trailer",
    b"transfer-encoding",
    b"upgrade",
}
FORWARDED = {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded", b"x-real-ip"}


class Passthrough:
    """A pool of kept connections to the console's socket."""

    def __init__(self, socket: Path) -> None:
        self._pool = httpcore.AsyncConnectionPool(uds=str(socket), max_connections=CONNECTIONS, keepalive_expiry=30.0, retries=1)

    async def close(self) -> None:
        await self._pool.aclose()

    async def answer(self, request: Request) -> Response:
        """The console's answer to this request, streamed; 413 for a body beyond its limit, 503 when the console is not there."""
        if _declared_length(request) > _limit(request):
            return _too_large(request)
        try:
            answer = await self._pool.handle_async_request(_forwarded(request))
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout, httpcore.RemoteProtocolError, httpcore.ReadError):
            return problem(503, "console_away", "Textfirst is starting or restarting. Try again in a moment.", retry_after=2)
        except httpcore.ReadTimeout:
            return problem(504, "console_slow", "This took too long and was given up. Check whether it was done before you try again.")
        except _TooLarge:
            return _too_large(request)
        except ClientDisconnect:
            return Response(status_code=499)
        return _returned(answer)


class _TooLarge(Exception):
    """The body went on past its limit."""


def _too_large(request: Request) -> Response:
    return problem(413, "too_large", f"This is larger than {_limit(request) // 1024 // 1024} MB. Split it and send the parts.")


def _declared_length(request: Request) -> int:
    value = request.headers.get("content-length", "0")
    return int(value) if value.isdigit() else 0


def _limit(request: Request) -> int:
    return LARGE_BODY if request.url.path == UPLOADS else SMALL_BODY


def _forwarded(request: Request) -> httpcore.Request:
    path = request.scope["raw_path"] + (b"?" + request.scope["query_string"] if request.scope["query_string"] else b"")
    timeout = {"connect": CONNECT_PATIENCE, "read": CONSOLE_PATIENCE, "write": CONSOLE_PATIENCE, "pool": CONSOLE_PATIENCE}
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=b"http", host=b"console", port=80, target=path),
        headers=_request_headers(request),
        content=_body(request) if _has_body(request) else b"",
        extensions={"timeout": timeout},
    )


def _request_headers(request: Request) -> list[tuple[bytes, bytes]]:
    kept = [(k, v) for k, v in request.scope["headers"] if k not in HOP_BY_HOP and k not in FORWARDED]
    if _has_body(request) and b"content-length" not in dict(kept):
        kept.append((b"transfer-encoding", b"chunked"))
    client = request.client.host if request.client else "127.0.0.1"
    return [*kept, (b"x-forwarded-for", client.encode()), (b"x-forwarded-proto", request.url.scheme.encode())]


def _has_body(request: Request) -> bool:
    return _declared_length(request) > 0 or "transfer-encoding" in request.headers


async def _body(request: Request) -> AsyncIterator[bytes]:
    seen, limit = 0, _limit(request)
    async for chunk in request.stream():
        seen += len(chunk)
        if seen > limit:  # a chunked body says no length beforehand
            raise _TooLarge
        yield chunk


def _returned(answer: httpcore.Response) -> Response:
    async def stream() -> AsyncIterator[bytes]:
        try:
            async for chunk in answer.aiter_stream():
                yield chunk
        finally:
            await answer.aclose()

    response = StreamingResponse(stream(), status_code=answer.status)
    response.raw_headers = [(k.lower(), v) for k, v in answer.headers if k.lower() not in HOP_BY_HOP]
    return response
