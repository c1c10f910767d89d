"""Version 1 of the API. A file here with a `router` is a noun of it: nothing else needs to be told."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from threading import Lock
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

from textfirst import __version__
from textfirst.api import errors
from textfirst.api.docs import Docs
from textfirst.api.problems import SCHEMA
from textfirst.core.strict_json import read_json

DESCRIPTION = """Text customers, hear back, keep contacts: everything the web app does, it does with this API.

**Errors** always have the shape `{"code", "message", "fields"}`. **Lists** take `limit` and `after`, and answer `items` and `next`.
**Sending** twice by accident is avoided with an `Idempotency-Key` header. **Test keys** (`tf_test_…`) never leave the simulator."""

_MAKING = Lock()


class StrictParser(Parser):
    """Bodies that are JSON and nothing else."""

    def parse_body(self, request: HttpRequest) -> Any:
        return read_json(request.body)


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's name: short names for generated clients. `tests/api/test_schema.py` sees that they differ."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **_: Any) -> OpenAPISchema:
        """Made once, however many ask at once: making it takes 8 MB in each thread that does."""
        with _MAKING:
            return self._schema()

    @cache  # noqa: B019 - there is one API, and it lives as long as the process
    def _schema(self) -> OpenAPISchema:
        schema = super().get_openapi_schema(path_params={})
        schema["components"]["schemas"]["Problem"] = SCHEMA
        return schema


@cache
def make_api() -> NinjaAPI:
    """The one API, with every noun's router."""
    api = Api(title="Textfirst", version=__version__, description=DESCRIPTION, docs=Docs(), urls_namespace="v1", parser=StrictParser())
    errors.install(api)
    for module in sorted(iter_modules(__path__), key=lambda found: found.name):
        router = getattr(import_module(f"{__name__}.{module.name}"), "router", None)
        if router is not None:
            api.add_router("", router)
    return api
