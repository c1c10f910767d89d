"""What a workspace's settings and the rules of a place come to for somebody there: when they may be reached, by which rules, how often.

Everything is asked of `decide`, as for a message to somebody who has agreed to everything, moment after moment; nothing is worked out twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from textfirst.consent.types import Kind as Permission
from textfirst.core.purposes import Purpose
from textfirst.core.words import in_language, say
from textfirst.decisions.hours import CLASSES, asked
from textfirst.decisions.packs.shelf import Shelf
from textfirst.decisions.packs.types import DAY, HoursRule, Kind, LegalClass, clock
from textfirst.decisions.packs.zones import zone
from textfirst.decisions.policy import Cap, Policy
from textfirst.decisions.record import FIELDS
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Because, Code, Decision, Facts, Verdict
from textfirst.decisions.why import explain

AHEAD: Final = timedelta(days=7)
ASIDE: Final = frozenset(  # true of nobody in particular, or told better by the limits
    code.word
    for code in (
        Code.PERMISSION,
        Code.DNC_UNKNOWN,
        Code.DNC_CLEAR,
        Code.REASSIGNMENT_UNKNOWN,
        Code.COUNTED,
        Code.COUNTED_OWN,
        Code.COUNTED_LAW,
    )
)
DOUBTS: Final = frozenset(code.word for code in (Code.COUNTRY_UNKNOWN, Code.REGION_UNKNOWN, Code.ZONE_UNKNOWN, Code.ZONE_INVALID))
TOGETHER: Final = frozenset({Purpose.PROMOTION, Purpose.GREETING, Purpose.FEEDBACK})  # counted across
MOST_LOOKS: Final = 100  # at moments of a week; hours open a few times a day


@dataclass(frozen=True, slots=True)
class Held:
    """A rule that would hold. `law`: a law asks for it; otherwise it is kept unasked."""

    id: str
    jurisdiction: str
    version: int
    sentence: str
    law: bool


@dataclass(frozen=True, slots=True)
class Span:
    """A time of a local day at which a message may begin."""

    date: date
    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Meaning:
    sentences: list[str]
    places: list[str]
    rules: list[Held]
    week: list[Span]
    zone: str  # whose clock the week goes by; empty: nobody knows


def meaning(where: dict[str, str], purpose: Purpose, policy: Policy, packs: Shelf, *, now: datetime, language: str) -> Meaning:
    """For somebody of whom `where` is known: number, country, region, zone, each empty or left out if not."""
    place = asked(CLASSES[purpose], Kind.TEXT, packs, **where)
    facts = agreed(where)
    looks = list(_looks(facts, purpose, policy, now))
    clock_of = place.zones[0] if place.zones else ""
    said = [_now(looks[0][1], clock_of), *_limits(purpose, policy)]
    now_words, *limits = [in_language(one, language) for one in said]
    return Meaning(
        sentences=list(dict.fromkeys([now_words, *_told(looks[0][1], now, packs, language), *limits])),
        places=[in_language(packs.packs[name].name, language) for name in place.jurisdictions],
        rules=_rules((decision for _, decision in looks), CLASSES[purpose], packs, language),
        week=[span for begin, end in _open(looks, now) for span in _by_day(begin, end, clock_of or "Etc/UTC")],
        zone=clock_of,
    )


def agreed(where: dict[str, str]) -> Facts:
    """Somebody who has agreed to everything and to whom nothing was sent."""
    yes = int(Permission.DOUBLE_OPT_IN)
    country, region, name = (where.get(key, "") for key in ("country", "region", "zone"))
    return Facts(
        UUID(int=0), UUID(int=0), "tel", "", None, None, 0, 0, promotion_kind=yes, greeting_kind=yes, prefix=where.get("number", "")[:5],
        country=country, region=region, zone=name,
    )  # fmt: skip


def _looks(facts: Facts, purpose: Purpose, policy: Policy, now: datetime) -> Iterator[tuple[datetime, Decision]]:
    """What is decided at each moment at which something changes."""
    moment = now
    for _ in range(MOST_LOOKS):
        decision = decide(facts, Asked(purpose, moment), policy)
        yield moment, decision
        after = decision.until if decision.verdict is Verdict.DEFER else decision.not_after or decision.send_by
        if decision.verdict is Verdict.BLOCK or after is None or after <= moment or after >= now + AHEAD:
            return
        moment = after


def _open(looks: Iterable[tuple[datetime, Decision]], now: datetime) -> Iterator[tuple[datetime, datetime]]:
    for moment, decision in looks:
        if decision.verdict is Verdict.ALLOW:
            yield moment, min(decision.send_by or now + AHEAD, now + AHEAD)


def _by_day(begin: datetime, end: datetime, name: str) -> Iterator[Span]:
    """A stretch cut at midnight, by a clock there."""
    there = zone(name)
    first, last = begin.astimezone(there), end.astimezone(there)
    for number in range((last.date() - first.date()).days + 1):
        day = first.date() + timedelta(days=number)
        opens = first.hour * 60 + first.minute if number == 0 else 0
        closes = last.hour * 60 + last.minute if day == last.date() else DAY
        if opens < closes:
            yield Span(day, clock(opens), clock(closes))


def _now(decision: Decision, name: str) -> str:
    """What would become of it at this moment, by a clock there."""
    if decision.verdict is Verdict.ALLOW:
        return "Such a message may leave now."
    if decision.until is None:
        return "Such a message would not leave."
    there = decision.until.astimezone(zone(name)) if name else decision.until
    return say("Such a message would wait until {time} ({zone}).", time=f"{there:%Y-%m-%d %H:%M}", zone=name or "UTC")


def _told(decision: Decision, now: datetime, packs: Shelf, language: str) -> list[str]:
    """Reasons that no rule of a place gives: what is not known, what the workspace has settled; of what is refused the headline first."""
    reasons = explain(decision, now, packs, language)["reasons"]
    refused = reasons[0]["code"] if reasons and decision.verdict is Verdict.BLOCK else ""
    return [
        one["message"]
        for one in reasons
        if one["code"] in {refused, *DOUBTS} or (one["code"] not in ASIDE and "source" not in one["facts"])
    ]


def _limits(purpose: Purpose, policy: Policy) -> Iterator[str]:
    """How many one person gets of them."""
    for cap in getattr(policy.caps, purpose.word, ()):
        yield _limit(
            cap, "One person gets at most {texts} of them within {days} days.", "One person gets at most {texts} of them within 24 hours."
        )
    for cap in policy.caps.across if purpose in TOGETHER else ():
        yield _limit(
            cap, "Promotions, greetings and requests for feedback together: at most {texts} to one person within {days} days.",
            "Promotions, greetings and requests for feedback together: at most {texts} to one person within 24 hours.",
        )  # fmt: skip


def _limit(cap: Cap, days: str, day: str) -> str:
    return say(day, texts=cap.texts) if cap.days == 1 else say(days, texts=cap.texts, days=cap.days)


def _rules(decisions: Iterable[Decision], legal: LegalClass, packs: Shelf, language: str) -> list[Held]:
    """Every rule that any of the decisions names, once."""
    named = dict.fromkeys(rule for decision in decisions for one in decision.reasons if (rule := _named(one)) is not None)
    return [held for name, version in named if (held := _held(name, version, legal, packs, language)) is not None]


def _named(because: Because) -> tuple[str, int] | None:
    facts = dict(zip(FIELDS.get(because.code, ()), because.facts, strict=False))  # type: ignore[call-overload]  # a code of a later version has none
    name = str(facts.get("rule", ""))
    return (name, int(facts.get("version", 0))) if "." in name else None


def _held(name: str, version: int, legal: LegalClass, packs: Shelf, language: str) -> Held | None:
    pack = packs.released.get((name.partition(".")[0], version))
    rule = next((rule for rule in pack.rules if rule.id == name), None) if pack is not None else None
    if pack is None or rule is None:
        return None
    law = legal in rule.law if isinstance(rule, HoursRule) else True
    return Held(name, pack.jurisdiction, version, in_language(rule.sentence(pack.name), language), law)
