"""People of whom facts are known, and moments at which something is asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from textfirst.consent.types import Kind as Permission
from textfirst.core.purposes import Purpose
from textfirst.decisions.hours import Asked as Question
from textfirst.decisions.lawbook import Lawbook
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.zones import zone
from textfirst.decisions.policy import Policy
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Decision, Facts

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # a Monday: noon in New York, five in the afternoon in London
NIGHT = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # eleven at night in New York, four in the morning in London
BOOK = Lawbook(shelf())
WHO_IT_IS = (UUID(int=1), UUID(int=2), "tel", "+12125550123", UUID(int=3), UUID(int=4))
YES = int(Permission.DOUBLE_OPT_IN)


def person(**known: Any) -> Facts:
    """Somebody in New York who may be sent everything, unless `known` says otherwise."""
    usual = {"prefix": "+1212", "promotion_kind": YES, "greeting_kind": YES, "dnc_listed": False}
    return Facts(*WHO_IT_IS, 5, 3, **{**usual, **known})


def ask(facts: Facts, purpose: Purpose = Purpose.PROMOTION, now: datetime = NOON, policy: Policy = Policy(), **asked: Any) -> Decision:  # noqa: B008 - frozen
    return decide(facts, Asked(purpose, now, **asked), policy, BOOK)


def sent(*ago_and_purpose: tuple[timedelta, Purpose], now: datetime = NOON) -> str:
    """The column `sent`: each so long ago."""
    minutes = sorted((int((now - ago).timestamp() // 60), int(purpose)) for ago, purpose in ago_and_purpose)
    return " ".join(f"{minute}.{purpose}" for minute, purpose in minutes)


def allowed_by_the_wall(question: Question, moment: datetime, margin: int) -> bool:
    """Straight from the data: every rule, every clock, and again `margin` minutes on."""
    for name in question.jurisdictions:
        for rule in shelf().packs[name].hours:
            if question.kind not in rule.kinds or question.legal not in rule.classes:
                continue
            for name_ in question.zones:
                for ahead in (0, margin):
                    wall = (moment + timedelta(minutes=ahead)).astimezone(zone(name_))
                    minute = wall.hour * 60 + wall.minute
                    free = rule.holidays is not None and wall.date() in shelf().packs[name].holidays_of(wall.year)
                    if not any(span.opens <= minute < span.closes for span in (rule.holidays if free else rule.open.days[wall.weekday()])):
                        return False
    return True
