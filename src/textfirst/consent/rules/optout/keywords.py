"""The whole message is a keyword, or a keyword with a slip of the finger."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from textfirst.consent.rules.optout.lexicon import Lexicon

MOST_WORDS = 6  # with courtesy; beyond, it is a sentence
SHORTEST_TO_FORGIVE = 5  # letters; below, another letter is another word (stop, shop, step)
LONG = 9  # letters; from here on two slips are forgiven
_DIGITS_AS_LETTERS = str.maketrans("013458@", "oleasb" + "a")
_COURTESY = frozenset("fmgt")


def keyword(words: Sequence[str], lexicon: Lexicon) -> tuple[str, int] | None:
    """(the keyword, slips of the finger) that the folded `words` are, with at most some courtesy around it."""
    words = [word for word in words if word != "|"]
    if not words or len(words) > MOST_WORDS:
        return None
    for candidate in _candidates(words, lexicon):
        if found := _known(candidate, lexicon):
            return found
    return None


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
    if not candidate or candidate in lexicon.not_typos:
        return None
    if candidate in lexicon.keywords:
        return candidate, 0
    if any(each.isdigit() for each in candidate) and (letters := candidate.translate(_DIGITS_AS_LETTERS)) in lexicon.keywords:
        return letters, 1
    if lexicon.language.startswith("vi"):  # a letter or tone more is another word there
        return None
    return _nearly(candidate, lexicon)


def _nearly(candidate: str, lexicon: Lexicon) -> tuple[str, int] | None:
    if candidate in lexicon.words and lexicon.words[candidate] not in "hcdu":
        return None  # a word we know means what it says
    if any(each.isdigit() for each in candidate):
        return None
    for known in lexicon.keywords:
        length = max(len(known), len(candidate))
        allowed = 2 if length >= LONG else 1
        if abs(len(known) - len(candidate)) <= allowed and _may_slip(known, candidate) and slips(known, candidate) <= allowed:
            return known, slips(known, candidate)
    return None


def _may_slip(known: str, candidate: str) -> bool:
    """Short words forgive only letters that changed places or came twice."""
    if len(known) >= SHORTEST_TO_FORGIVE and len(candidate) >= SHORTEST_TO_FORGIVE - 1:
        return True
    return len(known) == 4 and known[0] == candidate[:1] and (sorted(known) == sorted(candidate) or _without_doubles(candidate) == known)


def _without_doubles(word: str) -> str:
    return word[:1] + "".join(after for before, after in pairwise(word) if before != after)


def slips(one: str, other: str) -> int:
    """Letters to add, drop, change or swap with their neighbour (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
