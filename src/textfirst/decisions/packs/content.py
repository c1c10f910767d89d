"""What a text and its sender have to look like, by the rules of the packs: pure checks, each with a corrected draft where one can be made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from textfirst.core.words import Sentence, say
from textfirst.decisions.packs.shelf import Shelf
from textfirst.decisions.packs.types import LONGEST_ALPHANUMERIC_SENDER, ContentRule, Effect, Kind, LegalClass, Pack
from textfirst.decisions.types import Topic

TAIL = 60  # characters: how near its end a text that ends with an opt-out has to speak of it


@dataclass(frozen=True, slots=True)
class Draft:
    """What is about to be sent. An empty sender or brand is not known yet, and not looked at."""

    text: str
    sender: str = ""
    brand: str = ""
    first: bool = False  # the first text of a program to this person


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says against a draft. `about` names the keys or words of the rule; `fix` is a draft without this finding."""

    rule: str
    version: int
    effect: Effect
    about: tuple[str, ...]
    fix: Draft | None = None


Check = Callable[[ContentRule, Draft], tuple[tuple[str, ...], Draft | None]]  # nothing about: nothing found


def findings(
    draft: Draft, packs: Shelf, jurisdictions: Iterable[str], legal: LegalClass, kind: Kind, *, forbidden: frozenset[str] = frozenset()
) -> list[Finding]:
    """Everything that the packs of `jurisdictions` find; `forbidden` names the topics that the channel does not take at all."""
    found = []
    for pack, rule in _rules(packs, jurisdictions, legal, kind):
        about, fix = CHECKS[rule.check](rule, draft)
        if about:
            effect = Effect.BLOCK if rule.check == "topics" and forbidden.intersection(about) else rule.effect
            found.append(Finding(rule.id, pack.version, effect, about, fix))
    return found


def topics_in(text: str, packs: Shelf, legal: LegalClass) -> tuple[Topic, ...]:
    """What a text of this class speaks of for which somebody has to answer, by the rules of any place: what `Asked.topics` wants."""
    return tuple(
        Topic(rule.id, name)
        for _, rule in _rules(packs, packs.packs, legal, Kind.TEXT)
        if rule.check == "topics" and rule.effect is Effect.ATTEST
        for name in CHECKS["topics"](rule, Draft(text))[0]
    )


def exempt_findings(
    draft: Draft, packs: Shelf, jurisdictions: Iterable[str], legal: LegalClass, kind: Kind, *, relied: Collection[str]
) -> list[Finding]:
    """Which of the exemptions that are relied on (U5) a text is too long for; `about` is how long it is."""
    long = len(draft.text)
    return [
        Finding(rule.id, packs.packs[name].version, Effect.WARN, (str(long),), _shorter(draft, rule.characters))
        for name in jurisdictions
        for rule in packs.packs[name].limits
        if rule.id in relied and legal in rule.classes and kind in rule.kinds and rule.characters is not None and long > rule.characters
    ]


def _shorter(draft: Draft, most: int) -> Draft | None:
    """With single blanks; else without sentences before the last, which mostly says how to stop. None where that is not enough, or would cut a field."""
    text = " ".join(draft.text.split())
    *first, last = _SENTENCE.split(text)
    while first and len(text) > most:
        first.pop()
        text = " ".join([*first, last])
    whole = text.count("{{") == text.count("}}") and "{%" not in text
    return replace(draft, text=text) if whole and len(text) <= most else None


def unanswered(found: Iterable[Finding], answers: Collection[str]) -> list[Finding]:
    """What is left of findings when somebody answers for topics (`Policy.answers_for`)."""
    left = []
    for one in found:
        open_ = tuple(name for name in one.about if one.effect is not Effect.ATTEST or Topic(one.rule, name).key not in answers)
        if open_:
            left.append(replace(one, about=open_))
    return left


def words_of(found: Finding, packs: Shelf) -> Sentence:
    """What the rule of a finding says to people."""
    pack = packs.packs[found.rule.partition(".")[0]]
    limit = next((rule for rule in pack.limits if rule.id == found.rule), None)
    if limit is not None:
        return say(
            "Under the exemption you rely on, a text has at most {most} characters; this one has {count}.",
            most=limit.characters,
            count=found.about[0],
        )
    return next(rule for rule in pack.content if rule.id == found.rule).sentence(pack.name)


def asks_of_a_first(packs: Shelf, jurisdictions: Iterable[str], legal: LegalClass, kind: Kind) -> bool:
    """Whether it matters there that a text is the first to somebody."""
    return any(rule.check == "first_message" for _, rule in _rules(packs, jurisdictions, legal, kind))


def any_rules(packs: Shelf, legal: LegalClass, kind: Kind) -> bool:
    """Whether anything is asked anywhere of such a message."""
    return next(iter(_rules(packs, packs.packs, legal, kind)), None) is not None


def _rules(packs: Shelf, jurisdictions: Iterable[str], legal: LegalClass, kind: Kind) -> Iterable[tuple[Pack, ContentRule]]:
    for name in jurisdictions:
        for rule in packs.packs[name].content:
            if legal in rule.classes and kind in rule.kinds:
                yield packs.packs[name], rule


def _begins_with(rule: ContentRule, draft: Draft) -> tuple[tuple[str, ...], Draft | None]:
    (key, labels), *_ = rule.words.items()
    if _plain(draft.text).startswith(tuple(_plain(label) for label in labels)):
        return (), None
    return labels, replace(draft, text=rule.adds.get(key, labels[0] + " ") + draft.text.lstrip())


def _tells_how_to_stop(rule: ContentRule, draft: Draft, within: int | None = None) -> tuple[tuple[str, ...], Draft | None]:
    (key, words), *_ = rule.words.items()
    text = draft.text.rstrip()
    if _any_of(words).search(_plain(text if within is None else text[-within:])):
        return (), None
    return (key,), replace(draft, text=f"{text} {rule.adds.get(key, words[0])}")


def _ends_with_how_to_stop(rule: ContentRule, draft: Draft) -> tuple[tuple[str, ...], Draft | None]:
    return _tells_how_to_stop(rule, draft, TAIL)


def _sender_begins_with(rule: ContentRule, draft: Draft) -> tuple[tuple[str, ...], Draft | None]:
    ((_, marks),) = rule.words.items()
    if not draft.sender or draft.sender.upper().startswith(marks):
        return (), None
    return marks, _named(draft, (marks[0] + draft.sender)[:LONGEST_ALPHANUMERIC_SENDER])


def _sender_ends_with(rule: ContentRule, draft: Draft) -> tuple[tuple[str, ...], Draft | None]:
    ((_, marks),) = rule.words.items()
    if not draft.sender or (draft.sender.upper().endswith(marks) and len(draft.sender) <= LONGEST_ALPHANUMERIC_SENDER):
        return (), None
    return marks, _named(draft, draft.sender[: LONGEST_ALPHANUMERIC_SENDER - len(marks[0])].rstrip() + marks[0])


def _named(draft: Draft, sender: str) -> Draft | None:
    """A number cannot carry letters: nothing to offer."""
    return replace(draft, sender=sender) if any(letter.isalpha() for letter in draft.sender) else None


def _first_message(rule: ContentRule, draft: Draft) -> tuple[tuple[str, ...], Draft | None]:
    if not draft.first:
        return (), None
    missing = tuple(key for key, words in rule.words.items() if not _said(words, draft))
    if "brand" in missing and not draft.brand:
        return missing, None
    text = f"{draft.brand}: {draft.text}" if "brand" in missing else draft.text
    added = [rule.adds[key] for key in missing if key in rule.adds]
    return missing, replace(draft, text=" ".join([text.rstrip(), *added])) if missing else None


def _said(words: tuple[str, ...], draft: Draft) -> bool:
    meant = tuple(word.replace("{brand}", draft.brand) for word in words)
    return all(meant) and _any_of(meant).search(_plain(draft.text)) is not None


def _links(rule: ContentRule, draft: Draft) -> tuple[tuple[str, ...], Draft | None]:
    (_, hosts), *_ = rule.words.items()
    linked = _LINK.findall(_plain(draft.text))
    short = tuple(dict.fromkeys(host for _, host in linked if any(host == one or host.endswith(f".{one}") for one in hosts)))
    if short:
        return short, None  # only the firm knows its own address
    bare = tuple(dict.fromkeys(host for scheme, host in linked if scheme == "http://"))
    return bare, replace(draft, text=re.sub(r"(?i)\bhttp://", "https://", draft.text)) if bare else None


def _topics(rule: ContentRule, draft: Draft) -> tuple[tuple[str, ...], Draft | None]:
    text = _plain(draft.text)
    return tuple(topic for topic, words in rule.words.items() if _any_of(words).search(text)), None


CHECKS: Mapping[str, Check] = {
    "begins_with": _begins_with,
    "tells_how_to_stop": _tells_how_to_stop,
    "ends_with_how_to_stop": _ends_with_how_to_stop,
    "sender_begins_with": _sender_begins_with,
    "sender_ends_with": _sender_ends_with,
    "first_message": _first_message,
    "links": _links,
    "topics": _topics,
}

_LINK = re.compile(r"(https?://)?(?<![\w@.-])((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?![\w.-]*@)")
_SENTENCE = re.compile(r"(?<=[.!?؟。])\s+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


def _plain(text: str) -> str:
    """As a reader sees it: full-width letters narrow, small, without what cannot be seen."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of them as whole words. Kept for ever: there are as many as rules, and a few for each brand."""
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(_plain(word)) for word in words) + r")(?!\w)")
