"""The one shape of an error, and how every operation documents it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language_from_request

from textfirst.core.errors import TextfirstError
from textfirst.core.words import in_language

RETRY_AFTER = {429: 30, 503: 5}  # seconds, when nobody knows better

SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["code", "message", "fields"],
    "properties": {
        "code": {"type": "string", "description": "Stable, for programs.", "examples": ["number_invalid"]},
        "message": {"type": "string", "description": "For people, in their language."},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}, "description": "A sentence for each field at fault."},
    },
}

_MEANINGS = {
    400: "The request is not well formed.",
    401: "Nobody is signed in, or the API key is not valid.",
    403: "Who asks may not do this.",
    404: "There is no such thing in this workspace.",
    409: "It clashes with what is there already.",
    413: "The request is too large.",
    415: "The body is of a type that is not understood here.",
    422: "What was given cannot be used; `fields` says why.",
    429: "Too many requests: wait as long as `Retry-After` says.",
    500: "Something broke on our side; it is logged under the number in the message.",
    503: "Not possible at the moment: try again after `Retry-After` seconds.",
}


def documented(*, signed_in: bool) -> dict[str, Any]:
    """The error responses of one operation, for `openapi_extra`."""
    skipped = set() if signed_in else {401}
    return {"responses": {status: _documented(status, words) for status, words in _MEANINGS.items() if status not in skipped}}


def _documented(status: int, words: str) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": words, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    if status in RETRY_AFTER:
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}}
    return answer


def reader_language(request: HttpRequest) -> str:
    """The reader's language: Accept-Language when it was sent, else the user's own."""
    if request.headers.get("Accept-Language"):
        return get_language_from_request(request)
    caller = getattr(request, "caller", None)
    return caller.language if caller is not None else "en"


def problem(request: HttpRequest, status: int, code: str, message: str, fields: dict[str, str] | None = None) -> JsonResponse:
    """An error answer in the reader's language."""
    language = reader_language(request)
    words = {name: in_language(text, language) for name, text in (fields or {}).items()}
    response = JsonResponse(
        {"code": code, "message": in_language(message, language), "fields": words}, status=status, json_dumps_params={"ensure_ascii": False}
    )
    response.headers["Content-Language"] = language
    if status in RETRY_AFTER:
        response.headers["Retry-After"] = str(RETRY_AFTER[status])
    return response


def problem_from(request: HttpRequest, error: TextfirstError) -> JsonResponse:
    return problem(request, error.status, error.code, error.message, error.fields)
