"""What a rule pack says. These models are the file format too: what they do not know, or cannot read, breaks the pack."""

from __future__ import annotations

import string
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StrictBool, StrictInt, model_validator

from textfirst.consent.types import Kind as Permission
from textfirst.core.words import Sentence, say

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60  # minutes

LONGEST_ALPHANUMERIC_SENDER = 11  # characters (3GPP TS 23.040)


class LegalClass(StrEnum):
    """What the law takes a message for; each purpose has one (`hours.CLASSES`)."""

    MARKETING = "marketing"
    SERVICE = "service"
    CONVERSATIONAL = "conversational"
    INTERNAL = "internal"
    EMERGENCY = "emergency"


class Kind(StrEnum):
    TEXT = "text"
    CALL = "call"
    EMAIL = "email"


class Effect(StrEnum):
    """What a finding of a content check does."""

    WARN = "warn"
    ATTEST = "attest"  # somebody has to say that it is allowed
    BLOCK = "block"


class Confidence(StrEnum):
    PRIMARY = "primary"  # the law's or the authority's own text was read
    SECONDARY = "secondary"  # a law firm, a vendor, a newspaper
    UNCERTAIN = "uncertain"  # sources disagree, or none was found


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Part):
    """Minutes of a local day: from `opens` to before `closes`."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{clock(self.opens)}-{clock(self.closes)}"


def clock(minutes: int) -> str:
    """540 as 09:00."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _span(value: object) -> object:
    if isinstance(value, Span):
        return value
    if not isinstance(value, str):
        raise ValueError('write hours as "09:00-21:00"')  # noqa: TRY004 - pydantic makes a finding of a ValueError
    opens, dash, closes = value.partition("-")
    made = {"opens": _minutes(opens), "closes": _minutes(closes)} if dash else {}
    if not made or not 0 <= made["opens"] < made["closes"] <= DAY:
        raise ValueError('write hours as "09:00-21:00", the earlier first, 24:00 at the latest')
    return made


def _minutes(text: str) -> int:
    hours, minutes = text[:2], text[3:]
    if len(text) != 5 or text[2] != ":" or not (hours + minutes).isdecimal() or int(minutes) > 59:
        raise ValueError('write a time as "09:00"')
    return int(hours) * 60 + int(minutes)


def _in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    if any(one.closes >= next_.opens for one, next_ in pairwise(spans)):
        raise ValueError("write the spans of a day in order, with time between them")
    return spans


def _as_written(spans: tuple[Span, ...]) -> list[str]:
    return [str(span) for span in spans]


Spans = Annotated[tuple[Annotated[Span, BeforeValidator(_span)], ...], AfterValidator(_in_order), PlainSerializer(_as_written)]


def _month_and_day(text: str) -> str:
    try:
        date.fromisoformat(f"2001-{text}")  # no leap year: a holiday on 29 February would not come every year
    except ValueError:
        raise ValueError('write a day of the year as "12-25"') from None
    return text


MonthDay = Annotated[str, AfterValidator(_month_and_day)]


class Source(_Part):
    """Where it is written, and how sure we are."""

    name: Annotated[str, Field(min_length=3)]
    url: Annotated[str, Field(pattern=r"^https://\S+$")] | None = None
    checked: date
    confidence: Confidence


class Holiday(_Part):
    """A day of every year: on a date, so many days after Easter Sunday, or the first weekday on or after a date."""

    name: Annotated[str, Field(min_length=3)]
    on: MonthDay | None = None
    easter: StrictInt | None = None
    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] | None = None
    since: MonthDay | None = None
    observed: StrictBool = False  # on a Saturday the Friday is off too, on a Sunday the Monday

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = (self.on is not None, self.easter is not None, self.weekday is not None)
        if sum(ways) != 1 or (self.weekday is None) != (self.since is None):
            raise ValueError("give one of: on, easter, weekday with since")
        return self

    def days(self, year: int) -> tuple[date, ...]:
        if self.easter is not None:
            return (easter_sunday(year) + timedelta(days=self.easter),)
        start = date.fromisoformat(f"{year}-{self.on or self.since}")
        if self.weekday is not None:
            return (start + timedelta(days=(WEEKDAYS.index(self.weekday) - start.weekday()) % 7),)
        if not self.observed or start.weekday() < 5:
            return (start,)
        return (start, start + timedelta(days=-1 if start.weekday() == 5 else 1))


def easter_sunday(year: int) -> date:
    """The Gregorian reckoning (Meeus/Jones/Butcher)."""
    golden, century, rest = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


class _Rule(_Part):
    mentions: ClassVar[frozenset[str]] = frozenset({"place"})  # what `says` may have in braces

    id: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?\.[a-z0-9-]+$")]
    reference: str = ""  # the paragraph it follows, for lawyers
    kinds: Annotated[frozenset[Kind], Field(min_length=1)]
    says: Annotated[str, Field(min_length=10)]  # a sentence for people; English, its own key in core/languages
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _fillable(self) -> Self:
        named = {name for _, name, _, _ in string.Formatter().parse(self.says) if name is not None}
        if not named <= self.mentions:
            raise ValueError(f"says may mention {', '.join(sorted(self.mentions))} in braces, nothing else")
        return self


class Week(_Part):
    """The open spans of each weekday; every day has to be said, a closed one as []."""

    mon: Spans
    tue: Spans
    wed: Spans
    thu: Spans
    fri: Spans
    sat: Spans
    sun: Spans

    @cached_property
    def days(self) -> tuple[Spans, ...]:
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)


class HoursRule(_Rule):
    """When people may be reached. `law` lists the classes it binds, `courtesy` those for which we keep it unasked."""

    mentions: ClassVar[frozenset[str]] = frozenset({"place", "opens", "closes"})

    law: frozenset[LegalClass]
    courtesy: frozenset[LegalClass] = frozenset()
    open: Week
    holidays: Spans | None = None  # open spans on holidays; unsaid: as on any day
    margin_minutes: Annotated[StrictInt, Field(ge=0, le=120)]  # nothing is begun so shortly before closing (H2)

    @model_validator(mode="after")
    def _binds_somebody(self) -> Self:
        if not self.classes or self.law & self.courtesy:
            raise ValueError("name each legal class once, under law or under courtesy")
        return self

    @cached_property
    def classes(self) -> frozenset[LegalClass]:
        return self.law | self.courtesy

    def sentence(self, place: str) -> Sentence:
        """What it says to people, of the pack named `place`; {opens} and {closes} are Monday's."""
        first, last = (self.open.mon[0].opens, self.open.mon[-1].closes) if self.open.mon else (0, DAY)
        return say(self.says, place=place, opens=clock(first), closes=clock(last))

    def spans(self, day: date, *, holiday: bool) -> Spans:
        return self.holidays if holiday and self.holidays is not None else self.open.days[day.weekday()]


class ContentRule(_Rule):
    """What a text or its sender has to look like. `content.CHECKS` says what each check does with its words."""

    check: Literal[
        "begins_with",
        "tells_how_to_stop",
        "ends_with_how_to_stop",
        "sender_begins_with",
        "sender_ends_with",
        "first_message",
        "links",
        "topics",
    ]
    classes: Annotated[frozenset[LegalClass], Field(min_length=1)]
    effect: Effect
    words: Annotated[dict[str, tuple[Annotated[str, Field(min_length=1)], ...]], Field(min_length=1)]
    adds: dict[str, str] = {}  # what the fix puts in, by the same keys

    def sentence(self, place: str) -> Sentence:
        """What it says to people, of the pack named `place`."""
        return say(self.says, place=place)

    @model_validator(mode="after")
    def _fixes_what_it_checks(self) -> Self:
        if not self.adds.keys() <= self.words.keys() or not all(self.words.values()):
            raise ValueError("adds has a key that words has not, or a list of words is empty")
        return self


def _permission(word: object) -> Permission:
    known = {kind.word: kind for kind in Permission if kind is not Permission.LEGACY_UNPROVEN}
    if not isinstance(word, str) or word not in known:
        raise ValueError(f"a permission is one of: {', '.join(known)}")  # what is unproven permits nothing anywhere (C4)
    return known[word]


class ConsentRule(_Rule):
    """Which permissions are enough. `listed` says what a number on a do-not-call register still gets: with a permission of its own, or nothing."""

    classes: Annotated[frozenset[LegalClass], Field(min_length=1)]
    permits: Annotated[frozenset[Annotated[Permission, BeforeValidator(_permission)]], Field(min_length=1)]
    listed: Literal["own_permission", "nothing"] = "own_permission"

    def sentence(self, place: str) -> Sentence:
        """What it says to people, of the pack named `place`."""
        return say(self.says, place=place)


class LimitRule(_Rule):
    """At most so many messages to one person within so many days, whatever the workspace's own caps are.

    `relied_on`: the condition of an exemption (U5), which binds who relies on that one and says so (`Policy.relies_on`).
    """

    mentions: ClassVar[frozenset[str]] = frozenset({"place", "texts", "days"})

    classes: Annotated[frozenset[LegalClass], Field(min_length=1)]
    texts: Annotated[StrictInt, Field(ge=1)]
    days: Annotated[StrictInt, Field(ge=1, le=31)]
    characters: Annotated[StrictInt, Field(ge=1)] | None = None  # in a text, at most
    relied_on: StrictBool = False

    def sentence(self, place: str) -> Sentence:
        """What it says to people, of the pack named `place`."""
        return say(self.says, place=place, texts=self.texts, days=self.days)


class Pack(_Part):
    """All we know of one jurisdiction, at one version. `sha256` is the file's."""

    jurisdiction: Annotated[str, Field(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]  # ISO 3166-1 or -2; ZZ: not known
    version: Annotated[StrictInt, Field(ge=1)]
    name: Annotated[str, Field(min_length=2)]
    within: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None  # its rules hold as well
    regions_differ: StrictBool = False  # parts of it have their own rules: without knowing the part, the strict default holds as well
    sha256: str
    holidays: tuple[Holiday, ...] = ()
    hours: tuple[HoursRule, ...] = ()
    content: tuple[ContentRule, ...] = ()
    consent: tuple[ConsentRule, ...] = ()
    limits: tuple[LimitRule, ...] = ()

    @cached_property
    def rules(self) -> tuple[HoursRule | ContentRule | ConsentRule | LimitRule, ...]:
        return (*self.hours, *self.content, *self.consent, *self.limits)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [rule.id for rule in self.rules]
        if not ids or len(set(ids)) < len(ids) or any(not id_.startswith(f"{self.jurisdiction}.") for id_ in ids):
            raise ValueError(f"there are rules, each with an id of its own that begins with {self.jurisdiction}.")
        if not self.holidays and any(rule.holidays is not None for rule in self.hours):
            raise ValueError("a rule speaks of holidays, and the pack lists none")
        if ("-" in self.jurisdiction) != (self.within is not None) or (self.within and not self.jurisdiction.startswith(self.within)):
            raise ValueError("a part of a country names the country as within, and nothing else does")
        return self

    def holidays_of(self, year: int) -> frozenset[date]:
        """The holidays that fall into `year`, also those observed for the first day of the next."""
        return frozenset(day for one in self.holidays for each in (year, year + 1) for day in one.days(each) if day.year == year)
