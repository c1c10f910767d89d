"""A carrier's own error codes and what each means for us, as a person writes them into a channel's settings. Pure.

    0x401=retry, 0x402=sender, 1027=number

The codes from 0x400 to 0x4FF are every carrier's own (SMPP 3.4 §5.1.3); some give standard ones a meaning of their own as well.
"""

from __future__ import annotations

import re
from typing import Final

from textfirst.core.errors import InvalidInput
from textfirst.core.words import say

LARGEST: Final = 0xFFFFFFFF
MEANINGS: Final = (
    "retry",  # it passes: another time, or by another carrier
    "slower",  # we send too fast
    "sender",  # this sender may not
    "number",  # nobody can be reached there
    "stopped",  # the person told the carrier that they want no more of ours
    "refused",  # this text, for good
)
_ENTRY: Final = re.compile(r"(0[xX][0-9a-fA-F]{1,8}|[0-9]{1,10})\s*=\s*([a-z]+)", re.ASCII)
_HEX: Final = ("0x", "0X")


def read_codes(text: str) -> dict[int, str]:
    """The meaning of each code. Raises InvalidInput naming the first entry that cannot be read."""
    entries = [entry.strip() for entry in re.split(r"[,;\n]", text)]
    return dict(_entry(entry) for entry in entries if entry)


def problem_with(text: str) -> str:
    """What is wrong with it, as a sentence; empty when nothing is."""
    try:
        read_codes(text)
    except InvalidInput as error:
        return error.message
    return ""


def _entry(entry: str) -> tuple[int, str]:
    found = _ENTRY.fullmatch(entry)
    code = int(found[1], 16 if found[1].startswith(_HEX) else 10) if found else 0
    if found is None or not 0 < code <= LARGEST or found[2] not in MEANINGS:
        raise InvalidInput(
            say("“{entry}” is not a code with its meaning. Write for example 0x401=retry; a meaning is one of: {known}.",
                entry=entry, known=", ".join(MEANINGS))
        )  # fmt: skip
    return code, found[2]
