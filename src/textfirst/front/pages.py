"""The web app: hashed assets cached for ever, one page for every address people can open."""

from __future__ import annotations

import gzip
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

APP = Path(__file__).parent / "app"
WORTH_COMPRESSING = 1024  # bytes
CACHED_FILES = 256  # compressed files kept in memory; the app has fewer

# Mantine writes style attributes, so styles may be inline; scripts never are.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
PAGE_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cache-control": "no-cache",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
NOT_BUILT = (
    "<!doctype html><meta charset=utf-8><title>Textfirst</title><h1>The web app is not built yet</h1>"
    "<p>Run <code>make run</code>, which builds it, and reload this page. The API works meanwhile.</p>"
)


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    compressed: bytes | None
    media_type: str


async def page(request: Request) -> Response:
    """A file of the app, or its one page for any other address."""
    name = request.path_params.get("path", "")
    asset = _asset(name) if name and ".." not in name.split("/") else None
    if asset is None:
        return _index(request)
    lasting = name.startswith("assets/")  # their names change with their content
    return _answer(request, asset, {"cache-control": "public, max-age=31536000, immutable" if lasting else "no-cache"})


def _index(request: Request) -> Response:
    index = _asset("index.html")
    if index is None:
        return Response(NOT_BUILT, status_code=503, media_type="text/html", headers=PAGE_HEADERS)
    return _answer(request, index, PAGE_HEADERS)


def _answer(request: Request, asset: Asset, headers: dict[str, str]) -> Response:
    headers = {"x-content-type-options": "nosniff", **headers, "vary": "accept-encoding"}
    if asset.compressed is not None and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.compressed, media_type=asset.media_type, headers={**headers, "content-encoding": "gzip"})
    return Response(asset.body, media_type=asset.media_type, headers=headers)


def _asset(name: str) -> Asset | None:
    path = APP / name
    try:
        return _read(path, path.stat().st_mtime_ns) if path.is_file() else None
    except OSError:
        return None


@lru_cache(maxsize=CACHED_FILES)
def _read(path: Path, _changed: int) -> Asset:
    body = path.read_bytes()
    smaller = gzip.compress(body, 6) if len(body) > WORTH_COMPRESSING else body
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(body, smaller if len(smaller) < len(body) else None, media_type)
