"""Exemptions (U5): what it means to rely on one instead of asking for consent, said so that nobody has to know the law."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from ninja import Schema
from pydantic import Field

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.api.v1.packs import SourceOut
from textfirst.core.words import in_language, say
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.types import LimitRule, Pack
from textfirst.decisions.queries import policy_of

router = Router(tags=["rules"])


class Kept(StrEnum):
    """Who sees to a condition."""

    HELD = "held"  # nothing beyond it leaves
    CHECKED = "checked"  # a text that breaks it is pointed out, with a correction where one can be made
    YOURS = "yours"


class Told(NamedTuple):
    """What the rules of an exemption do not say by themselves."""

    name: str
    means: str
    yours: tuple[str, ...]


NAMED = "Each text says who you are, how to reach you, and how to stop such texts. Whoever stops gets none."
FREE = "It costs whoever gets it nothing: where their carrier charges for receiving texts, the exemption does not hold."
TOLD = {  # 47 CFR 64.1200(a)(9)(iii) and (iv), by the first word of the rules' names
    "healthcare": Told(
        "Healthcare in {place}",
        "For doctors, clinics, pharmacies and others whom the law on patients' privacy binds: you may text patients about their care at the number they gave you, without having asked for consent to be texted.",
        (
            "Only about care: appointments and examinations, check-ups, results of tests, what to do before and after a stay, medicine. No advertising and no bills.",
            NAMED,
            FREE,
        ),
    ),
    "bank": Told(
        "Banks in {place}",
        "For banks and others who keep people's money: you may warn customers of fraud, of stolen data or about a transfer of money at the number they gave you, without having asked for consent to be texted.",
        ("Only about such an event. No advertising.", NAMED, FREE),
    ),
}


class ConditionOut(Schema):
    text: str
    kept: Annotated[Kept, Field(description="held: we see to it; checked: pointed out while the text is written; yours: only you can.")]


class ExemptionOut(Schema):
    id: Annotated[str, Field(examples=["US.healthcare"])]
    jurisdiction: str
    name: str
    means: str
    conditions: list[ConditionOut]
    rules: Annotated[list[str], Field(description="What `relies_on` of `PATCH /policy` names, all of them together.")]
    relied: bool
    sources: list[SourceOut]


class ExemptionsOut(Schema):
    items: list[ExemptionOut]


@router.get("/policy/exemptions", response=ExemptionsOut)
@needs(Role.VIEWER)
def list_exemptions(request: Request) -> dict[str, Any]:
    """Every exemption there is, what it allows and under which conditions, and whether the workspace relies on it."""
    relied, language = set(policy_of(request.caller.workspace_id).relies_on), reader_language(request)
    return {"items": [_shown(pack, word, rules, relied, language) for pack, word, rules in _exemptions()]}


def _exemptions() -> Iterable[tuple[Pack, str, list[LimitRule]]]:
    for _, pack in sorted(shelf().packs.items()):
        some: dict[str, list[LimitRule]] = {}
        for rule in pack.limits:
            if rule.relied_on:
                some.setdefault(rule.id.partition(".")[2].partition("-")[0], []).append(rule)
        yield from ((pack, word, rules) for word, rules in some.items())


def _shown(pack: Pack, word: str, rules: list[LimitRule], relied: set[str], language: str) -> dict[str, Any]:
    told = TOLD[word]
    conditions: list[tuple[str, Kept]] = [(rule.sentence(pack.name), Kept.CHECKED if rule.characters else Kept.HELD) for rule in rules]
    conditions += [(sentence, Kept.YOURS) for sentence in told.yours]
    return {
        "id": f"{pack.jurisdiction}.{word}", "jurisdiction": pack.jurisdiction,
        "name": in_language(say(told.name, place=pack.name), language), "means": in_language(told.means, language),
        "conditions": [{"text": in_language(sentence, language), "kept": kept} for sentence, kept in conditions],
        "rules": [rule.id for rule in rules], "relied": all(rule.id in relied for rule in rules),
        "sources": [source.model_dump() for source in {source.name: source for rule in rules for source in rule.sources}.values()],
    }  # fmt: skip
