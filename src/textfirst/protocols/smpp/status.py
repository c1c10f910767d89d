"""What a command_status means and what to do about it: one table.

Names from §5.1.3; classes from what Kannel, Jasmin and NowSMS do in production. A number that is not in the table is the
carrier's own (0x400-0x4FF by §5.1.3, or invented): its class is VENDOR, which a channel's own map may refine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Final

__all__ = ["ADVICE", "Advice", "Kind", "Meaning", "Status", "meaning"]


class Kind(Enum):
    """What sort of answer it was: the short closed list that everything above decides by."""

    OK = "ok"
    THROTTLED = "throttled"  # the whole channel is too fast
    QUEUE_FULL = "queue_full"  # the carrier's queue, or this recipient's
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    RECIPIENT_PERMANENT = "recipient_permanent"  # this number cannot be reached by this route
    SENDER_PERMANENT = "sender_permanent"  # this sender may not use this route; never the contact's fault
    OUR_BUG = "our_bug"
    CONFIG = "config"  # a setting of the channel does not suit the carrier
    AMBIGUOUS = "ambiguous"
    SESSION = "session"  # the bind is not what we thought: bind again
    CREDENTIALS = "credentials"
    VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Advice:
    """How to go on after a refusal. Waits in seconds; `tries` counts sends in all, None means until validity ends."""

    retry: bool
    tries: int | None = 1
    first_wait: float = 0.0
    longest_wait: float = 0.0
    costs_attempt: bool = True
    whole_channel: bool = False  # the wait holds for everything on the channel, not for this message alone
    alert: bool = False  # somebody must look: it will not mend itself


ADVICE: Final[Mapping[Kind, Advice]] = {
    Kind.OK: Advice(retry=False),
    Kind.THROTTLED: Advice(retry=True, tries=None, first_wait=1, longest_wait=1, costs_attempt=False, whole_channel=True),
    Kind.QUEUE_FULL: Advice(retry=True, tries=None, first_wait=30, longest_wait=900),
    Kind.TEMPORARY: Advice(retry=True, tries=5, first_wait=30, longest_wait=900),
    Kind.PERMANENT: Advice(retry=False),
    Kind.RECIPIENT_PERMANENT: Advice(retry=False),
    Kind.SENDER_PERMANENT: Advice(retry=False, alert=True),
    Kind.OUR_BUG: Advice(retry=False, alert=True),
    Kind.CONFIG: Advice(retry=True, tries=2, first_wait=30, longest_wait=30, alert=True),
    Kind.AMBIGUOUS: Advice(retry=True, tries=3, first_wait=30, longest_wait=900),
    Kind.SESSION: Advice(retry=True, tries=None, costs_attempt=False, whole_channel=True),
    Kind.CREDENTIALS: Advice(retry=True, tries=None, first_wait=60, longest_wait=900, costs_attempt=False, whole_channel=True, alert=True),
    Kind.VENDOR: Advice(retry=True, tries=3, first_wait=30, longest_wait=900),
}


class Status(IntEnum):
    """The statuses of §5.1.3 by their names, without the ESME_ in front."""

    ROK = 0x00
    RINVMSGLEN = 0x01
    RINVCMDLEN = 0x02
    RINVCMDID = 0x03
    RINVBNDSTS = 0x04
    RALYBND = 0x05
    RINVPRTFLG = 0x06
    RINVREGDLVFLG = 0x07
    RSYSERR = 0x08
    RINVSRCADR = 0x0A
    RINVDSTADR = 0x0B
    RINVMSGID = 0x0C
    RBINDFAIL = 0x0D
    RINVPASWD = 0x0E
    RINVSYSID = 0x0F
    RCANCELFAIL = 0x11
    RREPLACEFAIL = 0x13
    RMSGQFUL = 0x14
    RINVSERTYP = 0x15
    RINVNUMDESTS = 0x33
    RINVDLNAME = 0x34
    RINVDESTFLAG = 0x40
    RINVSUBREP = 0x42
    RINVESMCLASS = 0x43
    RCNTSUBDL = 0x44
    RSUBMITFAIL = 0x45
    RINVSRCTON = 0x48
    RINVSRCNPI = 0x49
    RINVDSTTON = 0x50
    RINVDSTNPI = 0x51
    RINVSYSTYP = 0x53
    RINVREPFLAG = 0x54
    RINVNUMMSGS = 0x55
    RTHROTTLED = 0x58
    RINVSCHED = 0x61
    RINVEXPIRY = 0x62
    RINVDFTMSGID = 0x63
    RX_T_APPN = 0x64
    RX_P_APPN = 0x65
    RX_R_APPN = 0x66
    RQUERYFAIL = 0x67
    RINVOPTPARSTREAM = 0xC0
    ROPTPARNOTALLWD = 0xC1
    RINVPARLEN = 0xC2
    RMISSINGOPTPARAM = 0xC3
    RINVOPTPARAMVAL = 0xC4
    RDELIVERYFAILURE = 0xFE
    RUNKNOWNERR = 0xFF


@dataclass(frozen=True, slots=True)
class Meaning:
    """A status in words a person can use."""

    code: int
    name: str
    kind: Kind
    words: str

    @property
    def advice(self) -> Advice:
        return ADVICE[self.kind]


_TABLE: Final[Mapping[Status, tuple[Kind, str]]] = {
    Status.ROK: (Kind.OK, "accepted"),
    Status.RINVMSGLEN: (Kind.OUR_BUG, "the message length is invalid"),
    Status.RINVCMDLEN: (Kind.OUR_BUG, "the command length is invalid"),
    Status.RINVCMDID: (Kind.OUR_BUG, "the carrier does not know this command"),
    Status.RINVBNDSTS: (Kind.SESSION, "the command does not fit the state of the bind"),
    Status.RALYBND: (Kind.SESSION, "already bound"),
    Status.RINVPRTFLG: (Kind.OUR_BUG, "the priority is invalid"),
    Status.RINVREGDLVFLG: (Kind.OUR_BUG, "the receipt request is invalid"),
    Status.RSYSERR: (Kind.TEMPORARY, "the carrier had a system error"),
    Status.RINVSRCADR: (Kind.SENDER_PERMANENT, "the carrier does not allow this sender"),
    Status.RINVDSTADR: (Kind.RECIPIENT_PERMANENT, "the carrier does not accept this recipient's number"),
    Status.RINVMSGID: (Kind.PERMANENT, "the carrier does not know this message id"),
    Status.RBINDFAIL: (Kind.CREDENTIALS, "the carrier refused the bind"),
    Status.RINVPASWD: (Kind.CREDENTIALS, "the password is wrong"),
    Status.RINVSYSID: (Kind.CREDENTIALS, "the system id is wrong"),
    Status.RCANCELFAIL: (Kind.PERMANENT, "the message could not be cancelled"),
    Status.RREPLACEFAIL: (Kind.PERMANENT, "the message could not be replaced"),
    Status.RMSGQFUL: (Kind.QUEUE_FULL, "the carrier's queue is full"),
    Status.RINVSERTYP: (Kind.CONFIG, "the service type is invalid"),
    Status.RINVNUMDESTS: (Kind.OUR_BUG, "the number of recipients is invalid"),
    Status.RINVDLNAME: (Kind.OUR_BUG, "the distribution list is invalid"),
    Status.RINVDESTFLAG: (Kind.OUR_BUG, "the destination flag is invalid"),
    Status.RINVSUBREP: (Kind.OUR_BUG, "submit with replace is invalid"),
    Status.RINVESMCLASS: (Kind.OUR_BUG, "esm_class is invalid"),
    Status.RCNTSUBDL: (Kind.PERMANENT, "cannot submit to a distribution list"),
    Status.RSUBMITFAIL: (Kind.AMBIGUOUS, "the carrier could not take the message and does not say why"),
    Status.RINVSRCTON: (Kind.SENDER_PERMANENT, "the sender's number type is invalid"),
    Status.RINVSRCNPI: (Kind.SENDER_PERMANENT, "the sender's numbering plan is invalid"),
    Status.RINVDSTTON: (Kind.CONFIG, "the recipient's number type is invalid"),
    Status.RINVDSTNPI: (Kind.CONFIG, "the recipient's numbering plan is invalid"),
    Status.RINVSYSTYP: (Kind.CREDENTIALS, "the system type is wrong"),
    Status.RINVREPFLAG: (Kind.OUR_BUG, "the replace flag is invalid"),
    Status.RINVNUMMSGS: (Kind.OUR_BUG, "the number of messages is invalid"),
    Status.RTHROTTLED: (Kind.THROTTLED, "the carrier asks us to send more slowly"),
    Status.RINVSCHED: (Kind.CONFIG, "the scheduled time is invalid"),
    Status.RINVEXPIRY: (Kind.CONFIG, "the validity period is invalid"),
    Status.RINVDFTMSGID: (Kind.CONFIG, "the predefined message is invalid"),
    Status.RX_T_APPN: (Kind.TEMPORARY, "the receiver has a temporary problem"),
    Status.RX_P_APPN: (Kind.PERMANENT, "the receiver has a permanent problem"),
    Status.RX_R_APPN: (Kind.PERMANENT, "the receiver rejects the message"),
    Status.RQUERYFAIL: (Kind.TEMPORARY, "the message's state could not be asked"),
    Status.RINVOPTPARSTREAM: (Kind.OUR_BUG, "the optional parameters are garbled"),
    Status.ROPTPARNOTALLWD: (Kind.OUR_BUG, "an optional parameter is not allowed"),
    Status.RINVPARLEN: (Kind.OUR_BUG, "a parameter's length is invalid"),
    Status.RMISSINGOPTPARAM: (Kind.OUR_BUG, "an optional parameter is missing"),
    Status.RINVOPTPARAMVAL: (Kind.OUR_BUG, "an optional parameter's value is invalid"),
    Status.RDELIVERYFAILURE: (Kind.PERMANENT, "delivery failed"),
    Status.RUNKNOWNERR: (Kind.VENDOR, "the carrier reports an unknown error"),
}

_MEANINGS: Final = {int(status): Meaning(int(status), f"ESME_{status.name}", kind, words) for status, (kind, words) in _TABLE.items()}


def meaning(code: int) -> Meaning:
    """What `code` means; a number outside the standard is VENDOR and keeps its number in the name."""
    return _MEANINGS.get(code) or Meaning(code, f"0x{code:08X}", Kind.VENDOR, f"the carrier's own error 0x{code:X}")
