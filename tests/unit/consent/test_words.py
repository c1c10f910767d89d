"""What stops and what does not: the tables of O4 to O6."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textfirst.consent.rules.words import HELP, START, STOP, VIETNAMESE_STOP, HelpWords, StartWords, StopWords, normalised, read_words

STOPS = [
    # FCC, CTIA, Twilio, AWS
    ("STOP", "stop"), ("stop", "stop"), ("Stop.", "stop"), ("STOPALL", "stopall"), ("Unsubscribe", "unsubscribe"), ("END", "end"),
    ("quit", "quit"), ("REVOKE", "revoke"), ("OPT OUT", "opt out"), ("opt-out", "opt out"), ("OptOut", "optout"), ("Cancel", "cancel"),
    ("remove", "remove"), ("TD", "td"), ("arret", "arrêt"),
    # however it is written
    ("  stop \n", "stop"), ("stop!!", "stop"), ("“STOP”", "stop"), ("'stop'", "stop"), ("S.T.O.P.", "stop"), ("s t o p", "stop"),
    ("stop 🛑", "stop"), ("🛑🙏🏽STOP", "stop"), ("st\u200bop", "stop"), ("\u200fstop\u200f", "stop"), ("ＳＴＯＰ", "stop"), ("𝗦𝗧𝗢𝗣", "stop"),
    ("*STOP*", "stop"), ("_stop_", "stop"), ("STOP\ufe0f", "stop"), ("stóp", "stop"), ("stop\u00a0", "stop"),
    # with a word of courtesy, twice
    ("stop please", "stop"), ("pls stop!!", "stop"), ("STOP, thank you", "stop"), ("Please STOP now.", "stop"), ("stop texting", "stop"),
    ("stop all messages", "stop"), ("stop stop stop", "stop"), ("stop unsubscribe", "stop"), ("Stop SVP", "stop"),
    # the product's languages and their neighbours
    ("إيقاف", "إيقاف"), ("ايقاف", "إيقاف"), ("إِيقَافْ", "إيقاف"), ("إيـقـاف", "إيقاف"), ("الغاء", "إلغاء"), ("إلغاء", "إلغاء"),
    ("توقف من فضلك", "توقف"), ("قف!", "قف"), ("الغاء الاشتراك", "إلغاء الاشتراك"),
    ("DỪNG", "dừng"), ("dung", "dừng"), ("Hủy", "hủy"), ("huỷ", "huỷ"), ("HUY", "hủy"), ("TC", "tc"), ("từ chối", "từ chối"),
    ("tu choi", "từ chối"), ("du\u031b\u0300ng", "dừng"), ("vui lòng dừng", "dừng"),
    ("ΣΤΟΠ", "στοπ"), ("στόπ", "στοπ"), ("ΔΙΑΚΟΠΗ", "διακοπή"), ("διακοπή παρακαλώ", "διακοπή"), ("Διαγραφή", "διαγραφή"),
    ("Rezygnuję", "rezygnuję"), ("REZYGNUJE", "rezygnuję"), ("wypisz mnie", "wypisz mnie"), ("wypisz mnie proszę", "wypisz"),
    ("ARRÊT", "arrêt"), ("désinscrire", "désinscrire"), ("BAJA", "baja"), ("cancelar por favor", "cancelar"), ("SAIR", "sair"),
    ("abmelden bitte", "abmelden"), ("Stopp", "stopp"), ("СТОП", "стоп"),
]  # fmt: skip

NEAR_MISSES = [
    "don't stop", "Dont stop", "Don’t stop!", "stop by at 5", "I'll stop by", "can you stop the delivery", "non-stop", "nonstop", "the bus stop",
    "STOP sign", "stop it Anna", "please stop the order and refund me", "stops", "stopped", "unstoppable", "weekend", "the end of the road",
    "ending", "when does it end?", "cancel my appointment", "cancel order 12", "quit smoking class?", "remove the onions", "revoked?", "END 2 END",
    "stop 5", "5", "?", "", "   ", "🛑", "👍", "no", "ok", "yes", "YES", "thanks", "please", "all", "thank you now",
    "đúng", "dùng", "Dũng", "đúng rồi", "hùy", "hụy", "tư chối", "η στάση", "σταμάτησε η βροχή", "kończę pracę", "koniec", "ما توقف المطر",
    "الغاء الموعد", "قفل", "stop start", "help stop", "finish", "Stopover in Doha", "one-stop shop", "stop" + " please" * 3, "S T O P sign",
    "stop please " + "x" * 90,
]  # fmt: skip


@pytest.mark.parametrize(("text", "keyword"), STOPS)
def test_stops(text, keyword):
    assert read_words(text) == StopWords(keyword)


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text):
    assert read_words(text) is None


@pytest.mark.parametrize(
    "text", ["START", "unstop", "Start!", "start please", "ابدأ", "ابدا", "bắt đầu", "BAT DAU", "ΕΝΑΡΞΗ", "wznow", "Iniciar"]
)
def test_starts(text):
    assert isinstance(read_words(text), StartWords)


@pytest.mark.parametrize("text", ["HELP", "help?", "INFO", "Aide", "βοήθεια", "ΒΟΗΘΕΙΑ", "pomoc!", "مساعدة", "trợ giúp", "tro giup"])
def test_helps(text):
    assert isinstance(read_words(text), HelpWords)


@pytest.mark.parametrize(
    "text", ["start at 5?", "can we start", "restart", "help me please", "any info?", "I need help", "information", "yes", "Y"]
)
def test_no_start_and_no_help(text):
    assert read_words(text) is None


@pytest.mark.parametrize(("words", "kind"), [(STOP + VIETNAMESE_STOP, StopWords), (START, StartWords), (HELP, HelpWords)])
def test_every_keyword_is_heard_in_any_case(words, kind):
    for word in words:
        for text in (word, word.upper(), word.title(), f"«{word}»!"):
            assert isinstance(read_words(text), kind), text


@given(st.text(max_size=100))
def test_any_text_can_be_read(text):
    read_words(text)
    assert "  " not in normalised(text)


@given(st.sampled_from(["stop", "unsubscribe", "إيقاف", "στοπ"]), st.text(alphabet=" .,!?*\"'()\u200b\u200d🛑🙏\n", max_size=12))
def test_ornaments_hide_no_stop(word, ornament):
    assert isinstance(read_words(f"{ornament}{word}{ornament}"), StopWords)
