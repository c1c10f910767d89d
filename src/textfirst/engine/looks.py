"""Where the claims of a bind need not look again.

Rows that were claimed stay in the outbox's index until they are vacuumed, and as long as somebody's old snapshot is open they cannot be. A
claim that begins at the beginning walks over all of them. So a claim begins after the last row that the one before took from the same lane,
and now and then, or when nothing is found so, at the beginning: rows may come in before that place (a campaign goes on after a pause,
another machine's clock is behind, a transaction was committed late, another bind gave something back).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from textfirst.channels.contract import Outbound
from textfirst.core.purposes import Lane

LOOK_EVERYWHERE: Final = 3.0  # seconds; so long may wait, while there is more to send, what came in before the place
AT_LEAST: Final = 0.25  # seconds from one look everywhere to the next, when nothing is found otherwise
OVERLAP: Final = timedelta(
    seconds=1
)  # people wait for all but campaigns: what is committed late, or by a clock that is behind, is seen at once
LANES: Final = tuple(lane for lane in Lane if lane < Lane.HELD)
PEOPLE_WAIT: Final = tuple(int(lane) for lane in LANES if lane < Lane.BULK)

Point = tuple[datetime, UUID]  # not_before and id: the order of a lane

BEGINNING: Final[Point] = (datetime.min.replace(tzinfo=UTC), UUID(int=0))
EVERYWHERE: Final[Mapping[int, Point]] = dict.fromkeys(map(int, LANES), BEGINNING)


class Looks:
    """The places of one bind. Moments are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._after: dict[int, Point] = dict(EVERYWHERE)
        self._everywhere_at = float("-inf")

    def begin(self, now: float) -> Mapping[int, Point]:
        """After which place a claim has to look, by lane."""
        if now - self._everywhere_at >= LOOK_EVERYWHERE:
            self.forget(now)
        return dict(self._after)

    def of(self, lanes: Iterable[int]) -> Mapping[int, Point]:
        """The same for a claim of these lanes beside one of all."""
        return {lane: self._after[lane] for lane in lanes}

    def took(self, messages: Iterable[Outbound]) -> None:
        """A claim of these is committed."""
        for message in messages:
            place = (message.not_before, message.id) if message.lane == Lane.BULK else (message.not_before - OVERLAP, BEGINNING[1])
            self._after[message.lane] = max(self._after[message.lane], place)

    def found_nothing(self, now: float) -> bool:
        """Whether it is worth looking once more, everywhere."""
        if self._after == EVERYWHERE or now - self._everywhere_at < AT_LEAST:
            return False
        self.forget(now)
        return True

    def gave_back(self, messages: Iterable[Outbound]) -> None:
        """These are in the outbox again."""
        for message in messages:
            if (message.not_before, message.id) <= self._after.get(message.lane, BEGINNING):
                self._after[message.lane] = (message.not_before - OVERLAP, BEGINNING[1])

    def forget(self, now: float = float("-inf")) -> None:
        """Look everywhere: now, or with the next claim."""
        self._after = dict(EVERYWHERE)
        self._everywhere_at = now
