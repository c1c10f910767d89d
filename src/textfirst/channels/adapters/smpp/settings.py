"""What an SMPP channel's `config` and `secrets` say, read once.

Every key has a default but host, system_id and password, so that a row written by an older version is still read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Any, TypeVar

from textfirst.channels.contract import CannotConnect, ChannelFacts
from textfirst.channels.rules.codes import read_codes
from textfirst.core.errors import InvalidInput
from textfirst.protocols.smpp.message_ids import IdForm
from textfirst.protocols.sms import Default

LONGEST_VALIDITY = 7 * 24 * 3600  # seconds; several carriers refuse more

E = TypeVar("E", bound=Enum)


class Binding(StrEnum):
    TRANSCEIVER = "transceiver"
    SEPARATE = "transmitter_receiver"  # two connections, one for each direction


class Tls(StrEnum):
    OFF = "off"
    ON = "on"
    UNVERIFIED = "unverified"  # encrypted, but anybody could be at the other end


@dataclass(frozen=True, slots=True)
class SmppSettings:
    """How to reach one carrier account and how it likes things written."""

    host: str
    port: int
    system_id: str
    password: str
    sender: str  # the channel's address
    window: int
    binding: Binding = Binding.TRANSCEIVER
    tls: Tls = Tls.OFF
    system_type: str = ""
    service_type: str = ""
    alphabet: Default = Default.GSM7  # what the carrier means by data_coding 0
    ids: IdForm = IdForm.AS_IS
    wide_reference: bool = False  # 16-bit concatenation references
    source_ton: int | None = None  # None: by the look of the sender
    source_npi: int | None = None
    destination_ton: int = 1  # international
    destination_npi: int = 1  # E.164
    keep_plus: bool = False  # some carriers want the + of an international number
    receipts: bool = True
    send_validity: bool = True
    codes: Mapping[int, str] = field(default_factory=dict)  # the carrier's own: rules.codes.MEANINGS
    bind_timeout: float = 30.0  # seconds, as the next three
    answer_timeout: float = 60.0
    enquire_every: float = 30.0
    enquire_timeout: float = 10.0


def read_settings(facts: ChannelFacts) -> SmppSettings:
    """The settings of a channel. Raises CannotConnect naming the field that is missing or wrong."""
    config = facts.config
    return SmppSettings(
        host=_text(config, "host"),
        port=_number(config, "port", 2775, 1, 65535),
        system_id=_text(config, "system_id"),
        password=str((facts.secrets or {}).get("password", "")),
        sender=facts.address,
        window=facts.window,
        binding=_one_of(Binding, config, "binding", Binding.TRANSCEIVER),
        tls=_one_of(Tls, config, "tls", Tls.OFF),
        system_type=str(config.get("system_type") or ""),
        service_type=str(config.get("service_type") or ""),
        alphabet=_one_of(Default, config, "alphabet", Default.GSM7),
        ids=_one_of(IdForm, config, "message_ids", IdForm.AS_IS),
        wide_reference=bool(config.get("wide_reference")),
        source_ton=_maybe_number(config, "source_ton", 6),
        source_npi=_maybe_number(config, "source_npi", 18),
        destination_ton=_number(config, "destination_ton", 1, 0, 6),
        destination_npi=_number(config, "destination_npi", 1, 0, 18),
        keep_plus=bool(config.get("keep_plus")),
        receipts=bool(config.get("receipts", True)),
        send_validity=bool(config.get("send_validity", True)),
        codes=_codes(config),
        bind_timeout=_number(config, "bind_timeout", 30, 1, 300),
        answer_timeout=_number(config, "answer_timeout", 60, 1, 600),
        enquire_every=_number(config, "enquire_every", 30, 1, 3600),
        enquire_timeout=_number(config, "enquire_timeout", 10, 1, 300),
    )


def _text(config: Mapping[str, Any], name: str) -> str:
    value = str(config.get(name) or "").strip()
    if not value:
        raise CannotConnect("setting_missing", field=name.replace("_", " "), wait_for_people=True)
    return value


def _number(config: Mapping[str, Any], name: str, default: int, least: int, most: int) -> int:
    value = config.get(name)
    if value in {None, ""}:
        return default
    if str(value).isascii() and str(value).isdigit() and least <= int(str(value)) <= most:
        return int(str(value))
    raise CannotConnect("setting_number", field=name.replace("_", " "), value=str(value), least=least, most=most, wait_for_people=True)


def _maybe_number(config: Mapping[str, Any], name: str, most: int) -> int | None:
    return None if config.get(name) in {None, ""} else _number(config, name, 0, 0, most)


def _codes(config: Mapping[str, Any]) -> dict[int, str]:
    try:
        return read_codes(str(config.get("codes") or ""))
    except InvalidInput as error:
        raise CannotConnect("setting_codes", why=error.message, wait_for_people=True) from None


def _one_of(kind: type[E], config: Mapping[str, Any], name: str, default: E) -> E:
    value = config.get(name)
    if value in {None, ""}:
        return default
    try:
        return kind(value)
    except ValueError:
        known = ", ".join(str(member.value) for member in kind)
        raise CannotConnect("setting_choice", field=name.replace("_", " "), value=str(value), known=known, wait_for_people=True) from None
