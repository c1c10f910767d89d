from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from textfirst.consent.rules.answers import CONFIRM_WITHIN, answer
from textfirst.consent.rules.words import HelpWords, StartWords, StopWords, read_words
from textfirst.protocols.sms import plan

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STOP, START, HELP = StopWords("stop"), StartWords("start"), HelpWords("help")


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
@pytest.mark.parametrize("words", [STOP, START, HELP])
def test_every_language_names_the_business_and_is_short(words, language):
    text = say(words, language=language)
    assert text is not None
    assert text.startswith("Blue Door: ")
    assert plan(text).parts <= 2
    assert read_words(text) is None  # two of our systems must not talk each other round


def test_a_language_we_do_not_speak_gets_english():
    assert say(STOP, language="fi") == say(STOP)
    assert say(STOP, language="pl-PL") == say(STOP, language="pl")
    assert say(STOP, language="") == say(STOP)
