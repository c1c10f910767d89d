"""The engine's two seams: the store it remembers in, and (in `channels.contract`) the channels it speaks through.

Two stores exist: `engine.store.PostgresStore` and the twin in memory, `testing.store.MemoryStore`; one suite tests both.
Everything that must be true together happens in one `Work`: a transaction bound to one workspace.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple, Protocol
from uuid import UUID

from textfirst.channels.contract import ChannelFacts, Outbound, Place
from textfirst.channels.rules.carriers import Sender
from textfirst.consent.types import Changed, Confirmed, Joiner, JoinForm, Source, Word
from textfirst.conversations.types import Said, Thread
from textfirst.core.errors import Unavailable
from textfirst.core.purposes import Purpose
from textfirst.decisions.asking import InForce
from textfirst.decisions.policy import DEFAULT, Policy
from textfirst.decisions.record import Records
from textfirst.decisions.types import Facts
from textfirst.engine.clock import Clock
from textfirst.engine.looks import EVERYWHERE, Point
from textfirst.events.types import Fact
from textfirst.messages.types import Outcome, Outgoing, Status


class StoreAway(Unavailable):
    """The store cannot be reached, or is too busy just now: nothing was stored, the same may be tried again."""


class StoreRefused(Exception):
    """The store will not take one of the rows it was given, however often it is asked."""


class Lease(NamedTuple):
    """The right to speak on one bind. `before` is a moment of the boot-time clock: from then on not a byte may leave."""

    workspace_id: UUID
    channel_id: UUID
    slot: int
    node: str
    epoch: int
    before: float
    settled_id: UUID | None  # every attempt up to here has its answer
    idle_since: datetime | None  # when the holder before us was last heard of


class Claimed(NamedTuple):
    message: Outbound
    fresh: bool  # the decision's stamp still holds, and nothing hints at too many texts to one person


class Wanted(NamedTuple):
    """What a message is for, where the first answer about it is kept, and the event it is about."""

    purpose: Purpose
    decision_id: UUID | None
    anchor: datetime | None = None


class DecidedRow(NamedTuple):
    """A later answer about a message."""

    id: UUID
    message_id: UUID
    decision_id: UUID
    consent_entry_id: UUID | None


class Waiting(NamedTuple):
    """How a message waited until now, as its campaign's count has it."""

    campaign_id: UUID | None
    status: int
    reason: str | None
    segments: int


class AttemptRow(NamedTuple):
    id: UUID
    message_id: UUID
    part: int


class RefRow(NamedTuple):
    attempt_id: UUID
    message_id: UUID
    part: int
    provider_id: str


class Standing(NamedTuple):
    """Where a message is: the columns that move, and whom to tell."""

    id: UUID
    status: int
    parts: tuple[int, ...] | None
    reason: str | None
    segments: int
    campaign_id: UUID | None
    contact_id: UUID | None  # None when not read


class Move(NamedTuple):
    """A message from where it was to where it is; done only if it still is where it was."""

    before: Standing
    status: int
    parts: tuple[int, ...] | None
    reason: str | None
    flags: int  # added


class Shift(NamedTuple):
    """Messages of one part that go from one status to another together."""

    before: int
    status: int
    reason: str | None
    ids: Sequence[UUID]


class OpenAttempt(NamedTuple):
    """An attempt of a holder before us whose answer nobody knows, with what is needed to send its message again."""

    attempt_id: UUID
    part: int
    purpose: Purpose
    standing: Standing
    message: Outbound


class Orphan(NamedTuple):
    """A receipt that came before its message was known."""

    id: UUID
    message_id: UUID
    part: int
    status: int
    error: str | None


class Sought(NamedTuple):
    """A receipt's words, to find its message by."""

    provider_id: str
    phone: str  # last digits of the address it speaks of
    other: str  # and of the other address: some carriers swap them


class Found(NamedTuple):
    standing: Standing
    part: int
    parts: int
    attempt_id: UUID | None = None  # where the carrier's id says which


class ReceiptRow(NamedTuple):
    id: UUID
    message_id: UUID | None
    part: int
    status: int
    provider_id: str
    error: str | None
    address: str
    pdu: bytes


class Person(NamedTuple):
    """Whom an address belongs to."""

    contact_id: UUID
    identity_id: UUID
    version: int


class InboundRow(NamedTuple):
    """A text that came in, ready for its thread."""

    id: UUID
    contact_id: UUID
    identity_id: UUID
    conversation_id: UUID | None
    flags: int
    segments: int
    encoding: int
    address: str
    body: str
    raw: bytes


class PartRow(NamedTuple):
    id: UUID
    source: str
    destination: str
    place: Place
    coding: int
    pdu: bytes


class PartSet(NamedTuple):
    """All the parts there are of one long text."""

    source: str
    destination: str
    total: int
    pdus: Sequence[bytes]  # by their number


class House(NamedTuple):
    """What automatic answers need to know of a workspace."""

    name: str
    language: str
    version: int
    policy: Policy = DEFAULT
    words: tuple[str, ...] = ()  # of forms by which people join by a text, normalised
    forms: bool = False  # there are forms at all: people may have been asked whether it was them


class Call(NamedTuple):
    """What a provider sent over HTTP, as it was kept."""

    id: UUID
    headers: Mapping[str, str]
    body: bytes


class PutAside(NamedTuple):
    """What came in, could not be stored, and shall be taken in again."""

    id: UUID
    pdu: bytes
    came: datetime


class Health(NamedTuple):
    """How a channel is: a code of `channels.rules.health` with its facts, told when read."""

    state: str  # off | connecting | bound | refused | lost | waiting
    code: str = ""
    facts: Mapping[str, str | int | float] = MappingProxyType({})


class Work(Protocol):
    """One transaction. Methods that are not awaited are remembered and sent with the next question or the commit."""

    # sending
    async def claim(self, lease: Lease, limit: int, after: Mapping[int, Point] = EVERYWHERE) -> list[Claimed]:
        """Take what is due from the outbox, urgent lanes first, at most `limit` segments (or one longer message); of each lane, `after` a place."""

    async def settings(self) -> InForce:
        """What the workspace has settled; ask before `facts`, so that no answer is stamped as newer than it."""

    async def facts(
        self, identity_ids: Sequence[UUID], purposes: Collection[Purpose] = (), now: datetime | None = None
    ) -> Mapping[UUID, Facts]:
        """What is known of identities; what was sent to them lately is counted for purposes that are capped."""

    async def purposes(self, message_ids: Sequence[UUID]) -> Mapping[UUID, Wanted]: ...
    def decided(self, records: Records, rows: Sequence[DecidedRow]) -> None:
        """Keep answers, and of which messages they are as far as these were decided before."""

    async def lately(self, identity_ids: Sequence[UUID], since: datetime, made_since: datetime) -> Mapping[UUID, list[datetime]]:
        """When each was written to since `since`, as far as the messages were made since `made_since`."""

    async def hold_back(self, message_ids: Sequence[UUID], reason: str, now: datetime) -> list[Waiting]:
        """Say of messages that wait why they do; how they waited before."""

    def attempt(self, lease: Lease, rows: Sequence[AttemptRow]) -> None: ...
    def requeue(self, channel_id: UUID, messages: Sequence[Outbound]) -> None: ...
    async def senders(self) -> list[Sender]:
        """The channels there are to choose from."""

    def hand_over(self, targets: Sequence[tuple[UUID, UUID]]) -> None:
        """Messages that wait, each to another channel."""

    # answers and receipts
    def refs(self, channel_id: UUID, rows: Sequence[RefRow], *, again: bool = False) -> None:
        """Write down what the provider took. What is there already makes the store refuse them all, unless this is done `again`."""

    async def outcomes(self, outcomes: Sequence[tuple[UUID, Outcome]]) -> set[UUID]:
        """Say what became of attempts; those that were still open."""

    async def standings(self, message_ids: Sequence[UUID]) -> Mapping[UUID, Standing]: ...
    async def move(self, moves: Sequence[Move], now: datetime) -> Mapping[UUID, UUID]:
        """Make those moves that still hold; the contact of each message that moved."""

    async def shift(self, shifts: Sequence[Shift], now: datetime) -> list[frozenset[UUID] | None]:
        """Make those moves that still hold: for each shift None when all did, else those that did."""

    async def find(self, channel_id: UUID, sought: Sequence[Sought], since: datetime) -> list[Found | None]:
        """The newest message each receipt can speak of, in the order asked."""

    async def find_own(self, channel_id: UUID, message_ids: Sequence[UUID]) -> Mapping[UUID, Standing]:
        """The messages that receipts name by our own id, as far as they left by this channel."""

    def receipts(self, channel_id: UUID, rows: Sequence[ReceiptRow]) -> None: ...
    async def adopt(self, channel_id: UUID, provider_ids: Sequence[str] | None, since: datetime) -> list[Orphan]:
        """Receipts (with these ids, or all) that waited and whose message is known by now; they are given to it."""

    async def place(self, channel_id: UUID, since: datetime, made_since: datetime) -> int:
        """Give receipts that wait since `since` to attempts without an outcome where no other fits; `adopt` finds them then. How many."""

    async def has_orphans(self, channel_id: UUID, since: datetime) -> bool:
        """Whether receipts stored since `since` still wait for their message."""

    async def silent(self, channel_id: UUID, since: datetime, until: datetime) -> list[Standing]:
        """Some of the messages made between these moments that a carrier took and never reported on."""

    # receiving
    async def lock(self) -> None:
        """Before a stop or a start is written: no claim runs beside it."""

    async def house(self) -> House: ...
    async def unanswered(self, contact_ids: Sequence[UUID], since: datetime) -> Mapping[UUID, str]:
        """Of these contacts, those to whom since `since` neither a person wrote nor a machine said that nobody is there; with their language."""

    async def people(self, addresses: Sequence[str]) -> Mapping[str, Person]: ...
    async def threads(self, said: Sequence[Said]) -> list[Thread | None]: ...
    async def stop(
        self, words: Sequence[Word], channel_id: UUID, at: datetime, source: Source = Source.KEYWORD, scope: str = "all"
    ) -> list[Changed]: ...
    async def hold(self, words: Sequence[Word], channel_id: UUID, at: datetime) -> list[Changed]:
        """Marketing to these people waits until somebody has read what they wrote."""

    async def start(self, words: Sequence[Word], channel_id: UUID, at: datetime) -> list[Changed]: ...
    async def asked(self, addresses: Sequence[str], now: datetime) -> set[str]:
        """Of these addresses, those that were asked whether it was them and have not answered."""

    async def join_form(self, word: str, contact_id: UUID) -> tuple[JoinForm, str] | None:
        """The form whose word this is, and the language the contact is known to speak."""

    async def open_request(self, form: JoinForm, address: str, joiner: Joiner, token: str, now: datetime) -> bool:
        """Keep that somebody asks to join, unless they are to be asked nothing: they stopped, or were asked within 48 hours. After `lock`."""

    async def confirm(self, address: str, answer: Joiner, channel_id: UUID, now: datetime) -> Confirmed | None:
        """It was them: what they allowed stands. None when nothing waits for their answer, or they stopped. After `lock`."""

    def texts(self, channel_id: UUID, purpose: Purpose, rows: Sequence[InboundRow], now: datetime) -> None: ...
    async def keep_parts(self, channel_id: UUID, rows: Sequence[PartRow], now: datetime) -> list[PartSet]:
        """Store parts; hand out, and forget, every set that is now whole."""

    async def has_late_parts(self, channel_id: UUID, before: datetime) -> bool:
        """Whether there are sets whose newest part came before `before`."""

    async def late_parts(self, channel_id: UUID, before: datetime) -> list[PartSet]:
        """Hand out, and forget, sets whose newest part came before `before`."""

    def reject(self, channel_id: UUID, pdu: bytes, problem: str, now: datetime) -> None: ...
    async def take_rejected(self, rejected_id: UUID, now: datetime) -> bool:
        """What was put aside is taken in by this transaction; False when somebody else has done so, or nobody asks for it any more."""

    def keep_rejected(self, rejected_id: UUID, problem: str) -> None:
        """It could not be taken in this time either."""

    def accept(self, messages: Sequence[Outgoing]) -> None: ...
    async def take_calls(self, channel_id: UUID, call_ids: Sequence[UUID]) -> int:
        """These calls of the channel's provider are read; how many of them nobody had read before."""

    async def first_heard(self, channel_id: UUID, event_ids: Sequence[str]) -> set[str]:
        """Of these events of the channel's provider, those that were never stored; from now on they are."""

    def forget_heard(self, channel_id: UUID, before: datetime) -> None:
        """Events stored before `before` will not come again."""

    # telling
    def tally(self, deltas: Mapping[tuple[UUID, Status, str], tuple[int, int]]) -> None: ...
    def announce(self, facts: Sequence[Fact]) -> None: ...


class Store(Protocol):
    @property
    def clock(self) -> Clock:
        """By which messages are due."""

    def begin(self, workspace_id: UUID) -> AbstractAsyncContextManager[Work]:
        """A transaction: committed at the end of the block, rolled back on an exception. Raises StoreAway or StoreRefused."""

    async def channels(self) -> list[ChannelFacts]:
        """Every enabled channel of every workspace."""

    async def due(self, channels: Sequence[tuple[UUID, UUID]]) -> set[UUID]:
        """Of these (workspace, channel) pairs, the channels with something to send."""

    async def take_lease(self, workspace_id: UUID, channel_id: UUID, slot: int, node: str) -> Lease | None:
        """A new lease with a higher epoch; None while another node holds it that is not certainly gone (presence.py)."""

    async def renew_lease(self, lease: Lease, settled_id: UUID | None) -> Lease | None:
        """The lease with a later end; None when it is ours no more."""

    async def release_lease(self, lease: Lease, settled_id: UUID | None) -> None: ...
    async def open_attempts(self, lease: Lease) -> list[OpenAttempt]:
        """Attempts of older epochs without an answer."""

    async def unsaid(self, lease: Lease) -> list[tuple[Standing, int]]:
        """Messages that were taken from older epochs, after what is settled, and do not say so; with the part that was."""

    async def heard_before(self, lease: Lease, since: datetime) -> list[bytes]:
        """What inbound texts since `since` carried: the carrier may send them again."""

    async def calls(self, workspace_id: UUID, channel_id: UUID, limit: int) -> list[Call]:
        """What the channel's provider sent and nobody has read, oldest first."""

    async def to_replay(self, workspace_id: UUID, channel_id: UUID, limit: int) -> list[PutAside]:
        """What was put aside and somebody wants to be taken in again, oldest first."""

    async def report_health(self, workspace_id: UUID, channel_id: UUID, health: Health, rate: float) -> None: ...
    def listen(self, heard: Callable[[str, str], None]) -> AsyncIterator[None]:
        """Notifications (channel, payload), for ever; yields once it listens. Raises StoreAway when the connection breaks."""

    async def close(self) -> None: ...
