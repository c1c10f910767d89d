"""A second opinion on free words: how much a text sounds like those of people who wanted out, learned from labelled messages.

One linear model for all languages (logistic regression), over pieces of words, words side by side, the concept letters that the lexicon gave them, and how it is
written: as a question, with numbers, how long. Each such feature has a place by its checksum in a table of weights of a byte each; a text's score is the bias and the sum of its weights. `tools/train-optout` makes the
table from `tests/data/optout`. The rules speak first, and explain themselves; what becomes of both opinions stands in `verdict.py`.
"""

from __future__ import annotations

import json
import math
from array import array
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from textfirst.consent.rules.optout.spelling import bare

PLACES = 1 << 18  # in the table of weights
FILE = "learned.weights"  # a line of JSON (scale, bias, of what it was learned), then the weights as signed bytes
MOST_WORDS = 80  # beyond, it is a letter, and nobody has labelled any
MOST_SAID = 3  # words named as evidence
_BEGINNING = 4  # letters by which two words are compared across their endings

_QUESTION = frozenset("?؟\u037e")
_LONG = 6  # three words each; longer texts are alike in this
_WORTH_TELLING = -1.0  # below, nobody will be told which words it was

Group = tuple[float, Sequence[int]]  # how much it counts, and the places of its features


class Opinion(NamedTuple):
    total: float  # the evidence for a wish to leave, below 0 where there is more against it
    words: str  # that weighed most for it, in their order


class Model(NamedTuple):
    weights: array[int]
    scale: float
    bias: float
    learned_from: str  # checksum of the labelled messages

    def total(self, groups: Iterable[Group]) -> float:
        """The evidence for a wish to leave, below 0 where there is more against it."""
        weight = self.weights.__getitem__
        return self.bias + self.scale * sum(
            counts / math.sqrt(len(places)) * sum(map(weight, places)) for counts, places in groups if places
        )


@cache
def model() -> Model:
    """The model that we ship."""
    return parse((files(__package__) / FILE).read_bytes())


def parse(data: bytes) -> Model:
    """A model from its file."""
    head, _, weights = data.partition(b"\n")
    facts = json.loads(head)
    return Model(array("b", weights), facts["scale"], facts["bias"], facts["learned_from"])


def opinion(text: str, words: Sequence[str], letters: str) -> Opinion | None:
    """What the model thinks of a text, its plain `words` and their concept `letters`; None when the words are too few or too many for it."""
    spoken = [word for word in words if word != "|"]
    if not 2 <= len(spoken) <= MOST_WORDS:
        return None
    sounds = model()
    total = sounds.total(groups(words, letters, marks(text, len(words))))
    return Opinion(total, _weightiest(spoken, sounds) if total > _WORTH_TELLING else "")


def _weightiest(words: Sequence[str], sounds: Model) -> str:
    weighed = sorted(range(len(words)), key=lambda at: -sounds.total([(1.0, in_word(_said(words[at])))]))
    return " ".join(words[at] for at in sorted(weighed[:MOST_SAID]))


def marks(text: str, length: int) -> list[int]:
    """The places of what is to be seen of a text of `length` words and clause ends before it is read: a question, a shout, digits, pictures, how long."""
    last = text.rstrip()[-1:]
    seen = {
        "question": not _QUESTION.isdisjoint(text) or last == ";",  # the Greek one
        "asks last": last in _QUESTION or last == ";",
        "shout": "!" in text,
        "digit": any(map(str.isdigit, text)),
        "picture": not text.isascii() and max(text) > "\U0001f000",
    }
    return [_place(f"m{name}") for name, there in seen.items() if there] + [_place(f"m{min(_LONG, length // 3)}")]


def groups(words: Sequence[str], letters: str, written: Sequence[int]) -> list[Group]:
    """The features of a text, with those of how it is `written`. Those of one kind count as one, however many they are, so that a long text has no louder voice."""
    said = [_said(word) for word in words]
    pieces = [place for word in said if word != "|" for place in in_word(word)]
    row = ["<", *map(_bare, said), ">"]
    starts = [word[:_BEGINNING] for word in row]
    return [
        (1.0, pieces),
        (1.0, [_place(f"b{one} {two}") for one, two in pairwise(row)]),
        (0.7, [_place(f"s{one}_{two}") for one, two in zip(row, row[2:], strict=False)]),
        (1.0, [_place(f"p{one} {two}") for one, two in pairwise(starts)]),
        (0.7, [_place(f"q{one}_{two}") for one, two in zip(starts, starts[2:], strict=False)]),
        (0.5, written),
        *_of_shape(letters),
    ]


def _said(word: str) -> str:
    return "#" if word.isdigit() else word


def _place(feature: str) -> int:
    return crc32(feature.encode()) % PLACES


_bare = lru_cache(maxsize=8192)(bare)


@lru_cache(maxsize=8192)
def in_word(word: str) -> tuple[int, ...]:
    """The places of a word and of its pieces of two to five letters, accents aside."""
    framed = f"<{_bare(word)}>"
    pieces = [framed[at : at + length] for length in (2, 3, 4, 5) for at in range(len(framed) - length + 1)]
    return tuple(_place("w" + feature) for feature in (*pieces, "W" + word, "B" + framed))


@lru_cache(maxsize=2048)  # few shapes are many texts
def _of_shape(letters: str) -> tuple[Group, ...]:
    if not letters:
        return ()
    whole = f"<{letters.replace('f', '').replace('F', '')}>"
    short = whole.translate({ord(letter): None for letter in "xmg"})
    return (
        (1.5, _runs("c", whole, (1, 2, 3, 4))),
        (1.5, _runs("d", short, (2, 3))),
    )


def _runs(kind: str, letters: str, lengths: Iterable[int]) -> tuple[int, ...]:
    return tuple(_place(kind + letters[at : at + length]) for length in lengths for at in range(len(letters) - length + 1))
