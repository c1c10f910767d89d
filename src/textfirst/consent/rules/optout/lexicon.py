"""The words of a language, by what they mean to us.

`words/<language>.toml` gives, for each concept, the words and stems that carry it: `stem*` matches the beginning of a word, `two_words` stand side by side.
A text becomes a short string of concept letters, one or more a word, `x` where a word means nothing to us. "please stop sending me texts" is `fhsmt`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from textfirst.consent.rules.optout.slips import Slips
from textfirst.consent.rules.optout.spelling import LOOSELY, Fold, as_it_is, as_letters, bare, greek, is_number, plain, vietnamese

# the letters that the grammar is written in; a concept may also be given as several of them ("ns" = "do not send" in one word)
CONCEPTS = {
    "halt": "h", "cancel": "c", "drop": "d", "lift": "D", "out": "u", "resign": "R", "not": "n", "enough": "e", "want": "w", "receive": "r",
    "send": "s", "write": "T", "message": "t", "promotion": "P", "spam": "S", "call": "L", "me": "m", "number": "p", "list": "l", "off": "o", "again": "g",
    "revoke": "v", "consent": "y", "bother": "j", "order": "a", "keep": "k", "subject": "I", "courtesy": "f", "filler": "F", "my": "M", "dropped": "E", "doubt": "z", "said": "i",
    "subscription": "b", "break": "|", "trap": "q", "alone": "Z", "threat": "B", "warning": "W", "still": "G", "mistake": "A", "rest": "U", "begone": "O",
    "one_more": "Q", "only": "V", "customer": "C", "gave": "N", "drop_number": "dp", "send_again": "sg", "said_halt": "ih", "do_not_call": "nL",
    "do_not_send": "ns", "do_not_write": "nT", "do_not_bother": "nj", "do_not_want": "nw", "do_not_halt": "nh", "do_not_drop": "nd", "drop_me": "dm", "halt_writing": "hT", "not_again": "ng",
    "drop_off": "Do", "message_me": "jm",
}  # fmt: skip
TRIGGERS = frozenset("hcdDuRnevozjSEZBWUOg")  # without one of these, nothing is asked of us
ENDING = frozenset("hcd")  # verbs on which a pronoun hangs: "stop them"
SHORTEST_STEM = 2
_FORGIVING = {"en": 6, "pl": 7, "es": 7, "fr": 7, "de": 7, "pt": 7, "el": 9}  # letters from which a word in a sentence may have one slip


class Glance(NamedTuple):
    """What a language makes of one word by itself."""

    known: bool  # it is of this language
    asks: bool  # it may ask something of us
    keyword: bool  # it may be a keyword, or part of one


@dataclass(frozen=True)
class Lexicon:
    language: str
    fold: Fold
    keywords: frozenset[str]
    keyword_words: frozenset[str] = field(repr=False)
    keyword_slips: Slips
    word_slips: Slips
    not_typos: frozenset[str]
    words: dict[str, str] = field(repr=False)
    stems: dict[str, str] = field(repr=False)
    longest_stem: int
    longest_phrase: dict[str, int] = field(repr=False)  # in words, of those that begin with a word
    phrase_words: frozenset[str] = field(repr=False)  # words of phrases, known only among their like
    heads: frozenset[str] = field(repr=False)  # first words of phrases that ask something of us
    prefixes: tuple[str, ...]  # what may stand glued to a word: و, ال
    suffixes: tuple[str, ...]  # what may hang on a verb: ها, هم
    loosely: Fold  # a spelling in which careless ones meet
    loose: dict[str, str] = field(repr=False)  # words spelled so, where they still mean one thing

    def read(self, words: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
        """The concept letters of folded `words`, and for each letter its words: the first, and the one after the last."""
        letters: list[str] = []
        places: list[tuple[int, int]] = []
        for meaning, at, length in self.units(words):
            letters.append(meaning)
            places.extend([(at, at + length)] * len(meaning))
        return "".join(letters), places

    def units(self, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """(concept letters, first word, words) of each word or phrase."""
        at = 0
        while at < len(words):
            meaning, length = self._at(words, at)
            yield meaning, at, length
            at += length

    def _at(self, words: Sequence[str], at: int) -> tuple[str, int]:
        if longest := self.longest_phrase.get(words[at]):
            for length in range(min(longest, len(words) - at), 1, -1):
                if meaning := self.words.get(" ".join(words[at : at + length])):
                    return meaning, length
        return self.meaning(words[at]) or "x", 1

    def meaning(self, word: str) -> str | None:
        """The concept letters of one folded word; None when it says nothing."""
        if word == "|":
            return "|"
        if is_number(word):
            return None
        return self.words.get(word) or self._stem(word) or self._glued(word) or self._nearly(word)

    def _glued(self, word: str) -> str | None:
        """A known word behind a prefix, or a verb before a pronoun."""
        for prefix in self.prefixes:
            if word.startswith(prefix) and (found := self.words.get(word[len(prefix) :]) or self._stem(word[len(prefix) :])):
                return found
        for suffix in self.suffixes:
            if word.endswith(suffix) and (found := self.words.get(word[: -len(suffix)])) and found in ENDING:
                return found
        return None

    def _nearly(self, word: str) -> str | None:
        if len(word) >= self.word_slips.shortest and word not in self.not_typos and (nearly := self.word_slips.nearest(word)):
            return self.words[nearly[0]]
        return self.loose.get(self.loosely(word))

    def _stem(self, word: str) -> str | None:
        for length in range(min(len(word), self.longest_stem), SHORTEST_STEM - 1, -1):
            if found := self.stems.get(word[:length]):
                return found
        return None

    def glance(self, word: str) -> Glance:
        folded = self.fold(word)
        meaning = self.meaning(folded)
        return Glance(
            known=(meaning is not None or folded in self.phrase_words) and not folded.isdigit(),
            asks=not folded.isdigit() and (folded in self.heads or (meaning is not None and not TRIGGERS.isdisjoint(meaning))),
            keyword=folded in self.keyword_words
            or self.keyword_slips.nearest(folded, 2) is not None
            or as_letters(folded) in self.keyword_words,
        )


_FOLDS: dict[str, Fold] = {"vi": vietnamese, "el": greek}
WITHOUT_SLIPS = frozenset({"vi", "vi-bare", "ar-latin"})  # a letter or tone more is another word, or the vowels come and go anyhow
SHORTEST_LOOSE = 3  # letters; below, too many words are one


def _loose_words(words: dict[str, str], loosely: Fold) -> dict[str, str]:
    """Loose spelling → concept letters, without those that two meanings share, and without `stop`, which has neighbours in every language."""
    found: dict[str, set[str]] = {}
    for word, letters in words.items():
        if " " not in word and loosely(word) != "stop" and len(loosely(word)) >= SHORTEST_LOOSE:
            found.setdefault(loosely(word), set()).add(letters)
    return {spelling: meanings.pop() for spelling, meanings in found.items() if len(meanings) == 1}


@cache
def lexicon(name: str) -> Lexicon:
    """The lexicon of a language; `vi-bare` is Vietnamese written without any marks."""
    fold = _FOLDS.get(name, bare)
    loosely = LOOSELY.get(name, as_it_is)
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    own = _table(name.removesuffix("-bare"))
    for table in (_table("any"), own, *([_table("vi-bare")] if name == "vi-bare" else ())):
        for concept, listed in table.get("concepts", {}).items():
            _add(words, stems, CONCEPTS[concept], listed.split(), fold)
    keywords = frozenset(_folded(each, fold) for table in (_table("any"), own) for each in table["keywords"].split())
    not_typos = frozenset(_folded(each, fold) for table in (_table("any"), own) for each in table.get("not_typos", "").split())
    phrases = {phrase: letters for phrase, letters in words.items() if " " in phrase}
    forgiving = _FORGIVING.get(name, 0)
    return Lexicon(
        name, fold, keywords, frozenset(word for each in keywords for word in each.split()),
        Slips(() if name in WITHOUT_SLIPS else (each for each in keywords if " " not in each)),
        Slips((word for word, letters in words.items() if forgiving and len(word) >= forgiving and letters in {*"hdustTcmRrvyj"}), forgiving or 10_000),
        not_typos, words, stems, max(map(len, stems), default=0), _longest(phrases),
        frozenset(word for phrase in phrases for word in phrase.split()),
        frozenset(phrase.split()[0] for phrase, letters in phrases.items() if not TRIGGERS.isdisjoint(letters)),
        tuple(own.get("prefixes", "").split()),
        tuple(own.get("suffixes", "").split()),
        loosely, _loose_words(words, loosely),
    )  # fmt: skip


def _longest(phrases: Iterable[str]) -> dict[str, int]:
    """The words of the longest phrase by its first word."""
    longest: dict[str, int] = {}
    for each in map(str.split, phrases):
        longest[each[0]] = max(len(each), longest.get(each[0], 0))
    return longest


def _add(words: dict[str, str], stems: dict[str, str], letters: str, listed: list[str], fold: Fold) -> None:
    for each in listed:
        if each.endswith("*"):
            stems[_folded(each[:-1], fold)] = letters
        else:
            words[_folded(each, fold)] = letters


def _folded(entry: str, fold: Fold) -> str:
    return " ".join(fold(word) for word in plain(entry.replace("_", " ")).split())


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / "words" / f"{name}.toml").read_text("utf-8"))
