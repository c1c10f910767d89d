"""T1: any process may die at any moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import ClassVar

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.scenario import Drill, Load, Scenario

OURS = ("front", "console", "engine", "jobs", "phones")


class KillProcesses(Scenario):
    """kill -9 of one of ours at random, again and again; the supervisor starts it anew."""

    name: ClassVar[str] = "T1"
    title: ClassVar[str] = "kill -9 of every process"
    hypothesis: ClassVar[str] = (
        "No process keeps anything that cannot be read again from the database: whichever dies, whenever, nothing promised is lost, nothing that "
        "may be sent once is doubled, and what nobody can know is bounded by the window for each session that was lost."
    )
    load: ClassVar[Load] = Load(recipients=20_000, rate=300, seconds=90, quiet_within=240)
    short_load: ClassVar[Load | None] = Load(recipients=600, rate=100, seconds=8, quiet_within=60)

    def faults(self, drill: Drill) -> None:
        kills = 5 if drill.short else 20
        shortest, longest = (0.5, 1.5) if drill.short else (2.0, 6.0)
        dead: Counter[str] = Counter()
        names: list[str] = []
        while len(names) < kills:
            names += drill.random.sample(OURS, len(OURS))  # each as often as the others
        for name in names[:kills]:
            drill.wait(drill.random.uniform(shortest, longest))
            if drill.installation.signal(name):
                dead[name] += 1
                drill.note(f"killed {name}")
        drill.facts["killed"] = ", ".join(f"{count} × {name}" for name, count in sorted(dead.items()))

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        if not drill.facts.get("killed"):
            yield "No process could be killed, so nothing was shown."


SCENARIOS = (KillProcesses,)
