"""What a stop or a permission is about: everything, marketing, or one purpose."""

from __future__ import annotations

from textfirst.core.purposes import PURPOSE_RULES, Purpose

ALL, MARKETING = "all", "marketing"
SCOPES = (ALL, MARKETING, *(purpose.word for purpose in Purpose))


def covers(scope: str, purpose: Purpose) -> bool:
    """Whether a permission or a stop of this scope is about the purpose."""
    return scope in {ALL, purpose.word} or (scope == MARKETING and PURPOSE_RULES[purpose].marketing)


def stopped_words(mask: int) -> list[str]:
    """The stops in `consent_standing.stopped`, as words: `all`, and each purpose."""
    return [ALL] * (mask & 1) + [purpose.word for purpose in Purpose if mask >> purpose & 1]
