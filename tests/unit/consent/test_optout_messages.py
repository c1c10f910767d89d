"""The labelled set itself: large enough, unique, and split as promised."""

from __future__ import annotations

from collections import Counter

from tests.unit.consent.optout_messages import FOLDER, LANGUAGES, PRODUCT_LANGUAGES, read, split

KINDS = {("stop", "exact"), ("stop", "phrase"), ("hold", "phrase"), ("ordinary", "near_miss"), ("ordinary", "plain")}


def test_every_language_has_enough():
    messages = read()
    wanting_out = Counter(one.language for one in messages if one.verdict == "stop")
    assert {language for language in PRODUCT_LANGUAGES if wanting_out[language] < 150} == set()
    assert sum(one.verdict == "ordinary" for one in messages) >= 1500
    assert {(one.verdict, one.kind) for one in messages} == KINDS
    assert {one.language for one in messages} == set(LANGUAGES)


def test_no_message_twice_in_a_language():
    assert [key for key, times in Counter((one.language, one.text) for one in read()).items() if times > 1] == []


def test_a_third_is_held_out_and_stays_held_out():
    tuning, held_out = split()
    assert 0.30 < len(held_out) / (len(tuning) + len(held_out)) < 0.37
    assert [one.text for one in held_out[:3]] == ["stop.", "STOP!!!", "PLEASE STOP"]


def test_the_fresh_set_is_large_enough_and_repeats_nothing_of_the_old_one():
    fresh, old = read(FOLDER / "fresh"), {(one.language, one.text) for one in read()}
    wanting_out = Counter(one.language for one in fresh if one.verdict == "stop")
    assert {language for language in PRODUCT_LANGUAGES if wanting_out[language] < 60} == set()
    assert sum(one.verdict == "ordinary" for one in fresh) >= 400
    assert [one.text for one in fresh if (one.language, one.text) in old] == []


def test_the_third_set_is_by_others_and_large_enough():
    third = read(FOLDER / "third")
    wanting_out = Counter(one.language for one in third if one.verdict == "stop")
    assert {language for language in PRODUCT_LANGUAGES if wanting_out[language] < 70} == set()
    assert sum(one.verdict == "ordinary" for one in third) == 800
    assert {(one.verdict, one.kind) for one in third} == {(v, k) for v, k in KINDS if v != "hold"} | {("stop", "scoped")}
