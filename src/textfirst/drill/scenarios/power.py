"""T4: the power fails, and what was not flushed is gone."""

from __future__ import annotations

from typing import ClassVar

from textfirst.drill.scenario import Scenario


class PowerLoss(Scenario):
    """Not automated: killing processes leaves the kernel's page cache, so it shows nothing about flushing."""

    name: ClassVar[str] = "T4"
    title: ClassVar[str] = "power loss"
    hypothesis: ClassVar[str] = (
        "Whatever the API has acknowledged was flushed to the disk before: with everything unflushed dropped, it is there."
    )

    def missing(self) -> str:
        return (
            "It takes a file system that drops what was not flushed (LazyFS, over FUSE), and this drill does not drive one yet. Durability rests on "
            "PostgreSQL's fsync and synchronous_commit, which are shipped switched on."
        )


SCENARIOS = (PowerLoss,)
