from __future__ import annotations

import pytest

from textfirst.core.errors import InvalidInput
from textfirst.messages.rules.composing import Composed, check_template, compose, measured, preview
from textfirst.messages.rules.templates import Around, Person
from textfirst.messages.types import Encoding
from textfirst.protocols.sms import Alphabet, cut

ANNA, NOBODY, AROUND = Person("Άννα"), Person(), Around("Blue Door")


@pytest.mark.parametrize(
    ("source", "person", "composed"),
    [
        ("Hi", ANNA, Composed("Hi", Encoding.GSM7, 1, ())),
        ("Hi {{ contact.first_name }}", ANNA, Composed("Hi Άννα", Encoding.UCS2, 1, ())),  # the name decides
        ("Hi {{ contact.first_name }}", NOBODY, Composed("Hi", Encoding.GSM7, 1, ("contact.first_name",))),
        ("x" * 161, ANNA, Composed("x" * 161, Encoding.GSM7, 2, ())),
        ("ж" * 71, ANNA, Composed("ж" * 71, Encoding.UCS2, 2, ())),
        ("x" * 1530, ANNA, Composed("x" * 1530, Encoding.GSM7, 10, ())),
        ("a\x00b", ANNA, Composed("a\ufffdb", Encoding.UCS2, 1, ())),
    ],
)
def test_compose(source, person, composed):
    assert compose(source, person, AROUND) == composed


@pytest.mark.parametrize(
    ("source", "code", "words"),
    [
        ("x" * 1531, "text_too_long", "11 parts"),
        ("ж" * 671, "text_too_long", "“ж”"),
        ("{{ contact.last_name }} ", "empty", "no text"),
        ("{{ contact", "template_invalid", "cannot be read"),
    ],
)
def test_refusals(source, code, words):
    with pytest.raises(InvalidInput, match=words) as refused:
        compose(source, ANNA, AROUND)
    assert (refused.value.code, list(refused.value.fields)) == (code, ["text"])


def test_the_refusal_says_by_how_much():
    with pytest.raises(InvalidInput, match="Shorten it by 1 characters"):
        compose("x" * 1531, ANNA, AROUND)


def test_preview_agrees_with_compose_and_never_fails_for_length():
    for source in ("Hi {{ contact.first_name }}", "x" * 400, "€" * 100):
        shown, sent = preview(source, ANNA, AROUND, attributes=frozenset()), compose(source, ANNA, AROUND)
        assert (shown.text, shown.encoding, shown.measure.parts, shown.missing) == (sent.text, sent.encoding, sent.segments, sent.missing)
    assert preview("x" * 4000, ANNA, AROUND, attributes=frozenset()).measure.parts == 27
    assert preview("", ANNA, AROUND, attributes=frozenset()).measure.used == 0


@pytest.mark.parametrize("source", ["", "  \n", "x" * 4001, "x" * 1531, "{% wat %}"])
def test_check_refuses_what_nobody_could_be_sent(source):
    with pytest.raises(InvalidInput):
        check_template(source)


@pytest.mark.parametrize(
    "text", ["a" * 160, "a" * 161, "à" * 160, "{" * 80, "{" * 81, "€uro", "Γ\nx\r", "ж" * 70, "ж" * 71, "\x1b", "a\x0cb", "x", "ç", "Ç"]
)
def test_the_quick_look_measures_as_cutting_does(text):
    parts = cut(text)
    assert measured(text) == (Encoding.GSM7 if parts.alphabet is Alphabet.GSM7 else Encoding.UCS2, len(parts.bodies))
