"""Telephone and order numbers say nothing, whatever letters their digits look like, and leave nothing behind in what is remembered of words."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textfirst.consent.rules.optout import Wish, read_optout
from textfirst.consent.rules.optout.lexicon import lexicon
from textfirst.consent.rules.optout.spelling import as_letters, is_number
from textfirst.consent.rules.optout.verdict import LATIN, _glance

LANGUAGES = (*LATIN, "vi", "vi-bare", "ar")


def test_what_is_a_number():
    assert [is_number(word) for word in ("12345", "07700900123", "1234", "411", "1234a", "|", "١٢٣٤٥")] == [True, True, *[False] * 5]


@pytest.mark.parametrize("name", LANGUAGES)
def test_no_number_would_be_taken_for_a_word(name: str):
    """What `is_number` spares looking up would have been looked up in vain."""
    known, chance = lexicon(name), random.Random(name)
    for _ in range(2000):
        number = known.fold("".join(chance.choices("0123456789", k=chance.randint(5, 12))))
        assert known._stem(number) is None
        assert {number, as_letters(number)}.isdisjoint({*known.words, *known.keyword_words, *known.phrase_words})
        assert known.keyword_slips.nearest(number, 2) is None
        assert known.word_slips.nearest(number) is None


def test_a_number_changes_nothing_and_is_not_remembered():
    assert read_optout("please stop texting 07700900123").wish is Wish.STOP
    assert read_optout("call me on 07700900123 about the order").wish is Wish.ORDINARY
    before = _glance.cache_info().currsize
    for number in range(100):
        read_optout(f"call me on {7700900000 + number} about the order")
    assert _glance.cache_info().currsize == before


def test_no_short_number_alone_asks_anything():
    """60, 370, 963 and their like look like letters of a verb to some lexicons; the answer to "how many?" is no wish to leave."""
    assert {read_optout(str(number)).wish for number in range(10_000)} == {Wish.ORDINARY}


WORDS = sorted({word for name in LANGUAGES for word in (*lexicon(name).words, *lexicon(name).keyword_words, *lexicon(name).phrase_words)})


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(WORDS), st.text(max_size=8), st.integers(0, 99_999).map(str), st.sampled_from("|.?!,-'")), max_size=9
    )
)
def test_whatever_is_written_is_read(words: list[str]):
    assert 0 <= read_optout(" ".join(words)).score <= 1
