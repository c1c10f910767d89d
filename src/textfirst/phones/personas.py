"""Phones that answer by themselves. Who a phone is follows from its number, so a demo plays the same every time.

The country of the number decides the language, a checksum of it the temper. Pure: a number, what arrived and how often this
phone has answered already, to what it says and after how many seconds.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

__all__ = ["Language", "Persona", "Reply", "Temper", "persona_of", "reply"]


class Temper(Enum):
    """How a phone's owner reacts to a text."""

    AGREES = "agrees"
    ASKS = "asks"
    THANKS = "thanks"
    STOPS = "stops"
    SILENT = "silent"


class Language(Enum):
    ENGLISH = "en"
    ARABIC = "ar"
    GREEK = "el"
    VIETNAMESE = "vi"
    POLISH = "pl"


@dataclass(frozen=True, slots=True)
class Persona:
    language: Language
    temper: Temper


@dataclass(frozen=True, slots=True)
class Reply:
    """What is typed, and after how long at human speed (seconds)."""

    text: str
    after: float


_PREFIXES: Mapping[str, Language] = {
    "30": Language.GREEK,
    "357": Language.GREEK,
    "48": Language.POLISH,
    "84": Language.VIETNAMESE,
    **dict.fromkeys(
        ("20", "212", "213", "216", "218", "961", "962", "963", "964", "965", "966", "967", "968", "970", "971", "973", "974"),
        Language.ARABIC,
    ),
}

# Out of a hundred phones: those who agree, ask, thank, stop; the rest never answer.
_TEMPERS: Sequence[tuple[int, Temper]] = (
    (35, Temper.AGREES),
    (57, Temper.ASKS),
    (70, Temper.THANKS),
    (76, Temper.STOPS),
    (100, Temper.SILENT),
)

# What they say, turn by turn; several ways to say it are separated by the number.
_LINES: Mapping[Language, Mapping[Temper, Sequence[Sequence[str]]]] = {
    Language.ENGLISH: {
        Temper.AGREES: (("YES", "Yes please", "Yes 👍"), ("Great, thanks!", "Perfect, see you then")),
        Temper.ASKS: (("What time do you close today?", "Can I bring my son as well?", "Is there parking nearby?"), ("Ok thank you", "Thanks, that helps")),
        Temper.THANKS: (("Thanks for letting me know", "Got it, thank you!"),),
        Temper.STOPS: (("STOP", "stop please", "Stop!!"),),
    },
    Language.ARABIC: {
        Temper.AGREES: (("نعم", "نعم من فضلك", "أكيد 👍"), ("شكراً جزيلاً",)),
        Temper.ASKS: (("متى تغلقون اليوم؟", "هل يوجد موقف للسيارات؟", "هل يمكنني تغيير الموعد إلى الغد؟"), ("تمام، شكراً",)),
        Temper.THANKS: (("شكراً لكم على التذكير", "وصلت، شكراً"),),
        Temper.STOPS: (("إيقاف", "توقف"),),
    },
    Language.GREEK: {
        Temper.AGREES: (("ΝΑΙ", "Ναι, ευχαριστώ", "Βεβαίως 👍"), ("Τέλεια, ευχαριστώ πολύ!",)),
        Temper.ASKS: (("Τι ώρα κλείνετε σήμερα;", "Μπορώ να αλλάξω την ώρα;", "Υπάρχει πάρκινγκ κοντά;"), ("Ωραία, ευχαριστώ",)),
        Temper.THANKS: (("Ευχαριστώ για την ενημέρωση",),),
        Temper.STOPS: (("ΣΤΟΠ", "ΔΙΑΓΡΑΦΗ"),),
    },
    Language.VIETNAMESE: {
        Temper.AGREES: (("Có", "Vâng, tôi đồng ý", "Dạ có 👍"), ("Cảm ơn nhiều!",)),
        Temper.ASKS: (("Hôm nay mấy giờ đóng cửa?", "Tôi đổi lịch sang ngày mai được không?", "Ở đó có chỗ đậu xe không?"), ("Vâng, cảm ơn bạn",)),
        Temper.THANKS: (("Cảm ơn đã báo cho tôi",),),
        Temper.STOPS: (("HUY", "TC"),),
    },
    Language.POLISH: {
        Temper.AGREES: (("TAK", "Tak, poproszę", "Jasne 👍"), ("Świetnie, dziękuję!",)),
        Temper.ASKS: (("O której dziś zamykacie?", "Czy mogę przełożyć wizytę na jutro?", "Czy jest parking w pobliżu?"), ("Dobrze, dziękuję",)),
        Temper.THANKS: (("Dziękuję za informację",),),
        Temper.STOPS: (("STOP", "WYPISZ"),),
    },
}  # fmt: skip

_QUICKEST, _SLOWEST = 4.0, 45.0  # seconds a person takes to answer


def persona_of(address: str) -> Persona:
    """Who answers at `address` (digits, country code first)."""
    digits = address.lstrip("+")
    language = next((_PREFIXES[digits[:size]] for size in (3, 2) if digits[:size] in _PREFIXES), Language.ENGLISH)
    draw = _draw(digits, "temper") % 100
    return Persona(language, next(temper for limit, temper in _TEMPERS if draw < limit))


def reply(address: str, turn: int) -> Reply | None:
    """What the phone answers to the text that is its `turn`-th (from 0) to be answered, or None when it has no more to say."""
    persona = persona_of(address)
    lines = _LINES[persona.language].get(persona.temper, ())
    if turn >= len(lines):
        return None
    choice = lines[turn][_draw(address, f"line {turn}") % len(lines[turn])]
    share = _draw(address, f"delay {turn}") % 1000 / 1000
    return Reply(choice, _QUICKEST + share * share * (_SLOWEST - _QUICKEST))  # most are quick, some slow


def _draw(address: str, purpose: str) -> int:
    return zlib.crc32(f"{address.lstrip('+')} {purpose}".encode())
