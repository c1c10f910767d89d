"""What the rule packs and a workspace's policy say to one purpose at one place: looked up once for all of whom the same places are known.

A book only remembers; it holds no facts of anybody. One per process is enough (`lawbook`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from textfirst.core.purposes import Purpose
from textfirst.decisions import hours
from textfirst.decisions.caps import Bound, Limit, bounds, counted_none
from textfirst.decisions.packs.places import place_of_number
from textfirst.decisions.packs.shelf import STRICT, Shelf, shelf
from textfirst.decisions.packs.types import ConsentRule, Effect, Kind, LegalClass, Pack
from textfirst.decisions.plans import Choice, age_group, choose
from textfirst.decisions.policy import Plan, Policy
from textfirst.decisions.types import Because, ChannelKind, Code, Facts

KINDS: Final[Mapping[ChannelKind, Kind]] = {
    ChannelKind.TEXT: Kind.TEXT,
    ChannelKind.CALL: Kind.CALL,
    ChannelKind.EMAIL: Kind.EMAIL,
    ChannelKind.CHAT: Kind.TEXT,  # no pack speaks of chat: it is read as a text is
}
MOST_PLACES = 16_384  # kept at once

Consent = Sequence[tuple[Pack, ConsentRule]]


@dataclass(frozen=True, slots=True)
class Where:
    """What holds for a purpose, by a kind of channel, for all people of whom the same places are known."""

    marketing: bool
    countries: frozenset[str]  # that the number may be of; empty: not known
    served: bool
    question: hours.Asked | None  # None: no hours are asked for
    clocks: tuple[Because, ...]  # the zones it could be, as a reason
    consent: Consent
    caps: tuple[Bound, ...]  # all but the person's own
    idle: tuple[Because, ...]  # what the caps say of somebody to whom nothing was sent
    plan: Plan
    topics: Mapping[str, int]  # rules for which somebody has to answer for some topics, with the version of their pack
    newest: bool  # a promotion takes the place of earlier ones that wait for room
    _choices: dict[tuple[object, ...], Choice] = field(default_factory=dict)
    _grounds: dict[tuple[object, ...], tuple[Because, ...]] = field(default_factory=dict)

    def refuses(self, kind: int) -> Because | None:
        """The first rule for which a permission of this kind is not enough."""
        for pack, rule in self.consent:
            if kind not in rule.permits:
                return Because(Code.PERMISSION_TOO_WEAK, (kind, rule.id, pack.version))
        return None

    @property
    def register_is_final(self) -> bool:
        """Whether somebody on a do-not-call register gets nothing, whatever they permitted."""
        return any(rule.listed == "nothing" for _, rule in self.consent)

    def choice(self, facts: Facts, connected: frozenset[ChannelKind]) -> Choice:
        """By what to reach somebody."""
        key = (facts.prefers, age_group(facts.born), connected)
        found = self._choices.get(key)
        if found is None:
            found = self._choices[key] = choose(self.plan, facts, connected)
        return found

    def grounds(self, kind: int | None, listed: bool | None) -> tuple[Because, ...]:
        """On what a message rests that may go: the permission and the rules it satisfies, and what is not known."""
        found = self._grounds.get((kind, listed))
        if found is None:
            found = self._grounds[kind, listed] = tuple(self._rests_on(kind or 0, listed))
        return found

    def _rests_on(self, kind: int, listed: bool | None) -> Iterable[Because]:
        if not self.marketing:
            yield Because(Code.PERMISSION_NOT_NEEDED)
            return
        yield from (Because(Code.PERMISSION, (kind, rule.id, pack.version)) for pack, rule in self.consent)
        yield Because(Code.DNC_UNKNOWN if listed is None else Code.DNC_OUTWEIGHED if listed else Code.DNC_CLEAR)
        yield Because(Code.REASSIGNMENT_UNKNOWN)


class Lawbook:
    """Where and Windows for one shelf of packs."""

    def __init__(self, packs: Shelf) -> None:
        self.packs = packs
        self.windows = hours.Windows(packs)
        self._places: dict[tuple[object, ...], Where] = {}

    def where(self, purpose: Purpose, kind: ChannelKind, facts: Facts, policy: Policy) -> Where:
        """What holds for somebody of whom `facts` are known."""
        key = (purpose, kind, facts.prefix, facts.country, facts.region, facts.zone, policy.key)
        found = self._places.get(key)
        if found is None:
            if len(self._places) >= MOST_PLACES:
                self._places.clear()
            found = self._places[key] = self._look_up(purpose, kind, facts, policy)
        return found

    def _look_up(self, purpose: Purpose, kind: ChannelKind, facts: Facts, policy: Policy) -> Where:
        legal = hours.CLASSES[purpose]
        marketing = legal is LegalClass.MARKETING
        place = hours.asked(
            legal, KINDS[kind], self.packs, number=facts.prefix, country=facts.country, region=facts.region, zone=facts.zone
        )
        question = _question(purpose, kind, place, policy)
        holding = tuple(bounds(purpose, policy.caps, _limits(self.packs, place, policy)))
        return Where(
            marketing=marketing,
            countries=(countries := _countries(facts)),
            served=not (policy.countries and (marketing or purpose is Purpose.CODE) and countries.isdisjoint(policy.countries)),
            question=question,
            clocks=(Because(Code.CLOCKS, question.zones),) if question is not None and question.zones else (),
            consent=tuple(self._consent(place)) if marketing else (),
            caps=holding,
            idle=counted_none(holding),
            plan=policy.plans.of(purpose),
            topics=dict(self._topics(place)) if marketing else {},
            newest=policy.capped == "newest" and purpose is Purpose.PROMOTION,
        )

    def _topics(self, place: hours.Asked) -> Iterable[tuple[str, int]]:
        for name in place.jurisdictions:
            pack = self.packs.packs[name]
            for rule in pack.content:
                if rule.check == "topics" and rule.effect is Effect.ATTEST and place.legal in rule.classes and place.kind in rule.kinds:
                    yield rule.id, pack.version

    def _consent(self, place: hours.Asked) -> Iterable[tuple[Pack, ConsentRule]]:
        """The rules of every country it may be; those of the strict default for one that has none."""
        silent = not place.jurisdictions
        for name in place.jurisdictions:
            pack = self.packs.packs[name]
            rules = [rule for rule in pack.consent if place.legal in rule.classes and place.kind in rule.kinds]
            silent = silent or not (rules or pack.within)
            yield from ((pack, rule) for rule in rules)
        if silent:
            strict = self.packs.packs[STRICT]
            yield from ((strict, rule) for rule in strict.consent if place.legal in rule.classes and place.kind in rule.kinds)


@cache
def lawbook() -> Lawbook:
    """The book of the packs that come with Textfirst."""
    return Lawbook(shelf())


def _countries(facts: Facts) -> frozenset[str]:
    """By the number, which is what costs and what a regulator sees; by the address where there is none."""
    if facts.prefix:
        return frozenset(name[:2] for name in place_of_number(facts.prefix).jurisdictions)
    return frozenset({facts.country.upper()} if facts.country else ())


def _question(purpose: Purpose, kind: ChannelKind, place: hours.Asked, policy: Policy) -> hours.Asked | None:
    if purpose is Purpose.STAFF and policy.staff_hours is not None:
        staff = policy.staff_hours
        own = hours.Own(policy.key, hours.Code.STAFF_HOURS, "staff", staff.week, closed=frozenset(staff.holidays))
        return hours.Asked(place.legal, place.kind, (), (staff.zone,), own=own)
    if kind is ChannelKind.CHAT or not hours.keeps_hours(purpose, place.kind):
        return None
    if not policy.hours.narrow:
        return place
    own = hours.Own(policy.key, hours.Code.OWN_HOURS, "own", policy.hours.week, policy.hours.margin_minutes)
    return hours.Asked(place.legal, place.kind, place.jurisdictions, place.zones, place.doubts, own)


def _limits(packs: Shelf, place: hours.Asked, policy: Policy) -> Iterable[Limit]:
    for name in place.jurisdictions:
        pack = packs.packs[name]
        for rule in pack.limits:
            if place.legal in rule.classes and place.kind in rule.kinds and (not rule.relied_on or rule.id in policy.relies_on):
                yield Limit(rule.texts, rule.days, rule.id, pack.version)
