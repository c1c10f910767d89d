"""Merge fields: the compiled subset and python-liquid give the same answers, and nothing prints `{{`."""

from __future__ import annotations

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from textfirst.core.errors import InvalidInput
from textfirst.messages.rules.templates import Around, Compiled, Liquid, Person, compile_template

ANNA = Person("Anna", "Nikou", "+302101234567", "el", date(1990, 5, 1), {"city": "Athens", "plan": "gold", "void": "", "πόλη": "Αθήνα"})
BARE = Person(phone="+302107654321")
AROUND = Around("Blue Door", "Eleni")


def render(source: str, person: Person = ANNA) -> str:
    return compile_template(source).render(person, AROUND).text


@pytest.mark.parametrize(
    ("source", "for_anna", "for_nobody"),
    [
        ("Hello", "Hello", "Hello"),
        ("Hi {{ contact.first_name }}!", "Hi Anna!", "Hi!"),
        ("Hi {{contact.first_name}}, ready", "Hi Anna, ready", "Hi, ready"),
        ('Hi {{ contact.first_name | default: "there" }}!', "Hi Anna!", "Hi there!"),
        ("Hi {{ contact.first_name|default:'there' }}!", "Hi Anna!", "Hi there!"),
        ('Hi {{ contact.first_name | default: "" }}!', "Hi Anna!", "Hi!"),
        ("{{ contact.first_name }} see you", "Anna see you", "see you"),
        ("Dear {{ contact.name }} of {{ contact.city }} here", "Dear Anna Nikou of Athens here", "Dear of here"),
        ("{{ contact.attributes.city }}/{{ contact.πόλη }}", "Athens/Αθήνα", "/"),
        ("Line\n{{ contact.city }}\nend", "Line\nAthens\nend", "Line\n\nend"),
        ("{{ contact.birthday }} {{ contact.language }}", "1990-05-01 el", ""),
        ("{{ workspace.name }} · {{ agent.name }}", "Blue Door · Eleni", "Blue Door · Eleni"),
        ("{{ contact.nothing }}{{ contact.void }}.", ".", "."),
        ("two  spaces stay {{ contact.city }}", "two  spaces stay Athens", "two  spaces stay"),
        ("}} {# %} { }", "}} {# %} { }", "}} {# %} { }"),
        # these need Liquid itself
        ("{% if contact.plan == 'gold' %}Gold!{% else %}Hi{% endif %}", "Gold!", "Hi"),
        ("{{ contact.first_name | upcase }} go", "ANNA go", "go"),
        ("{{- contact.first_name -}} go", "Annago", "go"),
        ("{{ contact['city'] }}", "Athens", ""),
        ("{{ customer.name | default: 'you' }}", "you", "you"),
        ("{% comment %}secret{% endcomment %}ok", "ok", "ok"),
        ("Hi {{ contact }}!", "Hi!", "Hi!"),
    ],
)
def test_rendering(source, for_anna, for_nobody):
    assert (render(source), render(source, BARE)) == (for_anna, for_nobody)


@pytest.mark.parametrize(
    "source",
    [
        "Hi",
        "Hi {{ contact.first_name }}",
        "{{contact.city|default:'x'}}",
        "{{ contact.attributes.city }} and {{ workspace.name }}",
        "a }} b",
    ],
)
def test_the_common_subset_is_compiled(source):
    assert isinstance(compile_template(source), Compiled)


_FIELDS = ["contact.first_name", "contact.last_name", "contact.name", "contact.phone", "contact.birthday", "contact.city", "contact.attributes.plan",
           "contact.attributes.void", "contact.nobody", "workspace.name", "workspace.nothing", "agent.name", "contact.attributes.nobody"]  # fmt: skip
_LITERALS = st.text(alphabet=string.ascii_letters + " ,.!?\n}%#ελ", max_size=12)
_DEFAULTS = st.none() | st.text(alphabet=string.ascii_letters + " .,!-é", max_size=6).map(lambda text: f'"{text}"')
_PIECES = st.tuples(_LITERALS, st.sampled_from(_FIELDS), _DEFAULTS, st.sampled_from(["", " "])).map(
    lambda p: f"{p[0]}{{{{{p[3]}{p[1]}{p[3]}{f'|{p[3]}default:{p[3]}{p[2]}' if p[2] is not None else ''}{p[3]}}}}}"
)


@given(st.lists(_PIECES, max_size=4), _LITERALS, st.sampled_from([ANNA, BARE]))
def test_both_engines_agree(pieces, tail, person):
    source = "".join(pieces) + tail
    compiled = compile_template(source)
    assert isinstance(compiled, Compiled)
    liquid = Liquid(source)
    assert compiled.render(person, AROUND).text == liquid.render(person, AROUND).text
    assert compiled.fields == liquid.fields or set(compiled.fields) == set(liquid.fields)


def test_customers_words_are_data():
    rogue = Person("{{ contact.phone }}", "{% if true %}x{% endif %}", "+302101234567")
    assert render("Hi {{ contact.first_name }} {{ contact.last_name }}", rogue) == "Hi {{ contact.phone }} {% if true %}x{% endif %}"
    assert render("Hi {{ contact.first_name | append: '!' }}", rogue) == "Hi {{ contact.phone }}!"


@pytest.mark.parametrize(
    "source",
    [
        "Hi {{ contact.first_name", "Hi {{", "{% if contact.city %}x", "{{ contact.first_name | nonsense }}", "{% raw %}{{ x }}{% endraw %}",
        "{%- raw -%}{{ x }}{%- endraw -%}", "{{ '{{' }}", "{% assign b = '{' %}{{ b }}{{ b }}", "{% for i in (1..9) %}x{% endfor %}",
        "{% include 'x' %}", "{% render 'x' %}", "{{}}", "{% wat %}", "{{ contact. }}", "{{ 1 | divided_by: 0 }}", "{% capture x %}a{% endcapture %}",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_words(source):
    with pytest.raises(InvalidInput) as refused:
        compile_template(source)
    assert refused.value.code == "template_invalid"
    assert "contact.first_name" in refused.value.fields["text"]


@given(st.text(alphabet="{}%|'\": .abcontact_nmefirst", max_size=30))
def test_no_template_prints_markup(source):
    try:
        template = compile_template(source)
    except InvalidInput:
        return
    assert "{{" not in template.render(ANNA, AROUND).text


def test_objects_cannot_be_reached():
    for source in ("{{ contact.__class__ }}", "{{ contact.value }}", "{{ contact['__init__'] }}", "{{ workspace.__dict__ | upcase }}"):
        assert render(source) == ""


@pytest.mark.parametrize(
    ("source", "missing", "unknown"),
    [
        ("{{ contact.first_name }}", ("contact.first_name",), ()),
        ('{{ contact.first_name | default: "x" }}', (), ()),
        ("{{ contact.city }} {{ contact.attributes.city }}", ("contact.attributes.city",), ()),
        ("{{ contact.town }}", ("contact.attributes.town",), ("contact.attributes.town",)),
        ("{{ customer.name }}", ("customer.name",), ("customer.name",)),
        ("{{ workspace.name }}", (), ()),
        ("{{ workspace.motto }}", ("workspace.motto",), ("workspace.motto",)),
    ],
)
def test_missing_and_unknown_fields(source, missing, unknown):
    template = compile_template(source)
    assert template.render(BARE, AROUND).missing == missing
    assert template.unknown(frozenset({"city", "plan"})) == unknown


def test_limits_hold():
    bomb = "{% assign a = 'xxxxxxxxxx' %}" + "{% assign a = a | append: a | append: a | append: a %}" * 9 + "{{ a }}"
    with pytest.raises(InvalidInput):
        compile_template(bomb)
