"""How fast a channel may send: a token bucket in segments per second, slowed when the carrier says so. Pure.

Theory of operation. Additive increase, multiplicative decrease (Chiu and Jain 1989; RFC 5681 for TCP), with two things that TCP's
own form lacks, because a carrier's "too fast" is no lost packet:

- *How much* of a window was refused decides how far we slow down, as in DCTCP (RFC 8257 §3.3): all of it halves the rate, a twentieth
  takes a fortieth off. A carrier that takes L a second of the R we send refuses (R − L) / R of it, so the new rate (R + L) / 2 lies half
  way to its limit, wherever that is. One that refuses one in twenty at random costs us little, where a halving at each refusal would end
  at the floor.
- *Once a window.* A window lasts a second, or as long as an answer takes if that is more; after we slowed down, answers to what was sent
  before are not heard again.

While the carrier is content the rate grows each second by a hundredth of the channel's own, up to five hundredths when it has been
content for longer, so that it comes to rest close above a limit and still returns from the floor within half a minute. It never rises
above the channel's rate nor falls below a twentieth of it.

Moments are seconds of a monotonic clock and are passed in. `rate` 0 means as fast as the window allows, until the carrier throttles
us; then what we were sending takes the place of the channel's rate (and half of it, whenever most of a window is refused: it was but a
guess), and the limit is lifted when it has grown to four times that.
"""

from __future__ import annotations

from typing import Final

BURST: Final = 0.25  # seconds of rate that may be spent at once: what is claimed leaves within 250 ms
WINDOW: Final = 1.0  # seconds of answers that are judged together
ENOUGH: Final = 10  # answers of a window; mostly refused, they are judged before it ends
MOSTLY: Final = 0.5  # refused: then we are silent for a moment as well
PAUSE: Final = 1.0  # seconds of that silence
GROWTH: Final = 0.01  # of the channel's rate, added each second
FASTEST_GROWTH: Final = 5.0  # times that, when so many seconds passed since the last refusal
FLOOR: Final = 0.05  # of the channel's rate
SLOWEST: Final = 1.0  # segments per second
RELEASE: Final = 4.0  # an unlimited channel is unlimited again at this multiple of the rate at which it was throttled
MEASURED_OVER: Final = 1.0  # seconds


class Pace:
    """The speed of one channel."""

    def __init__(self, rate: int, now: float) -> None:
        self._ceiling = float(rate)
        self._rate = float(rate)  # 0 = unlimited
        self._full = float(rate)  # what growth and floor are parts of
        self._tokens = rate * BURST
        self._at = now
        self._paused_until = float("-inf")
        self._refused_at = float("-inf")
        self._deaf_until = float("-inf")
        self._window_began = now
        self._took = 0
        self._refused = 0
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

    def answered(self, took: int, refused: int, now: float, age: float = 0.0) -> None:
        """The carrier took so many and refused so many for being too fast; `age` is how long the refused had been on their way (seconds)."""
        if refused:
            self._refused_at = now
        if now < self._deaf_until:
            return
        if now - self._window_began >= WINDOW and not self._refused:  # a window without refusals says nothing
            self._begin_window(now)
        self._took += took
        self._refused += refused
        share = self._refused / max(self._took + self._refused, 1)
        plain = self._took + self._refused >= ENOUGH and share >= MOSTLY
        if share and (plain or now - self._window_began >= WINDOW):
            self._slow_down(share, now, max(WINDOW, age))

    def _slow_down(self, share: float, now: float, deaf: float) -> None:
        self._refill(now)
        self._measure(0, now)
        if not self._rate:
            self._rate = self._full = max(self._measured, self._sent / max(now - self._since, BURST), SLOWEST)
        self._rate = max(SLOWEST, self._full * FLOOR, self._rate * (1 - share / 2))
        self._tokens = min(self._tokens, self._rate * BURST)
        if share >= MOSTLY:
            self._tokens, self._paused_until = 0.0, now + PAUSE
            self._full = self._ceiling or self._rate
        self._deaf_until = now + deaf
        self._begin_window(self._deaf_until)

    def _begin_window(self, at: float) -> None:
        self._window_began, self._took, self._refused = at, 0, 0

    def _refill(self, now: float) -> None:
        passed = max(0.0, now - self._at)
        self._at = now
        self._grow(passed if now >= self._paused_until else 0.0, now)
        if self._rate:
            self._tokens = min(self._tokens + passed * self._rate, max(1.0, self._rate * BURST))

    def _grow(self, passed: float, now: float) -> None:
        if not self._rate or self._rate == self._ceiling:
            return
        content = min(max(now - self._refused_at, 1.0), FASTEST_GROWTH)
        self._rate += passed * GROWTH * self._full * content
        if self._ceiling:
            self._rate = min(self._rate, self._ceiling)
        elif self._rate >= self._full * RELEASE:
            self._rate = 0.0

    def _measure(self, segments: int, now: float) -> None:
        self._sent += segments
        passed = now - self._since
        if passed >= MEASURED_OVER:
            self._measured = self._sent / passed
            self._sent, self._since = 0, now
