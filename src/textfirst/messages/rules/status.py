"""How a message's status moves, and what people see of it.

A status only rises (D14). Receipts come early, late, twice and out of order; none of that can take back what a later one said. Our own
`unknown` and `failed` rank below a carrier's final word, so a real receipt overrules them.
"""

from __future__ import annotations

from collections.abc import Sequence

from textfirst.messages.types import Shown, Status

NEVER_LEFT = frozenset({Status.SUPPRESSED, Status.CANCELLED})
NOT_ARRIVED = frozenset({Status.UNKNOWN, Status.FAILED, Status.EXPIRED, Status.REJECTED, Status.UNDELIVERABLE})

_SHOWN = {
    Status.DEFERRED: Shown.WAITING,
    Status.QUEUED: Shown.WAITING,
    Status.CLAIMED: Shown.WAITING,
    Status.SUBMITTED: Shown.WAITING,
    Status.ACCEPTED: Shown.SENT,
    Status.ENROUTE: Shown.SENT,
    Status.UNKNOWN: Shown.NOT_DELIVERED,
    Status.FAILED: Shown.NOT_DELIVERED,
    Status.EXPIRED: Shown.NOT_DELIVERED,
    Status.REJECTED: Shown.NOT_DELIVERED,
    Status.UNDELIVERABLE: Shown.NOT_DELIVERED,
    Status.SUPPRESSED: Shown.NOT_SENT,
    Status.CANCELLED: Shown.NOT_SENT,
    Status.DELIVERED: Shown.DELIVERED,
    Status.READ: Shown.READ,
    Status.RECEIVED: Shown.RECEIVED,
}

STATUSES_SHOWN_AS = {shown: tuple(status for status, seen in _SHOWN.items() if seen is shown) for shown in Shown}


def next_status(current: Status, reported: Status) -> Status:
    """The status to store when something says `reported`; its rank never goes down."""
    return max(current, reported)


def shown(status: Status) -> Shown:
    """What people see of a status."""
    return _SHOWN[status]


def with_part(parts: Sequence[int] | None, total: int, part: int, reported: Status) -> list[int]:
    """`part_status` (a status per part, the first at 0) after `reported` came for `part` (1 to `total`); parts unheard of are queued."""
    known = [*(parts or ()), *([int(Status.QUEUED)] * total)][:total]
    known[part - 1] = max(known[part - 1], int(reported))
    return known


def combined(parts: Sequence[int]) -> Status:
    """One status for a message of several parts (D15): delivered only when all are; not delivered as soon as one is not.

    Otherwise it is as far as its slowest part. Store `next_status(current, combined(parts))`.
    """
    lost = [part for part in parts if part in NOT_ARRIVED or part in NEVER_LEFT]
    return Status(max(lost) if lost else min(parts))
