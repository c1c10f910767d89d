"""The learned second opinion on wishes to leave: its file is whole and of these messages, and its voice stays within its bounds."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from click.testing import CliRunner
from tests.unit.consent.optout_messages import FOLDER, read

from textfirst.cli.optout import optout
from textfirst.consent.rules.optout import Scope, Wish, learned, read_optout, verdict
from textfirst.consent.rules.optout.learned import PLACES, Opinion, groups, model, opinion, parse
from textfirst.consent.rules.optout.spelling import plain
from textfirst.consent.rules.optout.verdict import Evidence, _weighed, concepts

SETS = [FOLDER, *(FOLDER / name for name in ("fresh", "third", "fourth", "wide"))]  # in the order of tools/train-optout
RULE = Evidence("en", "halt messages", "stop texts", 0.95, "ht")
DOUBT = Evidence("en", "doubt", "wrong number", 0.5, "z")


def test_the_model_is_of_these_messages():
    """Run `tools/train-optout` after any change of the labelled messages."""
    lines = [line for folder in SETS for file in sorted(folder.glob("*.tsv")) for line in file.read_text("utf-8").splitlines()]
    assert model().learned_from == sha256("\n".join(lines).encode()).hexdigest()
    assert len(model().weights) == PLACES


def test_scores_are_the_same_everywhere():
    """Checksums, not Python's own hash, which is another in each process."""
    assert tuple(groups(["hi"], "x")[0][1]) == (79698, 106388, 92802, 222110, 135396, 252678, 83807, 100151)
    tiny = parse(json.dumps({"scale": 0.5, "bias": -1.0, "learned_from": ""}).encode() + b"\n" + bytes([2]) * PLACES)
    assert tiny.total([(1.0, (1, 2, 3, 4)), (2.0, (5,)), (1.0, ())]) == -1.0 + 0.5 * (1 * 8 / 2 + 2 * 2)


@pytest.mark.parametrize("text", ["mercy on us, save your texts for someone else", "piszcie do kogoś innego", "vão encher outro"])
def test_what_no_rule_hears_is_acted_on_and_says_why(text, monkeypatch):
    read = read_optout(text)
    assert (read.wish, read.evidence[0].rule) == (Wish.STOP, "learned")
    assert set(read.evidence[0].words.split()) <= set(plain(text).split())
    monkeypatch.setattr(verdict, "opinion", lambda *_: None)
    assert read_optout(text).wish is Wish.ORDINARY


def test_explain_shows_the_words_that_weighed_most():
    answer = json.loads(CliRunner().invoke(optout, ["explain", "save your texts for someone else"]).output)
    assert (answer["class"], answer["evidence"][0]["rule"]) == ("stop", "learned")
    assert answer["evidence"][0]["words"]


@pytest.mark.parametrize(
    ("rules", "score", "letters", "heard"),
    [
        ([RULE], 0.49, "ht", [("halt messages", 0.65)]),  # a doubt from now on
        ([RULE, RULE, DOUBT], 0.49, "ht", [("halt messages", 0.65), ("halt messages", 0.65), ("doubt", 0.5)]),
        ([RULE], 0.5, "ht", [("halt messages", 0.95)]),
        ([DOUBT], 0.69, "z", [("doubt", 0.5)]),
        ([DOUBT], 0.7, "zxx", [("learned", 0.7), ("doubt", 0.5)]),
        ([], 0.49, "x", []),
        ([], 0.5, "x", [("learned", 0.5)]),
        ([], 0.77, "x", [("learned", 0.65)]),
        ([], 0.78, "xxx", [("learned", 0.78)]),
        ([], 0.9, "xx", [("learned", 0.65)]),  # "remove it"
        ([], 0.9, "dxa", [("learned", 0.65)]),  # "remove the order"
        ([], 0.9, "txa", [("learned", 0.9)]),
        ([], 0.99, "nfd", []),  # "don't remove me"
        ([DOUBT], 0.99, "nd", [("doubt", 0.5)]),
        ([], 0.99, "kht", []),  # "why did you stop texting"
        ([], 0.99, "htxA", []),  # "sent stop by accident"
    ],
)
def test_what_becomes_of_two_opinions(rules, score, letters, heard):
    assert [(one.rule, one.score) for one in _weighed(rules, Opinion(score, "w"), "en", letters)] == heard


def test_a_keyword_asks_no_model(monkeypatch):
    monkeypatch.setattr(verdict, "opinion", lambda *_: Opinion(0.0, ""))
    assert read_optout("STOP please").wish is Wish.STOP
    assert read_optout("I want you to stop texting my phone now").wish is Wish.HOLD


@pytest.mark.parametrize("text", ["Oui", "VIP", "ok " * 81])
def test_one_word_and_whole_letters_are_not_its_business(text):
    words = plain(text).split()
    assert opinion(words, concepts(words)) is None


def test_who_keeps_something_ends_offers_only():
    only = _weighed([], Opinion(0.9, "w"), "en", "Vxa|x")
    assert verdict._scope(only[0].letters) is Scope.MARKETING


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_ordinary_messages_it_has_seen_are_left_alone(folder):
    wishes = [read_optout(one.text).wish for one in read(folder) if one.verdict == "ordinary"]
    assert wishes.count(Wish.STOP) / len(wishes) <= 0.005


def test_all_is_read_before_the_first_text():
    learned.model.cache_clear()
    verdict.read_ahead()
    assert learned.model.cache_info().currsize == 1
