"""What the rules of a place find in a text, as the API tells it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from ninja import Schema
from pydantic import Field

from textfirst.core.words import in_language
from textfirst.decisions.packs.content import Finding, words_of
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.types import Effect


class FixOut(Schema):
    text: str
    sender: str


class FindingOut(Schema):
    rule: Annotated[str, Field(examples=["VN.label"])]
    version: int
    effect: Annotated[
        Effect,
        Field(
            description="warn and attest let a campaign start, block does not; of attest, those whose topic nobody answers for are not sent it."
        ),
    ]
    message: Annotated[str, Field(description="What the rule says, in the reader's language.")]
    about: Annotated[list[str], Field(description="What is missing, or what was found.")]
    fix: Annotated[FixOut | None, Field(description="The text and the sender without this finding, where we can offer one.")]


def shown_findings(found: Iterable[Finding], language: str) -> list[FindingOut]:
    return [
        FindingOut(
            rule=one.rule, version=one.version, effect=one.effect, message=in_language(words_of(one, shelf()), language), about=list(one.about),
            fix=FixOut(text=one.fix.text, sender=one.fix.sender) if one.fix else None,
        )
        for one in found
    ]  # fmt: skip
