"""Where advertising may leave at this moment: the start of mobile numbers that take eight digits more, so that a measurement runs at any hour with every check on."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from uuid import UUID

from textfirst.core.purposes import Purpose
from textfirst.decisions.rules import decide
from textfirst.decisions.types import Asked, Facts

BLOCKS = {"GB": "+4479", "BR": "+55119", "AU": "+614", "VN": "+849", "IN": "+9198", "NZ": "+6421", "CO": "+5731"}
NOBODY = UUID(int=0)


def open_block(needed: timedelta = timedelta(minutes=20)) -> tuple[str, str]:
    """Country and block whose hours last as long as is `needed`; ends the measurement when there is none."""
    now = datetime.now(UTC)
    for country, block in BLOCKS.items():
        facts = Facts(NOBODY, NOBODY, "tel", "", None, None, 1, 1, promotion_kind=7, prefix=f"{block}00000000"[:5])
        decision = decide(facts, Asked(Purpose.PROMOTION, now, not_after=now + timedelta(days=1)))
        if decision.allowed and (decision.send_by is None or decision.send_by - now > needed):
            return country, block
    sys.exit("Advertising may leave nowhere just now: " + ", ".join(BLOCKS))
