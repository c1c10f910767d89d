"""What the simulator asks: nothing. Where it listens and how it is spoken to is fixed."""

from __future__ import annotations

from textfirst.channels.types import Declaration

SIMULATOR = Declaration(
    kind="simulator",
    label="Simulator",
    help="Fake phones on this machine, to try things out. Nothing sent through it reaches a real phone.",
    fields=(),
    window=500,
)
