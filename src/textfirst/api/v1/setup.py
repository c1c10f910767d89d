"""The first visit: owner and workspace. The page is gone afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from django.db import transaction
from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from textfirst.accounts.actions.workspaces import SETUP_DONE, Person, Place, set_up
from textfirst.accounts.queries import setup_needed
from textfirst.api.auth import public
from textfirst.api.demo import fill_demo
from textfirst.api.provision import provision
from textfirst.api.router import Router
from textfirst.api.signing_in import sign_in
from textfirst.api.v1.me import Country, Language, Name, TimeZone
from textfirst.core.errors import NotFound

router = Router(tags=["account"])

Email = Annotated[str, Field(max_length=254)]
Password = Annotated[str, Field(min_length=1, max_length=1000, description="Ten characters or more.")]


class SetupOut(Schema):
    needed: bool


class SetupIn(Schema, extra="forbid"):
    workspace_name: Name
    country: Country
    time_zone: TimeZone
    language: Language = "en"
    name: Name
    email: Email
    password: Password
    demo: Annotated[bool, Field(description="Fill it with made-up contacts and a campaign that answers.")] = False


@router.get("/setup", response=SetupOut)
@public
def read_setup(request: HttpRequest) -> dict[str, bool]:  # noqa: ARG001 - ninja's shape
    """`needed` until the first workspace is made; 404 afterwards."""
    if not setup_needed():
        raise NotFound(SETUP_DONE, code="setup_done")
    return {"needed": True}


@router.post("/setup", response={201: SetupOut})
@public
def set_up_installation(request: HttpRequest, payload: SetupIn) -> Status[dict[str, bool]]:
    """Makes the owner and the workspace, and signs in."""
    place = Place(payload.workspace_name, payload.country, payload.time_zone, payload.language)
    person = Person(payload.name, payload.email, payload.password, payload.language)
    with transaction.atomic():
        user, workspace = set_up(place=place, person=person)
        provision(workspace)
        if payload.demo:
            fill_demo(workspace, user, now=datetime.now(UTC))
    sign_in(request, user)
    return Status(201, {"needed": False})
