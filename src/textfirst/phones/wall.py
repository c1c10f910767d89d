"""The wall of phones over HTTP, on a unix socket: the console and the front decide who may ask, and pass it on.

GET  /phones?channel_id=&after=&limit=&search=      phones, latest first
GET  /phones/{address}?channel_id=                  one phone with its texts, oldest first
POST /phones/{address}/texts {channel_id, text}     write a text as the phone's owner
GET  /knobs?channel_id=      PUT /knobs?channel_id= {…}
POST /faults {channel_id, fault}                    every connection of the channel suffers it now; see `faults.Fault`
POST /faults {channel_id, fault: storm, count}      so many receipts at once for texts that were never sent
GET  /events?channel_id=                            server-sent events: phones.changed, phones.many
GET  /stats      GET /healthz
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from itertools import islice
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from textfirst.core.errors import InvalidInput, NotFound, TextfirstError, Unavailable
from textfirst.phones.account import Account
from textfirst.phones.faults import Fault
from textfirst.phones.handset import Handset
from textfirst.phones.personas import persona_of
from textfirst.phones.simulator import Simulator

__all__ = ["wall"]

_ADDRESS = re.compile(r"\+?([0-9]{3,20})", re.ASCII)
LARGEST_BODY = 64 * 1024  # bytes
MOST_PHONES = 200  # on a page
KEEP_ALIVE = 15.0  # seconds between comments on a quiet stream
LONGEST_CHANNEL_ID = 64
LARGEST_STORM = 200_000  # receipts


def wall(simulator: Simulator) -> Starlette:
    """The application for one simulator."""
    app = Starlette(
        routes=[
            Route("/phones", _phones),
            Route("/phones/{address}", _phone),
            Route("/phones/{address}/texts", _type, methods=["POST"]),
            Route("/knobs", _knobs, methods=["GET", "PUT"]),
            Route("/faults", _faults, methods=["POST"]),
            Route("/events", _events),
            Route("/stats", _stats),
            Route("/healthz", _healthz),
        ],
        exception_handlers={TextfirstError: _refuse, HTTPException: _refuse_http},
    )
    app.state.simulator = simulator
    return app


async def _phones(request: Request) -> Response:
    account = _account(request, request.query_params.get("channel_id"))
    limit = _number(request, "limit", 50, MOST_PHONES)
    start = _number(request, "after", 0, 1_000_000)
    search = request.query_params.get("search", "").strip().lstrip("+")
    found = (phone for phone in account.phones.latest() if search in phone.address)
    page = list(islice(found, start, start + limit + 1))
    more = str(start + limit) if len(page) > limit else None
    return _json({"items": [_summary(phone) for phone in page[:limit]], "next": more, "total": len(account.phones)})


async def _phone(request: Request) -> Response:
    address = _address(request)
    phone = _account(request, request.query_params.get("channel_id")).phones.find(address) or Handset(address)
    return _json(_summary(phone) | {"texts": [text.as_json() for text in phone.texts]})


async def _type(request: Request) -> Response:
    body = await _body(request)
    text = body.get("text")
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput("Write something first.", fields={"text": "Write something first."})
    channel = body.get("channel_id")
    account = _account(request, channel if isinstance(channel, str) else None)
    phone, typed = account.type(_address(request), text)
    return _json(_summary(phone) | {"text": typed.as_json(), "bound": bool(account.receivers)}, status=201)


async def _knobs(request: Request) -> Response:
    account = _account(request, request.query_params.get("channel_id"))
    if request.method == "PUT":
        _simulator(request).turn(account.system_id, **await _body(request))
    return _json(account.knobs.as_json())


async def _faults(request: Request) -> Response:
    body = await _body(request)
    channel, fault, count = body.get("channel_id"), body.get("fault"), body.get("count", 1)
    account = _account(request, channel if isinstance(channel, str) else None)
    if fault == "storm":
        if type(count) is not int or not 0 < count <= LARGEST_STORM:
            raise InvalidInput("Say how many.", fields={"count": f"must be a number up to {LARGEST_STORM}."})
        _simulator(request).storm(account.system_id, count)
        return _json({"receipts": count})
    names = [one.value for one in Fault]
    if fault not in names:
        raise InvalidInput("Say which fault.", fields={"fault": f"must be storm or one of {', '.join(names)}."})
    return _json({"connections": _simulator(request).suffer(account.system_id, Fault(fault))})


async def _events(request: Request) -> Response:
    channel = _account(request, request.query_params.get("channel_id")).system_id
    return StreamingResponse(
        _stream(_simulator(request), channel),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(simulator: Simulator, channel: str) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    notes = aiter(simulator.hub.watch(channel))
    coming = asyncio.ensure_future(anext(notes, None))
    try:
        while True:
            done, _ = await asyncio.wait({coming}, timeout=KEEP_ALIVE)
            if not done:
                yield b": quiet\n\n"
                continue
            note = coming.result()
            if note is None:
                return
            yield b"event: " + note["kind"].encode() + b"\ndata: " + orjson.dumps(note) + b"\n\n"
            coming = asyncio.ensure_future(anext(notes, None))
    finally:
        coming.cancel()


async def _stats(request: Request) -> Response:
    simulator = _simulator(request)
    return _json(
        {"connections": len(simulator.sessions), "channels": {name: account.stats() for name, account in simulator.accounts.items()}}
    )


async def _healthz(_request: Request) -> Response:
    return _json({"ok": True})


def _simulator(request: Request) -> Simulator:
    simulator: Simulator = request.app.state.simulator
    return simulator


def _account(request: Request, channel: str | None) -> Account:
    if not channel or len(channel) > LONGEST_CHANNEL_ID or not channel.isprintable():
        raise InvalidInput("Say which channel.", fields={"channel_id": "Say which channel."})
    account = _simulator(request).account(channel)
    if account is None:
        raise Unavailable("The simulator already serves as many channels as it can.")
    return account


def _address(request: Request) -> str:
    found = _ADDRESS.fullmatch(request.path_params["address"])
    if not found:
        raise NotFound("A phone has a number of 3 to 20 digits.")
    return found[1]


def _summary(phone: Handset) -> dict[str, Any]:
    persona = persona_of(phone.address)
    return phone.summary() | {"persona": {"temper": persona.temper.value, "language": persona.language.value}}


def _number(request: Request, name: str, default: int, most: int) -> int:
    value = request.query_params.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and int(value[:9]) <= most):
        raise InvalidInput(f"{name} must be a number up to {most}.", fields={name: f"must be a number up to {most}."})
    return int(value)


async def _body(request: Request) -> Mapping[str, Any]:
    """The JSON object of a request; too large a one is refused before it is all read."""
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > LARGEST_BODY:
            raise InvalidInput(f"The request is larger than {LARGEST_BODY} bytes.", code="too_large")
    try:
        body = orjson.loads(read)
    except orjson.JSONDecodeError as error:
        raise InvalidInput("The request is not JSON.", code="not_json") from error
    if not isinstance(body, dict):
        raise InvalidInput("The request must be a JSON object.", code="not_json")
    return body


def _json(content: Any, *, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


async def _refuse(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TextfirstError)
    return _json({"code": error.code, "message": error.message, "fields": error.fields}, status=error.status)


async def _refuse_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _json(
        {"code": "not_found" if error.status_code == 404 else "error", "message": error.detail, "fields": {}}, status=error.status_code
    )
