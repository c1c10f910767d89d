"""When may this person be reached? The hours of every law that may bind, by every clock that may be theirs; all must agree (H1).

Pure: who may be where, the rule packs and a moment in; open, later or never out, with reasons that hold no words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from textfirst.core.purposes import Purpose
from textfirst.decisions.packs.places import Place, place_of_address, place_of_number
from textfirst.decisions.packs.shelf import STRICT, Shelf
from textfirst.decisions.packs.types import DAY, HoursRule, Kind, LegalClass, Pack, Spans, Week
from textfirst.decisions.packs.zones import zone, zone_known
from textfirst.decisions.types import Because

CLASSES: Mapping[Purpose, LegalClass] = {
    Purpose.PROMOTION: LegalClass.MARKETING,
    Purpose.GREETING: LegalClass.MARKETING,
    Purpose.FEEDBACK: LegalClass.SERVICE,
    Purpose.REMINDER: LegalClass.SERVICE,
    Purpose.APPOINTMENT: LegalClass.SERVICE,
    Purpose.NOTICE: LegalClass.SERVICE,
    Purpose.SUPPORT: LegalClass.CONVERSATIONAL,
    Purpose.STAFF: LegalClass.INTERNAL,
    Purpose.CODE: LegalClass.SERVICE,
    Purpose.URGENT: LegalClass.EMERGENCY,
}
NO_HOURS: frozenset[tuple[Purpose, Kind]] = frozenset(
    {(Purpose.NOTICE, Kind.TEXT), (Purpose.NOTICE, Kind.EMAIL), *((Purpose.CODE, kind) for kind in Kind)}
)

DECISION_CODES = 30  # a Code here and thirty is the one of `types.Code`
DAY_SECONDS = DAY * 60
BEHIND, AHEAD = 2, 14  # days a timetable looks back (for the last open minute) and forward (for the next)
MOST_TIMETABLES = 4096  # kept at once; one is some kB


class Opening(IntEnum):
    OPEN = 1
    LATER = 2  # not before `not_before`
    NEVER = 3  # no hour in common, or nothing is known to go by


class Code(IntEnum):
    """Why; stored as numbers, never reused."""

    WITHIN_HOURS = 1  # this rule was asked and says yes
    NO_RULE = 2  # no rule has hours for such a message
    QUIET_HOURS = 3  # a law's hours
    DECENT_HOURS = 4  # hours we keep unasked
    HOLIDAY = 5
    CLOSING_SOON = 6  # open, and within the margin before closing
    PAST_VALIDITY = 7  # it opens only after the message is worth nothing
    NO_COMMON_HOUR = 8  # the places it could be are never open together
    COUNTRY_UNKNOWN = 9  # no pack for this country, or no country: the strict default
    REGION_UNKNOWN = 10  # the country's parts differ, and the part is not known: the strict default as well
    ZONE_UNKNOWN = 11  # no clock to go by
    ZONE_INVALID = 12  # the contact's own zone is none; it was left out
    OWN_HOURS = 13  # the workspace's, narrower than the rules
    STAFF_HOURS = 14  # of the people who work there


SENTENCES: Mapping[Code, str] = {  # English, their own keys in core/languages; a rule's own sentence follows
    Code.WITHIN_HOURS: "The hours of this rule allow it.",
    Code.NO_RULE: "No rule sets hours for such a message.",
    Code.QUIET_HOURS: "A law's hours do not allow it now.",
    Code.DECENT_HOURS: "It is outside the hours we keep of our own accord.",
    Code.HOLIDAY: "It is a holiday there.",
    Code.CLOSING_SOON: "The hours are about to end, and it might arrive too late.",
    Code.PAST_VALIDITY: "The hours open only after this message is worth sending.",
    Code.NO_COMMON_HOUR: "The places this person may be in have no hour in common. Give the contact a time zone and an address that agree with the number.",
    Code.COUNTRY_UNKNOWN: "We have no rules for this person's country, or do not know it. The strictest hours hold.",
    Code.REGION_UNKNOWN: "The parts of this country have rules of their own, and we do not know which holds. The strictest hours hold as well.",
    Code.ZONE_UNKNOWN: "We do not know what time it is where this person is.",
    Code.ZONE_INVALID: "The contact's time zone is not one we know, and was left out.",
    Code.OWN_HOURS: "It is outside the hours set for this workspace.",
    Code.STAFF_HOURS: "It is outside the hours in which the staff works.",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """`rule` and `version` name the rule of the pack, `zone` the clock by which it says no; `zone` is the wrong word itself for ZONE_INVALID."""

    code: Code
    rule: str = ""
    version: int = 0
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """Hours besides the packs', by each clock; they only ever narrow. `rule` stands for them in reasons, and equal keys are equal hours."""

    key: str
    code: Code = field(compare=False)
    rule: str = field(compare=False)
    week: Week | None = field(compare=False)
    margin_minutes: int = field(compare=False, default=0)  # before every closing, on top of the rules'
    closed: frozenset[date] = field(compare=False, default=frozenset())  # days on which `week` does not hold


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer depends on besides the moment; equal ones share a timetable. Made by `asked`."""

    legal: LegalClass
    kind: Kind
    jurisdictions: tuple[str, ...]
    zones: tuple[str, ...]
    doubts: tuple[Reason, ...] = ()
    own: Own | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """For OPEN and LATER: begin not before `not_before` and before `send_by`; nothing may arrive at or after `not_after`, the close itself. None: no bound.

    `because` are the reasons as a decision tells them.
    """

    opening: Opening
    reasons: tuple[Reason, ...]
    not_before: datetime | None = None
    send_by: datetime | None = None
    not_after: datetime | None = None
    because: tuple[Because, ...] = field(compare=False, default=())


def keeps_hours(purpose: Purpose, kind: Kind) -> bool:
    """Whether hours are asked for at all; a reminder whose hour the person chose is the caller's to leave out."""
    return (purpose, kind) not in NO_HOURS and CLASSES[purpose] in {LegalClass.MARKETING, LegalClass.SERVICE}


def asked(legal: LegalClass, kind: Kind, packs: Shelf, *, number: str = "", country: str = "", region: str = "", zone: str = "") -> Asked:
    """Everywhere this person may be, by what is known of them; empty means not known."""
    places = [place_of_number(number)] if number else []
    if country:
        places.append(place_of_address(country.upper(), region.upper()))
    zones = {each for place in places for each in place.zones if zone_known(each)}
    doubts: list[Reason] = []
    if zone and zone_known(zone):
        zones.add(zone)
    elif zone:
        doubts.append(Reason(Code.ZONE_INVALID, zone=zone))
    jurisdictions, unsure = _jurisdictions(places, packs)
    return Asked(legal, kind, jurisdictions, tuple(sorted(zones)), (*doubts, *unsure))


def _jurisdictions(places: Sequence[Place], packs: Shelf) -> tuple[tuple[str, ...], list[Reason]]:
    """Those with packs, countries included for their parts; the strict default wherever something is open."""
    named = {each for place in places for each in place.jurisdictions}
    countries = {each[:2] for each in named}
    doubts = []
    if not countries or not countries <= packs.packs.keys() or any(not place.jurisdictions for place in places):
        doubts.append(Reason(Code.COUNTRY_UNKNOWN, f"{STRICT}.strict-hours", packs.packs[STRICT].version))
    parts_known = {each[:2] for each in named if "-" in each}
    if any(country in packs.packs and packs.packs[country].regions_differ and country not in parts_known for country in countries):
        doubts.append(Reason(Code.REGION_UNKNOWN, f"{STRICT}.strict-hours", packs.packs[STRICT].version))
    strict = {STRICT} if doubts else set()
    return tuple(sorted((named | countries | strict) & packs.packs.keys())), doubts


def local_times(question: Asked, moment: datetime) -> dict[str, datetime]:
    """What the clocks say in each zone it could be: for the sentence that explains an answer."""
    return {name: moment.astimezone(zone(name)) for name in question.zones}


class Windows:
    """When messages may begin, for many: equal questions of one UTC day share a timetable."""

    def __init__(self, packs: Shelf) -> None:
        self._packs = packs
        self._timetables: dict[tuple[Asked, int], Timetable] = {}

    def at(self, question: Asked, now: datetime) -> Answer:
        """Whether to begin at `now` (aware), or when."""
        seconds = now.timestamp()
        return self._timetable(question, int(seconds // DAY_SECONDS)).at(seconds)

    def last_before(self, question: Asked, planned: datetime) -> datetime | None:
        """The last minute before `planned` at which a message may begin, at most two days back (X1: a sale announced an hour before midnight)."""
        seconds = planned.timestamp()
        return self._timetable(question, int(seconds // DAY_SECONDS)).last_before(seconds)

    def _timetable(self, question: Asked, day: int) -> Timetable:
        found = self._timetables.get((question, day))
        if found is None:
            if len(self._timetables) >= MOST_TIMETABLES:
                self._timetables.clear()
            found = self._timetables[question, day] = Timetable(question, self._packs, day)
        return found


@dataclass(frozen=True, slots=True)
class _Clock:
    """One rule by one clock, in UTC seconds: when it is open, and when something may begin."""

    reason: Reason
    holidays: Stretches
    open: Stretches
    begin: Stretches

    def says(self, at: float) -> Reason | None:
        """Why not at `at`; None when it may."""
        if self.begin.has(at):
            return None
        if self.open.has(at):
            return replace(self.reason, code=Code.CLOSING_SOON)
        return replace(self.reason, code=Code.HOLIDAY) if self.holidays.has(at) else self.reason


class Stretches:
    """Times that lie apart, in order: [start, end). What ends before it begins is none."""

    def __init__(self, spans: Iterable[tuple[float, float]]) -> None:
        merged: list[list[float]] = []
        for start, end in sorted(spans):
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end)
            elif start < end:
                merged.append([start, end])
        self.edges = tuple(edge for span in merged for edge in span)

    def has(self, at: float) -> bool:
        return bisect_right(self.edges, at) % 2 == 1

    def less(self, margin: float) -> Stretches:
        """Each without its last `margin` seconds."""
        return Stretches((start, end - margin) for start, end in zip(self.edges[::2], self.edges[1::2], strict=True))


class Timetable:
    """The answers of some days: between two of `_edges` it is always the same one."""

    def __init__(self, question: Asked, packs: Shelf, day: int) -> None:
        first, last = (day - BEHIND) * DAY_SECONDS, (day + 1 + AHEAD) * DAY_SECONDS
        rules = _rules(question, packs)
        clocks = _own_clocks(question, first, last) + _clocks(question, rules, first, last)
        inside = {edge for clock in clocks for times in (clock.open, clock.begin, clock.holidays) for edge in times.edges}
        self._edges: list[float] = [first, *sorted(edge for edge in inside if first < edge < last), last]
        answers = (
            _answers(question, clocks, self._edges)
            if clocks
            else [_no_clock(question, asked=bool(rules or (question.own and question.own.week)))] * (len(self._edges) - 1)
        )
        self._answers = [replace(answer, because=_because(answer.reasons)) for answer in answers]

    def at(self, seconds: float) -> Answer:
        return self._answers[bisect_right(self._edges, seconds) - 1]

    def last_before(self, seconds: float) -> datetime | None:
        for number in range(bisect_right(self._edges, seconds) - 1, -1, -1):
            minute = min(seconds, self._edges[number + 1] - 1) // 60 * 60
            if self._answers[number].opening is Opening.OPEN and minute >= self._edges[number]:
                return _moment(minute)
        return None


def _because(reasons: Iterable[Reason]) -> tuple[Because, ...]:
    """Each rule once, with the first clock by which it says so: a country may have thirty."""
    first = {(reason.code, reason.rule): reason for reason in reversed(tuple(reasons))}
    return tuple(Because(DECISION_CODES + one.code, (one.rule, one.version, one.zone)) for one in reversed(first.values()))


def _answers(question: Asked, clocks: Sequence[_Clock], edges: Sequence[float]) -> list[Answer]:
    """From the last stretch to the first, so that each knows when the next one opens and closes."""
    asked_rules = tuple(
        replace(each, code=Code.WITHIN_HOURS, zone="") for each in dict.fromkeys(replace(clock.reason, zone="") for clock in clocks)
    )
    answers: list[Answer] = []
    upcoming: Answer | None = None
    send_by = close = edges[-1]
    for start in edges[-2::-1]:
        why = tuple(reason for clock in clocks if (reason := clock.says(start)) is not None)
        if not all(clock.open.has(start) for clock in clocks):
            close = start
        if why:
            send_by = start
            answers.append(_later(question, why, upcoming))
            continue
        answers.append(Answer(Opening.OPEN, question.doubts + asked_rules, None, _moment(send_by), _moment(close)))
        upcoming = replace(answers[-1], not_before=_moment(start))
    return answers[::-1]


def _later(question: Asked, why: tuple[Reason, ...], upcoming: Answer | None) -> Answer:
    if upcoming is None:
        return Answer(Opening.NEVER, (Reason(Code.NO_COMMON_HOUR), *question.doubts, *why))
    return Answer(Opening.LATER, question.doubts + why, upcoming.not_before, upcoming.send_by, upcoming.not_after)


def _no_clock(question: Asked, *, asked: bool) -> Answer:
    """No rule speaks of such a message; or there are rules and no clock: advertising stays here then, a service may go."""
    code = Code.ZONE_UNKNOWN if asked else Code.NO_RULE
    shut = asked and question.legal is LegalClass.MARKETING
    return Answer(Opening.NEVER if shut else Opening.OPEN, (Reason(code), *question.doubts))


def _rules(question: Asked, packs: Shelf) -> list[tuple[Pack, HoursRule]]:
    found = [(pack, rule) for name in question.jurisdictions for pack in [packs.packs[name]] for rule in pack.hours]
    return [(pack, rule) for pack, rule in found if question.legal in rule.classes and question.kind in rule.kinds]


def _clocks(question: Asked, rules: Sequence[tuple[Pack, HoursRule]], first: float, last: float) -> list[_Clock]:
    """Every rule by every clock."""
    days = _days(first, last)
    return [_clock(pack, rule, question, name, days) for pack, rule in rules for name in question.zones]


def _own_clocks(question: Asked, first: float, last: float) -> list[_Clock]:
    own = question.own
    if own is None or own.week is None:
        return []
    clocks = []
    for name in question.zones:
        spans = [(day, () if day in own.closed else own.week.days[day.weekday()]) for day in _days(first, last)]
        opened = Stretches(pair for day, some in spans for pair in _utc(day, some, zone(name)))
        clocks.append(_Clock(Reason(own.code, own.rule, 0, name), Stretches(()), opened, opened.less(own.margin_minutes * 60)))
    return clocks


def _days(first: float, last: float) -> list[date]:
    """Every local day that touches these UTC seconds in any zone."""
    start, end = _moment(first).date() - timedelta(days=2), _moment(last).date() + timedelta(days=2)
    return [start + timedelta(days=number) for number in range((end - start).days)]


def _clock(pack: Pack, rule: HoursRule, question: Asked, name: str, days: Sequence[date]) -> _Clock:
    margin = rule.margin_minutes + (question.own.margin_minutes if question.own else 0)
    there, holidays = zone(name), holidays_between(pack, days[0].year, days[-1].year)
    opened = Stretches(pair for day in days for pair in _utc(day, rule.spans(day, holiday=day in holidays), there))
    free = Stretches(
        (_start(day, there), _start(day + timedelta(days=1), there)) for day in days if rule.holidays is not None and day in holidays
    )
    code = Code.QUIET_HOURS if question.legal in rule.law else Code.DECENT_HOURS
    return _Clock(Reason(code, rule.id, pack.version, name), free, opened, opened.less(margin * 60))


def holidays_between(pack: Pack, first: int, last: int) -> frozenset[date]:
    """The pack's holidays of the years `first` to `last`."""
    return frozenset(day for year in range(first, last + 1) for day in pack.holidays_of(year)) if pack.holidays else frozenset()


def _utc(day: date, spans: Spans, there: ZoneInfo) -> Iterable[tuple[float, float]]:
    """Local spans of a day in UTC seconds. Where the clock jumps or repeats, the narrower reading: it opens at the later of the two moments the
    local time could mean, and closes at the earlier one.
    """
    for span in spans:
        opens, closes = (_wall(day, minutes, there) for minutes in (span.opens, span.closes))
        yield max(opens), min(closes)


def _wall(day: date, minutes: int, there: ZoneInfo) -> tuple[float, float]:
    naive = datetime(day.year, day.month, day.day) + timedelta(minutes=minutes)  # noqa: DTZ001 - its zone comes next
    return tuple(naive.replace(tzinfo=there, fold=fold).timestamp() for fold in (0, 1))  # type: ignore[return-value]


def _start(day: date, there: ZoneInfo) -> float:
    return _wall(day, 0, there)[0]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
