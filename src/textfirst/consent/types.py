"""Who told us to stop or to start, and how we know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID


class Kind(IntEnum):
    """What a permission rests on (C1). The number is stored and ranks them: the highest one in force is what stands.

    The word that the ledger and the API use is the lower-case name.
    """

    LEGACY_UNPROVEN = 1  # imported without proof: opens no marketing (C4)
    IMPLIED_INQUIRY = 2
    IMPLIED_PURCHASE = 3
    SOFT_OPT_IN = 4
    ATTESTED = 5  # unproven, but an admin answers for it, with a reason
    EXPRESS = 6
    EXPRESS_WRITTEN = 7
    DOUBLE_OPT_IN = 8

    @property
    def word(self) -> str:
        return self.name.lower()


class Deed(StrEnum):
    """What else an entry of the ledger can be."""

    STOP = "stop"
    START = "start"
    WITHDRAWAL = "withdrawal"  # of a permission, which is no stop: services go on
    EXPIRY = "expiry"
    HOLD = "hold"  # a suspected opt-out: marketing waits for a person's answer
    RELEASE = "release"
    ERASURE = "erasure"  # the personal rows before it were deleted
    RETRACTION = "retraction"  # an admin no longer answers for what has no proof


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the ledger: `rules/problems.py` has the words."""

    code: str
    number: int = 0  # of the seal
    entries: int = 0  # how many it is about at most


class Source(StrEnum):
    """How a stop, a start or a permission reached us."""

    KEYWORD = "keyword"
    PERSON = "person"
    IMPORT = "import"
    PROVIDER = "provider"
    FORM = "form"
    API = "api"
    OURSELVES = "ourselves"  # a permission that ran out


@dataclass(frozen=True, slots=True)
class Permission:
    """What people gave, and to what they said yes: the same for all of a batch."""

    kind: Kind
    source: Source
    scope: str = "marketing"  # all, marketing or a purpose's word
    channels: tuple[str, ...] = ()  # kinds of channel; empty: any
    shown: str = ""  # the exact words they were shown
    language: str = ""  # of those words
    keyword: str = ""  # what they wrote to give it


@dataclass(frozen=True, slots=True)
class Given:
    """One person's permission, with its evidence."""

    address_hash: bytes
    at: datetime  # when they gave it
    expires_at: datetime | None = None
    words: str = ""  # what they wrote
    origin: str = ""  # the page, file or program it came from
    ip: str = ""
    user_agent: str = ""
    note: str = ""
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class JoinForm:
    """A form, as joining by it needs it; see `rules.opting_in.form_of`."""

    id: UUID
    slug: str
    keyword: str
    scope: str
    texts: Mapping[str, Mapping[str, str]]  # language → {about, words, any_hour}


@dataclass(frozen=True, slots=True)
class Joiner:
    """Somebody who asks to join, as far as it is kept for the day they are asked for proof."""

    address_hash: bytes
    language: str
    words: str = ""  # what they texted
    ip: str = ""
    user_agent: str = ""
    message_id: UUID | None = None
    any_hour: bool = False  # they checked the second box


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A request that has just been answered; a row of `sql/confirm_request.sql`."""

    id: UUID
    joiner: Joiner
    shown: str
    shown_any_hour: str  # beside the second box; empty: not checked
    form: JoinForm


@dataclass(frozen=True, slots=True)
class Claim:
    """What the team says that the people of a file agreed to."""

    kind: Kind = Kind.LEGACY_UNPROVEN
    scope: str = "marketing"
    shown: str = ""
    language: str = ""
    note: str = ""
    at: datetime | None = None
    expires_at: datetime | None = None

    @classmethod
    def of(cls, kept: Mapping[str, Any] | None) -> Claim:
        """As `as_kept` wrote it; nothing was said: nothing is proved."""
        if not kept:
            return cls()
        moments = {name: datetime.fromisoformat(kept[name]) if kept.get(name) else None for name in ("at", "expires_at")}
        return cls(Kind[kept["kind"].upper()], kept["scope"], kept["shown"], kept["language"], kept["note"], **moments)

    def as_kept(self) -> dict[str, Any]:
        said = {name: at.isoformat() if (at := getattr(self, name)) else None for name in ("at", "expires_at")}
        return {"kind": self.kind.word, "scope": self.scope, "shown": self.shown, "language": self.language, "note": self.note, **said}


@dataclass(frozen=True, slots=True)
class NumberFacts:
    """What registers say about a number; None: nothing."""

    address_hash: bytes
    dnc_listed: bool | None = None
    reassigned_on: date | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One thing somebody said about texts to one of their addresses."""

    identity_id: UUID
    message_id: UUID | None = None
    words: str = ""  # what they wrote
    keyword: str = ""  # what we recognised


class Answer(StrEnum):
    """What a person of the team says a suspected opt-out was."""

    STOP = "stop"
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Suspect:
    """A suspected opt-out that waits for an answer; a row of `sql/suspects.sql`. Its id is that of the ledger's entry."""

    id: UUID
    at: datetime
    contact_id: UUID | None  # None once the contact is gone
    identity_id: UUID | None
    message_id: UUID | None
    keyword: str  # what made us doubt
    words: str  # what they wrote; empty once it was erased


@dataclass(frozen=True, slots=True)
class Changed:
    """What a stop or a start did to one identity; a row of `sql/stop.sql` or `sql/start.sql`."""

    identity_id: UUID
    contact_id: UUID
    changed: bool  # false: it was so before
