"""Who told us to stop or to start, and how we know."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


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
