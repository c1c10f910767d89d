"""What we answer by ourselves to STOP, START and HELP (O3, O6).

One confirmation of a stop, within five minutes and without advertising; a late one is not sent at all. HELP is answered to everybody, also to
people who have stopped, and changes nothing. These are the only texts that reach a stopped number.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from textfirst.consent.rules.scopes import MARKETING
from textfirst.consent.rules.words import ConsentWords, HelpWords, HoldWords, StartWords, StopWords

CONFIRM_WITHIN = timedelta(minutes=5)  # FCC 24-24

# Kept short: one part each with a usual name. The others of the product's languages await native review like the keywords.
_STOPPED = {
    "en": "{business}: you will get no more texts from us. Reply START to get them again.",
    "ar": "{business}: لن نرسل إليك رسائل بعد الآن. أرسل START لاستقبالها من جديد.",
    "vi": "{business}: bạn sẽ không nhận tin nhắn từ chúng tôi nữa. Trả lời START để nhận lại.",
    "el": "{business}: δεν θα λαμβάνετε άλλα μηνύματα. Απαντήστε START για να τα λαμβάνετε ξανά.",
    "pl": "{business}: nie wyślemy więcej wiadomości. Odpowiedz START, aby znów je otrzymywać.",
}
_STOPPED_MARKETING = {
    "en": "{business}: you will get no more offers from us. Reply STOP to end all texts, START to get offers again.",
    "ar": "{business}: لن نرسل إليك عروضًا بعد الآن. أرسل STOP لإيقاف كل الرسائل، أو START لاستقبال العروض.",
    "vi": "{business}: bạn sẽ không nhận khuyến mãi nữa. Trả lời STOP để dừng mọi tin, START để nhận lại.",
    "el": "{business}: δεν θα λαμβάνετε άλλες προσφορές. STOP: κανένα μήνυμα. START: ξανά προσφορές.",
    "pl": "{business}: nie wyślemy więcej ofert. Odpowiedz STOP, aby nie dostawać żadnych SMS-ów, START, aby wrócić.",
}
_STARTED = {
    "en": "{business}: you will get our texts again. Reply STOP to end them.",
    "ar": "{business}: ستصلك رسائلنا من جديد. أرسل STOP لإيقافها.",
    "vi": "{business}: bạn sẽ nhận lại tin nhắn của chúng tôi. Trả lời STOP để dừng.",
    "el": "{business}: θα λαμβάνετε ξανά τα μηνύματά μας. Απαντήστε STOP για διακοπή.",
    "pl": "{business}: znów będziemy wysyłać wiadomości. Odpowiedz STOP, aby zrezygnować.",
}
_HELP = {
    "en": "{business}: write your question here and we will answer, or call {number}. Reply STOP to get no more texts.",
    "ar": "{business}: اكتب سؤالك هنا وسنجيبك، أو اتصل بالرقم {number}. أرسل STOP لإيقاف الرسائل.",
    "vi": "{business}: hãy gửi câu hỏi tại đây, chúng tôi sẽ trả lời, hoặc gọi {number}. Trả lời STOP để dừng.",
    "el": "{business}: γράψτε εδώ την ερώτησή σας και θα απαντήσουμε, ή καλέστε {number}. Απαντήστε STOP για διακοπή.",
    "pl": "{business}: napisz pytanie, a odpowiemy, albo zadzwoń: {number}. Odpowiedz STOP, aby zrezygnować.",
}


def answer(
    words: ConsentWords, *, changed: bool, business: str, number: str, language: str, received_at: datetime, now: datetime
) -> str | None:
    """The text to answer with, or None when nothing shall be said.

    `changed` says whether the stop or start changed anything: a second STOP gets no second confirmation. It says what was stopped. `number` is the one they
    wrote to. `language` is the contact's, else the workspace's; one we do not speak gets English.
    """
    if now - received_at >= CONFIRM_WITHIN:
        return None
    match words:
        case StopWords():
            texts = (_STOPPED_MARKETING if words.scope == MARKETING else _STOPPED) if changed else None
        case StartWords():
            texts = _STARTED if changed else None
        case HelpWords():
            texts = _HELP
        case HoldWords():
            texts = None  # a person answers, once they have read it
    return texts.get(language[:2].lower(), texts["en"]).format(business=business, number=number) if texts else None


def is_answer(text: str) -> bool:
    """Whether `text` is one of these answers, of whatever business."""
    return any(shape.fullmatch(text) for shape in _ANSWERS)


_ANSWERS = [
    re.compile(".{1,200}".join(re.escape(part) for part in re.split(r"\{\w+\}", one)), re.DOTALL)
    for texts in (_STOPPED, _STOPPED_MARKETING, _STARTED, _HELP)
    for one in texts.values()
]
