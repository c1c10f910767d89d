"""Runs drills: starts, loads, breaks, waits for quiet, audits."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import httpx
import psycopg

from textfirst.drill import witness
from textfirst.drill.auditor.judge import audit
from textfirst.drill.auditor.verdict import Verdict
from textfirst.drill.installation import Broken, Installation, new_installation
from textfirst.drill.ledger import Ledger
from textfirst.drill.load import Loader
from textfirst.drill.scenario import Drill, Load, Scenario

STILL: Final = 3  # looks in a row that must see the same before we call it quiet
LOOK_EVERY: Final = 1.0  # seconds

Say = Callable[[str], None]


@dataclass(slots=True)
class Result:
    """What one drill showed."""

    name: str
    title: str
    hypothesis: str
    seed: int
    seconds: float = 0.0
    missing: str = ""  # why it was not run
    trouble: str = ""  # why it could not be finished
    verdict: Verdict = field(default_factory=Verdict)
    broken: list[str] = field(default_factory=list)  # what the scenario itself found
    facts: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.trouble or self.broken) and self.verdict.holds

    @property
    def word(self) -> str:
        return "not run" if self.missing else "held" if self.holds else "BROKEN"


def run(scenario: Scenario, *, seed: int, short: bool = False, keep: bool = False, say: Say = print) -> Result:
    """One drill from an empty home to its verdict; never raises for what the drill itself brings about."""
    result = Result(scenario.name, scenario.title, scenario.hypothesis, seed, missing=scenario.missing())
    if result.missing:
        return result
    began = time.monotonic()
    load = scenario.short_load if short and scenario.short_load else scenario.load
    with new_installation(keep=keep) as installation:
        if keep:
            say(f"The installation stays in {installation.home.parent}")
        try:
            scenario.before(installation.home)
            _run(scenario, load, result, installation, seed=seed, short=short)
        except (Broken, httpx.HTTPError, psycopg.Error, subprocess.SubprocessError, OSError) as error:
            result.trouble = f"{type(error).__name__}: {error}"
        finally:
            installation.stop()
            scenario.after()
        result.notes.extend(f"up: {line}" for line in _complaints(installation)) if not result.holds else None
    result.seconds = time.monotonic() - began
    return result


def _run(scenario: Scenario, load: Load, result: Result, installation: Installation, *, seed: int, short: bool) -> None:
    folder = installation.home.parent
    installation.more = dict(scenario.environment(folder))
    installation.configure_database(**scenario.database_settings())
    installation.up()
    with installation.database() as connection:
        witness.install(connection)
    ledger = Ledger(folder / "ledger.jsonl")
    loader = Loader(installation, load, ledger, seed=seed)
    drill = Drill(seed, Random(f"{scenario.name} {seed}"), installation, loader, short=short, notes=result.notes, facts=result.facts)  # noqa: S311 - faults, not secrets
    try:
        loader.set_up()
        scenario.prepare(drill)
        _break(scenario, drill, load)
        result.facts["came to rest after"] = f"{_until_quiet(drill, load.quiet_within):.1f} s"
    finally:
        ledger.close()
    result.verdict = audit(frames=installation.frames, database_url=installation.database_url, ledger=ledger.path)
    result.broken.extend(scenario.judge(drill, result.verdict))
    result.facts["answers"] = ", ".join(f"{count} × {answer}" for answer, count in sorted(loader.answers.items()))


def _break(scenario: Scenario, drill: Drill, load: Load) -> None:
    began = time.monotonic()
    try:
        drill.loader.begin()
        scenario.faults(drill)
        drill.wait(load.seconds - (time.monotonic() - began))
    finally:
        scenario.repair(drill)
        drill.loader.end()


# ── quiet ───────────────────────────────────────────────────────────────────────────────────────────────────


def _until_quiet(drill: Drill, seconds: float) -> float:
    """Wait until nothing moves any more; seconds it took. That something still waits at the end is for the auditor to say."""
    began = time.monotonic()
    before, same = None, 0
    while time.monotonic() - began < seconds:
        now = look(drill)
        same = same + 1 if now is not None and now == before and _at_rest(now) else 0
        if same >= STILL:
            return time.monotonic() - began - STILL * LOOK_EVERY
        before = now
        time.sleep(LOOK_EVERY)
    drill.note(f"It did not come to rest within {seconds:.0f} s: {before}")
    return seconds


_MOVING = """
select
  (select count(*) from outbox),
  (select count(*) from message where direction = 2 and status < 40),
  (select count(*) from attempt a where outcome = 0
    and not exists (select from provider_ref r where r.workspace_id = a.workspace_id and r.id = a.id)),
  (select count(*) from campaign where state in ('scheduled', 'preparing', 'running')),
  (select count(*) from message), (select coalesce(sum(status), 0) from message), (select count(*) from receipt)
"""


def look(drill: Drill) -> tuple[int, ...] | None:
    """What moves: waiting messages, unfinished messages, open attempts, running campaigns, what waits at the carrier; then what is there."""
    installation = drill.installation
    with suppress(psycopg.Error, httpx.HTTPError, OSError, ValueError):
        row = installation.ask(_MOVING)[0]
        stats = installation.stats(drill.loader.channel_id)
        return (
            *(int(one) for one in row[:4]),
            int(stats.get("waiting", 0)),
            *(int(one) for one in row[4:]),
            stats.get("receipts_acked", 0),
        )
    return None


def rests(drill: Drill) -> bool:
    """Whether nothing moves, seen twice, half a second apart."""
    first = look(drill)
    if first is None or not _at_rest(first):
        return False
    time.sleep(0.5)
    return look(drill) == first


def _at_rest(now: tuple[int, ...]) -> bool:
    return not any(now[:5])


def _complaints(installation: Installation, most: int = 20) -> list[str]:
    """What the supervisor warned of."""
    if not installation.output.exists():
        return []
    return [line.strip() for line in installation.output.read_text(errors="replace").splitlines() if line.lstrip().startswith("!")][-most:]
