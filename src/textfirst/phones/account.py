"""One channel's account at the simulated carrier: what becomes of the texts it takes, and what waits to be delivered to it.

    taken → (receipt delay) → delivered, failed or lost → receipt into the queue → a bound receiver with room → its answer

A channel binds with its own id as system_id, so every channel has phones, knobs and a queue of its own. What a receiver has not
acknowledged when its connection ends goes back to the head of the queue: a carrier delivers until it is answered.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from random import Random
from typing import Any, Protocol

from textfirst.phones import personas, reports
from textfirst.phones.chance import AT_ONCE, NEVER, Chance
from textfirst.phones.faults import Fault
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
from textfirst.protocols.smpp.receipts import MessageState
from textfirst.protocols.smpp.status import Status, meaning

__all__ = ["Account", "Counts", "Delivery", "Receiver"]

WINDOW = 1000  # deliver_sm on their way to one receiver
MOST_WAITING = 200_000  # receipts, and texts, kept for a channel that is not bound; then the oldest go
MOST_UNFINISHED = 1000  # long texts whose parts are still coming
REFUSED_PAUSE = 1.0  # seconds before a delivery that was refused for now is tried again
PERSONA_FORGETS = 600.0  # seconds after which a phone answers from the beginning, at human speed
STORM_STEP = 1000  # receipts of a storm made between two looks at everything else


@dataclass(slots=True)
class Counts:
    """What happened since the start, for `/stats` and for tests. Parts are counted, not texts."""

    submits: int = 0
    accepted: int = 0
    throttled: int = 0
    erred: int = 0  # refused with a status of the `errors` knob
    delivered: int = 0
    failed: int = 0
    lost: int = 0
    unanswered: int = 0
    receipts: int = 0
    receipts_acked: int = 0
    strays: int = 0  # of the receipts: for texts that were never sent
    faults: int = 0
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

    number: int  # of which the message id is written
    pdu: SubmitSm | DataSm
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
        self.counts = Counts()
        self.phones = Handsets()
        self.receivers: list[Receiver] = []
        self.binds = 0
        self._knobs = knobs
        self._wheel = wheel
        self._hub = hub
        self._chance = Chance(knobs, Random(knobs.seed) if knobs.seed else random)  # noqa: S311 - faults, not secrets
        self.is_odd = self._chance.is_odd
        self._loop = asyncio.get_running_loop()
        self._texts: deque[Delivery] = deque()  # from phones: they go before receipts, as a storm of those must not hold them up
        self._queue: deque[Delivery] = deque()  # receipts
        self._withheld: list[Delivery] = []
        self._unfinished: dict[PartKey, _Unfinished] = {}
        self._first_number = self._last_number = time.time_ns() // 1000  # microseconds: ids of one run never meet those of another
        self._last_sender = ""
        self._pumping = False

    @property
    def knobs(self) -> Knobs:
        return self._knobs

    @knobs.setter
    def knobs(self, knobs: Knobs) -> None:
        anew = knobs.seed != self._knobs.seed
        self._knobs = knobs
        self._chance = Chance(knobs, Random(knobs.seed) if anew else self._chance.random)  # noqa: S311 - faults, not secrets
        self.is_odd = self._chance.is_odd
        if not knobs.hold_receipts and self._withheld:
            withheld, self._withheld = self._withheld, []
            for delivery in withheld:
                self._enqueue(delivery)

    @property
    def random(self) -> Random:
        """The draws of this channel's faults."""
        return self._chance.random

    def stats(self) -> Mapping[str, Any]:
        return asdict(self.counts) | {
            "receivers": len(self.receivers),
            "waiting": len(self._texts) + len(self._queue),
            "phones": len(self.phones),
            "texts": self.phones.texts,
        }

    # Texts to phones

    def submit(self, pdu: SubmitSm | DataSm, owed: int = 0) -> tuple[int, str, Sequence[float]]:
        """Take a text or not: the status to answer, the message id, and after how many seconds to answer, how often.

        `owed` answers of the connection are still to come.
        """
        self.counts.submits += 1
        status = self._refusal(pdu, owed)
        if status:
            return status, "", AT_ONCE
        chance, form = self._chance, self._knobs.id_format
        self.counts.accepted += 1
        taken = self._take(pdu)
        if self._knobs.early_percent and chance.of(self._knobs.early_percent):
            self._arrive(taken)
            self.pump()
        else:
            self._wheel.after(chance.receipt_time(), self._arrive, taken)
        times = chance.answer_times() if chance.answers_oddly else AT_ONCE
        self.counts.unanswered += times is NEVER
        return Status.ROK, reports.written_id(taken.number, form, in_receipt=False), times

    def fault(self) -> Fault | None:
        """What the connection of a submit suffers after it."""
        found = self._chance.fault()
        self.counts.faults += found is not None
        return found

    def _refusal(self, pdu: SubmitSm | DataSm, owed: int) -> int:
        if not pdu.destination:
            return Status.RINVDSTADR
        if not self._chance.refuses:
            return 0
        status = self._chance.refusal(self._loop.time(), owed)
        self.counts.throttled += status == Status.RTHROTTLED
        self.counts.erred += bool(status) and status != Status.RTHROTTLED
        return status

    def _take(self, pdu: SubmitSm | DataSm) -> _Taken:
        now = time.time()
        self._last_number += 1
        phone = self.phones.touch(pdu.destination.lstrip("+"))
        phone.sender = self._last_sender = pdu.source
        text = self._text(pdu, phone, now)
        self._hub.changed(self.system_id, phone, text)
        number = self._message_number() if self._knobs.reuse_ids else self._last_number
        return _Taken(number, pdu, self._chance.fate(), now, phone, text)

    def _text(self, pdu: SubmitSm | DataSm, phone: Handset, now: float) -> Text:
        """What the phone shows: a text of its own, or one that this is a part of."""
        payload = pdu.payload
        if pdu.tlvs or pdu.esm_class & EsmClass.HEADED:
            content = carried(pdu)
            payload = content.payload
            if content.part:
                piece = Piece(content.part.place, content.payload, content.data_coding)
                return self._part(phone, self._last_number, content.part, piece, now)
        text = Text(self._last_number, False, coding.decode(payload, pdu.data_coding), now, State.ON_ITS_WAY)
        self.phones.show(phone, text)
        return text

    def _message_number(self) -> int:
        """One of the few that are used again and again."""
        return self._first_number + (self._last_number - self._first_number) % self._knobs.reuse_ids

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
            wanted = taken.pdu.registered_delivery & 0b11
            if wanted == 1 or (wanted and failed):
                self._report(taken, delivered=not failed)
        if taken.text.part_done(taken.state) and self._knobs.personas:
            self._let_persona_answer(taken.phone)
        self._hub.changed(self.system_id, taken.phone, taken.text)

    def _report(self, taken: _Taken, *, delivered: bool) -> None:
        if self._chance.reports_oddly:
            for raw in self._odd_reports(taken, delivered=delivered):
                self._send_receipt(raw)
            return
        message_id = reports.written_id(taken.number, self._knobs.id_format, in_receipt=True)
        self._send_receipt(
            reports.receipt(taken.pdu, message_id=message_id, delivered=delivered, submitted=taken.at, words=taken.text.body or "")
        )

    def _odd_reports(self, taken: _Taken, *, delivered: bool) -> list[bytes]:
        """The receipts of a text as a careless carrier sends them, in their order."""
        chance, knobs = self._chance, self._knobs
        message_id = reports.written_id(taken.number, knobs.id_format, in_receipt=True)
        if chance.of(knobs.wrong_base_percent):
            message_id = reports.written_id(
                taken.number, IdForm.HEX if message_id == str(taken.number) else IdForm.DECIMAL, in_receipt=True
            )
        if chance.of(knobs.missing_id_percent):
            message_id = ""
        unknown = chance.of(knobs.unknown_tlvs_percent)

        def says(state: MessageState) -> bytes:
            return reports.strange_receipt(taken.pdu, message_id=message_id, state=state, submitted=taken.at, unknown_tlvs=unknown)

        final = says(MessageState.DELIVERED if delivered else MessageState.UNDELIVERABLE)
        sent = [final] * (1 + (knobs.duplicate_copies if chance.of(knobs.duplicate_percent) else 0))
        if chance.of(knobs.stale_percent):
            sent.append(says(MessageState.ENROUTE))
        if chance.of(knobs.stray_percent):
            self.counts.strays += 1
            sent.append(reports.stray(self._never_sent(), knobs.id_format))
        return sent

    def _never_sent(self) -> int:
        """A number that no text has or will have."""
        return 10**17 + self.counts.strays

    def _send_receipt(self, raw: bytes) -> None:
        self.counts.receipts += 1
        if self._knobs.hold_receipts:
            self._withheld.append(Delivery(raw))
        else:
            self._enqueue(Delivery(raw))

    def storm(self, receipts: int) -> None:
        """So many receipts at once, for texts that were never sent."""
        for _ in range(min(receipts, STORM_STEP)):
            self.counts.strays += 1
            self.counts.receipts += 1
            self._enqueue(Delivery(reports.stray(self._never_sent(), self._knobs.id_format)))
        if receipts > STORM_STEP:
            self._loop.call_soon(self.storm, receipts - STORM_STEP)

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
        queue = self._queue if delivery.text is None else self._texts
        queue.append(delivery)
        if len(queue) > MOST_WAITING:
            queue.popleft()
            self.counts.dropped += 1
        if not self._pumping and self.receivers:
            self._pumping = True
            self._loop.call_soon(self.pump)

    def pump(self) -> None:
        """Hand what waits to the receivers that have room, in turn."""
        self._pumping = False
        for queue in (self._texts, self._queue):
            for receiver in list(self.receivers) if queue else ():
                for _ in range(min(receiver.room, len(queue))):
                    receiver.deliver(queue.popleft())
        if (self._texts or self._queue) and len(self.receivers) > 1:
            self.receivers.append(self.receivers.pop(0))

    def waiting(self) -> list[bytes]:
        """What still has to be delivered, to be kept over a restart."""
        return [delivery.raw for delivery in (*self._texts, *self._queue, *self._withheld)]

    def take_up(self, deliveries: list[bytes]) -> None:
        """Deliver what an earlier run kept."""
        self._texts.extend(map(Delivery, deliveries))

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
        self._texts.extendleft([delivery for delivery in reversed(deliveries) if delivery.text is not None])
        self._queue.extendleft([delivery for delivery in reversed(deliveries) if delivery.text is None])
        self.counts.redelivered += len(deliveries)
        self.pump()


def _as_address(sender: str) -> Address:
    """A sender as the address its answers go to: alphanumeric, or a number."""
    digits = sender.lstrip("+")
    return Address(1, 1, digits) if digits.isdigit() and len(digits) > 6 else Address(0 if digits.isdigit() else 5, 0, sender[:20])
