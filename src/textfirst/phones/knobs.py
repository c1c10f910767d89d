"""How the simulated carrier behaves for one channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from math import isfinite
from typing import Any

from textfirst.core.errors import InvalidInput
from textfirst.phones.faults import Fault
from textfirst.protocols.smpp.message_ids import IdForm

__all__ = ["Knobs"]

_LONGEST_DELAY_MS = 24 * 3600 * 1000
_LARGEST = 0x7FFFFFFF  # of a whole number
_LARGEST_STATUS = 0xFFFFFFFF  # command_status has four octets

Errors = tuple[tuple[int, float], ...]  # (command_status, percent)


@dataclass(frozen=True, slots=True)
class Knobs:
    """Percentages are of messages, drawn one by one with the channel's seed; each is 0..100. Zero and "" turn a fault off."""

    # answers to submits
    answer_delay_min_ms: int = 0
    answer_delay_max_ms: int = 0
    late_percent: float = 0.0  # answered after `late_ms` instead
    late_ms: int = 70_000
    unanswered_percent: float = 0.0  # taken, but the answer to the submit never comes
    answer_twice_percent: float = 0.0
    answer_disorder_percent: float = 0.0  # held back a moment, so that later ones overtake it
    throttle_percent: float = 0.0  # refused with ESME_RTHROTTLED
    errors: Errors = ()  # in JSON {"0x14": 5, "0x400": 1}: refused with this status
    rate: int = 0  # submits a second; what is above is refused with ESME_RTHROTTLED
    window: int = 0  # submits of one connection whose answer is still to come; what is above is refused with ESME_RTHROTTLED

    # receipts
    receipt_delay_min_ms: int = 400
    receipt_delay_max_ms: int = 2500
    fail_percent: float = 0.0  # the receipt says undeliverable
    lose_percent: float = 0.0  # taken, then neither text nor receipt ever comes
    duplicate_percent: float = 0.0  # the receipt comes again, `duplicate_copies` times
    duplicate_copies: int = 1
    early_percent: float = 0.0  # the receipt comes before the answer to the submit
    stale_percent: float = 0.0  # a receipt that says "on its way" comes after the last one
    late_receipt_percent: float = 0.0  # comes after `late_receipt_ms` instead
    late_receipt_ms: int = 60_000
    wrong_base_percent: float = 0.0  # the id is written in hexadecimal where the answer had it in decimal, or the other way round
    missing_id_percent: float = 0.0  # the receipt says no id
    stray_percent: float = 0.0  # with a receipt comes another, for a text that was never sent
    unknown_tlvs_percent: float = 0.0  # the receipt has optional parameters that nobody knows
    hold_receipts: bool = False  # none leave; all at once when it is turned off: a storm
    id_format: IdForm = IdForm.DECIMAL  # how ids are written in answers and in receipts
    reuse_ids: int = 0  # so many ids, again and again

    # connections
    refuse_bind: bool = False  # with ESME_RINVPASWD, or `bind_error`
    bind_error: int = 0  # refuse binds with this status
    most_binds: int = 0  # at a time; further ones are refused with ESME_RALYBND
    bytes_per_second: int = 0  # at which everything is written
    fault: str = ""  # suffered by a connection now and then; see `faults.Fault`
    fault_every: int = 0  # submits, on average

    # people
    personas: bool = False  # phones answer by themselves
    speed: float = 1.0  # of personas: 1 is human, 10 ten times as fast

    seed: int = 0  # of all that is drawn; turning it begins the draws anew

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.endswith("_percent") and not 0 <= value <= 100:
                raise _refused(field.name, "must be between 0 and 100")
            if type(value) is int and not 0 <= value <= (_LARGEST_STATUS if field.name == "bind_error" else _LARGEST):
                raise _refused(field.name, "must not be below 0 or too large")
        for least, most in (("receipt_delay_min_ms", "receipt_delay_max_ms"), ("answer_delay_min_ms", "answer_delay_max_ms")):
            if not getattr(self, least) <= getattr(self, most) <= _LONGEST_DELAY_MS:
                raise _refused(most, "must not be below the smallest delay, and at most a day")
        if sum(percent for _, percent in self.errors) > 100:
            raise _refused("errors", "must not be more than 100 percent together")
        if not 0.01 <= self.speed <= 1000:
            raise _refused("speed", "must be between 0.01 and 1000")

    def changed(self, values: Mapping[str, Any]) -> Knobs:
        """These knobs with `values` (as JSON gives them) turned; raises InvalidInput that names the field."""
        current = asdict(self)
        return replace(self, **{name: _read(name, value, current.get(name)) for name, value in values.items()})

    def as_json(self) -> dict[str, Any]:
        errors = {f"0x{status:02X}": percent for status, percent in self.errors}
        return asdict(self) | {"id_format": self.id_format.value, "errors": errors}


def _read(name: str, value: Any, current: Any) -> Any:
    """`value` in the type the knob has."""
    if current is None:
        raise _refused(name, "is not a knob")
    if isinstance(current, IdForm):
        if value not in [form.value for form in IdForm]:
            raise _refused(name, f"must be one of {', '.join(form.value for form in IdForm)}")
        return IdForm(value)
    if isinstance(current, str):
        if value != "" and value not in [fault.value for fault in Fault]:
            raise _refused(name, f"must be empty or one of {', '.join(fault.value for fault in Fault)}")
        return value
    if isinstance(current, tuple):
        return _read_errors(name, value)
    if isinstance(current, bool):
        if not isinstance(value, bool):
            raise _refused(name, "must be true or false")
        return value
    return int(_read_number(name, value)) if isinstance(current, int) else float(_read_number(name, value))


def _read_number(name: str, value: Any) -> int | float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not isfinite(value):
        raise _refused(name, "must be a number")
    return value


def _read_errors(name: str, value: Any) -> Errors:
    """{"0x14": 5, "88": 1}: statuses in hexadecimal or decimal to percentages."""
    if not isinstance(value, Mapping):
        raise _refused(name, 'must be percentages by status, such as {"0x14": 5}')
    errors: dict[int, float] = {}
    for written, percent in value.items():
        try:
            status = int(str(written), 0)
        except ValueError:
            status = 0
        if not 0 < status <= _LARGEST_STATUS or not 0 <= _read_number(name, percent) <= 100:
            raise _refused(name, 'must be percentages by status, such as {"0x14": 5}')
        errors[status] = float(percent)
    return tuple(errors.items())


def _refused(name: str, words: str) -> InvalidInput:
    return InvalidInput(f"{name} {words}.", fields={name: f"{words}."})
