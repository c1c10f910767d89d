"""Deciding for thousands is deciding for each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from textfirst.core.purposes import Purpose
from textfirst.decisions.rules import Verdicts, decide
from textfirst.decisions.types import WHO, Facts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEOPLE = [
    (UUID(int=1), UUID(int=2), "tel", "+302101234567", None, None),
    (UUID(int=3), UUID(int=4), "tel", "+447911123456", UUID(int=5), UUID(int=6)),
]


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("not_after", [NOW + timedelta(hours=1), NOW])
def test_the_same_answer_whoever_it_is(purpose, not_after):
    verdicts = Verdicts(purpose, NOW, not_after=not_after)
    rows = [(*who, *known) for who in PEOPLE for known in product((1, 7), (1, 9), (False, True), (False, True))]
    assert [verdicts[row[WHO:]] for row in rows] == [decide(Facts(*row), purpose, NOW, not_after=not_after) for row in rows]
    assert len(verdicts) == 16, "decided once for each that is known"
