"""T7: bytes that are not SMPP, or hardly."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar, Final

from textfirst.drill.auditor.frames import BOUND, CLOSED, records
from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.scenario import Drill, Load, Scenario
from textfirst.drill.scenarios.carrier_links import FAULT

ENDING: Final = ("garbage", "length_zero", "length_huge", "unfinished")  # after these there is nothing to be read
HARMLESS: Final = ("malformed", "unknown_command", "flood", "stray_answers")
CLOSED_WITHIN: Final = 10.0  # seconds
SLOWLY: Final = "one byte a second"
GROWTH: Final = 50.0  # MB
NS: Final = 1e9


class Bytes(Scenario):
    """Each kind of rubbish on a channel of its own, all at once, while the drill's own channel works."""

    name: ClassVar[str] = "T7"
    title: ClassVar[str] = "Garbage, impossible lengths, PDUs that never end, one byte a second, floods"
    hypothesis: ClassVar[str] = (
        "What cannot be framed, or comes too slowly, ends its own connection within 10 s; what can be framed but not read is answered or put aside. The "
        "engine lives on, grows by less than 50 MB, and no other channel notices."
    )
    load: ClassVar[Load] = Load(recipients=3_000, rate=200, seconds=25, quiet_within=120)
    short_load: ClassVar[Load | None] = Load(recipients=800, rate=100, seconds=14, quiet_within=60)

    def prepare(self, drill: Drill) -> None:
        installation, console = drill.installation, drill.loader.console
        self._channels = {
            fault: console.ask("POST", "/channels", json={"name": f"Bad: {fault}", "kind": "simulator", "address": f"1000{number}"})["id"]
            for number, fault in enumerate((*ENDING, *HARMLESS, SLOWLY))
        }
        for channel in self._channels.values():
            installation.until(partial(self._is_bound, drill, channel), 30, "every channel is bound")

    def faults(self, drill: Drill) -> None:
        installation = drill.installation
        drill.wait(2)
        engine = installation.process("engine")
        assert engine is not None
        self._before = {channel: self._sessions(drill, channel) for channel in (drill.loader.channel_id, *self._channels.values())}
        self._pid, before = engine.pid, engine.memory_info().rss
        most = before
        installation.turn(self._channels[SLOWLY], bytes_per_second=1)
        installation.suffer(self._channels[SLOWLY], "flood")
        for fault in ENDING:
            installation.suffer(self._channels[fault], fault)
        for round_ in range(3 if drill.short else 8):
            for fault in HARMLESS:
                installation.suffer(self._channels[fault], fault)
            drill.note(f"rubbish, round {round_ + 1}")
            drill.wait(1)
            most = max(most, engine.memory_info().rss if engine.is_running() else 0)
        drill.wait(CLOSED_WITHIN)
        self._grown = (most - before) / 1e6
        drill.facts["engine grew by"] = f"{self._grown:.0f} MB"

    def repair(self, drill: Drill) -> None:
        drill.installation.turn(self._channels[SLOWLY], bytes_per_second=0)

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        if drill.installation.pids().get("engine") != self._pid:
            yield "The engine did not live through it."
        if self._grown > GROWTH:
            yield f"The engine grew by {self._grown:.0f} MB; allowed are {GROWTH:.0f}."
        if self._changed(drill, drill.loader.channel_id):
            yield "The drill's own channel lost its connection to the rubbish on others."
        for fault in (*ENDING, SLOWLY):
            took = self._until_closed(drill, self._channels[fault])
            drill.facts[f"closed after {fault}"] = "never" if took is None else f"{took:.1f} s"
            if took is None or took > CLOSED_WITHIN:
                yield f"After {fault} the connection was not closed within {CLOSED_WITHIN:.0f} s."
        for fault in HARMLESS:
            if self._changed(drill, self._channels[fault]):
                yield f"{fault} ended its connection, though what came after it could be read."

    def _is_bound(self, drill: Drill, channel_id: str) -> bool:
        return bool(drill.installation.stats(channel_id).get("receivers"))

    def _changed(self, drill: Drill, channel_id: str) -> bool:
        """Whether a channel was bound anew since the faults began."""
        return self._sessions(drill, channel_id) != self._before[channel_id]

    def _sessions(self, drill: Drill, channel_id: str) -> set[int]:
        return {one.connection for one in records(drill.installation.frames) if one.kind == BOUND and one.payload == channel_id.encode()}

    def _until_closed(self, drill: Drill, channel_id: str) -> float | None:
        """Seconds from the fault to the end of its connection."""
        mine = self._sessions(drill, channel_id)
        began: dict[int, int] = {}
        for one in records(drill.installation.frames):
            if one.connection in mine and one.kind == FAULT:
                began.setdefault(one.connection, one.at)
            elif one.connection in began and one.kind == CLOSED:
                return (one.at - began[one.connection]) / NS
        return None


SCENARIOS = (Bytes,)
