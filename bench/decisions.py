"""Microseconds of a decision: `python -m bench decisions`. Pure functions, no database; the facts' own query is part of a campaign's cost."""

from __future__ import annotations

import timeit
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from bench import report
from bench.report import Row

from textfirst.core.purposes import Purpose
from textfirst.decisions import rules
from textfirst.decisions.types import Facts

ROW = (uuid4(), uuid4(), "tel", "+447900000001", None, None, 1, 1)
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ROUNDS = 20_000


def main(argv: Sequence[str]) -> None:  # noqa: ARG001 - it has no options
    free, stopped = Facts(*ROW), Facts(*ROW, stopped=1)
    asked: dict[str, Callable[[], object]] = {
        "decide: allowed": lambda: rules.decide(free, Purpose.PROMOTION, NOW, not_before=NOW, not_after=NOW + timedelta(hours=1)),
        "decide: stopped": lambda: rules.decide(stopped, Purpose.PROMOTION, NOW),
        "decide: not yet": lambda: rules.decide(free, Purpose.PROMOTION, NOW, not_before=NOW + timedelta(hours=1)),
        "facts of one row": lambda: rules.facts_of(ROW),
    }
    rows = [Row(name, min(timeit.repeat(run, number=ROUNDS, repeat=5)) / ROUNDS * 1e6, "µs") for name, run in asked.items()]
    report.write("decisions", rows)
