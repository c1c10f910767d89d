"""May we text this person, for this purpose, now? Values in, a decision out.

Each rule is one line of `decide`, strictest first; rules to come (consent, hours, caps) are further lines and further facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from textfirst.core.purposes import Purpose
from textfirst.decisions.types import Decision, Facts, Stamp, Verdict

SOMEBODY = (UUID(int=0), UUID(int=0), "tel", "")  # identity, contact, scheme, address: `decide` never looks at them, and a test sees to it
WHO = len(SOMEBODY)


def decide(
    facts: Facts,
    purpose: Purpose,  # noqa: ARG001 - hours and consent differ by purpose; stopped and blocked do not
    now: datetime,
    *,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> Decision:
    """Whether a text for `purpose` may leave at `now` (aware).

    A stopped contact cannot be texted by anyone, whatever the purpose (O1, O2); the one confirmation of a stop (O3) is not decided
    here: the intake that commits the stop writes it. `not_before` and `not_after` are the sender's own bounds.
    """
    stamp = Stamp(facts.identity_version, facts.workspace_version)
    if facts.stopped:
        return Decision(Verdict.BLOCK, stamp, "stopped")
    if facts.blocked:
        return Decision(Verdict.BLOCK, stamp, "blocked")
    if not_after is not None and now >= not_after:
        return Decision(Verdict.BLOCK, stamp, "expired")
    if not_before is not None and now < not_before:
        return Decision(Verdict.DEFER, stamp, "scheduled", until=not_before)
    return Decision(Verdict.ALLOW, stamp)


class Verdicts(dict[tuple[Any, ...], Decision]):
    """`decide` for thousands at one moment: looked up by what a row of `sql/facts.sql` says beyond who it is (`row[WHO:]`), decided once for each such answer."""

    def __init__(self, purpose: Purpose, now: datetime, *, not_after: datetime) -> None:
        super().__init__()
        self._decide = partial(decide, purpose=purpose, now=now, not_after=not_after)

    def __missing__(self, known: tuple[Any, ...]) -> Decision:
        decision = self[known] = self._decide(Facts(*SOMEBODY, *known))
        return decision


def facts_of(row: Sequence[Any]) -> Facts:
    """A row of `sql/facts.sql`."""
    return Facts(*row)


def facts_by_identity(rows: Iterable[Sequence[Any]]) -> dict[UUID, Facts]:
    """The rows of `sql/facts.sql` by identity; an identity that is gone is not in it."""
    return {row[0]: Facts(*row) for row in rows}
