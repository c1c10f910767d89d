"""How the simulated carrier behaves for one channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite
from typing import Any

from textfirst.core.errors import InvalidInput
from textfirst.protocols.smpp.message_ids import IdForm

__all__ = ["Knobs"]

_LONGEST_DELAY_MS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Knobs:
    """Percentages are of messages, drawn one by one; each is 0..100."""

    receipt_delay_min_ms: int = 400
    receipt_delay_max_ms: int = 2500
    fail_percent: float = 0.0  # the receipt says undeliverable
    lose_percent: float = 0.0  # taken, then neither text nor receipt ever comes
    throttle_percent: float = 0.0  # refused with ESME_RTHROTTLED
    unanswered_percent: float = 0.0  # taken, but the answer to the submit never comes
    duplicate_percent: float = 0.0  # the receipt comes twice
    early_percent: float = 0.0  # the receipt comes before the answer to the submit
    id_format: IdForm = IdForm.DECIMAL  # how ids are written in answers and in receipts
    personas: bool = False  # phones answer by themselves
    speed: float = 1.0  # of personas: 1 is human, 10 ten times as fast
    refuse_bind: bool = False

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.name.endswith("_percent") and not 0 <= getattr(self, field.name) <= 100:
                raise _refused(field.name, "must be between 0 and 100")
        if not 0 <= self.receipt_delay_min_ms <= self.receipt_delay_max_ms <= _LONGEST_DELAY_MS:
            raise _refused("receipt_delay_max_ms", "must not be below the smallest delay, and at most a day")
        if not 0.01 <= self.speed <= 1000:
            raise _refused("speed", "must be between 0.01 and 1000")

    def changed(self, values: Mapping[str, Any]) -> Knobs:
        """These knobs with `values` (as JSON gives them) turned; raises InvalidInput that names the field."""
        current = asdict(self)
        return replace(self, **{name: _read(name, value, current.get(name)) for name, value in values.items()})

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"id_format": self.id_format.value}


def _read(name: str, value: Any, current: Any) -> Any:
    """`value` in the type the knob has."""
    if current is None:
        raise _refused(name, "is not a knob")
    if isinstance(current, IdForm):
        if value not in [form.value for form in IdForm]:
            raise _refused(name, f"must be one of {', '.join(form.value for form in IdForm)}")
        return IdForm(value)
    if isinstance(current, bool):
        if not isinstance(value, bool):
            raise _refused(name, "must be true or false")
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise _refused(name, "must be a number")
    return int(value) if isinstance(current, int) else float(value)


def _refused(name: str, words: str) -> InvalidInput:
    return InvalidInput(f"{name} {words}.", fields={name: f"{words}."})
