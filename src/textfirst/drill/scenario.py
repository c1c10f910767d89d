"""What a drill is: a hypothesis in words, a load, faults, and what else must hold beside the invariants.

A scenario is a class in `drill/scenarios/`; every module there names its own in `SCENARIOS`, and nothing else has to know them.
The harness (`drill/harness.py`) runs one so:

    start an installation on an empty home → prepare → load begins → faults, until they return → load ends → quiet → audit → judge

Everything random comes from `drill.random`, which is seeded: the seed is printed, and the same seed breaks the same things.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from textfirst.drill.auditor.verdict import Verdict
    from textfirst.drill.installation import Installation
    from textfirst.drill.load import Loader


@dataclass(frozen=True, slots=True)
class Load:
    """What goes on while things break. Rates are a second; everything ends when the faults have returned."""

    recipients: int = 2000  # of one campaign, at most once each
    rate: int = 300  # segments a second that the channel may send
    window: int = 20  # submits without an answer: with the crashes it bounds what may be doubtful
    api: float = 10.0  # sends by key, each with an Idempotency-Key, tried again until they are answered
    codes: float = 5.0  # of purpose `code`: at least once, so they may be doubled, and must say so
    long: float = 0.2  # share of the sends by key that take several parts
    replies: float = 2.0  # answers from the inbox
    inbound: float = 10.0  # texts from phones
    stops: float = 0.5  # phones that say STOP, while the campaign may be about to reach them
    seconds: float = 10.0  # at least so long, also when the faults are over sooner
    quiet_within: float = 120.0  # seconds from the end of the load until nothing moves any more
    knobs: Mapping[str, Any] = field(default_factory=lambda: {"receipt_delay_min_ms": 100, "receipt_delay_max_ms": 800})


@dataclass(slots=True)
class Drill:
    """What a scenario is given."""

    seed: int
    random: Random
    installation: Installation
    loader: Loader
    short: bool = False
    notes: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    facts: dict[str, Any] = field(default_factory=dict)  # what the scenario remembers between its steps, and counts worth printing

    def note(self, words: str) -> None:
        """A line of the drill's diary."""
        self.notes.append(f"{time.monotonic() - self.began:7.2f}  {words}")

    def wait(self, seconds: float) -> None:
        """Let the load go on for so long; raises Broken when the load itself has failed."""
        self.loader.go_on(seconds)


class Scenario:
    """One drill. Subclasses say the four words and override what they need."""

    name: ClassVar[str]  # T1: of the fault programme
    title: ClassVar[str]  # in a few words
    hypothesis: ClassVar[str]  # what we believe, written before it is tried
    load: ClassVar[Load] = Load()
    short_load: ClassVar[Load | None] = None  # a smaller one for `--short`; without it the scenario is left out there

    def missing(self) -> str:
        """What this machine lacks for it, in a sentence; empty when it can run."""
        return ""

    def before(self, home: Path) -> None:
        """Before anything is started or written: the place of the home."""

    def after(self) -> None:
        """After everything has ended; also when `before` raised."""

    def environment(self, folder: Path) -> Mapping[str, str]:  # noqa: ARG002 - for those who override it, here and below
        """Variables that the installation starts with; `folder` is the drill's own, beside the home."""
        return {}

    def database_settings(self) -> Mapping[str, str]:
        """Settings of PostgreSQL beside the shipped ones."""
        return {}

    def prepare(self, drill: Drill) -> None:
        """Before the load: knobs of the carrier, other tenants."""

    def faults(self, drill: Drill) -> None:
        """Break things, in the time it takes; the load goes on meanwhile and ends afterwards."""

    def repair(self, drill: Drill) -> None:
        """After the load, before quiet is waited for: give back what was taken. Also runs when `faults` raised."""

    def judge(self, drill: Drill, verdict: Verdict) -> Iterable[str]:  # noqa: ARG002
        """Sentences about what else was broken, beside the invariants the auditor judges."""
        return ()
