"""T21: the carrier is gone for a while, is back, and is gone again."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import ClassVar, Final

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import within
from textfirst.drill.scenario import Drill, Load, Scenario

NOT_NOW: Final = 0x08  # ESME_RSYSERR: the carrier's own trouble, not our password
BACK_WITHIN: Final = 60.0  # seconds


class Outage(Scenario):
    """The carrier ends every session and refuses to be bound; later it flaps: ends sessions as soon as they send."""

    name: ClassVar[str] = "T21"
    title: ClassVar[str] = "The carrier gone for a while, then flapping"
    hypothesis: ClassVar[str] = (
        "While a carrier is gone everything goes on being accepted and waits; we knock more and more slowly; when it is back it is bound within 60 s and "
        "all of it leaves. A carrier that flaps loses nothing and doubles nothing."
    )
    load: ClassVar[Load] = Load(recipients=2_000, rate=200, seconds=28, quiet_within=300)
    short_load: ClassVar[Load | None] = Load(recipients=400, rate=100, seconds=8, quiet_within=120)

    def faults(self, drill: Drill) -> None:
        installation, channel = drill.installation, drill.loader.channel_id
        drill.wait(1)
        drill.note("the carrier is gone")
        installation.turn(channel, bind_error=NOT_NOW)
        installation.suffer(channel, "close")
        accepted = drill.loader.accepted
        drill.wait(4 if drill.short else 10)
        self._accepted = drill.loader.accepted - accepted
        drill.note("the carrier is back")
        installation.turn(channel, bind_error=0)
        began = time.monotonic()
        self._back = within(BACK_WITHIN, lambda: installation.stats(channel)["receivers"])
        drill.facts["bound again after"] = f"{time.monotonic() - began:.1f} s"
        drill.note("and flaps")
        installation.turn(channel, fault="close", fault_every=100, seed=drill.seed + 1)
        drill.wait(2 if drill.short else 6)
        drill.facts["accepted while it was gone"] = self._accepted

    def repair(self, drill: Drill) -> None:
        drill.installation.turn(drill.loader.channel_id, fault="", fault_every=0, bind_error=0)

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        if not self._back:
            yield f"The channel was not bound again within {BACK_WITHIN:.0f} s."
        if not self._accepted:
            yield "Nothing was accepted while the carrier was gone."
        if verdict.counts["sessions lost"] < 2:
            yield "The carrier did not flap, so nothing was shown of that."


SCENARIOS = (Outage,)
