"""Merge fields: Liquid in what people write, plain text on the phone.

    Hi {{ contact.first_name | default: "there" }}, your table at {{ workspace.name }} is ready.

Nearly every template is literals, paths and `default`; those are compiled once into a list and cost about a microsecond a recipient. Whatever
else Liquid offers (conditions, other filters) is left to python-liquid with its limits set, twenty times dearer; a test holds the two to the
same answers. There are no loops, includes or raw blocks: a text to a customer needs none, and each is a way to do harm.

What a customer's record says is data: a name that contains `{{` is printed, never run.

A field without value or `default` leaves a gap, marked by GAP while rendering; `_close_gaps` then removes the space that would stand alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, wraps
from typing import TYPE_CHECKING, Any

from textfirst.core.errors import InvalidInput
from textfirst.core.words import say

if TYPE_CHECKING:
    from liquid import Environment

CONTACT_FIELDS = ("first_name", "last_name", "name", "phone", "language", "birthday")
KNOWN_FIELDS = frozenset({*(f"contact.{field}" for field in CONTACT_FIELDS), "workspace.name", "agent.name"})
ATTRIBUTES = "contact.attributes."

TAGS = ("content", "output", "illegal", "if", "unless", "case", "assign", "comment", "#")  # the first three are Liquid's own grammar
EXAMPLE = '{{ contact.first_name | default: "there" }}'
GAP = "\ufdd0"  # a noncharacter: Unicode keeps it for uses like this, no text carries it
LONGEST_OUTPUT = 16_000  # bytes; four times the longest text we take

_NAME = r"[\u0080-\uffffa-zA-Z_][\u0080-\uffffa-zA-Z0-9_-]*"
_FAST = re.compile(
    r"\{\{\s*(?P<path>(?:contact|workspace|agent)(?:\." + _NAME + r"){1,2})\s*"
    r"(?:\|\s*default\s*:\s*(?:\"(?P<double>[^\"\\{}%]*)\"|'(?P<single>[^'\\{}%]*)')\s*)?\}\}"
)
_MARKUP = re.compile(r"\{\{|\{%")
_RAW = re.compile(r"\{%-?\s*raw\b")  # understood by the lexer itself, so it cannot be taken out of the tags
_SPECIAL = frozenset({"size", "first", "last"})  # properties that Liquid gives to every group
_GAP_BEFORE_MORE = re.compile(f" {GAP}+(?=[ ,.!?;:\u060c\u061b\u061f]|$)", re.MULTILINE)
_GAP_AT_START = re.compile(f"^{GAP}+ ?", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Person:
    """What a template may say of a contact."""

    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    language: str = ""
    birthday: date | None = None
    attributes: Mapping[str, str] | None = None

    def at(self, phone: str) -> Person:
        """The same person, reached at `phone`."""
        return Person(self.first_name, self.last_name, phone, self.language, self.birthday, self.attributes)

    def value(self, field: str) -> str:
        """The value of `first_name`, `attributes.<key>`, …; empty when there is none."""
        if field == "first_name":
            return self.first_name
        if field.startswith("attributes."):
            return (self.attributes or {}).get(field[11:]) or ""
        if field == "name":
            return f"{self.first_name} {self.last_name}".strip()
        if field == "birthday":
            return self.birthday.isoformat() if self.birthday else ""
        return str(getattr(self, field, ""))


NOBODY = Person()


@dataclass(frozen=True, slots=True)
class Around:
    """What a template may say of the sender."""

    workspace: str = ""
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    text: str
    missing: tuple[str, ...]  # fields that had neither a value nor a default


class Template:
    """A text with its merge fields found. `fields` are canonical: `contact.city` is `contact.attributes.city`.

    `unguarded` are those that leave a gap when a contact has no value: as far as we can tell, for a condition may guard them.
    """

    def __init__(self, source: str, fields: tuple[str, ...], unguarded: tuple[str, ...]) -> None:
        self.source = source
        self.fields = fields
        self.unguarded = unguarded

    def render(self, person: Person, around: Around) -> Rendered:
        raise NotImplementedError

    def unknown(self, attributes: frozenset[str]) -> tuple[str, ...]:
        """Fields that no contact has; `attributes` are the keys in use in the workspace."""
        return tuple(field for field in self.fields if field not in KNOWN_FIELDS and field.removeprefix(ATTRIBUTES) not in attributes)


class Compiled(Template):
    """Literals, paths and defaults."""

    def __init__(self, source: str, pieces: list[str | tuple[str, str | None]]) -> None:
        named = [piece for piece in pieces if not isinstance(piece, str)]
        super().__init__(source, _once(field for field, _ in named), _once(field for field, default in named if default is None))
        self._pieces = pieces
        self.personal = tuple(field for field in self.fields if field.startswith("contact."))

    def filler(self, around: Around) -> Callable[[Sequence[str | None]], str]:
        """From the values of `personal`, in order and None or empty where there is none, to the text: `render` for thousands."""
        places = {field: place for place, field in enumerate(self.personal)}
        plan = [_slot(piece, places, around) for piece in self._pieces]
        if not self.personal:
            text = _close_gaps("".join(piece for _, piece in plan))
            return lambda _: text

        def fill(values: Sequence[str | None]) -> str:
            text = "".join([piece if place is None else values[place] or piece for place, piece in plan])
            return _close_gaps(text) if GAP in text else text

        return fill

    def render(self, person: Person, around: Around) -> Rendered:
        if not self.fields:
            return Rendered(self.source, ())
        values = {field: _value(field, person, around) for field in self.fields}
        missing: list[str] = []
        text = "".join([piece if isinstance(piece, str) else values[piece[0]] or _otherwise(piece, missing) for piece in self._pieces])
        return Rendered(_close_gaps(text) if GAP in text else text, _once(missing))


class Liquid(Template):
    """Everything else."""

    def __init__(self, source: str) -> None:
        from liquid.exceptions import LiquidError

        try:
            self._template = _environment().from_string(source)
            found = self._template.analyze(include_partials=False).globals
        except LiquidError as error:
            raise _unreadable(str(error.message)) from None
        fields = _once(_canonical([str(part) for part in use.segments]) for uses in found.values() for use in uses)
        super().__init__(source, fields, fields)

    def render(self, person: Person, around: Around) -> Rendered:
        from liquid.exceptions import LiquidError

        try:
            text = self._template.render(**_groups(person, around))
        except LiquidError as error:
            raise _unreadable(str(error.message)) from None
        missing = tuple(field for field in self.fields if not _value(field, person, around)) if GAP in text else ()
        return Rendered(_close_gaps(text), missing)


def compile_template(source: str) -> Template:
    """The template in `source`. Raises InvalidInput (`template_invalid`) when it cannot be read, or would print markup."""
    return _compiled(source) if "{" in source and _MARKUP.search(source) else Compiled(source, [source])


@lru_cache(maxsize=512)
def _compiled(source: str) -> Template:
    pieces = _pieces(source)
    if pieces is not None:
        return Compiled(source, pieces)
    if _RAW.search(source):
        raise _unreadable("raw blocks would print curly braces to the phone")
    template = Liquid(source)
    _refuse_markup(template.render(NOBODY, Around()).text)
    return template


def has_fields(source: str) -> bool:
    """Whether `source` is more than plain text."""
    return _MARKUP.search(source) is not None


def _pieces(source: str) -> list[str | tuple[str, str | None]] | None:
    """Literals and fields in order, or None when there is something that only Liquid can read."""
    pieces: list[str | tuple[str, str | None]] = []
    place = 0
    for found in _FAST.finditer(source):
        path = found["path"].split(".")
        if not _SPECIAL.isdisjoint(path):
            return None
        default = found["double"] if found["double"] is not None else found["single"]
        pieces += [source[place : found.start()], (_canonical(path), default)]
        place = found.end()
    pieces.append(source[place:])
    literal = "\n".join(piece for piece in pieces if isinstance(piece, str))
    return None if _MARKUP.search(literal) else [piece for piece in pieces if piece]


def _canonical(path: list[str]) -> str:
    """`contact.city` means the attribute unless the contact has a field of that name."""
    if len(path) == 2 and path[0] == "contact" and path[1] not in CONTACT_FIELDS and path[1] != "attributes":
        return f"{ATTRIBUTES}{path[1]}"
    return ".".join(path)


def _value(field: str, person: Person, around: Around) -> str:
    group, _, name = field.partition(".")
    if group == "contact":
        return person.value(name)
    if name != "name":
        return ""
    return {"workspace": around.workspace, "agent": around.agent}.get(group, "")


def _slot(piece: str | tuple[str, str | None], places: Mapping[str, int], around: Around) -> tuple[int | None, str]:
    """Where a piece's value comes from, and what stands there without one; a literal comes from nowhere."""
    if isinstance(piece, str):
        return None, piece
    field, default = piece
    otherwise = default or GAP
    return (places[field], otherwise) if field in places else (None, _value(field, NOBODY, around) or otherwise)


def _otherwise(piece: tuple[str, str | None], missing: list[str]) -> str:
    field, default = piece
    if default is not None:
        return default or GAP
    missing.append(field)
    return GAP


def _close_gaps(text: str) -> str:
    """`Hi GAP, thanks` → `Hi, thanks`; `Dear GAP Smith` → `Dear Smith`; a gap at a line's start takes the space after it."""
    return _GAP_AT_START.sub("", _GAP_BEFORE_MORE.sub("", text)).replace(GAP, "")


def _once(names: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _groups(person: Person, around: Around) -> dict[str, Any]:
    """The values as Liquid reads them; what is empty is left out, so that it counts as missing there too."""
    attributes = {key: value for key, value in (person.attributes or {}).items() if value}
    fields = {field: person.value(field) for field in CONTACT_FIELDS}
    contact = attributes | {"attributes": _Group(attributes)} | {field: value for field, value in fields.items() if value}
    for field in CONTACT_FIELDS:
        if not fields[field]:
            contact.pop(field, None)  # an attribute does not stand in for a field of the same name
    return {
        "contact": _Group(contact),
        "workspace": _Group({"name": around.workspace} if around.workspace else {}),
        "agent": _Group({"name": around.agent} if around.agent else {}),
    }


class _Group(dict[str, Any]):
    """`{{ contact }}` names no value: it prints as a gap, not as everything we know."""

    def __str__(self) -> str:
        return GAP


@cache
def _environment() -> Environment:
    """python-liquid, imported when first needed: the front and most workspaces never do."""
    from liquid import Environment, Undefined

    class Missing(Undefined):
        __slots__ = ()

        def __str__(self) -> str:
            return GAP

    class Careful(Environment):
        context_depth_limit = 20
        loop_iteration_limit = 1_000
        local_namespace_limit = 100_000
        output_stream_limit = LONGEST_OUTPUT

    environment = Careful(undefined=Missing)
    environment.tags = {name: environment.tags[name] for name in TAGS}
    environment.filters["default"] = _gap_for_nothing(environment.filters["default"])
    return environment


def _gap_for_nothing(default: Callable[..., Any]) -> Callable[..., Any]:
    """A default of nothing leaves a gap, as no default does."""

    @wraps(default)
    def filled(*given: Any, **named: Any) -> Any:
        value = default(*given, **named)
        return GAP if value == "" else value

    return filled


def _refuse_markup(text: str) -> None:
    if has_fields(text):
        raise _unreadable("it would print curly braces to the phone")


def _unreadable(why: str) -> InvalidInput:
    sentence = say("A merge field in this text cannot be read: {why}. Write one like {example}.", why=why, example=EXAMPLE)
    return InvalidInput(sentence, code="template_invalid", fields={"text": sentence})
