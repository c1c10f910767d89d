"""Who told us to stop or to start, and how we know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
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


class Source(StrEnum):
    """How a stop or a start reached us."""

    KEYWORD = "keyword"
    PERSON = "person"
    IMPORT = "import"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Word:
    """One thing somebody said about texts to one of their addresses."""

    identity_id: UUID
    message_id: UUID | None = None
    words: str = ""  # what they wrote
    keyword: str = ""  # what we recognised


@dataclass(frozen=True, slots=True)
class Changed:
    """What a stop or a start did to one identity; a row of `sql/stop.sql` or `sql/start.sql`."""

    identity_id: UUID
    contact_id: UUID
    changed: bool  # false: it was so before
