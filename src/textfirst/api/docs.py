"""The interactive description of the API: Swagger UI as ninja's wheel carries it, offline, under a strict content policy."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.html import format_html
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

# Swagger UI draws its icons from data: addresses; scripts and styles come from us alone.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_ASSETS = {
    "swagger-ui.css": "text/css; charset=utf-8",
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui-init.js": "text/javascript; charset=utf-8",
    "favicon.svg": "image/svg+xml",
}

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="docs/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body data-csrf-token="{token}" data-api-csrf="true">
<script type="application/json" id="swagger-settings">{settings}</script>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/swagger-ui-init.js"></script>
</body>
</html>
"""

_SETTINGS = {"url": "openapi.json", "layout": "BaseLayout", "deepLinking": True, "validatorUrl": None, "persistAuthorization": False}


class Docs(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **_: Any) -> HttpResponse:
        from django.utils.safestring import mark_safe

        settings = mark_safe(json.dumps(_SETTINGS))  # noqa: S308 - our own constant
        page = format_html(_PAGE, title=api.title, token=get_token(request), settings=settings)
        return HttpResponse(page, headers={"Content-Security-Policy": POLICY})


def asset(request: HttpRequest, name: str) -> HttpResponse:  # noqa: ARG001 - Django's shape
    """One file of Swagger UI, out of ninja's package."""
    if name not in _ASSETS:
        raise Http404
    return HttpResponse(_read(name), content_type=_ASSETS[name], headers={"Cache-Control": "public, max-age=86400"})


@cache
def _read(name: str) -> bytes:
    return (files("ninja") / "static" / "ninja" / name).read_bytes()
