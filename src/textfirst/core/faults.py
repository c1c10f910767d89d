"""What pydantic finds wrong with a request, in our words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from textfirst.core.words import say

INVALID = "Some of this cannot be used."

# What pydantic calls a fault → our words. Unknown faults keep pydantic's English sentence, which names what it expected.
SENTENCES = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no such field.",
    "uuid_parsing": "This is not an id.",
    "uuid_type": "This is not an id.",
    "int_parsing": "Write a whole number.",
    "int_type": "Write a whole number.",
    "float_parsing": "Write a number.",
    "bool_parsing": "Say true or false.",
    "bool_type": "Say true or false.",
    "string_type": "Write text here.",
    "list_type": "Give a list here.",
    "dict_type": "Give an object here.",
    "string_too_short": "This is too short; at least {min_length} characters.",
    "string_too_long": "This is too long; at most {max_length} characters.",
    "too_long": "These are too many; at most {max_length}.",
    "too_short": "These are too few; at least {min_length}.",
    "greater_than_equal": "Write {ge} or more.",
    "greater_than": "Write more than {gt}.",
    "less_than_equal": "Write {le} or less.",
    "less_than": "Write less than {lt}.",
    "enum": "Choose one of: {expected}.",
    "literal_error": "Choose one of: {expected}.",
    "datetime_from_date_parsing": "Write the time as 2026-12-31T18:30:00Z.",
    "datetime_parsing": "Write the time as 2026-12-31T18:30:00Z.",
    "date_from_datetime_parsing": "Write the date as 2026-12-31.",
    "date_parsing": "Write the date as 2026-12-31.",
}


def sentence(fault: Mapping[str, Any]) -> str:
    """What is wrong with one value."""
    template = SENTENCES.get(fault["type"])
    if template is not None:
        return say(template, **fault.get("ctx", {}))
    return str(fault["msg"]).removeprefix("Value error, ")


def by_field(faults: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """A sentence for each place in a body that cannot be used."""
    return {".".join(str(step) for step in fault["loc"]) or "body": sentence(fault) for fault in faults}
