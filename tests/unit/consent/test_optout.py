"""The matcher of wishes to leave: the promised figures on the part of the labelled set that it was tuned on, and what must always hold."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.consent.optout_messages import FOLDER, LANGUAGES, PRODUCT_LANGUAGES, read, split

from textfirst.cli.optout import optout
from textfirst.consent.rules import hearing
from textfirst.consent.rules.optout import Wish, read_optout
from textfirst.consent.rules.optout.slips import slips
from textfirst.consent.rules.optout.spelling import greek, plain, vietnamese
from textfirst.consent.rules.words import HoldWords

TUNING, _ = split()
FRESH = read(FOLDER / "fresh")  # run and looked at: no later version may do worse on it
THIRD = read(FOLDER / "third")  # by others than the matcher's author; run, then tuned on


def _share(kind, wanted, languages):
    read = [read_optout(one.text).wish for one in TUNING if one.kind == kind and one.verdict == "stop" and one.language in languages]
    return sum(wish in wanted for wish in read) / len(read)


@pytest.mark.parametrize("language", PRODUCT_LANGUAGES)
def test_keywords_are_acted_on(language):
    assert _share("exact", {Wish.STOP}, {language}) >= 0.995


@pytest.mark.parametrize("language", PRODUCT_LANGUAGES)
def test_free_phrases_are_acted_on(language):
    assert _share("phrase", {Wish.STOP}, {language}) >= 0.95


def test_free_phrases_are_acted_on_in_all_languages():
    assert _share("phrase", {Wish.STOP}, set(LANGUAGES)) >= 0.95


def test_ordinary_messages_are_left_alone():
    read = [read_optout(one.text).wish for one in TUNING if one.verdict == "ordinary"]
    assert read.count(Wish.STOP) / len(read) <= 0.01
    assert read.count(Wish.HOLD) / len(read) <= 0.01


@pytest.mark.parametrize(
    ("verdict", "kind", "acted_on"), [("stop", "exact", (0.995, 1)), ("stop", "phrase", (0.95, 1)), ("ordinary", "near_miss", (0, 0.01))]
)
def test_no_worse_on_the_fresh_set(verdict, kind, acted_on):
    read = [read_optout(one.text).wish for one in FRESH if (one.verdict, one.kind) == (verdict, kind)]
    least, most = acted_on
    assert least <= read.count(Wish.STOP) / len(read) <= most


@pytest.mark.parametrize(
    ("verdict", "kind", "least", "most"),
    [
        ("stop", "exact", 0.995, 1),
        ("stop", "phrase", 0.96, 1),
        ("stop", "scoped", 0.85, 1),
        ("ordinary", "near_miss", 0, 0.005),
        ("ordinary", "plain", 0, 0),
    ],
)
def test_no_worse_on_the_third_set(verdict, kind, least, most):
    read = [read_optout(one.text).wish for one in THIRD if (one.verdict, one.kind) == (verdict, kind)]
    assert least <= read.count(Wish.STOP) / len(read) <= most


def test_most_doubtful_messages_are_held():
    read = [read_optout(one.text).wish for one in TUNING if one.verdict == "hold"]
    assert read.count(Wish.HOLD) / len(read) >= 0.9


@given(st.text(max_size=300))
def test_any_text_can_be_read_and_plain_text_stays_plain(text):
    verdict = read_optout(text)
    assert 0 <= verdict.score <= 1
    assert plain(plain(text)) == plain(text)


@pytest.mark.parametrize(
    ("fold", "one", "other"),
    [(greek, "διακοπη", "diakoph"), (greek, "θέλω", "8elw"), (greek, "σταματήστε", "stamathste"), (vietnamese, "huỷ", "hủy")],
)
def test_two_spellings_of_one_word(fold, one, other):
    assert fold(plain(one)) == fold(plain(other))


def test_another_tone_is_another_word():
    assert read_optout("dừng").wish is Wish.STOP
    assert read_optout("đúng").wish is Wish.ORDINARY


@pytest.mark.parametrize(("one", "other", "expected"), [("stop", "stop", 0), ("stop", "sotp", 1), ("cancel", "cancle", 1), ("", "ab", 2)])
def test_slips(one, other, expected):
    assert slips(one, other) == slips(other, one) == expected


def test_explain_says_class_score_and_evidence_a_line_each():
    done = CliRunner().invoke(optout, ["explain", "-"], input="please take me off your list\nstop by at 5\n")
    first, second = map(json.loads, done.output.splitlines())
    assert (first["class"], first["scope"], first["score"]) == ("stop", "all", 1.0)
    assert first["evidence"][:2] == [
        {"language": "en", "rule": "drop from messages", "words": "take me off your list", "score": 1.0},
        {"language": "en", "rule": "take me off", "words": "take me off your list", "score": 0.8},
    ]
    assert first["evidence"][2]["rule"] == "learned"
    assert second["class"] == "ordinary"


STRANGERS = {
    name: read(FOLDER / name) for name in ("unseen", "examination")
}  # by authors who knew none of this; no version has learned or may learn from them


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize(
    ("verdict", "kinds", "least", "most"),
    [("stop", {"exact"}, 0.995, 1), ("stop", {"phrase"}, 0.95, 1), ("ordinary", {"near_miss", "plain"}, 0, 0.01)],
)
def test_strangers_are_understood(who, verdict, kinds, least, most):
    """The figures of docs/explain/opt-out.md. Change nothing for the sake of single messages of these sets: they would be spent."""
    wishes = [read_optout(one.text).wish for one in STRANGERS[who] if one.verdict == verdict and one.kind in kinds]
    assert least <= wishes.count(Wish.STOP) / len(wishes) <= most


@pytest.mark.parametrize(
    "text",
    ["subscribe", "Subscribe me", "Subscribe please", "register", "suscribir", "Suscribirme", "anmelden", "abonner", "inscrever", "zapisz", "εγγραφή", "đăng ký", "اشتراك"],
)  # fmt: skip
def test_to_join_is_no_slip_of_to_leave(text):
    assert read_optout(text).wish is Wish.ORDINARY


@pytest.mark.parametrize("text", ["duwngf", "huyr", "Huy dky ạ", "DND", "ارسل الغاء"])
def test_keywords_as_fingers_send_them(text):
    """Vietnamese by Telex with the input method off, the register's own word in India, the instruction copied whole."""
    assert read_optout(text).wish is Wish.STOP


def test_what_the_reader_fails_on_is_a_doubt(monkeypatch, caplog):
    """A mistake of ours in reading must neither lose the text nor go on with offers, nor write it into a log."""

    def mistaken(text):
        return {}[text]

    monkeypatch.setattr(hearing, "read_optout", mistaken)
    hearing.hear.cache_clear()
    assert isinstance(hearing.hear("anything at all you like to say"), HoldWords)
    [said] = caplog.records
    assert said.error == "KeyError"
    assert "mistaken" in said.passed
    assert "anything at all" not in caplog.text + str(vars(said))
    hearing.hear.cache_clear()
