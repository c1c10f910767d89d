"""The router every noun uses: it wants to know who may call an operation, and documents its errors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ninja

from textfirst.api.auth import Need, guards
from textfirst.api.problems import documented


class Router(ninja.Router):
    """`Router(tags=["labels"])`. Every operation carries `@needs(…)` or `@public` below its route."""

    def add_api_operation(self, path: str, methods: list[str], view_func: Callable[..., Any], **options: Any) -> None:
        need: Need | None = getattr(view_func, "need", None)
        if need is None:
            raise TypeError(
                f"{view_func.__module__}.{view_func.__name__} does not say who may call it: put @needs(…) or @public below its route."
            )
        extra = {**documented(signed_in=need.role is not None), **(options.pop("openapi_extra", None) or {})}
        options["description"] = options.get("description") or _described(view_func, need)
        super().add_api_operation(path, methods, view_func, **{**options, "auth": guards(need), "openapi_extra": extra})


def _described(view: Callable[..., Any], need: Need) -> str:
    said = (view.__doc__ or "").strip()
    if need.role is None:
        return said
    keys = f"keys with `{need.scope.value}`" if need.scope else "no keys"
    return f"{said}\n\nFor people from **{need.role.value}** up; {keys}.".strip()
