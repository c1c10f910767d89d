"""When again, or why not: what to do with a message that the carrier did not take, and when to knock again after a lost connection. Pure.

The table is the status table of the delivery rules: what Kannel, Jasmin and NowSMS do in production, with these sharper words: a
throttled message costs no attempt, a sender's problem never blames the contact, and nothing is tried past its validity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from textfirst.channels.contract import Reason
from textfirst.core.purposes import Delivery
from textfirst.messages.types import Outcome, Status


@dataclass(frozen=True, slots=True)
class Policy:
    """Waits in seconds, doubling from the first to the longest; `tries` counts sends in all, None goes on until validity ends."""

    tries: int | None
    first_wait: float
    longest_wait: float
    costs: bool = True  # whether it counts as a try


RETRIED: Final[Mapping[Reason, Policy]] = {
    Reason.THROTTLED: Policy(None, 1, 1, costs=False),
    Reason.BUSY: Policy(None, 30, 900),
    Reason.TEMPORARY: Policy(5, 30, 900),
    Reason.UNCLEAR: Policy(3, 30, 900),
    Reason.UNMAPPED: Policy(3, 30, 900),
    Reason.MISCONFIGURED: Policy(2, 30, 30),
    Reason.SESSION: Policy(None, 1, 1, costs=False),
    Reason.CREDENTIALS: Policy(None, 60, 60, costs=False),
}

GIVEN_UP: Final[Mapping[Reason, Status]] = {
    Reason.NUMBER_REFUSED: Status.REJECTED,
    Reason.SENDER_REFUSED: Status.REJECTED,
    Reason.OPTED_OUT: Status.REJECTED,
    Reason.REJECTED: Status.REJECTED,
}


OUTCOMES: Final[Mapping[Reason, Outcome]] = {
    Reason.THROTTLED: Outcome.THROTTLED,
    **dict.fromkeys((Reason.BUSY, Reason.TEMPORARY, Reason.UNCLEAR, Reason.UNMAPPED, Reason.SESSION, Reason.CREDENTIALS), Outcome.TROUBLE),
}  # what the attempt says of a refusal; all others are Outcome.REFUSED: another carrier would refuse it too


ELSEWHERE: Final = frozenset({Reason.BUSY, Reason.TEMPORARY})  # another carrier may take it; whether one has it already is no question here


@dataclass(frozen=True, slots=True)
class Again:
    """Back into the outbox."""

    at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Over:
    """It will not be tried again."""

    status: Status
    reason: str


def after_refusal(reason: Reason, detail: str, *, attempts: int, now: datetime, not_after: datetime, chance: float) -> Again | Over:
    """What becomes of a message refused for `reason` at its try number `attempts` + 1; `chance` (0 to 1) spreads the waits."""
    policy = RETRIED.get(reason)
    made = attempts + (1 if policy is None or policy.costs else 0)
    said = f"{reason.code}:{detail}" if detail else reason.code
    if policy is None or (policy.tries is not None and made >= policy.tries):
        return Over(GIVEN_UP.get(reason, Status.FAILED), said)
    wait = min(policy.first_wait * 2 ** max(0, made - 1), policy.longest_wait)
    at = now + timedelta(seconds=wait * (0.8 + 0.4 * chance))
    if at >= not_after:
        return Over(Status.EXPIRED, said)
    return Again(at, made)


SILENT_TRIES: Final = 3  # sends in all of a message whose answers never come, where sending again is allowed


def after_silence(delivery: Delivery, *, attempts: int, now: datetime, not_after: datetime) -> Again | Over:
    """What becomes of a message that was written and never answered: it may be on the phone already."""
    if delivery is Delivery.AT_MOST_ONCE or attempts + 1 >= SILENT_TRIES or now >= not_after:
        return Over(Status.UNKNOWN, "not_answered")
    return Again(now, attempts + 1)


FIRST_KNOCK: Final = 1.0  # seconds
LAST_KNOCK: Final = 60.0
FIRST_SLOW_KNOCK: Final = 60.0  # a carrier that refuses our login blocks accounts that hammer
LAST_SLOW_KNOCK: Final = 900.0
RETURN: Final = 2.0  # seconds; a carrier misses a node that is gone within its own time-out, and we want to be there
LAST_RETURN: Final = 15.0
PATIENT_RETURNS: Final = 30  # after a minute it is more likely somebody else's program
HEALTHY_AFTER: Final = 60.0  # seconds bound; only then is a lost connection a first failure again


@dataclass(frozen=True, slots=True)
class Knocking:
    """How often in a row we failed to connect, and how."""

    failures: int = 0
    refusals: int = 0
    occupied: int = 0

    def failed(self, *, wait_for_people: bool = False, occupied: bool = False) -> Knocking:
        if wait_for_people:
            return Knocking(refusals=self.refusals + 1)
        return Knocking(occupied=self.occupied + 1) if occupied else Knocking(failures=self.failures + 1)

    def wait(self, chance: float) -> float:
        """Seconds until the next try: full jitter up to a doubling bound (60 s doubling to 15 minutes when the login is refused).

        An account that is bound already is asked for every two seconds, after a minute every fifteen.
        """
        if self.occupied:
            return RETURN if self.occupied <= PATIENT_RETURNS else LAST_RETURN
        if self.refusals:
            return min(FIRST_SLOW_KNOCK * float(2 ** min(self.refusals - 1, 10)), LAST_SLOW_KNOCK)
        bound = min(FIRST_KNOCK * float(2 ** min(max(0, self.failures - 1), 10)), LAST_KNOCK)
        return max(0.1, bound * chance)
