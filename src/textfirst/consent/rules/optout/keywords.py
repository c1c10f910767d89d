"""The whole message is a keyword, or a keyword with a slip of the finger, with courtesy, or with a name below it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from textfirst.consent.rules.optout.lexicon import Lexicon
from textfirst.consent.rules.optout.spelling import as_letters

MOST_WORDS = 6  # with courtesy; beyond, it is a sentence
SHORTEST_TO_FORGIVE = 5  # letters; below, another letter is another word (stop, shop, step)
STOP = "stop"
SHORT_CODE = range(5, 7)  # digits
_COURTESY = frozenset("fmgtPI")


def keyword(words: Sequence[str], lexicon: Lexicon) -> tuple[str, int] | None:
    """(the keyword, slips of the finger) that the folded `words`, at most MOST_WORDS, are, with some courtesy around it."""
    spoken = [word for word in words if word != "|"]
    return _any_known(spoken, lexicon) or _signed(words, lexicon) or _addressed(spoken)


def _any_known(words: list[str], lexicon: Lexicon) -> tuple[str, int] | None:
    for candidate in _candidates(words, lexicon):
        if found := _known(candidate, lexicon):
            return found
    return None


def _signed(words: Sequence[str], lexicon: Lexicon) -> tuple[str, int] | None:
    """A keyword, and apart from it one word that nobody knows: "STOP - Maria"."""
    if len(words) < 3 or words[-2] != "|" or words[-1] == "|" or not words[-1].isalpha() or lexicon.meaning(words[-1]) is not None:
        return None
    return _any_known([word for word in words[:-1] if word != "|"], lexicon)


def _addressed(words: list[str]) -> tuple[str, int] | None:
    """STOP and the short code that it is for, as French offers tell people to answer ("STOP au 36180"); "cancel 36180" may be an order."""
    if len(words) < 2 or words[0] != STOP or words[1:-1] not in ([], ["au"]):
        return None
    return (STOP, 0) if words[-1].isdigit() and len(words[-1]) in SHORT_CODE else None


def _candidates(words: list[str], lexicon: Lexicon) -> list[str]:
    whole = " ".join(words)
    if whole in lexicon.not_typos:
        return []
    core = _without_courtesy(words, lexicon)
    found = [whole, " ".join(core)]
    if core and all(word in lexicon.keywords for word in core):
        found.append(core[0])  # stop, stop, stop
    return found


def _without_courtesy(words: list[str], lexicon: Lexicon) -> list[str]:
    core: list[str] = []
    for meaning, start, length in lexicon.units(words):
        unit = words[start : start + length]
        if " ".join(unit) in lexicon.keywords or not set(meaning) <= _COURTESY:
            core += unit
    return core


def _known(candidate: str, lexicon: Lexicon) -> tuple[str, int] | None:
    if candidate in lexicon.not_typos:
        return None
    if candidate in lexicon.keywords:
        return candidate, 0
    if candidate.isdigit():
        return None  # an answer, an hour, an order
    if any(each.isdigit() for each in candidate):
        letters = as_letters(candidate)
        return (letters, 1) if letters in lexicon.keywords else None
    if candidate in lexicon.words and lexicon.words[candidate] not in "hcdu":
        return None  # a word we know means what it says
    found = None if " " in candidate else lexicon.keyword_slips.nearest(candidate, 2)
    return found if found and _may_slip(found[0], candidate) else None


def _may_slip(known: str, candidate: str) -> bool:
    """Short words forgive only letters that changed places or came twice."""
    if len(known) >= SHORTEST_TO_FORGIVE:
        return True
    return len(known) == 4 and known[0] == candidate[:1] and (sorted(known) == sorted(candidate) or _without_doubles(candidate) == known)


def _without_doubles(word: str) -> str:
    return word[:1] + "".join(after for before, after in pairwise(word) if before != after)
