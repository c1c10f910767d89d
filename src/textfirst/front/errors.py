"""The front's errors in the one shape of the API."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response

from textfirst.core.errors import TextfirstError
from textfirst.core.words import in_language


def problem(status: int, code: str, message: str, *, fields: dict[str, str] | None = None, retry_after: int | None = None) -> Response:
    """`{"code", "message", "fields"}` with its status; `retry_after` in seconds."""
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    body = orjson.dumps({"code": code, "message": message, "fields": fields or {}})
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def problem_from(request: Request, error: TextfirstError) -> Response:
    """One of our own errors in the reader's language; what is temporary says when to come back."""
    language = request.headers.get("accept-language", "en")[:2].lower()
    fields = {name: in_language(sentence, language) for name, sentence in error.fields.items()}
    retry_after = 2 if error.status in {429, 503} else None
    return problem(error.status, error.code, in_language(error.message, language), fields=fields, retry_after=retry_after)
