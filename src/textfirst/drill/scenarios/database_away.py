"""T3: the database is stopped, stopped at once, or killed, and comes back."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterable
from typing import Any, ClassVar, Final

import psycopg

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import within
from textfirst.drill.scenario import Drill, Load, Scenario

WAYS: Final = {"stopped": signal.SIGINT, "stopped at once": signal.SIGQUIT, "killed": signal.SIGKILL}
RESUME_WITHIN: Final = 10.0  # seconds after the database answers again
BACK_WITHIN: Final = 90.0  # seconds until it answers again: recovery after a crash takes what it takes
AWAY_FOR: Final = 4.0  # seconds of the long outage, in which every answer must be an honest one
KEPT: Final = ("front", "console", "engine", "jobs", "phones")


class DatabaseAway(Scenario):
    """Fast stop, immediate stop, kill -9 of the postmaster; then one outage long enough to see what people and carriers are told."""

    name: ClassVar[str] = "T3"
    title: ClassVar[str] = "PostgreSQL stopped, stopped at once, killed"
    hypothesis: ClassVar[str] = (
        "While the database is away no process ends, programs are told 503 with Retry-After, and inbound texts and receipts are refused so that the "
        "carrier keeps them. Ten seconds after it answers again everything flows, without anybody's hands."
    )
    load: ClassVar[Load] = Load(recipients=12_000, rate=300, seconds=60, quiet_within=240)
    short_load: ClassVar[Load | None] = Load(recipients=400, rate=100, seconds=6, quiet_within=60)

    def faults(self, drill: Drill) -> None:
        drill.wait(2)
        self._slowest: tuple[float, str] = (0.0, "")
        rounds = 1 if drill.short else 3
        for _ in range(rounds):
            for way in drill.random.sample(list(WAYS), len(WAYS)):
                self._once(drill, way)
                drill.wait(drill.random.uniform(0.5, 3.0))
        self._long_outage(drill)
        drill.facts["databases stopped"] = rounds * len(WAYS) + 1
        drill.facts["slowest to resume"] = f"{self._slowest[0]:.1f} s ({self._slowest[1]})"

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        slowest, what = self._slowest
        if slowest > RESUME_WITHIN:
            yield f"It took {slowest:.1f} s after the database answered again until {what}; allowed are {RESUME_WITHIN:.0f}."
        said = drill.installation.output.read_text(
            errors="replace"
        )  # and no other process ids: the jobs begin afresh now and then to give back memory
        ended = [name for name in KEPT if f"The process {name} ended" in said]
        if ended:
            yield f"Processes ended because the database was away: {', '.join(ended)}."
        answers = drill.loader.answers
        if answers["503 without Retry-After"]:
            yield f"{answers['503 without Retry-After']} answers were 503 without Retry-After."
        other = {status: count for status, count in answers.items() if status.startswith("5") and status[:3] != "503"}
        if other:
            yield f"Programs were told {other} instead of 503."
        if not answers["503"]:
            yield "No program was ever told 503, so what it is told was not shown."

    # ── one outage ──────────────────────────────────────────────────────────────────────────────────────

    def _once(self, drill: Drill, way: str) -> None:
        drill.note(f"PostgreSQL {way}")
        drill.installation.signal("postgres", WAYS[way])
        self._wait_for_flow(drill)

    def _long_outage(self, drill: Drill) -> None:
        """The supervisor stands still meanwhile, so that nobody starts the database again."""
        assert drill.installation.supervisor is not None
        drill.note(f"PostgreSQL killed, and away for {AWAY_FOR:.0f} s")
        drill.installation.supervisor.send_signal(signal.SIGSTOP)
        try:
            drill.installation.signal("postgres", signal.SIGKILL)
            drill.wait(AWAY_FOR)
        finally:
            drill.installation.supervisor.send_signal(signal.SIGCONT)
        self._wait_for_flow(drill)

    def _wait_for_flow(self, drill: Drill) -> None:
        """From the first answer of the database: how long until a program is answered, a text leaves, and one comes in."""
        time.sleep(0.2)  # it is certainly down by now
        if not within(BACK_WITHIN, lambda: _answers(drill)):
            drill.note("the database did not come back")
            return
        back = time.monotonic()
        accepted, found = drill.loader.accepted, _progress(drill)
        waits: dict[str, Any] = {
            "the API accepts": lambda: drill.loader.accepted > accepted,
            "texts leave": lambda: _progress(drill)[0] > found[0],
            "texts come in": lambda: _progress(drill)[1] > found[1],
        }
        for what, holds in waits.items():
            within(RESUME_WITHIN * 6, holds)
            took = time.monotonic() - back
            drill.note(f"{what} again after {took:.1f} s")
            self._slowest = max(self._slowest, (took, what))


def _answers(drill: Drill) -> bool:
    try:
        drill.installation.ask("select 1")
    except psycopg.Error:
        return False
    return True


def _progress(drill: Drill) -> tuple[int, int]:
    """Attempts that were made, and texts that came in; none while the database does not say."""
    try:
        sql = "select (select count(*) from provider_ref), (select count(*) from message where direction = 1)"
        sent, heard = drill.installation.ask(sql)[0]
    except psycopg.Error:
        return 0, 0
    return int(sent), int(heard)


SCENARIOS = (DatabaseAway,)
