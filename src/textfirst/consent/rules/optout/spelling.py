"""One spelling for the many ways in which people write a word.

`clauses()` gives the words of a text, clause by clause, in a plain form: NFKC, case folded, nothing invisible, letters held down written once, Arabic as
people type it (no vowel marks, one alef, one ya). `Fold` then says when two plain words are the same word in a language: accents are forgiven everywhere
but in Vietnamese, where another accent is another word; Greek and Greeklish meet in one phonetic spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

LONGEST_TEXT = 1000  # characters; what follows is not read: nobody hides a wish to leave behind a thousand characters
STOP_SIGN = "🛑"  # alone it is the word
_SHORTEST_NUMBER = 5  # digits
CLAUSE_ENDS = frozenset(".,!?;:،؟؛…\n()[]{}|–—\u037e。")
_TATWEEL = "\u0640"
_ARABIC = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ء": "", "گ": "ك", "ک": "ك", "ی": "ي"}
)
_HELD_DOWN = re.compile(r"(\w)\1{2,}")
_LOOKS_GREEK = str.maketrans("aeiotupkxnvmhybz", "αειοτυρκχηνμηυβζ")
_VIETNAMESE_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_NO_SEPARATE_ACCENT = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i"})

_DIGITS_AS_LETTERS = str.maketrans("013458@", "oleasba")

Fold = Callable[[str], str]


def plain(text: str) -> str:
    """`text` in one case and form, words apart by a space, clauses apart by ` | `. Plain text stays as it is."""
    if STOP_SIGN in text and not text.strip(f" \ufe0f{STOP_SIGN}"):
        return "stop"
    if text.isascii():  # most texts: nothing to compose, and one table for all
        kept = text[:LONGEST_TEXT].casefold().replace(" - ", " | ").translate(_ASCII_KEPT)
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:LONGEST_TEXT].replace("´", "'")).casefold())
        kept = "".join(map(_kept, folded.replace(" - ", " | "))).translate(_ARABIC)
    words = _HELD_DOWN.sub(r"\1", kept).split()
    letters = [word for word in words if word != "|"]
    if len(letters) > 1 and all(len(letter) == 1 for letter in letters):  # s.t.o.p, S-T-O-P, s t o p
        return unicodedata.normalize("NFKC", _HELD_DOWN.sub(r"\1", "".join(letters)))
    return " ".join(words)


@lru_cache(maxsize=4096)
def _kept(character: str) -> str:
    if character in CLAUSE_ENDS:
        return " | "
    if character in "'’`´‘ʼ" or character == _TATWEEL or _is_arabic_mark(character):
        return ""  # don't is dont
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category[0] in "LN" or (category in {"Mn", "Mc"} and not "\ufe00" <= character <= "\ufe0f"):
        return character
    return " "


def _is_arabic_mark(character: str) -> bool:
    return "\u0610" <= character <= "\u061a" or "\u064b" <= character <= "\u065f" or character == "\u0670"


_ASCII_KEPT = {number: _kept(chr(number)) for number in range(128)}


def is_number(word: str) -> bool:
    """A telephone or order number: it says nothing in any language (411 may be "all"), and no two texts have the same, so nothing is remembered of it."""
    return len(word) >= _SHORTEST_NUMBER and word.isascii() and word.isdigit()


def as_letters(word: str) -> str:
    """`st0p`, with digits where letters of that look belong, as `stop`; a word without digits stays as it is."""
    return word if word.isalpha() else word.translate(_DIGITS_AS_LETTERS)


def bare(word: str) -> str:
    """Without any accent."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word)
    return "".join(each for each in apart if unicodedata.category(each) != "Mn").translate(_NO_SEPARATE_ACCENT)


def vietnamese(word: str) -> str:
    """The tone at the end of the syllable: `huỷ` and `hủy` are one word."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word)
    tones = "".join(each for each in apart if each in _VIETNAMESE_TONES)
    return unicodedata.normalize("NFC", "".join(each for each in apart if each not in _VIETNAMESE_TONES)) + tones


_GREEK_PAIRS = (("αι", "e"), ("ει", "i"), ("οι", "i"), ("υι", "i"), ("ου", "u"), ("μπ", "v"), ("ντ", "d"), ("γγ", "g"), ("γκ", "g"))
_GREEK = str.maketrans(dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", [*"avgdezitiklmnxoprsstifx", "ps", "o"], strict=True)))
_GREEKLISH_PAIRS = (
    ("th", "t"), ("8", "t"), ("9", "t"), ("ph", "f"), ("ch", "x"), ("ks", "x"), ("3", "x"), ("ou", "\0"), ("ei", "i"), ("oi", "i"), ("ai", "e"),
    ("mp", "v"), ("nt", "d"), ("gg", "g"), ("gk", "g"), ("u", "i"), ("\0", "u"),
)  # fmt: skip
_GREEKLISH = str.maketrans("ywbc0", "iovko")
_H_AS_ETA = re.compile(r"([tp])h(?![aeiouyw])")  # stamathste, diakoph
_H_AS_CHI = re.compile(r"(^|(?<=[aeiouw]))h(?=[aeiouw])")


@lru_cache(maxsize=8192)
def greek(word: str) -> str:
    """As it sounds, in Latin letters, whether it came as Greek or as Greeklish."""
    word = bare(word)
    if word == "my":  # English; who writes μη so writes mi or mh
        return word
    if any("α" <= each <= "ω" for each in word):
        word = word.translate(_LOOKS_GREEK) if not word.isascii() else word
        for pair, sound in _GREEK_PAIRS:
            word = word.replace(pair, sound)
        return word.translate(_GREEK)
    if len(word) < 3:
        return word.translate(_GREEKLISH) if word.isalpha() else word
    word = _H_AS_ETA.sub(r"\1i", _H_AS_CHI.sub("x", word))
    for pair, sound in _GREEKLISH_PAIRS:
        word = word.replace(pair, sound)
    return word.replace("h", "i").translate(_GREEKLISH)


def as_it_is(word: str) -> str:
    return word


_TWICE = re.compile(r"(.)\1")


def _rewriting(*rules: tuple[str, str]) -> Fold:
    """A fold that applies `rules` (pattern, replacement) one after another; letters written twice count once."""
    compiled = [(re.compile(pattern), replacement) for pattern, replacement in rules]

    def rewrite(word: str) -> str:
        for pattern, replacement in compiled:
            word = pattern.sub(replacement, word)
        return _TWICE.sub(r"\1", word)

    return rewrite


# how people write by ear, on words without accents: two spellings of one sound meet
LOOSELY: dict[str, Fold] = {
    "en": _rewriting(("in$", "ing"), ("z", "s"), ("ph", "f")),
    "fr": _rewriting(("(?<=..)(?:er|ez|ees?|es|ent|e|s|t|x)$", ""), ("qu", "k"), ("ph", "f"), ("y", "i"), ("ss|c(?=[ei])", "s"), ("eau|au", "o"), ("h", "")),
    "es": _rewriting(("qu", "k"), ("c(?=[aou])", "k"), ("[zc](?=[ei])|z|x", "s"), ("v", "b"), ("ll", "y"), ("h", ""), ("(?<=..)s$", "")),
    "pt": _rewriting(("qu", "k"), ("c(?=[aou])", "k"), ("c(?=[ei])|z|ss|x", "s"), ("(?:ao|aum|am|aun)$", "am"), ("h", ""), ("(?<=...)r$", "")),
    "de": _rewriting(("ae", "a"), ("oe", "o"), ("ue", "u"), ("ie", "i"), ("(?<=[aeiou])h(?=[^aeiou]|$)", ""), ("en$", "n"), ("dt", "t"), ("ck", "k"), ("tz", "z"), ("v", "f"), ("d$", "t")),
    "pl": _rewriting(("rz|sz|z", "s"), ("ch", "h"), ("o", "u"), ("(?<=...)ta$", "cie"), ("om$|em$", ""), ("w$", "f")),
    "vi": _rewriting(("0", "o"), ("nk", "nh"), ("q$", "ng"), ("q(?=[^u])", "ng"), ("z$", ""), ("^j|^z", "d"), ("^f", "ph"), ("^w", "qu")),
    "ar-latin": _rewriting(
        ("kh|5", "x"), ("gh|8", "q"), ("sh|ch", "c"), ("th|6", "t"), ("dh", "d"), ("9", "q"), ("2|'", ""), ("k|c(?=[aou])", "k"), ("[aeiouy]+$", ""),
        ("(?<=.)[aeiou]", ""),
    ),
}  # fmt: skip
LOOSELY["vi-bare"] = LOOSELY["vi"]
