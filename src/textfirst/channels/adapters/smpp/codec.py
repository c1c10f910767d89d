"""Between the engine's values and SMPP PDUs; pure.

How writing is fast: all that is equal in every submit_sm of a channel is packed once, so a part costs one join. A test compares the
result with `protocols.smpp.build.submit_sm`, octet for octet.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime
from struct import Struct
from typing import Final

from textfirst.channels.adapters.smpp.settings import LONGEST_VALIDITY, SmppSettings
from textfirst.channels.contract import Arrival, Cut, Fate, Garbled, Outbound, Part, Place, Reason, ReceiptSeen, Text, Whole
from textfirst.protocols import sms
from textfirst.protocols.smpp import coding, concat, message_ids
from textfirst.protocols.smpp.commands import SMALLEST_PDU, Command, EsmClass
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.pdus import Address, DataSm, DeliverSm
from textfirst.protocols.smpp.receipts import MessageState, read
from textfirst.protocols.smpp.status import Kind, meaning

_HEADER: Final = Struct(">IIII")
_NAME_TON, _NAME_NPI = 5, 0  # a name instead of a number (§5.2.5)
_INTERNATIONAL, _E164 = 1, 1
_SHORT_CODE_TON, _SHORT_CODE_NPI = 3, 0  # network specific
_SHORT_CODE_DIGITS = 6
_BOTH_RECEIPTS = 1  # registered_delivery: success and failure (§5.2.17)

REASONS: Final[Mapping[Kind, Reason]] = {
    Kind.THROTTLED: Reason.THROTTLED,
    Kind.QUEUE_FULL: Reason.BUSY,
    Kind.TEMPORARY: Reason.TEMPORARY,
    Kind.PERMANENT: Reason.REJECTED,
    Kind.RECIPIENT_PERMANENT: Reason.NUMBER_REFUSED,
    Kind.SENDER_PERMANENT: Reason.SENDER_REFUSED,
    Kind.OUR_BUG: Reason.OUR_FAULT,
    Kind.CONFIG: Reason.MISCONFIGURED,
    Kind.AMBIGUOUS: Reason.UNCLEAR,
    Kind.SESSION: Reason.SESSION,
    Kind.CREDENTIALS: Reason.CREDENTIALS,
    Kind.VENDOR: Reason.UNMAPPED,
}

CODES: Final[Mapping[str, Reason]] = {
    "retry": Reason.TEMPORARY,
    "slower": Reason.THROTTLED,
    "sender": Reason.SENDER_REFUSED,
    "number": Reason.NUMBER_REFUSED,
    "stopped": Reason.OPTED_OUT,
    "refused": Reason.REJECTED,
}  # what a channel's settings say of the carrier's own codes (rules.codes.MEANINGS)

FATES: Final[Mapping[MessageState, Fate]] = {
    MessageState.SCHEDULED: Fate.ENROUTE,
    MessageState.ENROUTE: Fate.ENROUTE,
    MessageState.ACCEPTED: Fate.ENROUTE,
    MessageState.DELIVERED: Fate.DELIVERED,
    MessageState.EXPIRED: Fate.EXPIRED,
    MessageState.DELETED: Fate.UNDELIVERABLE,
    MessageState.UNDELIVERABLE: Fate.UNDELIVERABLE,
    MessageState.SKIPPED: Fate.UNDELIVERABLE,
    MessageState.UNKNOWN: Fate.UNKNOWN,
    MessageState.REJECTED: Fate.REJECTED,
}


def reason_for(status: int, settings: SmppSettings) -> Reason:
    """Why a submit was refused: by the channel's own map of codes, else by the standard."""
    own = settings.codes.get(status)
    return REASONS[meaning(status).kind] if own is None else CODES[own]


def cut(message: Outbound, settings: SmppSettings) -> Cut:
    """The parts of a text. Raises InvalidInput when it is longer than the most parts a message can have."""
    parts = sms.cut(
        message.body,
        reference_for(message, wide=settings.wide_reference),
        default=settings.alphabet,
        wide_reference=settings.wide_reference,
    )
    return Cut(coding.UCS2 if parts.alphabet is sms.Alphabet.UCS2 else coding.GSM7, parts.bodies)


def reference_for(message: Outbound, *, wide: bool) -> int:
    """What ties the parts of one text together: random bits of the message's id, so that parts sent again later still fit the first ones."""
    return message.id.int & (0xFFFF if wide else 0xFF)


def source_address(settings: SmppSettings) -> Address:
    """The sender with its type and plan by its look: a name, a short code, or an international number (§5.2.5, §5.2.6)."""
    sender = settings.sender
    digits = sender.removeprefix("+")
    if not digits.isdigit():
        ton, npi, shown = _NAME_TON, _NAME_NPI, sender
    elif len(digits) <= _SHORT_CODE_DIGITS:
        ton, npi, shown = _SHORT_CODE_TON, _SHORT_CODE_NPI, digits
    else:
        ton, npi, shown = _INTERNATIONAL, _E164, sender if settings.keep_plus else digits
    return Address(
        ton if settings.source_ton is None else settings.source_ton, npi if settings.source_npi is None else settings.source_npi, shown
    )


class Writer:
    """Makes submit_sm frames for one channel."""

    def __init__(self, settings: SmppSettings) -> None:
        source = source_address(settings)
        self._head = b"".join(
            (
                settings.service_type.encode("latin-1"), b"\0",
                bytes((source.ton, source.npi)), source.digits.encode("latin-1"), b"\0",
                bytes((settings.destination_ton, settings.destination_npi)),
            )
        )  # fmt: skip
        self._plus = settings.keep_plus
        self._validity = settings.send_validity
        self._second = 0
        self._left: dict[datetime, bytes] = {}
        registered = _BOTH_RECEIPTS if settings.receipts else 0
        self._tails = {code: bytes((registered, 0, code, 0)) for code in (coding.GSM7, coding.UCS2)}

    def frame(self, part: Part, sequence: int, now: float) -> bytes:
        """One submit_sm (§4.4.1); `now` in seconds since 1970, for the validity that is left."""
        message = part.message
        address = message.address if self._plus else message.address.removeprefix("+")
        esm_class = EsmClass.HEADED if part.total > 1 else 0
        body = b"%b%b\0%c\0\0\0%b\0%b%c%b" % (
            self._head,
            address.encode("latin-1"),
            esm_class,
            self._time_left(message.deliver_by, now) if self._validity else b"",
            self._tails[part.coding],
            len(part.payload),
            part.payload,
        )
        return _HEADER.pack(SMALLEST_PDU + len(body), Command.SUBMIT_SM, 0, sequence) + body

    def _time_left(self, not_after: datetime, now: float) -> bytes:
        """Messages of one batch mostly end together; the answer for each end is kept for as long as the second lasts."""
        if int(now) != self._second:
            self._second = int(now)
            self._left.clear()
        left = self._left.get(not_after)
        if left is None:
            left = self._left[not_after] = relative_time(not_after.timestamp() - self._second)
        return left


def relative_time(seconds: float) -> bytes:
    """§7.1.1.2: `000001020304000R` is one day, two hours, three minutes and four seconds from now."""
    left = max(1, min(int(seconds), LONGEST_VALIDITY))
    minutes, second = divmod(left, 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    return b"0000%02d%02d%02d%02d000R" % (day, hour, minute, second)


def arrival(pdu: DeliverSm | DataSm, ticket: Hashable, settings: SmppSettings) -> Arrival:
    """What the carrier sent: a receipt when it marked it as one, else a text."""
    receipt = read(pdu)
    if receipt is not None:
        return ReceiptSeen(
            ticket,
            message_ids.from_receipt(receipt.message_id, settings.ids) if receipt.message_id else "",
            None if receipt.state is None else FATES[receipt.state],
            receipt.error if receipt.state is not None else f"word {receipt.word}",
            (pdu.source, pdu.destination),
            pdu.raw,
        )
    content = concat.carried(pdu)
    part = content.part
    place = None if part is None else Place(part.key.reference, part.key.width, part.key.total, part.place)
    text = None if part is not None else coding.decode(content.payload, content.data_coding, default=settings.alphabet)
    return Text(
        ticket, phone_number(pdu.source, pdu.source_ton), phone_number(pdu.destination, pdu.destination_ton), text, content.payload,
        content.data_coding, place, pdu.raw,
    )  # fmt: skip


def join(frames: Sequence[bytes], total: int, settings: SmppSettings) -> Whole:
    """A long text from the frames of its parts; the bytes are joined first and decoded once."""
    pieces: list[concat.Piece] = []
    for pdu in Framer().feed(b"".join(frames)):
        if isinstance(pdu, DeliverSm | DataSm):
            content = concat.carried(pdu)
            if content.part is not None:
                pieces.append(concat.Piece(content.part.place, content.payload, content.data_coding))
    joined = concat.join(pieces, total, default=settings.alphabet)
    return Whole(joined.text, joined.payload, joined.missing)


def reread(raw: bytes, settings: SmppSettings) -> Arrival:
    """A text or receipt from the frame it came in."""
    pdu = next(iter(Framer().feed(raw)), None)
    return arrival(pdu, None, settings) if isinstance(pdu, DeliverSm | DataSm) else Garbled(None, "it cannot be read", raw)


def garbled(raw: bytes, ticket: Hashable, reason: str) -> Garbled:
    return Garbled(ticket, reason, raw)


_LONG_NUMBER: Final = re.compile(r"[1-9][0-9]{6,14}", re.ASCII)


def phone_number(digits: str, ton: int) -> str:
    """An address as we keep it: E.164 with its plus when it is an international number or looks like one, else as it came.

    Carriers are careless with type of number on the way in, so seven digits and more are taken for international; `00` is a way to dial.
    """
    bare = digits.strip().removeprefix("+")
    bare = bare.removeprefix("00")
    if ton != _NAME_TON and _LONG_NUMBER.fullmatch(bare):
        return f"+{bare}"
    return digits.strip()


def now_seconds() -> float:
    return datetime.now(UTC).timestamp()
