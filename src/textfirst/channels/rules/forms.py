"""Whether what was filled in makes a channel."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from textfirst.channels.types import Declaration, FieldSpec, FieldType, Value
from textfirst.core.words import say

NUMBER = re.compile(r"\+?[0-9]{3,15}")  # short codes to E.164's longest
NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &._+!#'-]{1,11}")  # 3GPP TS 23.040 §9.1.2.5: 11 characters of GSM-7
GROUPING = str.maketrans("", "", " ()-./")
FASTEST = 10_000  # segments a second
WIDEST = 1_000  # unanswered submits
MOST_BINDS = 16  # connections of one channel

NEEDED = "This is needed."


def clean_address(text: str) -> str | None:
    """The sender as it is kept: a number without grouping, a short code, or a name of up to 11 letters; None when it is none of them."""
    stripped = text.strip()
    plain = stripped.translate(GROUPING)
    if NUMBER.fullmatch(plain):
        return plain
    return stripped if NAME.fullmatch(stripped) else None


def check_config(declaration: Declaration, given: Mapping[str, Any]) -> tuple[dict[str, Value], dict[str, str]]:
    """The settings as they are kept, and a sentence for each field (`config.host`) that cannot be used. What is left out gets its default."""
    specs = {spec.name: spec for spec in declaration.settings}
    problems = {f"config.{name}": "There is no such setting." for name in given if name not in specs}
    clean: dict[str, Value] = {}
    for name, spec in specs.items():
        value, problem = _checked(spec, given.get(name))
        if problem:
            problems[f"config.{name}"] = problem
        elif value is not None:
            clean[name] = value
    return clean, problems


def check_secrets(declaration: Declaration, given: Mapping[str, Any], *, kept: bool) -> tuple[dict[str, str], dict[str, str]]:
    """The secrets to keep, and what is wrong with them; with `kept` those left out are there already."""
    specs = {spec.name: spec for spec in declaration.secrets}
    problems = {f"secrets.{name}": "There is no such setting." for name in given if name not in specs}
    clean: dict[str, str] = {}
    for name, spec in specs.items():
        if name in given:
            value, problem = _text(spec, given[name])
            if problem:
                problems[f"secrets.{name}"] = problem
            clean[name] = value or ""
        elif spec.required and not kept:
            problems[f"secrets.{name}"] = NEEDED
    return clean, problems


def leads_elsewhere(declaration: Declaration, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether secrets would now be sent to another place: whoever changes that must know them, or they could be drawn out."""
    return any(before.get(spec.name) != after.get(spec.name) for spec in declaration.settings if spec.leads_elsewhere)


def _checked(spec: FieldSpec, value: Any) -> tuple[Value, str]:
    if value is None or value == "":
        return spec.default, NEEDED if spec.required and spec.default is None else ""
    match spec.type:
        case FieldType.NUMBER:
            return _number(spec, value)
        case FieldType.CHOICE:
            return _choice(spec, value)
        case FieldType.SWITCH:
            return (value, "") if isinstance(value, bool) else (None, "Say true or false.")
        case _:
            return _text(spec, value)


def _number(spec: FieldSpec, value: Any) -> tuple[int | None, str]:
    least, most = spec.least or 0, spec.most or 0
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value, ""
    return None, say("Write a whole number from {least} to {most}.", least=least, most=most)


def _choice(spec: FieldSpec, value: Any) -> tuple[str | None, str]:
    known = _values(spec.choices)
    return (str(value), "") if value in known else (None, say("Choose one of: {known}.", known=", ".join(known)))


def _values(choices: Sequence[Any]) -> list[str]:
    return [choice.value for choice in choices]


def _text(spec: FieldSpec, value: Any) -> tuple[str | None, str]:
    if not isinstance(value, str):
        return None, "Write text here."
    text = value if spec.type is FieldType.SECRET else value.strip()
    if spec.most is not None and len(text) > spec.most:
        return None, say("This is too long; at most {most} characters.", most=spec.most)
    if text and spec.least is not None and len(text) < spec.least:
        return None, say("This is too short; at least {least} characters.", least=spec.least)
    if not text.isprintable() or not _latin1(text):
        return None, "Use letters, digits and signs of the Latin alphabet only: the carrier's protocol carries no others."
    if spec.problem_with is not None and (problem := spec.problem_with(text)):
        return None, problem
    return (text, "") if text or not spec.required else (None, NEEDED)


def _latin1(text: str) -> bool:
    return all(ord(character) < 256 for character in text)
