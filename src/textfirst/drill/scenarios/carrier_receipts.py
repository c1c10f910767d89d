"""T8: receipts as careless carriers send them, and all at once."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, ClassVar, Final

import psycopg

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import within
from textfirst.drill.scenario import Drill, Load, Scenario

STORED_WITHIN: Final = 5.0  # seconds, for 95 of a hundred texts that come in during the storm
ABSORBED_WITHIN: Final = 120.0  # seconds
CHAOS: Final[dict[str, Any]] = {
    "answer_delay_min_ms": 0, "answer_delay_max_ms": 800, "answer_disorder_percent": 10, "answer_twice_percent": 5,
    "receipt_delay_min_ms": 0, "receipt_delay_max_ms": 1500, "early_percent": 20, "duplicate_percent": 30, "duplicate_copies": 2,
    "stale_percent": 30, "late_receipt_percent": 3, "late_receipt_ms": 9000, "wrong_base_percent": 5, "missing_id_percent": 5,
    "stray_percent": 10, "unknown_tlvs_percent": 10, "fail_percent": 5,
}  # fmt: skip


class Receipts(Scenario):
    """Three times, out of order, before the answer, late, with a wrong id, without one, for texts never sent; then a storm."""

    name: ClassVar[str] = "T8"
    title: ClassVar[str] = "Receipts early, late, repeated, stale, with wrong ids, and a storm of them"
    hypothesis: ClassVar[str] = (
        "Every receipt is kept as it came, whatever it says; a status only rises; a receipt that speaks of nothing we know changes nothing. A storm of "
        "them is absorbed, and a text from a phone is in its conversation within 5 s (p95) meanwhile."
    )
    load: ClassVar[Load] = Load(recipients=3_000, rate=200, seconds=25, quiet_within=240)
    short_load: ClassVar[Load | None] = Load(recipients=800, rate=100, seconds=10, quiet_within=120)

    def prepare(self, drill: Drill) -> None:
        drill.installation.turn(drill.loader.channel_id, **CHAOS, seed=drill.seed + 1)
        self._latencies: list[float] = []
        self._lost = 0
        self._serial = 0

    def faults(self, drill: Drill) -> None:
        installation, channel = drill.installation, drill.loader.channel_id
        drill.wait(drill.loader.load.seconds / 3)
        storm = 5_000 if drill.short else 100_000
        drill.note(f"a storm of {storm} receipts")
        drill.loader.every(4.0, lambda _: self._write_in(drill))
        before, began = installation.stats(channel)["receipts_acked"], time.monotonic()
        installation.suffer(channel, "storm", count=storm)
        self._absorbed = within(ABSORBED_WITHIN, lambda: installation.stats(channel)["receipts_acked"] - before >= storm, every=0.3)
        took = time.monotonic() - began
        drill.facts["storm"] = f"{storm} receipts in {took:.1f} s, {storm / took:.0f} a second"
        drill.note("the storm is over")

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:
        if not self._absorbed:
            yield f"The storm was not absorbed within {ABSORBED_WITHIN:.0f} s."
        if self._lost:
            yield f"{self._lost} texts that came in during the storm were not stored within {ABSORBED_WITHIN:.0f} s."
        waits = sorted(self._latencies)
        if not waits:
            yield "No text came in during the storm, so its delay was not shown."
            return
        p95 = waits[int(len(waits) * 0.95)]
        drill.facts["inbound during the storm, p95"] = f"{p95:.2f} s of {len(waits)}"
        if p95 > STORED_WITHIN:
            yield f"Texts that came in during the storm took {p95:.1f} s (p95) until they were stored; allowed are {STORED_WITHIN:.0f}."
        if not drill.installation.ask("select 1 from receipt where message_id is null limit 1"):
            yield "No receipt was without its message, so nothing was shown of those."
        drill.facts["receipts of nothing we know"] = drill.installation.ask("select count(*) from receipt where message_id is null")[0][0]
        if verdict.counts["receipts sent"] < verdict.counts["submitted"]:
            yield "Fewer receipts than texts were sent: the carrier did not misbehave."

    def _write_in(self, drill: Drill) -> None:
        """A phone writes; how long until it is in the database."""
        self._serial += 1
        text, began = f"Storm {self._serial}: are you there?", time.monotonic()
        drill.loader.types(f"447970{self._serial:06d}", text)
        with psycopg.connect(drill.installation.database_url, autocommit=True) as connection:
            sql = "select 1 from message where direction = 1 and body = %s"
            if within(ABSORBED_WITHIN, lambda: connection.execute(sql, [text]).fetchone(), every=0.05):
                self._latencies.append(time.monotonic() - began)
            else:
                self._lost += 1


SCENARIOS = (Receipts,)
