"""What a broken carrier, or the network before it, does to a connection on purpose: the names, and the bytes that are no PDU of ours."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from enum import Enum
from random import Random

from textfirst.protocols.smpp import build
from textfirst.protocols.smpp.commands import Command
from textfirst.protocols.smpp.pdus import Address

__all__ = ["BROKEN", "Fault", "rubbish"]

FLOOD = 10_000  # enquire_links at once
NOBODY_ASKED = 0x7FFFFFF0  # a sequence number that no session comes to
_HEADER = struct.Struct(">IIII")
_NOBODY, _SOMEBODY = Address(1, 1, "4479999999"), Address(1, 1, "10001")


class Fault(Enum):
    """What happens to a connection. Those up to `unbind` end it from our side, or leave it hanging; the others are bytes."""

    HALF_OPEN = "half_open"  # we neither read nor write any more, and keep it
    RESET = "reset"
    RESET_MID_PDU = "reset_mid_pdu"
    CLOSE = "close"
    UNBIND = "unbind"
    GARBAGE = "garbage"
    LENGTH_ZERO = "length_zero"
    LENGTH_HUGE = "length_huge"
    MALFORMED = "malformed"  # PDUs that can be framed and not be read
    UNKNOWN_COMMAND = "unknown_command"
    UNFINISHED = "unfinished"  # a PDU begins and never ends
    FLOOD = "flood"  # ten thousand enquire_links at once
    STRAY_ANSWERS = "stray_answers"  # answers to what was never asked


# After these nothing is written any more: it could not be framed.
BROKEN = frozenset({Fault.HALF_OPEN, Fault.GARBAGE, Fault.LENGTH_ZERO, Fault.LENGTH_HUGE, Fault.UNFINISHED})


def rubbish(fault: Fault, random: Random, next_sequence: Callable[[], int]) -> bytes:
    """The bytes of a fault that consists of bytes; empty for the others."""
    write = _RUBBISH.get(fault)
    return write(random, next_sequence) if write else b""


def _half_a_frame(sequence: int) -> bytes:
    """The first half of a text."""
    whole = build.deliver_sm(sequence, source=_NOBODY, destination=_SOMEBODY, short_message=b"the rest of this never comes")
    return whole[: len(whole) // 2]


def _malformed(_random: Random, next_sequence: Callable[[], int]) -> bytes:
    """A text whose length lies, one whose optional parameter is cut short, one that ends in the middle, an answer without an end."""
    text = build.deliver_sm(next_sequence(), source=_NOBODY, destination=_SOMEBODY, short_message=b"malformed")
    longer = text[: -len(b"malformed") - 1] + b"\xff" + b"malformed"
    cut = build.deliver_sm(next_sequence(), source=_NOBODY, destination=_SOMEBODY, short_message=b"malformed") + b"\x00\x1e\x00\xffabc"
    short = _HEADER.pack(26, Command.DELIVER_SM, 0, next_sequence()) + b"\0\1\x0144799\0\1"
    answer = _HEADER.pack(26, Command.SUBMIT_SM_RESP, 0, NOBODY_ASKED) + b"id\0\x00\x1e\x00\xffabc"
    return b"".join([longer, _with_length(cut), short, answer])


def _with_length(frame: bytes) -> bytes:
    return len(frame).to_bytes(4, "big") + frame[4:]


_RUBBISH: Mapping[Fault, Callable[[Random, Callable[[], int]], bytes]] = {
    Fault.GARBAGE: lambda random, _next: b"\xff" + random.randbytes(500),  # begins with a length that nobody accepts
    Fault.LENGTH_ZERO: lambda _random, following: _HEADER.pack(0, Command.ENQUIRE_LINK, 0, following()),
    Fault.LENGTH_HUGE: lambda _random, following: _HEADER.pack(0xFFFFFFFF, Command.DELIVER_SM, 0, following()),
    Fault.MALFORMED: _malformed,
    Fault.UNKNOWN_COMMAND: lambda _random, following: _HEADER.pack(20, 0x00000ABC, 0, following()) + b"what",
    Fault.UNFINISHED: lambda _random, following: _half_a_frame(following()),
    Fault.RESET_MID_PDU: lambda _random, following: _half_a_frame(following()),
    Fault.FLOOD: lambda _random, following: b"".join([build.enquire_link(following()) for _ in range(FLOOD)]),
    Fault.STRAY_ANSWERS: lambda _random, _next: build.submit_sm_resp(NOBODY_ASKED, message_id="x") + build.deliver_sm_resps([NOBODY_ASKED]),
}
