"""The learned second opinion on wishes to leave: its file is whole and of these messages, and its voice stays within its bounds."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from click.testing import CliRunner
from tests.unit.consent.optout_messages import FOLDER, read

from textfirst.cli.optout import optout
from textfirst.consent.rules.optout import Scope, Wish, learned, read_optout, verdict
from textfirst.consent.rules.optout.grammar import ACT
from textfirst.consent.rules.optout.learned import PLACES, Opinion, groups, marks, model, opinion, parse
from textfirst.consent.rules.optout.spelling import plain
from textfirst.consent.rules.optout.verdict import Evidence, _weighed, concepts

SETS = [
    FOLDER,
    *(FOLDER / name for name in ("fresh", "third", "fourth", "wide", "varied", "pairs", "inboxes", "phones", "days", "villages")),
]  # in the order of tools/train-optout
RULE = Evidence("en", "halt messages", "stop texts", 0.95, "ht")
DOUBT = Evidence("en", "doubt", "wrong number", 0.5, "z")


def test_the_model_is_of_these_messages():
    """Run `tools/train-optout` after any change of the labelled messages."""
    lines = [line for folder in SETS for file in sorted(folder.glob("*.tsv")) for line in file.read_text("utf-8").splitlines()]
    assert model().learned_from == sha256("\n".join(lines).encode()).hexdigest()
    assert len(model().weights) == PLACES


def test_scores_are_the_same_everywhere():
    """Checksums, not Python's own hash, which is another in each process."""
    assert tuple(groups(["hi"], "x", ())[0][1]) == (79698, 106388, 92802, 222110, 135396, 252678, 83807, 100151)
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
    ("rules", "total", "letters", "heard"),
    [
        ([RULE], 0.4, "ht", ["halt messages", "learned"]),
        ([RULE], 0.3, "ht", ["halt messages", "learned"]),
        ([RULE], 0.2, "ht", []),  # they do not agree: a doubt
        ([RULE], -9.0, "ht", []),
        ([RULE], 1.0, "ndht", []),  # "don't remove me"
        ([RULE], 1.1, "ndht", ["halt messages", "learned"]),
        ([DOUBT], 0.75, "z", []),
        ([DOUBT], 0.85, "z", ["learned", "doubt"]),
        ([], 0.75, "x", []),
        ([], 0.85, "x", ["learned"]),
        ([], 1.7, "nd", []),
        ([], 1.8, "nd", ["learned"]),
    ],
)
def test_what_both_opinions_say_together_is_acted_on_from_a_point_on(rules, total, letters, heard):
    found = _weighed(rules, Opinion(total, "w"), "en", letters)
    assert [one.rule for one in found if found[0].score >= ACT] == heard


@pytest.mark.parametrize(
    ("rules", "total", "score"),
    [([], -0.38, 0.4), ([], -0.42, None), ([RULE], -9.0, 0.4), ([DOUBT], -9.0, 0.4), ([RULE, DOUBT], -0.2, 0.59), ([], 9.0, 1.0)],
)
def test_what_the_rules_heard_stays_a_doubt(rules, total, score):
    found = _weighed(rules, Opinion(total, "w"), "en", "x")
    assert (found[0].score if found else None) == score
    assert all(one.score <= found[0].score for one in found)


def test_how_it_is_written_counts():
    asked, told = (set(marks(text, 4)) for text in ("do you text me ? 5", "do you text me"))
    assert len(asked - told) == 2  # a question, and digits
    assert set(marks("do you text me?", 4)) - told == set(marks("στέλνετε;", 4)) - told != set()
    assert marks("a", 17) != marks("a", 18) == marks("a", 90)


def test_a_keyword_asks_no_model(monkeypatch):
    monkeypatch.setattr(verdict, "opinion", lambda *_: Opinion(-9.0, ""))
    assert read_optout("STOP please").wish is Wish.STOP
    assert read_optout("I want you to stop texting my phone now").wish is Wish.HOLD


@pytest.mark.parametrize("text", ["Oui", "VIP", "ok " * 81])
def test_one_word_and_whole_letters_are_not_its_business(text):
    words = plain(text).split()
    assert opinion(text, words, concepts(words)) is None


def test_who_keeps_something_ends_offers_only():
    only = _weighed([], Opinion(4.0, "w"), "en", "Vxa|x")
    assert verdict._scope(only[0].letters) is Scope.MARKETING


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_ordinary_messages_it_has_seen_are_left_alone(folder):
    wishes = [read_optout(one.text).wish for one in read(folder) if one.verdict == "ordinary"]
    assert wishes.count(Wish.STOP) / len(wishes) <= 0.005


def test_all_is_read_before_the_first_text():
    learned.model.cache_clear()
    verdict.read_ahead()
    assert learned.model.cache_info().currsize == 1
