"""T5: the connection to the carrier breaks in every way that connections break."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar, Final

from textfirst.drill.auditor.frames import BOUND, CLOSED, records
from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import within
from textfirst.drill.scenario import Drill, Load, Scenario

QUICK: Final = ("reset", "reset_mid_pdu", "close", "unbind", "length_huge")
BACK_WITHIN: Final = 60.0  # seconds until the channel is bound again
FAULT: Final = 5  # the kind of record that says what the carrier does to a connection on purpose


class Links(Scenario):
    """RST, RST in the middle of a PDU, FIN, unbind, a lost frame; in the long form also half-open, and a bind that is refused for a while."""

    name: ClassVar[str] = "T5"
    title: ClassVar[str] = "Connections to the carrier reset, cut in mid-PDU, closed, unbound, half-open"
    hypothesis: ClassVar[str] = (
        "However a connection ends, the channel is bound again within 60 s and never bound twice; what was written and not answered is unknown, at "
        "most a window of it for each session; it is not sent again unless it may be, and then it says so."
    )
    load: ClassVar[Load] = Load(recipients=6_000, rate=200, seconds=30, quiet_within=240)
    short_load: ClassVar[Load | None] = Load(recipients=800, rate=200, seconds=8, quiet_within=60)

    def faults(self, drill: Drill) -> None:
        self._slowest = 0.0
        faults = list(QUICK[:3] if drill.short else QUICK)
        drill.random.shuffle(faults)
        for fault in faults:
            drill.wait(drill.random.uniform(0.5, 1.5))
            self._once(drill, fault)
        if not drill.short:
            self._once(drill, "half_open")
        drill.facts["connections broken"] = len(faults) + (not drill.short)
        drill.facts["slowest to be bound again"] = f"{self._slowest:.1f} s"

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:
        if self._slowest > BACK_WITHIN:
            yield f"It took {self._slowest:.1f} s until the channel was bound again; allowed are {BACK_WITHIN:.0f}."
        twice = sum(1 for bound in bound_at_once(drill.installation.frames) if bound > 1)
        if twice:
            yield f"{twice} times the channel was bound while it was bound already."
        if not verdict.counts.get("sessions lost"):
            yield "No session was lost, so nothing was shown."

    def _once(self, drill: Drill, fault: str) -> None:
        channel = drill.loader.channel_id
        sent = drill.installation.stats(channel)["submits"]
        drill.note(fault)
        drill.installation.suffer(channel, fault)
        began = time.monotonic()
        within(BACK_WITHIN * 1.5, lambda: drill.installation.stats(channel)["submits"] > sent + drill.loader.load.window)
        self._slowest = max(self._slowest, time.monotonic() - began)


def bound_at_once(frames: Path) -> Iterator[int]:
    """After each bind, how many connections of its account are bound. Those that the carrier keeps half-open count for it alone."""
    bound: dict[int, bytes] = {}
    for record in records(frames):
        if record.kind == BOUND and record.connection not in bound:
            bound[record.connection] = record.payload
            yield list(bound.values()).count(record.payload)
        elif record.kind in {CLOSED, FAULT}:
            bound.pop(record.connection, None)


SCENARIOS = (Links,)
