"""What was handed over a moment ago, so that a receipt finds its message without asking the database.

Most receipts come within seconds. A campaign's message that the carrier took is kept here until its receipt comes; `provider_ref`,
which is stored first of all, is the truth, and everything here can be read again from it. Two things follow:

- a receipt of such a message needs no look-up, and
- its step to `accepted` is written down only when no receipt came within `HOLD`: most go from `queued` to `delivered` in one update.
  Until then the point below which a successor may trust the statuses (`Bind.settled_id`) stays before them, so that whoever takes the
  lease after a crash finds those the step of which was never written (messages/sql/unsaid.sql).

Only texts in one part of a campaign are kept: of a person's own message the step to `accepted` is news, and a long text has a state of its own.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Final
from uuid import UUID

from textfirst.messages.types import Status

HOLD: Final = 2.0  # seconds in which a receipt saves us the step to `accepted`
MOST: Final = 50_000  # messages remembered; about 20 MB
AGREEING_DIGITS: Final = 8  # of an address: carriers write numbers with and without +, 00 and country code


class Sent:
    """A campaign's message that the carrier took, and what its row says of it as far as we know."""

    __slots__ = ("attempt", "campaign", "id", "segments", "status", "tail", "until")

    def __init__(self, identifier: UUID, attempt: int, campaign: int, segments: int, tail: str, until: float) -> None:  # noqa: PLR0917 - by place: made for each message
        self.id = identifier
        self.attempt = attempt
        self.campaign = campaign
        self.segments = segments
        self.tail = tail  # last digits of the address
        self.until = until  # seconds of a monotonic clock: then its step to `accepted` is written down
        self.status = int(Status.QUEUED)


class Recent:
    """The newest messages that one bind handed over, by the carrier's id."""

    def __init__(self) -> None:
        # Ordered dictionaries: of a plain one whose first entries are removed again and again, finding the first walks over all the gaps.
        self._by_id: OrderedDict[str, Sent] = OrderedDict()
        self._unsaid: OrderedDict[int, Sent] = OrderedDict()  # by attempt, oldest first

    def __len__(self) -> int:
        return len(self._by_id)

    def remember(self, provider_id: str, sent: Sent) -> None:
        """After its `provider_ref` is committed. Of equal ids the newest counts: carriers reuse them."""
        self._by_id.pop(provider_id, None)
        self._by_id[provider_id] = sent
        self._unsaid[sent.attempt] = sent
        if len(self._by_id) > MOST:
            self._by_id.popitem(last=False)

    def find(self, provider_id: str, phones: Sequence[str]) -> Sent | None:
        """The message a receipt speaks of; None when it is not here, or is another phone's."""
        sent = self._by_id.get(provider_id)
        if sent is not None:
            for phone in phones:
                if phone[-AGREEING_DIGITS:] == sent.tail or agree(sent.tail, phone):
                    return sent
        return None

    def said(self, sent: Sent, status: int) -> None:
        """Its row says `status` now."""
        sent.status = status
        self._unsaid.pop(sent.attempt, None)

    @property
    def oldest_unsaid(self) -> int | None:
        """The oldest attempt whose message's row does not say yet that the carrier took it."""
        return next(iter(self._unsaid), None)

    def overdue(self, now: float) -> Iterator[Sent]:
        """Those whose receipt did not come in time, oldest first."""
        for sent in self._unsaid.values():
            if sent.until > now:
                return
            yield sent

    def forget(self) -> None:
        """Another node may have spoken on this bind meanwhile."""
        self._by_id.clear()
        self._unsaid.clear()


def tail(address: str) -> str:
    """The last digits of an address; of one without any, nothing, which agrees with every message."""
    digits = address[-AGREEING_DIGITS:]
    if len(digits) == AGREEING_DIGITS and digits.isdecimal() and digits[0] != "0":
        return digits
    if not address.isdecimal():
        address = "".join(filter(str.isdecimal, address))
    return address.lstrip("0")[-AGREEING_DIGITS:]


def agree(ours: str, theirs: str) -> bool:
    """Whether a receipt's address can be that of a message whose last digits are `ours`."""
    return ours.endswith(tail(theirs))
