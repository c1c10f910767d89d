"""What a stop or a permission is about: everything, marketing, one purpose, or the hour at which marketing may come."""

from __future__ import annotations

from textfirst.core.purposes import PURPOSE_RULES, Purpose

ALL, MARKETING = "all", "marketing"
ANY_HOUR = "any_hour"  # not what may come but when: marketing at any hour (X1); opens nothing by itself
SCOPES = (ALL, MARKETING, *(purpose.word for purpose in Purpose), ANY_HOUR)


def covers(scope: str, purpose: Purpose) -> bool:
    """Whether a permission or a stop of this scope is about the purpose."""
    return scope in {ALL, purpose.word} or (scope == MARKETING and PURPOSE_RULES[purpose].marketing)


def lifts_hours(scope: str) -> bool:
    """Whether a permission of this scope is the wish to be texted at any hour."""
    return scope == ANY_HOUR


def ends_any_hour(scope: str) -> bool:
    """Whether who takes back a permission of this scope takes back that wish, too."""
    return scope in {ALL, MARKETING, ANY_HOUR}


def stopped_words(mask: int) -> list[str]:
    """The stops in `consent_standing.stopped`, as words: `all`, and each purpose."""
    return [ALL] * (mask & 1) + [purpose.word for purpose in Purpose if mask >> purpose & 1]
