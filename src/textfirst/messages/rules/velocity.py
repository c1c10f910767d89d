"""The velocity fuse: a hard cap on texts to one person, whatever campaign, flow or mistake they come from (D7). Pure.

It is checked in the transaction of the claim and counts attempts, not messages, so that one message sent over and over blows it as
well. A text beyond the cap waits until there is room again, and expires if its time runs out before; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from textfirst.core.purposes import Lane


class Limit(NamedTuple):
    """At most `texts` within `span`."""

    texts: int
    span: timedelta


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_MACHINE: Final = (Limit(5, _MINUTE), Limit(20, _HOUR), Limit(50, _DAY))

LIMITS: Final = {
    Lane.URGENT: (Limit(10, _MINUTE), Limit(30, _HOUR), Limit(100, _DAY)),  # codes and alarms
    Lane.CONVERSATION: (Limit(20, _MINUTE), Limit(120, _HOUR), Limit(500, _DAY)),  # a person types, in short lines
    Lane.TRANSACTIONAL: _MACHINE,
    Lane.BULK: _MACHINE,
}
FEWEST: Final = min(limit.texts for limits in LIMITS.values() for limit in limits)  # who has fewer texts in all cannot blow any
LONGEST: Final = max(limit.span for limits in LIMITS.values() for limit in limits)
MADE_WITHIN: Final = timedelta(hours=72)  # messages made earlier than this are not looked at: their time has mostly run out


def wait_until(lane: Lane, sent: Sequence[datetime], now: datetime) -> datetime | None:
    """When the next text may leave; None when it may leave now. `sent` are the moments of earlier ones, in any order."""
    moments = sorted(moment for moment in sent if moment > now - LONGEST)
    waits = [moments[-limit.texts] + limit.span for limit in LIMITS[lane] if len(moments) >= limit.texts]
    latest = max(waits, default=now)
    return latest if latest > now else None
