"""Between the engine's values and SMPP PDUs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from textfirst.channels.adapters.smpp import codec
from textfirst.channels.adapters.smpp.declaration import SMPP
from textfirst.channels.adapters.smpp.settings import Binding, SmppSettings, Tls, read_settings
from textfirst.channels.contract import CannotConnect, ChannelFacts, Fate, Outbound, Part, Place, Reason, ReceiptSeen, Text
from textfirst.channels.rules.codes import MEANINGS
from textfirst.channels.rules.forms import check_config
from textfirst.core.errors import InvalidInput
from textfirst.protocols.smpp import build, pdus, tlv
from textfirst.protocols.smpp.framer import Framer
from textfirst.protocols.smpp.message_ids import IdForm
from textfirst.protocols.smpp.pdus import Address
from textfirst.protocols.smpp.status import Kind
from textfirst.protocols.sms import Default

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SETTINGS = SmppSettings(host="carrier", port=2775, system_id="us", password="secret", sender="+306912345678", window=10)


def outbound(body: str = "Hello", address: str = "+306900000001") -> Outbound:
    identifier = UUID("019a0000-0000-7000-8000-00000000beef")
    return Outbound(identifier, identifier, None, 2, 1, 1, 0, 0, 0, NOW, NOW + timedelta(hours=24), 1, 1, address, body)


def parts(body: str, settings: SmppSettings = SETTINGS) -> list[Part]:
    message = outbound(body)
    coding, payloads = codec.cut(message, settings)
    return [Part(message, message.id, number, len(payloads), coding, payload) for number, payload in enumerate(payloads, 1)]


@pytest.mark.parametrize("body", ["Hello €", "Γεια σου", "x" * 161, "ω" * 71, ""])
@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS,
        replace(SETTINGS, service_type="CMT", destination_ton=2, destination_npi=8),
        replace(SETTINGS, receipts=False, send_validity=False),
        replace(SETTINGS, keep_plus=True, wide_reference=True),
        replace(SETTINGS, sender="Riverside"),
        replace(SETTINGS, sender="10001", source_ton=6, source_npi=0),
    ],
)
def test_a_frame_is_what_the_general_builder_makes(body: str, settings: SmppSettings) -> None:
    writer = codec.Writer(settings)
    for part in parts(body, settings):
        assert writer.frame(part, 77, NOW.timestamp()) == build.submit_sm(
            77,
            source=codec.source_address(settings),
            destination=Address(
                settings.destination_ton, settings.destination_npi, "+306900000001" if settings.keep_plus else "306900000001"
            ),
            short_message=part.payload,
            data_coding=part.coding,
            esm_class=0x40 if part.total > 1 else 0,
            registered_delivery=1 if settings.receipts else 0,
            validity="000001000000000R" if settings.send_validity else "",
            service_type=settings.service_type,
        )


@pytest.mark.parametrize(
    ("sender", "address"),
    [
        ("+306912345678", Address(1, 1, "306912345678")),
        ("306912345678", Address(1, 1, "306912345678")),
        ("10001", Address(3, 0, "10001")),
        ("Riverside", Address(5, 0, "Riverside")),
        ("24-7 Help", Address(5, 0, "24-7 Help")),
    ],
)
def test_the_sender_is_typed_by_its_look(sender: str, address: Address) -> None:
    assert codec.source_address(replace(SETTINGS, sender=sender)) == address


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, b"000000000001000R"),
        (-5, b"000000000001000R"),
        (59.9, b"000000000059000R"),
        (93784, b"000001020304000R"),
        (10**9, b"000007000000000R"),
    ],
)
def test_relative_time(seconds: float, written: bytes) -> None:
    assert codec.relative_time(seconds) == written


def test_parts_of_one_text_keep_their_reference() -> None:
    assert {part.payload[3] for part in parts("x" * 400)} == {0xEF}
    wide = parts("x" * 400, replace(SETTINGS, wide_reference=True))
    assert {part.payload[3:5] for part in wide} == {b"\xbe\xef"}


def test_a_text_no_carrier_can_take() -> None:
    with pytest.raises(InvalidInput):
        codec.cut(outbound("x" * 50_000), SETTINGS)


@pytest.mark.parametrize(
    ("digits", "ton", "kept"),
    [
        ("306900000001", 1, "+306900000001"),
        ("306900000001", 0, "+306900000001"),
        ("+306900000001", 1, "+306900000001"),
        ("00306900000001", 0, "+306900000001"),
        ("10001", 3, "10001"),
        ("3069", 1, "3069"),
        ("Riverside", 5, "Riverside"),
        ("1234567", 5, "1234567"),
        (" 306900000001 ", 1, "+306900000001"),
        ("", 0, ""),
    ],
)
def test_phone_numbers(digits: str, ton: int, kept: str) -> None:
    assert codec.phone_number(digits, ton) == kept


def read(frame: bytes, settings: SmppSettings = SETTINGS) -> Any:
    [pdu] = Framer().feed(frame)
    assert isinstance(pdu, pdus.DeliverSm)
    return codec.arrival(pdu, "ticket", settings)


def deliver(body: bytes, **more: Any) -> bytes:
    return build.deliver_sm(5, source=Address(1, 1, "306900000001"), destination=Address(3, 0, "10001"), short_message=body, **more)


def test_a_text() -> None:
    frame = deliver(b"Hello")
    assert read(frame) == Text("ticket", "+306900000001", "10001", "Hello", b"Hello", 0, None, frame)


def test_a_part_is_not_read_before_it_is_joined() -> None:
    part = read(deliver(b"\x05\x00\x03\x07\x02\x01Hel", esm_class=0x40))
    assert (part.text, part.place) == (None, Place(7, 8, 2, 1))


def test_a_receipt() -> None:
    text = b"id:00ff sub:001 dlvrd:001 submit date:2611220400 done date:2611220401 stat:DELIVRD err:000 text:"
    receipt = read(deliver(text, esm_class=4), replace(SETTINGS, ids=IdForm.HEX))
    assert isinstance(receipt, ReceiptSeen)
    assert (receipt.provider_id, receipt.fate, receipt.phones) == ("255", Fate.DELIVERED, ("306900000001", "10001"))


def test_a_receipt_in_a_word_we_do_not_know_moves_nothing() -> None:
    receipt = read(deliver(b"id:1 sub:001 dlvrd:001 submit date:1 done date:1 stat:WHATEVR err:000 text:", esm_class=4))
    assert (receipt.fate, receipt.error) == (None, "word WHATEVR")


def test_a_text_in_a_payload_parameter() -> None:
    frame = deliver(b"", tlvs=[(tlv.Tag.MESSAGE_PAYLOAD, "καλημέρα".encode("utf-16-be") * 50)], data_coding=8)
    assert read(frame).text == "καλημέρα" * 50


def test_every_kind_of_status_has_a_reason() -> None:
    assert set(codec.REASONS) == set(Kind) - {Kind.OK}
    assert set(codec.REASONS.values()) == set(Reason) - {Reason.OPTED_OUT}
    assert set(codec.CODES) == set(MEANINGS)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (0x401, Reason.TEMPORARY),
        (0x402, Reason.SENDER_REFUSED),
        (1027, Reason.NUMBER_REFUSED),
        (0x45, Reason.OPTED_OUT),
        (0x404, Reason.UNMAPPED),
        (0x08, Reason.TEMPORARY),
    ],
)
def test_a_carriers_own_codes_mean_what_the_channel_says(status: int, reason: Reason) -> None:
    settings = read_settings(facts({"codes": "0x401=retry, 0x402 = sender;1027=number\n0x45=stopped"}))
    assert codec.reason_for(status, settings) is reason


@pytest.mark.parametrize("text", ["0x401", "0x401=perhaps", "=retry", "0=retry", "0x1FFFFFFFF=retry", "401 retry"])
def test_a_map_of_codes_that_cannot_be_read_is_refused_by_form_and_channel(text: str) -> None:
    _, problems = check_config(SMPP, {"host": "h", "system_id": "s", "codes": text})
    assert f"“{text}” is not a code with its meaning" in problems["config.codes"]
    with pytest.raises(CannotConnect) as refused:
        read_settings(facts({"codes": text}))
    assert (refused.value.code, refused.value.wait_for_people) == ("setting_codes", True)


def facts(config: dict[str, Any], secrets: dict[str, Any] | None = None) -> ChannelFacts:
    identifier = UUID(int=1)
    return ChannelFacts(identifier, identifier, "smpp", "10001", {"host": "h", "system_id": "s"} | config, secrets or {}, 0, 10, 1)


def test_settings_have_defaults() -> None:
    settings = read_settings(facts({}, {"password": "p"}))
    assert (settings.port, settings.password, settings.binding, settings.tls, settings.alphabet) == (
        2775,
        "p",
        Binding.TRANSCEIVER,
        Tls.OFF,
        Default.GSM7,
    )


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"host": " "}, "no host"),
        ({"system_id": None}, "no system id"),
        ({"port": 0}, "port is “0”; it must be a number from 1 to 65535"),
        ({"port": "2775x"}, "port is “2775x”"),
        ({"binding": "both"}, "it can be transceiver, transmitter_receiver"),
        ({"alphabet": "ebcdic"}, "it can be gsm7, latin1, ascii"),
        ({"source_ton": 9}, "source ton is “9”"),
    ],
)
def test_wrong_settings_are_named(config: dict[str, Any], words: str) -> None:
    with pytest.raises(CannotConnect, match=words) as refused:
        read_settings(facts(config))
    assert refused.value.wait_for_people
