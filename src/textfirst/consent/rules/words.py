"""Is this text a keyword: to stop, to start again, or for help? What asks for it in other words is heard by `hearing.py`.

The rule (O4): normalise, then the whole message is a keyword, or a keyword with at most two filler words ("stop please", "pls stop!!").
A keyword inside a sentence is no opt-out: "don't stop", "stop by at 5". The sets are O5 and O6: what the FCC names, what Twilio and AWS honour,
and the words of the product's languages and their neighbours. STOP works in every language.

Accents are forgiven except in Vietnamese, where another accent is another word: `đúng` (right) is not `dừng` (stop). There a keyword counts
with its own accents, or when the word has none at all, as on an old keypad. Arabic vowel marks and the seats of hamza are left out, as people
write.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from textfirst.consent.rules.scopes import ALL

LONGEST_KEYWORD_TEXT = 80  # characters; beyond, it is a sentence
MOST_FILLERS = 2
_TATWEEL = "\u0640"
_SEATS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي"})


@dataclass(frozen=True, slots=True)
class StopWords:
    keyword: str
    scope: str = ALL  # or MARKETING: "no more offers please"


@dataclass(frozen=True, slots=True)
class HoldWords:
    """Perhaps a wish to leave: marketing waits, and a person is asked."""

    keyword: str


@dataclass(frozen=True, slots=True)
class StartWords:
    keyword: str


@dataclass(frozen=True, slots=True)
class HelpWords:
    keyword: str


ConsentWords = StopWords | HoldWords | StartWords | HelpWords

STOP = (
    "stop", "stopall", "stop all", "unsubscribe", "unsubscribe me", "end", "quit", "cancel", "revoke", "remove", "optout", "opt out", "td",  # en
    "arrêt", "arrêter", "désinscrire", "désabonner",  # fr
    "alto", "baja", "parar", "cancelar",  # es, pt
    "sair", "descadastrar",  # pt
    "stopp", "abmelden", "ende",  # de
    "rezygnuję", "wypisz", "wypisz mnie",  # pl
    "στοπ", "διακοπή", "διαγραφή",  # el
    "إيقاف", "إلغاء", "إلغاء الاشتراك", "توقف", "قف", "أوقف",  # ar
    "basta", "annulla",  # it
    "стоп", "отписаться",  # ru
)  # fmt: skip
START = (
    "start", "unstop",  # en; everywhere
    "reprendre",  # fr
    "iniciar", "reanudar",  # es, pt
    "starten",  # de
    "wznów",  # pl
    "έναρξη",  # el
    "ابدأ", "تفعيل", "اشتراك",  # ar
)  # fmt: skip
HELP = (
    "help", "info",  # en; everywhere
    "aide",  # fr
    "ayuda",  # es
    "ajuda",  # pt
    "hilfe",  # de
    "pomoc",  # pl
    "βοήθεια", "πληροφορίες",  # el
    "مساعدة", "معلومات",  # ar
)  # fmt: skip
VIETNAMESE_STOP = ("tc", "hủy", "huỷ", "từ chối", "tuchoi", "dừng", "ngừng")
VIETNAMESE_START = ("bắt đầu", "batdau")
VIETNAMESE_HELP = ("trợ giúp", "trogiup")
FILLERS = (
    "please", "pls", "plz", "thanks", "thank", "you", "thx", "now", "sms", "text", "texts", "texting", "message", "messages", "msg", "all",
    "svp", "merci", "por", "favor", "gracias", "obrigado", "bitte", "danke", "proszę", "dziękuję", "παρακαλώ", "ευχαριστώ", "mnie",
    "xin", "cam", "on", "vui", "long", "tin", "nhan", "من", "فضلك", "رجاء", "شكرا", "الرسائل",
)  # fmt: skip


def read_words(text: str) -> ConsentWords | None:
    """What `text` asks of us, or None when it is about anything else."""
    if len(text) > LONGEST_KEYWORD_TEXT:
        return None
    words = normalised(text).split()
    if not words:
        return None
    if keyword := _keyword(words, _STOP, fillers=MOST_FILLERS):
        return StopWords(keyword)
    if keyword := _keyword(words, _START, fillers=MOST_FILLERS):
        return StartWords(keyword)
    if keyword := _keyword(words, _HELP, fillers=0):  # "help me please" is for a person to answer
        return HelpWords(keyword)
    return None


def normalised(text: str) -> str:
    """NFKC and case folded; only letters, digits and their accents, words apart by one space. `S.T.O.P.` becomes `stop`."""
    if text.isascii():  # most texts: nothing to compose, and one table for all
        words = text.casefold().translate(_ASCII_KEPT).split()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        words = "".join(map(_kept, folded)).translate(_SEATS).split()
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return "".join(words)
    return " ".join(words)


@lru_cache(maxsize=4096)
def _kept(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" or character == _TATWEEL or _is_arabic_mark(character):
        return ""  # zero-width, direction marks, ornaments: nothing stood there
    if category[0] in "LN" or (category in {"Mn", "Mc"} and not "\ufe00" <= character <= "\ufe0f"):
        return character
    return " "


def _is_arabic_mark(character: str) -> bool:
    return "\u0610" <= character <= "\u061a" or "\u064b" <= character <= "\u065f" or character == "\u0670"


_ASCII_KEPT = {number: _kept(chr(number)) for number in range(128)}


def _bare(text: str) -> str:
    """Without any accent; đ and ł, which have no separate accent, as d and l."""
    if text.isascii():
        return text
    marks_apart = unicodedata.normalize("NFD", text)
    return "".join(c for c in marks_apart if unicodedata.category(c) != "Mn").replace("đ", "d").replace("ł", "l")


@dataclass(frozen=True, slots=True)
class _Spellings:
    """Accepted spellings → the keyword as it is kept in the ledger."""

    exact: dict[str, str]
    bare: dict[str, str]  # compared with the text's bare form

    def __getitem__(self, text: str) -> str | None:
        return self.exact.get(text) or self.bare.get(_bare(text))


def _spellings(forgiving: tuple[str, ...], strict: tuple[str, ...] = ()) -> _Spellings:
    exact = {form: word for word in reversed(strict) for form in (_bare(normalised(word)), normalised(word))}  # of two, the first is kept
    return _Spellings(exact, {_bare(normalised(word)): word for word in forgiving})


_STOP = _spellings(STOP, VIETNAMESE_STOP)
_START = _spellings(START, VIETNAMESE_START)
_HELP = _spellings(HELP, VIETNAMESE_HELP)
_FILLERS = frozenset(_bare(normalised(word)) for word in FILLERS)


def _keyword(words: list[str], known: _Spellings, *, fillers: int) -> str | None:
    """The keyword that, with at most `fillers` filler words around it, is the whole message. Two keywords are as good as one."""
    if whole := known[" ".join(words)]:
        return whole
    first: str | None = None
    others = 0
    for word in words:
        if keyword := known[word]:
            first = first or keyword
        elif others == fillers or _bare(word) not in _FILLERS:
            return None  # most texts end here, at their first words
        else:
            others += 1
    return first
