"""Double opt-in (C3, P1, P2): what is asked, how long it counts, and which words say yes."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from textfirst.consent.rules.scopes import ANY_HOUR
from textfirst.consent.rules.words import normalised
from textfirst.consent.types import Confirmed, Given, Joiner, JoinForm, Kind, Permission, Source
from textfirst.core.ids import new_id

COUNTS_FOR = timedelta(hours=48)  # C3: no longer; and within it nobody is asked twice
ANSWER_WITHIN = timedelta(hours=1)  # the question and the welcome; later, nobody remembers what they asked for
TOKEN_BYTES = 16  # 128 bits
LONGEST_WORD = 40  # characters of a form's word, normalised
_LONGEST_AGENT = 500

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
# What CTIA asks of the text that confirms: who, what and how often (both in `about`), what it costs, how to be helped and how to leave.
_WELCOME = {
    "en": "{business}: you are in. You will get {about}. Msg & data rates may apply. Reply HELP for help, STOP to end.",
    "ar": "{business}: تم تسجيلك. ستصلك {about}. قد تُطبَّق رسوم الرسائل والبيانات. أرسل HELP للمساعدة وSTOP للإيقاف.",
    "vi": "{business}: bạn đã đăng ký. Bạn sẽ nhận {about}. Có thể mất phí tin nhắn và dữ liệu. HELP để được giúp, STOP để dừng.",
    "el": "{business}: εγγραφήκατε. Θα λαμβάνετε {about}. Ίσως ισχύουν χρεώσεις. HELP για βοήθεια, STOP για διακοπή.",
    "pl": "{business}: zapisano. Będziesz otrzymywać {about}. Mogą obowiązywać opłaty. HELP: pomoc, STOP: koniec.",
}


@dataclass(frozen=True, slots=True)
class JoinWords:
    """A short text that is no word of consent: perhaps a form's word, or the YES to a question of ours. Who knows the forms decides."""

    said: str  # normalised
    yes: bool


def is_yes(text: str) -> bool:
    """Whether the whole text says yes; only asked of people who were asked (O6)."""
    return normalised(text) in _YES


def question(language: str, *, business: str, about: str, link: str) -> str:
    return _ASK.get(language[:2], _ASK["en"]).format(business=business, about=about, link=link)


def welcome(language: str, *, business: str, about: str) -> str:
    return _WELCOME.get(language[:2], _WELCOME["en"]).format(business=business, about=about)


def first_language(texts: Mapping[str, Any]) -> str:
    """For whoever speaks none of a form's languages: English where it has it."""
    return "en" if "en" in texts else min(texts)


def spoken(texts: Mapping[str, Any], *wanted: str) -> str:
    """The first of the languages `wanted` that the form speaks."""
    return next((each for each in wanted if each in texts), first_language(texts))


def words_in(texts: Mapping[str, Mapping[str, str]], language: str) -> Mapping[str, str]:
    """The form's words in a language it has, else in its first."""
    return texts.get(language) or texts[first_language(texts)]


def link_of(url: str, token: str) -> str:
    """The page with the button, at our own address `url`."""
    return f"{url}/join/c/{token}"


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def request_params(workspace_id: UUID, form: JoinForm, joiner: Joiner, token: str, now: datetime) -> dict[str, Any]:
    """Parameters of `sql/open_request.sql`."""
    texts = words_in(form.texts, joiner.language)
    return {
        "workspace_id": workspace_id, "id": new_id(), "form_id": form.id, "address_hash": joiner.address_hash, "token_hash": hash_of_token(token),
        "language": joiner.language, "shown": texts["words"], "shown_any_hour": texts.get("any_hour", "") if joiner.any_hour else "",
        "words": joiner.words, "ip": joiner.ip, "user_agent": joiner.user_agent[:_LONGEST_AGENT], "message_id": joiner.message_id, "now": now,
        "expires_at": now + COUNTS_FOR,
    }  # fmt: skip


def confirmed_of(row: Sequence[Any]) -> Confirmed:
    """A row of `sql/confirm_request.sql`."""
    identifier, address_hash, language, shown, shown_any_hour, words, ip, user_agent, *form = row
    joiner = Joiner(bytes(address_hash), language, words, ip, user_agent, any_hour=bool(shown_any_hour))
    return Confirmed(identifier, joiner, shown, shown_any_hour, form_of(form))


def form_of(row: Sequence[Any]) -> JoinForm:
    """A form's columns, its texts as they are written in JSON."""
    identifier, slug, keyword, scope, texts = row
    return JoinForm(identifier, slug, keyword, scope, json.loads(texts))


def permissions_of(request: Confirmed, answer: Joiner, now: datetime) -> list[tuple[Permission, Given]]:
    """What stands from now on, with the evidence of both steps: who asked, and who said that it was them. The second box has words of its own."""
    asked, keyword = request.joiner, bool(request.joiner.words)
    permission = Permission(
        Kind.DOUBLE_OPT_IN, Source.KEYWORD if keyword else Source.FORM, request.form.scope, shown=request.shown, language=asked.language,
        keyword=request.form.keyword if keyword else "",
    )  # fmt: skip
    note = f"asked {request.id}; {asked.ip} {asked.user_agent}".strip()[:500]
    given = Given(
        asked.address_hash, now, words=answer.words or asked.words, origin=f"/join/{request.form.slug}", ip=answer.ip,
        user_agent=answer.user_agent[:_LONGEST_AGENT], note=note, message_id=answer.message_id,
    )  # fmt: skip
    wish = [(replace(permission, scope=ANY_HOUR, shown=request.shown_any_hour), given)] if request.shown_any_hour else []
    return [(permission, given), *wish]
