"""What the carrier's own log says of each phone, read with a codec of our own making for this purpose: it shares none with what it judges.

SMPP 3.4: submit_sm is §4.4.1, deliver_sm §4.6.1, the receipt's text Appendix B.
"""

from __future__ import annotations

import re
import struct
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from textfirst.phones.frames import Kind
from textfirst.phones.oracle import Frame

SUBMIT, SUBMIT_RESP, DELIVER, DELIVER_RESP = 0x04, 0x8000_0004, 0x05, 0x8000_0005
RECEIPT = re.compile(rb"id:(\S+) .*stat:(\S+)", re.DOTALL)
IS_RECEIPT = 0x04  # esm_class, §5.2.12


@dataclass
class Witness:
    """Per phone: how many texts came, and which final states were told and acknowledged."""

    texts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    told: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def witness(frames: Iterable[Frame], system_id: str) -> Witness:
    """What was read from and written to one channel's connections."""
    seen = Witness()
    asked: dict[tuple[int, int], str] = {}  # connection, sequence → destination
    ids: dict[str, str] = {}  # message id → destination
    telling: dict[tuple[int, int], tuple[str, str]] = {}  # connection, sequence → message id, state
    for frame in frames:
        if frame.system_id != system_id or frame.kind not in {Kind.READ, Kind.WRITTEN}:
            continue
        _, command, status, sequence = struct.unpack_from(">IIII", frame.raw)
        place = (frame.connection, sequence)
        if command == SUBMIT:
            asked[place] = _addresses(frame.raw)[1]
        elif command == SUBMIT_RESP:
            destination = asked.pop(place)
            if status:
                seen.refused[destination] += 1
            else:
                seen.texts[destination] += 1
                ids[frame.raw[16:].split(b"\0")[0].decode()] = destination
        elif command == DELIVER and (receipt := _receipt(frame.raw)):
            telling[place] = receipt
        elif command == DELIVER_RESP and status == 0 and place in telling:
            message_id, state = telling.pop(place)
            seen.told[ids[message_id]].add(state)
    assert asked == {}, f"{len(asked)} texts were never answered"
    return seen


def _addresses(raw: bytes) -> tuple[str, str, int]:
    """Source, destination and esm_class of a submit_sm or deliver_sm."""
    service_end = raw.index(b"\0", 16)
    source_end = raw.index(b"\0", service_end + 3)
    destination_end = raw.index(b"\0", source_end + 3)
    return raw[service_end + 3 : source_end].decode(), raw[source_end + 3 : destination_end].decode(), raw[destination_end + 1]


def _receipt(raw: bytes) -> tuple[str, str] | None:
    """The message id and state that a deliver_sm tells, when it is a receipt."""
    if not _addresses(raw)[2] & IS_RECEIPT:
        return None
    found = RECEIPT.search(raw)
    assert found, raw
    return found[1].decode(), found[2].decode()
