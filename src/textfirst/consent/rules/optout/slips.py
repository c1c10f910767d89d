"""Words that are nearly another word: a letter added, dropped, changed, or swapped with its neighbour.

Looked up, not compared one by one: two words within one slip share a form that lacks one letter of each, so the forms of all known words are kept
beforehand (Garbe, "symmetric delete"); by their checksums in order, for of the nine languages there are a hundred thousand, and as a dictionary they took 19 MB.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from zlib import crc32

LONG = 9  # letters; from here on two slips are forgiven
_LONGEST = 20  # letters; nothing known is longer


class Slips:
    """Known words, found by words that are nearly they."""

    def __init__(self, words: Iterable[str], shortest: int = 4) -> None:
        self.shortest = shortest
        self.nearest = lru_cache(maxsize=8192)(self._nearest)
        self._words = list(dict.fromkeys(words))
        forms = sorted({(_sum(form), at) for at, word in enumerate(self._words) for form in _forms(word, twice=len(word) >= LONG)})
        self._sums, self._places = array("I", [each for each, _ in forms]), array("H", [at for _, at in forms])

    def _nearest(self, word: str, most: int = 1) -> tuple[str, int] | None:
        """(the known word, slips) nearest to `word`, at most `most` slips away."""
        found: tuple[str, int] | None = None
        if len(word) > _LONGEST or not self._sums:
            return None
        for form in _forms(word, twice=most > 1 and len(word) >= LONG - 2):
            for known in self._with(_sum(form)):  # or of the same checksum: their slips are counted
                away = slips(known, word)
                if away <= min(most, 2 if len(known) >= LONG else 1) and (found is None or (away, known) < (found[1], found[0])):
                    found = known, away
        return found

    def _with(self, form: int) -> Iterator[str]:
        at = bisect_left(self._sums, form)
        while at < len(self._sums) and self._sums[at] == form:
            yield self._words[self._places[at]]
            at += 1


def _sum(form: str) -> int:
    return crc32(form.encode())


def _forms(word: str, *, twice: bool) -> set[str]:
    once = {word[:at] + word[at + 1 :] for at in range(len(word))} | {word}
    if not twice:
        return once
    return once | {form[:at] + form[at + 1 :] for form in once for at in range(len(form))}


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
