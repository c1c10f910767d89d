"""How fast a channel may send: a token bucket in segments per second, slowed when the carrier says so (AIMD). Pure.

Moments are seconds of a monotonic clock and are passed in. `rate` 0 means as fast as the window allows, until the carrier
throttles us; then half of what we were sending becomes the limit, and grows again while the carrier is content.
"""

from __future__ import annotations

from typing import Final

BURST: Final = 0.25  # seconds of rate that may be spent at once: what is claimed leaves within 250 ms
PAUSE: Final = 1.0  # seconds of silence after the carrier throttled us
GROWTH: Final = 0.05  # of the rate at which we were throttled, added each second
SLOWEST: Final = 1.0  # segments per second
RELEASE: Final = 4.0  # an unlimited channel is unlimited again at this multiple of the rate at which it was throttled
MEASURED_OVER: Final = 1.0  # seconds


class Pace:
    """The speed of one channel."""

    def __init__(self, rate: int, now: float) -> None:
        self._ceiling = float(rate)
        self._rate = float(rate)  # 0 = unlimited
        self._tokens = rate * BURST
        self._at = now
        self._paused_until = float("-inf")
        self._throttled_from = 0.0
        self._sent = 0
        self._since = now
        self._measured = 0.0

    @property
    def rate(self) -> float:
        """Segments per second allowed now; 0 is unlimited."""
        return self._rate

    @property
    def measured(self) -> float:
        """Segments per second sent lately."""
        return self._measured

    def allowance(self, now: float, room: int) -> int:
        """How many segments may leave now, at most `room`. A long text may overdraw; the debt is waited for."""
        self._refill(now)
        if now < self._paused_until:
            return 0
        return room if not self._rate else min(room, int(self._tokens))

    def wait(self, now: float) -> float:
        """Seconds until at least one segment may leave; 0 when one may now."""
        self._refill(now)
        pause = max(0.0, self._paused_until - now)
        if not self._rate or self._tokens >= 1:
            return pause
        return max(pause, (1 - self._tokens) / self._rate)

    def spend(self, segments: int, now: float) -> None:
        """`segments` have left."""
        self._measure(segments, now)
        if self._rate:
            self._tokens -= segments

    def throttled(self, now: float) -> None:
        """The carrier says we are too fast: half the speed, and a pause. The refusals of one burst count once."""
        if now < self._paused_until:
            return
        self._measure(0, now)
        was = self._rate or max(self._measured, self._sent / max(now - self._since, BURST), SLOWEST)
        self._rate = max(SLOWEST, was / 2)
        self._throttled_from = was
        self._tokens = 0
        self._paused_until = now + PAUSE

    def _refill(self, now: float) -> None:
        passed = max(0.0, now - self._at)
        self._at = now
        self._grow(passed if now >= self._paused_until else 0.0)
        if self._rate:
            self._tokens = min(self._tokens + passed * self._rate, max(1.0, self._rate * BURST))

    def _grow(self, passed: float) -> None:
        if not self._throttled_from:
            return
        self._rate += passed * max(1.0, self._throttled_from * GROWTH)
        if self._ceiling and self._rate >= self._ceiling:
            self._rate, self._throttled_from = self._ceiling, 0.0
        elif not self._ceiling and self._rate >= self._throttled_from * RELEASE:
            self._rate, self._throttled_from = 0.0, 0.0

    def _measure(self, segments: int, now: float) -> None:
        self._sent += segments
        passed = now - self._since
        if passed >= MEASURED_OVER:
            self._measured = self._sent / passed
            self._sent, self._since = 0, now
