"""Double opt-in (C3, P1, P2): what is asked, how long it counts, and which words say yes."""

from __future__ import annotations

from datetime import timedelta

from textfirst.consent.rules.words import normalised

COUNTS_FOR = timedelta(hours=48)  # C3: no longer; and within it nobody is asked twice
TOKEN_BYTES = 16  # 128 bits

_YES = frozenset(
    map(normalised, ("yes", "y", "yes please", "ok", "نعم", "أجل", "موافق", "có", "đồng ý", "ναι", "tak", "sí", "si", "oui", "ja", "sim"))
)
_ASK = {
    "en": "{business}: you asked for {about}. Reply YES or open {link} to confirm. Msg & data rates may apply. Reply HELP for help, STOP to end.",
    "ar": "{business}: طلبت {about}. أرسل نعم أو افتح {link} للتأكيد. قد تُطبَّق رسوم الرسائل والبيانات. أرسل HELP للمساعدة وSTOP للإيقاف.",
    "vi": "{business}: bạn đã yêu cầu {about}. Trả lời CÓ hoặc mở {link} để xác nhận. Có thể mất phí tin nhắn và dữ liệu. HELP để được giúp, STOP để dừng.",
    "el": "{business}: ζητήσατε {about}. Απαντήστε ΝΑΙ ή ανοίξτε {link} για επιβεβαίωση. Ίσως ισχύουν χρεώσεις. HELP για βοήθεια, STOP για διακοπή.",
    "pl": "{business}: poprosiłeś o {about}. Odpowiedz TAK albo otwórz {link}, aby potwierdzić. Mogą obowiązywać opłaty. HELP: pomoc, STOP: koniec.",
}
_WELCOME = {
    "en": "{business}: you are in. You will get {about}. Reply STOP to end.",
    "ar": "{business}: تم تسجيلك. ستصلك {about}. أرسل STOP للإيقاف.",
    "vi": "{business}: bạn đã đăng ký. Bạn sẽ nhận {about}. Trả lời STOP để dừng.",
    "el": "{business}: εγγραφήκατε. Θα λαμβάνετε {about}. Απαντήστε STOP για διακοπή.",
    "pl": "{business}: zapisano. Będziesz otrzymywać {about}. Odpowiedz STOP, aby zakończyć.",
}


def is_yes(text: str) -> bool:
    """Whether the whole text says yes; only asked of people who were asked (O6)."""
    return normalised(text) in _YES


def question(language: str, *, business: str, about: str, link: str) -> str:
    return _ASK.get(language[:2], _ASK["en"]).format(business=business, about=about, link=link)


def welcome(language: str, *, business: str, about: str) -> str:
    return _WELCOME.get(language[:2], _WELCOME["en"]).format(business=business, about=about)
