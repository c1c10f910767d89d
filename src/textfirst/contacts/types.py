"""What a contact is to the rest of Textfirst, in plain values: facts about addresses, rules of segments, files on their way in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from textfirst.core.addresses import Address

# ---- addresses


@dataclass(frozen=True, slots=True)
class IdentityFact:
    """An address and whose it is; a row of `sql/find_or_make.sql`."""

    address: Address
    contact_id: UUID
    identity_id: UUID
    version: int
    created: bool


# ---- groups


class Op(StrEnum):
    """How a condition compares; text without regard to case."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    IS_SET = "is_set"
    IS_NOT_SET = "is_not_set"
    BEFORE = "before"
    AFTER = "after"
    GREATER = "greater"
    LESS = "less"

    @property
    def takes_value(self) -> bool:
        return self not in {Op.IS_SET, Op.IS_NOT_SET}


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: `field` as the API writes it (`label`, `attribute.city`), `value` as text in its canonical form."""

    field: str
    op: Op
    value: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rules of which all, or any, must hold. Without rules: `all` holds for everybody, `any` for nobody."""

    match: str  # all | any
    rules: tuple[Rule, ...]


Rule: TypeAlias = Condition | Group


@dataclass(frozen=True, slots=True)
class Fragment:
    """SQL with named parameters; joins into a statement that also gives `workspace_id`."""

    sql: str
    params: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a campaign is for: the union, each contact once."""

    everyone: bool = False
    lists: tuple[UUID, ...] = ()
    segments: tuple[UUID, ...] = ()
    contacts: tuple[UUID, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.everyone or self.lists or self.segments or self.contacts)


# ---- how somebody wants to be reached


class Prefers(IntEnum):
    """The kind of channel a person asked for, as it is stored; words are the lower-case names."""

    NOTHING = 0  # nothing said
    TEXT = 1
    CALL = 2
    EMAIL = 3
    CHAT = 4

    @property
    def word(self) -> str:
        """Empty when nothing was said."""
        return self.name.lower() if self else ""


# ---- a contact as it is written


@dataclass(frozen=True, slots=True)
class ContactFields:
    """What a person can be told to be; None leaves as it is, an attribute of None is taken away."""

    first_name: str | None = None
    last_name: str | None = None
    language: str | None = None
    time_zone: str | None = None
    birthday: date | None = None
    clear_birthday: bool = False
    blocked: bool | None = None
    attributes: dict[str, str | None] | None = None
    country: str | None = None
    region: str | None = None
    prefers: Prefers | None = None
    own_cap: int | None = None  # marketing messages a week
    clear_own_cap: bool = False


# ---- import


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file: where it is, what it is called, a few of its values."""

    index: int
    name: str
    samples: tuple[str, ...]
    date_order: str = ""  # dmy | mdy | ymd, for a column of dates
    date_order_assumed: bool = False  # no value decided it


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is to be read."""

    kind: str  # csv | xlsx
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    has_header: bool = True
    columns: tuple[Column, ...] = ()


Mapping_: TypeAlias = dict[int, str]  # column → phone | first_name | … | attribute.<key> | label | ignore


@dataclass(frozen=True, slots=True)
class Reading:
    """All it takes to read a row: the mapping by column, the country of local numbers, the order of dates, today."""

    mapping: dict[int, str]
    country: str
    today: date
    names: tuple[str, ...] = ()  # headers, so that a problem can name its column
    date_orders: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row understood: whom it is about and what it says about them. Empty cells say nothing and are not here."""

    row: int  # as the spreadsheet counts, from 1
    addresses: tuple[Address, ...]
    fields: dict[str, Any] = field(default_factory=dict)  # by the names of rules.merging.FIELDS
    attributes: dict[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    facts: dict[str, Any] = field(
        default_factory=dict
    )  # by rules.headers.BESIDE: what is not the contact's own, for who follows the import


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that could not be read, and why."""

    row: int
    column: str
    code: str
    facts: dict[str, str]
    cells: tuple[str, ...]


# ---- a contact as it is shown


@dataclass(frozen=True, slots=True)
class IdentityCard:
    id: UUID
    scheme: str
    address: str
    stopped: bool  # they told us to stop; `ContactCard.blocked` is our own doing

    @property
    def urn(self) -> str:
        return f"{self.scheme}:{self.address}"


@dataclass(frozen=True, slots=True)
class LabelCard:
    id: UUID
    name: str
    color: str


@dataclass(frozen=True, slots=True)
class ListCard:
    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ContactCard:
    id: UUID
    first_name: str
    last_name: str
    language: str
    time_zone: str
    birthday: date | None
    attributes: dict[str, str]
    blocked: bool
    created_at: datetime
    updated_at: datetime
    country: str = ""  # ISO 3166-1, where they live; empty: not known
    region: str = ""  # the part of it, as ISO 3166-2 after the dash
    prefers: Prefers = Prefers.NOTHING
    own_cap: int | None = None  # at most so many marketing messages a week, chosen by them
    identities: tuple[IdentityCard, ...] = ()
    labels: tuple[LabelCard, ...] = ()
    lists: tuple[ListCard, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def phone(self) -> str:
        return next((identity.address for identity in self.identities if identity.scheme == "tel"), "")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which contacts of a workspace; None asks for nothing."""

    search: str = ""
    list_id: UUID | None = None
    label_id: UUID | None = None
    segment_id: UUID | None = None
    stopped: bool | None = None
    blocked: bool | None = None
    ids: tuple[UUID, ...] | None = None
    country: str = ""
    prefers: Prefers | None = None


@dataclass(frozen=True, slots=True)
class MergeField:
    """What a text can say about a contact: `contact.first_name`, and a contact's value for it."""

    key: str
    name: str
    kind: str  # text | date | phone
    example: str
