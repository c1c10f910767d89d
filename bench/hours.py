"""Microseconds of a window decision: `python -m bench.hours`. Equal questions share a timetable; a new one is built once a UTC day."""

from __future__ import annotations

import sys
import timeit
from collections.abc import Sequence
from datetime import UTC, datetime

from bench import report
from bench.report import Row

from textfirst.decisions.hours import Timetable, Windows, asked
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.packs.types import Kind, LegalClass

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ROUNDS = 50_000


def main(argv: Sequence[str]) -> None:  # noqa: ARG001 - it has no options
    question = asked(LegalClass.MARKETING, Kind.TEXT, shelf(), number="+13055550123")
    windows, day = Windows(shelf()), int(NOW.timestamp() // 86400)
    cached = min(timeit.repeat(lambda: windows.at(question, NOW), number=ROUNDS, repeat=5)) / ROUNDS * 1e6
    built = min(timeit.repeat(lambda: Timetable(question, shelf(), day), number=20, repeat=5)) / 20 * 1e6
    report.write("hours", [Row("window: equal facts", cached, "µs"), Row("window: a new timetable", built, "µs")])


if __name__ == "__main__":
    main(sys.argv[1:])
