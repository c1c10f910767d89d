"""One form for message ids that a carrier writes in two.

Some answer a submit in hexadecimal and report on it in decimal (or the other way round), pad with zeros, or change case. A
channel's setting says which; both sides are brought to one form before they are stored or looked up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

__all__ = ["IdForm", "from_receipt", "from_response"]

_DECIMAL: Final = re.compile(r"[0-9]{1,64}", re.ASCII)
_LEADING: Final = re.compile(r"^[0\s]+")
_HEX: Final = re.compile(r"(?:0x)?([0-9a-f]{1,64})", re.ASCII | re.IGNORECASE)


class IdForm(StrEnum):
    """How a carrier writes ids: in its answers, then in its receipts."""

    AS_IS = "as_is"  # compared letter by letter
    LOOSE = "loose"  # case and leading zeros do not matter
    DECIMAL = "decimal"
    HEX = "hex"
    HEX_THEN_DECIMAL = "hex_then_decimal"
    DECIMAL_THEN_HEX = "decimal_then_hex"


def from_response(message_id: str, form: IdForm) -> str:
    """The id of a submit_sm_resp in the form we store."""
    return _normal(message_id, _RESPONSE_BASE[form], form)


def from_receipt(message_id: str, form: IdForm) -> str:
    """The id of a receipt in the form we store."""
    return _normal(message_id, _RECEIPT_BASE[form], form)


_RESPONSE_BASE: Final[Mapping[IdForm, int]] = {
    IdForm.AS_IS: 0,
    IdForm.LOOSE: 0,
    IdForm.DECIMAL: 10,
    IdForm.HEX: 16,
    IdForm.HEX_THEN_DECIMAL: 16,
    IdForm.DECIMAL_THEN_HEX: 10,
}
_RECEIPT_BASE: Final[Mapping[IdForm, int]] = {**_RESPONSE_BASE, IdForm.HEX_THEN_DECIMAL: 10, IdForm.DECIMAL_THEN_HEX: 16}


def _normal(message_id: str, base: int, form: IdForm) -> str:
    """A number in plain decimal; an id that is no number in that base stays as it came, which is better than losing it."""
    written = message_id.strip()
    if base == 10 and _DECIMAL.fullmatch(written):
        return written.lstrip("0") or "0"
    if base == 16 and (found := _HEX.fullmatch(written)):
        return str(int(found[1], 16))
    if form is IdForm.LOOSE:
        return _LEADING.sub("", written.lower()) or written[:1]
    return written
