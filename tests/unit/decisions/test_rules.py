from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from textfirst.core.purposes import Purpose
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Facts, Stamp, Verdict

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
FACTS = Facts(UUID(int=1), UUID(int=2), "tel", "+302101234567", None, None, 5, 3)


@pytest.mark.parametrize(
    ("changed", "bounds", "verdict", "reason"),
    [
        ({}, {}, Verdict.ALLOW, ""),
        ({"stopped": True}, {}, Verdict.BLOCK, "stopped"),
        ({"blocked": True}, {}, Verdict.BLOCK, "blocked"),
        ({"stopped": True, "blocked": True}, {}, Verdict.BLOCK, "stopped"),
        ({}, {"not_after": NOW}, Verdict.BLOCK, "expired"),
        ({}, {"not_after": NOW + HOUR}, Verdict.ALLOW, ""),
        ({}, {"not_before": NOW + HOUR}, Verdict.DEFER, "scheduled"),
        ({}, {"not_before": NOW}, Verdict.ALLOW, ""),
        ({"stopped": True}, {"not_before": NOW + HOUR}, Verdict.BLOCK, "stopped"),
    ],
)
@pytest.mark.parametrize("purpose", Purpose)
def test_decide(changed, bounds, verdict, reason, purpose):
    decision = decide(FACTS._replace(**changed), purpose, NOW, **bounds)
    assert (decision.verdict, decision.reason, decision.stamp) == (verdict, reason, Stamp(5, 3))


def test_a_deferral_says_until_when():
    assert decide(FACTS, Purpose.NOTICE, NOW, not_before=NOW + HOUR).until == NOW + HOUR
