"""`read_optout(text)`: out, in doubt, or ordinary; how sure, and why. Pure, and nothing is fetched.

A text in Latin letters may be in any of eight languages, where a word of one is another word of another. So it is read only in those languages that know as
many of its words as any does. Only a keyword that is the whole message counts in every language: people answer STOP to a text in Polish.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from math import exp, log
from typing import NamedTuple

from textfirst.consent.rules.optout.grammar import ACT, ASK, CALLS, Match, matches, told, turned_round
from textfirst.consent.rules.optout.keywords import MOST_WORDS, keyword
from textfirst.consent.rules.optout.learned import Opinion, model, opinion
from textfirst.consent.rules.optout.lexicon import TRIGGERS, Lexicon, lexicon
from textfirst.consent.rules.optout.spelling import is_number, plain

LATIN = ("en", "pl", "el", "es", "fr", "de", "pt", "ar-latin")
_UNMARKED = (*LATIN, "vi-bare")
_ALONE = 0.8  # a clause that is nothing but "stop"; half of it beside a friendly one, half of it beside another matter: "stop!! that color is gorgeous"
_SLIP = 0.05
_BARE_HALT = re.compile(r"[gmI]*h[gmo]*")
_BARE_REFUSAL = re.compile(r"[gmI]*h[gmI]*[en][gmIenw]*|z[gmI]*h[gm]*")  # "stop, enough, I don't want"
_NEARLY_BARE_HALT = re.compile(r"[gmI]*h[gmxo]{0,3}")  # enough beside an open complaint
_BARE_DROP = re.compile(r"[gmxpiwI]{0,2}d[gmxo]?")
_DROP_ME = re.compile(r"[gmxpiwI]{0,2}(?:dm|md)[oxa]*")  # enough beside an open complaint
_OFFERS = re.compile("t?[fo]*Pf*[tS]?")
_MESSAGES = frozenset("tTSjl")
_BARE_ENOUGH = re.compile("[gm]*e[gmf]*|[gm]*n[gm]*w[gm]*")
_UNFRIENDLY = frozenset("znejuSvtTPsZBWgGCi")
_DROPPABLE = frozenset("zptSPbZjrBC")
_WRITING = frozenset("tT")
_ENDS_ANOTHER = re.compile("[hcdu][^|]*a")
_SPOKEN = re.compile("(?!M[fF]*[ptPTSybl])[^fF]")  # all but courtesy, and "my" where what is mine is ours to see
# followed by what is ours, so it is not what it is about; and no verb of a negation: "I didn't get your text"
_ODD = re.compile("(?<!n)(?<!n[mgxo])(?<!n[mgxo]{2})x(?=.*[tTSlpjyg])|(?<=n)x(?=[mg]{0,2}[sTwj])")
MOST_ODD = 2
_ODD_COSTS = 0.05
_ELSEWHERE = frozenset("akqAVI")
_COMPLAINT = frozenset("zZBWC")
_PERSONAL = frozenset("zpC")
_ABOUT_MESSAGES = frozenset("tTSPjzZs")
_ARABIC = re.compile("[\u0620-\u064a]")
_GREEK = re.compile("[\u0370-\u03ff]")
_TONES = re.compile(
    "[àáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]"
)  # who leaves these out leaves out the other marks as it comes


class Weights(NamedTuple):
    """What counts for a wish to leave."""

    base: float
    learned: float  # times the model's evidence
    sure: float  # the rules are
    doubt: float  # the rules have one
    turned: float  # denied, asked about or a mistake
    sure_and_turned: float  # the rules have seen that themselves


# How much each of the two opinions counts, found by logistic regression over sets of messages that neither knew (`tools/train-optout --weigh`)
_EVIDENCE = Weights(base=0.1, learned=0.89, sure=0.49, doubt=-0.01, turned=-0.87, sure_and_turned=0.17)
ACTS = 0.8  # together, from here on
DOUBTS = -0.25  # and from here on it is a doubt


class Scope(StrEnum):
    """What they want no more of."""

    ALL = "all"
    MARKETING = "marketing"  # offers and the like; "no more offers please"


class Wish(StrEnum):
    STOP = "stop"  # acts at once
    HOLD = "hold"  # marketing is held and a person asked
    ORDINARY = "ordinary"


@dataclass(frozen=True, slots=True)
class Evidence:
    language: str
    rule: str
    words: str  # as they were read
    score: float
    letters: str = field(default="", repr=False)  # the concepts of its clause


@dataclass(frozen=True, slots=True)
class Verdict:
    wish: Wish
    score: float  # 0 to 1
    evidence: tuple[Evidence, ...]  # the strongest first
    scope: Scope = Scope.ALL


_NOTHING = Verdict(Wish.ORDINARY, 0.0, ())


def read_optout(text: str) -> Verdict:
    """What `text` asks of us. Never raises; the same text gives the same verdict."""
    words = plain(text).split()
    spoken = [word for word in words if word != "|"]
    languages = _languages(" ".join(words))
    glances = [_glance(word, languages) for word in spoken if not is_number(word)]
    if len(spoken) <= MOST_WORDS and (found := _keyword(words, _maybe_keyword(glances, languages))):
        return Verdict(Wish.STOP, found.score, (found,), _scope(found.letters))
    heard = [each for name in _spoken_in(glances, languages) for each in _heard(words, lexicon(name))]
    heard.sort(key=lambda each: -each.score)
    main = _main_language(glances, languages)
    letters = _letters(words, main)
    if second := opinion(text, words, letters):
        heard = _weighed(heard, second, main or "", letters)
    if not heard:
        return _NOTHING
    score = round(heard[0].score, 2)
    return Verdict(_wish(score), score, tuple(heard[:3]), _scope(heard[0].letters))


def _weighed(heard: list[Evidence], second: Opinion, language: str, letters: str) -> list[Evidence]:
    """Both opinions as one, and what it comes from: what the rules heard where they are sure or alone, else the words that weighed most.

    What the rules have heard stays a doubt at least, whatever the model says: a person looks.
    """
    surest = heard[0].score if heard else 0.0
    score = _score(together(second.total, surest, turned_round(letters)))
    if surest >= ASK:
        score = max(ASK, score)
    if score < ASK:
        return []
    learned = Evidence(language, "learned", second.words, score, letters + "V" * ("V" in letters))
    told = [replace(each, score=min(each.score, score)) for each in heard]
    if told and (surest >= ACT or second.total < 0):  # the rules say why
        return [replace(told[0], score=score), *told[1:], *([learned] if second.words else [])]
    return [learned, *told]


def together(learned: float, rules: float, turned: bool) -> float:
    """The evidence of both: what the model makes of a text, and the score by the rules, in a text that may be turned round."""
    sure, doubt = rules >= ACT, ASK <= rules < ACT
    parts = _EVIDENCE
    return (
        parts.base + parts.learned * learned + parts.sure * sure + parts.doubt * doubt + parts.turned * turned
        + parts.sure_and_turned * (sure and turned)
    )  # fmt: skip


def _score(evidence: float) -> float:
    """0 to 1, on the scale of the rules: what acts has `ACT`, what is in doubt `ASK`."""
    act, ask = log(ACT / (1 - ACT)), log(ASK / (1 - ASK))
    return round(1 / (1 + exp(-(act + (act - ask) * (evidence - ACTS) / (ACTS - DOUBTS)))), 2)


def concepts(words: Sequence[str]) -> str:
    """The concept letters of a text's plain `words`, in the language that knows most of them; none when no language knows any."""
    languages = _languages(" ".join(words))
    return _letters(words, _main_language([_glance(word, languages) for word in words if word != "|" and not is_number(word)], languages))


def _main_language(glances: Sequence[_Glances], languages: Sequence[str]) -> str | None:
    known = Counter(name for glance in glances for name in glance.known)
    return max((name for name in languages if name in known), key=known.__getitem__, default=None)


def _letters(words: Sequence[str], language: str | None) -> str:
    if not language:
        return ""
    known = lexicon(language)
    return known.read([word if word == "|" else known.fold(word) for word in words])[0]


def read_ahead() -> None:
    """Read all lexicons and the model, so that the first text of a process need not wait for them."""
    model()
    for name in (*_UNMARKED, "vi", "ar"):
        lexicon(name)


def _wish(score: float) -> Wish:
    return Wish.STOP if score >= ACT else Wish.HOLD if score >= ASK else Wish.ORDINARY


def _scope(letters: str) -> Scope:
    """Offers only when offers, or messages of offers, are all that is spoken of: "stop texting me about offers" ends everything."""
    if letters.endswith("V") or "U" in letters:
        return Scope.MARKETING  # the rest, or all but something
    rest = _OFFERS.sub("", letters)
    return Scope.MARKETING if rest != letters and _MESSAGES.isdisjoint(rest) else Scope.ALL


def _languages(text: str) -> tuple[str, ...]:
    if text.isascii():
        return _UNMARKED
    if _ARABIC.search(text):
        return ("ar",)
    if _GREEK.search(text):
        return ("el",)
    return (*LATIN, "vi") if _TONES.search(text) else _UNMARKED


def _keyword(words: Sequence[str], languages: Collection[str]) -> Evidence | None:
    """The whole message is a keyword of any language; exact ones first, then in the order of the languages."""
    best: Evidence | None = None
    for name in languages:
        known = lexicon(name)
        folded = [word if word == "|" else known.fold(word) for word in words]
        if (found := keyword(folded, known)) and (best is None or not found[1]):
            best = Evidence(name, "keyword", found[0], round(1.0 - _SLIP * found[1], 2), known.read(folded)[0])
            if not found[1]:
                break
    return best


class _Glances(NamedTuple):
    """The languages that know a word, those in which it may ask something of us, and those in which it may belong to a keyword."""

    known: tuple[str, ...]
    asking: tuple[str, ...]
    keyword: tuple[str, ...]


@lru_cache(maxsize=32_768)
def _glance(word: str, languages: tuple[str, ...]) -> _Glances:
    seen = [(name, lexicon(name).glance(word)) for name in languages]
    return _Glances(
        tuple(name for name, one in seen if one.known), tuple(name for name, one in seen if one.asks), tuple(name for name, one in seen if one.keyword)
    )  # fmt: skip


def _maybe_keyword(glances: Sequence[_Glances], languages: tuple[str, ...]) -> list[str]:
    found = {name for glance in glances for name in glance.keyword}
    return [name for name in languages if name in found]


def _spoken_in(glances: Sequence[_Glances], languages: tuple[str, ...]) -> list[str]:
    """The languages that know most of the words, as far as anything in them may be a wish to leave."""
    asking = {name for glance in glances for name in glance.asking}
    if not asking:
        return []
    known = Counter(name for glance in glances for name in glance.known)
    most = max(known.values(), default=0)  # none where a number alone asks something: 411, "all" in Arabizi
    return [name for name in languages if name in asking and known[name] == most]


def _heard(plain_words: Sequence[str], known: Lexicon) -> list[Evidence]:
    words = [word if word == "|" else known.fold(word) for word in plain_words]
    letters, places = known.read(words)
    if TRIGGERS.isdisjoint(letters):
        return []
    return [
        Evidence(known.language, rule, " ".join(words[places[start][0] : places[end - 1][1]]), score, clause)
        for rule, score, start, end, clause in _asked(letters, known.language)
    ]


@lru_cache(maxsize=2048)  # few shapes are many texts
def _asked(letters: str, language: str) -> tuple[tuple[str, float, int, int, str], ...]:
    """(rule, score, first letter, letter after the last, letters of the clause) of all that these concepts ask, surely or perhaps."""
    clauses = [_Clause(found.start(), found.end(), letters) for found in re.finditer(r"[^|]+", letters)]
    found = [
        (*said, letters[clause.start : clause.end] + _kept_apart(letters, clause))
        for clause in clauses
        for said in _said(clause, letters, language)
    ]
    found += [(*said, letters) for said in _told(letters)]
    return tuple(each for each in found if each[1] >= ASK)


def _kept_apart(letters: str, clause: _Clause) -> str:
    """`V` when another clause says that something is to go on: "only my appointments, please"."""
    return "V" if "V" in letters[: clause.start] + letters[clause.end :] else ""


def _told(letters: str) -> Iterator[tuple[str, float, int, int]]:
    """What the whole message says, beyond its clauses."""
    whole = _Clause(0, len(letters), letters)
    for one in told(whole.short):
        yield one.rule, one.score, whole.kept[one.start], whole.kept[one.end - 1] + 1


def _taken_back(match: Match, clause: str, others: str) -> bool:
    """Another clause says that this is about something else: "don't call, text me"; "stop sending, I'm not home"; "cancel the box, not the texts"."""
    if match.rule in CALLS:
        return not _WRITING.isdisjoint(others)
    if match.rule == "halt sending":
        return "a" in others and clause[match.start : match.end].endswith("s")
    return match.rule == "no messages" and match.start == 0 and _ENDS_ANOTHER.search(others) is not None


class _Clause:
    """The letters of one clause without its courtesy, and where they stand."""

    def __init__(self, start: int, end: int, letters: str) -> None:
        self.start, self.end = start, end
        self.kept = [found.start() for found in _SPOKEN.finditer(letters, start, end)]
        self.short = "".join(letters[at] for at in self.kept).replace("P", "t")
        self.whole = letters[start:end].replace("f", "")

    def readings(self) -> Iterator[tuple[list[int], str, float]]:
        """(places, letters, certainty lost): as it is said, and without the odd word between known ones that nobody knows."""
        yield self.kept, self.short, 0.0
        odd = _ODD.findall(self.short)
        if 0 < len(odd) <= MOST_ODD and _ELSEWHERE.isdisjoint(self.short):
            places = [(at, self.short[nth]) for nth, at in enumerate(self.kept) if not _ODD.match(self.short, nth)]
            yield [at for at, _ in places], "".join(letter for _, letter in places), _ODD_COSTS * len(odd)


def _said(clause: _Clause, letters: str, language: str) -> list[tuple[str, float, int, int]]:
    """(rule, score, first letter, letter after the last) of all that a clause may mean."""
    others = letters[: clause.start] + letters[clause.end :]
    found = [
        (one.rule, round(one.score - lost, 2), kept[one.start], kept[one.end - 1] + 1)
        for kept, short, lost in clause.readings()
        for one in matches(short, language)
        if not _taken_back(one, short, others)
    ]
    if (
        _BARE_DROP.fullmatch(clause.short)
        and ("a" not in letters or not _PERSONAL.isdisjoint(others))
        and not _DROPPABLE.isdisjoint(others)
    ):  # "wrong number, delete it"
        found.append(("drop", _ALONE, clause.start, clause.end))
    if _DROP_ME.fullmatch(clause.short) and not _COMPLAINT.isdisjoint(others):
        found.append(("drop me", _ALONE, clause.start, clause.end))
    if (
        _BARE_HALT.fullmatch(clause.whole)
        or _BARE_REFUSAL.fullmatch(clause.short)
        or (_NEARLY_BARE_HALT.fullmatch(clause.short) and not _COMPLAINT.isdisjoint(others))
    ):
        thanked = letters[clause.end :].lstrip("|").startswith("f")  # "stop, thanks, and have a nice weekend"
        friendly = bool(others.strip("|fF")) and not thanked and _UNFRIENDLY.isdisjoint(others)
        certainty = (
            _ALONE - _ALONE / 2 * friendly - _ALONE / 2 * ("a" in others and "nw" not in others and _ABOUT_MESSAGES.isdisjoint(others))
        )
        found.append(("halt", certainty, clause.start, clause.end))
    if _BARE_ENOUGH.fullmatch(clause.short) and not _ABOUT_MESSAGES.isdisjoint(others):
        found.append(("enough", _ALONE, clause.start, clause.end))
    return found
