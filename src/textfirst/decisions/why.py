"""Why it was sent, not sent, or sent by this channel: sentences for people who know no law, made of a decision's codes and facts when somebody reads it.

A reason's message says what was found, then the rule in its own plain words, then where that is written. Texts are English here and their own
keys in `core/languages`. What a later version decided is told as far as this one knows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from textfirst.consent.types import Kind as Permission
from textfirst.core.purposes import Purpose
from textfirst.core.words import in_language, say
from textfirst.decisions import hours
from textfirst.decisions.packs.shelf import Shelf
from textfirst.decisions.packs.types import Confidence, ConsentRule, ContentRule, HoursRule, LimitRule, Pack
from textfirst.decisions.packs.zones import zone, zone_known
from textfirst.decisions.record import FIELDS
from textfirst.decisions.types import Because, ChannelKind, Code, Decision, Verdict, code_word

ALLOWED: Final = "It was allowed to leave."
HEADLINES: Final[Mapping[Code, str]] = {  # what stands in a list, without values; the codes that others know too are told by `messages`
    Code.STOPPED_PURPOSE: "They do not want messages of this kind.",
    Code.REASSIGNED: "This number belongs to somebody else now.",
    Code.HELD: "They may have asked us to stop. Somebody has to read it first.",
    Code.COUNTRY_NOT_SERVED: "This workspace does not write to that country.",
    Code.DNC_LISTED: "The number is on a do-not-call register.",
    Code.NO_PERMISSION: "They never agreed to advertising from us.",
    Code.PERMISSION_UNPROVEN: "There is no proof that they agreed. An admin can answer for it, with a reason.",
    Code.PERMISSION_TOO_WEAK: "What they agreed to is not enough where they are.",
    Code.PERMISSION_EXPIRED: "Their consent has run out.",
    Code.PLAN_SAYS_NO: "The plan for such messages does not use this channel.",
    Code.CAPPED: "They had as many messages as this workspace sends to one person.",
    Code.OWN_CAP: "They had as many messages as they want from us.",
    Code.LAW_CAP: "They had as many messages as the law allows.",
    Code.GAVE_WAY: "A greeting waits on a day on which something more important goes to them.",
    Code.REPLACED: "A newer promotion took its place while it waited for room.",
    Code.TOPIC_UNANSWERED: "Its text speaks of something for which somebody of the team has to answer first.",
    Code.MOVED_BEFORE: "The planned time is outside the hours. It goes at the last allowed minute before.",
    **{Code(hours.DECISION_CODES + code): text for code, text in hours.SENTENCES.items()},
}
WITHIN_OWN: Final = {"own": "It is within the hours set for this workspace.", "staff": "It is within the hours in which the staff works."}
PLAIN: Final[Mapping[Code, str]] = {  # reasons that are told without values, besides the headlines
    Code.STOPPED: "They told us to stop. Nobody can text them until they write START.",
    Code.BLOCKED: "This contact is blocked. Unblock them to text them.",
    Code.EXPIRED: "It was no longer worth sending when its turn came.",
    Code.TOO_MANY: "This person was texted too often lately. It leaves as soon as there is room again.",
    Code.NO_NUMBER: "This contact has no phone number.",
    Code.NO_CHANNEL: "No channel is connected to send with. Add one under Channels.",
    Code.CHANNEL_OFF: "The channel is switched off. Switch it on under Channels.",
    Code.TEXT_FAILED: "The text cannot be made with this contact's details.",
    Code.TOO_LONG: "The text is too long.",
    Code.EMPTY: "With this contact's details the text would be empty.",
    Code.ANCHORED: "It is about an event, and not sent once that has begun.",
    Code.NO_HOURS_NEEDED: "Messages of this kind may go at any hour.",
    Code.HOUR_CHOSEN: "The person chose this hour.",
    Code.ANY_HOUR: "They agreed to advertising at any hour.",
    Code.PERMISSION_NOT_NEEDED: "A message of this kind needs no consent to advertising.",
    Code.DNC_CLEAR: "The number is on no do-not-call register.",
    Code.DNC_UNKNOWN: "We do not know whether the number is on a do-not-call register.",
    Code.DNC_OUTWEIGHED: "The number is on a do-not-call register, but they agreed to hear from us.",
    Code.REASSIGNMENT_UNKNOWN: "We do not know of anybody else having this number now.",
}
CHANNELS: Final[Mapping[int, str]] = {
    ChannelKind.TEXT: "text",
    ChannelKind.CALL: "call",
    ChannelKind.EMAIL: "e-mail",
    ChannelKind.CHAT: "chat",
}
PERMISSIONS: Final[Mapping[int, str]] = {
    Permission.LEGACY_UNPROVEN: "consent without proof",
    Permission.IMPLIED_INQUIRY: "they asked us something",
    Permission.IMPLIED_PURCHASE: "they bought something",
    Permission.SOFT_OPT_IN: "they are customers and did not refuse",
    Permission.ATTESTED: "an admin answers for their consent",
    Permission.EXPRESS: "they said yes",
    Permission.EXPRESS_WRITTEN: "they said yes in writing",
    Permission.DOUBLE_OPT_IN: "they said yes and confirmed it",
}
COUNTED_WITH: Final[Mapping[int, str]] = {
    0: "Promotions, greetings and requests for feedback",
    Purpose.PROMOTION: "Promotions",
    Purpose.GREETING: "Greetings",
    Purpose.FEEDBACK: "Requests for feedback",
    Purpose.REMINDER: "Reminders",
    Purpose.APPOINTMENT: "Messages about appointments",
    Purpose.NOTICE: "Notices",
}
TOPICS: Final[Mapping[str, str]] = {  # as the packs name them
    "sex": "sex",
    "alcohol": "alcohol",
    "firearms": "firearms",
    "tobacco": "tobacco and vaping",
    "cannabis": "cannabis and CBD",
    "gambling": "gambling",
    "lending": "loans",
    "crypto": "crypto-currencies",
}
SHUT: Final = frozenset({Code.QUIET_HOURS, Code.DECENT_HOURS, Code.HOLIDAY, Code.CLOSING_SOON, Code.OWN_HOURS, Code.STAFF_HOURS})
CAPS_THAT_WAIT: Final = frozenset({Code.CAPPED, Code.OWN_CAP, Code.LAW_CAP})
COUNTS: Final = frozenset({Code.COUNTED, Code.COUNTED_OWN, Code.COUNTED_LAW})
CHANNEL_CODES: Final = range(Code.PLAN_STEP, Code.PLAN_STEP + 20)  # answers to "why by this channel"

Parts = Iterable[str]  # sentences, each to be translated


def explain(decision: Decision, at: datetime, packs: Shelf, language: str) -> dict[str, Any]:
    """A decision of the moment `at` as the API tells it, in the reader's language."""
    reader = _Reader(_asked_for(decision, at), packs, language, _zones(decision), later=decision.until)
    told = [reader.reason(one) for one in decision.reasons if one.code != Code.CLOCKS]
    by_channel = [one for one, because in zip(told, _told(decision), strict=True) if because.code in CHANNEL_CODES]
    moment = decision.until or at
    return {
        "verdict": decision.verdict.name.lower(),
        "at": at,
        "headline": headline(decision, language),
        "reasons": [one for one in told if one not in by_channel],
        "channel": {"reasons": by_channel},
        "until": decision.until,
        "local_times": [{"zone": name, "at": moment.astimezone(zone(name))} for name in reader.zones],
    }


def headline(decision: Decision, language: str) -> dict[str, str]:
    """Code and sentence of what decided it."""
    if decision.verdict is Verdict.ALLOW or not decision.reasons:
        return {"code": "allowed", "message": in_language(ALLOWED, language)}
    code = decision.reasons[0].code
    return {"code": code_word(code), "message": in_language(short(code), language)}


def short(code: int) -> str:
    """The English sentence of a headline."""
    if code == Code.SCHEDULED:
        return "It is planned for later."
    known = HEADLINES.get(code) or PLAIN.get(code)  # type: ignore[call-overload]  # a code of a later version is not in them
    return known or say("A later version of Textfirst gave a reason that this one does not know: {number}.", number=code)


def _asked_for(decision: Decision, at: datetime) -> datetime:
    """The moment of which hours were asked first: the planned one."""
    planned = [one.facts[0] for one in decision.reasons if one.code == Code.SCHEDULED and one.facts]
    return datetime.fromtimestamp(int(planned[0]) * 60, UTC) if planned else at


def _told(decision: Decision) -> list[Because]:
    return [one for one in decision.reasons if one.code != Code.CLOCKS]


def _zones(decision: Decision) -> tuple[str, ...]:
    """Every zone it could be, of those that this version knows."""
    named = [str(name) for one in decision.reasons if one.code == Code.CLOCKS for name in one.facts]
    return tuple(name for name in named if zone_known(name))


class _Reader:
    """Tells the reasons of one decision."""

    def __init__(self, at: datetime, packs: Shelf, language: str, zones: tuple[str, ...], *, later: datetime | None) -> None:
        self.zones = zones
        self._at = at
        self._later = later
        self._packs = packs
        self._language = language

    def reason(self, because: Because) -> dict[str, Any]:
        facts = dict(zip(FIELDS.get(because.code, ()), because.facts, strict=False))  # type: ignore[call-overload]  # as in `short`
        rule = self._rule(facts)
        parts = [*self._of_when(because.code), *self._parts(because.code, facts), *_rule_says(rule, facts)]
        source = None if rule is None else _source(rule[1])
        return {
            "code": code_word(because.code),
            "message": " ".join(in_language(part, self._language) for part in parts),
            "facts": {**_readable(facts), **self._counted_at(because.code), **({"source": source} if source else {})},
        }

    def _of_when(self, code: int) -> Parts:
        """Of what waits, limits are told twice: those that make it wait, and as they will be when it leaves. Which is which."""
        if self._later is None:
            return []
        if code in CAPS_THAT_WAIT:
            return ["Before it may leave:"]
        return [say("When it may leave, {time}:", time=self.clock(self._later))] if code in COUNTS else []

    def _counted_at(self, code: int) -> dict[str, datetime]:
        """Of what waits: the moment for which a limit was counted that has room then."""
        return {"counted_at": self._later} if self._later is not None and code in COUNTS else {}

    def _rule(self, facts: Mapping[str, int | str]) -> tuple[Pack, HoursRule | ContentRule | ConsentRule | LimitRule] | None:
        name = str(facts.get("rule", ""))
        pack = self._packs.released.get((name.partition(".")[0], int(facts.get("version", 0))))
        found = next((rule for rule in pack.rules if rule.id == name), None) if pack is not None else None
        return None if pack is None or found is None else (pack, found)

    def _parts(self, code: int, facts: Mapping[str, int | str]) -> Parts:
        if code in TELL:
            return TELL[Code(code)](facts, self)
        if code == Code.WITHIN_HOURS and facts.get("rule") in WITHIN_OWN:
            return [WITHIN_OWN[str(facts["rule"])]]
        zone_ = str(facts.get("zone", ""))
        if code in SHUT and zone_known(zone_):
            return [short(code), say("It was {time} in {zone}.", time=f"{self._at.astimezone(zone(zone_)):%H:%M}", zone=zone_)]
        return [short(code)]

    def time(self, minute: int | str) -> str:
        """A minute since 1970, as `clock` tells it."""
        return self.clock(datetime.fromtimestamp(int(minute) * 60, UTC))

    def clock(self, moment: datetime) -> str:
        """A moment by the first clock it could be, else by UTC."""
        return (
            f"{moment.astimezone(zone(self.zones[0])):%Y-%m-%d %H:%M} ({self.zones[0]})" if self.zones else f"{moment:%Y-%m-%d %H:%M} (UTC)"
        )


def _rule_says(rule: tuple[Pack, HoursRule | ContentRule | ConsentRule | LimitRule] | None, facts: Mapping[str, int | str]) -> Parts:
    """The rule in its own words, and where that is written."""
    if rule is not None:
        pack, found = rule
        yield found.sentence(pack.name)
        yield say("Source: {source} ({checked}).", source=found.sources[0].name, checked=found.sources[0].checked)
    elif "." in str(facts.get("rule", "")):
        yield say(
            "The rule {rule} says so, version {version}; this version of Textfirst does not know it.",
            rule=facts["rule"],
            version=facts["version"],
        )


def _source(rule: HoursRule | ContentRule | ConsentRule | LimitRule) -> dict[str, Any]:
    source = rule.sources[0]
    return {"name": source.name, "url": source.url, "checked": source.checked, "confidence": Confidence(source.confidence).value}


def _readable(facts: Mapping[str, int | str]) -> dict[str, Any]:
    """The facts with the words of the API in place of numbers."""
    return {name: READABLE[name](int(value)) if name in READABLE else value for name, value in facts.items() if value != ""}


def _day(number: int) -> str:
    return date.fromordinal(date(1970, 1, 1).toordinal() + number).isoformat()


def _word(kinds: type[Permission | ChannelKind | Purpose], number: int) -> str | int:
    """The lower-case name, or the number itself where a later version knows more."""
    return next((kind.word for kind in kinds if kind == number), number)


READABLE: Final[Mapping[str, Callable[[int], Any]]] = {
    "kind": lambda number: _word(Permission, number),
    "channel": lambda number: _word(ChannelKind, number),
    "wish": lambda number: _word(ChannelKind, number),
    "purpose": lambda number: _word(Purpose, number) if number else None,
    "day": _day,
    "minute": lambda number: datetime.fromtimestamp(number * 60, UTC),
}


def _channel(facts: Mapping[str, int | str], name: str = "channel") -> str:
    return CHANNELS.get(int(facts[name]), str(facts[name]))


def _agreed(facts: Mapping[str, int | str]) -> str:
    return PERMISSIONS.get(int(facts["kind"]), str(facts["kind"]))


def _counted(facts: Mapping[str, int | str], _: _Reader) -> Parts:
    what = COUNTED_WITH.get(int(facts.get("purpose", Purpose.PROMOTION)), "Messages")
    count, texts, days = facts["count"], facts["texts"], facts["days"]
    if days == 1:
        yield say("{what} to them within 24 hours: {count}. The limit here is {texts}.", what=what, count=count, texts=texts)
    else:
        yield say("{what} to them within {days} days: {count}. The limit here is {texts}.", what=what, days=days, count=count, texts=texts)


def _topic(facts: Mapping[str, int | str]) -> str:
    return TOPICS.get(str(facts["topic"]), str(facts["topic"]))


def _country(facts: Mapping[str, int | str], _: _Reader) -> Parts:
    if facts["countries"]:
        yield say("The number may be of {countries}; this workspace does not write there.", countries=facts["countries"])
    else:
        yield "We do not know which country the number is of, and this workspace writes only to some."


def _by_age(facts: Mapping[str, int | str], _: _Reader) -> Parts:
    yield (
        "Nobody knows how they want to be reached. Most people of their age would rather be called."
        if facts["group"] == 1
        else ("Nobody knows how they want to be reached. Most people of their age would rather get a text.")
    )


def _law_cap(facts: Mapping[str, int | str], _: _Reader) -> Parts:
    yield say("Advertising that they had: {count}.", count=facts["count"])


def _own_cap(facts: Mapping[str, int | str], _: _Reader) -> Parts:
    yield say("They want at most {texts} a week from us, and had {count}.", texts=facts["texts"], count=facts["count"])


TELL: Final[Mapping[Code, Callable[[Mapping[str, int | str], _Reader], Parts]]] = {
    Code.REASSIGNED: lambda facts, _: [say("The number went to somebody else on {day}.", day=_day(int(facts["day"])))],
    Code.COUNTRY_NOT_SERVED: _country,
    Code.PERMISSION_TOO_WEAK: lambda facts, _: [HEADLINES[Code.PERMISSION_TOO_WEAK], say("What we have: {kind}.", kind=_agreed(facts))],
    Code.PERMISSION_EXPIRED: lambda facts, _: [
        say("Their consent ran out on {day}: {kind}.", day=_day(int(facts["day"])), kind=_agreed(facts))
    ],
    Code.CAPPED: _counted,
    Code.COUNTED: _counted,
    Code.OWN_CAP: _own_cap,
    Code.COUNTED_OWN: _own_cap,
    Code.LAW_CAP: _law_cap,
    Code.REPLACES: lambda facts, _: [say("It takes the place of earlier promotions that waited for room: {count}.", count=facts["count"])],
    Code.REPLACED: lambda facts, reader: [
        short(Code.REPLACED),
        say("The newer one was made at {time}.", time=reader.time(facts["minute"])),
    ],
    Code.COUNTED_LAW: _law_cap,
    Code.SCHEDULED: lambda facts, reader: (
        [say("It is planned for {time}.", time=reader.time(facts["minute"]))] if facts else [short(Code.SCHEDULED)]
    ),
    Code.ANCHORED: lambda facts, reader: [
        say("It is about what happens at {time}, and not sent from then on.", time=reader.time(facts["minute"]))
    ],
    Code.MOVED_BEFORE: lambda facts, reader: [
        say("{time} is outside the hours. So it goes at the last allowed minute before.", time=reader.time(facts["minute"]))
    ],
    Code.PERMISSION: lambda facts, _: [say("We may send them advertising: {kind}.", kind=_agreed(facts))],
    Code.TOPIC_UNANSWERED: lambda facts, _: [
        say("The text speaks of {topic}, and nobody of the team answers for that yet.", topic=_topic(facts))
    ],
    Code.TOPIC_ANSWERED: lambda facts, _: [say("The text speaks of {topic}; an admin answers for that.", topic=_topic(facts))],
    Code.PLAN_SAYS_NO: lambda facts, _: [
        say("The plan for such messages has no step by {channel} that can be taken.", channel=_channel(facts))
    ],
    Code.PLAN_STEP: lambda facts, _: [
        say("Step {step} of the plan for such messages: {channel}.", step=facts["step"], channel=_channel(facts))
    ],
    Code.PREFERRED: lambda facts, _: [say("They asked to be reached by {channel}.", channel=_channel(facts))],
    Code.BY_AGE: _by_age,
    Code.URGENCY_OVERRIDES: lambda facts, _: [
        say(
            "They would rather be reached by {wish}, but this is urgent, so {channel} comes first.",
            wish=_channel(facts, "wish"),
            channel=_channel(facts),
        )
    ],
    Code.NOT_CONNECTED: lambda facts, _: [say("Nothing is connected to reach people by {channel}.", channel=_channel(facts))],
    Code.PREFERENCE_NOT_IN_PLAN: lambda facts, _: [
        say("They would rather be reached by {channel}, which the plan for such messages does not have.", channel=_channel(facts))
    ],
}
