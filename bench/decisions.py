"""Microseconds of a decision: `python -m bench decisions`. Pure functions, no database; the facts' own query is part of a campaign's cost.

The people are as diverse as a shop's customers are: several countries, numbers of many areas, permissions of several kinds and ages, a third of
them written to lately, some stopped, some with a wish of their own. Three in five differ from everybody else in something that may matter.
"""

from __future__ import annotations

import random
import time
import timeit
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from bench import report
from bench.report import Row

from textfirst.consent.types import Kind
from textfirst.core.purposes import Purpose
from textfirst.decisions import rules
from textfirst.decisions.lawbook import Lawbook
from textfirst.decisions.packs.shelf import shelf
from textfirst.decisions.policy import DEFAULT
from textfirst.decisions.record import Records
from textfirst.decisions.types import WHO, Asked, Facts

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
AREAS = ["+1305", "+1212", "+1415", "+1713", "+1602", "+1206", "+1850", "+3069", "+4479", "+8490", "+4915", "+4850"]
COUNTRIES = ["US"] * 7 + ["GR", "GB", "VN", "DE", "PL"]
KINDS = [None, Kind.EXPRESS, Kind.EXPRESS_WRITTEN, Kind.EXPRESS_WRITTEN, Kind.DOUBLE_OPT_IN, Kind.DOUBLE_OPT_IN, Kind.IMPLIED_PURCHASE]
PEOPLE = 20_000
ROUNDS = 20_000


def people(count: int) -> list[tuple[Any, ...]]:
    """Rows of facts.sql."""
    dice = random.Random(7)
    return [_person(dice) for _ in range(count)]


def _person(dice: random.Random) -> tuple[Any, ...]:
    area = dice.randrange(len(AREAS))
    kind = dice.choice(KINDS)
    until = NOW + timedelta(days=dice.randrange(1, 700)) if kind is Kind.IMPLIED_PURCHASE else None
    minute = int(NOW.timestamp() // 60)
    sent = sorted((minute - dice.randrange(40_000), dice.choice((1, 1, 4, 6))) for _ in range(dice.choice((0, 0, 0, 1, 2, 4))))
    return Facts(
        uuid4(), uuid4(), "tel", f"{AREAS[area]}{dice.randrange(10**7):07}", uuid4() if kind else None, None,
        dice.choice((1, 1, 2, 3)), 5, stopped=int(dice.random() < 0.05), promotion_kind=kind and int(kind), promotion_until=until,
        dnc_listed=dice.choice((None, None, False)), prefix=AREAS[area], country=COUNTRIES[area] if dice.random() < 0.5 else "",
        prefers=dice.choice((0, 0, 0, 0, 1, 2)), born=dice.choice((None, None, dice.randrange(1945, 2008))),
        sent=" ".join(f"{moment}.{purpose}" for moment, purpose in sent),
    )  # fmt: skip


def main(argv: Sequence[str]) -> None:  # noqa: ARG001 - it has no options
    book, asked = Lawbook(shelf()), Asked(Purpose.PROMOTION, NOW, not_after=NOW + timedelta(hours=24))
    rows = people(PEOPLE)
    known = [row[WHO:] for row in rows]
    rules.Verdicts(asked, DEFAULT, book)[known[0]]
    first, again = _each(known, asked, book), _each(known, asked, book)
    stored, bodies, size = _stored(known, asked, book)
    plain = Facts(*SOMEBODY, 1, 1, promotion_kind=int(Kind.DOUBLE_OPT_IN), prefix="+4479")
    claims: dict[str, Callable[[], object]] = {
        "decide: allowed": lambda: rules.decide(plain, asked, DEFAULT, book),
        "decide: stopped": lambda: rules.decide(plain._replace(stopped=1), asked, DEFAULT, book),
        "decide: a notice": lambda: rules.decide(plain, Asked(Purpose.NOTICE, NOW), DEFAULT, book),
        "decide: capped": lambda: rules.decide(plain._replace(sent=f"{int(NOW.timestamp() // 60) - 60}.1"), asked, DEFAULT, book),
        "facts of one row": lambda: rules.facts_of(rows[0]),
    }
    report.write(
        "decisions",
        [
            Row("diverse people, a campaign's first batch of a day", first, "µs"),
            Row("diverse people, decided", again, "µs"),
            Row("diverse people, decided and made ready to store", stored, "µs"),
            Row("decided alone of all", 100 * len(set(known)) / PEOPLE, "%"),
            Row("decision rows for a recipient", bodies, "bytes"),
            Row("longest decision row", size, "bytes"),
            *(
                Row(name, min(timeit.repeat(run, timer=time.process_time, number=ROUNDS, repeat=5)) / ROUNDS * 1e6, "µs")
                for name, run in claims.items()
            ),
        ],
    )


SOMEBODY = (uuid4(), uuid4(), "tel", "+447900000001", None, None)


def _each(known: Sequence[tuple[Any, ...]], asked: Asked, book: Lawbook) -> float:
    """Microseconds of CPU for each, in batches of a thousand as a campaign has them."""
    start = time.process_time()
    for begin in range(0, len(known), 1000):
        verdicts = rules.Verdicts(asked, DEFAULT, book)
        for one in known[begin : begin + 1000]:
            verdicts[one]
    return (time.process_time() - start) / len(known) * 1e6


def _stored(known: Sequence[tuple[Any, ...]], asked: Asked, book: Lawbook) -> tuple[float, float, float]:
    """The same with a record's id for each; bytes of rows for each recipient, with the two ids in its message; the longest row."""
    start = time.process_time()
    rows: dict[UUID, str] = {}
    for begin in range(0, len(known), 1000):
        verdicts, records = rules.Verdicts(asked, DEFAULT, book), Records(UUID(int=1), NOW)
        for one in known[begin : begin + 1000]:
            records.of(verdicts[one])
        rows |= records.rows
    spent = (time.process_time() - start) / len(known) * 1e6
    return spent, 32 + sum(len(body) + 32 for body in rows.values()) / len(known), max(map(len, rows.values()))
