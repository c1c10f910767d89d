"""Deciding for thousands is deciding for each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from tests.unit.decisions.people import BOOK, YES

from textfirst.core.purposes import Purpose
from textfirst.decisions.policy import DEFAULT, Policy
from textfirst.decisions.rules import Verdicts, decide
from textfirst.decisions.types import ENTRY, WHO, Asked, Facts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEOPLE = [
    (UUID(int=1), UUID(int=2), "tel", "+302101234567", None, None),
    (UUID(int=3), UUID(int=4), "tel", "+447911123456", UUID(int=5), UUID(int=6)),
]


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("policy", [DEFAULT, Policy(countries=("GR",))])
@pytest.mark.parametrize("not_after", [NOW + timedelta(hours=1), NOW])
def test_the_same_answer_whoever_it_is(purpose, policy, not_after):
    asked = Asked(purpose, NOW, not_after=not_after)
    verdicts = Verdicts(asked, policy, BOOK)
    knowns = [Facts(*PEOPLE[0], *some, promotion_kind=YES)[WHO:] for some in product((1, 7), (1, 9), (0, 1), (False, True))]
    rows = [(*who, *known) for who in PEOPLE for known in knowns]
    assert [verdicts[row[WHO:]] for row in rows] == [decide(Facts(*row), asked, policy, BOOK) for row in rows]
    assert len(verdicts) == 16, "decided once for each that is known"


@pytest.mark.parametrize(("read_at", "stamped"), [(None, 9), (9, 9), (12, 9), (7, 7)])
def test_no_answer_is_stamped_as_newer_than_the_settings_it_rests_on(read_at, stamped):
    verdicts = Verdicts(Asked(Purpose.NOTICE, NOW), DEFAULT, BOOK, version=read_at)
    assert verdicts[Facts(*PEOPLE[0], 4, 9)[WHO:]].stamp == (4, stamped)


@pytest.mark.parametrize("purpose", [Purpose.PROMOTION, Purpose.GREETING])
def test_the_entry_that_a_message_rests_on_stands_in_the_row(purpose):
    assert Facts._fields[ENTRY[purpose]] == f"{purpose.word}_entry"


def test_equal_answers_to_different_people_are_one_object():
    """What was sent to each differs by the minute; the answer does not, and what is made of it is made once."""
    verdicts = Verdicts(Asked(Purpose.NOTICE, NOW), DEFAULT, BOOK)
    minutes = [int(NOW.timestamp() // 60) - ago for ago in (5, 6, 7)]
    answers = [verdicts[Facts(*PEOPLE[0], 4, 9, sent=f"{minute}.{int(Purpose.NOTICE)}")[WHO:]] for minute in minutes]
    assert len(verdicts) == 3
    assert answers[0].reasons
    assert len({id(answer) for answer in answers}) == 1
    assert verdicts[Facts(*PEOPLE[0], 5, 9)[WHO:]] is not answers[0]
