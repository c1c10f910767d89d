from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from textfirst.consent.rules.answers import CONFIRM_WITHIN, answer, is_answer
from textfirst.consent.rules.hearing import hear
from textfirst.consent.rules.scopes import MARKETING
from textfirst.consent.rules.words import HelpWords, HoldWords, StartWords, StopWords, read_words
from textfirst.protocols.sms import plan

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STOP, START, HELP = StopWords("stop"), StartWords("start"), HelpWords("help")
OFFERS = StopWords("no more offers", MARKETING)


def say(words, *, changed=True, language="en", after=timedelta(0)):
    return answer(
        words, changed=changed, business="Blue Door", number="+302100000000", language=language, received_at=NOON, now=NOON + after
    )


def test_one_confirmation():
    assert say(STOP) == "Blue Door: you will get no more texts from us. Reply START to get them again."
    assert say(STOP, changed=False) is None


@pytest.mark.parametrize(
    ("after", "sent"), [(timedelta(minutes=4, seconds=59), True), (CONFIRM_WITHIN, False), (timedelta(hours=2), False)]
)
@pytest.mark.parametrize("words", [STOP, START, HELP])
def test_never_late(words, after, sent):
    assert (say(words, after=after) is not None) is sent


def test_help_is_answered_whatever_changed():
    assert say(HELP, changed=False) == say(HELP)
    assert "+302100000000" in (say(HELP) or "")


def test_start_is_confirmed_when_it_changed_something():
    assert "Blue Door" in (say(START) or "")
    assert say(START, changed=False) is None


@pytest.mark.parametrize("language", ["en", "ar", "vi", "el", "pl"])
@pytest.mark.parametrize("words", [STOP, OFFERS, START, HELP])
def test_every_language_names_the_business_and_is_short(words, language):
    text = say(words, language=language)
    assert text is not None
    assert text.startswith("Blue Door: ")
    assert plan(text).parts <= 2
    assert read_words(text) is None  # two of our systems must not talk each other round
    assert is_answer(text)
    assert hear(text) is None


def test_o3_the_confirmation_says_what_was_stopped():
    assert say(OFFERS) == "Blue Door: you will get no more offers from us. Reply STOP to end all texts, START to get offers again."
    assert say(OFFERS, changed=False) is None


def test_o4_a_doubt_is_answered_by_a_person():
    assert say(HoldWords("wrong number")) is None


def test_o3_what_looks_like_an_answer_and_is_none():
    assert not is_answer("you will get no more texts from us")
    assert not is_answer("Blue Door: you will get no more texts from us. Reply START to get them again. And stop writing!")


def test_a_language_we_do_not_speak_gets_english():
    assert say(STOP, language="fi") == say(STOP)
    assert say(STOP, language="pl-PL") == say(STOP, language="pl")
    assert say(STOP, language="") == say(STOP)
