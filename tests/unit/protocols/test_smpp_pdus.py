"""PDUs: bytes of the standard's layout, both ways, batches, garbage, and against PyPI's smpplib."""

from __future__ import annotations

import struct
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from smpplib import smpp as other

from textfirst.protocols.smpp import build, pdus, tlv
from textfirst.protocols.smpp.commands import Command
from textfirst.protocols.smpp.framer import Framer, FramingLost
from textfirst.protocols.smpp.pdus import Address, Malformed, Unframed, Unknown
from textfirst.protocols.smpp.status import Status
from textfirst.protocols.smpp.tlv import Tag

SENDER = Address(5, 0, "Riverside")
PHONE = Address(1, 1, "306900000001")


def one(data: bytes) -> pdus.Event:
    [event] = Framer().feed(data)
    return event


def test_submit_sm_octet_by_octet() -> None:
    data = build.submit_sm(
        0x0102,
        source=SENDER,
        destination=PHONE,
        short_message=b"hi",
        data_coding=8,
        esm_class=0x40,
        registered_delivery=1,
        validity="000001000000000R",
        service_type="CMT",
        tlvs=[(Tag.USER_MESSAGE_REFERENCE, b"\x00\x07")],
    )
    body = (
        b"CMT\0" + b"\x05\x00Riverside\0" + b"\x01\x01306900000001\0" + b"\x40\x00\x00" + b"\0" + b"000001000000000R\0"
        b"\x01\x00\x08\x00\x02hi" + b"\x02\x04\x00\x02\x00\x07"
    )
    assert data == struct.pack(">IIII", 16 + len(body), 4, 0, 0x0102) + body
    read = one(data)
    assert isinstance(read, pdus.SubmitSm)
    assert read == pdus.SubmitSm(
        0x0102,
        "CMT",
        5,
        0,
        "Riverside",
        1,
        1,
        "306900000001",
        0x40,
        0,
        0,
        "",
        "000001000000000R",
        1,
        0,
        8,
        0,
        b"hi",
        {0x0204: b"\x00\x07"},
        data,
    )
    assert read.wants_receipt
    assert not read.is_receipt


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        (build.bind(1, system_id="me", password="secret"), {"command": Command.BIND_TRANSCEIVER, "system_id": "me", "password": "secret"}),
        (build.bind(1, system_id="me", password="", command=Command.BIND_RECEIVER), {"receives": True, "transmits": False}),
        (build.bind(1, system_id="me", password="", command=Command.BIND_TRANSMITTER), {"receives": False, "transmits": True}),
        (
            build.bind_resp(1, command=Command.BIND_TRANSCEIVER, system_id="them"),
            {"command": Command.BIND_TRANSCEIVER_RESP, "status": 0, "system_id": "them", "tlvs": {0x0210: b"\x34"}},
        ),
        (
            build.bind_resp(1, command=Command.BIND_RECEIVER, status=14),
            {"command": Command.BIND_RECEIVER_RESP, "status": 14, "system_id": ""},
        ),
        (build.outbind(1, system_id="c", password="p"), {"system_id": "c", "password": "p"}),
        (build.submit_sm_resp(3, message_id="abc"), {"sequence": 3, "status": 0, "message_id": "abc"}),
        (build.submit_sm_resp(3, status=0x58), {"status": 0x58, "message_id": ""}),
        (build.deliver_sm_resps([9]), {"sequence": 9, "status": 0}),
        (build.deliver_sm_resps([9], status=0x64), {"status": 0x64}),
        (
            build.data_sm(4, source=PHONE, destination=SENDER, esm_class=4, data_coding=8, tlvs=[(Tag.MESSAGE_PAYLOAD, b"\0a")]),
            {"payload": b"\0a", "is_receipt": True, "source": "306900000001", "data_coding": 8},
        ),
        (build.data_sm_resp(4, message_id="x"), {"message_id": "x"}),
        (build.query_sm(5, message_id="x", source=SENDER), {"message_id": "x", "source": SENDER}),
        (
            build.query_sm_resp(5, message_id="x", final_date="261122040000000+", message_state=2, error_code=1),
            {"final_date": "261122040000000+", "message_state": 2, "error_code": 1},
        ),
        (build.cancel_sm(6, message_id="x", source=SENDER, destination=PHONE), {"destination": PHONE, "source": SENDER}),
        (build.replace_sm(7, message_id="x", source=SENDER, short_message=b"new"), {"short_message": b"new"}),
        (build.alert_notification(8, source=PHONE, esme=SENDER, tlvs=[(0x0422, b"\0")]), {"esme": SENDER, "tlvs": {0x0422: b"\0"}}),
        (build.enquire_link(9), {"sequence": 9, "status": 0}),
        (build.unbind(9), {"sequence": 9}),
        (build.generic_nack(9, status=3), {"status": 3}),
        (build.header_only(Command.CANCEL_SM_RESP, 9, status=0x11), {"status": 0x11}),
        (build.header_only(Command.REPLACE_SM_RESP, 9), {"status": 0}),
    ],
)
def test_every_pdu_is_read_back(data: bytes, fields: dict[str, object]) -> None:
    read = one(data)
    assert not isinstance(read, (Malformed, Unknown, Unframed))
    assert {name: getattr(read, name) for name in fields} == fields
    assert read.raw == data


def test_every_command_has_a_reader() -> None:
    for command in Command:
        [event] = Framer().feed(build.header_only(command, 1))
        assert not isinstance(event, Unknown), command


def test_passwords_stay_out_of_logs() -> None:
    assert "secret" not in repr(one(build.bind(1, system_id="me", password="secret")))
    assert "secret" not in repr(one(build.outbind(1, system_id="me", password="secret")))


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"short_message": b"x" * 255}, "message_payload"),
        ({"destination": Address(1, 1, "1" * 21)}, "destination_addr"),
        ({"source": Address(5, 0, "a\0b")}, "source_addr"),
        ({"source": Address(5, 0, "Καφές")}, "source_addr"),
        ({"validity": "0" * 17}, "validity_period"),
    ],
)
def test_fields_that_do_not_fit_are_refused(fields: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        build.submit_sm(1, **({"source": SENDER, "destination": PHONE} | fields))


class TestFramer:
    stream = build.submit_sm_resp(1, message_id="a") + build.enquire_link(2) + build.submit_sm(3, source=SENDER, destination=PHONE)

    @given(st.lists(st.integers(0, 200), max_size=12))
    def test_wherever_the_stream_is_cut(self, cuts: list[int]) -> None:
        framer = Framer()
        places = [0, *sorted(min(place, len(self.stream)) for place in cuts), len(self.stream)]
        events = [event for start, end in pairwise(places) for event in framer.feed(self.stream[start:end])]
        assert [type(event) for event in events] == [pdus.SubmitSmResp, pdus.EnquireLink, pdus.SubmitSm]
        assert framer.waiting == 0

    @pytest.mark.parametrize("length", [0, 15, 64 * 1024 + 1, 0xFFFFFFFF])
    def test_a_length_out_of_bounds_ends_the_stream(self, length: int) -> None:
        framer = Framer()
        events = framer.feed(self.stream + struct.pack(">I", length))
        assert [type(event) for event in events] == [pdus.SubmitSmResp, pdus.EnquireLink, pdus.SubmitSm, Unframed]
        assert framer.waiting == 0
        with pytest.raises(FramingLost):
            framer.feed(b"")

    def test_the_largest_pdu_passes(self) -> None:
        data = struct.pack(">IIII", 64 * 1024, Command.ENQUIRE_LINK, 0, 1).ljust(64 * 1024, b"\0")
        assert isinstance(one(data), pdus.EnquireLink)

    def test_an_unknown_command_is_an_event(self) -> None:
        event, after = Framer().feed(struct.pack(">IIII", 18, 0x21, 0, 7) + b"xx" + build.enquire_link(8))
        assert isinstance(event, Unknown)
        assert (event.command_id, event.sequence, event.is_response) == (0x21, 7, False)
        assert isinstance(after, pdus.EnquireLink)

    @given(st.lists(st.binary(max_size=200), max_size=5))
    def test_garbage_never_raises_and_memory_stays_bounded(self, chunks: list[bytes]) -> None:
        framer = Framer()
        for chunk in chunks:
            if any(isinstance(event, Unframed) for event in framer.feed(chunk)):
                break
            assert framer.waiting <= 1000

    @given(st.sampled_from(Command), st.binary(max_size=300), st.sampled_from([0, 0x58]))
    def test_any_body_is_read_or_malformed(self, command: Command, body: bytes, status: int) -> None:
        raw = struct.pack(">IIII", 16 + len(body), command, status, 5) + body
        event = one(raw)
        assert not isinstance(event, (Unknown, Unframed))
        assert event.raw == raw
        assert event.sequence == 5


MESSAGE = build.submit_sm(3, source=SENDER, destination=PHONE, short_message=b"hello")


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (MESSAGE[16:-1], Status.RINVMSGLEN),
        (MESSAGE[16:20], Status.RINVCMDLEN),
        (b"", Status.RINVCMDLEN),
        (b"x" * 50, Status.RINVCMDLEN),
        (MESSAGE[16:] + b"\x00\x1e\x00\x09abc", Status.RINVOPTPARSTREAM),
        (MESSAGE[16:] + b"\x01", Status.RINVOPTPARSTREAM),
    ],
)
def test_malformed_says_how_to_refuse_it(body: bytes, answer: Status) -> None:
    raw = struct.pack(">IIII", 16 + len(body), Command.DELIVER_SM, 0, 77) + body
    bad, after = Framer().feed(raw + build.enquire_link(78))
    assert isinstance(bad, Malformed)
    assert (bad.command, bad.sequence, bad.answer, bad.raw) == (Command.DELIVER_SM, 77, answer, raw)
    assert isinstance(after, pdus.EnquireLink)


def test_sloppy_carriers_are_understood() -> None:
    padded = MESSAGE[16:] + b"\0\0"
    assert isinstance(one(struct.pack(">IIII", 16 + len(padded), 5, 0, 1) + padded), pdus.DeliverSm)
    without_nul = one(struct.pack(">IIII", 19, Command.SUBMIT_SM_RESP, 0, 1) + b"abc")
    assert isinstance(without_nul, pdus.SubmitSmResp)
    assert without_nul.message_id == "abc"
    bodyless = one(struct.pack(">IIII", 16, Command.SUBMIT_SM_RESP, 0, 1))
    assert isinstance(bodyless, pdus.SubmitSmResp)
    assert bodyless.message_id == ""


class TestParameters:
    def test_by_type(self) -> None:
        tlvs = tlv.parse(
            tlv.build([(0x0427, b"\x02"), (0x001E, b"id1\0"), (0x0424, b"text"), (0x1400, b"vendor"), (0x0204, b"\x01\x00")]), 0
        )
        assert tlv.named(tlvs) == {
            "message_state": 2,
            "receipted_message_id": "id1",
            "message_payload": b"text",
            "0x1400": b"vendor",
            "user_message_reference": 256,
        }

    def test_the_first_of_a_repeated_tag_counts(self) -> None:
        assert tlv.parse(tlv.build([(0x0427, b"\x02"), (0x0427, b"\x05")]), 0) == {0x0427: b"\x02"}

    @given(st.binary(max_size=100))
    def test_garbage(self, data: bytes) -> None:
        with suppress(ValueError):
            tlv.named(tlv.parse(data, 0))


class TestAgainstSmpplib:
    @given(st.binary(max_size=254), st.sampled_from([0, 3, 8]), st.from_regex(r"[0-9]{1,20}", fullmatch=True))
    def test_they_read_what_we_write(self, message: bytes, coding: int, number: str) -> None:
        theirs = other.parse_pdu(
            build.submit_sm(
                9, source=SENDER, destination=Address(1, 1, number), short_message=message, data_coding=coding, registered_delivery=1
            ),
            sequence=1,
        )
        assert theirs.command == "submit_sm"
        assert (theirs.source_addr, theirs.destination_addr) == (b"Riverside", number.encode())
        assert (theirs.short_message or b"", theirs.data_coding, theirs.sequence) == (message, coding, 9)

    @given(st.binary(min_size=1, max_size=254), st.sampled_from([0, 3, 8]), st.from_regex(r"[0-9]{1,20}", fullmatch=True))
    def test_we_read_what_they_write(self, message: bytes, coding: int, number: str) -> None:
        theirs = other.make_pdu(
            "deliver_sm",
            sequence=9,
            source_addr_ton=1,
            source_addr_npi=1,
            source_addr=number,
            dest_addr_ton=5,
            dest_addr_npi=0,
            destination_addr="Riverside",
            esm_class=4,
            data_coding=coding,
            short_message=message,
            receipted_message_id="id9",
            message_state=2,
        )
        theirs.sequence = 9
        ours = one(theirs.generate())
        assert isinstance(ours, pdus.DeliverSm)
        assert (ours.sequence, ours.source, ours.destination, ours.short_message) == (9, number, "Riverside", message)
        assert (ours.data_coding, ours.esm_class) == (coding, 4)
        assert tlv.named(ours.tlvs) == {"receipted_message_id": "id9", "message_state": 2}
