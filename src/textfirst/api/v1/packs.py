"""Rule packs: what the laws and carriers of a place say, where that is written, and when it was checked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Query, Schema
from pydantic import Field

from textfirst.accounts.types import Role
from textfirst.api.auth import Request, needs
from textfirst.api.problems import reader_language
from textfirst.api.router import Router
from textfirst.core.errors import NotFound
from textfirst.core.words import in_language, say
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.types import (
    WEEKDAYS,
    Confidence,
    ConsentRule,
    ContentRule,
    Effect,
    HoursRule,
    Kind,
    LegalClass,
    LimitRule,
    Pack,
    Source,
)

router = Router(tags=["rules"])

SUREST_LAST = (Confidence.UNCERTAIN, Confidence.SECONDARY, Confidence.PRIMARY)

AnyRule = HoursRule | ContentRule | ConsentRule | LimitRule
Hours = Annotated[list[str], Field(examples=[["09:00-12:00", "14:00-20:00"]])]


class PackOut(Schema):
    jurisdiction: Annotated[str, Field(description="ISO 3166, such as GR or US-FL; ZZ is what holds where we know nothing.")]
    name: str
    within: Annotated[str | None, Field(description="The country this is a part of; its rules hold as well.")]
    version: int
    rules: int
    checked: Annotated[date, Field(description="When the source that was looked at longest ago was looked at.")]
    confidence: Annotated[Confidence, Field(description="Of the least certain rule.")]


class PacksOut(Schema):
    items: list[PackOut]


class SourceOut(Schema):
    name: str
    url: str | None
    checked: date
    confidence: Confidence


class WeekOut(Schema):
    """When people may be reached, by weekday; an empty list is a closed day."""

    mon: Hours
    tue: Hours
    wed: Hours
    thu: Hours
    fri: Hours
    sat: Hours
    sun: Hours


class RuleOut(Schema):
    id: str
    kind: Annotated[str, Field(description="hours, content, consent or limit.")]
    reference: Annotated[str, Field(description="The paragraph it follows, for lawyers.")]
    sentence: Annotated[str, Field(description="In the reader's language.")]
    classes: Annotated[list[LegalClass], Field(description="The messages it is for, by what the law takes them for.")]
    law: Annotated[
        list[LegalClass], Field(default_factory=list, description="Of hours: those that a law binds; for the others we keep them unasked.")
    ]
    kinds: list[Kind]
    week: WeekOut | None = None
    on_holidays: Annotated[Hours | None, Field(description="Null: as on any day.")] = None
    margin_minutes: Annotated[int | None, Field(description="Nothing is begun so shortly before closing.")] = None
    effect: Annotated[Effect | None, Field(description="Of content: warn, attest (somebody has to say that it is allowed) or block.")] = (
        None
    )
    permits: Annotated[list[str], Field(default_factory=list, description="Of consent: the kinds of permission that are enough.")]
    texts: Annotated[int | None, Field(description="Of a limit: at most so many to one person …")] = None
    days: Annotated[int | None, Field(description="… in so many days.")] = None
    relied_on: Annotated[bool, Field(description="The condition of an exemption: it binds only a workspace that says it relies on it.")] = (
        False
    )
    sources: list[SourceOut]


class HolidayOut(Schema):
    name: str
    date: date


class PackDetailOut(Schema):
    jurisdiction: str
    name: str
    within: str | None
    version: int
    checked: date
    confidence: Confidence
    regions_differ: Annotated[
        bool, Field(description="Its parts have rules of their own; where the part is not known, the strictest hours hold as well.")
    ]
    rules: list[RuleOut]
    holidays: Annotated[list[HolidayOut], Field(description="Of this year and the next.")]
    versions: Annotated[list[int], Field(description="Every one that was ever in force, newest first; read one with `?version=`.")]


class VersionQuery(Schema):
    version: Annotated[int | None, Field(ge=1, description="An earlier one; left out, the one in force.")] = None


@router.get("/rule-packs", response=PacksOut)
@needs(Role.VIEWER)
def list_rule_packs(request: Request) -> dict[str, Any]:
    """Every place we have rules for, countries before their parts. Where there is none, the strictest hours hold."""
    language = reader_language(request)
    return {"items": [_pack(pack, language) for _, pack in sorted(shelf().packs.items())]}


@router.get("/rule-packs/{jurisdiction}", response=PackDetailOut)
@needs(Role.VIEWER)
def read_rule_pack(request: Request, jurisdiction: str, wanted: Query[VersionQuery]) -> dict[str, Any]:
    """The rules of one place, each as a sentence with its sources."""
    language = reader_language(request)
    pack = _found(jurisdiction.upper(), wanted.version)
    year = datetime.now(UTC).year
    holidays = [(day, one.name) for one in pack.holidays for each in (year, year + 1) for day in one.days(each)]
    return {
        **_pack(pack, language),
        "regions_differ": pack.regions_differ,
        "rules": [_rule(rule, pack, language) for rule in pack.rules],
        "holidays": [{"name": in_language(name, language), "date": day} for day, name in sorted(holidays)],
        "versions": sorted((version for name, version in shelf().released if name == pack.jurisdiction), reverse=True),
    }


def _found(jurisdiction: str, version: int | None) -> Pack:
    packs = shelf()
    pack = packs.packs.get(jurisdiction)
    if pack is None:
        raise NotFound(say("We have no rules for “{place}”. Where we have none, the strictest hours hold.", place=jurisdiction[:40]))
    if version is None:
        return pack
    if (jurisdiction, version) not in packs.released:
        raise NotFound(say("There is no version {version} of these rules; {newest} is the newest.", version=version, newest=pack.version))
    return packs.released[jurisdiction, version]


def _pack(pack: Pack, language: str) -> dict[str, Any]:
    sources = [source for rule in pack.rules for source in rule.sources]
    return {
        "jurisdiction": pack.jurisdiction, "name": in_language(pack.name, language), "within": pack.within, "version": pack.version,
        "rules": len(pack.rules), "checked": min(source.checked for source in sources),
        "confidence": min((source.confidence for source in sources), key=SUREST_LAST.index),
    }  # fmt: skip


def _rule(rule: AnyRule, pack: Pack, language: str) -> dict[str, Any]:
    told = {
        "id": rule.id, "reference": rule.reference, "sentence": in_language(rule.sentence(pack.name), language), "kinds": sorted(rule.kinds),
        "classes": sorted(rule.classes), "sources": [_source(source) for source in rule.sources],
    }  # fmt: skip
    match rule:
        case HoursRule():
            return {**told, "kind": "hours", **_hours(rule)}
        case ContentRule():
            return {**told, "kind": "content", "effect": rule.effect}
        case ConsentRule():
            return {**told, "kind": "consent", "permits": [kind.word for kind in sorted(rule.permits)]}
        case LimitRule():
            return {**told, "kind": "limit", "texts": rule.texts, "days": rule.days, "relied_on": rule.relied_on}


def _hours(rule: HoursRule) -> dict[str, Any]:
    week = {day: [str(span) for span in spans] for day, spans in zip(WEEKDAYS, rule.open.days, strict=True)}
    free = None if rule.holidays is None else [str(span) for span in rule.holidays]
    return {"law": sorted(rule.law), "week": week, "on_holidays": free, "margin_minutes": rule.margin_minutes}


def _source(source: Source) -> dict[str, Any]:
    return {"name": source.name, "url": source.url, "checked": source.checked, "confidence": source.confidence}
