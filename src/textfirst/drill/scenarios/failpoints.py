"""T2: at every place that matters, the process dies; first at the first passing, then at the second, until it is not passed so often."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from threading import Thread
from typing import ClassVar, Final

import httpx

from textfirst.core.failpoints import NAMES, VARIABLE
from textfirst.drill.armed import ArmedScenario
from textfirst.drill.auditor.judge import audit
from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.harness import look, rests
from textfirst.drill.installation import Broken, new_installation, within
from textfirst.drill.load import ANSWER_WITHIN, Program
from textfirst.drill.scenario import Drill, Load, Scenario

MIGRATION: Final = "migration.table"
SHORT: Final = ("claim.committed", "inbound.before_ack", "front.committed")
MOST_PASSINGS: Final = 3  # tried of a place that a round passes more often
PEOPLE: Final = 40  # of one round's campaign
SENDS: Final = 12  # by key, of one round, from several programs at once
ROUND_WITHIN: Final = 240.0  # seconds until a round is over: a lease lasts 15, the job of a dead worker is taken up within two minutes


class FailpointSweep(ArmedScenario):
    """One small round of every traffic for each place and each passing."""

    name: ClassVar[str] = "T2"
    title: ClassVar[str] = "death at every failpoint"
    hypothesis: ClassVar[str] = (
        "There is no place between a claim and its answer, a receipt and its commit, a request and its answer, where a sudden death loses or "
        "doubles anything that may be sent once."
    )
    load: ClassVar[Load] = replace(ArmedScenario.load, rate=0, window=20)
    short_load: ClassVar[Load | None] = load

    def faults(self, drill: Drill) -> None:
        self._broken: list[str] = []
        self._counted: dict[str, int] = {}
        self._serial = 0
        fired: dict[str, int] = {}
        places = SHORT if drill.short else [name for name in NAMES if name != MIGRATION]
        for place in drill.random.sample(places, len(places)):
            fired[place] = self._sweep(drill, place, 1 if drill.short else MOST_PASSINGS)
            self._audit(drill, place)
        drill.facts["deaths"] = ", ".join(f"{place} × {times}" for place, times in sorted(fired.items()))
        never = [place for place, times in fired.items() if not times]
        if never:
            self._broken.append(f"No round ever reached {', '.join(never)}, so nothing was shown there.")

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        return self._broken

    def _sweep(self, drill: Drill, place: str, most: int) -> int:
        """Let the process die at the first passing, the second, …; how often it did."""
        for passing in range(1, most + 1):
            self.arm(f"{place}:exit@{passing}")
            began = time.monotonic()
            self._round(drill)
            if not self.fired():
                self.disarm()
                return passing - 1
            drill.note(f"died at {place}, passing {passing}; the round took {time.monotonic() - began:.0f} s")
        return most

    def _audit(self, drill: Drill, place: str) -> None:
        """After each place, so that the verdict names the one that broke something."""
        verdict = audit(frames=drill.installation.frames, database_url=drill.installation.database_url, ledger=drill.loader.ledger.path)
        for one in verdict.breaches:
            if one.count > self._counted.get(one.words, 0):
                self._counted[one.words] = one.count
                self._broken.append(f"after {place}: {one}")

    # ── a round ─────────────────────────────────────────────────────────────────────────────────────────

    def _round(self, drill: Drill) -> None:
        """Everything once: an import, a campaign to those people, sends by key, codes, texts from phones, a STOP, an answer from the inbox."""
        self._serial += 1
        people = [f"+4479600{self._serial * PEOPLE + number:05d}" for number in range(PEOPLE)]
        loader = drill.loader
        list_id = _patiently(lambda: loader.bring_in(people, f"Round {self._serial}"))
        phones = Thread(target=_phones, args=(drill, self._serial, people[0]), daemon=True)
        threads = [phones, *(Thread(target=_program, args=(drill, self._serial, number), daemon=True) for number in range(SENDS))]
        for thread in threads:
            thread.start()
        loader.text_list(list_id, people)
        for thread in threads:
            thread.join(ROUND_WITHIN)
        if not within(ROUND_WITHIN, lambda: rests(drill), every=0.3):
            self._broken.append(f"Round {self._serial} did not come to rest within {ROUND_WITHIN:.0f} s: {look(drill)}")


def _program(drill: Drill, serial: int, number: int) -> None:
    program = Program(drill.loader, drill.loader.key)
    purpose = "code" if number % 3 == 0 else "notice"
    text = f"Round {serial}, send {number}: your table is ready. " * (9 if number % 4 == 1 else 1)
    drill.loader.send(
        program, to=f"+4479700{serial * SENDS + number:05d}", text=text.strip(), purpose=purpose, key=f"round-{serial}-{number}"
    )


def _phones(drill: Drill, serial: int, stopping: str) -> None:
    """Five people write, one of them at length, and somebody of the campaign says STOP."""
    for number in range(5):
        words = f"Round {serial}, question {number}? " * (8 if number == 2 else 1)
        drill.loader.types(f"4479500{number:05d}", words.strip())
        time.sleep(0.05)
    drill.loader.types(stopping.lstrip("+"), "STOP")
    drill.loader.reply(Program(drill.loader, drill.loader.key))


def _patiently(act: Callable[[], str]) -> str:
    """What a person would do by hand: again when the machine was away."""
    end = time.monotonic() + 10 * ANSWER_WITHIN
    while True:
        try:
            return act()
        except httpx.HTTPError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


class DeathWhileMigrating(Scenario):
    """The first start of an installation, dying at the first table, the second, …"""

    name: ClassVar[str] = "T2M"
    title: ClassVar[str] = "death in the middle of migrations"
    hypothesis: ClassVar[str] = (
        "A migration is there whole or not at all: whenever the first start dies, the next goes on, and ends with the same tables."
    )
    load: ClassVar[Load] = Load(recipients=100, seconds=2)

    def faults(self, drill: Drill) -> None:
        self._broken: list[str] = []
        passing = 0
        with new_installation() as other:
            points = other.home.parent / "points"
            other.more = {VARIABLE: f"@{points}"}
            other.configure_database()
            while passing < 100:
                passing += 1
                points.write_text(f"{MIGRATION}:exit@{passing}")
                try:
                    other.up()
                except Broken:
                    if not points.with_suffix(".fired").exists():
                        raise
                    points.with_suffix(".fired").unlink()
                    continue
                break
            same = other.ask(_TABLES) == drill.installation.ask(_TABLES)
        drill.facts["starts that died"] = passing - 1
        if passing == 1:
            self._broken.append("No start died, so nothing was shown.")
        if not same:
            self._broken.append("The tables of the installation whose migrations died differ from those of one that was left alone.")

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        return self._broken


_TABLES: Final = """
select c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod), c.relrowsecurity,
  (select count(*) from pg_constraint k where k.conrelid = c.oid), (select count(*) from pg_index i where i.indrelid = c.oid),
  (select count(*) from pg_policy p where p.polrelid = c.oid)
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1, 2
"""

SCENARIOS = (FailpointSweep, DeathWhileMigrating)
