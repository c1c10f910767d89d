"""The words of a language, by what they mean to us.

`words/<language>.toml` gives, for each concept, the words and stems that carry it: `stem*` matches the beginning of a word, `two_words` stand side by side.
A text becomes a short string of concept letters, one or more a word, `x` where a word means nothing to us. "please stop sending me texts" is `fhsmt`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from textfirst.consent.rules.optout.spelling import Fold, bare, greek, plain, vietnamese

# the letters that the grammar is written in; a concept may also be given as several of them ("ns" = "do not send" in one word)
CONCEPTS = {
    "halt": "h", "cancel": "c", "drop": "d", "lift": "D", "out": "u", "not": "n", "enough": "e", "want": "w", "receive": "r", "send": "s", "message": "t",
    "me": "m", "number": "p", "list": "l", "off": "o", "again": "g", "revoke": "v", "consent": "y", "bother": "j", "order": "a", "keep": "k",
    "filler": "f", "doubt": "z", "said": "i", "subscription": "b", "break": "|", "trap": "q", "spam": "S",
    "do_not_send": "ns", "do_not_bother": "nj", "do_not_want": "nw", "do_not_cancel": "nc", "do_not_drop": "nd", "do_not_halt": "nh",
    "drop_me": "dm", "bother_me": "jm", "drop_off": "Do", "send_again": "sg", "not_again_send": "nsg", "my_messages": "tm",
}  # fmt: skip
TRIGGERS = frozenset("hcdDunevozjS")  # without one of these, nothing is asked of us
LONGEST_PHRASE = 4  # words
SHORTEST_STEM = 2


@dataclass(frozen=True, slots=True)
class Lexicon:
    language: str
    fold: Fold
    keywords: frozenset[str]
    not_typos: frozenset[str]
    words: dict[str, str] = field(repr=False)
    stems: dict[str, str] = field(repr=False)
    prefixes: tuple[str, ...]  # what may stand glued to a word: و, ال

    def read(self, words: Sequence[str]) -> tuple[str, list[int]]:
        """The concept letters of `words`, and for each letter the index of its word."""
        letters: list[str] = []
        places: list[int] = []
        for meaning, at, _ in self.units(words):
            letters.append(meaning)
            places.extend([at] * len(meaning))
        return "".join(letters), places

    def units(self, words: Sequence[str]) -> Iterator[tuple[str, int, int]]:
        """(concept letters, first word, words) of each word or phrase."""
        at = 0
        while at < len(words):
            meaning, length = self._at(words, at)
            yield meaning, at, length
            at += length

    def _at(self, words: Sequence[str], at: int) -> tuple[str, int]:
        for length in range(min(LONGEST_PHRASE, len(words) - at), 1, -1):
            if meaning := self.words.get(" ".join(words[at : at + length])):
                return meaning, length
        return self.meaning(words[at]), 1

    def meaning(self, word: str) -> str:
        """The concept letters of one folded word; `x` when it says nothing."""
        if word == "|":
            return "|"
        if found := self.words.get(word) or self._stem(word):
            return found
        for prefix in self.prefixes:
            rest = word.removeprefix(prefix)
            if rest != word and (found := self.words.get(rest) or self._stem(rest)):
                return found
        return "x"

    def _stem(self, word: str) -> str | None:
        for length in range(len(word), SHORTEST_STEM - 1, -1):
            if found := self.stems.get(word[:length]):
                return found
        return None


_FOLDS: dict[str, Fold] = {"vi": vietnamese, "el": greek}


@cache
def lexicon(name: str) -> Lexicon:
    """The lexicon of a language; `vi-bare` is Vietnamese written without any marks."""
    fold = _FOLDS.get(name, bare)
    words: dict[str, str] = {}
    stems: dict[str, str] = {}
    own = _table(name.removesuffix("-bare"))
    for table in (_table("any"), own, *([_table("vi-bare")] if name == "vi-bare" else ())):
        for concept, listed in table.get("concepts", {}).items():
            _add(words, stems, CONCEPTS[concept], listed.split(), fold)
    keywords = frozenset(_folded(each, fold) for table in (_table("any"), own) for each in table["keywords"].split())
    not_typos = frozenset(_folded(each, fold) for table in (_table("any"), own) for each in table.get("not_typos", "").split())
    return Lexicon(name, fold, keywords, not_typos, words, stems, tuple(own.get("prefixes", "").split()))


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
