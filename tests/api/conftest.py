"""`api(role="agent")` is a browser signed in with that role; `api.key("contacts:read")` a program with a key; `api.nobody` neither."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client
from tests.factories import make_key, make_member, make_workspace

from textfirst.accounts.models import Workspace
from textfirst.api.provision import provision


class Caller:
    """HTTP for tests: paths below /api/v1, JSON both ways. `response.json()` is the body, `response.status_code` the status."""

    def __init__(self, *, workspace: Workspace | None = None, headers: dict[str, str] | None = None, enforce_csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=enforce_csrf)
        self.workspace = workspace
        self.headers = headers or {}
        self.user: Any = None

    def get(self, path: str, query: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", query, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("post", path, body, headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("put", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("patch", path, body, headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> Any:
        return self._send("delete", path, body, headers)

    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(f"/api/v1{path}", headers=self._headers(headers), **content)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {**self.headers, **{name.replace("_", "-"): value for name, value in more.items()}}


class Callers:
    """Makes callers of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def __call__(self, role: str = "agent", *, workspace: Workspace | None = None, language: str = "", user: Any = None) -> Caller:
        """Somebody signed in, with `role` in the workspace; `caller.user` is who."""
        place = workspace or self.workspace
        headers = {"X-Workspace": str(place.id)} | ({"Accept-Language": language} if language else {})
        caller = Caller(workspace=place, headers=headers)
        caller.user = make_member(place, role, user).user
        caller.client.force_login(caller.user)
        return caller

    def key(self, *scopes: str, kind: str = "live", workspace: Workspace | None = None) -> Caller:
        place = workspace or self.workspace
        return Caller(workspace=place, headers={"Authorization": f"Bearer {make_key(place, *scopes, kind=kind).secret}"})

    @property
    def nobody(self) -> Caller:
        return Caller()


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace("Blue Door Dental")


@pytest.fixture
def other_workspace(db: None) -> Workspace:
    return make_workspace("Somebody Else")


@pytest.fixture
def api(workspace: Workspace) -> Callers:
    return Callers(workspace)


@pytest.fixture
def listen(database_url: str) -> Iterator[Callable[[str], Callable[[], list[str]]]]:
    """`heard = listen("textfirst_keys")`, then `heard()` is what was announced since; for tests with `django_db(transaction=True)`."""
    opened = []

    def start(name: str) -> Callable[[], list[str]]:
        listener = psycopg.connect(database_url, autocommit=True)
        opened.append(listener)
        listener.execute(f"listen {name}")
        return lambda: [notice.payload for notice in listener.notifies(timeout=0.5)]

    yield start
    for listener in opened:
        listener.close()


@pytest.fixture
def provisioned(workspace: Workspace) -> Workspace:
    """The workspace with what every workspace begins with: a simulator channel and an inbox."""
    provision(workspace)
    return workspace
