"""The one clock by which messages are due: the database's.

When a message may leave and until when it is worth it are written by many machines and compared by others, whose clocks differ and may be
set. So they are moments of the database's clock: SQL compares them with `now()`, acceptance writes `now()` (messages/sql/accept.sql), and what
the engine computes itself (when to try again, whether something has expired) it computes from this clock: the database's as it was last heard,
carried on by the clock that counts since the machine started. Setting the machine's wall clock changes nothing.

Ids are made by the machine's own clock; whatever compares with ids looks hours or days back.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

TELLING: Final = 1.0  # seconds; an answer that took longer says too little about the moment it speaks of


class Clock:
    """Moments on the boot-time clock are seconds and are passed in."""

    def __init__(self) -> None:
        self._read: tuple[datetime, float] | None = None

    def heard(self, said: datetime, asked: float, answered: float) -> None:
        """The database said what time it is, to a question asked and answered then: in the middle, as far as we know."""
        if self._read is None or answered - asked <= TELLING:
            self._read = (said, (asked + answered) / 2)

    def now(self, at: float) -> datetime:
        """What the database's clock shows; before it was ever heard, our own."""
        if self._read is None:
            return datetime.now(UTC)
        said, then = self._read
        return said + timedelta(seconds=at - then)
