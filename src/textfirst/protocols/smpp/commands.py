"""Command ids (§5.1.2.1) and bits of a message's flags (§5.2.12)."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

__all__ = ["LARGEST_PDU", "RESPONSE", "SMALLEST_PDU", "Command", "EsmClass"]

SMALLEST_PDU: Final = 16  # octets: a header alone
LARGEST_PDU: Final = 64 * 1024  # octets; the longest real PDU is a 64 kB message_payload, and nobody sends one by SMS
RESPONSE: Final = 0x80000000  # set in the id of every answer


class Command(IntEnum):
    """What the header's command_id says. submit_multi is absent on purpose: it is answered as unknown."""

    GENERIC_NACK = 0x80000000
    BIND_RECEIVER = 0x00000001
    BIND_RECEIVER_RESP = 0x80000001
    BIND_TRANSMITTER = 0x00000002
    BIND_TRANSMITTER_RESP = 0x80000002
    QUERY_SM = 0x00000003
    QUERY_SM_RESP = 0x80000003
    SUBMIT_SM = 0x00000004
    SUBMIT_SM_RESP = 0x80000004
    DELIVER_SM = 0x00000005
    DELIVER_SM_RESP = 0x80000005
    UNBIND = 0x00000006
    UNBIND_RESP = 0x80000006
    REPLACE_SM = 0x00000007
    REPLACE_SM_RESP = 0x80000007
    CANCEL_SM = 0x00000008
    CANCEL_SM_RESP = 0x80000008
    BIND_TRANSCEIVER = 0x00000009
    BIND_TRANSCEIVER_RESP = 0x80000009
    OUTBIND = 0x0000000B
    ENQUIRE_LINK = 0x00000015
    ENQUIRE_LINK_RESP = 0x80000015
    ALERT_NOTIFICATION = 0x00000102
    DATA_SM = 0x00000103
    DATA_SM_RESP = 0x80000103


class EsmClass(IntEnum):
    """Bits of esm_class that we read or set."""

    RECEIPT = 0x04  # message type: delivery receipt of the carrier
    INTERMEDIATE = 0x20  # message type: intermediate notification
    HEADED = 0x40  # UDHI: the message begins with a user data header
    REPLY_PATH = 0x80
