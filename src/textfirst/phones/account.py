"""One channel's account at the simulated carrier: what becomes of the texts it takes, and what waits to be delivered to it.

    taken → (receipt delay) → delivered, failed or lost → receipt into the queue → a bound receiver with room → its answer

A channel binds with its own id as system_id, so every channel has phones, knobs and a queue of its own. What a receiver has not
acknowledged when its connection ends goes back to the head of the queue: a carrier delivers until it is answered.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Protocol

from textfirst.phones import personas
from textfirst.phones.handset import Handset, Handsets, State, Text
from textfirst.phones.hub import Hub
from textfirst.phones.knobs import Knobs
from textfirst.phones.wheel import Wheel
from textfirst.protocols import sms
from textfirst.protocols.smpp import build, coding
from textfirst.protocols.smpp.commands import EsmClass
from textfirst.protocols.smpp.concat import Part, PartKey, Piece, carried, join
from textfirst.protocols.smpp.message_ids import IdForm
from textfirst.protocols.smpp.pdus import Address, DataSm, SubmitSm
from textfirst.protocols.smpp.receipts import MessageState, write_text
from textfirst.protocols.smpp.status import Status, meaning
from textfirst.protocols.smpp.tlv import Tag

__all__ = ["Account", "Counts", "Delivery", "Receiver"]

WINDOW = 1000  # deliver_sm on their way to one receiver
MOST_WAITING = 200_000  # deliveries kept for a channel that is not bound; then the oldest receipts go
MOST_UNFINISHED = 1000  # long texts whose parts are still coming
REFUSED_PAUSE = 1.0  # seconds before a delivery that was refused for now is tried again
PERSONA_FORGETS = 600.0  # seconds after which a phone answers from the beginning, at human speed


@dataclass(slots=True)
class Counts:
    """What happened since the start, for `/stats` and for tests. Parts are counted, not texts."""

    submits: int = 0
    accepted: int = 0
    throttled: int = 0
    delivered: int = 0
    failed: int = 0
    lost: int = 0
    unanswered: int = 0
    receipts: int = 0
    receipts_acked: int = 0
    typed: int = 0
    typed_acked: int = 0
    refused: int = 0
    redelivered: int = 0
    dropped: int = 0


@dataclass(slots=True, eq=False)
class Delivery:
    """A deliver_sm with sequence 0; `text` is what was typed, None for a receipt."""

    raw: bytes
    phone: Handset | None = None
    text: Text | None = None
    sent_at: float = 0.0


@dataclass(slots=True, eq=False)
class _Taken:
    """A part we accepted, on its way to its phone."""

    number: int
    source: Address
    destination: Address
    wants_receipt: int
    state: State
    at: float
    phone: Handset
    text: Text


@dataclass(slots=True, eq=False)
class _Unfinished:
    text: Text
    pieces: dict[int, Piece]


class Receiver(Protocol):
    """A bound connection that takes deliver_sm."""

    @property
    def room(self) -> int: ...
    def deliver(self, delivery: Delivery) -> None: ...


class Account:
    """Everything the carrier knows of one system_id."""

    def __init__(self, system_id: str, *, wheel: Wheel, hub: Hub, random: Random, knobs: Knobs) -> None:
        self.system_id = system_id
        self.knobs = knobs
        self.counts = Counts()
        self.phones = Handsets()
        self.receivers: list[Receiver] = []
        self._wheel = wheel
        self._hub = hub
        self._random = random
        self._loop = asyncio.get_running_loop()
        self._queue: deque[Delivery] = deque()
        self._unfinished: dict[PartKey, _Unfinished] = {}
        self._last_number = time.time_ns() // 1000  # microseconds: ids of one run never meet those of another
        self._last_sender = ""
        self._pumping = False

    def stats(self) -> Mapping[str, Any]:
        return asdict(self.counts) | {
            "receivers": len(self.receivers),
            "waiting": len(self._queue),
            "phones": len(self.phones),
            "texts": self.phones.texts,
        }

    # Texts to phones

    def submit(self, pdu: SubmitSm | DataSm) -> tuple[int, str, bool]:
        """Take a text or not: the status to answer, the message id, and whether to answer at all."""
        counts, knobs = self.counts, self.knobs
        counts.submits += 1
        if not pdu.destination:
            return Status.RINVDSTADR, "", True
        if knobs.throttle_percent and self._chance(knobs.throttle_percent):
            counts.throttled += 1
            return Status.RTHROTTLED, "", True
        counts.accepted += 1
        self._last_number += 1
        taken = self._take(pdu, self._last_number)
        if knobs.early_percent and self._chance(knobs.early_percent):
            self._arrive(taken)
            self.pump()
        else:
            delay = knobs.receipt_delay_min_ms + self._random.random() * (knobs.receipt_delay_max_ms - knobs.receipt_delay_min_ms)
            self._wheel.after(delay / 1000, self._arrive, taken)
        if knobs.unanswered_percent and self._chance(knobs.unanswered_percent):
            counts.unanswered += 1
            return Status.ROK, "", False
        return Status.ROK, _written(taken.number, knobs.id_format, in_receipt=False), True

    def _take(self, pdu: SubmitSm | DataSm, number: int) -> _Taken:
        now = time.time()
        phone = self.phones.touch(pdu.destination.lstrip("+"))
        phone.sender = self._last_sender = pdu.source
        content = carried(pdu)
        if content.part:
            text = self._part(phone, number, content.part, Piece(content.part.place, content.payload, content.data_coding), now)
        else:
            text = Text(number, False, coding.decode(content.payload, content.data_coding), now, State.ON_ITS_WAY)
            self.phones.show(phone, text)
        self._hub.changed(self.system_id, phone, text)
        source = Address(pdu.source_ton, pdu.source_npi, pdu.source)
        destination = Address(pdu.destination_ton, pdu.destination_npi, pdu.destination)
        return _Taken(number, source, destination, pdu.registered_delivery & 0b11, self._fate(), now, phone, text)

    def _part(self, phone: Handset, number: int, part: Part, piece: Piece, now: float) -> Text:
        """The text a part belongs to, shown from its first part on and complete with its last."""
        unfinished = self._unfinished.get(part.key)
        if unfinished is None or part.place in unfinished.pieces:  # new, or the reference is used again
            text = Text(number, False, "", now, State.ON_ITS_WAY, parts=part.key.total)
            unfinished = self._unfinished[part.key] = _Unfinished(text, {})
            self.phones.show(phone, text)
            if len(self._unfinished) > MOST_UNFINISHED:
                del self._unfinished[next(iter(self._unfinished))]
        unfinished.pieces[part.place] = piece
        unfinished.text.body = join(unfinished.pieces.values(), part.key.total).text
        if len(unfinished.pieces) == part.key.total:
            self._unfinished.pop(part.key, None)
        return unfinished.text

    def _fate(self) -> State:
        knobs = self.knobs
        if knobs.lose_percent and self._chance(knobs.lose_percent):
            return State.LOST
        if knobs.fail_percent and self._chance(knobs.fail_percent):
            return State.FAILED
        return State.DELIVERED

    def _arrive(self, taken: _Taken) -> None:
        """The text reaches its phone, or does not; the receipt says so."""
        if taken.state is State.LOST:
            self.counts.lost += 1
        else:
            failed = taken.state is State.FAILED
            if failed:
                self.counts.failed += 1
            else:
                self.counts.delivered += 1
            if taken.wants_receipt == 1 or (taken.wants_receipt and failed):
                self._report(taken)
        if taken.text.part_done(taken.state) and self.knobs.personas:
            self._let_persona_answer(taken.phone)
        self._hub.changed(self.system_id, taken.phone, taken.text)

    def _report(self, taken: _Taken) -> None:
        raw = _receipt(taken, _written(taken.number, self.knobs.id_format, in_receipt=True))
        for _ in range(2 if self.knobs.duplicate_percent and self._chance(self.knobs.duplicate_percent) else 1):
            self.counts.receipts += 1
            self._enqueue(Delivery(raw))

    # Texts from phones

    def type(self, address: str, body: str) -> tuple[Handset, Text]:
        """Somebody writes `body` on the phone; its parts are delivered to the channel. Raises InvalidInput when it is too long."""
        phone = self.phones.touch(address)
        parts = sms.cut(body, phone.reference)
        phone.reference = (phone.reference + 1) & 0xFF
        self._last_number += 1
        text = Text(self._last_number, True, body, time.time(), State.TYPED, parts=len(parts.bodies))
        self.phones.show(phone, text)
        phone.sender = phone.sender or self._last_sender
        source, destination = Address(1, 1, address), _as_address(phone.sender)
        data_coding = coding.UCS2 if parts.alphabet is sms.Alphabet.UCS2 else coding.GSM7
        esm_class = EsmClass.HEADED if parts.headed else 0
        for part in parts.bodies:
            raw = build.deliver_sm(
                0, source=source, destination=destination, short_message=part, data_coding=data_coding, esm_class=esm_class
            )
            self.counts.typed += 1
            self._enqueue(Delivery(raw, phone, text))
        self._hub.changed(self.system_id, phone, text)
        return phone, text

    def _let_persona_answer(self, phone: Handset) -> None:
        now = time.monotonic()
        if not phone.stopped and now - phone.last_reply_at > PERSONA_FORGETS / self.knobs.speed:
            phone.turn = 0
        said = personas.reply(phone.address, phone.turn)
        if said is None:
            return
        phone.turn += 1
        phone.last_reply_at = now
        phone.stopped = personas.persona_of(phone.address).temper is personas.Temper.STOPS
        self._wheel.after(said.after / self.knobs.speed, self._answer, phone.address, said.text)

    def _answer(self, address: str, body: str) -> None:
        if self.knobs.personas:
            self.type(address, body)

    # Deliveries to the channel

    def _enqueue(self, delivery: Delivery) -> None:
        self._queue.append(delivery)
        if len(self._queue) > MOST_WAITING:
            self._queue.popleft()
            self.counts.dropped += 1
        if not self._pumping and self.receivers:
            self._pumping = True
            self._loop.call_soon(self.pump)

    def pump(self) -> None:
        """Hand what waits to the receivers that have room, in turn."""
        self._pumping = False
        queue = self._queue
        for receiver in list(self.receivers):
            for _ in range(min(receiver.room, len(queue))):
                receiver.deliver(queue.popleft())
        if queue and len(self.receivers) > 1:
            self.receivers.append(self.receivers.pop(0))

    def waiting(self) -> list[bytes]:
        """What still has to be delivered, to be kept over a restart."""
        return [delivery.raw for delivery in self._queue]

    def take_up(self, deliveries: list[bytes]) -> None:
        """Deliver what an earlier run kept."""
        self._queue.extend(map(Delivery, deliveries))

    def answered(self, delivery: Delivery, status: int) -> None:
        """The channel answered a delivery: done, tried again in a while, or given up as the status says."""
        counts = self.counts
        if status == Status.ROK:
            if delivery.text is None:
                counts.receipts_acked += 1
            else:
                counts.typed_acked += 1
                self._typed(delivery, State.SENT)
            return
        counts.refused += 1
        if meaning(status).advice.retry:
            counts.redelivered += 1
            self._wheel.after(REFUSED_PAUSE, self._enqueue, delivery)
        else:
            self._typed(delivery, State.REFUSED)

    def _typed(self, delivery: Delivery, state: State) -> None:
        if delivery.text is not None and delivery.phone is not None:
            delivery.text.part_done(state)
            self._hub.changed(self.system_id, delivery.phone, delivery.text)

    def unanswered(self, deliveries: list[Delivery]) -> None:
        """A receiver has gone without answering these: they come first for the next."""
        self._queue.extendleft(reversed(deliveries))
        self.counts.redelivered += len(deliveries)
        self.pump()

    def _chance(self, percent: float) -> bool:
        return self._random.random() * 100 < percent


def _receipt(taken: _Taken, message_id: str) -> bytes:
    """deliver_sm with the receipt bit, both optional parameters and Appendix B's text."""
    state = MessageState.UNDELIVERABLE if taken.state is State.FAILED else MessageState.DELIVERED
    words = (taken.text.body or "")[:20]
    text = write_text(
        message_id=message_id,
        state=state,
        submitted=_stamp(taken.at),
        done=_stamp(time.time()),
        error="001" if state is MessageState.UNDELIVERABLE else "000",
        text=words if words.isascii() else "",
    )
    return build.deliver_sm(
        0,
        source=taken.destination,
        destination=taken.source,
        esm_class=EsmClass.RECEIPT,
        short_message=text.encode("latin-1"),
        tlvs=((Tag.RECEIPTED_MESSAGE_ID, message_id.encode() + b"\x00"), (Tag.MESSAGE_STATE, bytes((state,)))),
    )


_stamps: dict[int, str] = {}


def _stamp(at: float) -> str:
    """YYMMDDhhmm in UTC; a minute is written once."""
    minute = int(at) // 60
    stamp = _stamps.get(minute)
    if stamp is None:
        if len(_stamps) > 100:
            _stamps.clear()
        stamp = _stamps[minute] = time.strftime("%y%m%d%H%M", time.gmtime(minute * 60))
    return stamp


def _written(number: int, form: IdForm, *, in_receipt: bool) -> str:
    """A message id as this carrier writes it in its answers, and in its receipts."""
    if form is IdForm.LOOSE:
        return f"{number:x}" if in_receipt else f"{number:016X}"
    if form is IdForm.HEX or form is (IdForm.DECIMAL_THEN_HEX if in_receipt else IdForm.HEX_THEN_DECIMAL):
        return f"{number:X}"
    return str(number)


def _as_address(sender: str) -> Address:
    """A sender as the address its answers go to: alphanumeric, or a number."""
    digits = sender.lstrip("+")
    return Address(1, 1, digits) if digits.isdigit() and len(digits) > 6 else Address(0 if digits.isdigit() else 5, 0, sender[:20])
