"""By what to reach somebody: which step of a purpose's plan comes first, and why (S1, S2, S29, S39, S46, X4). Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from textfirst.decisions.policy import Plan
from textfirst.decisions.types import Because, ChannelKind, Code, Facts

BOOMERS_UNTIL: Final = 1964  # the last year of birth of those who would rather be called (S46)
TEXTERS_SINCE: Final = 1981  # the first of those who would rather be texted (S2)
OLDER, YOUNGER = 1, 2  # the age groups as reasons name them; nobody's year of birth is in a decision


class Choice(NamedTuple):
    """The step to begin with, counted from 0; None when no channel of the plan is connected."""

    step: int | None
    kind: ChannelKind | None
    reasons: tuple[Because, ...]


def choose(plan: Plan, facts: Facts, connected: Collection[ChannelKind]) -> Choice:
    """The first step whose channel is connected, in the order that fits this person, with a reason for each that was passed over."""
    kinds = [step.channel for step in plan.steps]
    first, reasons = _first(plan, kinds, facts)
    order = [first, *(number for number in range(len(kinds)) if number != first)]
    passed: list[ChannelKind] = []
    for number in order:
        kind = kinds[number]
        if kind in connected:
            return Choice(number, kind, (*reasons, *_passed(passed), Because(Code.PLAN_STEP, (number + 1, int(kind)))))
        if kind not in passed:
            passed.append(kind)
    return Choice(None, None, (*reasons, *_passed(passed)))


def _first(plan: Plan, kinds: list[ChannelKind], facts: Facts) -> tuple[int, tuple[Because, ...]]:
    """What somebody asked for beats every guess, and only urgency beats what they asked for."""
    if facts.prefers:
        wish = ChannelKind(facts.prefers)
        if plan.urgent:
            return 0, () if kinds[0] is wish else (Because(Code.URGENCY_OVERRIDES, (int(wish), int(kinds[0]))),)
        if wish not in kinds:
            return 0, (Because(Code.PREFERENCE_NOT_IN_PLAN, (int(wish),)),)
        return kinds.index(wish), (Because(Code.PREFERRED, (int(wish),)),)
    group = age_group(facts.born) if plan.by_age else None
    kind = ChannelKind.CALL if group == OLDER else ChannelKind.TEXT
    if group is None or kind not in kinds:
        return 0, ()
    return kinds.index(kind), (Because(Code.BY_AGE, (int(kind), group)),)


def age_group(born: int | None) -> int | None:
    """OLDER, YOUNGER, or None for who is neither or is not known."""
    if born is None:
        return None
    return OLDER if born <= BOOMERS_UNTIL else YOUNGER if born >= TEXTERS_SINCE else None


def _passed(kinds: list[ChannelKind]) -> tuple[Because, ...]:
    return tuple(Because(Code.NOT_CONNECTED, (int(kind),)) for kind in kinds)
