"""Optional parameters (§5.3): tag, length, value. All are kept as bytes; those we know can be read by type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum, IntEnum
from struct import Struct
from types import MappingProxyType
from typing import Final

__all__ = ["NONE", "Tag", "Tlvs", "build", "integer", "named", "parse", "string"]

Tlvs = Mapping[int, bytes]

NONE: Final[Tlvs] = MappingProxyType({})
_HEAD: Final = Struct(">HH")


class Tag(IntEnum):
    """§5.3.2, table 5-7."""

    DEST_ADDR_SUBUNIT = 0x0005
    DEST_NETWORK_TYPE = 0x0006
    DEST_BEARER_TYPE = 0x0007
    DEST_TELEMATICS_ID = 0x0008
    SOURCE_ADDR_SUBUNIT = 0x000D
    SOURCE_NETWORK_TYPE = 0x000E
    SOURCE_BEARER_TYPE = 0x000F
    SOURCE_TELEMATICS_ID = 0x0010
    QOS_TIME_TO_LIVE = 0x0017
    PAYLOAD_TYPE = 0x0019
    ADDITIONAL_STATUS_INFO_TEXT = 0x001D
    RECEIPTED_MESSAGE_ID = 0x001E
    MS_MSG_WAIT_FACILITIES = 0x0030
    PRIVACY_INDICATOR = 0x0201
    SOURCE_SUBADDRESS = 0x0202
    DEST_SUBADDRESS = 0x0203
    USER_MESSAGE_REFERENCE = 0x0204
    USER_RESPONSE_CODE = 0x0205
    SOURCE_PORT = 0x020A
    DESTINATION_PORT = 0x020B
    SAR_MSG_REF_NUM = 0x020C
    LANGUAGE_INDICATOR = 0x020D
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    SC_INTERFACE_VERSION = 0x0210
    CALLBACK_NUM_PRES_IND = 0x0302
    CALLBACK_NUM_ATAG = 0x0303
    NUMBER_OF_MESSAGES = 0x0304
    CALLBACK_NUM = 0x0381
    DPF_RESULT = 0x0420
    SET_DPF = 0x0421
    MS_AVAILABILITY_STATUS = 0x0422
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    DELIVERY_FAILURE_REASON = 0x0425
    MORE_MESSAGES_TO_SEND = 0x0426
    MESSAGE_STATE = 0x0427
    USSD_SERVICE_OP = 0x0501
    DISPLAY_TIME = 0x1201
    SMS_SIGNAL = 0x1203
    MS_VALIDITY = 0x1204
    ALERT_ON_MESSAGE_DELIVERY = 0x130C
    ITS_REPLY_TYPE = 0x1380
    ITS_SESSION_INFO = 0x1383


class _Form(Enum):
    NUMBER = "number"
    STRING = "string"
    OCTETS = "octets"


_STRINGS: Final = frozenset({Tag.ADDITIONAL_STATUS_INFO_TEXT, Tag.RECEIPTED_MESSAGE_ID})
_OCTETS: Final = frozenset(
    {
        Tag.SOURCE_SUBADDRESS,
        Tag.DEST_SUBADDRESS,
        Tag.CALLBACK_NUM_ATAG,
        Tag.CALLBACK_NUM,
        Tag.NETWORK_ERROR_CODE,
        Tag.MESSAGE_PAYLOAD,
        Tag.ITS_SESSION_INFO,
    }
)
_WIDEST_NUMBER = 4  # octets (qos_time_to_live)


def parse(raw: bytes, at: int) -> Tlvs:
    """The parameters from `at` to the end of a PDU. Of a repeated tag the first counts. Raises ValueError when the stream is cut short.

    Up to three NULs at the end are taken for padding: some carriers send them, and they cannot be a parameter.
    """
    found: dict[int, bytes] = {}
    size = len(raw)
    while size - at >= _HEAD.size:
        tag, length = _HEAD.unpack_from(raw, at)
        at += _HEAD.size + length
        if at > size:
            raise ValueError(f"optional parameter 0x{tag:04X} says {length} octets, {size - at + length} are there")
        found.setdefault(tag, raw[at - length : at])
    if raw[at:].strip(b"\x00"):
        raise ValueError(f"{size - at} octets after the last optional parameter")
    return found


def build(parameters: Iterable[tuple[int, bytes]]) -> bytes:
    """Parameters as octets, in the order given."""
    return b"".join([_HEAD.pack(tag, len(value)) + value for tag, value in parameters])


def integer(tlvs: Tlvs, tag: Tag) -> int | None:
    """A number, or None when the parameter is absent or no number; widths other than the standard's are read as they come."""
    value = tlvs.get(tag)
    return int.from_bytes(value, "big") if value and len(value) <= _WIDEST_NUMBER else None


def string(tlvs: Tlvs, tag: Tag) -> str | None:
    """A C-octet string up to its NUL (which some carriers forget), or None when absent."""
    value = tlvs.get(tag)
    return None if value is None else value.partition(b"\x00")[0].decode("latin-1")


def named(tlvs: Tlvs) -> dict[str, int | str | bytes]:
    """All parameters for display: known ones by name and type, others as `0x1400` and bytes."""
    return {_name(tag): _typed(tlvs, tag) for tag in tlvs}


def _name(tag: int) -> str:
    return Tag(tag).name.lower() if tag in Tag._value2member_map_ else f"0x{tag:04X}"


def _typed(tlvs: Tlvs, tag: int) -> int | str | bytes:
    form = _form(tag)
    value: int | str | None = None
    if form is _Form.STRING:
        value = string(tlvs, Tag(tag))
    elif form is _Form.NUMBER:
        value = integer(tlvs, Tag(tag))
    return tlvs[tag] if value is None else value


def _form(tag: int) -> _Form:
    if tag not in Tag._value2member_map_ or tag in _OCTETS:
        return _Form.OCTETS
    return _Form.STRING if tag in _STRINGS else _Form.NUMBER
