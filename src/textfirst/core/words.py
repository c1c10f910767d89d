"""Sentences people read, in their language.

A sentence is written in English where it is raised, and is its own key in the catalogues of `core/languages/`:

    raise InvalidInput(say("{number} is not a phone number. Write it with its country code.", number=text))

`say` gives the English text, which also remembers its template; `in_language` finds the translation when the answer is written. A plain
string without values needs no `say`. What has no translation stays English, and a test names it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from textfirst.core.languages import ar

CATALOGUES: Mapping[str, Mapping[str, str]] = {"ar": ar.SENTENCES}


class Sentence(str):
    """English text that knows how it was made."""

    __slots__ = ("facts", "template")

    template: str
    facts: dict[str, object]

    def __new__(cls, template: str, facts: dict[str, object]) -> Self:
        made = super().__new__(cls, template.format(**facts))
        made.template, made.facts = template, facts
        return made


def say(template: str, **facts: object) -> Sentence:
    """An English sentence with `{name}` for each value."""
    return Sentence(template, facts)


def in_language(sentence: str, language: str) -> str:
    """`sentence` for a reader of `language` (BCP 47; only the part before the hyphen counts), or English when there is no translation."""
    catalogue = CATALOGUES.get(language.partition("-")[0], {})
    if isinstance(sentence, Sentence):
        return catalogue.get(sentence.template, sentence.template).format(
            **{name: _fact(value, language) for name, value in sentence.facts.items()}
        )
    return catalogue.get(sentence, sentence)


def _fact(value: object, language: str) -> object:
    """A value may itself be words we know: what a carrier's refusal means."""
    return in_language(value, language) if isinstance(value, str) else value
