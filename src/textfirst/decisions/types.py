"""May this be sent, when, and by what: the facts a decision is taken on, what is asked, and the decision."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import NamedTuple
from uuid import UUID

from textfirst.core.purposes import Purpose


class Verdict(IntEnum):
    ALLOW = 1
    DEFER = 2  # not now: see `until`
    BLOCK = 3


class ChannelKind(IntEnum):
    """By what somebody is reached; what a person prefers is one of these, 0 being nothing said."""

    TEXT = 1
    CALL = 2
    EMAIL = 3
    CHAT = 4

    @property
    def word(self) -> str:
        return self.name.lower()


class Code(IntEnum):
    """Why. The number is stored in a decision and never reused; the word stands in `message.reason` when it is the headline."""

    # Nobody may, or not for this purpose
    STOPPED = 1
    STOPPED_PURPOSE = 2
    BLOCKED = 3
    REASSIGNED = 4
    HELD = 5
    COUNTRY_NOT_SERVED = 6
    DNC_LISTED = 7
    NO_PERMISSION = 8
    PERMISSION_UNPROVEN = 9
    PERMISSION_TOO_WEAK = 10
    PERMISSION_EXPIRED = 11
    # Not this message
    EXPIRED = 12
    PLAN_SAYS_NO = 13
    CAPPED = 15
    OWN_CAP = 16
    LAW_CAP = 17
    GAVE_WAY = 18
    SCHEDULED = 19
    # Said by those who ask, not by `decide`
    TOO_MANY = 20
    NO_NUMBER = 21
    NO_CHANNEL = 22
    CHANNEL_OFF = 23
    TEXT_FAILED = 24
    TOO_LONG = 25
    EMPTY = 26
    REPLACED = 27
    TOPIC_UNANSWERED = 28
    # When: `hours.Code` and thirty
    WITHIN_HOURS = 31
    NO_RULE = 32
    QUIET_HOURS = 33
    DECENT_HOURS = 34
    HOLIDAY = 35
    CLOSING_SOON = 36
    PAST_VALIDITY = 37
    NO_COMMON_HOUR = 38
    COUNTRY_UNKNOWN = 39
    REGION_UNKNOWN = 40
    ZONE_UNKNOWN = 41
    ZONE_INVALID = 42
    OWN_HOURS = 43
    STAFF_HOURS = 44
    NO_HOURS_NEEDED = 50
    HOUR_CHOSEN = 51
    ANY_HOUR = 52
    MOVED_BEFORE = 53
    CLOCKS = 54
    ANCHORED = 55
    # On what it rests
    PERMISSION = 60
    PERMISSION_NOT_NEEDED = 61
    DNC_CLEAR = 62
    DNC_UNKNOWN = 63
    REASSIGNMENT_UNKNOWN = 64
    DNC_OUTWEIGHED = 65
    TOPIC_ANSWERED = 66
    # How many there were
    COUNTED = 70
    COUNTED_OWN = 71
    COUNTED_LAW = 72
    REPLACES = 73
    # By which channel
    PLAN_STEP = 80
    PREFERRED = 81
    BY_AGE = 82
    URGENCY_OVERRIDES = 83
    NOT_CONNECTED = 84
    PREFERENCE_NOT_IN_PLAN = 85

    @property
    def word(self) -> str:
        return self.name.lower()


class Because(NamedTuple):
    """One reason: a Code, or the number of one that a later version knows, with the facts it names in `record.FIELDS`."""

    code: int
    facts: tuple[int | str, ...] = ()


class Stamp(NamedTuple):
    """What was true when it was decided. Whatever can change an answer raises one of the two; the claim compares them."""

    identity_version: int
    workspace_version: int


class Topic(NamedTuple):
    """Something a text speaks of, for which a rule wants somebody's word (P5)."""

    rule: str  # US.topics
    name: str  # alcohol

    @property
    def key(self) -> str:
        """As `Policy.answers_for` has it."""
        return f"{self.rule}:{self.name}"


class Facts(NamedTuple):
    """What is known about one address of one contact; a row of `sql/facts.sql`, column for column. `decide` never looks at the first (WHO)."""

    identity_id: UUID
    contact_id: UUID
    scheme: str
    address: str
    promotion_entry: UUID | None
    greeting_entry: UUID | None
    identity_version: int
    workspace_version: int
    stopped: int = 0  # mask: bit 0 everything, bit n the Purpose n
    blocked: bool = False
    held: bool = False  # a suspected opt-out waits for a person
    promotion_kind: int | None = None  # consent.types.Kind of the best permission in force
    promotion_until: datetime | None = None
    greeting_kind: int | None = None
    greeting_until: datetime | None = None
    dnc_listed: bool | None = None  # null: not known
    reassigned_on: date | None = None  # only while no permission is newer; null: not known
    prefix: str = ""  # the first five characters of a telephone number, with its plus
    country: str = ""
    region: str = ""
    zone: str = ""
    any_hour: bool = False  # consented to marketing at any hour (X1)
    prefers: int = 0  # ChannelKind
    born: int | None = None  # year
    own_cap: int | None = None  # marketing messages a week
    sent: str = ""  # "minute.purpose" of each message that counts, oldest first, separated by blanks; a "w" behind what waits for room


WHO = Facts._fields.index("identity_version")
ENTRY = {Purpose.PROMOTION: 4, Purpose.GREETING: 5}  # the place in a row of the consent entry that a message of this purpose rests on


class Asked(NamedTuple):
    """What is asked of `decide`. Moments are aware; `not_before` and `not_after` are the sender's own bounds."""

    purpose: Purpose
    now: datetime
    kind: ChannelKind = ChannelKind.TEXT
    not_before: datetime | None = None
    not_after: datetime | None = None
    hour_chosen: bool = False  # the person chose the hour of this reminder or appointment
    anchor: datetime | None = (
        None  # a whole minute; it is about what happens then: rather the last allowed minute before it than the next one after (X1)
    )
    drain: timedelta = timedelta(0)  # how long the batch takes to leave: what is moved before its anchor begins so much earlier (H2)
    made: datetime | None = (
        None  # when the message was made, once it is: then it is among `sent`, and counts neither itself nor what came after it
    )
    connected: frozenset[ChannelKind] = frozenset({ChannelKind.TEXT})
    topics: tuple[Topic, ...] = ()  # what its text speaks of that somebody has to answer for somewhere (`packs.content.topics_in`)


class Decision(NamedTuple):
    """`reasons` begin with the headline, and are told when it is allowed, too."""

    verdict: Verdict
    stamp: Stamp
    reasons: tuple[Because, ...] = ()
    until: datetime | None = None  # DEFER: not before
    send_by: datetime | None = None  # past it, decide anew; None: no window
    not_after: datetime | None = None  # where the hours end: nothing may arrive from then on (H2)

    @property
    def allowed(self) -> bool:
        return self.verdict is Verdict.ALLOW

    @property
    def replaces(self) -> bool:
        """Whether it takes the place of earlier ones that wait for room: who writes it ends those."""
        return any(one.code == Code.REPLACES for one in self.reasons)

    @property
    def reason(self) -> str:
        """Why not, or why later, as `message.reason` has it; empty when it may go."""
        return "" if self.verdict is Verdict.ALLOW else code_word(self.reasons[0].code)


def code_word(code: int) -> str:
    """The word of a code, also of one that only a later version knows."""
    known = _WORDS.get(code)
    return f"code_{code}" if known is None else known


_WORDS = {int(code): code.word for code in Code}


def told(verdict: Verdict, code: Code, stamp: Stamp = Stamp(0, 0), *, until: datetime | None = None) -> Decision:  # noqa: B008 - a tuple
    """A decision for one reason that those know who ask: no number, a text that cannot be made, the velocity fuse."""
    return Decision(verdict, stamp, (Because(code),), until)
