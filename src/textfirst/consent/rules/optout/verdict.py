"""`read_optout(text)`: out, in doubt, or ordinary; how sure, and why. Pure, and nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from textfirst.consent.rules.optout.grammar import ACT, ASK, matches
from textfirst.consent.rules.optout.keywords import keyword
from textfirst.consent.rules.optout.lexicon import TRIGGERS, Lexicon, lexicon
from textfirst.consent.rules.optout.spelling import plain

LATIN = ("en", "pl", "el", "es", "fr", "de", "pt")
_LAST_WORD = 0.75  # a clause that is nothing but "stop", at the end of the message
_FIRST_WORD = 0.5  # anywhere else: "stop!! that color is gorgeous"
_SLIP = 0.05
_BARE_HALT = re.compile(r"[gm]*h[gm]*")
_BARE_DROP = re.compile(r"[gmxp]?[d][gmx]?")
_ARABIC = re.compile("[\u0620-\u064a]")
_GREEK = re.compile("[\u0370-\u03ff]")
_MARKED_VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")


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


@dataclass(frozen=True, slots=True)
class Verdict:
    wish: Wish
    score: float  # 0 to 1
    evidence: tuple[Evidence, ...]  # the strongest first


def read_optout(text: str) -> Verdict:
    """What `text` asks of us. Never raises; the same text gives the same verdict."""
    words = plain(text).split()
    if not any(word != "|" for word in words):
        return Verdict(Wish.ORDINARY, 0.0, ())
    found: list[Evidence] = []
    for name in _languages(" ".join(words)):
        found += _heard(words, lexicon(name))
    found.sort(key=lambda each: -each.score)
    score = round(found[0].score, 2) if found else 0.0
    return Verdict(_wish(score), score, tuple(found[:3]))


def _wish(score: float) -> Wish:
    return Wish.STOP if score >= ACT else Wish.HOLD if score >= ASK else Wish.ORDINARY


def _languages(text: str) -> tuple[str, ...]:
    if _ARABIC.search(text):
        return ("ar",)
    if _GREEK.search(text):
        return ("el",)
    return (*LATIN, "vi") if _MARKED_VIETNAMESE.search(text) else (*LATIN, "vi-bare")


def _heard(plain_words: list[str], known: Lexicon) -> list[Evidence]:
    words = [word if word == "|" else known.fold(word) for word in plain_words]
    if found := keyword(words, known):
        return [Evidence(known.language, "keyword", found[0], 1.0 - _SLIP * found[1])]
    letters, places = known.read(words)
    if TRIGGERS.isdisjoint(letters):
        return []
    return [each for each in _clauses(words, letters, places, known.language) if each.score >= ASK / 2]


def _clauses(words: list[str], letters: str, places: list[int], language: str) -> list[Evidence]:
    found = []
    spoken = letters.strip("|f")
    for clause in re.finditer(r"[^|]+", letters):
        kept = [at for at in range(clause.start(), clause.end()) if letters[at] != "f"]
        short = "".join(letters[at] for at in kept)
        for match in matches(short, language):
            start, end = places[kept[match.start]], places[kept[match.end - 1]]
            found.append(Evidence(language, match.rule, " ".join(words[start : end + 1]), match.score))
        if _BARE_DROP.fullmatch(short) and "a" not in letters and ("z" in letters or "p" in letters):  # "wrong number, delete it"
            found.append(Evidence(language, "drop", " ".join(words), _LAST_WORD))
        if _BARE_HALT.fullmatch(short) and "a" not in letters:
            last = clause.end() >= len(letters.rstrip("|f")) and len(spoken) > 1
            found.append(
                Evidence(
                    language,
                    "halt",
                    " ".join(words[places[clause.start()] : places[clause.end() - 1] + 1]),
                    _LAST_WORD if last else _FIRST_WORD,
                )
            )
    return found
