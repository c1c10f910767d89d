"""A stream of bytes into batches of PDUs.

Whatever arrives in one read comes out as one list. What is left over waits for the next read; it is never longer than one PDU
plus one read, because a length out of bounds is refused as soon as its four octets are seen.
"""

from __future__ import annotations

from struct import Struct
from typing import Final

from textfirst.protocols.smpp.commands import LARGEST_PDU, SMALLEST_PDU
from textfirst.protocols.smpp.parse import parse
from textfirst.protocols.smpp.pdus import Event, Unframed

__all__ = ["Framer", "FramingLost"]

_HEADER: Final = Struct(">IIII")
_LENGTH: Final = Struct(">I")


class FramingLost(Exception):
    """Bytes were fed after an Unframed event; the connection should have been closed."""


class Framer:
    """Feed it what the socket gave; get the events in order.

    After an Unframed event nothing can be read any more: `feed` then raises FramingLost.
    """

    def __init__(self, *, largest: int = LARGEST_PDU) -> None:
        self._largest = largest
        self._rest = b""
        self._lost = False

    @property
    def waiting(self) -> int:
        """Octets of an unfinished PDU: above zero for long means a peer that sends byte by byte."""
        return len(self._rest)

    def feed(self, data: bytes) -> list[Event]:
        """All PDUs that `data` completes; raises only FramingLost."""
        if self._lost:
            raise FramingLost("the stream could not be framed; close the connection")
        buffer = self._rest + data if self._rest else data
        events: list[Event] = []
        at, size = 0, len(buffer)
        while size - at >= SMALLEST_PDU:
            length, command_id, status, sequence = _HEADER.unpack_from(buffer, at)
            if not SMALLEST_PDU <= length <= self._largest:
                break
            end = at + length
            if end > size:
                break
            events.append(parse(bytes(buffer[at:end]), command_id, status, sequence))
            at = end
        self._rest = bytes(buffer[at:])
        self._check_length(events)
        return events

    def _check_length(self, events: list[Event]) -> None:
        """Refuse the length of the PDU to come as soon as it can be read."""
        if len(self._rest) < _LENGTH.size:
            return
        length = _LENGTH.unpack_from(self._rest)[0]
        if not SMALLEST_PDU <= length <= self._largest:
            self._lost, self._rest = True, b""
            events.append(Unframed(length, f"command_length {length} is not between {SMALLEST_PDU} and {self._largest}"))
