"""May we text this person, for this purpose, now? Values in, a decision out.

Each rule is one line of `decide`, strictest first; rules to come (consent, hours, caps) are further lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from textfirst.core.purposes import Purpose
from textfirst.decisions.policy import DEFAULT, Policy
from textfirst.decisions.types import WHO, Asked, Because, Code, Decision, Facts, Stamp, Verdict, told

SOMEBODY: Sequence[Any] = Facts(UUID(int=0), UUID(int=0), "tel", "", None, None, 0, 0)[
    :WHO
]  # `decide` never looks at them, and a test sees to it


def decide(
    facts: Facts,
    asked: Asked | Purpose,
    policy: Policy | datetime = DEFAULT,
    *,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Decision:
    """Whether a message may leave, when, and why.

    A stopped contact cannot be texted by anyone, whatever the purpose (O1, O2); the one confirmation of a stop (O3) is not decided
    here: the intake that commits the stop writes it. A purpose and a moment in place of `asked` and `policy`: as those ask that do not yet
    load all facts; consent, hours and caps are not looked at then.
    """
    if isinstance(asked, Purpose):
        assert isinstance(policy, datetime)
        asked = Asked(asked, policy, not_before=not_before, not_after=not_after)
    stamp = Stamp(facts.identity_version, facts.workspace_version)
    if facts.stopped & 1:
        return told(Verdict.BLOCK, Code.STOPPED, stamp)
    if facts.stopped >> asked.purpose & 1:
        return told(Verdict.BLOCK, Code.STOPPED_PURPOSE, stamp)
    if facts.blocked:
        return told(Verdict.BLOCK, Code.BLOCKED, stamp)
    if asked.not_after is not None and asked.now >= asked.not_after:
        return told(Verdict.BLOCK, Code.EXPIRED, stamp)
    if asked.not_before is not None and asked.now < asked.not_before:
        return Decision(Verdict.DEFER, stamp, (Because(Code.SCHEDULED),), until=asked.not_before)
    return Decision(Verdict.ALLOW, stamp)


class Verdicts(dict[tuple[Any, ...], Decision]):
    """`decide` for thousands at one moment: looked up by what a row of `sql/facts.sql` says beyond who it is (`row[WHO:]`), decided once for each such answer."""

    def __init__(self, purpose: Purpose, now: datetime, *, not_after: datetime) -> None:
        super().__init__()
        self._decide = partial(decide, asked=purpose, policy=now, not_after=not_after)

    def __missing__(self, known: tuple[Any, ...]) -> Decision:
        decision = self[known] = self._decide(Facts(*SOMEBODY, *known))
        return decision


def facts_of(row: Sequence[Any]) -> Facts:
    """A row of `sql/facts.sql`."""
    return Facts(*row)


def facts_by_identity(rows: Iterable[Sequence[Any]]) -> dict[UUID, Facts]:
    """The rows of `sql/facts.sql` by identity; an identity that is gone is not in it."""
    return {row[0]: Facts(*row) for row in rows}
