"""What the engine asks of a channel and what a channel tells it, in plain values.

A channel cuts a text into parts, writes parts, and hands back an answer for each: `Accepted`, `Refused` or `NoAnswer`. What the
carrier sends on its own arrives as `Text`, `ReceiptSeen` or `Garbled`, and waits for its acknowledgement until it is stored.

Values of the hot path are named tuples: as immutable as frozen dataclasses, and made in a third of the time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum, StrEnum
from itertools import pairwise
from typing import Any, Final, NamedTuple, Protocol, Self
from uuid import UUID

from textfirst.channels.rules.health import Fact, sentence
from textfirst.core.errors import TextfirstError


class Reason(Enum):
    """Why a provider did not take a message: a short closed list. What to do about each is `engine/retry.py`.

    The code is what the message keeps as its reason (docs/explain/contracts.md); the sentence is for logs and the channel's page.
    """

    THROTTLED = "carrier_refused", "the carrier asks us to send more slowly"
    BUSY = "carrier_refused", "the carrier's queue is full"
    TEMPORARY = "carrier_refused", "the carrier has a temporary problem"
    UNCLEAR = "carrier_refused", "the carrier could not take the message and does not say why"
    UNMAPPED = "carrier_refused", "the carrier answered with an error of its own"
    MISCONFIGURED = "carrier_refused", "a setting of the channel does not suit the carrier"
    SESSION = "carrier_refused", "the connection was not in the state we thought"
    CREDENTIALS = "carrier_refused", "the carrier does not accept our login"
    NUMBER_REFUSED = "number_refused", "the carrier does not accept this recipient's number"
    SENDER_REFUSED = "sender_refused", "the carrier does not allow this sender"
    OPTED_OUT = "stopped", "the carrier says that this person wants no more of our texts"
    REJECTED = "carrier_refused", "the carrier rejects the message"
    OUR_FAULT = "our_fault", "the carrier could not read what we sent"

    def __init__(self, code: str, words: str) -> None:
        self.code = code
        self.words = words

    def __new__(cls, code: str, words: str) -> Self:  # noqa: ARG004 - several reasons share a code, so neither is the value
        member = object.__new__(cls)
        member._value_ = len(cls.__members__)
        return member


class Fate(StrEnum):
    """What a receipt says became of a message, in any carrier's words."""

    ENROUTE = "enroute"
    DELIVERED = "delivered"
    READ = "read"
    EXPIRED = "expired"
    REJECTED = "rejected"
    UNDELIVERABLE = "undeliverable"
    UNKNOWN = "unknown"


class Outbound(NamedTuple):
    """A message on its way out: its outbox row. A channel reads address, body and `deliver_by`; the rest is for putting it back."""

    id: UUID
    identity_id: UUID
    campaign_id: UUID | None
    lane: int
    delivery: int
    segments: int
    encoding: int
    attempts: int
    flags: int
    not_before: datetime
    not_after: datetime
    identity_version: int
    workspace_version: int
    address: str
    body: str
    send_by: datetime | None = None  # it is begun before this, or decided anew; None: no hours hold for it
    arrive_by: datetime | None = None  # where those hours end: nothing may arrive from then on (H2)

    @property
    def deliver_by(self) -> datetime:
        """What the carrier is told."""
        return self.not_after if self.arrive_by is None else min(self.not_after, self.arrive_by)


class Cut(NamedTuple):
    """A text as this channel carries it: the user data of each part."""

    coding: int  # what the channel calls its alphabet (SMPP: data_coding)
    payloads: Sequence[bytes]


class Part(NamedTuple):
    """Bytes to write, whose attempt is committed."""

    message: Outbound
    attempt_id: UUID
    number: int  # from 1
    total: int
    coding: int
    payload: bytes


class Accepted(NamedTuple):
    part: Part
    provider_id: str  # in the form receipts are looked up by; empty when the carrier gave none


class Refused(NamedTuple):
    part: Part
    reason: Reason
    detail: str  # the carrier's own code, as `0x0000000B`


class NoAnswer(NamedTuple):
    """The bytes left and nothing came back: it may have been delivered."""

    part: Part


class NotWritten(NamedTuple):
    """Not a byte left us."""

    part: Part


Answer = Accepted | Refused | NoAnswer | NotWritten


class Place(NamedTuple):
    """Which part of which long text: parts with one source, destination, reference, width and total belong together."""

    reference: int
    width: int  # bits of the reference; 0 when it came beside the text
    total: int
    number: int


class Text(NamedTuple):
    """A text from a phone, or a part of one. `pdu` is everything the carrier sent, byte for byte; `text` is None when it is binary."""

    ticket: Hashable  # names it in `acknowledge` and `refuse`
    source: str
    destination: str
    text: str | None
    payload: bytes
    coding: int
    place: Place | None
    pdu: bytes
    event_id: str = ""  # the provider's own: what comes twice under one id is one event (D32)
    came: datetime | None = None  # when it reached us, if it has waited since


class ReceiptSeen(NamedTuple):
    """A delivery receipt. `phones` are the addresses it may speak of; `fate` is None when its word is not one we know."""

    ticket: Hashable
    provider_id: str
    fate: Fate | None
    error: str
    phones: tuple[str, ...]
    pdu: bytes
    event_id: str = ""  # as a text's
    message_id: UUID | None = None  # ours, where the provider calls the message by it (D10)


class Garbled(NamedTuple):
    """Something for us that cannot be read; kept and shown."""

    ticket: Hashable
    problem: str
    pdu: bytes


Arrival = Text | ReceiptSeen | Garbled


class News(NamedTuple):
    answers: list[Answer]
    arrivals: list[Arrival]


class ChannelFacts(NamedTuple):
    """One channel as its row says, secrets opened."""

    workspace_id: UUID
    id: UUID
    kind: str
    address: str
    config: dict[str, Any]
    secrets: dict[str, Any] | None  # None: our keys do not open them
    rate: int  # segments a second, 0 for as fast as the window allows
    window: int
    version: int
    binds: int = 1  # connections at a time

    def of_bind(self, slot: int) -> ChannelFacts:
        """The channel as one of its binds sees it: with its part of rate and window, which all of them together do not exceed."""
        binds = min(self.binds, self.window, self.rate or self.binds)
        return self._replace(rate=_part(self.rate, binds, slot), window=_part(self.window, binds, slot), binds=binds)


def _part(whole: int, parts: int, place: int) -> int:
    return whole // parts + (place < whole % parts)


class CannotConnect(TextfirstError):
    """The carrier cannot be reached or does not let us in: a code of `rules.health` with its facts; the message is their English sentence.

    `refused` tells a carrier that said no from one that was not there; `wait_for_people` that it will go on saying no until somebody
    changes a setting, so that asking often only gets the account blocked; `occupied` that the account is bound to somebody already, most
    likely to a node that is gone and that the carrier has not missed yet.
    """

    def __init__(self, code: str, *, refused: bool = False, wait_for_people: bool = False, **facts: Fact) -> None:
        super().__init__(sentence(code, facts), code=code)
        self.facts = facts
        self.refused = refused
        self.wait_for_people = wait_for_people
        self.occupied = code == "bound_already"


class Whole(NamedTuple):
    """A long text put together; `text` is None when it is binary."""

    text: str | None
    payload: bytes
    missing: tuple[int, ...]


class Delays:
    """How long something took: counted up to each bound (seconds), and their seconds together."""

    ANSWERS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
    RECEIPTS: Final = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 21600.0, 86400.0)

    def __init__(self, bounds: Sequence[float] = ANSWERS) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.seconds = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.seconds += seconds

    def add_all(self, each: Iterable[float]) -> None:
        """Many at once, each sorted into place by the sort alone: a sixth of the cost of adding them one by one."""
        ordered = sorted(each)
        ends = [bisect_right(ordered, bound) for bound in self.bounds]
        for place, (begin, end) in enumerate(pairwise((0, *ends, len(ordered)))):
            self.counts[place] += end - begin
        self.seconds += sum(ordered)


class Line(Protocol):
    """One open connection (or pair of connections) to a carrier. Nothing here waits, except closing."""

    @property
    def room(self) -> int:
        """Parts that may be written now; 0 while the carrier does not read."""

    @property
    def lost(self) -> str | None:
        """Why the connection ended, in a person's words; None while it lives."""

    def write(self, parts: Sequence[Part]) -> None:
        """One write; each part gets exactly one answer, `NotWritten` if the connection is gone."""

    def take(self) -> News:
        """What came since the last time."""

    def acknowledge(self, tickets: Sequence[Hashable]) -> None:
        """The carrier may forget these: they are stored."""

    def refuse(self, tickets: Sequence[Hashable]) -> None:
        """Not stored: the carrier shall send these again later."""

    @property
    def delays(self) -> Delays:
        """From submit to answer, since the line opened."""

    @property
    def proven(self) -> int:
        """How many of the acknowledgements written since the line opened the carrier has certainly read."""

    async def close(self) -> None:
        """Say goodbye and end; answers that came meanwhile can still be taken."""

    def abort(self) -> None:
        """End at once, without another byte."""


class Adapter(Protocol):
    """One channel, connected or not."""

    @property
    def whole(self) -> bool:
        """Whether every text leaves in one piece, however many segments the provider makes of it."""

    def cut(self, message: Outbound) -> Cut:
        """The parts of a message. Raises InvalidInput when the channel cannot carry it."""

    def join(self, pdus: Sequence[bytes], total: int) -> Whole:
        """A long text from the frames of the parts that came, in any order."""

    def reread(self, pdu: bytes) -> Arrival:
        """What came once, read again from its bytes."""

    async def connect(self, ring: Callable[[], None], may_speak: Callable[[], bool]) -> Line:
        """Open a line; `ring` is called whenever there is something to take or the line is lost. Raises CannotConnect.

        `may_speak` is asked before every write, whatever is written: after a no the line ends without another byte.
        """


class Hooks(Protocol):
    """A kind of channel whose provider calls us over HTTP, at `/hooks/{channel_id}/{token}`.

    Without I/O: the front asks `verify` and `challenge` before anything is stored, the engine asks `arrivals` of what was stored.
    """

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Mapping[str, Any]) -> bool:
        """Whether the provider itself sent this; header names in small letters."""

    def challenge(self, query: Mapping[str, str], secrets: Mapping[str, Any]) -> str | None:
        """What to answer a GET that asks whether the address is ours; None when it is not the provider who asks."""

    def arrivals(self, headers: Mapping[str, str], body: bytes) -> Sequence[Arrival]:
        """What a call says, in its order: at least one, `Garbled` for what cannot be read. The engine gives them their tickets."""
