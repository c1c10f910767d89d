"""Every operation × (nobody, a role too low, a key without the scope, another workspace), found from the routes themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import pytest
from tests.factories import make_member, make_workspace

from textfirst.accounts.types import Role, Scope
from textfirst.api.auth import Need
from textfirst.api.v1 import make_api
from textfirst.core.ids import new_id


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    need: Need

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def address(self) -> str:
        """The path with something in it that is not there."""
        path = re.sub(r"{(?:\w+:)?address}", "306900000000", self.path)
        return re.sub(r"{[^}]+}", str(new_id()), path)


def routes() -> list[Route]:
    found = []
    for bound in make_api()._get_bound_routers():
        for path, view in bound.path_operations.items():
            found += [Route(method, path, operation.view_func.need) for operation in view.operations for method in operation.methods]
    return found


ROUTES = routes()
PRIVATE = [route for route in ROUTES if route.need.role is not None]
PUBLIC = {"GET /setup", "POST /setup", "GET /invitations/{token}", "POST /invitations/{token}"}
LOWER = dict(pairwise(reversed(Role)))  # owner → admin → agent → viewer


def call(caller, route: Route, **headers: str):
    body = None if route.method == "GET" else {}
    return caller._send(route.method.lower(), route.address, body, headers)


def test_there_are_routes_and_few_are_public():
    assert len(PRIVATE) > 25
    assert {str(route) for route in ROUTES} - {str(route) for route in PRIVATE} == PUBLIC


@pytest.mark.parametrize("route", PRIVATE, ids=str)
def test_nobody_gets_in(api, route):
    answer = call(api.nobody, route)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("route", [route for route in PRIVATE if route.need.role is not Role.VIEWER], ids=str)
def test_a_role_too_low_is_refused(api, route):
    answer = call(api(LOWER[route.need.role].value), route)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("route", PRIVATE, ids=str)
def test_a_key_without_the_scope_is_refused(api, route):
    answer = call(api.key(*(scope for scope in Scope if scope is not route.need.scope)), route)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing" if route.need.scope else "not_allowed")


@pytest.mark.parametrize("route", PRIVATE, ids=str)
def test_somebody_of_another_workspace_finds_none(api, workspace, route):
    elsewhere = api("owner", workspace=make_workspace())
    answer = call(elsewhere, route, X_Workspace=str(workspace.id))
    assert (answer.status_code, answer.json()["code"]) == (404, "workspace_not_found")


@pytest.mark.parametrize("route", [route for route in PRIVATE if route.method == "GET"], ids=str)
def test_a_read_without_choosing_stays_in_ones_own_workspace(api, workspace, route):
    """Whatever a stranger reads, nothing of this workspace is in it."""
    made = make_member(workspace, "owner")
    stranger = api("owner", workspace=make_workspace())
    answer = call(stranger, route)
    seen = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code < 500 or answer.status_code == 503
    assert str(workspace.id).encode() not in seen
    assert made.user.email.encode() not in seen


@pytest.mark.parametrize("route", [route for route in PRIVATE if route.need.role is Role.VIEWER and route.method != "GET"], ids=str)
def test_few_changes_are_open_to_viewers(route):
    """A viewer reads. What a viewer may change is their own, and named here."""
    assert str(route) in {
        "PATCH /me", "POST /workspaces", "DELETE /team/members/{member_id}", "POST /events/ticket", "POST /messages/preview", "POST /segments/preview", "POST /campaigns/preview",
        "POST /campaigns/dry-run", "POST /campaigns/{campaign_id}/dry-run", "POST /policy/preview",
    }  # fmt: skip
