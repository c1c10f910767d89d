"""12,401 now, 320 at 09:00 their time, 98 not: 61 no consent, 30 stopped, 7 capped"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from textfirst.campaigns import rules
from textfirst.campaigns.rules import MOST_STARTS, SHORT, starts, told
from textfirst.campaigns.types import DryRun, Start
from textfirst.core.languages import ar
from textfirst.decisions.types import Code

NOW = datetime(2026, 11, 22, 22, 0, tzinfo=UTC)
MORNING = NOW + timedelta(hours=9)


def run(now: int = 0, later: dict[Start, int] | None = None, refused: dict[str, int] | None = None) -> DryRun:
    return DryRun(NOW, now=now, later=Counter(later or {}), refused=Counter(refused or {}))


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (run(), "0 now"),
        (run(12401, {Start(MORNING, "quiet_hours", "2026-11-23T09:00"): 320}, {"stopped": 30, "no_permission": 61, "capped": 7}),
         "12,401 now, 320 at 09:00 their time, 98 not: 61 no consent, 30 stopped, 7 capped"),
        # two zones, one hour on their clocks
        (run(1, {Start(MORNING, "quiet_hours", "2026-11-23T09:00"): 2, Start(MORNING + timedelta(hours=1), "quiet_hours", "2026-11-23T09:00"): 3}),
         "1 now, 5 at 09:00 their time"),
        (run(0, {Start(NOW + timedelta(days=3), "capped", "2026-11-26T00:00"): 2}), "0 now, 2 on 2026-11-26 at 00:00 their time"),
        (run(0, {Start(MORNING, "quiet_hours", ""): 2}), "0 now, 2 from 2026-11-23 07:00 UTC"),
        (run(0, {Start(NOW + timedelta(hours=hour), "quiet_hours", f"2026-11-23T{hour:02}:00"): 10 - hour for hour in range(1, 6)}),
         "0 now, 9 at 01:00 their time, 8 at 02:00 their time, 7 at 03:00 their time, 11 later"),
        (run(0, None, {"brand_new": 2}), "0 now, 2 not: 2 for another reason"),
    ],
)  # fmt: skip
def test_what_it_comes_to_in_a_sentence(found, sentence):
    assert told(found, "en") == sentence


def test_it_is_told_in_the_readers_language():
    assert told(run(3, None, {"stopped": 2}), "ar") == "3 الآن، 2 لا: 2 طلبوا التوقف"
    words = {rules.NOW, rules.AT_LOCAL, rules.ON_LOCAL, rules.FROM, rules.LATER, rules.NOT, rules.OTHER, *SHORT.values()}
    assert words <= ar.SENTENCES.keys()


def test_short_words_are_for_reasons_that_exist():
    assert set(SHORT) <= {code.word for code in Code}


def test_very_many_moments_are_told_by_the_hour():
    many = {Start(NOW + timedelta(minutes=minute), "capped", "x"): 1 for minute in range(MOST_STARTS + 20)}
    assert [(start.at.hour, count) for start, count in starts(run(0, many))] == [(22, 60), (23, 60)]
    few = dict(list(many.items())[:MOST_STARTS])
    assert len(starts(run(0, few))) == MOST_STARTS
