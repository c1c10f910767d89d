"""The wall of fake phones: passed on to the phones process, for the simulator channels of the caller's workspace only."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Body, Query, Schema
from pydantic import Field

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.phones import ask_phones
from textfirst.api.problems import problem
from textfirst.api.router import Router
from textfirst.channels.queries import simulators
from textfirst.core.errors import NotFound

router = Router(tags=["simulator"])

# What a phone may be called: the simulator itself wants 3 to 20 digits.
PhoneNumber = Annotated[str, Field(min_length=3, max_length=21, pattern=r"^\+?[0-9]{3,20}$")]


class Which(Schema):
    channel_id: Annotated[UUID | None, Field(description="A simulator channel; the workspace's first when left out.")] = None


class PhonesFilter(Which):
    after: Annotated[str | None, Field(max_length=10, pattern=r"^[0-9]+$")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    search: Annotated[str, Field(max_length=30)] = ""


class TextIn(Schema, extra="forbid"):
    channel_id: UUID | None = None
    text: Annotated[str, Field(min_length=1, max_length=4000)]


class PhonesOut(Schema):
    items: list[dict[str, Any]]
    next: str | None
    total: int


@router.get("/simulator/phones", response=PhonesOut)
@needs(Role.VIEWER)
def list_phones(request: Request, which: Query[PhonesFilter]) -> HttpResponse:
    """Phones that were texted or that texted, latest first."""
    query = which.model_dump(exclude_none=True, exclude={"channel_id"})
    return _pass_on(request, "GET", "/phones", which.channel_id, query=query)


@router.get("/simulator/phones/{address}", response=dict[str, Any])
@needs(Role.VIEWER)
def read_phone(request: Request, address: PhoneNumber, which: Query[Which]) -> HttpResponse:
    """One phone with its texts, oldest first."""
    return _pass_on(request, "GET", f"/phones/{address.lstrip('+')}", which.channel_id)


@router.post("/simulator/phones/{address}/texts", response={201: dict[str, Any]})
@needs(Role.AGENT)
def type_text(request: Request, address: PhoneNumber, payload: TextIn) -> HttpResponse:
    """Write a text as the phone's owner."""
    return _pass_on(request, "POST", f"/phones/{address.lstrip('+')}/texts", payload.channel_id, body={"text": payload.text})


@router.get("/simulator/knobs", response=dict[str, Any])
@needs(Role.VIEWER)
def read_knobs(request: Request, which: Query[Which]) -> HttpResponse:
    """How the simulated carrier behaves: delays, failures, lost receipts."""
    return _pass_on(request, "GET", "/knobs", which.channel_id)


@router.put("/simulator/knobs", response=dict[str, Any])
@needs(Role.AGENT)
def turn_knobs(request: Request, payload: Body[dict[str, Any]], which: Query[Which]) -> HttpResponse:
    return _pass_on(request, "PUT", "/knobs", which.channel_id, body=payload)


def _pass_on(
    request: Request,
    method: str,
    path: str,
    channel_id: UUID | None,
    *,
    query: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
) -> HttpResponse:
    """The simulator's answer as it is. It trusts whoever reaches its socket, so the channel is checked here, and is never taken from the body."""
    channel = str(_channel(request.caller.workspace_id, channel_id))
    sent = {**body, "channel_id": channel} if body is not None and method == "POST" else body
    answer = ask_phones(method, path, query={**(query or {}), "channel_id": channel}, body=sent)
    if answer.status >= 400:
        said = answer.json()
        return problem(request, answer.status, said["code"], said["message"], said["fields"])
    return HttpResponse(answer.body, status=answer.status, content_type="application/json")


def _channel(workspace_id: UUID, channel_id: UUID | None) -> UUID:
    found = simulators(workspace_id)
    if channel_id is not None:
        found = found.filter(id=channel_id)
    row = found.order_by("id").values_list("id", flat=True).first()
    if row is None:
        raise NotFound("There is no such simulator channel in this workspace.")
    return row
