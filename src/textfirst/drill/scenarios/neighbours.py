"""T19: somebody holds a transaction open for long. T20: another tenant takes seven times its share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count
from typing import ClassVar, Final

import psycopg

from textfirst.drill.auditor.books import read_promises
from textfirst.drill.auditor.carrier import read_carrier
from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import Installation
from textfirst.drill.load import Console, Program
from textfirst.drill.scenario import Drill, Load, Scenario

SLOW_CLAIM: Final = 0.05  # seconds; one of the bounds that the engine counts claims by
FEW: Final = 0.01  # share of claims that may be slower
BEFORE: Final = 15.0  # seconds of load in peace, to compare with
TIMES: Final = 7
FLOOR_MS: Final = 150.0  # a reply that is as fast as this is fast, whatever it is compared with


class LongTransaction(Scenario):
    """One session holds a snapshot open, another stands idle in its transaction, while a campaign runs."""

    name: ClassVar[str] = "T19"
    title: ClassVar[str] = "a transaction held open"
    hypothesis: ClassVar[str] = (
        "A person who leaves psql open in a transaction slows no claim down to be noticed: the dead rows of an hour do not stand in the way, and a "
        "session that idles in its transaction is ended by the server."
    )
    load: ClassVar[Load] = Load(recipients=15_000, rate=250, seconds=60, quiet_within=240)

    def faults(self, drill: Drill) -> None:
        drill.wait(BEFORE)
        peace = claims(drill.installation)
        threading.Thread(target=_hold_snapshot, args=(drill, 60.0), daemon=True).start()
        with psycopg.connect(drill.installation.database_url) as idle:
            idle.execute("select count(*) from outbox")
            drill.wait(45)
            self._watchdog = _was_ended(idle)
        held = claims(drill.installation)
        self._peace, self._held = slow(peace, (0, 0)), slow(held, peace)
        drill.facts["claims slower than 50 ms"] = f"{self._peace:.1%} in peace, {self._held:.1%} while it was held"
        drill.facts["dead rows of the outbox"] = drill.installation.ask(
            "select n_dead_tup from pg_stat_user_tables where relname = 'outbox'"
        )[0][0]

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        if not self._watchdog:
            yield "A session that idled in its transaction for 45 s was not ended."
        if self._held > max(FEW, 2 * self._peace):
            yield f"{self._held:.1%} of the claims took more than 50 ms while a transaction was held, {self._peace:.1%} before."


def claims(installation: Installation) -> tuple[int, int]:
    """How many claims there were, and how many took no longer than `SLOW_CLAIM`, by the engine's own count."""
    found = {}
    for line in (installation.home / "run" / "engine.prom").read_text().splitlines():
        name, _, value = line.rpartition(" ")
        found[name] = value
    name = "textfirst_engine_claim_seconds"
    return int(float(found.get(f"{name}_count", 0))), int(float(found.get(f'{name}_bucket{{le="{SLOW_CLAIM}"}}', 0)))


def slow(now: tuple[int, int], before: tuple[int, int]) -> float:
    """The share of slow ones among the claims between two looks."""
    made, fast = now[0] - before[0], now[1] - before[1]
    return (made - fast) / made if made > 0 else 0.0


def _hold_snapshot(drill: Drill, seconds: float) -> None:
    with suppress(psycopg.Error), psycopg.connect(drill.installation.database_url) as holder:
        holder.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        holder.execute("select pg_sleep(%s)", [seconds])


def _was_ended(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    try:
        connection.execute("select 1")
    except psycopg.Error:
        return True
    return False


class NoisyTenant(Scenario):
    """A quiet workspace alone; then another one sends a campaign and asks the API seven times as much, and exports its contacts meanwhile."""

    name: ClassVar[str] = "T20"
    title: ClassVar[str] = "one tenant seven times as loud"
    hypothesis: ClassVar[str] = (
        "What one workspace does to the machine, another hardly feels: its sends by key reach the carrier within twice the time they took before, or "
        "within 150 ms."
    )
    load: ClassVar[Load] = Load(recipients=0, codes=0, stops=0, long=0, api=15, replies=2, inbound=5, rate=0, seconds=45, quiet_within=240)

    def prepare(self, drill: Drill) -> None:
        """The loud one: a workspace of its own with its own simulated carrier."""
        self._loud = Console(drill.installation.url, cookies=dict(drill.loader.console.http.cookies))
        made = self._loud.ask("POST", "/workspaces", json={"name": "Loud", "country": "GB", "time_zone": "Europe/London"})
        self._loud.http.headers["X-Workspace"] = made["id"]
        self._channel = self._loud.ask("GET", "/channels")["items"][0]["id"]
        self._serials = count(1)
        self._programs: dict[int, Program] = {}
        self._key = self._loud.ask("POST", "/keys", json={"name": "Loud", "kind": "live", "scopes": ["messages:send"]})["secret"]

    def faults(self, drill: Drill) -> None:
        drill.wait(BEFORE)
        self._began = time.time_ns()
        for number in range(TIMES):
            drill.loader.every(drill.loader.load.api, self._shouting(number))
        drill.loader.every(0.5, self._export)
        drill.wait(30)

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002 - the shape of all
        quiet, loud = self._latencies(drill)
        if not quiet or not loud:
            yield "Too little was sent to compare."
            return
        before, after = p95(quiet), p95(loud)
        drill.facts["p95 from request to carrier"] = f"{before:.0f} ms alone, {after:.0f} ms beside the loud one"
        if after > max(2 * before, FLOOR_MS):
            yield f"The p95 rose from {before:.0f} to {after:.0f} ms beside a loud tenant."

    def _shouting(self, number: int) -> Callable[[Program], None]:
        """A program of the loud one; its texts are as unique as all others."""

        def shout(program: Program) -> None:
            serial = next(self._serials)
            to, text, key = f"+447990{serial:06d}", f"Loud {serial}", f"loud-{serial}"
            loud = self._programs.setdefault(number, Program(program.loader, self._key))
            program.loader.ledger.note("asked", key=key, to=to, text=text, again=False)
            answer = loud.sends("/messages", {"to": to, "text": text, "purpose": "notice", "channel_id": self._channel}, key)
            program.loader.note_answer(key, answer)

        return shout

    def _export(self, _: Program) -> None:
        self._loud.http.get("/contacts/export", params={"format": "xlsx"})

    def _latencies(self, drill: Drill) -> tuple[list[float], list[float]]:
        """Milliseconds from the request to the carrier, of the quiet one's sends, before and after the other became loud."""
        seen = {(one.to, one.text): one.at for one in read_carrier(drill.installation.frames).submits}
        before: list[float] = []
        after: list[float] = []
        for key, (to, text) in read_promises(drill.loader.ledger.path).asked.items():
            at = drill.loader.asked_at.get(key)
            if key.startswith("drill-") and at is not None and (to, text) in seen:
                (before if at < self._began else after).append((seen[to, text] - at) / 1e6)
        return before, after


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


SCENARIOS = (LongTransaction, NoisyTenant)
