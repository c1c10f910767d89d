"""The front's errors in the one shape of the API."""

from __future__ import annotations

import logging

import orjson
from starlette.requests import Request
from starlette.responses import Response

from textfirst.core.errors import TextfirstError
from textfirst.core.ids import new_id
from textfirst.core.words import in_language, say

log = logging.getLogger(__name__)

COME_BACK = 2  # seconds that whoever meets a temporary error should wait


def problem(status: int, code: str, message: str, *, fields: dict[str, str] | None = None, retry_after: int | None = None) -> Response:
    """`{"code", "message", "fields"}` with its status; `retry_after` in seconds."""
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}
    body = orjson.dumps({"code": code, "message": message, "fields": fields or {}})
    return Response(body, status_code=status, media_type="application/json", headers=headers)


def problem_from(request: Request, error: TextfirstError) -> Response:
    """One of our own errors in the reader's language; what is temporary says when to come back."""
    return problem_in(request.headers.get("accept-language", "en"), error)


def problem_in(language: str, error: Exception) -> Response:
    """An error as an answer; `language` is an Accept-Language header."""
    known, reader = foreseen(error), language[:2].lower()
    fields = {name: in_language(sentence, reader) for name, sentence in known.fields.items()}
    retry_after = COME_BACK if known.status in {429, 503} else None
    return problem(known.status, known.code, in_language(known.message, reader), fields=fields, retry_after=retry_after)


def foreseen(error: Exception) -> TextfirstError:
    """The error itself when we raised it on purpose; else one that says nothing but the number it is logged under."""
    if isinstance(error, TextfirstError):
        return error
    number = str(new_id())
    log.error("request failed", exc_info=error, extra={"error_id": number})
    return TextfirstError(say("Something went wrong on our side. Give your administrator this number: {number}.", number=number))
