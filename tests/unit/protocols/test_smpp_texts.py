"""data_coding, parts of long texts, receipts, ids and statuses."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from textfirst.protocols import gsm7
from textfirst.protocols.smpp import build, coding, concat, pdus, receipts
from textfirst.protocols.smpp.concat import SAR, Carried, Part, PartKey, Piece, carried, join
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.message_ids import IdForm, from_receipt, from_response
from textfirst.protocols.smpp.pdus import Address
from textfirst.protocols.smpp.receipts import MessageState, Receipt
from textfirst.protocols.smpp.status import ADVICE, Kind, Status, meaning
from textfirst.protocols.smpp.tlv import Tag
from textfirst.protocols.sms import Alphabet, Choice, Default, cut
from textfirst.protocols.text import storable

PHONE, US = Address(1, 1, "306900000001"), Address(5, 0, "Riverside")
GSM = gsm7.ALPHABET.replace("\ufffe", "") + "".join(gsm7.EXTENSION.values())


def deliver(
    message: bytes = b"", *, data_coding: int = 0, esm_class: int = 0, tlvs: list[tuple[int, bytes]] | None = None
) -> pdus.DeliverSm:
    [pdu] = Framer().feed(
        build.deliver_sm(
            1, source=PHONE, destination=US, short_message=message, data_coding=data_coding, esm_class=esm_class, tlvs=tlvs or []
        )
    )
    assert isinstance(pdu, pdus.DeliverSm)
    return pdu


@pytest.mark.parametrize(
    ("payload", "data_coding", "default", "text"),
    [
        (b"\x00 5\x1be", 0, Default.GSM7, "@ 5€"),
        (b"\xe9t\xe9", 0, Default.LATIN1, "été"),
        (b"a@b\xe9", 0, Default.ASCII, "a@b\ufffd"),
        (b"a@b", 1, Default.GSM7, "a@b"),
        (b"\xe9", 3, Default.GSM7, "é"),
        ("Καλά 😀".encode("utf-16-be"), 8, Default.GSM7, "Καλά 😀"),
        (b"\xd8\x3d\x00a", 8, Default.GSM7, "\ufffda"),  # a lone surrogate
        (b"\xde\x00", 8, Default.GSM7, "\ufffd"),
        (b"\x00a\x00", 8, Default.GSM7, "a\ufffd"),  # an odd octet at the end
        (b"\x00\x00\x00a", 8, Default.GSM7, "\ufffda"),  # NUL
        (b"a\x00b", 3, Default.GSM7, "a\ufffdb"),
        ("Привет".encode("iso8859-5"), 6, Default.GSM7, "Привет"),
        ("שלום".encode("iso8859-8"), 7, Default.GSM7, "שלום"),
        ("안녕".encode("euc_kr"), 14, Default.GSM7, "안녕"),
        (b"\x01\x02", 2, Default.GSM7, None),
        (b"\x01\x02", 4, Default.GSM7, None),
        (b"\x00", 0x10, Default.GSM7, "@"),  # flash, by TS 23.038
        (b"\x00a", 0x18, Default.GSM7, "a"),
        (b"a", 0x14, Default.GSM7, None),
        (b"\x00", 0xF1, Default.GSM7, "@"),
        (b"a", 0xF5, Default.GSM7, None),
        (b"\x00", 0xC8, Default.GSM7, "@"),
        (b"\x00a", 0xE0, Default.GSM7, "a"),
        (b"a", 0x99, Default.GSM7, None),
        (b"a", 0x30, Default.GSM7, None),  # compressed
    ],
)
def test_data_coding(payload: bytes, data_coding: int, default: Default, text: str | None) -> None:
    assert coding.decode(payload, data_coding, default=default) == text


@given(st.binary(max_size=400), st.integers(0, 255), st.sampled_from(Default))
def test_any_bytes_decode_to_text_that_can_be_stored(payload: bytes, data_coding: int, default: Default) -> None:
    text = coding.decode(payload, data_coding, default=default)
    assert text is None or text.encode().decode() == storable(text)


@pytest.mark.parametrize(("text", "stored"), [("a\x00b", "a\ufffdb"), ("\ud83d!", "\ufffd!"), ("😀é", "😀é"), ("", "")])
def test_the_replacement_rule(text: str, stored: str) -> None:
    assert storable(text) == stored


KEY_8 = PartKey("306900000001", "Riverside", 0xAB, 8, 3)


@pytest.mark.parametrize(
    ("pdu", "found"),
    [
        (deliver(b"hi"), Carried(b"hi", 0, None)),
        (deliver(b"\x05\x00\x03\xab\x03\x02hi", esm_class=0x40), Carried(b"hi", 0, Part(KEY_8, 2))),
        (deliver(b"\x05\x00\x03\xab\x03\x02hi"), Carried(b"\x05\x00\x03\xab\x03\x02hi", 0, None)),  # no UDHI: it is text
        (
            deliver(b"\x06\x08\x04\xab\xcd\x03\x01hi", esm_class=0x40, data_coding=8),
            Carried(b"hi", 8, Part(KEY_8._replace(reference=0xABCD, width=16), 1)),
        ),
        (deliver(b"\x08\x24\x01\x01\x00\x03\xab\x03\x03hi", esm_class=0x40), Carried(b"hi", 0, Part(KEY_8, 3))),  # after another element
        (
            deliver(b"hi", tlvs=[(0x020C, b"\x01\x02"), (0x020E, b"\x03"), (0x020F, b"\x01")]),
            Carried(b"hi", 0, Part(KEY_8._replace(reference=0x0102, width=SAR), 1)),
        ),
        (deliver(tlvs=[(0x0424, b"x" * 500)]), Carried(b"x" * 500, 0, None)),
        (deliver(esm_class=0x40, tlvs=[(0x0424, b"\x05\x00\x03\xab\x03\x02" + b"x" * 300)]), Carried(b"x" * 300, 0, Part(KEY_8, 2))),
        (deliver(b"\x05\x00\x03\xab\x00\x00hi", esm_class=0x40), Carried(b"hi", 0, None)),
        (deliver(b"\x05\x00\x03\xab\x03\x04hi", esm_class=0x40), Carried(b"hi", 0, None)),
        (deliver(b"\x05\x00\x03\xab\x03\x00hi", esm_class=0x40), Carried(b"hi", 0, None)),
        (deliver(b"\x05\x00\x03\xab\x01\x01hi", esm_class=0x40), Carried(b"hi", 0, None)),  # one part of one is a whole
        (deliver(b"\x09hi", esm_class=0x40), Carried(b"\x09hi", 0, None)),  # the header lies about its length
        (deliver(b"", esm_class=0x40), Carried(b"", 0, None)),
        (deliver(b"\x03\x00\x03\xabhi", esm_class=0x40), Carried(b"hi", 0, None)),  # an element cut short
    ],
)
def test_carried(pdu: pdus.DeliverSm, found: Carried) -> None:
    assert carried(pdu) == found


def test_join_in_any_order_and_twice() -> None:
    pieces = [Piece(1, b"one "), Piece(2, b"two "), Piece(3, b"three")]
    for order in permutations([*pieces, Piece(2, b"again")]):
        if order.index(pieces[1]) < order.index(Piece(2, b"again")):
            assert join(order, 3) == concat.Joined(b"one two three", "one two three", ())


def test_join_decodes_once() -> None:
    half = "a😀".encode("utf-16-be")
    assert join([Piece(2, half[4:], 8), Piece(1, half[:4], 8)], 2).text == "a😀"
    assert join([Piece(1, b"5 \x1b"), Piece(2, b"e")], 2).text == "5 €"


def test_join_with_gaps_and_mixed_codings() -> None:
    joined = join([Piece(1, b"a"), Piece(4, "ё".encode("utf-16-be"), 8), Piece(9, b"outside")], 4)
    assert (joined.text, joined.missing) == ("a[…]ё", (2, 3))
    assert join([Piece(1, b"\x01", 4), Piece(2, b"\x02", 4)], 2) == concat.Joined(b"\x01\x02", None, ())
    assert join([], 2) == concat.Joined(b"", "[…]", (1, 2))


@given(
    st.one_of(st.text(GSM, max_size=800), st.text(max_size=300)),
    st.booleans(),
    st.integers(0, 255),
    st.sampled_from(Choice),
    st.sampled_from(Default),
    st.randoms(),
)
def test_what_is_cut_is_joined_again(text: str, wide: bool, reference: int, choice: Choice, default: Default, random: object) -> None:
    parts = cut(text, reference, choice=choice, default=default, wide_reference=wide)
    assume(choice is not Choice.GSM7)
    data_coding = 8 if parts.alphabet is Alphabet.UCS2 else 0
    found = [carried(deliver(body, data_coding=data_coding, esm_class=0x40 * parts.headed)) for body in parts.bodies]
    if not parts.headed:
        assert found[0].part is None
        assert coding.decode(found[0].payload, data_coding, default=default) == storable(text)
        return
    keys = {one.part.key for one in found if one.part}
    assert keys == {PartKey("306900000001", "Riverside", reference, 16 if wide else 8, len(found))}
    pieces = [Piece(one.part.place, one.payload, one.data_coding) for one in found if one.part] * 2
    random.shuffle(pieces)  # type: ignore[attr-defined]
    assert join(pieces, len(found), default=default) == concat.Joined(b"".join(one.payload for one in found), storable(text), ())


@given(st.binary(max_size=254), st.integers(0, 255), st.integers(0, 255), st.binary(max_size=12))
def test_any_message_can_be_read(message: bytes, esm_class: int, data_coding: int, value: bytes) -> None:
    for tag in (Tag.SAR_MSG_REF_NUM, Tag.MESSAGE_PAYLOAD, Tag.MESSAGE_STATE, Tag.RECEIPTED_MESSAGE_ID, Tag.NETWORK_ERROR_CODE):
        pdu = deliver(message, data_coding=data_coding, esm_class=esm_class, tlvs=[(tag, value), (0x020E, b"\x02"), (0x020F, b"\x01")])
        found = carried(pdu)
        if found.part:
            assert 1 <= found.part.place <= found.part.key.total <= 255
            join([Piece(found.part.place, found.payload, found.data_coding)], found.part.key.total)
        assert (receipts.read(pdu) is not None) is bool(esm_class & 0x24)


APPENDIX_B = b"id:0123456789 sub:001 dlvrd:001 submit date:2611220400 done date:2611220401 stat:DELIVRD err:000 text:Hello"
BY_THE_BOOK = Receipt("0123456789", MessageState.DELIVERED, "DELIVRD", "000", "2611220400", "2611220401", False)


@pytest.mark.parametrize(
    ("message", "tlvs", "receipt"),
    [
        (APPENDIX_B, [], BY_THE_BOOK),
        (b"", [(0x001E, b"abc\0"), (0x0427, b"\x05")], Receipt("abc", MessageState.UNDELIVERABLE, "5", "", "", "", False)),
        (
            APPENDIX_B,
            [(0x001E, b"abc"), (0x0427, b"\x08"), (0x0423, b"\x03\x00\x2a")],
            Receipt("abc", MessageState.REJECTED, "DELIVRD", "000", "2611220400", "2611220401", False),
        ),
        (
            b"",
            [(0x001E, b"a\0"), (0x0427, b"\x05"), (0x0423, b"\x03\x00\x2a")],
            Receipt("a", MessageState.UNDELIVERABLE, "5", "3:42", "", "", False),
        ),
        (b"id:7 stat:UNDELIV err:27", [], Receipt("7", MessageState.UNDELIVERABLE, "UNDELIV", "27", "", "", False)),
        (b"stat:EXPIRED id:7", [], Receipt("7", MessageState.EXPIRED, "EXPIRED", "", "", "", False)),
        (
            b"ID: 7f SUBMIT DATE: 2611220400 STAT: delivrd ERR: 0",
            [],
            Receipt("7f", MessageState.DELIVERED, "delivrd", "0", "2611220400", "", False),
        ),
        (b"id=7,status=DELIVERED,error=0,submit_date=1", [], Receipt("7", MessageState.DELIVERED, "DELIVERED", "0", "1", "", False)),
        (b'id:"7" stat:"2"', [], Receipt("7", MessageState.DELIVERED, "2", "", "", "", False)),
        (b"id:7 stat:PONDERD", [], Receipt("7", None, "PONDERD", "", "", "", False)),  # an unknown word changes nothing
        (b"no receipt at all", [], Receipt("", None, "", "", "", "", False)),
        (b"id:7 stat:REJECTD text:id:8 stat:DELIVRD", [], Receipt("7", MessageState.REJECTED, "REJECTD", "", "", "", False)),
        (b"text:id:8 stat:DELIVRD", [], Receipt("", None, "", "", "", "", False)),  # the customer's words are not read
        (b"sub:001 valid:9 stat:UNDELIV", [], Receipt("", MessageState.UNDELIVERABLE, "UNDELIV", "", "", "", False)),
        (b"id:7 stat:ENROUTE", [(0x0427, b"\x63")], Receipt("7", MessageState.ENROUTE, "ENROUTE", "", "", "", False)),
    ],
)
def test_receipts(message: bytes, tlvs: list[tuple[int, bytes]], receipt: Receipt) -> None:
    assert receipts.read(deliver(message, esm_class=4, tlvs=tlvs)) == receipt


def test_receipts_in_unicode_and_in_payload() -> None:
    assert receipts.read(deliver(APPENDIX_B.decode().encode("utf-16-be"), esm_class=4, data_coding=8)) == BY_THE_BOOK
    assert receipts.read(deliver(esm_class=4, tlvs=[(0x0424, APPENDIX_B)])) == BY_THE_BOOK
    assert receipts.read(deliver(b"\x05\x00\x03\x01\x02\x01" + APPENDIX_B, esm_class=0x44)) == BY_THE_BOOK


def test_intermediate_notifications_are_marked() -> None:
    read = receipts.read(deliver(b"id:1 stat:ENROUTE", esm_class=0x20))
    assert read is not None
    assert read.intermediate


@pytest.mark.parametrize("esm_class", [0x00, 0x40, 0x08, 0x10, 0x18, 0x80, 0x03])
def test_a_text_cannot_pretend_to_be_a_receipt(esm_class: int) -> None:
    assert receipts.read(deliver(APPENDIX_B, esm_class=esm_class, tlvs=[(0x001E, b"0123456789\0"), (0x0427, b"\x02")])) is None


@given(st.sampled_from([state for state in MessageState if state]), st.from_regex(r"[0-9a-f]{1,20}", fullmatch=True), st.text(max_size=30))
def test_receipts_as_written_are_read_back(state: MessageState, message_id: str, text: str) -> None:
    written = receipts.write_text(message_id=message_id, state=state, submitted="2611220400", done="2611220401", text=text)
    read = receipts.read(deliver(written.encode("latin-1", "replace"), esm_class=4))
    assert read is not None
    assert (read.message_id, read.state, read.error, read.done) == (message_id, state, "000", "2611220401")


def test_states() -> None:
    assert [state.name for state in MessageState if not state.final] == ["SCHEDULED", "ENROUTE", "ACCEPTED"]


@pytest.mark.parametrize(
    ("form", "response", "receipt", "same"),
    [
        (IdForm.AS_IS, "00AB", "00AB", True),
        (IdForm.AS_IS, " 00AB ", "00AB", True),
        (IdForm.AS_IS, "00AB", "00ab", False),
        (IdForm.LOOSE, "00AB", "ab", True),
        (IdForm.LOOSE, "000", "0", True),
        (IdForm.DECIMAL, "0042", "42", True),
        (IdForm.DECIMAL, "000", "0", True),
        (IdForm.DECIMAL, "abc", "abc", True),
        (IdForm.HEX, "002A", "2a", True),
        (IdForm.HEX, "0x2A", "2a", True),
        (IdForm.HEX_THEN_DECIMAL, "2A", "42", True),
        (IdForm.HEX_THEN_DECIMAL, "42", "42", False),
        (IdForm.HEX_THEN_DECIMAL, "499602D2", "1234567890", True),
        (IdForm.DECIMAL_THEN_HEX, "42", "2a", True),
        (IdForm.DECIMAL_THEN_HEX, "1234567890", "00499602D2", True),
        (IdForm.HEX, "not-hex", "not-hex", True),
        (IdForm.HEX, "", "", True),
        (IdForm.HEX, "١٢", "12", False),  # digits of other scripts are no digits here
        (IdForm.DECIMAL, "9" * 5000, "9" * 5000, True),
    ],
)
def test_message_ids(form: IdForm, response: str, receipt: str, same: bool) -> None:
    assert (from_response(response, form) == from_receipt(receipt, form)) is same


@given(st.integers(0, 2**64))
def test_hex_and_decimal_meet(number: int) -> None:
    assert from_response(f"{number:X}", IdForm.HEX_THEN_DECIMAL) == from_receipt(f"{number:020d}", IdForm.HEX_THEN_DECIMAL)
    assert from_response(str(number), IdForm.DECIMAL_THEN_HEX) == from_receipt(f"{number:020x}", IdForm.DECIMAL_THEN_HEX)


@pytest.mark.parametrize(
    ("code", "name", "kind"),
    [
        (0x00, "ESME_ROK", Kind.OK),
        (0x58, "ESME_RTHROTTLED", Kind.THROTTLED),
        (0x14, "ESME_RMSGQFUL", Kind.QUEUE_FULL),
        (0x08, "ESME_RSYSERR", Kind.TEMPORARY),
        (0x64, "ESME_RX_T_APPN", Kind.TEMPORARY),
        (0x65, "ESME_RX_P_APPN", Kind.PERMANENT),
        (0x66, "ESME_RX_R_APPN", Kind.PERMANENT),
        (0x0B, "ESME_RINVDSTADR", Kind.RECIPIENT_PERMANENT),
        (0x0A, "ESME_RINVSRCADR", Kind.SENDER_PERMANENT),
        (0x48, "ESME_RINVSRCTON", Kind.SENDER_PERMANENT),
        (0x49, "ESME_RINVSRCNPI", Kind.SENDER_PERMANENT),
        (0x01, "ESME_RINVMSGLEN", Kind.OUR_BUG),
        (0x43, "ESME_RINVESMCLASS", Kind.OUR_BUG),
        (0xC0, "ESME_RINVOPTPARSTREAM", Kind.OUR_BUG),
        (0xC4, "ESME_RINVOPTPARAMVAL", Kind.OUR_BUG),
        (0x61, "ESME_RINVSCHED", Kind.CONFIG),
        (0x62, "ESME_RINVEXPIRY", Kind.CONFIG),
        (0x45, "ESME_RSUBMITFAIL", Kind.AMBIGUOUS),
        (0x04, "ESME_RINVBNDSTS", Kind.SESSION),
        (0x05, "ESME_RALYBND", Kind.SESSION),
        (0x0D, "ESME_RBINDFAIL", Kind.CREDENTIALS),
        (0x0E, "ESME_RINVPASWD", Kind.CREDENTIALS),
        (0x53, "ESME_RINVSYSTYP", Kind.CREDENTIALS),
        (0x400, "0x00000400", Kind.VENDOR),
        (0x12345678, "0x12345678", Kind.VENDOR),
    ],
)
def test_statuses(code: int, name: str, kind: Kind) -> None:
    assert (meaning(code).name, meaning(code).kind) == (name, kind)


def test_every_status_has_a_meaning_and_every_kind_an_advice() -> None:
    assert all(meaning(status).name == f"ESME_{status.name}" for status in Status)
    assert set(ADVICE) == set(Kind)
    assert not meaning(Status.RTHROTTLED).advice.costs_attempt
    assert [kind for kind in Kind if not ADVICE[kind].retry] == [
        Kind.OK, Kind.PERMANENT, Kind.RECIPIENT_PERMANENT, Kind.SENDER_PERMANENT, Kind.OUR_BUG,
    ]  # fmt: skip
