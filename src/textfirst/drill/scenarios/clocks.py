"""T10: the clock jumps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import ClassVar, Final

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.scenario import Drill, Load, Scenario

LIBRARIES: Final = (
    "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    "/usr/lib64/faketime/libfaketimeMT.so.1",
)
JUMPS: Final = ("-300s", "+0s", "-3600s", "+0s")
TOO_FAST: Final = 1.3  # times the rate, in any second: the bucket holds a quarter of one


class ClockJumps(Scenario):
    """The wall clock of our processes jumps back five minutes, forward again, back an hour, forward again; the database's stays true."""

    name: ClassVar[str] = "T10"
    title: ClassVar[str] = "the clock jumps"
    hypothesis: ClassVar[str] = (
        "Rates, leases and the freshness of attempts are kept by clocks that cannot be set: when the wall clock jumps, no carrier is flooded, no lease "
        "is lost, and nothing promised is lost or doubled."
    )
    load: ClassVar[Load] = Load(recipients=4_000, rate=100, stops=0, seconds=40, quiet_within=240)

    def missing(self) -> str:
        return "" if _library() else "It needs libfaketime (on Debian: apt-get install faketime)."

    def environment(self, folder: Path) -> Mapping[str, str]:
        self._clock = folder / "clock"
        self._clock.write_text("+0s\n")
        return {
            "LD_PRELOAD": _library(), "FAKETIME_TIMESTAMP_FILE": str(self._clock), "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_CACHE_DURATION": "1", "FAKETIME_FORCE_MONOTONIC_FIX": "1",
        }  # fmt: skip

    def faults(self, drill: Drill) -> None:
        drill.wait(4)
        self._epochs = drill.installation.ask("select channel_id, epoch from bind_lease order by 1")
        for jump in JUMPS:
            self._clock.write_text(f"{jump}\n")
            drill.note(f"the clock is at {jump}")
            drill.wait(8)
        drill.facts["jumps"] = ", ".join(JUMPS)

    def repair(self, drill: Drill) -> None:  # noqa: ARG002 - the shape of all
        self._clock.write_text("+0s\n")

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        if drill.installation.ask("select channel_id, epoch from bind_lease order by 1") != self._epochs:
            yield "A lease was lost because the wall clock jumped."
        rows = drill.installation.ask("select extract(epoch from pg_xact_commit_timestamp(xid))::bigint from drill.attempt")
        most = max(Counter(row[0] for row in rows).values(), default=0)
        drill.facts["most attempts in a second"] = f"{most} at a rate of {drill.loader.load.rate}"
        if most > TOO_FAST * drill.loader.load.rate:
            yield f"{most} texts were sent in one second, at a rate of {drill.loader.load.rate}."


def _library() -> str:
    return next((path for path in LIBRARIES if Path(path).exists()), "")


SCENARIOS = (ClockJumps,)
