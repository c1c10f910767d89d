"""T6: the carrier refuses for now: too fast, queue full, system errors, codes of its own."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.load import Program
from textfirst.drill.scenario import Drill, Load, Scenario

SENT_WITHIN: Final = 2.0  # seconds, for 95 of a hundred codes while the campaign is throttled
REJECTED, FAILED = 63, 61
SETTLE: Final = 3.0  # seconds until the engine has found the carrier's limit


class Refusals(Scenario):
    """A carrier that takes fewer than we want to send, and now and then says no for reasons that pass."""

    name: ClassVar[str] = "T6"
    title: ClassVar[str] = "Throttled by the carrier, its queue full, its system in error"
    hypothesis: ClassVar[str] = (
        "A carrier's limit is found and kept to: nine tenths of what it takes are used, nothing fails by throttling alone, and what is urgent "
        "leaves within 2 s meanwhile, before the campaign. A full queue or an error that passes costs a message a wait."
    )
    load: ClassVar[Load] = Load(recipients=9_000, rate=600, window=50, api=4, codes=2, seconds=25, quiet_within=300, stops=0)
    short_load: ClassVar[Load | None] = Load(recipients=1_500, rate=600, window=50, api=4, codes=2, seconds=8, quiet_within=180, stops=0)

    def prepare(self, drill: Drill) -> None:
        self._limit = 150
        drill.installation.turn(drill.loader.channel_id, rate=self._limit, seed=drill.seed + 1)
        self._probes: list[str] = []

    def faults(self, drill: Drill) -> None:
        drill.loader.every(2.0, lambda program: self._probe(drill, program))
        drill.wait(SETTLE)
        first, began = drill.installation.stats(drill.loader.channel_id), time.monotonic()
        drill.wait(drill.loader.load.seconds - SETTLE - 2)
        last, took = drill.installation.stats(drill.loader.channel_id), time.monotonic() - began
        self._goodput = (last["accepted"] - first["accepted"]) / took
        drill.facts["goodput"] = f"{self._goodput:.0f} of {self._limit} a second"
        drill.facts["throttled"] = last["throttled"]
        drill.note("now also a full queue, system errors and a code of the carrier's own")
        drill.installation.turn(drill.loader.channel_id, errors={"0x14": 4, "0x08": 2, "0x400": 1})
        drill.wait(2)

    def repair(self, drill: Drill) -> None:
        drill.installation.turn(drill.loader.channel_id, errors={}, rate=0)

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        if self._goodput < 0.9 * self._limit:
            yield f"Only {self._goodput:.0f} texts a second were sent where the carrier takes {self._limit}."
        sql = "select count(*) from message where direction = 2 and status = any(%s) and reason like any(%s)"
        failed = drill.installation.ask(sql, [REJECTED, FAILED], ["%0x00000058%", "%0x00000014%"])[0][0]
        if failed:
            yield f"{failed} messages failed because the carrier was busy."
        waits = self._waits(drill)
        if not waits:
            yield "No code was sent meanwhile, so lanes were not shown."
            return
        p95 = waits[int(len(waits) * 0.95)]
        drill.facts["from accepted to sent, p95"] = f"{p95:.2f} s of {len(waits)}"
        if p95 > SENT_WITHIN:
            yield f"Codes sent beside the campaign took {p95:.1f} s (p95) until they left; allowed are {SENT_WITHIN:.0f}."

    def _probe(self, drill: Drill, program: Program) -> None:
        serial = len(self._probes)
        answer = drill.loader.send(program, to=f"+447960{serial:06d}", text=f"Your key is {serial:05d}", purpose="code")
        if answer is not None and answer.is_success:
            self._probes.append(answer.json()["id"])

    def _waits(self, drill: Drill) -> list[float]:
        """Seconds from a message's making to its first attempt, both by their ids, in order."""
        sql = """
            select m.id, min(a.id::text) from message m join attempt a on a.workspace_id = m.workspace_id and a.message_id = m.id
            where m.id = any(%s) group by m.id
        """
        return sorted(_made(attempt) - _made(message) for message, attempt in drill.installation.ask(sql, self._probes))


def _made(identifier: Any) -> float:
    """When an id was made (UUIDv7), seconds since 1970."""
    return int(str(identifier).replace("-", "")[:12], 16) / 1000


SCENARIOS = (Refusals,)
