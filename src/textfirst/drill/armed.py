"""What drills with failpoints share: a file that arms one place at a time in a running installation, and notes when it was passed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textfirst.core.failpoints import VARIABLE
from textfirst.drill.scenario import Load, Scenario


class ArmedScenario(Scenario):
    """No traffic of its own; subclasses make rounds of it."""

    load: ClassVar[Load] = Load(recipients=0, rate=60, window=10, api=0, codes=0, replies=0, inbound=0, stops=0, seconds=0)
    short_load: ClassVar[Load | None] = load

    def environment(self, folder: Path) -> Mapping[str, str]:
        self._points = folder / "points"
        return {VARIABLE: f"@{self._points}", "TEXTFIRST_LONGEST_PAUSE": "0.5"}

    def arm(self, points: str) -> None:
        """Make a place break, and no other: `claim.committed:exit@2`."""
        self._points.with_suffix(".fired").unlink(missing_ok=True)
        beside = self._points.with_suffix(".new")
        beside.write_text(points)
        beside.rename(self._points)  # a process that reads meanwhile finds the old or the new, never half

    def disarm(self) -> None:
        self._points.unlink(missing_ok=True)

    def fired(self) -> bool:
        """Whether somebody has come to the place since it was armed."""
        return self._points.with_suffix(".fired").exists()
