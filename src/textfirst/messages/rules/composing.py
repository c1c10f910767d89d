"""From a template to what will leave: text, encoding, segments. Preview, price and sending all come through here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from textfirst.core.errors import InvalidInput
from textfirst.core.words import say
from textfirst.decisions.packs.content import Draft
from textfirst.messages.rules.templates import Around, Person, Template, compile_template, has_fields
from textfirst.messages.types import LONGEST_TEXT, Encoding
from textfirst.protocols import gsm7
from textfirst.protocols.sms import Alphabet, Segments, cut, plan
from textfirst.protocols.text import storable

MOST_SEGMENTS = 10  # what carriers join reliably; the header would allow 255

# Characters of the GSM alphabet that take one septet each, as many as fit one part: the usual text is measured by one look (0.4 µs, `cut` takes 3).
_SHORT = re.compile(f"[{re.escape(gsm7.ALPHABET.replace(chr(0xFFFE), ''))}]{{1,160}}")
_FIRM = re.compile(r"\{\{\s*workspace\.name\s*(?:\|[^{}]*)?\}\}")
_ALONE = Encoding.GSM7, 1
_ENCODINGS = {Alphabet.GSM7: Encoding.GSM7, Alphabet.UCS2: Encoding.UCS2}


class Composed(NamedTuple):
    """A text as one person gets it."""

    text: str
    encoding: Encoding
    segments: int
    missing: tuple[str, ...]  # merge fields without value or default


@dataclass(frozen=True, slots=True)
class Preview:
    """What a composer shows while one types; never an error for length."""

    text: str
    encoding: Encoding
    measure: Segments
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def compose(source: str, person: Person, around: Around) -> Composed:
    """The text of `source` for one person, measured.

    Raises InvalidInput: `template_invalid`, `empty` (nothing is left to send) or `text_too_long` (more than ten parts).
    """
    if not has_fields(source):
        return compose_plain(source)
    rendered = compile_template(source).render(person, around)
    text = storable(rendered.text)
    encoding, segments = measured(text)
    return Composed(text, encoding, segments, rendered.missing)


def compose_plain(source: str) -> Composed:
    """The text of a `source` without fields, which is the same for everybody; raises as `compose` does."""
    text = storable(source)
    encoding, segments = measured(text)
    return Composed(text, encoding, segments, ())


def measured(text: str) -> tuple[Encoding, int]:
    """Encoding and segments of a finished, storable text. Raises InvalidInput: `empty` or `text_too_long`."""
    if not text or text.isspace():
        raise _refused("empty", "There is no text to send.")
    return _ALONE if _SHORT.fullmatch(text) else _measure(text)


def preview(source: str, person: Person, around: Around, *, attributes: frozenset[str]) -> Preview:
    """As `compose`, for showing: too long and empty are no errors yet. `attributes` are the keys in use, to tell which fields nobody has."""
    template = compile_template(source)
    rendered = template.render(person, around)
    text = storable(rendered.text)
    measure = plan(text)
    return Preview(text, _ENCODINGS[measure.alphabet], measure, rendered.missing, template.unknown(attributes))


def draft(source: str, *, workspace: str, sender: str = "", first: bool = False) -> Draft:
    """A text as the rules of a place look at it: with the firm's name where it goes, other merge fields as they are written."""
    return Draft(_FIRM.sub(lambda _: workspace, source), sender, workspace, first)


def check_template(source: str) -> Template:
    """The template, or InvalidInput when no text could be made from it (`template_invalid`, `empty`, `text_too_long`)."""
    if not source.strip():
        raise _refused("empty", "Write a text first.")
    if len(source) > LONGEST_TEXT:
        raise _refused(
            "text_too_long", say("The text has {characters} characters; {most} is the most.", characters=len(source), most=LONGEST_TEXT)
        )
    template = compile_template(source)
    if not template.fields:
        _measure(storable(source))
    return template


@lru_cache(maxsize=64)
def _measure(text: str) -> tuple[Encoding, int]:
    """Cached: a campaign without merge fields is one text."""
    parts = cut(text)  # a fifth of the cost of `plan`, which also names what forced Unicode
    if len(parts.bodies) > MOST_SEGMENTS:
        raise _too_long(plan(text))
    return _ENCODINGS[parts.alphabet], len(parts.bodies)


def _too_long(measure: Segments) -> InvalidInput:
    over = measure.used - measure.alphabet.together(wide=False) * MOST_SEGMENTS
    facts = {"parts": measure.parts, "most": MOST_SEGMENTS, "over": over}
    if measure.foreign:
        words = (
            "This text needs {parts} parts; {most} is the most. Shorten it by {over} characters. “{character}” makes every part shorter."
        )
        return _refused("text_too_long", say(words, **facts, character=measure.foreign[0].character))
    return _refused("text_too_long", say("This text needs {parts} parts; {most} is the most. Shorten it by {over} characters.", **facts))


def _refused(code: str, sentence: str) -> InvalidInput:
    return InvalidInput(sentence, code=code, fields={"text": sentence})
