"""The OpenAPI document is true: generated requests, right and wrong, are answered as it says and never with a 5xx."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from ninja import Schema
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.conftest import Callers
from tests.factories import make_channel, make_contact, make_key, make_workspace

from textfirst.accounts.adapters.mail import MailFailed
from textfirst.api.provision import provision
from textfirst.api.v1 import make_api
from textfirst.channels.contract import CannotConnect
from textfirst.database.scope import leave_workspace

load_all_checks()

CSRF = "a" * 32
EXAMPLES = 6  # for each operation; `make test` is no fuzzing night
CHECKS = (
    schemathesis.checks.not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance,
)  # fmt: skip

application = get_wsgi_application()
answered: defaultdict[str, set[int]] = defaultdict(set)  # operation → statuses seen

schema = schemathesis.openapi.from_dict(make_api().get_openapi_schema())
schema.config.phases.coverage.unexpected_methods = set()  # `test_a_wrong_method_has_our_shape` sees to those, without a thousand requests


@pytest.fixture(scope="module")
def committed(test_server: Any, django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of this module alone. Requests commit in it as they do in life: inside a test's transaction, one refused row would refuse all after it."""
    connection, name = connections["default"], test_server.name("textfirst_test_schema")
    test_server.clone(name)
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        connection.close()
        connection.settings_dict["NAME"] = name
        yield
        connection.close()
        connection.settings_dict["NAME"] = before
    test_server.drop(name)


@dataclass(frozen=True)
class SignedIn:
    headers: dict[str, str]
    cookies: dict[str, str]


@pytest.fixture(scope="module")
def owner(committed: None) -> SignedIn:
    """Somebody who may do everything, in a workspace where there is something to find."""
    workspace = make_workspace("Blue Door Dental")
    provision(workspace)
    make_contact(workspace)
    make_channel(workspace, kind="smpp", name="Carrier", config={"host": "h", "system_id": "s"})
    make_key(workspace, "contacts:read")
    caller = Callers(workspace)("owner")
    leave_workspace()
    session = caller.client.cookies[settings.SESSION_COOKIE_NAME].value
    return SignedIn({"X-CSRFToken": CSRF, "X-Workspace": str(workspace.id)}, {settings.SESSION_COOKIE_NAME: session, "csrftoken": CSRF})


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Carriers and mail servers with generated names are not looked for."""

    async def nobody(*_: object, **__: object) -> None:
        raise CannotConnect("unreachable", where="example.com:2775", why="nobody is there")

    def refused(*_: object) -> int:
        raise MailFailed("Nobody is there.")

    monkeypatch.setattr("textfirst.channels.actions.probe", nobody)
    monkeypatch.setattr("textfirst.accounts.actions.mail.send", refused)


@schema.parametrize()
@hypothesis_settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_answers_are_as_documented(case: schemathesis.Case, owner: SignedIn, offline: None) -> None:
    case.headers.pop("Authorization", None)
    response = case.call(app=application, headers=owner.headers, cookies=owner.cookies)
    answered[case.operation.label].add(response.status_code)
    away = response.status_code == 503  # the simulator is another process; 503 is what the document says of it
    case.validate_response(response, checks=CHECKS[1:] if away else CHECKS)


def test_the_requests_got_in() -> None:
    """Or the test above means nothing."""
    if not answered:
        pytest.skip("runs after the generated requests only")
    good = {label for label, statuses in answered.items() if any(status < 300 for status in statuses)}
    assert len(good) > len(answered) / 3
    assert {label for label, statuses in answered.items() if 401 in statuses} == set()


def test_names_of_operations_differ():
    names = [operation["operationId"] for path in make_api().get_openapi_schema()["paths"].values() for operation in path.values()]
    assert len(names) == len(set(names))


def test_names_of_schemas_differ():
    """Of two with one name the document would hold one, for both."""
    make_api().get_openapi_schema()
    named = [one.__name__ for one in _kinds_of(Schema) if one.__module__.startswith("textfirst.api") and "[" not in one.__name__]
    assert sorted(named) == sorted(set(named))


def _kinds_of(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds_of(one)


def test_the_document_is_openapi_31(client, db):
    document = client.get("/api/v1/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert set(document["components"]["securitySchemes"]) == {"ApiKey", "Session"}


def test_every_operation_documents_its_errors():
    for path, operations in make_api().get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            wanted = {"403", "404", "409", "422", "429", "503"} | (set() if "security" not in operation else {"401"})
            assert wanted <= set(map(str, operation["responses"])), f"{method} {path}"
