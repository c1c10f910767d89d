"""What an audit comes to: counts, and a sentence for each thing that did not hold."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Breach:
    """An invariant that did not hold, in words; `cases` are examples, with numbers masked to their last digits."""

    invariant: str  # I1 … I9 of the fault programme
    words: str
    count: int
    cases: tuple[str, ...] = ()

    def __str__(self) -> str:
        examples = f" ({'; '.join(self.cases)})" if self.cases else ""
        return f"{self.invariant}: {self.count} {self.words}{examples}"


@dataclass(slots=True)
class Verdict:
    """Counts by name, in the order they are printed, and the breaches."""

    counts: dict[str, int] = field(default_factory=dict)
    breaches: list[Breach] = field(default_factory=list)
    lateness_ms: float = 0.0  # of the latest text that crossed a STOP in the wire

    @property
    def holds(self) -> bool:
        return not self.breaches

    def breach(self, invariant: str, words: str, cases: list[str]) -> None:
        """Note what did not hold, unless there is no case of it."""
        if cases:
            self.breaches.append(Breach(invariant, words, len(cases), tuple(cases[:5])))

    def of(self, invariant: str) -> list[Breach]:
        return [one for one in self.breaches if one.invariant == invariant]
