"""What becomes of one text at the simulated carrier: drawn by the channel's knobs, from a seed, so that a run can be had again."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Final

from textfirst.phones.faults import Fault
from textfirst.phones.handset import State
from textfirst.phones.knobs import Knobs
from textfirst.protocols.smpp.status import Status

__all__ = ["AT_ONCE", "NEVER", "Chance"]

AT_ONCE: Final[Sequence[float]] = (0.0,)  # when a submit is answered, in seconds from now
NEVER: Final[Sequence[float]] = ()
OVERTAKEN_FROM, OVERTAKEN_TO = 0.02, 0.1  # seconds by which an answer out of order is held back

_SUBMIT_KNOBS = ("throttle_percent", "errors", "rate", "window", "fault_every")
_ANSWER_KNOBS = ("answer_delay_max_ms", "late_percent", "unanswered_percent", "answer_twice_percent", "answer_disorder_percent")
_RECEIPT_KNOBS = (
    "duplicate_percent", "stale_percent", "wrong_base_percent", "missing_id_percent", "stray_percent", "unknown_tlvs_percent",
)  # fmt: skip


class Chance:
    """The draws for one channel. The flags say that nothing is to be drawn, for the speed of a carrier without faults."""

    def __init__(self, knobs: Knobs, random: Random) -> None:
        self._knobs = knobs
        self.random = random
        self.refuses = any(getattr(knobs, name) for name in _SUBMIT_KNOBS)
        self.answers_oddly = any(getattr(knobs, name) for name in _ANSWER_KNOBS)
        self.is_odd = self.refuses or self.answers_oddly or bool(knobs.fault)  # something may happen to a submit or to its connection
        self.reports_oddly = any(getattr(knobs, name) for name in _RECEIPT_KNOBS)
        self._faithful = not (knobs.lose_percent or knobs.fail_percent)
        self._shortest_delay = knobs.receipt_delay_min_ms / 1000
        self._delay_span = (knobs.receipt_delay_max_ms - knobs.receipt_delay_min_ms) / 1000
        self._allowed = float(knobs.rate)  # submits until the rate is used up
        self._allowed_at = 0.0
        self._until_fault = self._next_fault()

    def of(self, percent: float) -> bool:
        """Whether something that happens so often happens now."""
        return bool(percent) and self.random.random() * 100 < percent

    def refusal(self, now: float, owed: int) -> int:
        """The status to refuse a submit with, or 0; `owed` answers of its connection are still to come."""
        knobs = self._knobs
        if (knobs.window and owed >= knobs.window) or (knobs.rate and not self._within_rate(now)) or self.of(knobs.throttle_percent):
            return Status.RTHROTTLED
        if knobs.errors:
            drawn = self.random.random() * 100
            for status, percent in knobs.errors:
                drawn -= percent
                if drawn < 0:
                    return status
        return 0

    def _within_rate(self, now: float) -> bool:
        rate = self._knobs.rate
        self._allowed = min(self._allowed + (now - self._allowed_at) * rate, rate)
        self._allowed_at = now
        if self._allowed < 1:
            return False
        self._allowed -= 1
        return True

    def answer_times(self) -> Sequence[float]:
        """After how many seconds the submit is answered: never, once, or twice."""
        knobs = self._knobs
        if self.of(knobs.unanswered_percent):
            return NEVER
        after = self._between(knobs.answer_delay_min_ms, knobs.answer_delay_max_ms)
        if self.of(knobs.late_percent):
            after = knobs.late_ms / 1000
        if self.of(knobs.answer_disorder_percent):
            after += self.random.uniform(OVERTAKEN_FROM, OVERTAKEN_TO)
        return (after, after) if self.of(knobs.answer_twice_percent) else (after,)

    def receipt_time(self) -> float:
        """After how many seconds the text reaches its phone."""
        if self._knobs.late_receipt_percent and self.of(self._knobs.late_receipt_percent):
            return self._knobs.late_receipt_ms / 1000
        return self._shortest_delay + self.random.random() * self._delay_span

    def fate(self) -> State:
        if self._faithful:
            return State.DELIVERED
        knobs = self._knobs
        if self.of(knobs.lose_percent):
            return State.LOST
        return State.FAILED if self.of(knobs.fail_percent) else State.DELIVERED

    def fault(self) -> Fault | None:
        """Called once a submit: what the connection suffers now."""
        if not self._until_fault:
            return None
        self._until_fault -= 1
        if self._until_fault:
            return None
        self._until_fault = self._next_fault()
        return Fault(self._knobs.fault)

    def _next_fault(self) -> int:
        """Submits until the next fault, around the average; 0 is never."""
        every = self._knobs.fault_every if self._knobs.fault else 0
        return self.random.randint(1, 2 * every - 1) if every else 0

    def _between(self, least_ms: int, most_ms: int) -> float:
        return (least_ms + self.random.random() * (most_ms - least_ms)) / 1000
