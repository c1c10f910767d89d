"""Many messages in one request: read one by one, answered one by one, so that a bad one does not stop the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from textfirst.core.errors import BadRequest, InvalidInput, TextfirstError
from textfirst.core.faults import INVALID, by_field, sentence
from textfirst.core.strict_json import UNREADABLE, read_json
from textfirst.core.words import in_language, say
from textfirst.messages.types import MOST_AT_ONCE, BatchItem, SendRequest

LONGEST_BATCH = 8 * 1024 * 1024  # bytes of a thousand messages

Sent = TypeVar("Sent", bound=SendRequest)

_ITEMS = TypeAdapter(list[BatchItem])


def read_body(body: bytes) -> Any:
    """The JSON in a body; raises BadRequest."""
    try:
        return read_json(body)
    except ValueError as error:
        raise BadRequest(UNREADABLE) from error


def read_list(asked: Any) -> list[Any]:
    """The messages of a batch, each still unread. Raises InvalidInput about the request as a whole."""
    if not isinstance(asked, dict) or not isinstance(asked.get("messages"), list):
        raise InvalidInput(INVALID, fields={"messages": sentence({"type": "list_type"})})
    if more := [name for name in asked if name != "messages"]:
        raise InvalidInput(INVALID, fields={name: sentence({"type": "extra_forbidden"}) for name in more})
    listed: list[Any] = asked["messages"]
    if not listed:
        raise InvalidInput(INVALID, fields={"messages": sentence({"type": "missing"})})
    if len(listed) > MOST_AT_ONCE:
        words = say(
            "A batch has at most {most} messages; this one has {given}. Split it and send the parts.", most=MOST_AT_ONCE, given=len(listed)
        )
        raise InvalidInput(words, code="too_many", fields={"messages": words})
    return listed


def read_one(kind: type[Sent], given: Any) -> Sent:
    """One message as it was asked for; raises InvalidInput naming the fields that cannot be used."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise InvalidInput(INVALID, fields=by_field(error.errors(include_url=False))) from error


def read_each(given: list[Any]) -> Sequence[BatchItem | TextfirstError]:
    """Each message of a batch, or what is wrong with it. All at once when nothing is, as a rule, which takes half as long."""
    try:
        return _ITEMS.validate_python(given)
    except ValidationError:
        return [_read_or_refused(one) for one in given]


def _read_or_refused(given: Any) -> BatchItem | TextfirstError:
    try:
        return read_one(BatchItem, given)
    except TextfirstError as error:
        return error


def problem_at(place: int, error: TextfirstError, language: str) -> dict[str, Any]:
    """The error of the message at `place` (from 0), in the one shape; its fields say where, as `messages[3].to`."""
    return {"code": error.code, "message": in_language(error.message, language), "fields": _placed(place, error.fields, language)}


def _placed(place: int, fields: Mapping[str, str], language: str) -> dict[str, str]:
    at = f"messages[{place}]"
    return {at if name == "body" else f"{at}.{name}": in_language(words, language) for name, words in fields.items()}
