"""Microseconds per operation of the wire formats: `python -m bench protocols`."""

from __future__ import annotations

import itertools
import timeit
from collections.abc import Callable, Sequence

from bench import report
from bench.report import Row

from textfirst.consent.rules.optout import read_optout
from textfirst.protocols import gsm7, sms
from textfirst.protocols.smpp import build, receipts
from textfirst.protocols.smpp.concat import carried
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.pdus import Address, DeliverSm
from textfirst.protocols.smpp.tlv import Tag

TEXT = "Hi Margaret, your appointment at Riverside Dental is on Tue 14 Oct at 10:30. Reply YES to confirm, STOP to opt out."
GREEK = "Το ραντεβού σας είναι αύριο στις 10:30. Απαντήστε ΝΑΙ."
ORDINARY = (
    "Can we move it to Thursday at 3?", "thanks, see you tomorrow!", "I'll stop by around 5 to pick up the order", "ok",
    "ممكن أغير الموعد ليوم الخميس؟", "شكرا جزيلا", "Cho em đặt lịch 4h chiều mai nhé", "mai em qua nha shop",
    "Μπορώ να αλλάξω το ραντεβού μου για αύριο;", "ευχαριστώ πολύ", "Czy mogę przełożyć wizytę na czwartek?", "dziękuję, do zobaczenia",
)  # fmt: skip
LEAVING = (
    "STOP", "please take me off your list", "لا ترسلوا لي رسائل", "đừng nhắn tin cho tôi nữa", "μη μου στέλνετε άλλα μηνύματα",
    "nie wysyłajcie mi więcej smsów",
)  # fmt: skip
SENDER, PHONE = Address(5, 0, "Riverside"), Address(1, 1, "447900000001")
LONG = " ".join(ORDINARY) * 3
BODY = gsm7.encode(TEXT)
BATCH = 100


def main(argv: Sequence[str]) -> None:  # noqa: ARG001 - it has no options
    receipt = build.deliver_sm(
        7,
        source=PHONE,
        destination=SENDER,
        esm_class=4,
        short_message=receipts.write_text(
            message_id="0123456789", state=receipts.MessageState.DELIVERED, submitted="2611220400", done="2611220401", text=TEXT
        ).encode(),
        tlvs=[(Tag.RECEIPTED_MESSAGE_ID, b"0123456789\x00"), (Tag.MESSAGE_STATE, b"\x02")],
    )
    inbound = build.deliver_sm(7, source=PHONE, destination=SENDER, short_message=BODY)
    answer = build.submit_sm_resp(7, message_id="0123456789")
    fresh = itertools.count(10_000)
    [read] = Framer().feed(receipt)
    assert isinstance(read, DeliverSm)
    rows = [
        timed("encode GSM-7, 115 characters", lambda: gsm7.encode(TEXT)),
        timed("decode GSM-7", lambda: gsm7.decode(BODY)),
        timed("cut, one GSM-7 part", lambda: sms.cut(TEXT)),
        timed("cut, two GSM-7 parts", lambda: sms.cut(TEXT * 2)),
        timed("cut, one Unicode part", lambda: sms.cut(GREEK)),
        timed("cut, three Unicode parts", lambda: sms.cut(GREEK * 3)),
        timed("plan, one GSM-7 part", lambda: sms.plan(TEXT)),
        timed("build submit_sm", lambda: build.submit_sm(7, source=SENDER, destination=PHONE, short_message=BODY, registered_delivery=1)),
        timed("build submit_sm_resp", lambda: build.submit_sm_resp(7, message_id="0123456789")),
        timed("build deliver_sm_resp (of 100)", lambda: build.deliver_sm_resps(range(BATCH)), BATCH),
        timed("frame + read submit_sm_resp", lambda: Framer().feed(answer * BATCH), BATCH),
        timed("frame + read deliver_sm", lambda: Framer().feed(inbound * BATCH), BATCH),
        timed("frame + read receipt PDU", lambda: Framer().feed(receipt * BATCH), BATCH),
        timed("receipt out of its PDU", lambda: receipts.read(read)),
        timed("carried() of a plain text", lambda: carried(read)),
        timed("opt-out: an ordinary text of five languages", lambda: [read_optout(text) for text in ORDINARY], len(ORDINARY)),
        timed("opt-out: a wish to leave", lambda: [read_optout(text) for text in LEAVING], len(LEAVING)),
        timed("opt-out: a text with a word nobody has used before", lambda: read_optout(f"is table {next(fresh)}x free tonight")),
        timed("opt-out: 1,000 characters", lambda: read_optout(LONG)),
    ]
    report.write("protocols", rows)


def timed(name: str, run: Callable[[], object], batch: int = 1) -> Row:
    """Best of five, in microseconds for one."""
    number = max(2000 // batch, 20)
    return Row(name, min(timeit.repeat(run, number=number, repeat=5)) / number / batch * 1e6, "µs")
